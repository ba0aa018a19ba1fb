"""Static files: one stylesheet, small, with hashed names, compressed."""

import re
from pathlib import Path

import brotli
from django.contrib.staticfiles.storage import staticfiles_storage

ROOT = Path(__file__).resolve().parent.parent.parent


def stylesheet(static_root: Path) -> Path:
    return static_root / staticfiles_storage.stored_name("css/site.css")


def test_the_stylesheet_is_one_file_with_every_part(static_root: Path) -> None:
    text = stylesheet(static_root).read_text()
    assert "@import" not in text
    for part in (ROOT / "static/css").rglob("*.css"):
        selectors = re.findall(r"^\.([a-z-]+)", part.read_text(), re.MULTILINE)
        for selector in selectors:
            assert f".{selector}" in text, part
    assert text.startswith("@layer reset, tokens, base, layout, components, utilities, print;")


def test_every_part_is_imported_once() -> None:
    imported = re.findall(r'@import url\("([^"]+)"\)', (ROOT / "static/css/site.css").read_text())
    parts = {path.relative_to(ROOT / "static/css").as_posix() for path in (ROOT / "static/css").rglob("*.css")}
    assert sorted(imported) == sorted(parts - {"site.css"})


def test_the_stylesheet_is_under_twenty_kilobytes(static_root: Path) -> None:
    compressed = stylesheet(static_root).with_suffix(".css.br")
    assert compressed.stat().st_size < 20_000
    assert brotli.decompress(compressed.read_bytes()) == stylesheet(static_root).read_bytes()


def test_every_colour_and_space_of_components_is_a_token() -> None:
    for part in (ROOT / "static/css/components").glob("*.css"):
        colours = re.findall(r"#[0-9a-f]{3,8}\b", part.read_text())
        assert colours == [], part
