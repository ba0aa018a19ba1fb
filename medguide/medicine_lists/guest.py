"""A list without an account: it lives in the session of one browser, until it is moved into a list of its own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from monographs.interactions.report import Report
from monographs.interactions.typed import Understood, report_for
from monographs.models import Medicine
from monographs.names import KnownName, Resolved, resolve

from .access import Access
from .actions import add_statement
from .models import Person, Role
from .people_actions import start_list

if TYPE_CHECKING:
    from medguide.accounts.models import User

GUEST_LIST = "guest_list"
MOST_MEDICINES = 60
NONE_OF_THESE = "none"


class FullError(Exception):
    """So many medicines stand on the list already."""


@dataclass(frozen=True)
class GuestMedicine:
    """One medicine as its reader wrote it. `meant` is a slug, NONE_OF_THESE, or empty where the name says it all."""

    uid: str
    name: str
    meant: str = ""
    what_for: str = ""
    when: str = ""


@dataclass(frozen=True)
class GuestList:
    """`uid` makes of the list, moved twice by a hasty finger, one person and not two."""

    uid: str
    medicines: tuple[GuestMedicine, ...] = ()


def guest_list_in(session: SessionBase) -> GuestList:
    kept = session.get(GUEST_LIST)
    if not kept:
        return GuestList(uuid4().hex)
    return GuestList(kept["uid"], tuple(GuestMedicine(**one) for one in kept["medicines"]))


def _keep(session: SessionBase, guest_list: GuestList) -> None:
    session[GUEST_LIST] = asdict(guest_list)


def add_for_guest(session: SessionBase, values: Mapping[str, str]) -> None:
    """At the end of the list. Raises FullError."""
    before = guest_list_in(session)
    if len(before.medicines) >= MOST_MEDICINES:
        raise FullError
    if not before.medicines:
        session.set_expiry(0)  # gone when the browser is closed
    _keep(session, replace(before, medicines=(*before.medicines, GuestMedicine(uuid4().hex, **values))))


def remove_for_guest(session: SessionBase, uid: str) -> None:
    before = guest_list_in(session)
    if before.medicines:
        _keep(session, replace(before, medicines=tuple(one for one in before.medicines if one.uid != uid)))


def forget_guest_list(session: SessionBase) -> None:
    session.pop(GUEST_LIST, None)


# --- What it means ----------------------------------------------------------------------------------------


def taken_for(resolved: Resolved, meant: str) -> KnownName | None:
    """What the name means: for sure, or by its writer's choice among what was offered."""
    if meant == NONE_OF_THESE:
        return None
    return resolved.medicine or next((choice for choice in resolved.choices if choice.slug == meant), None)


def understood(guest_list: GuestList) -> Understood:
    """For the check: each name with what it was taken for."""
    names = [(one, resolve(one.name)) for one in guest_list.medicines]
    return Understood(tuple(replace(name, medicine=taken_for(name, one.meant)) for one, name in names))


def report_of(understood: Understood) -> Report | None:
    """None where nothing stands on the list."""
    return report_for(understood) if understood.resolved else None


# --- Into an account --------------------------------------------------------------------------------------


@transaction.atomic
def move_guest_list(request: HttpRequest, user: "User", *, name: str) -> Person | None:
    """A new list of this user with all that the guest wrote; nothing where there is nothing. Sent twice, moved once."""
    guest_list = guest_list_in(request.session)
    if not guest_list.medicines:
        return None
    sent_as = UUID(guest_list.uid)
    person = start_list(by=user, values={"name": name}, allergies=[], contacts=[], sent_as=sent_as)
    access = Access(user, person, Role.OWNER)
    for one in guest_list.medicines:
        add_statement(by=access, values=_values(one), sent_as=uuid5(sent_as, one.uid))
    forget_guest_list(request.session)
    return person


def _values(one: GuestMedicine) -> dict[str, Any]:
    """When it is taken was said in free words, so it goes into the note: nothing is read out of it by guessing."""
    known = taken_for(resolve(one.name), one.meant)
    return {
        "name": one.name,
        "medicine": Medicine.objects.published().filter(slug=known.slug).first() if known else None,
        "what_for": one.what_for,
        "note": _("When: %(words)s") % {"words": one.when} if one.when else "",
    }
