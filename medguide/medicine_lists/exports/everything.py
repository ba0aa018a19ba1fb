"""All that belongs to one user, in one zip file: the account, and each list as far as its user may see it."""

import datetime
import io
import zipfile
from typing import TYPE_CHECKING, Any

from medguide.medicine_lists.access import Access, deleted_people_of, people_of
from medguide.medicine_lists.history import lines, names_in
from medguide.medicine_lists.models import Membership, Role

from .as_json import list_data, plain, to_bytes

if TYPE_CHECKING:
    from medguide.accounts.models import User

FORMAT, VERSION = "medguide-everything", 1


def everything_of(user: "User", *, now: datetime.datetime) -> bytes:
    """account.json, and of each list list-N.json (which can be brought in again) and about-list-N.json."""
    files = {"account.json": _account(user, now)}
    roles = dict(Membership.objects.filter(user=user).values_list("person_id", "role"))
    people = list(dict.fromkeys([*people_of(user), *deleted_people_of(user, now)]))
    for number, person in enumerate(people, start=1):
        access = Access(user, person, Role(roles[person.pk]))
        files[f"list-{number}.json"] = list_data(access, now=now)
        files[f"about-list-{number}.json"] = _about(access)
    return _zip(files, now)


def _account(user: "User", now: datetime.datetime) -> dict[str, Any]:
    sent = user.invitations_sent.select_related("person")
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": plain(now),
        "email": user.email,
        "joined_at": plain(user.date_joined),
        "last_signed_in_at": plain(user.last_login),
        "invitations_sent": [
            {
                "to": one.email,
                "role": one.role,
                "person": one.person.name,
                "sent_at": plain(one.created_at),
                "accepted_at": plain(one.accepted_at),
                "taken_back_at": plain(one.revoked_at),
            }
            for one in sent
        ],
    }


def _about(access: Access) -> dict[str, Any]:
    """What a list is to this user; who has a place at it and what was done is for owners."""
    about: dict[str, Any] = {
        "person": access.person.name,
        "my_role": access.role.value,
        "deleted_at": plain(access.person.deleted_at),
        "deleted_medicines": [
            {"name": one.name, "deleted_at": plain(one.deleted_at)} for one in access.statements.deleted()
        ]
        if access.can_change
        else [],
    }
    if access.can_manage:
        members = access.person.memberships.select_related("user")
        about["members"] = [{"email": one.user.email, "role": one.role} for one in members]
        about["share_links"] = [
            {
                "for": link.label,
                "shows": link.shows,
                "medicines_left_out": [one.name for one in link.left_out.all()],
                "made_at": plain(link.created_at),
                "works_until": plain(link.expires_at),
                "ended_at": plain(link.ended_at),
                "opened": link.opened,
                "last_opened_at": plain(link.last_opened_at),
            }
            for link in access.person.share_links.prefetch_related("left_out")
        ]
        events = list(access.history)
        names = names_in(access, events, reader_id=None)
        about["history"] = [
            {"at": plain(line.at), "who": line.who, "what": line.words} for line in lines(access, events, names)
        ]
    return about


def _zip(files: dict[str, dict[str, Any]], now: datetime.datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), to_bytes(data), zipfile.ZIP_DEFLATED)
    return out.getvalue()
