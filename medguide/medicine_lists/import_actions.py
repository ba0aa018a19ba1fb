"""The write of an import: all that was chosen, or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from .access import Access
from .actions import add_statement, record
from .models import MedicationStatement, Verb


@transaction.atomic
def add_imported(*, by: Access, rows: Sequence[tuple[UUID, Mapping[str, Any]]]) -> int:
    """Put them on the list; how many were not there from the same form sent before."""
    sent = [sent_as for sent_as, _values in rows]
    before = MedicationStatement.objects.filter(person=by.person, sent_as__in=sent).count()
    if before < len(rows):
        record(by=by, verb=Verb.IMPORTED)
    for sent_as, values in rows:
        add_statement(by=by, values=values, sent_as=sent_as)
    return len(rows) - before
