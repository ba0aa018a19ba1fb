"""Rules of the house that no linter knows."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FRAGMENTS = {"_911.html": "911", "_poison_help.html": "poison-help", "_988.html": "988"}


def test_emergency_numbers_stand_in_one_place_and_agree_with_the_content() -> None:
    for fragment, slug in FRAGMENTS.items():
        text = (ROOT / "templates/components" / fragment).read_text()
        [(address, number)] = re.findall(r'href="([^"]+)">([^<]+)</a>', text)
        snippet = (ROOT / f"monographs/content/en/snippets/{slug}.md").read_text()
        assert f"[{number}]({address})" in snippet
    for template in TEMPLATES:
        if template.name not in FRAGMENTS:
            words = re.sub(r"<li><a [^>]*noreferrer.*?</li>|\{%.*?%\}|<[^>]*>", "", template.read_text())
            assert not re.search(r"\b911\b|\b988\b|222-1222", words), template


def test_no_template_has_inline_script_or_style_or_another_site() -> None:
    for template in TEMPLATES:
        text = template.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text), template
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or "application/ld+json" in script, template
        for address in re.findall(r'(?:src|href)="(https?://[^"]+)"', text):
            assert template.name == "help_now.html", (template, address)


NOT_WORDS = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<script.*?</script>|<a href=\"https.*?</a>"
    r"|\{% blocktranslate.*?\{% endblocktranslate %\}|\{% block (?:body_class|print_name) %\}.*?\{% endblock %\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>",
    re.DOTALL,
)


def test_every_word_in_a_template_is_marked_for_translation() -> None:
    for template in TEMPLATES:
        if template.name not in {"gallery.html", *FRAGMENTS}:
            words = re.findall(r"[A-Za-z]{2,}", NOT_WORDS.sub(" ", template.read_text()))
            assert set(words) <= {"MedGuide"}, template


def test_no_view_writes_and_no_template_asks_the_database() -> None:
    for view in [
        *ROOT.glob("monographs/views/*.py"),
        *ROOT.glob("medguide/**/views/*.py"),
        *ROOT.glob("medguide/**/views.py"),
    ]:
        assert not re.search(
            r"\.(?:save|create|delete|bulk_create|update_or_create)\(|objects\b.*\.update\(", view.read_text()
        ), view
    for template in TEMPLATES:
        assert ".objects" not in template.read_text(), template


def test_no_module_has_grown_too_long() -> None:
    for package in ("medguide", "monographs", "tests"):
        for module in (ROOT / package).rglob("*.py"):
            assert len(module.read_text().splitlines()) <= 420, module
