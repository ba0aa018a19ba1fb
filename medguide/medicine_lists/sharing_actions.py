"""Every write about who may see a list: inviting, accepting, changing a role, ending access, leaving."""

import datetime
import hashlib
import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .access import Access
from .actions import record
from .models import Hidden, Invitation, Membership, Role, ShareLink, Verb

if TYPE_CHECKING:
    from medguide.accounts.models import User

INVITATION_LASTS = datetime.timedelta(days=7)
MOST_OPEN_INVITATIONS = 20
MOST_LETTERS_A_DAY = 40  # of one user, whatever became of them: nobody's mailbox is filled from here


class LastOwnerError(Exception):
    """A person has at least one owner at all times."""


class TooManyInvitationsError(Exception):
    """So many letters are under way already."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, by: Access, email: str, role: Role) -> tuple[Invitation, str]:
    """An invitation and its token, which is kept nowhere but in the letter. An older open one is taken back."""
    now = timezone.now()
    email = email.strip().lower()
    letters = Invitation.objects.filter(person=by.person)
    letters.unanswered().filter(email=email).update(revoked_at=now)
    open_ones = letters.open(now)
    a_day_ago = now - datetime.timedelta(days=1)
    written_today = Invitation.objects.filter(invited_by=by.user, created_at__range=(a_day_ago, now))
    if open_ones.count() >= MOST_OPEN_INVITATIONS or written_today.count() >= MOST_LETTERS_A_DAY:
        raise TooManyInvitationsError
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        person=by.person,
        email=email,
        role=role,
        token_hash=_hash(token),
        invited_by=by.user,
        expires_at=now + INVITATION_LASTS,
    )
    record(by=by, verb=Verb.INVITED, invitation_uid=invitation.uid)
    return invitation, token


def open_invitation(token: str, now: datetime.datetime) -> Invitation:
    """Raises Invitation.DoesNotExist for a token that is wrong, used, taken back or too old."""
    found = Invitation.objects.open(now).filter(person__deleted_at__isnull=True)
    invitation: Invitation = found.select_related("person", "invited_by").get(token_hash=_hash(token))
    return invitation


@transaction.atomic
def accept(*, user: "User", token: str) -> Access:
    """Take a place at the list. Raises Invitation.DoesNotExist for any token that is not this user's to use."""
    now = timezone.now()
    return _accept(user, open_invitation(token, now), now)


@transaction.atomic
def accept_own(*, user: "User", uid: UUID) -> Access:
    """The same without the letter, for whoever signed in with the address that it went to. Raises as `accept` does."""
    now = timezone.now()
    found = Invitation.objects.open(now).filter(person__deleted_at__isnull=True)
    return _accept(user, found.select_related("person").get(uid=uid), now)


def _accept(user: "User", invitation: Invitation, now: datetime.datetime) -> Access:
    if invitation.email != user.email.lower():
        raise Invitation.DoesNotExist
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
    if not used.update(accepted_at=now):
        raise Invitation.DoesNotExist
    role = Role(invitation.role)
    membership, is_new = Membership.objects.get_or_create(person=invitation.person, user=user, defaults={"role": role})
    if not is_new and role.rank > Role(membership.role).rank:
        membership.role = role
        membership.save()
        if role is Role.OWNER:  # an owner sees everything
            Hidden.objects.filter(statement__person=invitation.person, user=user).delete()
    access = Access(user, invitation.person, Role(membership.role))
    record(by=access, verb=Verb.JOINED, invitation_uid=invitation.uid)
    return access


@transaction.atomic
def take_back(*, by: Access, uid: UUID) -> None:
    """Raises Invitation.DoesNotExist where it is not of this person, or was answered."""
    now = timezone.now()
    invitation = Invitation.objects.filter(person=by.person).unanswered().get(uid=uid)
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=now)
    record(by=by, verb=Verb.TOOK_BACK, invitation_uid=invitation.uid)


def _keep_an_owner(by: Access, leaving: Membership) -> None:
    owners = Membership.objects.select_for_update().filter(person=by.person, role=Role.OWNER)
    if leaving.role == Role.OWNER and len(owners) < 2:
        raise LastOwnerError


@transaction.atomic
def change_role(*, by: Access, user_id: int, role: Role) -> None:
    """Hand over or take away. Raises LastOwnerError, Membership.DoesNotExist."""
    membership = Membership.objects.select_for_update().get(person=by.person, user_id=user_id)
    if membership.role == role:
        return
    _keep_an_owner(by, membership)
    before, membership.role = Role(membership.role), role
    membership.save()
    if role is Role.OWNER:  # an owner sees everything
        Hidden.objects.filter(statement__person=by.person, user_id=user_id).delete()
    if before is Role.OWNER:
        _end_letters_and_links(by, membership)
    changes = [{"field": "role", "before": str(before.label), "after": str(role.label)}]
    record(by=by, verb=Verb.ROLE_CHANGED, about_user_id=user_id, changes=changes)


@transaction.atomic
def revoke(*, by: Access, user_id: int) -> None:
    """End somebody's access, at once. Raises LastOwnerError, Membership.DoesNotExist."""
    membership = Membership.objects.select_for_update().get(person=by.person, user_id=user_id)
    _keep_an_owner(by, membership)
    membership.delete()
    _end_letters_and_links(by, membership)
    record(by=by, verb=Verb.REVOKED, about_user_id=user_id)


def _end_letters_and_links(by: Access, gone: Membership) -> None:
    """Nobody comes back, or lets others in, by a letter or a link from before their access ended."""
    now = timezone.now()
    letters = Invitation.objects.filter(person=by.person).unanswered()
    theirs = letters.filter(Q(invited_by=gone.user) | Q(email=gone.user.email.lower()))
    theirs.update(revoked_at=now)
    ShareLink.objects.filter(person=by.person, made_by=gone.user).unended().update(ended_at=now)


@transaction.atomic
def leave(*, by: Access) -> None:
    """Give up one's own place. Raises LastOwnerError."""
    membership = Membership.objects.select_for_update().get(person=by.person, user=by.user)
    _keep_an_owner(by, membership)
    membership.delete()
    _end_letters_and_links(by, membership)
    record(by=by, verb=Verb.LEFT)
