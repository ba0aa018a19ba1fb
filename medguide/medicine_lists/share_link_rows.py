"""Links in the words of the page of sharing. Times are those of the person whose list it is."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Part, ShareLink


@dataclass(frozen=True)
class LinkRow:
    """`state` says until when it works, or since when and why it does not; `opened` how often and when last."""

    link: ShareLink
    is_working: bool
    name: str
    state: str
    until: str
    opened: str
    shows: tuple[Part, ...]
    not_shown: tuple[Part, ...]


def moment(at: datetime.datetime, zone: datetime.tzinfo) -> str:
    """Day, hour and zone: whoever reads it may be elsewhere."""
    local = timezone.localtime(at, zone)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"


def row_of(link: ShareLink, zone: datetime.tzinfo, now: datetime.datetime) -> LinkRow:
    until = moment(link.expires_at, zone)
    shows = tuple(part for part in Part if part.value in link.shows)
    return LinkRow(
        link=link,
        is_working=link.ended_at is None and link.expires_at > now,
        name=link.label or _("Link of %(at)s") % {"at": moment(link.created_at, zone)},
        state=_state(link, until, zone, now),
        until=until,
        opened=_opened(link, zone),
        shows=shows,
        not_shown=tuple(part for part in Part if part not in shows),
    )


def rows_of_links(links: Iterable[ShareLink], zone: datetime.tzinfo, now: datetime.datetime) -> list[LinkRow]:
    return [row_of(link, zone, now) for link in links]


def _state(link: ShareLink, until: str, zone: datetime.tzinfo, now: datetime.datetime) -> str:
    if link.ended_at:
        return _("Ended on %(at)s") % {"at": moment(link.ended_at, zone)}
    return (_("Works until %(at)s") if link.expires_at > now else _("Worked until %(at)s")) % {"at": until}


def _opened(link: ShareLink, zone: datetime.tzinfo) -> str:
    if not link.last_opened_at:
        return _("Not opened yet")
    words = ngettext("Opened once, on %(at)s", "Opened %(count)d times, last on %(at)s", link.opened)
    return words % {"count": link.opened, "at": moment(link.last_opened_at, zone)}
