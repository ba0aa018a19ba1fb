"""Writes about whole lists: starting one, bringing one back, hiding several things at once."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from .access import Access, access_to, deleted_people_of
from .actions import change_person, create_person, hide, restore_person
from .models import Hidden, Person, Role

if TYPE_CHECKING:
    from medguide.accounts.models import User


def start_list(
    *,
    by: "User",
    values: Mapping[str, Any],
    allergies: Sequence[Mapping[str, str]],
    contacts: Sequence[Mapping[str, str]],
    sent_as: UUID,
) -> Person:
    """A new person. The same form sent twice by the same user gives the person that it gave before.

    The person's uid is made of the form's and the user's, so that nobody can choose one that is taken. Raises
    Person.DoesNotExist where what the form started has been deleted since.
    """
    uid = uuid5(sent_as, f"started by {by.pk}")
    if again := _started(by, uid):
        return again
    try:
        with transaction.atomic():
            person = create_person(by=by, values={**values, "uid": uid})
            if not (allergies or contacts):
                return person
            access = Access(by, person, Role.OWNER)
            return change_person(by=access, read_version=1, values={}, allergies=allergies, contacts=contacts)
    except IntegrityError:  # the other one of two that were sent at the same moment
        return access_to(by, uid).person


def _started(by: "User", uid: UUID) -> Person | None:
    """Raises Person.DoesNotExist where it has been deleted since."""
    return access_to(by, uid).person if Person.objects.filter(uid=uid).exists() else None


def bring_back(*, by: "User", uid: UUID) -> Access:
    """Raises Person.DoesNotExist for what is not theirs, not deleted, or deleted more than 30 days ago."""
    access = Access(by, deleted_people_of(by, timezone.now()).get(uid=uid), Role.OWNER)
    restore_person(by=access)
    return access


@transaction.atomic
def hide_several(*, by: Access, user_id: int, choices: Mapping[UUID, Hidden.What | None]) -> int:
    """Hide from a member, or show again, what differs from how it is now. How many that were."""
    rows = Hidden.objects.filter(statement__person=by.person, user_id=user_id)
    now = {uid: Hidden.What(what) for uid, what in rows.values_list("statement__uid", "what")}
    others = {uid: what for uid, what in choices.items() if what != now.get(uid)}
    for uid, what in others.items():
        hide(by=by, uid=uid, user_id=user_id, what=what)
    return len(others)
