"""A list as a table for spreadsheets: a row a medicine, every column named in words and by a key that never changes."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguide.medicine_lists.access import Access
from medguide.medicine_lists.forms import StatementForm
from medguide.medicine_lists.models import MedicationStatement
from medguide.medicine_lists.schedules import Schedule

from .as_json import ENTRY_FIELDS, entry_of
from .cells import safe_cell

BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets take the file for one of another alphabet
YES = "yes"
WHEN_IN_WORDS = "when_in_words"  # for people; what is read again is the column "schedule"
_HEADINGS = {
    "medicine": gettext_lazy("What MedGuide took it for"),
    "schedule": gettext_lazy("When, as MedGuide reads it"),
    WHEN_IN_WORDS: gettext_lazy("When, in words"),
    "status": gettext_lazy("Taken now"),
    "status_since": gettext_lazy("Since"),
    "status_said_by": gettext_lazy("Who said so"),
    "status_why": gettext_lazy("Why"),
    "was_side_effect": gettext_lazy("Because of a side effect"),
}


def columns() -> dict[str, str]:
    """Key -> heading in words, in the order of the table."""
    keys = list(ENTRY_FIELDS)
    keys.insert(keys.index("schedule"), WHEN_IN_WORDS)
    return {key: str(_HEADINGS.get(key) or StatementForm.base_fields[key].label) for key in keys}


def list_table(access: Access) -> bytes:
    """What this user may see of the medicines, as bytes of UTF-8."""
    return table(access.statements.kept().in_order().select_related("medicine"))


def table(statements: Iterable[MedicationStatement]) -> bytes:
    """Read through an Access."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    headings = columns()
    writer.writerow(_("%(words)s [%(key)s]") % {"words": words, "key": key} for key, words in headings.items())
    for statement in statements:
        entry = _with_words(statement)
        writer.writerow(safe_cell(_cell(entry[key])) for key in headings)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _with_words(statement: MedicationStatement) -> Mapping[str, Any]:
    schedule = Schedule.from_data(statement.schedule)
    return {**entry_of(statement), WHEN_IN_WORDS: schedule.in_words(statement.amount_unit, statement.amount)}


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else ""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return "" if value is None else str(value)
