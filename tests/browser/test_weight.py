"""How much the first view of a medicine's page weighs, and that its text waits for nothing."""

from urllib.parse import urljoin

import pytest
from justhtml import JustHTML
from playwright.sync_api import Page, Route

from .visits import MEDICINE, fetch

pytestmark = pytest.mark.browser

MOST_FOR_A_PAGE = 50 * 1024  # bytes, as sent
MOST_FOR_THE_STYLESHEET = 20 * 1024

LARGEST_PAINT = """() => new Promise((answer) => {
  new PerformanceObserver((list) => {
    const last = list.getEntries().at(-1);
    answer({ text: last.element.textContent, tag: last.element.tagName, picture: last.url });
  }).observe({ type: "largest-contentful-paint", buffered: true });
})"""

# Waited for inside the page: `wait_for_function` evaluates a string at each look, which the page's own policy forbids.
FIRST_CONTENTFUL_PAINT = """() => new Promise((answer) => {
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName("first-contentful-paint");
    if (paint) answer(paint.startTime);
  }).observe({ type: "paint", buffered: true });
})"""


def parts_of(address: str) -> dict[str, list[str]]:
    """The addresses of what a page needs for its first view."""
    document = JustHTML(fetch(address)[0], sanitize=False)
    return {
        "style": [urljoin(address, link.attrs["href"]) for link in document.query("link[rel=stylesheet]")],
        "script": [urljoin(address, script.attrs["src"]) for script in document.query("script[src]")],
        "other": [
            element.to_html() for element in document.query("img, iframe, video, object, embed, link[rel=preload]")
        ],
    }


def weight(address: str) -> int:
    """Bytes that go over the wire to a browser that reads Brotli."""
    body, headers = fetch(address, Accept_Encoding="br")
    assert headers.get("content-encoding") == "br", address
    assert int(headers["content-length"]) == len(body)
    return len(body)


def test_the_first_view_is_light(site: str) -> None:
    parts = parts_of(site + MEDICINE)
    assert len(parts["style"]) == 1
    assert len(parts["script"]) == 1
    assert parts["other"] == []
    page, css, script = (weight(address) for address in (site + MEDICINE, *parts["style"], *parts["script"]))
    assert css <= MOST_FOR_THE_STYLESHEET
    assert page + css + script <= MOST_FOR_A_PAGE


def test_the_browser_fetches_no_more_than_that(page: Page, site: str) -> None:
    fetched: list[str] = []
    page.on("requestfinished", lambda request: fetched.append(request.url))
    page.goto(site + MEDICINE)
    page.wait_for_load_state("networkidle")
    parts = parts_of(site + MEDICINE)
    icon = page.locator("link[rel=icon]").get_attribute("href") or ""
    assert set(fetched) - {urljoin(site, icon)} == {site + MEDICINE, *parts["style"], *parts["script"]}


def test_the_stylesheet_is_in_one_piece_and_brings_no_font(site: str) -> None:
    (address,) = parts_of(site + MEDICINE)["style"]
    css = fetch(address)[0].decode()
    assert "@layer" in css
    for heavy in ("@import", "@font-face", "url("):
        assert heavy not in css


@pytest.mark.parametrize("width", [360, 1280])
def test_the_largest_paint_is_text_that_was_sent_with_the_page(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + MEDICINE)
    largest = page.evaluate(LARGEST_PAINT)
    assert largest["picture"] == ""
    assert largest["tag"] in {"H1", "H2", "P", "LI", "DIV", "UL", "DD"}
    sent = JustHTML(fetch(site + MEDICINE)[0], sanitize=False).query_one("main")
    assert sent is not None
    assert "".join(largest["text"].split()) in "".join(sent.to_text().split())


def test_the_text_is_painted_while_the_script_is_still_on_its_way(page: Page, site: str) -> None:
    held: list[Route] = []
    page.route("**/*.js", lambda route: held.append(route))  # answered by no one
    page.goto(site + MEDICINE, wait_until="commit")
    page.get_by_role("heading", level=1).wait_for(state="visible")
    page.locator("#sources").wait_for(state="visible")
    assert page.evaluate(FIRST_CONTENTFUL_PAINT) > 0
    assert len(held) == 1
    held[0].abort()
