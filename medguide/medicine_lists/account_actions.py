"""The end of an account: what becomes of each list, and the write that leaves nothing of its user behind."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from .access import Access
from .actions import erase_person, record
from .models import HistoryEvent, Invitation, Membership, Person, Role, Verb

if TYPE_CHECKING:
    from medguide.accounts.models import User


@dataclass(frozen=True)
class Fate:
    """What becomes of one list when its user goes. `others` lose it too, where it is erased."""

    person: Person
    role: Role
    is_erased: bool
    others: tuple[str, ...]  # e-mail addresses; for owners alone

    @property
    def is_theirs_to_know(self) -> bool:
        """A list that its owners have deleted exists for nobody else."""
        return self.role is Role.OWNER or self.person.deleted_at is None


def fates_of_lists(user: "User") -> list[Fate]:
    """Every list at which this user has a place, those that they deleted lately too."""
    places = Membership.objects.filter(user=user).select_related("person").order_by("person__name", "pk")
    return [_fate(place) for place in places]


def _fate(place: Membership) -> Fate:
    role = Role(place.role)
    rest = Membership.objects.filter(person=place.person).exclude(pk=place.pk).select_related("user")
    is_erased = role is Role.OWNER and not any(one.role == Role.OWNER for one in rest)
    others = tuple(one.user.email for one in rest) if role is Role.OWNER else ()
    return Fate(place.person, role, is_erased, others)


@transaction.atomic
def delete_account(*, user: "User") -> None:
    """The user, the lists that nobody else owns with their history, letters from and to them, where they signed in.

    At the lists of others their place ends; what they did there stays in its history, by somebody who has left.
    """
    list(Membership.objects.select_for_update().filter(person__memberships__user=user))
    for fate in fates_of_lists(user):
        if fate.is_erased:
            erase_person(fate.person)
        else:
            record(by=Access(user, fate.person, fate.role), verb=Verb.LEFT)
    accepted = HistoryEvent.objects.filter(actor_id=user.pk, verb=Verb.JOINED).values("invitation_uid")
    Invitation.objects.filter(Q(email=user.email.lower()) | Q(uid__in=accepted)).delete()  # to older addresses too
    _forget_sessions(user)
    user.delete()


def _forget_sessions(user: "User") -> None:
    """Wherever they are signed in, and what a signed-out browser still knows of their address."""
    gone = []
    for session in Session.objects.iterator():
        data = session.get_decoded()
        signed_in = data.get("_auth_user_id")
        if signed_in == str(user.pk) or (not signed_in and user.email in json.dumps(data).lower()):
            gone.append(session.pk)
    Session.objects.filter(pk__in=gone).delete()
