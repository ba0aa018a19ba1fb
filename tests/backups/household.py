"""A small installation with every kind of value that a column can hold, and rows in every table of people."""

import datetime
from decimal import Decimal
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone

from medguide.accounts.models import User
from medguide.medicine_lists import actions, share_link_actions, sharing_actions
from medguide.medicine_lists.access import Access, access_to
from medguide.medicine_lists.models import Hidden, Part, Role
from medguide.medicine_lists.schedules import Dose, Kind, Schedule, Slot
from monographs.models import Medicine
from tests.content_files.sample import write_library

PERSON = "Großtante Zoë 👵🏽"
LONG_NOTE = 'Line one,\nline two with "quotes", a tab\t, ünïcödé, 日本語, עברית and 💊👩‍⚕️. ' * 13
LINK_TOKEN = "the-token-of-a-link"
PRIVATE = ("Zoë", "Großtante", "zoe@example.org", "💊", "Secretol", "JBSWY3DPEHPK3PXP", "Dr. Ämil", LINK_TOKEN)


def move_in(folder: Path) -> None:
    """Fills the migrated database of the default connection; the library has one small page."""
    call_command("load_content", content=write_library(folder), verbosity=0)
    zoe, ben = (
        User.objects.create_user(f"{name}@example.org", has_short_password=name == "ben") for name in ("zoe", "ben")
    )
    for user in (zoe, ben):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    secret = {"secret": "JBSWY3DPEHPK3PXP"}
    Authenticator.objects.create(user=zoe, type="totp", data=secret, last_used_at=None)
    zoe.groups.add(Group.objects.create(name="helpers"))
    session = SessionStore()
    session["of"] = zoe.pk
    session.create()
    _make_list(zoe, ben)
    _give_out_a_number_and_take_it_back()


def _make_list(zoe: User, ben: User) -> None:
    person = actions.create_person(
        by=zoe,
        values={
            "name": PERSON, "year_of_birth": 1931, "conditions": ["older-than-65"], "time_zone": "Pacific/Chatham",
            "weight_kg": Decimal("47.5"), "weighed_on": datetime.date(2026, 2, 28), "emergency_contact": "",
        },
    )  # fmt: skip
    owner = Access(zoe, person, Role.OWNER)
    person.allergies.create(substance="nuts", reaction="a rash")
    person.contacts.create(kind="doctor", name="Dr. Ämil", phone="")
    half_a_tablet = Schedule(kind=Kind.DAILY, doses=(Dose(slot=Slot.MORNING), Dose(slot=Slot.BEDTIME))).to_data()
    known = actions.add_statement(
        by=owner,
        values={
            "name": "exemplol 💊", "medicine": Medicine.objects.get(), "note": LONG_NOTE[:1000],
            "amount": Decimal("0.125"),
            "schedule": half_a_tablet, "refill_on": datetime.date(2027, 1, 1), "quantity_left": Decimal("123456.789"),
        },
    )  # fmt: skip
    unknown = actions.add_statement(by=owner, values={"name": "Secretol"})
    actions.confirm(by=owner, uids=[known.uid], now=timezone.now())
    actions.know_finding(by=owner, key="k", fingerprint="f")
    _invitation, token = sharing_actions.invite(by=owner, email=ben.email, role=Role.EDITOR)
    sharing_actions.accept(user=ben, token=token)
    sharing_actions.invite(by=owner, email="nobody@example.org", role=Role.VIEWER)
    actions.hide(by=owner, uid=unknown.uid, user_id=ben.pk, what=Hidden.What.MEDICINE)
    share_link_actions.make_link(
        by=owner, token=LINK_TOKEN, label="Dr. Ämil", days=30, shows=[Part.NOTES], left_out=[unknown],
        now=timezone.now(),
    )  # fmt: skip
    share_link_actions.open_link(token=LINK_TOKEN, now=timezone.now())
    actions.delete_statement(by=access_to(zoe, person.uid), uid=unknown.uid)


def _give_out_a_number_and_take_it_back() -> None:
    """The next account must not get it: the history knows its actors by number."""
    User.objects.create_user("gone@example.org").delete()
