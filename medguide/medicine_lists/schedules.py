"""When a medicine is taken: what was said, what is wrong with it, and what that makes of a day. Pure."""

import datetime
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .amounts import MEASURES, amount_in_words, number_in_words, plain_number

EARLIEST = datetime.date(1990, 1, 1)
LATEST_AFTER = datetime.timedelta(days=3653)  # ten years
EVERY_DAYS = range(2, 366)
MOST_HOURS = 168  # a week
LONGEST_REASON = 120


class Slot(StrEnum):
    MORNING = "morning"
    NOON = "noon"
    EVENING = "evening"
    BEDTIME = "bedtime"


class Kind(StrEnum):
    NOT_SAID = ""
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    EVERY_N_DAYS = "every-n-days"
    BY_WEEKDAY = "by-weekday"
    TAPER = "taper"
    AS_NEEDED = "as-needed"


# The time only puts slots and exact times in order; nobody is told to take anything then.
_SLOTS = {
    Slot.MORNING: (datetime.time(8), gettext_lazy("in the morning")),
    Slot.NOON: (datetime.time(12), gettext_lazy("at noon")),
    Slot.EVENING: (datetime.time(18), gettext_lazy("in the evening")),
    Slot.BEDTIME: (datetime.time(22), gettext_lazy("at bedtime")),
}
_SPAN = frozenset({"starts_on", "ends_on"})
_FIELDS_OF = {
    Kind.NOT_SAID: frozenset[str](),
    Kind.DAILY: _SPAN | {"doses"},
    Kind.WEEKDAYS: _SPAN | {"doses", "weekdays"},
    Kind.EVERY_N_DAYS: _SPAN | {"doses", "every_days"},
    Kind.BY_WEEKDAY: _SPAN | {"by_weekday"},
    Kind.TAPER: frozenset({"steps"}),
    Kind.AS_NEEDED: _SPAN | {"needed_for", "least_hours", "most_in_a_day"},
}


@dataclass(frozen=True)
class Problem:
    """What a person must mend. `field` is StatementForm's: starts_on, when, slots, times, amount_0, step_1_first ..."""

    field: str
    message: str


@dataclass(frozen=True)
class Dose:
    """One taking, in a slot or at a time (hours and minutes, of no zone). Without an amount: the statement's own."""

    slot: Slot | None = None
    time: datetime.time | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.slot is None) == (self.time is None):
            raise ValueError("A dose has a slot or a time: one of both.")
        if self.time and (self.time.second or self.time.microsecond or self.time.tzinfo):
            raise ValueError("The time of a dose is in hours and minutes, of no zone.")
        if self.amount is not None and not (self.amount.is_finite() and self.amount > 0):
            raise ValueError("The amount of a dose is more than zero.")


