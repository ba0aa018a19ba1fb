"""Schedules: what is wrong with them, what they make of a day, and that they survive being stored."""

import datetime
import json
import re
from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medguide.medicine_lists.amounts import UNITS
from medguide.medicine_lists.schedules import Dose, Kind, Problem, Schedule, Slot, Step
from medguide.medicine_lists.weekly import must_be_weekly_problem

TODAY = date(2026, 11, 23)
MORNING, BEDTIME = Dose(slot=Slot.MORNING), Dose(slot=Slot.BEDTIME)
EIGHT = Dose(time=time(8))

days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
near_days = st.dates(date(2026, 11, 1), date(2027, 1, 31))
amounts = st.decimals(min_value="0.001", max_value=9999, places=3)
times = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
when = st.fixed_dictionaries({"slot": st.sampled_from(Slot)}) | st.fixed_dictionaries({"time": times})
doses = st.lists(st.builds(lambda at, amount: Dose(**at, amount=amount), when, st.none() | amounts), max_size=4).map(
    tuple
)
weekdays = st.integers(0, 6)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def schedules(days: Any = days, texts: Any = words) -> st.SearchStrategy[Schedule]:
    """Of every kind, with and without problems."""
    span = {"starts_on": st.none() | days, "ends_on": st.none() | days}
    numbers = st.none() | st.decimals(min_value=-10, max_value=1000, places=3)
    week = st.lists(st.tuples(weekdays, doses), max_size=7, unique_by=lambda entry: entry[0]).map(tuple)
    steps = st.lists(st.builds(Step, days, st.none() | days, doses), max_size=4).map(tuple)
    need = {"needed_for": texts, "least_hours": numbers, "most_in_a_day": numbers}
    return st.one_of(
        st.just(Schedule()),
        st.builds(Schedule, st.just(Kind.DAILY), doses, **span),
        st.builds(Schedule, st.just(Kind.WEEKDAYS), doses, st.frozensets(weekdays), **span),
        st.builds(Schedule, st.just(Kind.EVERY_N_DAYS), doses, every_days=st.none() | st.integers(2, 20), **span),
        st.builds(Schedule, st.just(Kind.BY_WEEKDAY), by_weekday=week, **span),
        st.builds(Schedule, st.just(Kind.TAPER), steps=steps),
        st.builds(Schedule, st.just(Kind.AS_NEEDED), **need, **span),
    )


@given(schedules())
def test_a_schedule_survives_being_stored(schedule: Schedule) -> None:
    data = schedule.to_data()
    again = Schedule.from_data(json.loads(json.dumps(data)))
    assert again == schedule
    assert again.to_data() == data
    assert (data == {}) == (schedule.kind is Kind.NOT_SAID)


def plainly(schedule: Schedule, wanted: date) -> list[Dose]:
    """Walks from the first day that matters and counts; knows nothing of the code under test."""
    found: list[Dose] = []
    begins = schedule.starts_on or min([wanted, *[step.first for step in schedule.steps]])
    day, days_since_a_dose = begins, 0
    while day <= wanted:
        found = []
        if schedule.kind == "daily":
            found = list(schedule.doses)
        elif schedule.kind == "weekdays":
            if any(day.isoweekday() == chosen + 1 for chosen in schedule.weekdays):
                found = list(schedule.doses)
        elif schedule.kind == "every-n-days":
            if day == schedule.starts_on or days_since_a_dose + 1 == schedule.every_days:
                found, days_since_a_dose = list(schedule.doses), 0
            else:
                days_since_a_dose += 1
            if not schedule.starts_on or not schedule.every_days:
                found = []
        elif schedule.kind == "by-weekday":
            for chosen, its_doses in schedule.by_weekday:
                if day.isoweekday() == chosen + 1:
                    found = list(its_doses)
        elif schedule.kind == "taper":
            for step in reversed(schedule.steps):
                if day >= step.first and not (step.last and day > step.last):
                    found = list(step.doses)
        if schedule.ends_on and day > schedule.ends_on:
            found = []
        day += datetime.timedelta(days=1)
    hours = {"morning": 8, "noon": 12, "evening": 18, "bedtime": 22}
    slots = [(hours[dose.slot] * 60, 0, dose) for dose in found if dose.slot]
    exact = [(dose.time.hour * 60 + dose.time.minute, 1, dose) for dose in found if dose.time]
    return [dose for _minute, _exact, dose in sorted(slots + exact, key=lambda entry: entry[:2])]


