"""Every write that a person can cause to a list: keyword-only, atomic, with its line in the history."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from .access import UNDO_FOR, Access
from .changes import PERSON_FIELDS, STATEMENT_FIELDS, changes_between, values_of
from .models import (
    Allergy,
    Contact,
    Hidden,
    HistoryEvent,
    KnownFinding,
    MedicationStatement,
    Membership,
    Person,
    Role,
    ShareLink,
    Status,
    Verb,
)

DOSE = frozenset({"name", "medicine", "strength", "amount", "amount_unit", "schedule", "status"})
LOOK_AGAIN_AFTER = datetime.timedelta(minutes=30)


class ConflictError(Exception):
    """Somebody else saved since: `current` stands now, `before` is what they changed, as it was."""

    def __init__(self, current: MedicationStatement | Person, before: Mapping[str, str]) -> None:
        super().__init__("changed by somebody else")
        self.current = current
        self.before = before


def record(
    *, by: Access, verb: Verb, statement: MedicationStatement | None = None, changes: Sequence[Any] = (), **more: Any
) -> None:
    """One line of the history. For this module and those that export or share."""
    HistoryEvent.objects.create(
        person=by.person,
        actor_id=by.user.pk,
        verb=verb,
        statement_uid=statement.uid if statement else None,
        statement_name=statement.name if statement else "",
        statement_version=statement.version if statement else None,
        changes=list(changes),
        **more,
    )


# --- People -----------------------------------------------------------------------------------------------


@transaction.atomic
def create_person(*, by: Any, values: Mapping[str, Any]) -> Person:
    """A new person, whose owner is the user `by`."""
    person = Person.objects.create(**values)
    Membership.objects.create(person=person, user=by, role=Role.OWNER)
    record(by=Access(by, person, Role.OWNER), verb=Verb.CREATED)
    return person


@transaction.atomic
def change_person(
    *,
    by: Access,
    read_version: int,
    values: Mapping[str, Any],
    allergies: Sequence[Mapping[str, str]] | None = None,
    contacts: Sequence[Mapping[str, str]] | None = None,
) -> Person:
    """Save what is known of a person. Raises ConflictError where it was saved by somebody else since `read_version`."""
    person = Person.objects.select_for_update().get(pk=by.person.pk)
    if person.version != read_version:
        raise ConflictError(person, {})
    before = values_of(person, PERSON_FIELDS)
    for field, value in values.items():
        setattr(person, field, value)
    changes = changes_between(before, values_of(person, PERSON_FIELDS))
    changes += _replace_rows(person, Allergy, "allergies", allergies, lambda row: (row.substance, row.reaction))
    changes += _replace_rows(person, Contact, "contacts", contacts, lambda row: (row.name, row.phone))
    if changes:
        person.version += 1
        person.save()
        record(by=by, verb=Verb.CHANGED_PERSON, changes=changes)
    return person


def _replace_rows(
    person: Person,
    model: type[Allergy] | type[Contact],
    field: str,
    rows: Sequence[Mapping[str, str]] | None,
    words: Callable[[Any], tuple[str, str]],
) -> list[dict[str, str]]:
    """The rows that stand under a person, all of them replaced; None leaves them alone."""
    if rows is None:
        return []

    def said() -> str:
        return "; ".join(", ".join(filter(None, words(row))) for row in model.objects.filter(person=person))

    before = said()
    model.objects.filter(person=person).delete()
    for row in rows:
        model.objects.create(person=person, **row)
    after = said()
    return [] if before == after else [{"field": field, "before": before, "after": after}]


@transaction.atomic
def delete_person(*, by: Access) -> None:
    """The list vanishes for everyone; its owners can bring it back for 30 days. Its links have ended for good."""
    now = timezone.now()
    Person.objects.filter(pk=by.person.pk).update(deleted_at=now)
    ShareLink.objects.filter(person=by.person).unended().update(ended_at=now)
    record(by=by, verb=Verb.DELETED_PERSON)


@transaction.atomic
def restore_person(*, by: Access) -> None:
    Person.objects.filter(pk=by.person.pk).update(deleted_at=None)
    record(by=by, verb=Verb.RESTORED_PERSON)


def erase_person(person: Person) -> None:
    """For good, its history too. The database lets history go only with a person who is being erased."""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_being_erased=True)
        person.delete()


def purge(now: datetime.datetime) -> tuple[int, int]:
    """Erase what was deleted more than 30 days ago: (people, medicines)."""
    people = list(Person.objects.filter(deleted_at__lt=now - UNDO_FOR))
    for person in people:
        erase_person(person)
    statements, _ = MedicationStatement.objects.filter(deleted_at__lt=now - UNDO_FOR).delete()
    return len(people), statements


# --- Medicines --------------------------------------------------------------------------------------------


@transaction.atomic
def add_statement(*, by: Access, values: Mapping[str, Any], sent_as: UUID | None = None) -> MedicationStatement:
    """A medicine at the end of the list. The same form sent twice gives the medicine that it gave before."""
    sent_as = sent_as or uuid4()
    Person.objects.select_for_update().get(pk=by.person.pk)  # two of the same form, at the same moment, wait here
    again = MedicationStatement.objects.filter(person=by.person, sent_as=sent_as).first()
    if again:
        return again
    last = MedicationStatement.objects.filter(person=by.person).aggregate(last=Max("position"))["last"] or 0
    statement = MedicationStatement.objects.create(person=by.person, sent_as=sent_as, position=last + 1, **values)
    record(by=by, verb=Verb.ADDED, statement=statement)
    return statement


def _locked(by: Access, uid: UUID, read_version: int | None) -> MedicationStatement:
    """The medicine, held for this transaction. Raises DoesNotExist, or ConflictError where its version is another."""
    visible = by.statement(uid)
    statement = MedicationStatement.objects.select_for_update().get(pk=visible.pk, deleted_at__isnull=True)
    if read_version is not None and statement.version != read_version:
        raise ConflictError(statement, fields_changed_since(statement, read_version))
    return statement


def fields_changed_since(statement: MedicationStatement, version: int) -> dict[str, str]:
    """The fields that were changed after this version, by whomever, each in words as it was before."""
    events = HistoryEvent.objects.filter(statement_uid=statement.uid, statement_version__gt=version)
    return {change["field"]: change["before"] for event in events.order_by("-pk") for change in event.changes}


@transaction.atomic
def change_statement(
    *, by: Access, uid: UUID, read_version: int, values: Mapping[str, Any], verb: Verb = Verb.CHANGED
) -> MedicationStatement:
    """Save a medicine. Raises ConflictError where it was saved by somebody else since `read_version`."""
    statement = _locked(by, uid, read_version)
    fields = (*STATEMENT_FIELDS, "status", "status_since", "status_said_by", "status_why", "was_side_effect")
    before = values_of(statement, fields)
    for field, value in values.items():
        setattr(statement, field, value)
    changes = changes_between(before, values_of(statement, fields))
    if changes:
        statement.version += 1
        statement.changed_at = timezone.now()
        if DOSE & {change["field"] for change in changes}:
            statement.confirmed_at = statement.confirmed_by = None  # that was said of another dose
        statement.save()
        record(by=by, verb=verb, statement=statement, changes=changes)
    return statement


def set_status(
    *,
    by: Access,
    uid: UUID,
    read_version: int,
    status: Status,
    since: datetime.date,
    said_by: str = "",
    why: str = "",
    was_side_effect: bool = False,
) -> MedicationStatement:
    """Pause, stop or start again, with when, who said so and why. Raises ConflictError as change_statement does."""
    verb = {Status.TAKING: Verb.STARTED, Status.PAUSED: Verb.PAUSED, Status.STOPPED: Verb.STOPPED}[status]
    values = {
        "status": status,
        "status_since": since,
        "status_said_by": said_by,
        "status_why": why,
        "was_side_effect": was_side_effect,
    }
    return change_statement(by=by, uid=uid, read_version=read_version, values=values, verb=verb)


@transaction.atomic
def confirm(*, by: Access, uids: Sequence[UUID], now: datetime.datetime) -> int:
    """Say of these medicines that they are right, today. How many there were."""
    statements = list(by.statements.kept().filter(uid__in=uids))
    MedicationStatement.objects.filter(pk__in=[statement.pk for statement in statements]).update(
        confirmed_at=now, confirmed_by=by.user
    )
    for statement in statements:
        record(by=by, verb=Verb.CONFIRMED, statement=statement)
    return len(statements)


@transaction.atomic
def move(*, by: Access, uid: UUID, up: bool) -> None:
    """One place up or down among the medicines that this user sees."""
    shown = list(by.statements.kept().in_order())
    place = next(place for place, statement in enumerate(shown) if statement.uid == uid)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(shown):
        return
    shown[place], shown[other] = shown[other], shown[place]
    positions = sorted(statement.position for statement in shown)
    if len(set(positions)) < len(positions):  # an import gave some of them the same place
        positions = list(range(1, len(shown) + 1))
    for position, statement in zip(positions, shown, strict=True):
        MedicationStatement.objects.filter(pk=statement.pk).update(position=position)
    record(by=by, verb=Verb.REORDERED)


@transaction.atomic
def delete_statement(*, by: Access, uid: UUID) -> MedicationStatement:
    """Off the list; it can be brought back for 30 days."""
    statement = _locked(by, uid, None)
    statement.deleted_at = timezone.now()
    statement.save(update_fields=["deleted_at"])
    record(by=by, verb=Verb.DELETED, statement=statement)
    return statement


@transaction.atomic
def restore_statement(*, by: Access, uid: UUID) -> MedicationStatement:
    """Back on the list. Raises DoesNotExist after 30 days."""
    statement = by.statements.deleted().get(uid=uid, deleted_at__gt=timezone.now() - UNDO_FOR)
    MedicationStatement.objects.filter(pk=statement.pk).update(deleted_at=None)
    record(by=by, verb=Verb.RESTORED, statement=statement)
    return statement


@transaction.atomic
def hide(*, by: Access, uid: UUID, user_id: int, what: Hidden.What | None) -> None:
    """Hide a medicine or its note from a member who is no owner; `what` None shows it again."""
    statement = by.statement(uid)
    membership = Membership.objects.exclude(role=Role.OWNER).get(person=by.person, user_id=user_id)
    Hidden.objects.filter(statement=statement, user=membership.user).delete()
    if what:
        Hidden.objects.create(statement=statement, user=membership.user, what=what)
    changes = [{"field": "hidden", "before": "", "after": what.value if what else ""}]
    verb = Verb.HID if what else Verb.SHOWED
    record(by=by, verb=verb, statement=statement, about_user_id=membership.user_id, changes=changes)


# --- Looks and findings -----------------------------------------------------------------------------------


def record_look(*, by: Access, verb: Verb, now: datetime.datetime) -> None:
    """A look by somebody: written once in half an hour, and not at all where nobody else has a place at the list."""
    if verb is Verb.LOOKED and not Membership.objects.filter(person=by.person).exclude(user=by.user).exists():
        return
    recent = HistoryEvent.objects.filter(
        person=by.person, actor_id=by.user.pk, verb=verb, at__range=(now - LOOK_AGAIN_AFTER, now)
    )
    if not recent.exists():
        record(by=by, verb=verb, at=now)


@transaction.atomic
def know_finding(*, by: Access, key: str, fingerprint: str) -> None:
    """ "My prescriber knows" of this finding, as the list stands now."""
    KnownFinding.objects.update_or_create(
        person=by.person,
        key=key,
        defaults={"fingerprint": fingerprint, "said_by": by.user, "said_at": timezone.now()},
    )
    record(by=by, verb=Verb.FINDING_KNOWN)


@transaction.atomic
def reopen_finding(*, by: Access, key: str) -> None:
    KnownFinding.objects.filter(person=by.person, key=key).delete()
    record(by=by, verb=Verb.FINDING_OPEN)
