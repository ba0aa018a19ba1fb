"""Finding a medicine by any name: while typing, by the form, without scripts, and with what no one expects."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .visits import fetch

pytestmark = pytest.mark.browser

ODD_QUERIES = {
    "very-long": "a" * 10_000,
    "long-with-spaces": "baclofen " * 1_111,
    "control-characters": "bac\x00lo\x01fen\x1f\x7f\r\n\t",
    "only-a-null": "\x00",
    "quotes": "'\"`“”‘’«»",
    "markup": "\"><script>document.title = 'taken'</script><h1>",
    "sql": "' OR 1=1; DROP TABLE monographs_medicine; --",
    "cyrillic": "баклофен",
    "chinese": "巴氯芬",
    "arabic": "باكلوفين",
    "emoji": "💊" * 60,
    "marks-on-marks": "b" + "\u0301" * 500,
    "format": "%s {0} {{ q }} {% now %} ${x}",
    "not-utf-8": b"\xff\xfe\xfa",
}


def given_i_am_at(page: Page, address: str) -> Locator:
    """The search box of this page."""
    page.goto(address)
    return page.locator("input[name=q]")


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def then_the_list_is_closed(page: Page, box: Locator) -> None:
    expect(page.locator("[role=listbox]")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile(".*"))


@pytest.mark.parametrize("path", ["/", "/about/"], ids=["large-box-of-home", "box-of-the-header"])
def test_part_of_a_brand_is_enough_and_the_arrow_keys_choose(page: Page, site: str, path: str) -> None:
    box = given_i_am_at(page, site + path)
    expect(box).to_have_role("combobox")
    expect(box).to_have_accessible_name("Find a medicine")
    then_the_list_is_closed(page, box)

    box.press_sequentially("lior")
    offered = suggestions(page)
    expect(offered.first).to_contain_text("Lioresal")
    expect(offered.first).to_contain_text("baclofen")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-autocomplete", "list")
    assert box.get_attribute("aria-controls") == page.get_by_role("listbox").get_attribute("id")
    expect(page.get_by_role("listbox")).to_have_accessible_name("Find a medicine")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile(".*"))

    page.keyboard.press("ArrowDown")
    first = offered.first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "no id")
    expect(box).to_be_focused()

    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/medicines/baclofen/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Baclofen")


def test_the_arrows_go_round(page: Page, site: str) -> None:
    box = given_i_am_at(page, f"{site}/")
    box.press_sequentially("me")
    offered = suggestions(page)
    expect(offered.nth(1)).to_be_visible()
    count = offered.count()

    page.keyboard.press("ArrowUp")
    expect(offered.nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(offered.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    expect(box).to_have_value("me")


def test_escape_closes_the_list_and_keeps_what_was_typed(page: Page, site: str) -> None:
    box = given_i_am_at(page, f"{site}/")
    box.press_sequentially("lior")
    expect(suggestions(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    then_the_list_is_closed(page, box)
    expect(box).to_have_value("lior")
    expect(box).to_be_focused()


def test_leaving_the_box_closes_the_list(page: Page, site: str) -> None:
    box = given_i_am_at(page, f"{site}/")
    box.press_sequentially("lior")
    expect(suggestions(page).first).to_be_visible()
    page.keyboard.press("Tab")
    then_the_list_is_closed(page, box)
    expect(page.get_by_role("button", name="Find")).to_be_focused()


def test_a_suggestion_can_be_tapped(page: Page, site: str) -> None:
    box = given_i_am_at(page, f"{site}/")
    box.press_sequentially("tylenol")
    suggestions(page).first.click()
    expect(page).to_have_url(f"{site}/medicines/acetaminophen/")


def test_how_many_names_were_found_is_said_aloud(page: Page, site: str) -> None:
    box = given_i_am_at(page, f"{site}/")
    box.press_sequentially("lioresa")
    expect(suggestions(page).first).to_be_visible()
    count = suggestions(page).count()
    expect(page.get_by_role("status")).to_have_text("1 name" if count == 1 else f"{count} names")
    box.fill("xyzzyx")
    expect(page.get_by_role("status")).to_have_text("0 names")
    then_the_list_is_closed(page, box)


def test_enter_without_a_choice_gives_the_results_page(page: Page, site: str) -> None:
    box = given_i_am_at(page, f"{site}/")
    box.press_sequentially("lior")
    expect(suggestions(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/search/?q=lior")
    expect(page.get_by_role("heading", level=1)).to_contain_text("lior")
    expect(page.get_by_role("link", name="Lioresal")).to_be_visible()
    expect(page.locator(".result").first).to_contain_text("A name for baclofen.")
    expect(page.locator("input[name=q]")).to_have_value("lior")


def test_a_misspelt_name_is_offered_as_a_question(page: Page, site: str) -> None:
    box = given_i_am_at(page, f"{site}/")
    box.press_sequentially("bacofen")
    expect(suggestions(page).first).to_contain_text("baclofen", ignore_case=True)
    expect(page.locator(".suggestions__question")).to_have_text(["Did you mean one of these?"])
    expect(page.locator("[role=listbox] > :first-child")).to_have_class("suggestions__question")
    expect(page.locator("[role=status]").first).to_contain_text("Did you mean one of these?")

    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/search/?q=bacofen")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Did you mean one of these?")
    page.get_by_role("link", name="Baclofen").click()
    expect(page).to_have_url(f"{site}/medicines/baclofen/")


@pytest.mark.parametrize(
    ("typed", "shown", "medicine"),
    [
        ("lioresal", "Lioresal", "Baclofen"),
        ("paracetamol", "Paracetamol", "Acetaminophen"),
        ("bacofen", "Baclofen", "Baclofen"),
    ],
)
def test_without_scripts_the_form_gives_a_results_page(
    new_context: Callable[..., BrowserContext], site: str, typed: str, shown: str, medicine: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    box = given_i_am_at(page, f"{site}/")
    box.fill(typed)
    page.get_by_role("button", name="Find").click()
    expect(page).to_have_url(f"{site}/search/?q={typed}")
    page.get_by_role("link", name=shown).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(medicine)


def test_nothing_found_says_what_to_try(new_context: Callable[..., BrowserContext], site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    given_i_am_at(page, f"{site}/").fill("xyzzyx")
    page.keyboard.press("Enter")
    expect(page.get_by_text("We found no medicine by that name")).to_be_visible()
    expect(page.get_by_role("heading", name="What you can try")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="A to Z").click()
    expect(page).to_have_url(f"{site}/medicines/")


@pytest.mark.parametrize("query", ODD_QUERIES.values(), ids=ODD_QUERIES)
def test_an_odd_query_gets_an_ordinary_page(page: Page, site: str, query: str | bytes) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    response = page.goto(f"{site}/search/?q={quote(query)}")
    assert response is not None
    assert response.status == 200
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.locator("input[name=q]")).to_be_visible()
    assert "MedGuide" in page.title()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert complaints == []
    assert fetch(f"{site}/search/suggest?q={quote(query)}")[0].startswith(b'{"suggestions": [')


@pytest.mark.parametrize("name", ["very-long", "markup", "emoji", "quotes"])
def test_an_odd_text_can_be_typed_and_sent(page: Page, site: str, name: str) -> None:
    typed = str(ODD_QUERIES[name])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    box = given_i_am_at(page, f"{site}/")
    with page.expect_response("**/search/suggest") as asked:
        box.fill(typed)
    assert asked.value.status == 200
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(typed[:30])
    expect(page.locator("input[name=q]")).to_have_value(typed)
    assert complaints == []


def test_suggestions_come_from_the_site_alone_and_leave_nothing(
    new_context: Callable[..., BrowserContext], site: str
) -> None:
    context = new_context()
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    given_i_am_at(page, f"{site}/").press_sequentially("lior")
    expect(suggestions(page).first).to_be_visible()
    assert f"{site}/search/suggest" in requests
    assert not any("lior" in address for address in requests)
    assert all(address.startswith(f"{site}/") for address in requests)
    assert context.cookies() == []


def test_where_the_network_is_gone_the_box_stays_quiet(page: Page, site: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/search/suggest", lambda route: route.abort())
    box = given_i_am_at(page, f"{site}/")
    with page.expect_event("requestfailed"):
        box.press_sequentially("lior")
    then_the_list_is_closed(page, box)
    assert errors == []