@given(schedules(near_days))
def test_the_doses_of_a_day_are_those_of_a_plain_count(schedule: Schedule) -> None:
    for day in (date(2026, 10, 30) + datetime.timedelta(days=n) for n in range(100)):
        assert list(schedule.doses_on(day)) == plainly(schedule, day)


def test_the_doses_of_a_day_stand_in_its_order() -> None:
    evening, noon = Dose(slot=Slot.EVENING), Dose(slot=Slot.NOON)
    midnight, six, late = Dose(time=time(0)), Dose(time=time(18)), Dose(time=time(22, 30))
    said = (six, BEDTIME, late, evening, midnight, noon, EIGHT, MORNING)
    schedule = Schedule(Kind.DAILY, said, starts_on=TODAY, ends_on=TODAY)
    assert schedule.doses_on(TODAY) == (midnight, MORNING, EIGHT, noon, evening, six, BEDTIME, late)
    assert schedule.doses_on(TODAY - datetime.timedelta(days=1)) == ()
    assert schedule.doses_on(TODAY + datetime.timedelta(days=1)) == ()


def test_every_third_day_is_counted_over_the_end_of_a_year_and_a_leap_day() -> None:
    schedule = Schedule(Kind.EVERY_N_DAYS, (MORNING,), every_days=3, starts_on=date(2027, 12, 30))
    march = [day for day in range(1, 8) if schedule.doses_on(date(2028, 3, day))]
    assert march == [2, 5], "2027-12-30 and 21 or 22 times three days, over 2028-02-29"


# Each with the days on which its clock jumps: forward, back; half an hour; a day that never was; for Ramadan.
JUMPS = {
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25)],
    "Australia/Lord_Howe": [date(2026, 10, 4), date(2026, 4, 5)],
    "Pacific/Apia": [date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
}


@given(st.sampled_from(list(JUMPS)), st.data(), st.lists(times, min_size=1, max_size=12, unique=True))
def test_every_moment_is_real_on_its_day_and_in_order(name: str, data: st.DataObject, at: list[time]) -> None:
    zone = ZoneInfo(name)
    day = data.draw(st.sampled_from(JUMPS[name]) | st.dates(date(2010, 1, 1), date(2030, 1, 1)))
    at += [time(hour, minute) for hour in range(4) for minute in (0, 15, 30, 45)]
    schedule = Schedule(Kind.DAILY, tuple(Dose(time=moment) for moment in {*at}))
    moments = schedule.moments_on(day, zone)
    instants = [moment.astimezone(datetime.UTC) for moment in moments]
    assert all(earlier < later for earlier, later in pairwise(instants))
    for moment, instant in zip(moments, instants, strict=True):
        assert moment.tzinfo is zone
        assert instant.astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None), "it is on that clock"
    # Asked of the zone itself, minute by minute: which of the wall clock's times it shows, and first when.
    start = datetime.datetime.combine(day, time(), datetime.UTC) - datetime.timedelta(days=1)
    shown: dict[datetime.datetime, datetime.datetime] = {}
    for minute in range(3 * 24 * 60):
        instant = start + datetime.timedelta(minutes=minute)
        shown.setdefault(instant.astimezone(zone).replace(tzinfo=None), instant)
    walls = [datetime.datetime.combine(day, moment).replace(fold=0) for moment in at]
    expected = {shown.get(wall) or min(late for seen, late in shown.items() if seen > wall) for wall in walls}
    assert instants == sorted(expected)


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T03:00:00-04:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T01:30:00-04:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-04T02:30:00+11:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(8), "2011-12-31T00:00:00+14:00"),
        ("Europe/Berlin", date(2026, 7, 1), time(8), "2026-07-01T08:00:00+02:00"),
    ],
)
def test_a_skipped_time_comes_after_the_gap_and_a_repeated_one_comes_first(
    zone: str, day: date, at: time, moment: str
) -> None:
    schedule = Schedule(Kind.DAILY, (MORNING, Dose(time=at)))
    assert [found.isoformat() for found in schedule.moments_on(day, ZoneInfo(zone))] == [moment]