@dataclass(frozen=True)
class Step:
    """One step of a taper, both days included; without a last day it goes on."""

    first: datetime.date
    last: datetime.date | None = None
    doses: tuple[Dose, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """When it is taken. ValueError for a field that its kind has not; what people get wrong is in problems()."""

    kind: Kind = Kind.NOT_SAID
    doses: tuple[Dose, ...] = ()  # of each day on which it is taken: DAILY, WEEKDAYS, EVERY_N_DAYS
    weekdays: frozenset[int] = frozenset()  # 0 Monday ... 6 Sunday: WEEKDAYS
    every_days: int | None = None  # counted from starts_on: EVERY_N_DAYS
    by_weekday: tuple[tuple[int, tuple[Dose, ...]], ...] = ()  # different amounts on different days: BY_WEEKDAY
    steps: tuple[Step, ...] = ()  # TAPER
    starts_on: datetime.date | None = None  # both included; any kind but TAPER
    ends_on: datetime.date | None = None
    needed_for: str = ""  # this and the next two: AS_NEEDED
    least_hours: Decimal | None = None  # between two doses
    most_in_a_day: Decimal | None = None  # of the statement's unit, in 24 hours

    def __post_init__(self) -> None:
        if not self.to_data().keys() <= _FIELDS_OF[self.kind] | {"kind"}:
            raise ValueError("A schedule has only the fields of its kind.")
        days = [day for day, _doses in self.by_weekday]
        if not {*self.weekdays, *days} <= set(range(7)) or len(days) != len(set(days)):
            raise ValueError("The days of a week are 0, Monday, to 6, Sunday, each at most once.")
        if any(number is not None and not number.is_finite() for number in (self.least_hours, self.most_in_a_day)):
            raise ValueError("Hours and amounts are finite.")

    def problems(self, today: datetime.date | None = None) -> list[Problem]:
        """Each in a sentence of its own. `today` only tells which years are absurd: its zone does not matter."""
        today = today or datetime.datetime.now(datetime.UTC).date()
        return list(dict.fromkeys([*self._problems_of_kind(), *self._problems_of_dates(today)]))

    def _problems_of_kind(self) -> Iterable[Problem]:
        match self.kind:
            case Kind.WEEKDAYS if not self.weekdays:
                yield Problem("weekdays", _("Choose at least one day of the week."))
            case Kind.EVERY_N_DAYS:
                if self.every_days not in EVERY_DAYS:
                    yield Problem("every_days", _("Write how many days apart, as a whole number from 2 to 365."))
                if self.starts_on is None:
                    yield Problem("starts_on", _("Choose the first day, from which the days are counted."))
            case Kind.BY_WEEKDAY if not self.by_weekday:
                yield Problem("amount_0", _("Write the amount for at least one day of the week."))
            case Kind.TAPER:
                yield from self._problems_of_steps()
            case Kind.AS_NEEDED:
                yield from self._problems_of_need()
        for doses in self._days():
            yield from _problems_of_doses(doses)

    def _problems_of_steps(self) -> Iterable[Problem]:
        if not self.steps:
            yield Problem("step_1_first", _("Write at least one step: from which day, and how much."))
        for number, step in enumerate(self.steps, start=1):
            if step.last and step.last < step.first:
                yield Problem(f"step_{number}_last", _("The last day of this step is before its first day."))
        for number, (before, step) in enumerate(pairwise(self.steps), start=1):
            if before.last is None:
                message = _("Write the last day of this step; only the last step can go on without one.")
                yield Problem(f"step_{number}_last", message)
            if step.first <= (before.last or before.first):
                message = _("This step must start after the step before it has ended.")
                yield Problem(f"step_{number + 1}_first", message)

    def _problems_of_need(self) -> Iterable[Problem]:
        if len(self.needed_for) > LONGEST_REASON:
            yield Problem("needed_for", _("Say in at most 120 letters what it is needed for."))
        if self.least_hours is not None and not 0 < self.least_hours <= MOST_HOURS:
            yield Problem("least_hours", _("Write the hours between two doses, more than 0 and at most 168, one week."))
        if self.most_in_a_day is not None and self.most_in_a_day <= 0:
            yield Problem("most_in_a_day", _("The most in 24 hours must be more than zero."))

    def _problems_of_dates(self, today: datetime.date) -> Iterable[Problem]:
        said = {"starts_on": self.starts_on, "ends_on": self.ends_on}
        for number, step in enumerate(self.steps, start=1):
            said |= {f"step_{number}_first": step.first, f"step_{number}_last": step.last}
        for field, day in said.items():
            if day and not EARLIEST <= day <= today + LATEST_AFTER:
                yield Problem(field, _("That day is too far away. Check the year."))
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The last day is before the first day."))

    def _days(self) -> list[tuple[Dose, ...]]:
        """The doses of each sort of day that it has."""
        if self.kind in (Kind.DAILY, Kind.WEEKDAYS, Kind.EVERY_N_DAYS):
            return [self.doses]
        return [doses for _day, doses in self.by_weekday] + [step.doses for step in self.steps]

    def doses_on(self, day: datetime.date) -> tuple[Dose, ...]:
        """In the order of the day. Nothing that is taken when needed is ever here."""
        return tuple(sorted(self._doses_on(day), key=_place))

    def _doses_on(self, day: datetime.date) -> tuple[Dose, ...]:
        if self.kind is Kind.TAPER:
            now = (step for step in self.steps if step.first <= day <= (step.last or day))
            return next((step.doses for step in now), ())
        if (self.starts_on and day < self.starts_on) or (self.ends_on and day > self.ends_on):
            return ()
        if self.kind is Kind.BY_WEEKDAY:
            return dict(self.by_weekday).get(day.weekday(), ())
        if self.kind is Kind.WEEKDAYS and day.weekday() not in self.weekdays:
            return ()
        if self.kind is Kind.EVERY_N_DAYS and not (
            self.starts_on and self.every_days and (day - self.starts_on).days % self.every_days == 0
        ):
            return ()
        return self.doses

    def moments_on(self, day: datetime.date, zone: ZoneInfo) -> tuple[datetime.datetime, ...]:
        """The exact times of a day, aware, in order, each once.

        A time that the clock skips is the first moment after the gap; of one that comes twice, the first.
        """
        moments = [_moment(datetime.datetime.combine(day, dose.time, zone)) for dose in self.doses_on(day) if dose.time]
        return tuple(dict.fromkeys(moments))

    def to_data(self) -> dict[str, Any]:
        """JSON-safe: only what was said, equal for equal schedules but for the order of doses; {} for nothing."""
        return dict(_data(self))

    @classmethod
    def from_data(cls, data: Any) -> "Schedule":
        """What to_data made. Raises ValueError, with a sentence, for anything else."""
        try:
            return _of_text(json.dumps(data, sort_keys=True))
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
            # Alone, as the error below holds what was typed.
            raise ValueError(_("The times of this medicine are not written as MedGuide writes them.")) from None

    def in_words(self, unit: str = "", amount: Decimal | None = None) -> str:
        """One line, with `amount` of `unit` where a dose has no amount of its own; an empty text for nothing."""
        if self.kind is Kind.NOT_SAID:
            return ""
        span = _span_in_words(self.starts_on, self.ends_on)
        match self.kind:
            case Kind.AS_NEEDED:
                text = ", ".join(filter(None, [*self._need_in_words(unit, amount), span]))
            case Kind.TAPER:
                steps = [(_span_in_words(step.first, step.last), step.doses) for step in self.steps]
                text = "; ".join(_with_doses(days, doses, unit, amount) for days, doses in steps) or _("step by step")
            case Kind.BY_WEEKDAY:
                text = "; ".join(filter(None, [*self._week_in_words(unit, amount), span]))
            case _:
                text = _with_doses(f"{self._days_in_words()} {span}".rstrip(), self.doses, unit, amount)
        return text[:1].upper() + text[1:]

    def _days_in_words(self) -> str:
        if self.kind is Kind.WEEKDAYS:
            return _weekdays_in_words(self.weekdays)
        if self.kind is not Kind.EVERY_N_DAYS:
            return _("every day")
        if self.every_days is None:
            return _("every few days")
        return ngettext("every %(n)d day", "every %(n)d days", self.every_days) % {"n": self.every_days}

    def _week_in_words(self, unit: str, amount: Decimal | None) -> Iterable[str]:
        """Days with the same doses stand together: "every Monday and Friday: 5 mg in the evening"."""
        together: dict[tuple[Dose, ...], list[int]] = {} if self.by_weekday else {(): []}
        for day, doses in sorted(self.by_weekday, key=lambda entry: entry[0]):
            together.setdefault(doses, []).append(day)
        return (_with_doses(_weekdays_in_words(days), doses, unit, amount) for doses, days in together.items())

    def _need_in_words(self, unit: str, amount: Decimal | None) -> Iterable[str]:
        text = _("when needed for %(what)s") % {"what": self.needed_for} if self.needed_for else _("when needed")
        yield text if amount is None else f"{amount_in_words(amount, unit)} {text}"
        if self.least_hours is not None:
            yield _("at least %(hours)s apart") % {"hours": amount_in_words(self.least_hours, "hour")}
        if self.most_in_a_day is not None:
            yield _("at most %(amount)s in 24 hours") % {"amount": amount_in_words(self.most_in_a_day, unit)}


def _place(dose: Dose) -> tuple[datetime.time, bool]:
    return (_SLOTS[dose.slot][0], False) if dose.slot else (dose.time or datetime.time(), True)


def _problems_of_doses(doses: tuple[Dose, ...]) -> Iterable[Problem]:
    slots = [dose.slot for dose in doses if dose.slot]
    times = [dose.time for dose in doses if dose.time]
    if not doses:
        yield Problem("slots", _("Choose at least one time of day, or write an exact time."))
    if len(slots) != len(set(slots)):
        yield Problem("slots", _("Two doses are at the same time of day. Make one of them, with one amount."))
    if len(times) != len(set(times)):
        yield Problem("times", _("The same time stands there twice. Write it once."))


def _moment(local: datetime.datetime) -> datetime.datetime:
    """The moment of a wall clock's time; where the clock jumps over it, the first moment after the jump."""
    local = local.replace(fold=0)
    late, early = local.astimezone(datetime.UTC), local.replace(fold=1).astimezone(datetime.UTC)
    if late.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None):
        return local

    def is_after_the_jump(seconds: int) -> bool:
        there = (early + datetime.timedelta(seconds=seconds)).astimezone(local.tzinfo)
        return there.utcoffset() == local.replace(fold=1).utcoffset()

    seconds = bisect_left(range(int((late - early).total_seconds())), True, key=is_after_the_jump)
    return (early + datetime.timedelta(seconds=seconds)).astimezone(local.tzinfo)


