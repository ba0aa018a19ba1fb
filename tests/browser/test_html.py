"""The HTML of every kind of page: no parse error, a sound outline, a head that says what it is, links that lead on."""

import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urldefrag, urljoin

import pytest
from justhtml import JustHTML
from playwright.sync_api import Browser

from .visits import KINDS, MEDICINE, MEDICINES, address_of, fetch, visit

pytestmark = pytest.mark.browser

# What may hold only words and what stands in a line, and what may not stand in there.
ONLY_WORDS = "h1, h2, h3, h4, h5, h6, p, span, strong, em, b, i, small, label, button, legend"
BLOCKS = (
    "address, article, aside, blockquote, details, div, dl, fieldset, figure, footer, form, h1, h2, h3, h4, h5, h6, "
    "header, hr, main, nav, ol, p, pre, section, table, ul"
)
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "dl": {"div", "dt", "dd"}}


@pytest.fixture(scope="module")
def pages(browser: Browser, sites: dict[str, str]) -> dict[str, bytes]:
    """The HTML of a page of each kind, as it was sent."""
    page = browser.new_page()
    html = {name: visit(page, sites, name).body() for name in KINDS}
    page.close()
    return html


def parsed(html: bytes) -> JustHTML:
    return JustHTML(html, encoding="utf-8", sanitize=False, collect_errors=True)


def one(document: JustHTML, selector: str, attribute: str) -> str:
    """The attribute of the one element that fits."""
    found = document.query(selector)
    assert len(found) == 1, selector
    return str(found[0].attrs[attribute])


@pytest.mark.parametrize("name", KINDS)
def test_the_html_is_sound(pages: dict[str, bytes], name: str) -> None:
    html = pages[name]
    document = parsed(html)
    assert html.startswith(b"<!doctype html>")
    assert document.errors == []

    ids = Counter(element.attrs["id"] for element in document.query("[id]"))
    assert [key for key, count in ids.items() if count > 1 or not key or " " in key] == []
    for label in document.query("label[for]"):
        assert label.attrs["for"] in ids
    for element in document.query("[aria-labelledby], [aria-describedby]"):
        for attribute in ("aria-labelledby", "aria-describedby"):
            assert set((element.attrs.get(attribute) or "").split()) <= set(ids)
    for link in document.query("a"):
        assert link.attrs.get("href")
        assert link.to_text().strip()

    for outer in document.query(ONLY_WORDS):
        assert outer.query(BLOCKS) == [], outer.to_html()
    for outer, inner in CHILDREN.items():
        for element in document.query(outer):
            assert {child.name for child in element.children if not child.name.startswith("#")} <= inner
    assert document.query("[style], style, [onclick], [onload], script:not([src]):not([type])") == []


@pytest.mark.parametrize("name", KINDS)
def test_the_outline_is_sound(pages: dict[str, bytes], name: str) -> None:
    document = parsed(pages[name])
    headings = document.query("h1, h2, h3, h4, h5, h6")
    levels = [int(heading.name[1]) for heading in headings]
    assert levels.count(1) == 1
    assert levels[0] == 1, "nothing stands above the title"
    for above, below in pairwise(levels):
        assert below <= above + 1, levels
    assert all(heading.to_text().strip() for heading in headings)
    for landmark in ("main", "body > header", "body > footer"):
        assert len(document.query(landmark)) == 1, landmark


@pytest.mark.parametrize("name", KINDS)
def test_the_head_says_what_the_page_is(pages: dict[str, bytes], sites: dict[str, str], name: str) -> None:
    document = parsed(pages[name])
    assert one(document, "html", "lang") == "en"
    assert document.query("title")[0].to_text().strip().endswith("MedGuide") or name == "home"
    assert 20 <= len(one(document, "meta[name=description]", "content")) <= 320
    assert one(document, "meta[name=viewport]", "content") == "width=device-width, initial-scale=1"

    canonical = [link.attrs["href"] for link in document.query("link[rel=canonical]")]
    if KINDS[name].is_indexed:
        assert canonical == [address_of(sites, "medicine" if name == "one-page" else name)]
    else:
        assert canonical == []


def test_no_two_kinds_have_the_same_title(pages: dict[str, bytes]) -> None:
    titles = Counter(parsed(html).query("title")[0].to_text() for html in pages.values())
    assert [title for title, count in titles.items() if count > 1] == []


def test_every_link_of_ours_leads_somewhere(site: str) -> None:
    """All that is reached from the first page: it answers, and the place in the page is there."""
    waiting, documents, links = [f"{site}/"], {}, set()
    while waiting:
        address = waiting.pop()
        body, headers = fetch(address)
        is_html = headers["content-type"].startswith("text/html")
        documents[address] = parsed(body) if is_html else None
        for link in documents[address].query("a[href], link[href]") if is_html else []:
            target = urljoin(address, link.attrs["href"])
            if not target.startswith(f"{site}/"):
                assert re.match(r"https?://|tel:|mailto:", target), target
                continue
            links.add(target)
            plain = urldefrag(target).url
            if plain not in documents and plain not in waiting:
                waiting.append(plain)

    assert len(documents) > 30
    for target in links:
        address, fragment = urldefrag(target)
        document = documents[address]
        if fragment:
            assert document is not None
            assert document.query(f'[id="{fragment}"]'), target


def test_every_medicine_is_described_in_whole_sentences(site: str) -> None:
    """What a search engine shows, and all that the one-page print says under "What it is"."""
    said = {}
    for slug in MEDICINES:
        page = parsed(fetch(f"{site}/medicines/{slug}/")[0])
        said[slug] = one(page, "meta[name=description]", "content")
    assert [text for text in said.values() if len(text) < 30 or not text.endswith((".", "!", "?"))] == []


def test_links_to_other_sites_do_not_tell_where_the_reader_came_from(site: str) -> None:
    links = [link for link in parsed(fetch(site + MEDICINE)[0]).query("a") if link.attrs["href"].startswith("http")]
    assert links
    for link in links:
        assert link.attrs.get("rel") == "noreferrer" or link.attrs["href"].startswith(site), link.attrs["href"]
        assert "target" not in link.attrs
