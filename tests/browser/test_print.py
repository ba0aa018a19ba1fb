"""The one-page print of every medicine: one sheet, and nothing on it smaller than 10 points."""

import io
import unicodedata
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from playwright.sync_api import BrowserContext, Page

from .visits import MEDICINE, MEDICINES, fetch

pytestmark = pytest.mark.browser

SMALLEST = 10.0  # points
POINTS_A_PIXEL = 0.75

SMALL_TEXT = """(smallest) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = { read: 0, small: [] };
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trim();
    const element = texts.currentNode.parentElement;
    if (!text || !element.checkVisibility()) continue;
    found.read += text.length;
    if (parseFloat(getComputedStyle(element).fontSize) < smallest) found.small.push(text);
  }
  return found;
}"""


def letters(text: str) -> str:
    """Without spaces and ligatures, which a PDF puts where it likes."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def reading(sheet: pypdf.PageObject) -> tuple[str, dict[float, str]]:
    """The letters on a sheet of a PDF, and its text by the size in points in which it stands there."""
    found: dict[float, str] = {}

    def note(text: str, outer: list[float], inner: list[float], font: Any, size: float) -> None:
        if text.strip():
            real = round(size * abs(inner[3] * outer[3]), 1)
            found[real] = found.get(real, "") + text

    text = sheet.extract_text(visitor_text=note)
    return letters(text), found


def test_every_medicine_of_the_sitemap_has_a_print(site: str) -> None:
    sitemap = fetch(f"{site}/sitemap.xml")[0].decode()
    assert len(MEDICINES) >= 12
    assert sitemap.count(f"<loc>{site}/medicines/") == 2 * len(MEDICINES) + 1, "each with its rules, and A to Z"
    for slug in MEDICINES:
        assert f"<loc>{site}/medicines/{slug}/</loc>" in sitemap
        assert f'href="/medicines/{slug}/one-page/"' in fetch(f"{site}/medicines/{slug}/")[0].decode()


@pytest.mark.parametrize("slug", MEDICINES)
def test_the_print_is_one_sheet_in_ten_points_or_more(
    new_context: Callable[..., BrowserContext], site: str, slug: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{site}/medicines/{slug}/one-page/")

    name = page.locator("h1").inner_text()
    page.emulate_media(media="print")
    text = page.evaluate(SMALL_TEXT, SMALLEST / POINTS_A_PIXEL - 0.01)
    assert text["read"] > 1000, "the sheet is full of text"
    assert text["small"] == []

    for paper in ("Letter", "A4"):
        sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format=paper))).pages
        assert len(sheets) == 1, paper
        printed, sizes = reading(sheets[0])
        assert min(sizes) >= SMALLEST, f"{paper}: {sizes[min(sizes)]}"
        for words in (name, "What it is", "Important safety information", "How to take it", "Side effects"):
            assert letters(words) in printed, f"{paper}: {words}"
        assert "1-800-222-1222" in printed


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_print_is_black_on_white(page: Page, site: str, scheme: str) -> None:
    page.goto(f"{site}{MEDICINE}one-page/")
    page.emulate_media(media="print", color_scheme=scheme)
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize("address", [MEDICINE, f"{MEDICINE}one-page/"])
def test_menus_and_buttons_stay_off_the_paper(page: Page, site: str, address: str) -> None:
    page.goto(site + address)
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    for selector in (".header", ".footer", ".search", "button", ".jump", ".contents", ".breadcrumb"):
        for element in page.locator(selector).all():
            assert not element.is_visible(), selector


def test_the_whole_page_prints_with_every_section_and_the_addresses_of_its_sources(page: Page, site: str) -> None:
    page.goto(site + MEDICINE)
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    printed = letters("".join(sheet.extract_text() for sheet in sheets))
    for heading in page.locator("h2").all_inner_texts():
        assert letters(heading) in printed
    sources = page.locator(".sources a").all()
    assert len(sources) >= 5
    for source in sources:
        assert letters(source.get_attribute("href") or "no address") in printed


TWELVE = [
    "lisinopril", "metformin", "atorvastatin", "amlodipine", "warfarin", "ibuprofen",
    "omeprazole", "sertraline", "baclofen", "furosemide", "potassium chloride", "levothyroxine",
]  # fmt: skip


def test_the_report_of_twelve_medicines_prints_on_two_sheets(page: Page, site: str) -> None:
    page.goto(f"{site}/interactions/")
    while page.locator("[name=name]").count() < len(TWELVE):
        page.get_by_role("button", name="Add more boxes").click()
    for number, name in enumerate(TWELVE, start=1):
        page.locator(f"#name-{number}").fill(name)
    page.get_by_role("button", name="Check them").click()
    findings = page.locator(".finding").count()
    assert findings >= 8
    for paper in ("Letter", "A4"):
        sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format=paper))).pages
        printed = letters("".join(sheet.extract_text() for sheet in sheets))
        assert len(sheets) <= 2, paper
        for words in ("Bleeding", "Call 911 for", "What was checked", "US prescribing information of"):
            assert letters(words) in printed, words
        for sheet in sheets:
            assert min(reading(sheet)[1]) >= SMALLEST
