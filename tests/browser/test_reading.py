"""Reading a medicine's page: getting to the part one needs by hand, by key and by eye, in the dark too."""

import re
from collections.abc import Callable

import pytest
from justhtml import JustHTML
from playwright.sync_api import BrowserContext, Page, expect

from .visits import MEDICINE, fetch, style, visit

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
JUMPS = {"Took too much?": "too-much", "Bad reaction?": "side-effects", "Missed a dose?": "missed-dose"}
MAIN_TEXT_PAGES = ["home", "a-to-z", "medicine", "opioid", "once-a-week", "when-needed", "help-now", "search-near"]


def top_of(page: Page, section: str) -> float:
    """How far below the top of the window it begins, in pixels."""
    return float(page.locator(f"#{section}").evaluate("(element) => element.getBoundingClientRect().top"))


def put_at(page: Page, section: str, share: float) -> None:
    """Scrolls, as a hand would, until this section begins at this share of the window's height."""
    page.evaluate(
        """([id, share]) => {
          const top = document.getElementById(id).getBoundingClientRect().top;
          window.scrollBy({ top: top - share * innerHeight, behavior: "instant" });
        }""",
        [section, share],
    )


def brightness(colour: str) -> float:
    """From 0, black, to 1, white, for "rgb(r, g, b)"."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize(("words", "section"), JUMPS.items(), ids=JUMPS.values())
def test_the_jump_bar_leads_to_the_section(
    new_context: Callable[..., BrowserContext], site: str, words: str, section: str, javascript: bool
) -> None:
    page = new_context(viewport=PHONE, reduced_motion="reduce", java_script_enabled=javascript).new_page()
    page.goto(site + MEDICINE)
    link = page.get_by_role("navigation", name="In a hurry").get_by_role("link", name=words)
    expect(link).to_be_in_viewport()
    link.click()
    expect(page).to_have_url(f"{site}{MEDICINE}#{section}")
    assert 0 <= top_of(page, section) < 60
    expect(page.locator(f"#h-{section}")).to_be_in_viewport()


def test_the_first_tab_stop_skips_to_the_text(page: Page, site: str) -> None:
    page.goto(site + MEDICINE)
    link = page.get_by_role("link", name="Skip to the text")
    expect(link).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()

    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert page.evaluate("document.activeElement.matches('main a')"), "the first link of the text"


@pytest.mark.parametrize("name", ["home", "a-to-z", "medicine", "one-page", "search-near", "not-found"])
def test_every_tab_stop_shows_where_it_is(page: Page, sites: dict[str, str], name: str) -> None:
    visit(page, sites, name)
    seen = 0
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen += 1
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    assert seen >= 5


def test_the_contents_mark_the_section_that_is_read(page: Page, site: str) -> None:
    page.set_viewport_size(DESK)
    page.goto(site + MEDICINE)
    contents = page.get_by_role("navigation", name="On this page")
    marked = contents.locator("[aria-current]")
    expect(contents).to_be_visible()
    expect(marked).to_have_count(1)
    expect(marked).to_have_attribute("href", "#most-important")

    for before, section in (("before", "how-to-take"), ("too-much", "side-effects"), ("stopping", "storing")):
        for share in (0.6, 0.5, 0.4, 0.3, 0.2, 0.1):
            put_at(page, section, share)
            expect(marked).to_have_attribute("href", f"#{before if share > 0.35 else section}")
        expect(marked).to_have_count(1)
        expect(contents).to_be_in_viewport(ratio=0.9)
        put_at(page, section, 0.5)
        expect(marked).to_have_attribute("href", f"#{before}")


def test_a_chosen_line_of_the_contents_is_the_one_marked(page: Page, site: str) -> None:
    page.set_viewport_size(DESK)
    page.emulate_media(reduced_motion="reduce")
    page.goto(site + MEDICINE)
    links = page.get_by_role("navigation", name="On this page").get_by_role("link")
    assert links.count() == 16
    for link in links.all():
        link.click()
        expect(link).to_have_attribute("aria-current", "true")


def test_on_a_phone_the_contents_are_closed_and_open_without_scripts(
    new_context: Callable[..., BrowserContext], site: str
) -> None:
    page = new_context(viewport=PHONE, java_script_enabled=False, reduced_motion="reduce").new_page()
    page.goto(site + MEDICINE)
    expect(page.locator("details.contents")).not_to_have_attribute("open", re.compile(".*"))
    expect(page.locator(".contents--beside")).to_be_hidden()
    link = page.locator("details.contents").get_by_role("link", name="If you miss a dose")
    expect(link).to_be_hidden()

    page.locator("summary", has_text="On this page").click()
    expect(link).to_be_visible()
    link.click()
    assert 0 <= top_of(page, "missed-dose") < 60


def test_with_scripts_the_contents_of_a_phone_close_after_a_choice(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(reduced_motion="reduce")
    page.goto(site + MEDICINE)
    page.locator("summary", has_text="On this page").click()
    page.locator("details.contents").get_by_role("link", name="If you miss a dose").click()
    expect(page.locator("details.contents")).not_to_have_attribute("open", re.compile(".*"))
    expect(page.locator("#h-missed-dose")).to_be_in_viewport()
    assert 0 <= top_of(page, "missed-dose") < 60


@pytest.mark.parametrize("name", MAIN_TEXT_PAGES)
def test_the_text_does_not_wait_for_scripts(
    new_context: Callable[..., BrowserContext], sites: dict[str, str], name: str
) -> None:
    texts = []
    for javascript in (True, False):
        page = new_context(java_script_enabled=javascript).new_page()
        response = visit(page, sites, name)
        texts.append(page.get_by_role("main").inner_text())
    assert texts[0] == texts[1]
    assert len(texts[0]) > 150

    main = JustHTML(response.body(), sanitize=False).query_one("main")
    assert main is not None
    sent = "".join(main.to_text().split())
    for line in page.get_by_role("main").locator("p, li, h2").all_text_contents():
        assert "".join(line.split()) in sent


def test_the_dark_is_dark(page: Page, site: str) -> None:
    page.goto(site + MEDICINE)
    for scheme, ground, ink in (("light", (0.9, 1.0), (0.0, 0.2)), ("dark", (0.0, 0.15), (0.8, 1.0))):
        page.emulate_media(color_scheme=scheme)
        assert ground[0] <= brightness(style(page, "body", "backgroundColor")) <= ground[1]
        assert ink[0] <= brightness(style(page, "body", "color")) <= ink[1]
        assert ground[0] <= brightness(style(page, ".care", "backgroundColor")) + 0.1
        assert ink[0] <= brightness(style(page, ".care__text", "color")) <= ink[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_high_contrast_keeps_the_borders_of_the_cards(page: Page, site: str, scheme: str) -> None:
    page.goto(site + MEDICINE)
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    ground = brightness(style(page, "body", "backgroundColor"))
    widths = []
    for urgency in ("now", "today", "mild"):
        card = f".care--{urgency}"
        for side in ("Top", "Right", "Bottom", "Left"):
            assert style(page, card, f"border{side}Style") == "solid"
            assert float(style(page, card, f"border{side}Width").removesuffix("px")) >= 1
            assert abs(brightness(style(page, card, f"border{side}Color")) - ground) > 0.5
        widths.append(float(style(page, card, "borderLeftWidth").removesuffix("px")))
    assert widths == sorted(set(widths), reverse=True), "the more urgent, the heavier"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_high_contrast_keeps_the_signs_in_the_shapes(page: Page, site: str, scheme: str) -> None:
    page.goto(site + MEDICINE)
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    for urgency in ("now", "today", "mild"):
        shape = brightness(style(page, f".care--{urgency} .icon__shape", "fill"))
        sign = brightness(style(page, f".care--{urgency} .icon__mark", "stroke"))
        assert abs(shape - sign) > 0.5


def test_each_urgency_has_its_word_and_stands_once(page: Page, site: str) -> None:
    page.goto(site + MEDICINE)
    for urgency, words in {"now": "Call 911 now", "today": "Call your doctor today", "mild": "Usually mild"}.items():
        expect(page.locator(f".care--{urgency}")).to_have_count(1)
        expect(page.locator(f".care--{urgency} .care__heading")).to_contain_text(words)
        expect(page.locator(f".care--{urgency}")).to_be_visible()
    expect(page.get_by_role("link", name="911").first).to_have_attribute("href", "tel:911")


def test_less_motion_means_no_smooth_scrolling(page: Page, site: str) -> None:
    page.goto(site + MEDICINE)
    page.emulate_media(reduced_motion="no-preference")
    assert style(page, "html", "scrollBehavior") == "smooth"
    page.emulate_media(reduced_motion="reduce")
    assert style(page, "html", "scrollBehavior") == "auto"
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0


def test_the_print_button_appears_only_where_it_works(new_context: Callable[..., BrowserContext], site: str) -> None:
    page = new_context().new_page()
    page.goto(f"{site}{MEDICINE}one-page/")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True
    expect(page.get_by_text("use your browser's print command")).to_be_hidden()

    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}{MEDICINE}one-page/")
    expect(page.locator(".js-print")).to_be_hidden()
    expect(page.get_by_text("use your browser's print command")).to_be_visible()


def test_a_form_with_errors_leads_to_each_of_them(page: Page, sites: dict[str, str]) -> None:
    visit(page, sites, "gallery-errors")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error:")
    links = summary.get_by_role("link")
    assert links.count() == 4
    for link in links.all():
        target = (link.get_attribute("href") or "#").removeprefix("#")
        link.click()
        assert page.evaluate("document.activeElement.id") == target
        wrong = page.locator(f"[id='{target}']")
        expect(wrong).to_be_in_viewport()


def test_the_page_is_the_same_for_everyone(site: str) -> None:
    first, _ = fetch(site + MEDICINE, Cookie="session=a", Accept_Language="en")
    second, _ = fetch(site + MEDICINE, Cookie="session=b", Accept_Language="de")
    assert first == second
    assert b"Baclofen" in first
