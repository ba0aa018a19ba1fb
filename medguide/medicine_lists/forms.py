"""Forms of the private wing. One for each thing that a person can do; labels and errors in their words."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from monographs.forms import CONDITIONS, LONGEST_NAME, SUBSTANCES

from .amounts import UNITS, AmountError, read_amount
from .models import MedicationStatement, Role, Status
from .schedules import Dose, Kind, Schedule, Slot, Step
from .weekly import must_be_weekly_problem

SLOTS = [
    (Slot.MORNING, _("Morning")),
    (Slot.NOON, _("Noon")),
    (Slot.EVENING, _("Evening")),
    (Slot.BEDTIME, _("Bedtime")),
]
WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip
WHEN = [
    (Kind.NOT_SAID, _("I will say that later")),
    (Kind.DAILY, _("Every day")),
    (Kind.WEEKDAYS, _("On some days of the week")),
    (Kind.EVERY_N_DAYS, _("Every few days")),
    (Kind.BY_WEEKDAY, _("Different amounts on different days")),
    (Kind.TAPER, _("Step by step: the amount goes up or down")),
    (Kind.AS_NEEDED, _("Only when needed")),
]
STEPS = 8  # of a taper; more of them are rare, and a note can hold them
EARLIEST, LATEST_YEARS = datetime.date(1990, 1, 1), 10


class AmountField(forms.CharField):
    """How much, as people write it: ½, 0.5 and 0,5. Cleans to a Decimal, or None."""

    def __init__(self, *, may_be_zero: bool = False, **kwargs: Any) -> None:
        self.may_be_zero = may_be_zero
        super().__init__(**{"required": False, "max_length": 20, **kwargs})
        self.widget.attrs.update({"inputmode": "text", "autocomplete": "off", "size": 8})

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        if self.may_be_zero and text == "0":
            return Decimal(0)
        try:
            return read_amount(text)
        except AmountError as error:
            raise forms.ValidationError(str(error)) from error


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> datetime.date | None:
        day: datetime.date | None = super().clean(value)
        if day and not EARLIEST <= day <= _years_on(LATEST_YEARS):
            raise forms.ValidationError(_("That day is too far away. Check the year."))
        return day


def _years_on(years: int) -> datetime.date:
    return datetime.date.today() + datetime.timedelta(days=366 * years)  # noqa: DTZ011 (years away, whatever the zone)


class NameForm(forms.Form):
    """The first step: what stands on the bottle, and which medicine that is where we are not sure."""

    name = forms.CharField(
        label=_("Name of the medicine"),
        help_text=_("As it stands on the bottle. A brand or the generic name will do."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "data-suggest": reverse_lazy("search_suggest"),
                "data-fill": True,
            }
        ),
    )


class StatementForm(forms.Form):
    """One medicine on a list. Only the name is required; the schedule starts empty."""

    name = forms.CharField(label=_("Name of the medicine"), max_length=LONGEST_NAME)
    strength = forms.CharField(
        label=_("Strength"), help_text=_("As on the bottle: 10 mg, or 5 mg in 5 mL."), max_length=60, required=False
    )
    form = forms.CharField(label=_("Form"), help_text=_("Tablet, liquid, patch …"), max_length=60, required=False)
    what_for = forms.CharField(label=_("What it is for"), max_length=120, required=False)

    amount = AmountField(label=_("How much each time"), help_text=_("A number: 1, 2.5 or ½."))
    amount_unit = forms.ChoiceField(label=_("Of what"), choices=[("", _("choose")), *UNITS], required=False)
    when = forms.ChoiceField(label=_("When is it taken?"), choices=WHEN, required=False, widget=forms.RadioSelect)
    slots = forms.MultipleChoiceField(
        label=_("At what times?"), choices=SLOTS, required=False, widget=forms.CheckboxSelectMultiple
    )
    times = forms.CharField(
        label=_("Or at exact times"),
        help_text=_("Such as 8:00, 14:30, 22:00 (2). A number in brackets is the amount at that time, if it differs."),
        max_length=100,
        required=False,
    )
    weekdays = forms.MultipleChoiceField(
        label=_("On which days?"), choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    every_days = forms.IntegerField(
        label=_("Every how many days?"), help_text=_("2 means every other day."), required=False
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"), help_text=_("The last day. Leave it empty if there is none."))
    needed_for = forms.CharField(label=_("Needed for what?"), max_length=120, required=False)
    least_hours = AmountField(label=_("At least how many hours apart?"))
    most_in_a_day = AmountField(label=_("At most how many in 24 hours?"))

    kind = forms.ChoiceField(
        label=_("Where it comes from"), choices=[("", _("choose")), *MedicationStatement.Kind.choices], required=False
    )
    food = forms.ChoiceField(
        label=_("Food"), choices=[("", _("choose")), *MedicationStatement.Food.choices], required=False
    )
    really_taken = forms.CharField(
        label=_("How it is really taken, if different"),
        help_text=_("Nobody is blamed here. It helps the doctor to know."),
        max_length=200,
        required=False,
    )
    looks_like = forms.CharField(
        label=_("What it looks like"), help_text=_("White, round, a line across."), max_length=120, required=False
    )
    prescriber = forms.CharField(label=_("Who prescribed it"), max_length=120, required=False)
    pharmacy = forms.CharField(label=_("Pharmacy"), max_length=120, required=False)
    rx_number = forms.CharField(label=_("Prescription number"), max_length=40, required=False)
    refills = forms.IntegerField(label=_("Refills left"), min_value=0, max_value=99, required=False)
    refill_on = DayField(label=_("Next refill"))
    quantity_left = AmountField(label=_("How many are left"), may_be_zero=True)
    expires_on = DayField(label=_("Expiry date on the pack"))
    storage = forms.CharField(label=_("How it is stored"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    meant = forms.CharField(required=False, widget=forms.HiddenInput, max_length=120)  # slug, or "none"
    sent_as = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    FIRST = ("name", "strength", "form", "what_for", "amount", "amount_unit")
    MORE = (
        "kind", "food", "really_taken", "looks_like", "prescriber", "pharmacy", "rx_number", "refills", "refill_on",
        "quantity_left", "expires_on", "storage", "note",
    )  # fmt: skip
    SCHEDULE = frozenset(
        {"when", "slots", "times", "weekdays", "every_days", "starts_on", "ends_on", "needed_for", "least_hours",
         "most_in_a_day"}
    )  # fmt: skip
    NOT_VALUES = frozenset({"meant", "sent_as", "version"})

    def __init__(
        self,
        *args: Any,
        once_a_week: bool = False,
        note_hidden: bool = False,
        stored: Schedule | None = None,
        **kwargs: Any,
    ) -> None:
        """`stored` is the schedule that stands now: it stays, whatever its kind, where no part of it was touched."""
        super().__init__(*args, **kwargs)
        self.once_a_week = once_a_week
        self.stored = stored
        for slot, label in SLOTS:
            self.fields[f"amount_at_{slot}"] = AmountField(label=label)
        for day, label in WEEKDAYS:
            self.fields[f"amount_{day}"] = AmountField(label=label)
        for number in range(1, STEPS + 1):
            self.fields[f"step_{number}_first"] = DayField(label=_("From"))
            self.fields[f"step_{number}_last"] = DayField(label=_("Until"))
            self.fields[f"step_{number}_amount"] = AmountField(label=_("How much each time"))
        if note_hidden:
            del self.fields["note"]

    # --- The form and a Schedule ---

    def clean_times(self) -> list[tuple[datetime.time, Decimal | None]]:
        """Each time with the amount that stands behind it in brackets: 8:00, 22:00 (2)."""
        parts = str(self.cleaned_data["times"]).replace(";", ",").split(",")
        times = [_read_dose(part.strip()) for part in parts if part.strip()]
        return sorted(times, key=lambda dose: dose[0])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            schedule = self._schedule(cleaned) if self._schedule_was_touched() else self.stored or Schedule()
            problems = {problem.field: problem for problem in schedule.problems()}
            if weekly := must_be_weekly_problem(schedule, once_a_week=self.once_a_week):
                problems[weekly.field] = weekly  # says the same and why
            for problem in problems.values():
                field = self._row_of_step(problem.field)
                self.add_error(field if field in self.fields else "when", problem.message)
            cleaned["schedule"] = schedule.to_data()
        return cleaned

    def _schedule_was_touched(self) -> bool:
        dynamic = ("amount_", "step_")
        names = [name for name in self.fields if name in self.SCHEDULE or name.startswith(dynamic)]
        return self.stored is None or any(name in self.changed_data for name in names if name != "amount_unit")

    def _doses(self, cleaned: Mapping[str, Any], amount: Decimal | None = None) -> tuple[Dose, ...]:
        """The doses of a day. `amount` is the day's own, else each dose may have one of its own."""
        by_slot = [Dose(Slot(slot), None, amount or cleaned[f"amount_at_{slot}"]) for slot in cleaned["slots"]]
        return (*by_slot, *(Dose(None, time, amount or own) for time, own in cleaned["times"]))

    def _schedule(self, cleaned: Mapping[str, Any]) -> Schedule:
        kind = Kind(cleaned["when"])
        if kind is Kind.NOT_SAID:
            return Schedule()
        span = {} if kind is Kind.TAPER else {"starts_on": cleaned["starts_on"], "ends_on": cleaned["ends_on"]}
        if kind is Kind.AS_NEEDED:
            said = {key: cleaned[key] for key in ("needed_for", "least_hours", "most_in_a_day")}
            return Schedule(kind=kind, **said, **span)
        if kind is Kind.BY_WEEKDAY:
            days = [(day, cleaned[f"amount_{day}"]) for day, _label in WEEKDAYS]
            by_weekday = tuple((day, self._doses(cleaned, amount)) for day, amount in days if amount is not None)
            return Schedule(kind=kind, by_weekday=by_weekday, **span)
        if kind is Kind.TAPER:
            return Schedule(kind=kind, steps=tuple(self._steps(cleaned)))
        weekdays = frozenset(int(day) for day in cleaned["weekdays"]) if kind is Kind.WEEKDAYS else frozenset()
        every = cleaned["every_days"] if kind is Kind.EVERY_N_DAYS else None
        return Schedule(kind=kind, doses=self._doses(cleaned), weekdays=weekdays, every_days=every, **span)

    def _steps(self, cleaned: Mapping[str, Any]) -> list[Step]:
        steps = []
        for number in range(1, STEPS + 1):
            first, last, amount = (cleaned[f"step_{number}_{part}"] for part in ("first", "last", "amount"))
            if first:
                steps.append(Step(first=first, last=last, doses=self._doses(cleaned, amount)))
            elif last or amount is not None:
                self.add_error(f"step_{number}_first", _("Say from which day this step is taken."))
        return steps

    def _row_of_step(self, field: str) -> str:
        """A problem names the steps that are filled, 1, 2, 3; on the form there may be empty rows between."""
        if not field.startswith("step_"):
            return field
        _step, number, part = field.split("_")
        filled = [n for n in range(1, STEPS + 1) if self.cleaned_data.get(f"step_{n}_first")]
        row = filled[int(number) - 1] if int(number) <= len(filled) else int(number)
        return f"step_{row}_{part}"

    @property
    def slot_fields(self) -> list[forms.BoundField]:
        return [self[f"amount_at_{slot}"] for slot, _label in SLOTS]

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"amount_{day}"] for day, _label in WEEKDAYS]

    @property
    def step_fields(self) -> list[tuple[int, list[forms.BoundField]]]:
        parts = ("first", "last", "amount")
        return [(n, [self[f"step_{n}_{part}"] for part in parts]) for n in range(1, STEPS + 1)]

    def values(self) -> dict[str, Any]:
        """What stands in a MedicationStatement, but for its medicine."""
        plain = {name: self.cleaned_data[name] for name in (*self.FIRST, *self.MORE) if name in self.cleaned_data}
        return {**plain, "schedule": self.cleaned_data["schedule"]}


