"""A medicine list on paper: how many sheets, how large the print, and the card's panels as large as a bank card."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import BrowserContext

from .lists import LONG, SignedIn, signed_in_page
from .test_accessibility import RUN_TOGETHER, STICKS_OUT, TARGETS, TOO_LOW, axe_complaints
from .test_print import SMALLEST, letters, reading

pytestmark = pytest.mark.browser

PAPERS = ("Letter", "A4")
LARGE, SMALLEST_ON_A_CARD = 16.0, 7.0  # points
PANEL = (85.6, 54.0)  # millimetres
PIXELS_A_MILLIMETRE = 96 / 25.4
NAME = "Papa Rosenquist"

Installation = tuple[Path, int, dict[str, str]]
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def of_ten(new_context: NewContext, site: str, installation: Installation) -> SignedIn:
    return signed_in_page(new_context, site, installation, 10)


def sheets_of(here: SignedIn, path: str, paper: str) -> list[pypdf.PageObject]:
    response = here.page.goto(here.address + path)
    assert response
    assert response.status == 200
    return list(pypdf.PdfReader(io.BytesIO(here.page.pdf(format=paper))).pages)


@pytest.mark.parametrize("paper", PAPERS)
def test_ten_medicines_fit_one_sheet_for_the_doctor_and_one_for_the_day(of_ten: SignedIn, paper: str) -> None:
    for path, words in {
        "print/": (
            "Allergies",
            "Conditions",
            "Could not be checked",
            "Serious",
            "In an emergency call",
            "Confirmed by",
        ),
        "day/": ("Morning", "Noon", "At 2:30 p.m.", "Bedtime", "Only when needed", "When: not said"),
    }.items():
        sheets = sheets_of(of_ten, path, paper)
        assert len(sheets) == 1, path
        printed, sizes = reading(sheets[0])
        assert min(sizes) >= SMALLEST, f"{path}: {sizes[min(sizes)]}"
        for said in (*words, NAME, LONG, "lisinopril 10 mg", "ibuprofen 200 mg", "Written by the family"):
            assert letters(said) in printed, f"{path}: {said}"
        assert letters("Sign out") not in printed


@pytest.mark.parametrize("paper", PAPERS)
def test_large_print_is_large_and_names_the_person_on_every_sheet(of_ten: SignedIn, paper: str) -> None:
    sheets = sheets_of(of_ten, "print/?large=1", paper)
    assert len(sheets) > 1
    for sheet in sheets:
        printed, sizes = reading(sheet)
        assert min(sizes) >= LARGE, sizes[min(sizes)]
        assert letters(NAME) in printed


@pytest.mark.parametrize("count", [0, 3, 10, 60])
def test_the_card_is_one_sheet_of_panels_of_one_size(
    new_context: NewContext, site: str, installation: Installation, count: int
) -> None:
    here = signed_in_page(new_context, site, installation, count)
    for paper in PAPERS:
        [sheet] = sheets_of(here, "card/", paper)
        printed, sizes = reading(sheet)
        assert min(sizes) >= SMALLEST_ON_A_CARD
        assert letters("Cut along the solid line.") in printed
        assert printed.count(letters("lisinopril 10")) == -(-count // 10)
    here.page.emulate_media(media="print")
    panels = here.page.locator(".card__panel").all()
    assert 2 <= len(panels) <= 8
    for panel in panels:
        box = panel.bounding_box()
        assert box
        width, height = box["width"] / PIXELS_A_MILLIMETRE, box["height"] / PIXELS_A_MILLIMETRE
        assert (width, height) == pytest.approx(PANEL, abs=0.3)


def test_every_sheet_of_a_long_list_names_the_person(
    new_context: NewContext, site: str, installation: Installation
) -> None:
    here = signed_in_page(new_context, site, installation, 60)
    for path in ("", "day/", "print/", "changes/"):
        sheets = sheets_of(here, path, "Letter")
        assert len(sheets) > 1
        assert all(letters(NAME) in letters(sheet.extract_text()) for sheet in sheets), path


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (360, "dark"), (1280, "light")])
def test_every_page_of_a_list_can_be_read_and_touched(
    new_context: NewContext, site: str, installation: Installation, width: int, scheme: str
) -> None:
    screen = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "reduced_motion": "reduce"}
    here = signed_in_page(new_context, site, installation, 10, **screen)
    targets = f"{TARGETS}, .private__nav a, .list-nav a, .row__name a, .row__links a, .since__offered a"
    for path in ("", "day/", "print/", "print/?large=1", "card/", "changes/", "add/"):
        here.page.goto(here.address + path)
        here.page.locator(".list-nav__more > summary").click()
        assert axe_complaints(here.page) == [], path
        assert here.page.evaluate(STICKS_OUT) == [], path
        assert here.page.evaluate(RUN_TOGETHER) == [], path
        assert here.page.locator(targets).evaluate_all(TOO_LOW) == [], path


def test_the_form_shows_only_what_belongs_to_the_chosen_when(of_ten: SignedIn) -> None:
    page = of_ten.page
    page.goto(f"{of_ten.address}add/")
    page.locator("#id_name").fill("lisinopril")
    page.get_by_role("button", name="Go on").click()
    groups = {"weekdays": "#id_weekdays_0", "as-needed": "#id_least_hours", "taper": "#id_step_1_first"}
    groups |= {"daily": "#id_times", "by-weekday": "#id_amount_0", "every-n-days": "#id_every_days"}
    shown_too = {"weekdays": {"daily"}, "by-weekday": {"daily"}, "taper": {"daily"}, "every-n-days": {"daily"}}
    assert not any(page.locator(field).is_visible() for field in groups.values())
    for kind in groups:
        page.locator(f"[name=when][value={kind}]").check()
        shown = {other for other, field in groups.items() if page.locator(field).is_visible()}
        assert shown == {kind} | shown_too.get(kind, set())
