"""The second step: codes of an app, recovery codes, passkeys (the passkeys themselves: tests/browser)."""

import datetime
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db.models import F
from django.test import Client

from medguide.accounts.models import CacheEntry, User

from .stories import (
    ANN,
    OTHER_PASSWORD,
    PASSWORD,
    browser,
    code_in,
    errors_of,
    is_signed_in,
    notes_of,
    show_password_again,
    sign_in,
    totp,
)

STEP = "/account/second-step/"
SHORT = "nine-char"


@pytest.fixture
def secret(at_home: Client, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]) -> str:
    """Of the app that Ann has set up."""
    show_password_again(at_home)
    secret = str(at_home.get(f"{STEP}totp/activate/").context["form"].secret)
    with django_capture_on_commit_callbacks(execute=True):
        response = at_home.post(f"{STEP}totp/activate/", {"code": totp(secret)})
    assert response.headers["Location"] == f"{STEP}recovery-codes/"
    return secret


def recovery_codes(client: Client) -> list[str]:
    return list(client.get(f"{STEP}recovery-codes/").context["unused_codes"])


def a_later_code(secret: str) -> str:
    """Of the next half minute: the one of now may have been used."""
    return totp(secret, time.time() + 30)


def test_the_square_is_drawn_in_the_page(at_home: Client) -> None:
    show_password_again(at_home)
    page = at_home.get(f"{STEP}totp/activate/").content.decode()
    assert '<svg class="qr" viewBox="0 0 ' in page
    assert "data:image" not in page
    secret = at_home.get(f"{STEP}totp/activate/").context["form"].secret
    assert len(secret) >= 32


def test_a_wrong_code_sets_nothing_up(at_home: Client) -> None:
    show_password_again(at_home)
    secret = at_home.get(f"{STEP}totp/activate/").context["form"].secret
    wrong = "000000" if totp(secret) != "000000" else "111111"
    response = at_home.post(f"{STEP}totp/activate/", {"code": wrong})
    assert "That code is not right" in errors_of(response)
    assert secret == response.context["form"].secret
    assert not Authenticator.objects.exists()


def test_a_password_alone_opens_nothing_any_more(secret: str) -> None:
    client = browser()
    response = sign_in(client)
    assert response.headers["Location"] == f"{STEP}authenticate/"
    assert not is_signed_in(client)
    code = a_later_code(secret)
    response = client.post(f"{STEP}authenticate/", {"code": code})
    assert response.headers["Location"] == "/account/"
    assert is_signed_in(client)
    other = browser()
    sign_in(other)
    assert "That code is not right" in errors_of(other.post(f"{STEP}authenticate/", {"code": code}))
    assert mail.outbox[0].subject == "MedGuide: An app was added"


def test_a_used_code_is_remembered_for_as_long_as_it_would_be_taken(secret: str) -> None:
    sign_in(first := browser())
    code = a_later_code(secret)
    assert first.post(f"{STEP}authenticate/", {"code": code}).headers["Location"] == "/account/"
    half_a_minute = datetime.timedelta(seconds=31)
    CacheEntry.objects.update(made_at=F("made_at") - half_a_minute, ends_at=F("ends_at") - half_a_minute)
    sign_in(second := browser())
    assert "That code is not right" in errors_of(second.post(f"{STEP}authenticate/", {"code": code}))


def test_a_recovery_code_works_once(at_home: Client, secret: str) -> None:
    codes = recovery_codes(at_home)
    assert len(codes) == len(set(codes)) == 10
    client = browser()
    sign_in(client)
    client.post(f"{STEP}authenticate/", {"code": codes[0]})
    assert is_signed_in(client)
    other = browser()
    sign_in(other)
    assert "That code is not right" in errors_of(other.post(f"{STEP}authenticate/", {"code": codes[0]}))
    assert codes[0] not in recovery_codes(at_home)


def test_recovery_codes_are_saved_and_made_anew(at_home: Client, secret: str) -> None:
    before = recovery_codes(at_home)
    saved = at_home.get(f"{STEP}recovery-codes/download/")
    assert saved.content.decode().split() == before
    assert "no-store" in saved["Cache-Control"]
    at_home.post(f"{STEP}recovery-codes/generate/")
    after = recovery_codes(at_home)
    assert not set(before) & set(after)