def daily(*of_a_day: Dose, **more: Any) -> Schedule:
    return Schedule(Kind.DAILY, of_a_day or (MORNING,), **more)


def every(number: int | None, starts_on: date | None = TODAY) -> Schedule:
    return Schedule(Kind.EVERY_N_DAYS, (MORNING,), every_days=number, starts_on=starts_on)


def taper(*steps: tuple[int, int | None]) -> Schedule:
    """Days of November, the first and the last of each step."""
    november = {day: date(2026, 11, day) for day in range(1, 31)}
    made = (Step(november[first], november[last] if last else None, (MORNING,)) for first, last in steps)
    return Schedule(Kind.TAPER, steps=tuple(made))


def needed(**said: Any) -> Schedule:
    return Schedule(Kind.AS_NEEDED, **said)


NO_TIME = ("slots", "Choose at least one time of day, or write an exact time.")
SAME = ("slots", "Two doses are at the same time of day. Make one of them, with one amount.")
NO_DAY = ("weekdays", "Choose at least one day of the week.")
APART = ("every_days", "Write how many days apart, as a whole number from 2 to 365.")
HOURS = ("least_hours", "Write the hours between two doses, more than 0 and at most 168, one week.")
TOO_MUCH_TOO_SOON = "This step must start after the step before it has ended."
STEP_OPEN = "Write the last day of this step; only the last step can go on without one."
FAR = "That day is too far away. Check the year."
PROBLEMS = [
    (Schedule(), []), (daily(), []), (daily(EIGHT, MORNING), []), (every(2), []), (every(365), []), (needed(), []),
    (Schedule(Kind.DAILY), [NO_TIME]),
    (daily(MORNING, BEDTIME, MORNING), [SAME]),
    (daily(EIGHT, EIGHT), [("times", "The same time stands there twice. Write it once.")]),
    (daily(starts_on=TODAY, ends_on=TODAY), []),
    (daily(starts_on=TODAY, ends_on=date(2026, 11, 22)), [("ends_on", "The last day is before the first day.")]),
    (daily(starts_on=date(1990, 1, 1), ends_on=date(2036, 11, 23)), []),
    (daily(starts_on=date(1989, 12, 31), ends_on=date(2036, 11, 24)), [("starts_on", FAR), ("ends_on", FAR)]),
    (Schedule(Kind.WEEKDAYS, (MORNING,), frozenset({0})), []),
    (Schedule(Kind.WEEKDAYS, (MORNING,)), [NO_DAY]),
    (Schedule(Kind.WEEKDAYS), [NO_DAY, NO_TIME]),
    (every(1), [APART]), (every(366), [APART]), (every(-3), [APART]), (every(0), [APART]),
    (every(None, None), [APART, ("starts_on", "Choose the first day, from which the days are counted.")]),
    (Schedule(Kind.BY_WEEKDAY, by_weekday=((0, (MORNING,)), (3, (BEDTIME,)))), []),
    (Schedule(Kind.BY_WEEKDAY), [("amount_0", "Write the amount for at least one day of the week.")]),
    (Schedule(Kind.BY_WEEKDAY, by_weekday=((0, ()), (3, ()))), [NO_TIME]),
    (taper((1, 7), (8, 8), (12, None)), []),
    (taper(), [("step_1_first", "Write at least one step: from which day, and how much.")]),
    (taper((7, 1)), [("step_1_last", "The last day of this step is before its first day.")]),
    (taper((1, 7), (7, 9)), [("step_2_first", TOO_MUCH_TOO_SOON)]),
    (taper((8, 9), (1, 7)), [("step_2_first", TOO_MUCH_TOO_SOON)]),
    (taper((1, None), (8, None)), [("step_1_last", STEP_OPEN)]),
    (taper((8, None), (1, None)), [("step_1_last", STEP_OPEN), ("step_2_first", TOO_MUCH_TOO_SOON)]),
    (Schedule(Kind.TAPER, steps=(Step(date(1926, 11, 1), date(2206, 11, 1)),)),
     [NO_TIME, ("step_1_first", FAR), ("step_1_last", FAR)]),
    (needed(needed_for="pain", least_hours=Decimal(168), most_in_a_day=Decimal("0.5")), []),
    *((needed(least_hours=Decimal(hours)), [HOURS]) for hours in ("0", "-4", "168.5")),
    (needed(most_in_a_day=Decimal(0)), [("most_in_a_day", "The most in 24 hours must be more than zero.")]),
    (needed(needed_for="a" * 121), [("needed_for", "Say in at most 120 letters what it is needed for.")]),
]  # fmt: skip


