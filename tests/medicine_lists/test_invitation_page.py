"""The page that the letter of an invitation leads to: for whom it works, how often, how long."""

import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from medguide.medicine_lists import actions
from medguide.medicine_lists.models import Invitation, Membership
from medguide.medicine_lists.views.invitations import masked

from .cast import Cast, make_user, sign_in

pytestmark = pytest.mark.django_db


def told(response: Any) -> str:
    return " ".join(response.content.decode().split())


def url(cast: Cast, name: str, *args: Any) -> str:
    return reverse(name, args=[cast.person.uid, *args])


def roles(cast: Cast) -> dict[str, str]:
    return dict(cast.person.memberships.values_list("user__email", "role"))


def test_signed_out_one_reads_what_it_is_and_nothing_of_anybody(cast: Cast) -> None:
    client = cast.client("signed out")
    address = reverse("invitation", args=[cast.open_token])
    response = client.get(address)
    page = told(response)
    assert response.status_code == 200
    assert "owner@example.org invites you." in page
    assert "You can look. You cannot change anything." in page
    assert f'href="{reverse("account_login")}?next={quote(address, safe="")}"' in page
    assert "Rosenquist" not in page
    assert "new@example.org" not in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert client.session["invited_email"] == "new@example.org"
    assert client.post(address).status_code == 200  # nothing can be accepted here
    assert not Membership.objects.filter(user__email="new@example.org").exists()


@pytest.mark.parametrize(("mode", "may"), [("open", True), ("invited", True), ("closed", False)])
def test_who_may_make_an_account_is_said(cast: Cast, mode: str, may: bool) -> None:
    with override_settings(SIGNUP=mode):
        page = told(cast.client("signed out").get(reverse("invitation", args=[cast.open_token])))
    assert (reverse("account_signup") in page) is may
    assert ("Ask whoever runs this site." in page) is not may


def test_the_right_one_accepts_once(cast: Cast) -> None:
    client = sign_in(make_user("new"))
    address = reverse("invitation", args=[cast.open_token])
    response = client.get(address)
    page = told(response)
    assert "You are invited to Papa Rosenquist's medicine list" in page
    assert response["Referrer-Policy"] == "strict-origin"  # with "no-referrer" browsers send forms as of nobody
    accepted = client.post(address)
    assert accepted["Location"] == url(cast, "medicine_list_of")
    assert roles(cast)["new@example.org"] == "viewer"
    assert client.get(address).status_code == client.post(address).status_code == 404


def test_another_one_is_told_which_address_is_needed_and_gets_nothing(cast: Cast) -> None:
    client = cast.client("stranger")
    address = reverse("invitation", args=[cast.open_token])
    response = client.get(address)
    assert response.status_code == 200
    assert "The invitation works only for <strong>n…@example.org</strong>." in told(response)
    assert "new@example.org" not in told(response)
    assert "Rosenquist" not in told(response)
    assert client.post(address).status_code == 404
    assert "stranger@example.org" not in roles(cast)
    assert masked("josephine@example.org") == "j…@example.org"


def test_an_invitation_that_is_too_old_wrong_or_of_a_deleted_list_is_not_found(cast: Cast) -> None:
    addresses = [reverse("invitation", args=[token]) for token in (cast.expired_token, "no-such-token", "x" * 500)]
    for who in ("signed out", "expired", "stranger"):
        for address in addresses:
            for response in (cast.client(who).get(address), cast.client(who).post(address)):
                assert response.status_code == 404
                assert "It may be too old: an invitation works once, for 7 days." in told(response)
                assert response["Referrer-Policy"] in ("no-referrer", "strict-origin")
    assert "expired@example.org" not in roles(cast)
    actions.delete_person(by=cast.access("owner"))
    assert sign_in(make_user("new")).get(reverse("invitation", args=[cast.open_token])).status_code == 404


def test_a_letter_works_for_seven_days_and_no_longer(cast: Cast) -> None:
    client = sign_in(make_user("new"))
    address = reverse("invitation", args=[cast.open_token])
    letters = Invitation.objects.filter(email="new@example.org")
    assert letters.get().expires_at - letters.get().created_at < datetime.timedelta(days=7, minutes=1)
    letters.update(expires_at=timezone.now() + datetime.timedelta(minutes=1))
    assert client.get(address).status_code == 200
    letters.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert client.get(address).status_code == client.post(address).status_code == 404
