"""Every write about links for those without an account: making one, opening it, ending it."""

import base64
import datetime
import hashlib
import json
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from .access import Access
from .actions import LOOK_AGAIN_AFTER, record
from .models import HistoryEvent, MedicationStatement, Part, Person, ShareLink, Verb

LASTS = (1, 3, 7, 30)  # days
MOST_WORKING_LINKS = 20
KEPT_AFTER_THE_END = datetime.timedelta(days=30)  # to read how often it was opened


class TooManyLinksError(Exception):
    """So many links work already."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def seed_of(*, by: Access, nonce: str, choices: object) -> str:
    """What a form that was sent stands for: the same form sent twice gives the same seed, any other another."""
    sent = json.dumps([nonce, by.user.pk, str(by.person.uid), choices], sort_keys=True, default=str)
    return hashlib.sha256(sent.encode()).hexdigest()


def token_of(seed: str) -> str:
    """The token of a link, 32 bytes that nobody can compute without the secret key of this installation."""
    digest = salted_hmac("medguide.share-link", seed, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@transaction.atomic
def make_link(
    *,
    by: Access,
    token: str,
    label: str,
    days: int,
    shows: Collection[Part],
    left_out: Sequence[MedicationStatement],
    now: datetime.datetime,
) -> ShareLink:
    """A link with this token, of which only the hash is kept. The same token gives the link that it gave before.

    Raises TooManyLinksError, and ValueError for days that are not offered.
    """
    if days not in LASTS:
        raise ValueError(days)
    Person.objects.select_for_update().get(pk=by.person.pk)  # two of the same form, at the same moment, wait here
    links = ShareLink.objects.filter(person=by.person)
    again: ShareLink | None = links.filter(token_hash=_hash(token)).first()
    if again:
        return again
    if links.working(now).count() >= MOST_WORKING_LINKS:
        raise TooManyLinksError
    link: ShareLink = ShareLink.objects.create(
        person=by.person,
        made_by=by.user,
        label=label,
        token_hash=_hash(token),
        shows=[part.value for part in Part if part in shows],
        created_at=now,
        expires_at=now + datetime.timedelta(days=days),
    )
    link.left_out.set(left_out)
    record(by=by, verb=Verb.LINK_MADE, changes=_named(link))
    return link


@transaction.atomic
def open_link(*, token: str, now: datetime.datetime, is_counted: bool = True) -> ShareLink:
    """Raises ShareLink.DoesNotExist for a token that is wrong, too old or ended, or whose maker owns no more.

    Every opening is counted. In the history it stands once in half an hour, so that nobody floods it.
    """
    link: ShareLink = ShareLink.objects.working(now).select_related("person", "made_by").get(token_hash=_hash(token))
    if is_counted:
        before = link.last_opened_at
        ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened_at=now)
        if before is None or not now - LOOK_AGAIN_AFTER <= before <= now:
            HistoryEvent.objects.create(person=link.person, at=now, verb=Verb.LINK_OPENED, changes=_named(link))
    return link


@transaction.atomic
def end_link(*, by: Access, uid: UUID, now: datetime.datetime) -> ShareLink:
    """At once, and for good. Raises ShareLink.DoesNotExist where it is not of this person."""
    link: ShareLink = ShareLink.objects.select_for_update().get(person=by.person, uid=uid)
    if link.ended_at is None:
        link.ended_at = now
        link.save(update_fields=["ended_at"])
        record(by=by, verb=Verb.LINK_ENDED, changes=_named(link))
    return link


def purge_links(now: datetime.datetime) -> None:
    """Erase links that ended, by somebody or by time, more than 30 days ago. What was done stays in the history."""
    ShareLink.objects.filter(expires_at__lt=now - KEPT_AFTER_THE_END).delete()
    ShareLink.objects.filter(ended_at__lt=now - KEPT_AFTER_THE_END).delete()


def _named(link: ShareLink) -> list[dict[str, str]]:
    return [{"field": "link", "before": "", "after": link.label}] if link.label else []