@pytest.mark.parametrize(("schedule", "found"), PROBLEMS)
def test_says_what_to_mend(schedule: Schedule, found: list[tuple[str, str]]) -> None:
    assert schedule.problems(TODAY) == [Problem(*problem) for problem in found]


@given(schedules())
def test_problems_are_said_of_any_schedule(schedule: Schedule) -> None:
    for problem in schedule.problems():
        assert problem.field
        assert problem.message.endswith(".")


SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)
A_STEP_A_WEEK = Schedule(Kind.TAPER, steps=tuple(Step(day, day, (MORNING,)) for day in (date(2026, 11, 16), MONDAY)))
STOPPED = [
    *(daily(), daily(starts_on=TODAY, ends_on=TODAY), every(2), every(6), taper((1, 7)), taper((1, None))),
    taper((1, 1), (7, 7)),
    Schedule(Kind.WEEKDAYS, (MORNING,), frozenset({0, 3})),
    Schedule(Kind.BY_WEEKDAY, by_weekday=((0, (MORNING,)), (3, (BEDTIME,)))),
    Schedule(Kind.TAPER, steps=(Step(SUNDAY, SUNDAY, (MORNING,)), Step(MONDAY, MONDAY, (MORNING,)))),
]
ASKED = [Schedule(Kind.WEEKDAYS, (MORNING,)), Schedule(Kind.BY_WEEKDAY), every(7), every(14), every(None), needed()]
ALLOWED = [
    *(Schedule(), A_STEP_A_WEEK),
    Schedule(Kind.WEEKDAYS, (MORNING, BEDTIME), frozenset({2})),
    Schedule(Kind.BY_WEEKDAY, by_weekday=((2, (MORNING,)),)),
]


@pytest.mark.parametrize("schedule", STOPPED)
def test_more_than_one_day_a_week_is_stopped_with_the_reason(schedule: Schedule) -> None:
    problem = must_be_weekly_problem(schedule, once_a_week=True)
    assert problem
    assert problem.field == "when"
    assert "Taking it every day by mistake has killed people." in problem.message
    assert "ask your pharmacist" in problem.message
    assert must_be_weekly_problem(schedule, once_a_week=False) is None


@pytest.mark.parametrize("schedule", ASKED)
def test_a_weekly_medicine_is_asked_for_its_day(schedule: Schedule) -> None:
    asked = Problem("weekdays", "This medicine is taken once a week. Choose the day of the week.")
    assert must_be_weekly_problem(schedule, once_a_week=True) == asked


@pytest.mark.parametrize("schedule", ALLOWED)
def test_one_day_a_week_passes_and_so_does_nothing_yet(schedule: Schedule) -> None:
    assert must_be_weekly_problem(schedule, once_a_week=True) is None


@given(schedules(near_days))
def test_a_weekly_medicine_that_passes_is_never_taken_twice_in_seven_days(schedule: Schedule) -> None:
    if must_be_weekly_problem(schedule, once_a_week=True) is None:
        start = date(2026, 10, 25)
        taken = [n for n in range(110) if schedule.doses_on(start + datetime.timedelta(days=n))]
        assert all(later - earlier >= 7 for earlier, later in pairwise(taken))


