"""The write of an import: all that was chosen, or nothing."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from .access import Access
from .actions import add_statement, change_person, record
from .exports.person_facts import About, taken_over
from .models import MedicationStatement, Person, Verb


@transaction.atomic
def add_imported(
    *, by: Access, rows: Sequence[tuple[UUID, Mapping[str, Any]]], about: About, facts: Collection[str]
) -> int:
    """Put them on the list, and these facts about the person; how many medicines were not there from the same form."""
    sent = [sent_as for sent_as, _values in rows]
    before = MedicationStatement.objects.filter(person=by.person, sent_as__in=sent).count()
    if before < len(rows):
        record(by=by, verb=Verb.IMPORTED)
    for sent_as, values in rows:
        add_statement(by=by, values=values, sent_as=sent_as)
    person = Person.objects.select_for_update().get(pk=by.person.pk)
    if facts:
        change_person(by=by, read_version=person.version, **taken_over(person, about, facts))
    return len(rows) - before
