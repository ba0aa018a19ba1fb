"""What stands on the page of all lists: whose they are, what this user may do there, how many medicines are taken."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q

from .access import Access, people_of
from .models import Hidden, Invitation, Person, Role, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from medguide.accounts.models import User


@dataclass(frozen=True)
class ListRow:
    """One list that a user may see. `taking` counts what is not hidden from them."""

    access: Access
    taking: int

    @property
    def person(self) -> Person:
        return self.access.person


def lists_of(user: "User") -> list[ListRow]:
    """Every list that this user may see, by name; two queries however many there are."""
    hidden = Hidden.objects.filter(user=user, what=Hidden.What.MEDICINE).values_list("statement_id", flat=True)
    taken = Q(statements__status=Status.TAKING, statements__deleted_at__isnull=True) & ~Q(statements__in=list(hidden))
    counted = Count("statements", filter=taken, distinct=True)
    found: QuerySet[Any] = people_of(user).annotate(role=F("memberships__role"), taking=counted)
    return [ListRow(Access(user, person, Role(person.role)), person.taking) for person in found]


def invitations_to(user: "User", now: datetime.datetime) -> "QuerySet[Invitation]":
    """The open invitations to this user's own address."""
    found: QuerySet[Invitation] = Invitation.objects.open(now).filter(
        email=user.email.lower(), person__deleted_at__isnull=True
    )
    return found.select_related("invited_by")
