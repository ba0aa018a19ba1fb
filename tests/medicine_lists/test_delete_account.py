"""Deleting an account: what is said before, who is asked, and that nothing is left."""

import json
import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medguide.accounts.models import User
from medguide.medicine_lists import account_actions, actions, sharing_actions
from medguide.medicine_lists.access import access_to
from medguide.medicine_lists.models import Invitation, Person, Role

from .cast import Cast, make_user, put, sign_in

pytestmark = pytest.mark.django_db
EMAIL = "zelda@example.org"


def just_signed_in(user: User) -> Client:
    """As after typing the password."""
    client = sign_in(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": user.email}]
    session.save()
    return client


def everything_stored() -> str:
    """All that the database holds, the sessions opened up."""
    if connection.vendor == "sqlite":
        rows = "\n".join(connection.connection.iterdump())
    else:
        with connection.cursor() as cursor:
            rows = ""
            for table in connection.introspection.table_names():
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                rows += str(cursor.fetchall())
    sessions = [session.get_decoded() for session in Session.objects.all()]
    return (rows + json.dumps(sessions)).lower()


@pytest.fixture
def zelda(cast: Cast) -> User:
    """A user with a list of her own, a place at the cast's, letters to and from her, two browsers and a half."""
    zelda = make_user("zelda")
    EmailAddress.objects.create(user=zelda, email=EMAIL, verified=True, primary=True)
    own = access_to(zelda, actions.create_person(by=zelda, values={"name": "Grandma Quixote"}).uid)
    put(own, "Xylophonol", note="only-on-her-list")
    sharing_actions.invite(by=own, email="windmill@example.org", role=Role.VIEWER)
    deleted = access_to(zelda, actions.create_person(by=zelda, values={"name": "Uncle Sancho"}).uid)
    actions.delete_person(by=deleted)
    letter, token = sharing_actions.invite(by=cast.access("owner"), email=EMAIL, role=Role.EDITOR)
    access = sharing_actions.accept(user=zelda, token=token)
    Invitation.objects.filter(pk=letter.pk).update(email="zelda.before@example.org")  # she had another address then
    actions.confirm(by=access, uids=[cast.baclofen.uid], now=timezone.now())
    actions.know_finding(by=access, key="a", fingerprint="b")
    other = actions.create_person(by=cast.stranger, values={"name": "other"})
    sharing_actions.invite(by=access_to(cast.stranger, other.uid), email=EMAIL, role=Role.VIEWER)
    sign_in(zelda)
    signed_out = SessionStore()
    signed_out["invited_email"] = EMAIL
    signed_out.save()
    sign_in(cast.viewer)
    return zelda


def delete(client: Client, email: str = EMAIL) -> int:
    return client.post(reverse("delete_account"), {"email": email}).status_code


def test_nothing_of_the_user_is_left(cast: Cast, zelda: User) -> None:
    client = just_signed_in(zelda)
    traces = ("zelda", "quixote", "sancho", "xylophonol", "only-on-her-list", "windmill@example.org")
    for trace in traces:
        assert trace in everything_stored()
    response = client.post(reverse("delete_account"), {"email": f" {EMAIL.upper()} "})
    assert b"Your account is deleted" in response.content
    stored = everything_stored()
    assert "new@example.org" in stored  # what is between others is left
    for trace in traces:
        assert trace not in stored, trace
    assert settings.SESSION_COOKIE_NAME not in client.cookies or not client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get(reverse("people")).status_code == 302
    [left] = Session.objects.all()
    assert left.get_decoded()["_auth_user_id"] == str(cast.viewer.pk)


def test_the_lists_of_others_stay_and_so_does_what_was_done_there(cast: Cast, zelda: User) -> None:
    number = zelda.pk
    events = cast.person.history.filter(actor_id=number).count()
    before = [one.name for one in cast.access("owner").statements]
    delete(just_signed_in(zelda))
    assert [one.name for one in cast.access("owner").statements] == before
    assert cast.person.history.filter(actor_id=number).count() == events + 1
    assert cast.person.history.first().verb == "left"
    cast.baclofen.refresh_from_db()
    assert cast.baclofen.confirmed_at
    assert cast.baclofen.confirmed_by is None
    assert cast.client("editor").get(reverse("medicine_list_of", args=[cast.person.uid])).status_code == 200


def test_a_list_with_another_owner_outlives_one_of_them(cast: Cast) -> None:
    sharing_actions.change_role(by=cast.access("owner"), user_id=cast.editor.pk, role=Role.OWNER)
    assert delete(just_signed_in(cast.owner), cast.owner.email) == 200
    assert cast.access("editor").can_manage
    assert not User.objects.filter(email="owner@example.org").exists()


def test_before_it_is_said_what_becomes_of_each_list(cast: Cast, zelda: User) -> None:
    page = sign_in(zelda).get(reverse("delete_account")).content.decode()
    assert "Grandma Quixote's list is erased, with its history." in page
    assert "Uncle Sancho's list is erased, with its history." in page
    assert "Papa Rosenquist's list stays, because it has another owner." in page
    assert "viewer@example.org" not in page
    page = cast.client("owner").get(reverse("delete_account")).content.decode()
    assert "Papa Rosenquist's list is erased" in page
    assert "lost for these people too: editor@example.org, viewer@example.org, zelda@example.org." in page
    assert reverse("sharing", args=[cast.person.uid]) in page
    actions.delete_person(by=cast.access("owner"))
    assert "Rosenquist" not in cast.client("viewer").get(reverse("delete_account")).content.decode()


def test_a_wrong_address_deletes_nothing(cast: Cast, zelda: User) -> None:
    for typed in ("", "viewer@example.org"):
        assert delete(just_signed_in(zelda), typed) in (200, 422)
    assert User.objects.filter(pk=zelda.pk).exists()
    assert Person.objects.filter(name="Grandma Quixote").exists()


def test_whoever_signed_in_long_ago_is_asked_for_the_password(cast: Cast, zelda: User) -> None:
    zelda.set_password("four words and a horse")
    zelda.save()
    client = sign_in(zelda)
    response = client.post(reverse("delete_account"), {"email": EMAIL})
    assert response.url.startswith(reverse("account_reauthenticate"))
    client.post(response.url, {"password": "three words and a mule"})
    assert User.objects.filter(pk=zelda.pk).exists()
    deleted = client.post(response.url, {"password": "four words and a horse"}, follow=True)
    assert b"Your account is deleted" in deleted.content
    assert not User.objects.filter(pk=zelda.pk).exists()
    assert "zelda" not in everything_stored()


def test_signed_out_nothing_is_deleted_or_given_out(cast: Cast) -> None:
    for name in ("delete_account", "download_everything"):
        assert cast.client("signed out").get(reverse(name)).url.startswith("/account/login/")
    assert cast.client("signed out").post(reverse("delete_account"), {"email": EMAIL}).status_code == 302


def test_all_of_it_happens_or_nothing(cast: Cast, zelda: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(user: User) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(account_actions, "_forget_sessions", fail)
    with pytest.raises(OSError, match="full"):
        account_actions.delete_account(user=zelda)
    assert Person.objects.filter(name="Grandma Quixote").exists()
    assert User.objects.filter(pk=zelda.pk).exists()
