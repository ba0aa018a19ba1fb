"""What differs between two states of a medicine or a person, in the words of the screen: for the history."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import date_format

from .models import MedicationStatement, Status
from .schedules import Schedule

STATEMENT_FIELDS = (
    "name", "medicine", "kind", "strength", "form", "looks_like", "what_for", "amount", "amount_unit", "schedule",
    "really_taken", "food", "prescriber", "pharmacy", "rx_number", "refills", "refill_on", "quantity_left",
    "expires_on", "storage", "note",
)  # fmt: skip
PERSON_FIELDS = (
    "name", "year_of_birth", "conditions", "substances", "weight_kg", "weighed_on", "emergency_contact", "time_zone",
)  # fmt: skip

CHOICES = {
    "kind": MedicationStatement.Kind.choices,
    "food": MedicationStatement.Food.choices,
    "status": Status.choices,
}

Change = dict[str, str]  # {"field", "before", "after"}


def values_of(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """One entry for each field that differs; values as text, an empty text for nothing."""
    return [
        {"field": field, "before": in_words(field, before[field]), "after": in_words(field, after[field])}
        for field in after
        if before[field] != after[field]
    ]


def in_words(field: str, value: Any) -> str:
    """One value as a person reads it. The amount stands without its unit, which is a field of its own."""
    if value is None or value == "":
        return ""
    if field == "schedule":
        return Schedule.from_data(value).in_words()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime.date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, list):
        return ", ".join(str(entry).replace("-", " ") for entry in value)
    choices: dict[str, Any] = dict(CHOICES.get(field, []))
    return str(choices.get(value, value))
