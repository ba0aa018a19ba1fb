"""The form about a person, judged: lines of text into rows, and days, weights and time zones that can be."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monographs.forms import CONDITIONS, SUBSTANCES

from .forms import PersonForm
from .models import Allergy, Contact, Person

MOST_LINES = 40
LIGHTEST, HEAVIEST = Decimal("0.2"), Decimal(650)
# Offered while one types; every zone of the world can be written.
USUAL_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Europe/London", "Europe/Berlin", "UTC",
)  # fmt: skip

Rows = list[dict[str, str]]


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}


class WholePersonForm(PersonForm):
    """PersonForm with its answers in the shapes that the tables have."""

    sent_as = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weight_kg"].help_text = gettext_lazy("In kilograms: 150 pounds are 68 kg.")
        self.fields["pharmacies"].help_text = self.fields["doctors"].help_text
        self.fields["time_zone"].help_text = gettext_lazy("Such as America/Chicago. Empty is the one of this site.")
        self.fields["time_zone"].widget.attrs.update(
            {"list": "time-zones", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["name"].widget.attrs["autocomplete"] = "off"  # it may be somebody else's name

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_year_of_birth(self) -> int | None:
        year: int | None = self.cleaned_data["year_of_birth"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("That year is still to come. Check it."))
        return year

    def clean_allergies(self) -> Rows:
        return _rows(self.cleaned_data["allergies"], Allergy, "substance", "reaction")

    def clean_doctors(self) -> Rows:
        return _rows(self.cleaned_data["doctors"], Contact, "name", "phone")

    def clean_pharmacies(self) -> Rows:
        return _rows(self.cleaned_data["pharmacies"], Contact, "name", "phone")

    def clean_weight_kg(self) -> Decimal | None:
        weight: Decimal | None = self.cleaned_data["weight_kg"]
        if weight is None:
            return None
        if not LIGHTEST <= weight <= HEAVIEST:
            raise forms.ValidationError(_("Write the weight in kilograms, between 0.2 and 650."))
        return weight.quantize(Decimal("0.1"))

    def clean_weighed_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["weighed_on"]
        if day and day > timezone.localdate() + datetime.timedelta(days=1):  # it may be tomorrow where they live
            raise forms.ValidationError(_("That day is still to come. Check it."))
        return day

    def clean_time_zone(self) -> str:
        written = "_".join(str(self.cleaned_data["time_zone"]).split())
        if not written:
            return settings.TIME_ZONE
        if written.casefold() not in _zones():
            raise forms.ValidationError(
                _("We do not know this time zone. Write it as America/New_York or Europe/Berlin, or leave it empty.")
            )
        return _zones()[written.casefold()]

    # --- What the actions take ---

    ROWS = ("allergies", "doctors", "pharmacies")

    def values(self) -> dict[str, Any]:
        """What stands in a Person."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in (*self.ROWS, "version", "sent_as")
        }

    def allergy_rows(self) -> Rows:
        rows: Rows = self.cleaned_data["allergies"]
        return rows

    def contact_rows(self) -> Rows:
        kinds = (("doctors", Contact.Kind.DOCTOR), ("pharmacies", Contact.Kind.PHARMACY))
        return [{**row, "kind": kind.value} for name, kind in kinds for row in self.cleaned_data[name]]


def _rows(text: str, model: type[Allergy] | type[Contact], first: str, rest: str) -> Rows:
    """One row a line; what stands behind the first comma is the rest. Raises ValidationError that names the line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise forms.ValidationError(_("These are more than %(most)d lines.") % {"most": MOST_LINES})
    most_before, most_behind = (getattr(model._meta.get_field(field), "max_length", 0) for field in (first, rest))
    rows = []
    for number, line in enumerate(lines, start=1):
        before, _comma, behind = (part.strip() for part in line.partition(","))
        if not before:
            raise forms.ValidationError(_("Line %(line)d begins with a comma.") % {"line": number})
        if len(before) > most_before or len(behind) > most_behind:
            sentence = _("Line %(line)d is too long: at most %(before)d letters before the comma, %(behind)d behind.")
            raise forms.ValidationError(sentence % {"line": number, "before": most_before, "behind": most_behind})
        rows.append({first: before, rest: behind})
    return rows


def _lines(pairs: Sequence[tuple[str, str]]) -> str:
    return "\n".join(", ".join(filter(None, pair)) for pair in pairs)


def initial_of_person(person: Person) -> dict[str, Any]:
    """What the form shows of a person."""
    contacts = list(person.contacts.all())
    initial: dict[str, Any] = {
        name: getattr(person, name)
        for name in ("name", "year_of_birth", "conditions", "substances", "emergency_contact", "weighed_on")
    }
    weight = person.weight_kg
    return initial | {
        "weight_kg": f"{weight.normalize():f}" if weight is not None else "",
        "time_zone": person.time_zone,
        "version": person.version,
        "allergies": _lines([(one.substance, one.reaction) for one in person.allergies.all()]),
        "doctors": _lines([(one.name, one.phone) for one in contacts if one.kind == Contact.Kind.DOCTOR]),
        "pharmacies": _lines([(one.name, one.phone) for one in contacts if one.kind == Contact.Kind.PHARMACY]),
    }


def what_stands_now(form: WholePersonForm, person: Person) -> list[tuple[str, str]]:
    """Where a form that was sent says something else than what is saved: (label, what is saved), in words."""
    saved = WholePersonForm(initial=initial_of_person(person))
    pairs = [(field, saved[field.name]) for field in form.visible_fields()]
    return [(str(mine.label), _in_words(theirs)) for mine, theirs in pairs if _in_words(mine) != _in_words(theirs)]


def _in_words(field: forms.BoundField) -> str:
    value = field.value()
    if isinstance(field.field, forms.MultipleChoiceField):
        labels = dict((*CONDITIONS, *SUBSTANCES))
        return ", ".join(str(labels.get(key, key)) for key in value or [])
    return "\n".join(str(value or "").split("\r\n")).strip()