def initial_of(statement: MedicationStatement) -> dict[str, Any]:
    """What StatementForm shows of a medicine that is on the list."""
    names = (*StatementForm.FIRST, *StatementForm.MORE)
    initial: dict[str, Any] = {name: _shown(getattr(statement, name)) for name in names if name != "note"}
    initial |= {"version": statement.version, "note": getattr(statement, "shown_note", "")}
    initial["meant"] = statement.medicine.slug if statement.medicine else ""
    schedule = Schedule.from_data(statement.schedule)
    initial["when"] = schedule.kind
    doses = schedule.doses
    initial["weekdays"] = [str(day) for day in schedule.weekdays]
    for field in ("every_days", "starts_on", "ends_on", "needed_for"):
        initial[field] = getattr(schedule, field)
    for field in ("least_hours", "most_in_a_day"):
        initial[field] = _shown(getattr(schedule, field))
    for day, of_day in schedule.by_weekday:
        doses = of_day
        initial[f"amount_{day}"] = _shown(of_day[0].amount if of_day else None)
    for number, step in enumerate(schedule.steps, start=1):
        doses = step.doses
        amount = step.doses[0].amount if step.doses else None
        initial |= {f"step_{number}_first": step.first, f"step_{number}_last": step.last}
        initial[f"step_{number}_amount"] = _shown(amount)
    initial["slots"] = [dose.slot.value for dose in doses if dose.slot]
    own = schedule.doses  # of the other kinds, the amount stands by the day or by the step
    initial |= {f"amount_at_{dose.slot}": _shown(dose.amount) for dose in own if dose.slot}
    initial["times"] = ", ".join(
        f"{dose.time:%H:%M}" + (f" ({_shown(dose.amount)})" if own and dose.amount else "")
        for dose in doses
        if dose.time
    )
    return initial


