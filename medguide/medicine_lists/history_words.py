"""The history as sentences. Pure: an event and the names of those in it -> words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Hidden, HistoryEvent, MedicationStatement, Person, Status, Verb


@dataclass(frozen=True)
class Names:
    """Who the numbers are: e-mail addresses by user, and of invitations. Who is missing there has left.

    `reader_id` is called "you"; without it, nobody is.
    """

    emails: Mapping[int, str] = field(default_factory=dict)
    invited: Mapping[UUID, str] = field(default_factory=dict)
    reader_id: int | None = None
    person: str = ""

    def of(self, user_id: int | None) -> str:
        if user_id is not None and user_id == self.reader_id:
            return _("you")
        return self.emails.get(user_id or 0) or _("somebody who has left")


_SENTENCES = {
    Verb.LOOKED: gettext_lazy("%(who)s looked at the list"),
    Verb.PRINTED: gettext_lazy("%(who)s opened a page to print"),
    Verb.EXPORTED: gettext_lazy("%(who)s downloaded the list as a file"),
    Verb.IMPORTED: gettext_lazy("%(who)s brought medicines in from a file"),
    Verb.CREATED: gettext_lazy("%(who)s started the list"),
    Verb.CHANGED_PERSON: gettext_lazy("%(who)s changed what is known about %(person)s"),
    Verb.ADDED: gettext_lazy("%(who)s added %(medicine)s"),
    Verb.CHANGED: gettext_lazy("%(who)s changed %(medicine)s"),
    Verb.PAUSED: gettext_lazy("%(who)s marked %(medicine)s as paused"),
    Verb.STOPPED: gettext_lazy("%(who)s marked %(medicine)s as stopped"),
    Verb.STARTED: gettext_lazy("%(who)s marked %(medicine)s as taken now"),
    Verb.CONFIRMED: gettext_lazy("%(who)s confirmed that %(medicine)s is right"),
    Verb.REORDERED: gettext_lazy("%(who)s put the list in another order"),
    Verb.DELETED: gettext_lazy("%(who)s deleted %(medicine)s"),
    Verb.RESTORED: gettext_lazy("%(who)s brought %(medicine)s back"),
    Verb.HID: gettext_lazy("%(who)s hid %(medicine)s from %(about)s"),
    Verb.SHOWED: gettext_lazy("%(who)s stopped hiding %(medicine)s from %(about)s"),
    Verb.FINDING_KNOWN: gettext_lazy("%(who)s said that the prescriber knows about a warning"),
    Verb.FINDING_OPEN: gettext_lazy("%(who)s took back that the prescriber knows about a warning"),
    Verb.INVITED: gettext_lazy("%(who)s invited %(invited)s"),
    Verb.TOOK_BACK: gettext_lazy("%(who)s took back the invitation of %(invited)s"),
    Verb.JOINED: gettext_lazy("%(who)s accepted an invitation"),
    Verb.ROLE_CHANGED: gettext_lazy("%(who)s changed what %(about)s may do"),
    Verb.REVOKED: gettext_lazy("%(who)s ended the access of %(about)s"),
    Verb.LEFT: gettext_lazy("%(who)s left the list"),
    Verb.LINK_MADE: gettext_lazy("%(who)s made %(link)s"),
    Verb.LINK_OPENED: gettext_lazy("%(who)s opened %(link)s"),
    Verb.LINK_ENDED: gettext_lazy("%(who)s ended %(link)s"),
    Verb.DELETED_PERSON: gettext_lazy("%(who)s deleted the whole list"),
    Verb.RESTORED_PERSON: gettext_lazy("%(who)s brought the whole list back"),
}
_HID_THE_NOTE = gettext_lazy("%(who)s hid the note on %(medicine)s from %(about)s")
_TOOK_THE_HISTORY = gettext_lazy("%(who)s downloaded the history as a file")
HISTORY = [{"field": "history", "before": "", "after": ""}]  # the changes of an EXPORTED event that was this

_FIELDS = {  # those that no model has under this name
    "allergies": gettext_lazy("allergies"),
    "contacts": gettext_lazy("doctors and pharmacies"),
}


_LINKS = (Verb.LINK_MADE, Verb.LINK_OPENED, Verb.LINK_ENDED)


def who_acted(event: HistoryEvent, names: Names) -> str:
    """Whoever opens a link has no name."""
    return _("somebody") if event.verb == Verb.LINK_OPENED else names.of(event.actor_id)


def sentence(event: HistoryEvent, names: Names) -> str:
    """What happened, and every field that was changed with what it was before and after."""
    said = str(_template(event)) % {
        "who": who_acted(event, names),
        "about": names.of(event.about_user_id),
        "medicine": event.statement_name,
        "invited": names.invited.get(event.invitation_uid or UUID(int=0)) or _("somebody"),
        "person": names.person,
        "link": _link(event),
    }
    changes = [] if event.verb in (Verb.HID, Verb.SHOWED, Verb.EXPORTED, *_LINKS) else event.changes
    return _capital(said) + (": " + "; ".join(map(_change, changes)) if changes else "")


def _link(event: HistoryEvent) -> str:
    label = _after(event.changes) if event.verb in _LINKS else ""
    return _("the link “%(label)s”") % {"label": label} if label else _("a link for a doctor or a hospital")


def _template(event: HistoryEvent) -> object:
    if event.verb == Verb.HID and _after(event.changes) == Hidden.What.NOTE:
        return _HID_THE_NOTE
    if event.verb == Verb.EXPORTED and event.changes == HISTORY:
        return _TOOK_THE_HISTORY
    return _SENTENCES[Verb(event.verb)]


def _after(changes: Iterable[Mapping[str, str]]) -> str:
    return next((change["after"] for change in changes), "")


def _change(change: Mapping[str, str]) -> str:
    """How much each time from 1 to 2."""
    name = field_in_words(change["field"])
    before, after = (_value(change["field"], change[when]) for when in ("before", "after"))
    if change["field"] == "role":
        return _("from “%(before)s” to “%(after)s”") % {"before": before, "after": after}
    if before and after:
        return _("%(field)s from %(before)s to %(after)s") % {"field": name, "before": before, "after": after}
    if after:
        return _("%(field)s, empty before, now %(after)s") % {"field": name, "after": after}
    return _("%(field)s, %(before)s before, now empty") % {"field": name, "before": before}


def field_in_words(name: str) -> str:
    """As the forms call it."""
    if name in _FIELDS:
        return str(_FIELDS[name])
    for model in (MedicationStatement, Person):
        fields = {each.name: each for each in model._meta.get_fields() if isinstance(each, models.Field)}
        if name in fields:
            return str(fields[name].verbose_name)
    return name.replace("_", " ")


def _value(name: str, value: str) -> str:
    """The words for a status and for yes and no, which are kept as their keys; everything else as it is."""
    if name == "status":
        return str(dict(Status.choices).get(value, value))
    return {"True": _("yes"), "False": _("no")}.get(value, value)


def _capital(text: str) -> str:
    """A sentence begins with a large letter, an e-mail address as it is written."""
    return text if "@" in text.split()[0] else text[:1].upper() + text[1:]


def those_in(events: Iterable[HistoryEvent]) -> tuple[set[int], set[UUID]]:
    """Whose names a page of history needs: users and invitations."""
    found = list(events)
    users = {user for event in found for user in (event.actor_id, event.about_user_id) if user is not None}
    return users, {event.invitation_uid for event in found if event.invitation_uid}