DOSE = {"slot": "morning"}
NO_DOSES: list[Any] = [
    [], {}, "ab", 5, None, {"slot": "teatime"}, {"slot": "noon", "time": "12:00"}, {**DOSE, "color": "red"},
    *({**DOSE, "amount": amount} for amount in (1, None, "", "1.50", "-1", "0", "NaN", "1e3", "1E+9999999", "9" * 999)),
    *({"time": at} for at in ("8:00", "08:00:00", "08:00:30", "08:00+01:00", "25:00", 8, None)),
]  # fmt: skip
NO_FIELDS: dict[str, list[dict[Any, Any]]] = {
    "daily": [
        {"color": "red"}, {5: 6}, DOSE, {"doses": []}, {"doses": None}, {"doses": "ab"}, {"doses": DOSE},
        {"weekdays": [0]}, {"needed_for": "pain"}, *({"doses": [dose]} for dose in NO_DOSES),
        *({"starts_on": day} for day in ("2026-02-30", "20261124", "11/24/2026", 5, None)),
    ],
    "weekdays": [{"weekdays": days} for days in ([7], [-1], [True], [1, 0], [0, 0], ["0"], [0.0], 3, "012")],
    "every-n-days": [{"every_days": number} for number in ("3", 3.0, True, float("inf"), None)],
    "by-weekday": [
        {"by_weekday": week} for week in ([[0, [DOSE]], [0, [DOSE]]], [[0]], [[7, [DOSE]]], {"0": [DOSE]}, [[True, []]])
    ],
    "taper": [
        {"starts_on": "2026-11-24"},
        *({"steps": [step]} for step in ({"last": "2026-11-24"}, {"first": "x"}, {"first": "2026-11-24", "steps": []})),
    ],
    "as-needed": [
        *({"needed_for": what} for what in (5, ["pain"], "a\0b", "\ud800")), {"doses": [DOSE]},
        {"least_hours": "4.0"}, {"least_hours": "four"}, {"most_in_a_day": "Infinity"},
    ],
}  # fmt: skip
BOTTOMLESS: dict[str, Any] = {"kind": "daily"}
BOTTOMLESS["doses"] = [BOTTOMLESS]
NOT_OURS: list[Any] = [
    BOTTOMLESS,
    *(None, [], "", 5, "daily", {"kind": ""}, {"kind": "hourly"}, {"kind": []}, {"kind": None}, {"doses": [DOSE]}),
    *({"kind": kind, **fields} for kind, several in NO_FIELDS.items() for fields in several),
]


@pytest.mark.parametrize("data", NOT_OURS, ids=lambda data: repr(data)[:60])
def test_data_of_others_is_refused_in_a_sentence(data: Any) -> None:
    with pytest.raises(ValueError, match=r"^The times of this medicine are not written as MedGuide writes them\.$"):
        Schedule.from_data(data)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["morning", "08:00", "1.5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["slot", "time", "first"]), inner),
    max_leaves=6,
)
NAMES = "doses weekdays every_days by_weekday steps starts_on ends_on needed_for least_hours most_in_a_day".split()


@given(st.sampled_from(Kind), st.dictionaries(st.sampled_from(NAMES), anything, max_size=3))
@example(Kind.DAILY, {"doses": [DOSE]})
def test_data_is_read_as_it_would_be_written_or_not_at_all(kind: Kind, data: dict[str, Any]) -> None:
    data = {"kind": kind.value, **data}
    with suppress(ValueError):
        assert json.dumps(Schedule.from_data(data).to_data(), sort_keys=True) == json.dumps(data, sort_keys=True)


IMPOSSIBLE: list[tuple[type, dict[str, Any]]] = [
    (Dose, {}), (Dose, {"slot": Slot.NOON, "time": time(12)}), (Dose, {"time": time(12, 0, 30)}),
    (Dose, {"time": time(12, tzinfo=datetime.UTC)}), (Dose, {"slot": Slot.NOON, "amount": Decimal(0)}),
    (Dose, {"slot": Slot.NOON, "amount": Decimal("NaN")}), (Schedule, {"doses": (MORNING,)}),
    (Schedule, {"kind": Kind.AS_NEEDED, "doses": (MORNING,)}), (Schedule, {"kind": Kind.TAPER, "starts_on": TODAY}),
    (Schedule, {"kind": Kind.WEEKDAYS, "weekdays": frozenset({7})}),
    (Schedule, {"kind": Kind.BY_WEEKDAY, "by_weekday": ((0, ()), (0, ()))}),
    (Schedule, {"kind": Kind.AS_NEEDED, "least_hours": Decimal("NaN")}),
]  # fmt: skip