def _shown(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _read_dose(text: str) -> tuple[datetime.time, Decimal | None]:
    time, bracket, amount = text.partition("(")
    if not bracket:
        return _read_time(text), None
    try:
        return _read_time(time.strip()), read_amount(amount.strip().removesuffix(")"))
    except AmountError as error:
        raise forms.ValidationError(str(error)) from error


def _read_time(text: str) -> datetime.time:
    for pattern in ("%H:%M", "%H.%M", "%I:%M %p", "%I %p", "%I:%M%p", "%I%p", "%H"):
        try:
            return datetime.datetime.strptime(text, pattern).time()  # noqa: DTZ007 (a time of day, of no zone)
        except ValueError:
            continue
    raise forms.ValidationError(_("Write each time as 8:00 or 14:30, with a comma between two."))


class StatusForm(forms.Form):
    """Pause, stop or start again: since when, who said so, why."""

    status = forms.ChoiceField(label=_("How is it now?"), choices=Status.choices, widget=forms.RadioSelect)
    since = DayField(label=_("Since"), required=True)
    said_by = forms.CharField(
        label=_("Who said so"), help_text=_("The doctor, the pharmacist, yourself."), max_length=120, required=False
    )
    why = forms.CharField(label=_("Why"), max_length=300, required=False)
    was_side_effect = forms.BooleanField(label=_("It was because of a side effect"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PersonForm(forms.Form):
    """Who it is. Only a name is needed, and a nickname will do."""

    name = forms.CharField(label=_("Name or nickname"), max_length=80)
    year_of_birth = forms.IntegerField(label=_("Year of birth"), min_value=1890, max_value=2100, required=False)
    conditions = forms.MultipleChoiceField(
        label=_("Does any of this fit?"), choices=CONDITIONS, required=False, widget=forms.CheckboxSelectMultiple
    )
    substances = forms.MultipleChoiceField(
        label=_("And any of these?"), choices=SUBSTANCES, required=False, widget=forms.CheckboxSelectMultiple
    )
    allergies = forms.CharField(
        label=_("Allergies, and what happened"),
        help_text=_("One in each line: penicillin, rash."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    doctors = forms.CharField(
        label=_("Doctors"),
        help_text=_("One in each line, with the telephone number after a comma."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    pharmacies = forms.CharField(
        label=_("Pharmacies"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    emergency_contact = forms.CharField(label=_("Whom to call in an emergency"), max_length=160, required=False)
    weight_kg = AmountField(label=_("Weight in kg"))
    weighed_on = DayField(label=_("Weighed on"))
    time_zone = forms.CharField(label=_("Time zone"), max_length=60, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class InviteForm(forms.Form):
    """A letter to somebody who may then see the list."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("What they may do"), choices=Role.choices, widget=forms.RadioSelect)


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