_DECIMAL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")


def _data(value: Any) -> Any:
    """JSON-safe; of a Dose, a Step or a Schedule only what was said."""
    match value:
        case Dose() | Step() | Schedule():
            said = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: _data(part) for name, part in said if part not in (None, (), frozenset(), "")}
        case frozenset():
            return sorted(value)
        case tuple():
            return [_data(part) for part in value]
        case Decimal():
            return plain_number(value)
        case datetime.time():
            return value.isoformat("minutes")
        case datetime.date():
            return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


@lru_cache(maxsize=4096)  # most people take most medicines once or twice a day
def _of_text(text: str) -> Schedule:
    schedule = Schedule(**_read(json.loads(text)))
    # What was read loosely (an amount 1.50, True for a 1, an empty list) comes out as another text.
    if json.dumps(schedule.to_data(), sort_keys=True) != text:
        raise ValueError
    return schedule


def _read_text(value: str) -> str:
    if "\0" in value or value != value.encode(errors="ignore").decode():  # neither has a place in PostgreSQL
        raise ValueError
    return value


def _read_decimal(value: str) -> Decimal:
    if not _DECIMAL.fullmatch(value):
        raise ValueError
    return Decimal(value)


_READ: dict[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "slot": Slot,
    "time": datetime.time.fromisoformat,
    "amount": _read_decimal,
    "doses": lambda value: tuple(Dose(**_read(dose)) for dose in value),
    "weekdays": lambda value: frozenset(map(int, value)),
    "every_days": int,
    "by_weekday": lambda value: tuple((int(day), _READ["doses"](doses)) for day, doses in value),
    "steps": lambda value: tuple(Step(**_read(step)) for step in value),
    "needed_for": _read_text,
    "least_hours": _read_decimal,
    "most_in_a_day": _read_decimal,
    **dict.fromkeys(("first", "last", "starts_on", "ends_on"), datetime.date.fromisoformat),
}


