"""Every kind of page in a real browser: axe, small screens, large text, targets for a thumb, and no one listening."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from .visits import KINDS, MEDICINE, style, visit

pytestmark = pytest.mark.browser

AXE = Axe().axe_script
LONGEST_RUN = 120  # seconds

# Where scripts are off, timers never fire, and axe waits for short ones.
SHORT_TIMERS_AT_ONCE = (
    "window.setTimeout = (then, delay) => { if (!(delay > 100)) Promise.resolve().then(then); return 0; }"
)

# Whole results of what passes take as long again; reading ahead in the stylesheet never ends without scripts.
START_AXE = """(javascript) => {
  window.axeFound = null;
  const keep = (found) => { window.axeFound = found; };
  axe.run({ resultTypes: ["violations"], preload: javascript }).then(keep, (error) => keep({ error: String(error) }));
}"""

STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  const folded = (element) => !element.checkVisibility();  // such as what a closed "More" holds
  const hidden = (element) => folded(element) || element.closest(".visually-hidden, .skip-link");
  const scrolled = document.scrollingElement.scrollWidth > width ? ["the page itself"] : [];
  return scrolled.concat(Array.from(document.body.querySelectorAll("*"))
    .filter((element) => !hidden(element))
    .filter((element) => {
      const place = element.getBoundingClientRect();
      return place.right > width + 0.5 || place.left < -0.5;
    })
    .map((element) => element.outerHTML.slice(0, 120)));
}"""

# In a flex box the space between a text and its neighbour is lost, unless there is a gap.
RUN_TOGETHER = """() => {
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim();
  const isSeen = (node) => isText(node) || (node.textContent.trim() && node.checkVisibility?.());
  const isTight = (element) => {
    const { display, columnGap } = getComputedStyle(element);
    return display.endsWith("flex") && !(parseFloat(columnGap) > 0) && element.checkVisibility();
  };
  return Array.from(document.body.querySelectorAll("*"))
    .filter((element) => isTight(element) && Array.from(element.childNodes).some(isText))
    .filter((element) => Array.from(element.childNodes).filter(isSeen).length > 1)
    .map((element) => element.outerHTML.slice(0, 120));
}"""

# What a thumb must hit. Links inside a sentence are excepted, as in WCAG 2.5.8.
TARGETS = """button, summary, input:not([type=hidden], [type=radio], [type=checkbox]), textarea, .field__tick, .button,
  .skip-link, .header__bar a, .breadcrumb a, .jump a, .letters a, .groups a, .contents--closed a, .footer__links a,
  .sheet-tools a, .strip a, .row__links a, .alarm-slim a, .report__counts a"""

TOO_LOW = """(elements) => elements
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.9)
  .map((element) => `${Math.round(element.getBoundingClientRect().height)} px: ${element.outerHTML.slice(0, 120)}`)"""


def axe_complaints(page: Page, *, javascript: bool = True) -> list[str]:
    """All that axe has against this page, by its default rules, best practice included."""
    if page.evaluate("window.axe === undefined"):
        if not javascript:
            page.evaluate(SHORT_TIMERS_AT_ONCE)
        page.evaluate(AXE)
    page.evaluate(START_AXE, javascript)
    deadline = time.monotonic() + LONGEST_RUN
    found: dict[str, Any] | None = None
    while found is None:
        assert time.monotonic() < deadline, "axe did not come to an end"
        found = page.evaluate("window.axeFound")
    assert "error" not in found, found["error"]
    assert len(found["passes"]) > 10, "axe did not look at the page"
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_no_fault_narrow_or_wide_light_or_dark(
    new_context: Callable[..., BrowserContext], sites: dict[str, str], name: str, javascript: bool
) -> None:
    page = new_context(java_script_enabled=javascript).new_page()
    visit(page, sites, name)
    complaints = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            complaints += [
                f"{width} px, {scheme}: {complaint}" for complaint in axe_complaints(page, javascript=javascript)
            ]
    assert complaints == []


def test_axe_finds_no_fault_in_open_suggestions(page: Page, site: str) -> None:
    page.goto(f"{site}/about/")
    page.get_by_role("combobox").press_sequentially("lior")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert axe_complaints(page) == []


def test_axe_finds_no_fault_in_the_open_contents_of_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(site + MEDICINE)
    page.locator("summary").click()
    assert axe_complaints(page) == []


def test_axe_would_see_a_fault(page: Page, site: str) -> None:
    page.goto(f"{site}/about/")
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=\"/static/img/icon.svg\">'")
    assert any(complaint.startswith("image-alt") for complaint in axe_complaints(page))


@pytest.mark.parametrize("name", KINDS)
def test_nothing_leaves_the_site_and_nothing_is_left_behind(
    new_context: Callable[..., BrowserContext], sites: dict[str, str], name: str
) -> None:
    context = new_context()
    page = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        # Chromium itself notes that a page came with an error status: that is the kind of page it is.
        lambda message: (
            complaints.append(f"{message.type}: {message.text}")
            if message.location["url"] != page.url or "Failed to load resource" not in message.text
            else None
        ),
    )
    response = visit(page, sites, name)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.evaluate("new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")

    home = urlsplit(sites[KINDS[name].site])
    assert len(requests) >= 3, "the page, its stylesheet and its script"
    assert {urlsplit(address)[:2] for address in requests} == {(home.scheme, home.netloc)}
    assert context.cookies() == []
    assert "set-cookie" not in response.headers
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert complaints == []


@pytest.mark.parametrize("name", KINDS)
def test_each_width_fits_every_eye_and_thumb(
    new_context: Callable[..., BrowserContext], sites: dict[str, str], name: str
) -> None:
    # A window of 1280 by 1024 at 400% is 320 by 256 CSS pixels, of four device pixels each.
    page = new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4).new_page()
    visit(page, sites, name)
    assert page.locator(TARGETS).count() >= 5
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 256})
        assert page.evaluate(STICKS_OUT) == [], f"runs over the edge at {width} px"
        assert page.locator(TARGETS).evaluate_all(TOO_LOW) == [], f"too low for a thumb at {width} px"
        assert page.evaluate(RUN_TOGETHER) == [], f"words run together at {width} px"
        assert font_size(page, "body") >= 18


def font_size(page: Page, selector: str) -> float:
    """In CSS pixels."""
    return float(style(page, selector, "fontSize").removesuffix("px"))


def test_the_text_of_a_medicine_is_large(page: Page, site: str) -> None:
    page.goto(site + MEDICINE)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for selector in (".important li", ".prose p", ".prose li", ".care__text li", ".do-list li"):
            assert font_size(page, selector) >= 18, selector


def test_text_grows_with_the_readers_own_size(page: Page, site: str) -> None:
    page.goto(site + MEDICINE)
    before = font_size(page, ".prose p")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert font_size(page, ".prose p") == pytest.approx(before * 2)