def test_recovery_codes_are_shown_only_after_asking_again(secret: str) -> None:
    client = browser()
    sign_in(client)
    client.post(f"{STEP}authenticate/", {"code": a_later_code(secret)})
    for page in ("", "download/"):
        response = client.get(f"{STEP}recovery-codes/{page}")
        assert response.status_code == 302
        assert "/account/reauthenticate/" in response.headers["Location"]
    page = client.get("/account/reauthenticate/?next=/account/")
    assert b"With a code of my app, or a recovery code" in page.content


def test_codes_are_not_guessed(secret: str) -> None:
    client = browser()
    sign_in(client)
    for number in range(5):
        client.post(f"{STEP}authenticate/", {"code": f"00000{number}"})
    response = client.post(f"{STEP}authenticate/", {"code": a_later_code(secret)})
    assert "That was wrong too often." in errors_of(response)
    assert not is_signed_in(client)


def test_a_new_password_does_not_go_round_the_second_step(secret: str) -> None:
    client = browser()
    client.post("/account/password/reset/", {"email": ANN})
    client.post("/account/password/reset/confirm/", {"code": code_in(str(mail.outbox[-1].body))})
    client.post("/account/password/reset/complete/", {"password1": OTHER_PASSWORD})
    assert sign_in(client, password=OTHER_PASSWORD).headers["Location"] == f"{STEP}authenticate/"
    assert not is_signed_in(client)


def test_the_app_is_turned_off(at_home: Client, secret: str) -> None:
    page = at_home.get(f"{STEP}totp/deactivate/")
    assert b"<h1>Turn the app off?</h1>" in page.content
    response = at_home.post(f"{STEP}totp/deactivate/", follow=True)
    assert "The app is off." in notes_of(response)
    assert not Authenticator.objects.exists()
    sign_in(client := browser())
    assert is_signed_in(client)


def test_beside_a_second_step_a_password_may_be_short(at_home: Client, ann: User, secret: str) -> None:
    page = at_home.get("/account/password/change/")
    assert b"At least 8 characters." in page.content
    at_home.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": SHORT})
    ann.refresh_from_db()
    assert ann.check_password(SHORT)
    assert ann.has_short_password


def test_without_a_second_step_it_may_not(at_home: Client, ann: User) -> None:
    response = at_home.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": SHORT})
    assert "Use at least 15 characters." in errors_of(response)


def test_a_short_password_is_not_left_alone(at_home: Client, ann: User, secret: str) -> None:
    at_home.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": SHORT})
    show_password_again(at_home, SHORT)
    response = at_home.post(f"{STEP}totp/deactivate/")
    assert "Your password is too short to stand alone." in errors_of(response)
    passkey = Authenticator.objects.create(user=ann, type="webauthn", data={"name": "phone", "credential": {}})
    at_home.post(f"{STEP}totp/deactivate/")
    assert [one.pk for one in Authenticator.objects.filter(type__in=("totp", "webauthn"))] == [passkey.pk]
    response = at_home.post(f"{STEP}webauthn/keys/{passkey.pk}/remove/", follow=True)
    assert "Your password is too short to stand alone." in " ".join(notes_of(response))
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
    at_home.post("/account/password/change/", {"oldpassword": SHORT, "password1": PASSWORD})
    show_password_again(at_home)
    at_home.post(f"{STEP}webauthn/keys/{passkey.pk}/remove/")
    assert not Authenticator.objects.exists()


def test_passkeys_are_renamed_by_their_owner_alone(at_home: Client, ann: User) -> None:
    show_password_again(at_home)
    other = User.objects.create_user("ben@example.org", PASSWORD)
    mine, theirs = (
        Authenticator.objects.create(user=user, type="webauthn", data={"name": "phone", "credential": {}})
        for user in (ann, other)
    )
    at_home.post(f"{STEP}webauthn/keys/{mine.pk}/edit/", {"name": "my new phone"})
    assert b"my new phone" in at_home.get(f"{STEP}webauthn/").content
    for action in ("edit", "remove"):
        assert at_home.post(f"{STEP}webauthn/keys/{theirs.pk}/{action}/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.get(pk=theirs.pk).data["name"] == "phone"


@pytest.mark.parametrize("credential", ["", "{}", "[]", "1", '{"response": {"userHandle": "MQ"}}', '{"id": "x"}'])
def test_nonsense_is_no_passkey(client: Client, ann: User, credential: str) -> None:
    client.get(f"{STEP}webauthn/login/", headers={"accept": "application/json"})
    response = client.post(f"{STEP}webauthn/login/", {"credential": credential})
    assert response.headers["Location"] == "/account/login/"
    assert not is_signed_in(client)
