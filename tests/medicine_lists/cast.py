"""The fixed cast of every private test: whose list it is, who may do what with it, and who may do nothing."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from medguide.accounts.models import User
from medguide.medicine_lists import actions, share_link_actions, sharing_actions
from medguide.medicine_lists.access import Access, access_to
from medguide.medicine_lists.models import Hidden, Invitation, MedicationStatement, Part, Person, Role, ShareLink
from monographs.models import Medicine

SECRET_NAME = "Hydrocodonol Secreta"  # the medicine that is hidden from the editor and the viewer
SECRET_NOTE = "note-for-nobody-else"  # the note that is hidden from the viewer


def make_user(name: str) -> User:
    """Without a password: hashing one takes long, and `sign_in` needs none."""
    return User.objects.create_user(f"{name}@example.org")


def sign_in(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def medicine(name: str) -> Medicine:
    return Medicine.objects.get(name=name)


def put(access: Access, name: str, **values: Any) -> MedicationStatement:
    """A medicine on the list, matched to the library where a medicine has just that name."""
    known = Medicine.objects.filter(name=name).first()
    return actions.add_statement(by=access, values={"name": name, "medicine": known, **values})


@dataclass
class Cast:
    """One person's list, and everybody around it."""

    person: Person
    owner: User
    editor: User
    viewer: User
    revoked: User
    expired: User
    stranger: User
    baclofen: MedicationStatement
    warfarin: MedicationStatement
    secret: MedicationStatement
    expired_token: str
    open_token: str
    link: ShareLink
    link_token: str

    def client(self, who: str) -> Client:
        """A browser in which this one of the cast is signed in; "signed out" in which nobody is."""
        return Client(headers={"host": "127.0.0.1"}) if who == "signed out" else sign_in(getattr(self, who))

    def access(self, who: str) -> Access:
        return access_to(getattr(self, who), self.person.uid)


def join(cast_person: Person, owner: Access, user: User, role: Role) -> None:
    """The whole way: invited, accepted."""
    _invitation, token = sharing_actions.invite(by=owner, email=user.email, role=role)
    sharing_actions.accept(user=user, token=token)


def make_link(owner: Access, **choices: Any) -> tuple[ShareLink, str]:
    """A link that shows everything for a day, but for what is chosen otherwise, and its token."""
    token = share_link_actions.token_of(uuid4().hex)
    said = {"label": "", "days": 1, "shows": list(Part), "left_out": [], "now": timezone.now()}
    return share_link_actions.make_link(by=owner, token=token, **(said | choices)), token


def make_cast() -> Cast:
    names = ("owner", "editor", "viewer", "revoked", "expired", "stranger")
    users = {name: make_user(name) for name in names}
    person = actions.create_person(by=users["owner"], values={"name": "Papa Rosenquist"})
    owner = access_to(users["owner"], person.uid)
    for who, role in (("editor", Role.EDITOR), ("viewer", Role.VIEWER), ("revoked", Role.EDITOR)):
        join(person, owner, users[who], role)
    sharing_actions.revoke(by=owner, user_id=users["revoked"].pk)
    invitation, expired_token = sharing_actions.invite(by=owner, email=users["expired"].email, role=Role.EDITOR)
    week_ago = timezone.now() - datetime.timedelta(days=8)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=week_ago)
    _invitation, open_token = sharing_actions.invite(by=owner, email="new@example.org", role=Role.VIEWER)
    baclofen = put(owner, "baclofen", strength="10 mg", note=SECRET_NOTE)
    warfarin = put(owner, "warfarin")
    secret = put(owner, SECRET_NAME, what_for="a thing of her own")
    actions.hide(by=owner, uid=secret.uid, user_id=users["editor"].pk, what=Hidden.What.MEDICINE)
    actions.hide(by=owner, uid=secret.uid, user_id=users["viewer"].pk, what=Hidden.What.MEDICINE)
    actions.hide(by=owner, uid=baclofen.uid, user_id=users["viewer"].pk, what=Hidden.What.NOTE)
    things = {"baclofen": baclofen, "warfarin": warfarin, "secret": secret}
    link, link_token = make_link(owner, label="Dr. Hahn")
    tokens = {"expired_token": expired_token, "open_token": open_token, "link_token": link_token}
    return Cast(person=person, **users, **things, **tokens, link=link)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
