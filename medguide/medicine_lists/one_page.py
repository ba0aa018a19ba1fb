"""What a doctor or a hospital reads on one page: the rows, what the check says, and who confirmed it."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from monographs.interactions.merging import sentences
from monographs.interactions.report import PairFinding, listed
from monographs.interactions.rulebook import Level, condition_in_words

from .check_list import ListFinding, ListReport
from .models import Contact, Part, Person, Status
from .rows import Row

# What members print. Stopped medicines are those that did harm, and notes have no room.
PRINTED = frozenset(Part) - {Part.NOTES}
# So few letters tell what happens to a level, and not yet what that does to somebody.
FEW = 60


@dataclass(frozen=True)
class Confirmation:
    """What one user said on one day to be right. `who` is an e-mail address, or empty where the account is gone."""

    who: str
    day: datetime.date
    names: tuple[str, ...]
    is_stale: bool


@dataclass(frozen=True)
class Alert:
    """A serious finding in one line; `known_on` is when somebody said that the prescriber knows."""

    what: str
    text: str
    known_on: datetime.date | None = None


@dataclass(frozen=True)
class OnePage:
    """The rows by what is done with them, and what stands around them."""

    taking: tuple[Row, ...]
    as_needed: tuple[Row, ...]
    paused: tuple[Row, ...]
    stopped_by_side_effect: tuple[Row, ...]
    stopped: tuple[Row, ...]  # for other reasons
    alerts: tuple[Alert, ...]
    confirmations: tuple[Confirmation, ...]
    not_confirmed: tuple[str, ...]

    @property
    def names_what_is_confirmed(self) -> bool:
        """Where several confirmed, or it is the shorter of the two lists; else what is not confirmed is named."""
        confirmed = sum(len(one.names) for one in self.confirmations)
        return len(self.confirmations) > 1 or len(self.not_confirmed) > confirmed


def one_page(
    rows: Sequence[Row], checked: ListReport | None, changed_since_confirmed: Collection[UUID], zone: datetime.tzinfo
) -> OnePage:
    taken = [row for row in rows if row.is_taken]
    stopped = [row for row in rows if row.statement.status == Status.STOPPED]
    confirmed = [row for row in taken if _is_confirmed(row, changed_since_confirmed)]
    return OnePage(
        taking=tuple(row for row in taken if not row.is_as_needed),
        as_needed=tuple(row for row in taken if row.is_as_needed),
        paused=tuple(row for row in rows if row.statement.status == Status.PAUSED),
        stopped_by_side_effect=tuple(row for row in stopped if row.statement.was_side_effect),
        stopped=tuple(row for row in stopped if not row.statement.was_side_effect),
        alerts=tuple(_alerts(checked, zone)) if checked else (),
        confirmations=_confirmations(confirmed, zone),
        not_confirmed=tuple(row.title for row in taken if row not in confirmed),
    )


def conditions_of(person: Person) -> list[str]:
    """In the words of the check, as they stand within a sentence."""
    return [condition_in_words(key) for key in person.conditions]


def about(person: Person, shows: Collection[Part]) -> dict[str, object]:
    """What stands around the medicines and how wide their table is, by the names that the sheet's template has."""
    contacts = list(person.contacts.all())
    return {
        "person": person,
        "shows": shows,
        "columns": 2 + (Part.WHAT_FOR in shows) + (Part.CONTACTS in shows),
        "allergies": person.allergies.all(),
        "conditions": conditions_of(person),
        "doctors": [contact for contact in contacts if contact.kind == Contact.Kind.DOCTOR],
        "pharmacies": [contact for contact in contacts if contact.kind == Contact.Kind.PHARMACY],
    }


def _is_confirmed(row: Row, changed: Collection[UUID]) -> bool:
    return row.statement.confirmed_at is not None and row.statement.uid not in changed


def _confirmations(rows: Sequence[Row], zone: datetime.tzinfo) -> tuple[Confirmation, ...]:
    """By user and day, the newest first."""
    found: dict[tuple[datetime.date, str], list[Row]] = {}
    for row in rows:
        day = timezone.localdate(row.statement.confirmed_at, zone)
        by = row.statement.confirmed_by
        found.setdefault((day, by.email if by else ""), []).append(row)
    return tuple(
        Confirmation(who, day, tuple(row.title for row in of_day), any(row.is_stale for row in of_day))
        for (day, who), of_day in sorted(found.items(), key=lambda entry: entry[0], reverse=True)
    )


def _alerts(checked: ListReport, zone: datetime.tzinfo) -> list[Alert]:
    allergies = [
        Alert(_("%(a)s, and the allergy to %(b)s") % {"a": one.name, "b": one.substance}, one.reaction)
        for one in checked.allergies
    ]
    serious = [one for one in (*checked.open, *checked.known) if one.finding.level is Level.SERIOUS]
    return allergies + [_alert(one, zone) for one in serious]


def _alert(one: ListFinding, zone: datetime.tzinfo) -> Alert:
    known_on = timezone.localdate(one.known.said_at, zone) if one.known else None
    finding = one.finding
    if isinstance(finding, PairFinding):
        what = _("%(a)s with %(b)s") % {"a": finding.names[0], "b": finding.names[1]}
        gravest = finding.reasons[0]
        told = [read for _written, read in gravest.sentences(gravest.wording.could_happen)]
        return Alert(what, _short(told), known_on)
    return Alert(listed(finding.names), _short(sentences(finding.texts.could_happen)), known_on)


def _short(told: Sequence[str]) -> str:
    """The first sentence; the second too behind a few words such as "Methotrexate can build up." The whole stands on
    the page of the check."""
    return " ".join(told[: 1 if len(told[0]) > FEW else 2])
