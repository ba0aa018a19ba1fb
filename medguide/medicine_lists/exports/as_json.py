"""A list as data that MedGuide can read again: what its user may see of a person, and nothing that is hidden."""

import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from medguide.medicine_lists.access import Access
from medguide.medicine_lists.amounts import plain_number
from medguide.medicine_lists.changes import PERSON_FIELDS, STATEMENT_FIELDS
from medguide.medicine_lists.models import MedicationStatement

FORMAT, VERSION = "medguide-list", 1
STATUS_FIELDS = ("status", "status_since", "status_said_by", "status_why", "was_side_effect")
# In the order of the list's own form. `medicine` is the slug of what the name was taken for.
ENTRY_FIELDS = (*STATEMENT_FIELDS, *STATUS_FIELDS)


def list_data(access: Access, *, now: datetime.datetime) -> dict[str, Any]:
    """One person's list. Times are in UTC, days without a zone, amounts are decimals written as text."""
    person = access.person
    statements = access.statements.kept().in_order().select_related("medicine")
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": plain(now),
        "person": {
            **{field: plain(getattr(person, field)) for field in PERSON_FIELDS},
            "allergies": [{"substance": one.substance, "reaction": one.reaction} for one in person.allergies.all()],
            "contacts": [{"kind": one.kind, "name": one.name, "phone": one.phone} for one in person.contacts.all()],
        },
        "medicines": [
            {**entry_of(statement), "confirmed_at": plain(statement.confirmed_at)} for statement in statements
        ],
    }


def entry_of(statement: MedicationStatement) -> dict[str, Any]:
    """One medicine, read through an Access: of its note only what this user may see."""
    entry = {field: plain(getattr(statement, field)) for field in ENTRY_FIELDS if field not in ("medicine", "note")}
    medicine = statement.medicine.slug if statement.medicine else None
    return {"name": entry.pop("name"), "medicine": medicine, **entry, "note": getattr(statement, "shown_note", "")}


def plain(value: Any) -> Any:
    """JSON's nearest."""
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, datetime.date) else value


def to_bytes(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"
