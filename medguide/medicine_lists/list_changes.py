"""What changed on a list since a day, medicine by medicine: for whoever may see the medicine, owner or not."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .access import Access
from .history import zone_of
from .history_words import field_in_words
from .models import HistoryEvent, MedicationStatement, Verb
from .rows import rows_of

DAYS_BACK = datetime.timedelta(days=90)
VERBS = (Verb.ADDED, Verb.CHANGED, Verb.PAUSED, Verb.STOPPED, Verb.STARTED, Verb.DELETED, Verb.RESTORED)


@dataclass(frozen=True)
class Step:
    """What was done to a medicine on a day (in the person's time zone), a sentence each."""

    day: datetime.date
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """One medicine with its steps, the oldest first. `is_gone`: it was deleted and is on no list now."""

    name: str
    uid: UUID
    is_gone: bool
    steps: tuple[Step, ...]


def changes_since(access: Access, since: datetime.date) -> list[Changed]:
    """The medicine that changed last stands first. What is hidden from this user is absent."""
    zone = zone_of(access.person)
    first = datetime.datetime.combine(since, datetime.time.min, zone)
    statements = access.statements.select_related("medicine").prefetch_related("medicine__monographs")
    seen = {row.statement.uid: row for row in rows_of(statements, now=timezone.now())}
    events = access.person.history.filter(at__gte=first, verb__in=VERBS, statement_uid__in=seen).order_by("-pk")
    by_medicine: dict[UUID, list[Step]] = {}
    for event in events:
        if event.statement_uid and (sentences := _sentences(event, access, seen[event.statement_uid].statement)):
            day = timezone.localdate(event.at, zone)
            by_medicine.setdefault(event.statement_uid, []).insert(0, Step(day, sentences))
    return [
        Changed(seen[uid].title, uid, seen[uid].statement.deleted_at is not None, tuple(steps))
        for uid, steps in by_medicine.items()
    ]


def default_since(access: Access, today: datetime.date) -> datetime.date:
    """The day of this user's last print before today, else 90 days ago."""
    zone = zone_of(access.person)
    midnight = datetime.datetime.combine(today, datetime.time.min, zone)
    prints = access.person.history.filter(verb=Verb.PRINTED, actor_id=access.user.pk, at__lt=midnight)
    last = prints.order_by("-at").first()
    return timezone.localdate(last.at, zone) if last else today - DAYS_BACK


def _sentences(event: HistoryEvent, access: Access, statement: MedicationStatement) -> tuple[str, ...]:
    match event.verb:
        case Verb.ADDED:
            return (_("Put on the list."),)
        case Verb.DELETED:
            return (_("Deleted from the list."),)
        case Verb.RESTORED:
            return (_("Brought back to the list."),)
    changes = {change["field"]: change for change in event.changes}
    if "note" in changes and access.hides_note(statement):
        del changes["note"]
    if event.verb == Verb.CHANGED:
        return tuple(_change(change) for change in changes.values())
    return (_status_sentence(event, {field: change["after"] for field, change in changes.items()}),)


def _status_sentence(event: HistoryEvent, after: Mapping[str, str]) -> str:
    """Paused, stopped or started again, with when, who said so and why, as far as that was said."""
    what = {Verb.PAUSED: _("Paused"), Verb.STOPPED: _("Stopped")}.get(Verb(event.verb), _("Started again"))
    since = after.get("status_since")
    said = [_("%(what)s on %(day)s") % {"what": what, "day": since} if since else what]
    if who := after.get("status_said_by"):
        said.append(_("%(who)s said so") % {"who": who})
    if why := after.get("status_why"):
        said.append(_("Why: %(why)s") % {"why": why})
    if after.get("was_side_effect") == "True":
        said.append(_("It was because of a side effect"))
    return " ".join(f"{sentence.rstrip('.')}." for sentence in said)


def _change(change: Mapping[str, str]) -> str:
    """The sentence of one field: what it was, and what it is."""
    said = {"field": capfirst(field_in_words(change["field"])), "before": change["before"], "after": change["after"]}
    if not said["before"]:
        return _("%(field)s: %(after)s. It was empty before.") % said
    if not said["after"]:
        return _("%(field)s: empty now. It was %(before)s.") % said
    return _("%(field)s: %(after)s. It was %(before)s.") % said


def changed_after(access: Access, statements: Sequence[MedicationStatement]) -> set[UUID]:
    """Which of these medicines were changed, in more than their note, after they were last confirmed."""
    confirmed = [one.uid for one in statements if one.confirmed_at]
    events = access.person.history.filter(statement_uid__in=confirmed, verb__in=(*VERBS, Verb.CONFIRMED))
    changed: set[UUID] = set()
    for event in events.order_by("pk"):
        if event.statement_uid and event.verb == Verb.CONFIRMED:
            changed.discard(event.statement_uid)
        elif event.statement_uid and any(change["field"] != "note" for change in event.changes):
            changed.add(event.statement_uid)
    return changed
