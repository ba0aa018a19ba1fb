"""Reading the history of a list: which events, found by what, and in which words. For owners; their Access decides."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth import get_user_model
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .access import Access
from .history_words import Names, sentence, those_in, who_acted
from .models import HistoryEvent, Invitation, Person, Verb

if TYPE_CHECKING:
    from django.db.models import QuerySet

GROUPS = {
    "looks": (_("Looks, prints, files"), {Verb.LOOKED, Verb.PRINTED, Verb.EXPORTED, Verb.LINK_OPENED}),
    "medicines": (
        _("Medicines"),
        {
            Verb.IMPORTED, Verb.ADDED, Verb.CHANGED, Verb.PAUSED, Verb.STOPPED, Verb.STARTED, Verb.CONFIRMED,
            Verb.REORDERED, Verb.DELETED, Verb.RESTORED, Verb.FINDING_KNOWN, Verb.FINDING_OPEN,
        },
    ),
    "sharing": (
        _("Who may see what"),
        {
            Verb.INVITED, Verb.TOOK_BACK, Verb.JOINED, Verb.ROLE_CHANGED, Verb.REVOKED, Verb.LEFT, Verb.HID,
            Verb.SHOWED, Verb.LINK_MADE, Verb.LINK_ENDED,
        },
    ),
    "person": (
        _("The person, the whole list"),
        {Verb.CREATED, Verb.CHANGED_PERSON, Verb.DELETED_PERSON, Verb.RESTORED_PERSON},
    ),
}  # fmt: skip
# In the place of a user: whoever has no account any more, and whoever opened a link.
GONE, BY_LINK = "gone", "by-link"


@dataclass(frozen=True)
class Line:
    """One event in words; `at` is in the time zone of the person."""

    at: datetime.datetime
    who: str
    words: str
    medicine: str


def zone_of(person: Person) -> datetime.tzinfo:
    try:
        return ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):  # an older database of zones, or a file brought in
        return timezone.get_default_timezone()


def found(access: Access, filters: Mapping[str, Any]) -> "QuerySet[HistoryEvent]":
    """`filters` are HistoryForm's cleaned data; an empty one leaves nothing out."""
    events = access.history
    zone = zone_of(access.person)
    if who := filters.get("who"):
        events = _by(events, who)
    if what := filters.get("what"):
        events = events.filter(verb__in=GROUPS[what][1])
    if medicine := filters.get("medicine"):
        events = events.filter(statement_uid=medicine)
    if first := filters.get("first"):
        events = events.filter(at__gte=datetime.datetime.combine(first, datetime.time.min, zone))
    if last := filters.get("last"):
        day_after = last + datetime.timedelta(days=1)
        events = events.filter(at__lt=datetime.datetime.combine(day_after, datetime.time.min, zone))
    return events


def _by(events: "QuerySet[HistoryEvent]", who: str) -> "QuerySet[HistoryEvent]":
    if who == BY_LINK:
        return events.filter(verb=Verb.LINK_OPENED)
    if who == GONE:
        return events.exclude(actor_id__in=_emails()).exclude(verb=Verb.LINK_OPENED)
    return events.filter(actor_id=who)


def _emails() -> "QuerySet[Any, int]":
    return get_user_model().objects.values_list("pk", flat=True)


def names_in(access: Access, events: Iterable[HistoryEvent], *, reader_id: int | None) -> Names:
    """Two queries, however many events."""
    users, invitations = those_in(events)
    accounts = get_user_model().objects.filter(pk__in=users)
    letters = Invitation.objects.filter(person=access.person, uid__in=invitations)
    return Names(
        emails=dict(accounts.values_list("pk", "email")),
        invited=dict(letters.values_list("uid", "email")),
        reader_id=reader_id,
        person=access.person.name,
    )


def lines(access: Access, events: Iterable[HistoryEvent], names: Names) -> Iterator[Line]:
    zone = zone_of(access.person)
    for event in events:
        at = timezone.localtime(event.at, zone)
        yield Line(at, who_acted(event, names), sentence(event, names), event.statement_name)


def everybody_in(access: Access) -> list[tuple[str, str]]:
    """Everybody in the history, for a choice: (user's number, e-mail), and those without an account in two groups."""
    events = access.history.order_by()
    acted = set(events.exclude(verb=Verb.LINK_OPENED).values_list("actor_id", flat=True).distinct())
    known = [user for user in acted if user is not None]
    emails = dict(get_user_model().objects.filter(pk__in=known).values_list("pk", "email"))
    found = sorted(((str(pk), email) for pk, email in emails.items()), key=lambda pair: pair[1])
    if acted - set(emails):
        found.append((GONE, str(_("Somebody who has left"))))
    if events.filter(verb=Verb.LINK_OPENED).exists():
        found.append((BY_LINK, str(_("Somebody who opened a link"))))
    return found


def medicines_named(access: Access) -> list[tuple[str, str]]:
    """Every medicine in the history, deleted ones too, by its last name: (uid, name)."""
    rows = access.history.exclude(statement_uid=None).order_by().values("statement_uid", "statement_name")
    named = rows.annotate(newest=Max("pk")).order_by("newest")
    last = {row["statement_uid"]: row["statement_name"] for row in named}
    return sorted(((str(uid), name) for uid, name in last.items()), key=lambda pair: pair[1].casefold())
