"""What the stories of medicine lists do again and again: signing up by letter, starting a list, adding to it."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import APIResponse, BrowserContext, Locator, Page, expect

from tests.real_server import ROOT

from .test_accessibility import RUN_TOGETHER, STICKS_OUT, TARGETS, TOO_LOW, axe_complaints

PASSWORD = "seven purple wardrobes"
SHOW_SESSIONS = """
from django.contrib.sessions.models import Session
print([session.get_decoded() for session in Session.objects.all()])
"""

# name: (what is typed into the form, how the list says it)
EIGHT: dict[str, tuple[dict[str, object], str]] = {
    "metoprolol": (
        {"strength": "50 mg", "amount": "½", "amount_unit": "tablet", "when": "daily", "slots": ["morning", "evening"]},
        "Every day: ½ tablet in the morning, ½ in the evening",
    ),
    "methotrexate": (
        {"strength": "2.5 mg", "amount": "6", "amount_unit": "tablet", "when": "weekdays", "weekdays": ["0"],
         "slots": ["morning"]},
        "Every Monday: 6 tablets in the morning",
    ),
    "fentanyl patch": (
        {"amount": "1", "amount_unit": "patch", "when": "every-n-days", "every_days": "3", "slots": ["morning"],
         "starts_on": "2026-01-05"},
        "Every 3 days from Jan 5, 2026: 1 patch in the morning",
    ),
    "warfarin": (
        {"amount_unit": "tablet", "when": "by-weekday", "amount_0": "1", "amount_2": "0,5", "amount_4": "1",
         "slots": ["evening"]},
        "Every Monday and Friday: 1 tablet in the evening; every Wednesday: ½ tablet in the evening",
    ),
    "prednisone": (
        {"amount_unit": "tablet", "when": "taper", "slots": ["morning"],
         "step_1_first": "2026-01-05", "step_1_last": "2026-01-11", "step_1_amount": "4",
         "step_2_first": "2026-01-12", "step_2_last": "2026-01-18", "step_2_amount": "2"},
        "From Jan 5, 2026 through Jan 11, 2026: 4 tablets in the morning; "
        "from Jan 12, 2026 through Jan 18, 2026: 2 tablets in the morning",
    ),
    "acetaminophen": (
        {"strength": "500 mg", "amount": "2", "amount_unit": "tablet", "when": "as-needed", "needed_for": "pain",
         "least_hours": "6", "most_in_a_day": "6"},
        "2 tablets when needed for pain, at least 6 hours apart, at most 6 tablets in 24 hours",
    ),
    "Sinemet": (
        {"amount": "1", "amount_unit": "tablet", "when": "daily", "times": "7:00, 11:30, 4 pm"},
        "Every day: 1 tablet at 7 a.m., 1 at 11:30 a.m., 1 at 4 p.m.",
    ),
    "ibuprofen": ({"strength": "200 mg"}, "When it is taken has not been said."),
}  # fmt: skip


@dataclass(frozen=True)
class Family:
    """An installation where everybody may sign up, and the folder in which its letters land."""

    home: str
    letters: Path

    def letter(self, email: str, pattern: str) -> str:
        """What fits in the newest letter to this address that holds such a thing."""
        files = sorted(self.letters.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        texts = [text for text in (file.read_text() for file in files) if f"To: {email}" in text]
        return [found[1] for text in texts if (found := re.search(pattern, text, re.MULTILINE))][-1]

    def fill_in_signing_up(self, page: Page, email: str) -> None:
        """From the form to the first page of a new account; the code comes by mail."""
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Choose a password").fill(PASSWORD)
        led_on(page, page.get_by_role("button", name="Go on"))
        page.get_by_label("Code from the e-mail").fill(self.letter(email, r"^ +([A-Z]{4}-[A-Z]{4})$"))
        led_on(page, page.get_by_role("button", name="Go on"))

    def sign_up(self, page: Page, email: str) -> None:
        page.goto(f"{self.home}/account/signup/")
        self.fill_in_signing_up(page, email)
        expect(heading(page)).to_have_text("My lists")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def led_on(page: Page, link_or_button: Locator) -> None:
    """Clicks, and waits for the page to which it leads: a story that goes on at once may still be on the old one."""
    with page.expect_navigation():
        link_or_button.click()


def press(page: Page, name: str) -> None:
    led_on(page, page.get_by_role("button", name=name, exact=True))


def look(page: Page, javascript: bool) -> None:
    """On a phone and on a desk: nothing sticks out, runs together or is too low for a thumb; axe has no complaint."""
    complaints = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found = [*page.evaluate(STICKS_OUT), *page.evaluate(RUN_TOGETHER)]
        found += page.locator(TARGETS).evaluate_all(TOO_LOW)
        found += axe_complaints(page, javascript=javascript)
        complaints += [f"{page.title()} at {width} px: {one}" for one in found]
    assert not complaints, "\n".join(complaints)


def sent_twice(page: Page, button: str) -> APIResponse:
    """Where the second of two equal requests leads, when the first is done."""
    with page.expect_request(lambda request: request.method == "POST") as sent:
        led_on(page, page.get_by_role("button", name=button).first)
    kind = {"Content-Type": sent.value.headers["content-type"]}
    return page.request.post(sent.value.url, data=sent.value.post_data_buffer, headers=kind)


def fill_in(page: Page, values: dict[str, object]) -> None:
    """Types into the form of a medicine, by the names of its boxes; `when` first, for it shows the others."""
    page.locator(f"[name=when][value='{values.get('when', '')}']").check()
    for name, value in values.items():
        boxes = page.locator(f".statement-form [name={name}]")
        if isinstance(value, list):
            for one in value:
                page.locator(f"[name={name}][value='{one}']").check()
        elif boxes.first.evaluate("(box) => box.tagName") == "SELECT":
            boxes.select_option(str(value))
        elif name != "when":
            boxes.fill(str(value))


def told(page: Page) -> Locator:
    """The message that the page brings from what was done before it."""
    return page.locator("p.note[role=status]")


def prove(page: Page) -> None:
    """Answers the question that comes before what can do harm; what was sent before it is then done."""
    expect(heading(page)).to_have_text("Is it you?")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Go on")


def start_list(page: Page, home: str, name: str) -> str:
    """A new list for this person; gives its address, with a slash at the end."""
    page.goto(f"{home}/lists/new/")
    page.get_by_label("Name or nickname").fill(name)
    press(page, "Start the list")
    expect(heading(page)).to_have_text(f"{name}'s medicines")
    return page.url


def name_it(page: Page, address: str, name: str) -> None:
    """The first of the two steps of adding; where a name could mean several, the first is meant."""
    page.goto(f"{address}add/?new")
    page.locator("main [name=name]").fill(name)
    page.locator("main [name=name]").press("Enter")
    expect(page.locator("main [type=radio]").first).to_be_visible()
    if page.locator("[name=meant][type=radio]").count():
        page.locator("[name=meant][type=radio]").first.check()
        press(page, "Go on")


def add(page: Page, address: str, name: str, values: dict[str, object]) -> None:
    name_it(page, address, name)
    fill_in(page, values)
    page.get_by_role("button", name="Put it on").click()
    expect(told(page)).to_have_text(f"{name} is on the list.")


def row(page: Page, name: str) -> Locator:
    return page.locator(".rows .row").filter(has=page.get_by_role("link", name=name))


def serious(page: Page) -> int:
    """How many serious warnings the list speaks of."""
    found = re.search(r"(\d+) serious warnings?", page.get_by_label("The check of this list").inner_text())
    return int(found[1]) if found else 0


def open_medicine(page: Page, address: str, name: str) -> str:
    """The form that changes it; gives the address of the medicine."""
    page.goto(address)
    led_on(page, row(page, name).get_by_role("link", name=name))
    medicine = page.url
    led_on(page, page.get_by_role("link", name=f"Change {name}"))
    return medicine


def database_dump(environment: dict[str, str]) -> str:
    """All that the installation's database holds, in small letters, the sessions opened up."""
    if url := environment["MEDGUIDE_DATABASE_URL"]:
        rows = subprocess.run(["pg_dump", url], check=True, capture_output=True, text=True).stdout
    else:
        with closing(sqlite3.connect(Path(environment["MEDGUIDE_VAR_DIR"]) / "medguide.sqlite3")) as database:
            rows = "\n".join(database.iterdump())
    sessions = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", SHOW_SESSIONS],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return (rows + sessions).lower()


def sign_out_elsewhere(context: BrowserContext, family: Family) -> None:
    other = context.new_page()
    other.goto(f"{family.home}/account/")
    press(other, "Sign out")
    expect(other).to_have_title("Sign in · MedGuide")
    other.close()


def sign_in_again(page: Page, email: str) -> None:
    expect(heading(page)).to_have_text("Sign in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")


JOIN = """
from django.conf import settings
from django.test import Client
from medguide.accounts.models import User
from medguide.medicine_lists.models import Membership, Person
user = User.objects.create_user("viewer-{person}@example.org")
Membership.objects.create(person=Person.objects.get(uid="{person}"), user=user, role="viewer")
client = Client()
client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
print(client.session.session_key)
"""


def viewer_of(installation: tuple[Path, int, dict[str, str]], address: str) -> str:
    """The session of somebody new who may look at this list."""
    code = JOIN.format(person=address.split("/")[-2])
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT, env=installation[2], check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
