"""The check told as a story: names typed, a question answered, a report read; with scripts and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .test_accessibility import STICKS_OUT, axe_complaints

pytestmark = pytest.mark.browser

NAMES = ["Percocet", "Tylenol PM", "xanax", "zzyzx"]


def type_and_send(page: Page, site: str, names: list[str]) -> None:
    page.goto(f"{site}/interactions/")
    for number, name in enumerate(names, start=1):
        page.locator(f"#name-{number}").fill(name)
    page.get_by_role("button", name="Check them").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_report_is_read(new_context: Callable[..., BrowserContext], site: str, javascript: bool, width: int) -> None:
    context = new_context(java_script_enabled=javascript, viewport={"width": width, "height": 800})
    page = context.new_page()
    type_and_send(page, site, NAMES)

    headings = page.locator("main h2").all_inner_texts()
    assert headings[0] == "Could not be checked"
    assert headings.index("Serious") < headings.index("To ask about")
    twice = page.locator(".finding__heading", has_text="Acetaminophen twice: in Percocet and Tylenol PM")
    expect(page.get_by_role("region", name="Serious").locator(twice)).to_have_count(1)
    expect(page.locator(".finding--serious", has_text="Percocet with xanax")).to_have_count(1)
    expect(page).to_have_url(f"{site}/interactions/")
    assert context.cookies() == []
    assert page.evaluate(STICKS_OUT) == []
    assert axe_complaints(page, javascript=javascript) == []

    page.get_by_role("button", name="Change my list").click()
    assert [page.locator(f"#name-{number}").input_value() for number in range(1, 5)] == NAMES


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_near_name_is_asked_about(new_context: Callable[..., BrowserContext], site: str, javascript: bool) -> None:
    page = new_context(java_script_enabled=javascript).new_page()
    type_and_send(page, site, ["bacofen", "xanax"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Which one did you mean?")
    assert axe_complaints(page, javascript=javascript) == []
    page.get_by_label("baclofen").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What we found")


def test_more_boxes_come_and_keep_what_was_typed(new_context: Callable[..., BrowserContext], site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/interactions/")
    page.locator("#name-2").fill("baclofen")
    page.get_by_role("button", name="Add more boxes").click()
    expect(page.locator("[name=name]")).to_have_count(10)
    expect(page.locator("#name-1")).to_have_value("baclofen")


def test_too_little_is_said_and_gets_the_focus(page: Page, site: str) -> None:
    type_and_send(page, site, [])
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    assert axe_complaints(page) == []


def test_a_suggestion_fills_the_box(page: Page, site: str) -> None:
    page.goto(f"{site}/interactions/")
    page.locator("#name-1").press_sequentially("lior")
    page.get_by_role("option").first.click()
    expect(page.locator("#name-1")).to_have_value("Lioresal")


def test_a_medicine_page_leads_to_the_check_with_its_name(page: Page, site: str) -> None:
    page.goto(f"{site}/medicines/baclofen/")
    page.get_by_role("button", name="Check it with my other medicines").click()
    expect(page).to_have_url(f"{site}/interactions/")
    expect(page.locator("#name-1")).to_have_value("baclofen")
