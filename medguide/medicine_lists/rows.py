"""A medicine as a row of the list: what one reads across a room."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from .amounts import amount_in_words
from .models import MedicationStatement
from .schedules import Kind, Schedule


@dataclass(frozen=True)
class Row:
    """One medicine with its words. `page_url` is its page in the library, or empty."""

    statement: MedicationStatement
    schedule: Schedule
    how_much: str
    when: str
    page_url: str
    is_stale: bool
    is_expired: bool
    refill_is_due: bool
    refill_is_today: bool

    @property
    def is_taken(self) -> bool:
        return self.statement.is_taken

    @property
    def is_as_needed(self) -> bool:
        return self.schedule.kind is Kind.AS_NEEDED

    @property
    def title(self) -> str:
        """The name with its strength, unless that was written into the name already."""
        name, strength = self.statement.name, self.statement.strength
        return name if not strength or strength.casefold() in name.casefold() else f"{name} {strength}"


def rows_of(statements: Iterable[MedicationStatement], *, now: datetime.datetime) -> list[Row]:
    """Prefetch `medicine__monographs` for many."""
    today = timezone.localdate(now)
    return [_row(statement, now, today) for statement in statements]


def _row(statement: MedicationStatement, now: datetime.datetime, today: datetime.date) -> Row:
    schedule = Schedule.from_data(statement.schedule)
    medicine = statement.medicine
    has_page = bool(medicine and not medicine.retired_at and medicine.monographs.all())
    return Row(
        statement=statement,
        schedule=schedule,
        how_much=amount_in_words(statement.amount, statement.amount_unit) if statement.amount else "",
        when=schedule.in_words(statement.amount_unit, statement.amount),
        page_url=reverse("medicine", args=[medicine.slug]) if medicine and has_page else "",
        is_stale=statement.is_stale(now),
        is_expired=statement.is_expired(today),
        refill_is_due=bool(statement.refill_on and statement.refill_on <= today),
        refill_is_today=statement.refill_on == today,
    )