@pytest.mark.parametrize(("made", "of"), IMPOSSIBLE)
def test_what_cannot_be_meant_cannot_be_made(made: type, of: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        made(**of)


def evening(amount: str) -> tuple[Dose, ...]:
    return (Dose(slot=Slot.EVENING, amount=Decimal(amount)),)


NOV_24, DEC_1 = date(2026, 11, 24), date(2026, 12, 1)
IN_WORDS = [
    (Schedule(), "tablet", ""),
    (daily(Dose(slot=Slot.BEDTIME, amount=Decimal(2)), MORNING), "tablet",
     "Every day: 1 tablet in the morning, 2 at bedtime"),
    (daily(Dose(slot=Slot.BEDTIME, amount=Decimal("7.5")), MORNING), "mL",
     "Every day: 1 mL in the morning, 7.5 mL at bedtime"),
    (daily(EIGHT, Dose(time=time(0)), Dose(time=time(12)), Dose(time=time(14, 30))), "puff",
     "Every day: 1 puff at midnight, 1 at 8 a.m., 1 at noon, 1 at 2:30 p.m."),
    (daily(starts_on=NOV_24, ends_on=NOV_24), "tablet", "Every day on Nov 24, 2026: 1 tablet in the morning"),
    (daily(starts_on=NOV_24, ends_on=DEC_1), "", "Every day from Nov 24, 2026 through Dec 1, 2026: 1 in the morning"),
    (daily(ends_on=DEC_1), "", "Every day through Dec 1, 2026: 1 in the morning"),
    (Schedule(Kind.WEEKDAYS, weekdays=frozenset({0})), "tablet", "Every Monday"),
    (Schedule(Kind.WEEKDAYS, (MORNING,), frozenset({4, 0, 2})), "patch",
     "Every Monday, Wednesday and Friday: 1 patch in the morning"),
    (Schedule(Kind.WEEKDAYS), "tablet", "On some days of the week"),
    (Schedule(Kind.EVERY_N_DAYS, every_days=3, starts_on=NOV_24), "tablet", "Every 3 days from Nov 24, 2026"),
    (Schedule(Kind.EVERY_N_DAYS), "tablet", "Every few days"),
    (Schedule(Kind.BY_WEEKDAY, by_weekday=((4, evening("5")), (1, evening("2")), (0, evening("5"))), starts_on=NOV_24),
     "mg", "Every Monday and Friday: 5 mg in the evening; every Tuesday: 2 mg in the evening; from Nov 24, 2026"),
    (Schedule(Kind.BY_WEEKDAY), "mg", "On some days of the week"),
    (Schedule(Kind.TAPER, steps=(Step(NOV_24, date(2026, 11, 30), evening("2")), Step(DEC_1, DEC_1, evening("1")),
                                 Step(date(2026, 12, 2), None, evening("0.5")))),
     "tablet", "From Nov 24, 2026 through Nov 30, 2026: 2 tablets in the evening; on Dec 1, 2026: 1 tablet in the "
     "evening; from Dec 2, 2026: ½ tablet in the evening"),
    (Schedule(Kind.TAPER), "tablet", "Step by step"),
    (needed(needed_for="pain", least_hours=Decimal(4), most_in_a_day=Decimal(4)), "tablet",
     "1 tablet when needed for pain, at least 4 hours apart, at most 4 tablets in 24 hours"),
    (needed(starts_on=NOV_24), "tablet", "1 tablet when needed, from Nov 24, 2026"),
]  # fmt: skip


@pytest.mark.parametrize(("schedule", "unit", "text"), IN_WORDS)
def test_says_a_schedule_in_words(schedule: Schedule, unit: str, text: str) -> None:
    assert schedule.in_words(unit, Decimal(1)) == text


def test_says_a_schedule_without_an_amount() -> None:
    assert daily(MORNING, BEDTIME).in_words() == "Every day: in the morning, at bedtime"
    mixed = daily(MORNING, Dose(slot=Slot.BEDTIME, amount=Decimal(2)))
    assert mixed.in_words("tablet") == "Every day: in the morning, 2 tablets at bedtime"
    text = "When needed for pain, at least 4 hours apart, at most 4 tablets in 24 hours"
    assert needed(needed_for="pain", least_hours=Decimal(4), most_in_a_day=Decimal(4)).in_words("tablet") == text


@given(schedules(texts=st.text("paen ", max_size=9)), st.sampled_from(["", "scoop", *dict(UNITS)]), st.none() | amounts)
def test_words_never_fail_and_never_show_the_machine(schedule: Schedule, unit: str, amount: Decimal | None) -> None:
    text = schedule.in_words(unit, amount)
    assert not re.search(r"None|\.\d*0(?!\d)|E[+-]|%|Decimal|datetime", text)
    assert (text == "") == (schedule.kind is Kind.NOT_SAID)
    assert text[:1] == text[:1].upper()
