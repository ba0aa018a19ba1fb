"""What a link shows: the list as its owner sees it, without what was chosen away. Nothing of the rest is handed on."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from .access import access_by_link
from .check_list import ListReport, check_list
from .history import zone_of
from .list_changes import changed_after
from .models import Allergy, Contact, MedicationStatement, Part, Person, ShareLink, Status
from .one_page import OnePage, one_page
from .rows import rows_of
from .schedules import Schedule

# What a part hides in a medicine when it is not shown, by field.
_OF_A_MEDICINE: dict[Part, tuple[str, ...]] = {
    Part.WHAT_FOR: ("what_for",),
    Part.NOTES: ("note", "shown_note"),
    Part.CONTACTS: ("prescriber", "pharmacy", "rx_number"),
}


@dataclass(frozen=True)
class SharedList:
    """`checked` is None where the check is not shown. `person` has only what is shown, and is never saved."""

    person: Person
    shows: frozenset[Part]
    checked: ListReport | None
    sheet: OnePage
    zone: datetime.tzinfo
    now: datetime.datetime

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now, self.zone)

    @property
    def not_shown(self) -> list[Part]:
        return [part for part in Part if part not in self.shows]


def shared_list(link: ShareLink, *, now: datetime.datetime) -> SharedList:
    """For a link that works: see share_link_actions.open_link."""
    shows = frozenset(Part(key) for key in link.shows)
    person = _only_shown(link.person, shows)
    access = access_by_link(link)
    found = access.statements.kept().exclude(pk__in=link.left_out.values("pk")).in_order().with_library()
    if Part.STOPPED not in shows:
        found = found.filter(status=Status.TAKING)
    statements = list(found)
    checked = check_list(access, [one for one in statements if one.is_taken]) if Part.CHECK in shows else None
    statements = [_without(statement, shows) for statement in statements]  # after the check, which knows doses by them
    zone = zone_of(person)
    rows = rows_of(statements, now=now)
    sheet = one_page(rows, checked, changed_after(access, statements), zone)
    return SharedList(person, shows, checked, sheet, zone, now)


def _only_shown(person: Person, shows: Collection[Part]) -> Person:
    if Part.ALLERGIES not in shows:
        person.conditions, person.substances, person.weight_kg, person.weighed_on = [], [], None, None
        prefetch_related_objects([person], Prefetch("allergies", Allergy.objects.none()))
    if Part.EMERGENCY not in shows:
        person.emergency_contact = ""
    if Part.CONTACTS not in shows:
        prefetch_related_objects([person], Prefetch("contacts", Contact.objects.none()))
    return person


def _without(statement: MedicationStatement, shows: Collection[Part]) -> MedicationStatement:
    for part, fields in _OF_A_MEDICINE.items():
        if part not in shows:
            for field in fields:
                setattr(statement, field, "")
    if Part.WHAT_FOR not in shows:  # "when needed for pain" says it too
        statement.schedule = replace(Schedule.from_data(statement.schedule), needed_for="").to_data()
    return statement
