"""What comes out on paper: the day, one page for a doctor, the wallet card, and what changed since a day."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medguide.medicine_lists import actions
from medguide.medicine_lists.access import Access
from medguide.medicine_lists.day_grid import day_grid
from medguide.medicine_lists.history import zone_of
from medguide.medicine_lists.list_changes import changed_after, changes_since, default_since
from medguide.medicine_lists.models import Person, Verb
from medguide.medicine_lists.one_page import PRINTED, about, one_page
from medguide.medicine_lists.rows import rows_of
from medguide.medicine_lists.schedules import EARLIEST, LATEST_AFTER
from medguide.medicine_lists.wallet_card import Line, medicine_line, wallet_card

from ._person import for_person
from .lists import everything, page

BACK = (30, 90, 365)  # days that the page of changes offers
A_DAY = datetime.timedelta(days=1)


@require_safe
@for_person()
def day(request: HttpRequest, access: Access) -> HttpResponse:
    """The grid of `?on=`, or of today where the person is."""
    now = timezone.now()
    today = timezone.localdate(now, zone_of(access.person))
    on = _day(request.GET.get("on", ""), today + LATEST_AFTER) or today
    statements, checked = everything(access)
    actions.record_look(by=access, verb=Verb.LOOKED, now=now)
    context = {
        "checked": checked,
        "today": today,
        "grid": day_grid(rows_of(statements, now=now), on),
        "day_before": on - A_DAY if on > EARLIEST else None,
        "day_after": on + A_DAY if on < today + LATEST_AFTER else None,
    }
    return page(request, access, "lists/day.html", context)


@require_safe
@for_person()
def print_list(request: HttpRequest, access: Access) -> HttpResponse:
    """One page for a doctor or a hospital; `?large=1` in large print, on as many pages as that takes."""
    now = timezone.now()
    zone = zone_of(access.person)
    statements, checked = everything(access)
    actions.record_look(by=access, verb=Verb.PRINTED, now=now)
    context = {
        **about(access.person, PRINTED),
        "checked": checked,
        "today": timezone.localdate(now, zone),
        "is_large": bool(request.GET.get("large")),
        "list": one_page(rows_of(statements, now=now), checked, changed_after(access, statements), zone),
    }
    return page(request, access, "lists/print.html", context)


@require_safe
@for_person()
def card(request: HttpRequest, access: Access) -> HttpResponse:
    """A card for the wallet, to cut out and fold."""
    now = timezone.now()
    today = timezone.localdate(now, zone_of(access.person))
    statements, checked = everything(access)
    actions.record_look(by=access, verb=Verb.PRINTED, now=now)
    taken = sorted((row for row in rows_of(statements, now=now) if row.is_taken), key=lambda row: row.is_as_needed)
    found = wallet_card(
        access.person.name,
        _about(access.person, today),
        [medicine_line(row) for row in taken] or [Line("", _("No medicine is written here."))],
    )
    return page(request, access, "lists/card.html", {"checked": checked, "today": today, "card": found})


def _about(person: Person, today: datetime.date) -> list[Line]:
    """The outside of the card: what somebody needs who finds it."""
    born = [Line(_("Born in"), str(person.year_of_birth))] if person.year_of_birth else []
    contact = person.emergency_contact or _("not written here")
    allergies = [
        " ".join(filter(None, [one.substance, one.reaction and f"({one.reaction})"])) for one in person.allergies.all()
    ]
    return [
        *born,
        Line(_("In an emergency call"), contact),
        *[Line(_("Allergy:"), allergy) for allergy in allergies],
        *([] if allergies else [Line(_("Allergies:"), _("none written here"))]),
        Line(
            _("List of"),
            _("%(day)s, written by the family, not by a clinician") % {"day": date_format(today, "F j, Y")},
        ),
    ]


@require_safe
@for_person()
def changes(request: HttpRequest, access: Access) -> HttpResponse:
    """What changed since `?since=`, or since this user's last print, or in 90 days."""
    now = timezone.now()
    today = timezone.localdate(now, zone_of(access.person))
    since = _day(request.GET.get("since", ""), today) or default_since(access, today)
    actions.record_look(by=access, verb=Verb.LOOKED, now=now)
    context = {
        "today": today,
        "since": since,
        "changed": changes_since(access, since),
        "offered": [(days, today - datetime.timedelta(days=days)) for days in BACK],
    }
    return page(request, access, "lists/changes.html", context)


def _day(text: str, latest: datetime.date) -> datetime.date | None:
    """A day that can be meant; None for anything else."""
    try:
        found = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= latest else None
