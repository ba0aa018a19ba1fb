"""A signed-in browser: a user with a list in the database of the running site, and the cookie of their session."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.real_server import ROOT

LONG = "Sacubitril/valsartan film-coated tablets of a manufacturer with a very long name indeed"
DAILY = {"kind": "daily", "doses": [{"slot": "morning"}, {"slot": "bedtime", "amount": "2"}]}
AT_TIMES = {"kind": "daily", "doses": [{"slot": "evening"}, {"time": "14:30"}]}
WEEKLY = {"kind": "weekdays", "doses": [{"slot": "morning"}], "weekdays": [0]}
NEEDED = {"kind": "as-needed", "needed_for": "pain", "least_hours": "6", "most_in_a_day": "4"}
TEN = [
    {"name": "lisinopril", "strength": "10 mg", "what_for": "high blood pressure", "schedule": DAILY},
    {"name": "warfarin", "strength": "5 mg", "what_for": "uneven heartbeat", "schedule": AT_TIMES},
    {"name": "metformin", "strength": "500 mg", "what_for": "diabetes", "schedule": DAILY, "food": "with"},
    {"name": "atorvastatin", "strength": "20 mg", "what_for": "cholesterol", "schedule": AT_TIMES},
    {"name": "methotrexate", "strength": "2.5 mg", "what_for": "joints", "schedule": WEEKLY},
    {"name": "baclofen", "strength": "10 mg", "schedule": DAILY, "really_taken": "only in the morning"},
    {"name": "furosemide", "strength": "20 mg", "what_for": "water in the legs", "prescriber": "Dr. Lee"},
    {"name": "sertraline", "strength": "50 mg", "what_for": "low mood", "schedule": DAILY, "prescriber": "Dr. Ann Lee"},
    {"name": LONG, "strength": "49 mg/51 mg", "what_for": "heart failure", "schedule": DAILY},
    {"name": "ibuprofen", "strength": "200 mg", "what_for": "pain", "schedule": NEEDED, "amount": "1"},
]


@dataclass(frozen=True)
class SignedIn:
    """A page whose user is signed in, and the address of the list, with a slash at the end."""

    page: Page
    address: str


def signed_in_page(
    new_context: Callable[..., BrowserContext],
    site: str,
    installation: tuple[Path, int, dict[str, str]],
    count: int = 10,
    **context: Any,
) -> SignedIn:
    """A new user owns a list of so many medicines. `context` are options of the browser's context."""
    code = f"import json; from tests.browser import lists; print(json.dumps(lists.make({count})))"
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT, env=installation[2], check=True, capture_output=True, text=True,
    )  # fmt: skip
    said = json.loads(made.stdout.splitlines()[-1])
    browser = new_context(**context)
    browser.add_cookies([{"name": said["cookie"], "value": said["session"], "url": site}])
    return SignedIn(browser.new_page(), f"{site}/lists/{said['person']}/")


def make(count: int) -> dict[str, str]:
    """In the process that knows the site's database: a user, a person, their medicines, a session.

    Returns the person's uid, the session's key and the name of its cookie.
    """
    from uuid import uuid4

    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from medguide.accounts.models import User
    from medguide.medicine_lists import actions
    from medguide.medicine_lists.access import access_to
    from medguide.medicine_lists.models import Status
    from monographs.models import Medicine

    user = User.objects.create_user(f"{uuid4().hex}@example.org")
    values = {"name": "Papa Rosenquist", "year_of_birth": 1944, "emergency_contact": "Ann Rosenquist, 555-0100"}
    person = actions.create_person(by=user, values={**values, "conditions": ["kidney-trouble", "heart-failure"]})
    access = access_to(user, person.uid)
    if count:
        allergies = [{"substance": "penicillin", "reaction": "rash all over, 1998"}, {"substance": "peanuts"}]
        contacts = [{"kind": "doctor", "name": "Dr. Ann Lee", "phone": "555-0101"}]
        contacts.append({"kind": "pharmacy", "name": "Main Street Pharmacy", "phone": "555-0102"})
        weight = {"weight_kg": 81, "weighed_on": timezone.localdate()}
        actions.change_person(by=access, read_version=1, values=weight, allergies=allergies, contacts=contacts)
    taken = []
    for number in range(count):
        values = {"amount": 1, "amount_unit": "tablet", **TEN[number % len(TEN)]}
        medicine = Medicine.objects.filter(name=values["name"]).first()
        taken.append(actions.add_statement(by=access, values={**values, "medicine": medicine}))
    if count:
        actions.confirm(by=access, uids=[one.uid for one in taken[:-1]], now=timezone.now())
        stopped = actions.add_statement(by=access, values={"name": "simvastatin", "strength": "40 mg"})
        why = {"said_by": "Dr. Ann Lee", "why": "sore muscles", "was_side_effect": True}
        day = timezone.localdate()
        actions.set_status(by=access, uid=stopped.uid, read_version=1, status=Status.STOPPED, since=day, **why)
        paused = actions.add_statement(by=access, values={"name": "aspirin", "strength": "81 mg"})
        actions.set_status(by=access, uid=paused.uid, read_version=1, status=Status.PAUSED, since=day, why="surgery")
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    cookie = settings.SESSION_COOKIE_NAME
    return {"cookie": cookie, "session": client.cookies[cookie].value, "person": str(person.uid)}


def share(path: str) -> None:
    """Likewise: a list of ten medicines, and a link that shows all of it at this path, /shared/TOKEN/."""
    from django.utils import timezone

    from medguide.medicine_lists.access import access_to
    from medguide.medicine_lists.models import Membership, Part
    from medguide.medicine_lists.share_link_actions import make_link

    owner = Membership.objects.get(person__uid=make(10)["person"])
    access, token = access_to(owner.user, owner.person.uid), path.split("/")[2]
    make_link(by=access, token=token, label="", days=30, shows=list(Part), left_out=[], now=timezone.now())
