"""One day of a list: what is taken at which time of day, what only when needed, and what not on that day. Pure."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.formats import time_format

from .amounts import amount_in_words
from .models import Status
from .rows import Row
from .schedules import Dose, Kind, Schedule, Slot


@dataclass(frozen=True)
class Taking:
    """One medicine at one time of day. `how_much` is empty where nobody has said it."""

    row: Row
    how_much: str


@dataclass(frozen=True)
class Place:
    """One time of day with all that is taken then: a slot (then `slot` is its name), or an exact time."""

    slot: str
    time: str
    takings: tuple[Taking, ...] = ()


@dataclass(frozen=True)
class DayGrid:
    """A day. `not_today` are medicines with a schedule that leaves this day out; as needed is never in a place."""

    day: datetime.date
    places: tuple[Place, ...]
    as_needed: tuple[Row, ...] = field(default=())
    not_said: tuple[Row, ...] = field(default=())
    not_today: tuple[Row, ...] = field(default=())
    paused: tuple[Row, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        rest = (self.as_needed, self.not_said, self.not_today, self.paused)
        return not any(rest) and not any(place.takings for place in self.places)


def day_grid(rows: Sequence[Row], day: datetime.date) -> DayGrid:
    """The four times of day always stand there, an exact time where something is taken at it."""
    taken = [row for row in rows if row.is_taken]
    on_day = {row.statement.pk: row.schedule.doses_on(day) for row in taken}
    found: dict[Dose, list[Taking]] = {Dose(slot=slot): [] for slot in Slot}
    for row in taken:
        for dose in on_day[row.statement.pk]:
            amount = row.statement.amount if dose.amount is None else dose.amount
            found.setdefault(replace(dose, amount=None), []).append(Taking(row, _in_words(amount, row)))
    in_order = Schedule(kind=Kind.DAILY, doses=tuple(found)).doses_on(day)
    said = [row for row in taken if row.schedule.kind not in (Kind.AS_NEEDED, Kind.NOT_SAID)]
    return DayGrid(
        day=day,
        places=tuple(_place(dose, found[dose]) for dose in in_order),
        as_needed=tuple(row for row in taken if row.is_as_needed),
        not_said=tuple(row for row in taken if row.schedule.kind is Kind.NOT_SAID),
        not_today=tuple(row for row in said if not on_day[row.statement.pk]),
        paused=tuple(row for row in rows if row.statement.status == Status.PAUSED),
    )


def _in_words(amount: Decimal | None, row: Row) -> str:
    return "" if amount is None else amount_in_words(amount, row.statement.amount_unit)


def _place(dose: Dose, takings: list[Taking]) -> Place:
    return Place(dose.slot.value if dose.slot else "", time_format(dose.time) if dose.time else "", tuple(takings))
