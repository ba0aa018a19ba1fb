"""An owner makes a link on a phone, a doctor opens it elsewhere, the owner sees that and ends it."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import BrowserContext, expect

from .family import heading, led_on, look, press, told
from .lists import LONG, signed_in_page
from .test_print import SMALLEST, letters, reading
from .visits import SHARED

pytestmark = pytest.mark.browser

Installation = tuple[Path, int, dict[str, str]]
NewContext = Callable[..., BrowserContext]
PHONE = {"viewport": {"width": 360, "height": 740}}
with_and_without_scripts = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


@with_and_without_scripts
def test_a_link_from_the_phone_to_the_doctor_and_its_end(
    new_context: NewContext, site: str, installation: Installation, javascript: bool
) -> None:
    # Given the owner of a list of ten medicines, on a phone
    here = signed_in_page(new_context, site, installation, 10, java_script_enabled=javascript, **PHONE)
    page = here.page
    page.goto(f"{here.address}sharing/")

    # When they make a link for three days, with notes and without one medicine
    led_on(page, page.get_by_role("link", name="Make a link for a doctor or a hospital"))
    look(page, javascript)
    page.get_by_label("Who is it for?").fill("Dr. Hahn")
    page.get_by_label("3 days").check()
    page.get_by_label("Notes on medicines").check()
    page.get_by_text("Leave out single medicines").click()
    page.get_by_label("sertraline 50 mg").check()
    press(page, "Make a link to Papa Rosenquist's list")

    # Then the address stands there with its code, and is there still after a reload
    expect(heading(page)).to_have_text("The link is made")
    address = page.locator("#link-address").inner_text()
    assert re.fullmatch(rf"{re.escape(site)}/shared/[\w-]{{43}}/", address)
    expect(page.get_by_role("img", name="A square code for the camera of a phone")).to_be_visible()
    page.reload()
    expect(page.locator("#link-address")).to_have_text(address)
    look(page, javascript)
    [sheet] = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    printed, _sizes = reading(sheet)
    for said in ("The medicine list of Papa Rosenquist", "can read the list until", "notes on medicines"):
        assert letters(said) in printed
    assert letters("End this link") not in printed

    # When the doctor opens it, in a browser that knows nobody
    context = new_context(java_script_enabled=javascript)
    doctor = context.new_page()
    complaints: list[str] = []
    doctor.on("console", lambda message: complaints.append(message.text))
    answer = doctor.goto(address)

    # Then it is one page to read and to print, without a cookie and without what was left out
    assert answer
    assert answer.status == 200
    expect(heading(doctor)).to_have_text("Papa Rosenquist")
    for said in ("penicillin", "lisinopril", "high blood pressure", "Serious, found by MedGuide's check", LONG):
        expect(doctor.locator("main")).to_contain_text(said)
    expect(doctor.locator("main")).not_to_contain_text("sertraline")
    expect(doctor.locator("main")).not_to_contain_text("555-0100")
    look(doctor, javascript)
    assert context.cookies() == []
    assert doctor.evaluate("localStorage.length + sessionStorage.length") == 0
    assert complaints == []
    for paper in ("Letter", "A4"):
        [sheet] = pypdf.PdfReader(io.BytesIO(doctor.pdf(format=paper))).pages
        printed, sizes = reading(sheet)
        assert min(sizes) >= SMALLEST
        assert letters("Papa Rosenquist") in printed
        assert letters("ibuprofen 200 mg") in printed
        assert letters(address) not in printed

    # And the owner sees that it was opened once
    page.goto(f"{here.address}sharing/")
    link = page.locator(".rows .row").filter(has=page.get_by_role("link", name="Dr. Hahn", exact=True))
    expect(link).to_contain_text("Opened once, on")
    look(page, javascript)

    # When they end it
    led_on(page, link.get_by_role("link", name="End this link"))
    look(page, javascript)
    press(page, "Yes, end this link to Papa Rosenquist's list")
    expect(told(page)).to_have_text("The link is ended. Its address opens nothing any more.")

    # Then the doctor's next look finds nothing
    answer = doctor.reload()
    assert answer
    assert answer.status == 404
    expect(heading(doctor)).to_have_text("This link opens nothing")
    look(doctor, javascript)


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_all_that_a_link_can_show_of_ten_medicines_fits_one_sheet(
    new_context: NewContext, site: str, paper: str
) -> None:
    page = new_context().new_page()
    page.goto(site + SHARED)
    [sheet] = pypdf.PdfReader(io.BytesIO(page.pdf(format=paper))).pages
    printed, sizes = reading(sheet)
    assert min(sizes) >= SMALLEST
    for said in ("Ann Rosenquist, 555-0100", "Main Street Pharmacy", "Dr. Lee", "sore muscles", "Could not be checked"):
        assert letters(said) in printed


def test_a_form_pressed_twice_is_one_link(new_context: NewContext, site: str, installation: Installation) -> None:
    here = signed_in_page(new_context, site, installation, 1, **PHONE)
    page = here.page
    page.goto(f"{here.address}sharing/links/new/")
    button = page.get_by_role("button", name="Make a link to Papa Rosenquist's list")
    with page.expect_navigation(url=re.compile(r"/links/[0-9a-f-]{36}/$")):
        button.dblclick()
    expect(page.locator("#link-address")).to_be_visible()
    page.goto(f"{here.address}sharing/")
    expect(page.get_by_role("link", name="End this link")).to_have_count(1)
    page.goto(f"{here.address}sharing/links/new/")
    led_on(page, page.get_by_role("link", name="See its address"))
    expect(page.locator("#link-address")).to_be_visible()


def test_the_address_is_copied_where_the_browser_lets_us(
    new_context: NewContext, site: str, installation: Installation
) -> None:
    here = signed_in_page(new_context, site, installation, 1, permissions=["clipboard-read", "clipboard-write"])
    page = here.page
    page.goto(f"{here.address}sharing/links/new/")
    press(page, "Make a link to Papa Rosenquist's list")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.locator("#link-address-copied")).to_have_text("The address is copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#link-address").inner_text()
