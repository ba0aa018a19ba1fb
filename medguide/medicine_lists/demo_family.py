"""The family of the demonstration: Anna cares for her father Paul and her daughter Mia; Ben helps, Dora looks in."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from medguide.accounts.models import User
from monographs.models import Medicine
from monographs.names import resolve

from . import actions
from .access import Access, access_to
from .models import Hidden, MedicationStatement, Part, Person, Role, Status, Verb
from .schedules import Dose, Kind, Schedule, Slot, Step
from .share_link_actions import make_link, seed_of, token_of
from .sharing_actions import accept, invite

MORNING, NOON, EVENING, BEDTIME = (Dose(slot=slot) for slot in Slot)


def make_family(password: str) -> dict[User, str]:
    """Three users with this password, each with a word on who they are; in one transaction."""
    with transaction.atomic():
        anna, ben, dora = (_user(name, password) for name in ("anna", "ben", "dora"))
        today = timezone.localdate()
        paul = _paul(anna, today)
        mia = _mia(anna, today)
        for owner, user, role in ((paul, ben, Role.EDITOR), (paul, dora, Role.VIEWER), (mia, ben, Role.OWNER)):
            _invitation, token = invite(by=owner, email=user.email, role=role)
            accept(user=user, token=token)
        _history(paul, ben, dora, today)
    return {
        anna: "owns the lists of Paul and Mia",
        ben: "changes Paul's, and owns Mia's too",
        dora: "looks at Paul's, but for one medicine",
    }


def _user(name: str, password: str) -> User:
    user = User.objects.create_user(f"{name}@example.org", password)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _paul(anna: User, today: datetime.date) -> Access:
    person = actions.create_person(
        by=anna,
        values={
            "name": "Paul", "year_of_birth": 1948, "conditions": ["older-than-65", "high-blood-pressure"],
            "substances": ["grapefruit"], "weight_kg": Decimal("78.5"), "weighed_on": today,
            "emergency_contact": "Anna, 555-0100",
        },
    )  # fmt: skip
    access = Access(anna, person, Role.OWNER)
    actions.change_person(
        by=access,
        read_version=1,
        values={},
        allergies=[{"substance": "penicillin", "reaction": "a rash all over"}],
        contacts=[
            {"kind": "doctor", "name": "Dr. Hahn", "phone": "555-0111"},
            {"kind": "pharmacy", "name": "Main Street Pharmacy", "phone": "555-0122"},
        ],
    )
    week = datetime.timedelta(days=7)
    daily = Schedule(kind=Kind.DAILY, doses=(MORNING, EVENING))
    taper = Schedule(
        kind=Kind.TAPER,
        steps=(
            Step(today - week, today - datetime.timedelta(days=1), (Dose(slot=Slot.MORNING, amount=Decimal(2)),)),
            Step(today, today + week, (Dose(slot=Slot.MORNING, amount=Decimal(1)),)),
        ),
    )
    by_weekday = Schedule(
        kind=Kind.BY_WEEKDAY,
        by_weekday=tuple(
            (day, (Dose(slot=Slot.EVENING, amount=Decimal("1.5") if day in (0, 4) else Decimal(1)),))
            for day in range(7)
        ),
    )
    as_needed = Schedule(kind=Kind.AS_NEEDED, needed_for="pain", least_hours=Decimal(6), most_in_a_day=Decimal(4))
    for one in (
        _Said("Coumadin", "5 mg", by_weekday, "blood clots",
              {"prescriber": "Dr. Hahn", "refills": 0, "refill_on": today}),
        _Said("ibuprofen", "200 mg", as_needed, "pain in the knee", {"kind": "bought"}),
        _Said("baclofen", "10 mg", daily, "stiff muscles", {"food": "with", "amount": Decimal("0.5")}),
        _Said("prednisone", "5 mg", taper, "breathing"),
        _Said("methotrexate", "2.5 mg", Schedule(kind=Kind.WEEKDAYS, doses=(MORNING,), weekdays=frozenset({2})),
              "joints", {"amount": Decimal(4), "note": "Wednesday is written on the box."}),
        _Said("levothyroxine", "75 mcg", Schedule(kind=Kind.DAILY, doses=(Dose(time=datetime.time(6, 30)),)),
              "thyroid", {"food": "without", "expires_on": today - week}),
        _Said("Aunt Erna's drops", "", Schedule(), "sleep", {"kind": "herb", "amount": None, "amount_unit": ""}),
        _Said("sertraline", "50 mg", Schedule(kind=Kind.DAILY, doses=(MORNING,)), "mood"),
        _Said("lisinopril", "10 mg", Schedule(kind=Kind.DAILY, doses=(MORNING,)), "blood pressure"),
    ):  # fmt: skip
        _add(access, one)
    return access


def _mia(anna: User, today: datetime.date) -> Access:
    person = actions.create_person(by=anna, values={"name": "Mia", "year_of_birth": today.year - 6})
    access = Access(anna, person, Role.OWNER)
    ten_days = Schedule(
        kind=Kind.DAILY, doses=(MORNING, EVENING), starts_on=today, ends_on=today + datetime.timedelta(days=9)
    )
    milliliters = {"form": "liquid", "amount": Decimal("7.5"), "amount_unit": "mL"}
    _add(
        access, _Said("amoxicillin", "400 mg in 5 mL", ten_days, "an ear", {**milliliters, "storage": "in the fridge"})
    )
    every_other = Schedule(kind=Kind.EVERY_N_DAYS, doses=(BEDTIME,), every_days=2, starts_on=today)
    _add(access, _Said("vitamin D", "400 units", every_other, "bones", {"kind": "vitamin", "amount_unit": "drop"}))
    return access


@dataclass(frozen=True)
class _Said:
    """One medicine as somebody said it."""

    name: str
    strength: str
    schedule: Schedule
    what_for: str
    more: dict[str, Any] | None = None


def _add(access: Access, one: _Said) -> MedicationStatement:
    known = resolve(one.name).medicine
    medicine = Medicine.objects.filter(slug=known.slug).first() if known else None
    values = {"kind": "prescription", "amount": Decimal(1), "amount_unit": "tablet", **(one.more or {})}
    said = {"name": one.name, "strength": one.strength, "what_for": one.what_for, "schedule": one.schedule.to_data()}
    return actions.add_statement(by=access, values={**values, **said, "medicine": medicine})


def _history(paul: Access, ben: User, dora: User, today: datetime.date) -> None:
    """Some weeks in the life of a list."""
    now = timezone.now()
    statements = {one.name: one for one in paul.statements}
    bens, doras = access_to(ben, paul.person.uid), access_to(dora, paul.person.uid)
    actions.hide(by=paul, uid=statements["sertraline"].uid, user_id=dora.pk, what=Hidden.What.MEDICINE)
    actions.set_status(
        by=bens, uid=statements["lisinopril"].uid, read_version=1, status=Status.STOPPED, since=today,
        said_by="Dr. Hahn", why="a dry cough", was_side_effect=True,
    )  # fmt: skip
    actions.change_statement(
        by=bens,
        uid=statements["baclofen"].uid,
        read_version=1,
        values={"really_taken": "often forgotten in the evening"},
    )
    actions.confirm(by=bens, uids=[statements["Coumadin"].uid, statements["methotrexate"].uid], now=now)
    actions.record_look(by=doras, verb=Verb.LOOKED, now=now)
    seed = seed_of(by=paul, nonce=uuid4().hex, choices="demonstration")
    make_link(
        by=paul, token=token_of(seed), label="Dr. Hahn", days=30, shows=set(Part) - {Part.NOTES},
        left_out=[statements["sertraline"]], now=now,
    )  # fmt: skip
    hundred_days_ago = now - datetime.timedelta(days=100)
    Person.objects.filter(pk=paul.person.pk).update(created_at=hundred_days_ago)
    MedicationStatement.objects.filter(person=paul.person).update(created_at=hundred_days_ago)