def _read(data: dict[str, Any]) -> dict[str, Any]:
    return {name: _READ[name](value) for name, value in data.items()}


def _weekdays_in_words(days: Iterable[int]) -> str:
    names = [str(WEEKDAY_NAMES[day]) for day in sorted(days)]
    return _("every %(days)s") % {"days": get_text_list(names, _("and"))} if names else _("on some days of the week")


def _span_in_words(first: datetime.date | None, last: datetime.date | None) -> str:
    # Translators: a date as Django writes it, here Nov 24, 2026.
    said = {"first": first and date_format(first, _("M j, Y")), "last": last and date_format(last, _("M j, Y"))}
    if first and last:
        return (_("on %(first)s") if first == last else _("from %(first)s through %(last)s")) % said
    return _("from %(first)s") % said if first else _("through %(last)s") % said if last else ""


def _with_doses(days: str, doses: Iterable[Dose], unit: str, amount: Decimal | None) -> str:
    """As in "every day: 1 tablet in the morning, 2 at bedtime"; of what is measured, the unit beside each number."""
    words = []
    in_words = amount_in_words
    for dose in sorted(doses, key=_place):
        when = str(_SLOTS[dose.slot][1]) if dose.slot else _("at %(time)s") % {"time": time_format(dose.time or "")}
        how_much = amount if dose.amount is None else dose.amount
        words.append(when if how_much is None else f"{in_words(how_much, unit)} {when}")
        if how_much is not None and unit not in MEASURES:
            in_words = number_in_words
    return f"{days}: {', '.join(words)}" if words else days
