"""What reaches a template: our tags, numbers that dial, and nothing else."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.content_files.library import read_library
from monographs.content_files.reading import SnippetFile
from monographs.content_files.render import render_blocks, render_markdown
from monographs.models import SectionKind

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def snippets(content: Path) -> dict[str, SnippetFile]:
    return read_library(content, today=TODAY).snippets_in("en")


def test_numbers_dial(snippets: dict[str, SnippetFile]) -> None:
    html = render_markdown("Call {911} or {poison-help}.", "exemplol", snippets)
    assert '<a href="tel:911">911</a>' in html
    assert '<a href="tel:+18002221222">1-800-222-1222</a>' in html


def test_a_snippet_knows_the_name(snippets: dict[str, SnippetFile]) -> None:
    assert "exemplol" in render_markdown("Do not stop {name}.", "exemplol", snippets)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[a](javascript:alert(1))",
        "[a](https://example.org)",
        "![a](https://example.org/x.png)",
        '<a href="tel:911" onclick="x()">a</a>',
        "<style>*{}</style>",
    ],
)
def test_nothing_hostile_is_left(hostile: str, snippets: dict[str, SnippetFile]) -> None:
    html = render_markdown(hostile, "exemplol", snippets)
    for trace in ("<script", "<img", "<style", 'href="javascript', 'href="https', '<a href="tel:911" on'):
        assert trace not in html


@given(st.text(max_size=200))
def test_any_text_gives_only_our_tags(text: str) -> None:
    html = render_markdown(text.replace("{", "").replace("}", ""), "x", {})
    without_ours = html
    for tag in ("p", "ul", "li", "strong", "em", "a", "h3", "br"):
        without_ours = without_ours.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<script" not in without_ours
    assert "<img" not in without_ours


def test_blocks_of_the_side_effects(content: Path) -> None:
    library = read_library(content, today=TODAY)
    section = next(s for s in library.pages[0].sections if s.kind == SectionKind.SIDE_EFFECTS)
    blocks = render_blocks(section.blocks, "exemplol", library.snippets_in("en"))
    assert [block["type"] for block in blocks] == ["care", "care", "care", "people", "snippet"]
    assert [block.get("urgency") for block in blocks[:3]] == ["now", "today", "mild"]
    assert blocks[3] == {"type": "people", "number": 12, "caption": "Sleep: up to 12 in 100 people"}


def test_do_and_do_not_are_one_block(content: Path) -> None:
    library = read_library(content, today=TODAY)
    section = next(s for s in library.pages[0].sections if s.kind == SectionKind.HOW_TO_TAKE)
    blocks = render_blocks(section.blocks, "exemplol", library.snippets_in("en"))
    assert [block["type"] for block in blocks] == ["prose", "do_lists"]
    assert "Drink some water" in blocks[1]["do"]
    assert "Do not chew" in blocks[1]["do_not"]
