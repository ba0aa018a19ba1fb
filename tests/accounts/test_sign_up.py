"""Making an account: who may, what a password needs, and what a stranger learns of those who have one: nothing."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from medguide.accounts.devices import device_name
from medguide.accounts.management.commands import create_owner
from medguide.accounts.models import User

from .stories import ANN, MOBILE, NOBODY, PASSWORD, alike, browser, code_in, errors_of, is_signed_in, sign_in

NEW = "new@example.org"


def sign_up(client: Client, email: str = NEW, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    return client.post("/account/signup/", {"email": email, "password1": password, "next": "/account/"})


def test_an_account_is_made_once_the_code_is_typed(client: Client, db: None) -> None:
    response = sign_up(client, "New@Example.org")
    assert response.headers["Location"] == "/account/confirm-email/"
    assert not is_signed_in(client)
    assert mail.outbox[-1].to == [NEW]
    assert mail.outbox[-1].subject == "MedGuide: Your code"
    page = client.get(response.headers["Location"])
    assert b"The e-mail goes to new@example.org." in page.content
    response = client.post(response.headers["Location"], {"code": code_in(str(mail.outbox[-1].body))})
    assert response.headers["Location"] == "/account/"
    assert is_signed_in(client)
    assert EmailAddress.objects.get(email=NEW).verified


def test_without_the_code_the_account_stays_closed(client: Client, db: None) -> None:
    sign_up(client)
    cache.clear()  # one letter in ten seconds is sent
    other = browser()
    response = sign_in(other, NEW)
    assert response.headers["Location"].startswith("/account/confirm-email/")
    assert not is_signed_in(other)


def test_a_new_code_can_be_asked_for(client: Client, db: None, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_email": "9/m/key"}
    sign_up(client)
    client.post("/account/confirm-email/", {"action": "resend"})
    first, second = (code_in(str(letter.body)) for letter in mail.outbox)
    assert "That code is not right" in errors_of(client.post("/account/confirm-email/", {"code": first}))
    client.post("/account/confirm-email/", {"code": second})
    assert is_signed_in(client)


def test_three_wrong_codes_end_it(client: Client, db: None) -> None:
    sign_up(client)
    code = code_in(str(mail.outbox[-1].body))
    for _ in range(3):
        client.post("/account/confirm-email/", {"code": "AAAA-AAAA"})
    assert client.post("/account/confirm-email/", {"code": code}).headers["Location"] == "/account/login/"
    assert not is_signed_in(client)


def test_sign_up_tells_a_stranger_nothing(ann: User) -> None:
    seen = []
    for email in (ANN, NEW):
        client = browser()
        first = sign_up(client, email)
        second = client.get(first.headers["Location"])
        third = client.post(first.headers["Location"], {"code": "AAAA-AAAA"})
        seen.append([alike(answer, {email: "X"}) for answer in (first, second, third)])
    assert seen[0] == seen[1]
    assert [letter.to for letter in mail.outbox] == [[ANN], [NEW]]
    assert "You have an account with it already." in mail.outbox[0].body


def test_nobody_takes_an_address_by_signing_up_first(client: Client, db: None) -> None:
    """Whoever reads the letters of an address gets its account, whatever a stranger did before."""
    sign_up(client, password="a password of a stranger")
    owner = browser()
    owner.post("/account/password/reset/", {"email": NEW})
    owner.post("/account/password/reset/confirm/", {"code": code_in(str(mail.outbox[-1].body))})
    owner.post("/account/password/reset/complete/", {"password1": PASSWORD})
    sign_in(owner, NEW)
    assert is_signed_in(owner)
    assert errors_of(sign_in(browser(), NEW, "a password of a stranger"))


# --- Who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("invited", ["", NEW])
def test_where_sign_up_is_closed_nobody_gets_in(client: Client, db: None, settings: Settings, invited: str) -> None:
    settings.SIGNUP = "closed"
    _invite(client, invited)
    page = client.get("/account/signup/")
    assert b"<h1>You cannot make an account here yourself</h1>" in page.content
    sign_up(client)
    assert not User.objects.exists()
    assert mail.outbox == []
    assert b"/account/signup/" not in client.get("/account/login/").content


def _invite(client: Client, email: str) -> None:
    """What the page of an open invitation does."""
    session = client.session
    session["invited_email"] = email
    session.save()


def test_the_invited_sign_up_with_their_address(client: Client, db: None, settings: Settings) -> None:
    settings.SIGNUP = "invited"
    assert b"You cannot make an account here yourself" in client.get("/account/signup/").content
    _invite(client, "New@example.org")
    assert b'value="new@example.org"' in client.get("/account/signup/").content
    response = sign_up(client, NOBODY)
    assert "Use the address that your invitation was sent to." in errors_of(response)
    sign_up(client)
    client.post("/account/confirm-email/", {"code": code_in(str(mail.outbox[-1].body))})
    assert is_signed_in(client)


# --- Passwords --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("fourteen chars", "Use at least 15 characters."),
        ("new@example.org", "too similar to the e-mail address"),
        ("x" * 1001, "at most 1000 characters"),
        ("1234567890qwertyuiop", "too common"),
    ],
)
def test_passwords_that_are_refused(client: Client, db: None, password: str, said: str) -> None:
    assert said in errors_of(sign_up(client, password=password))
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password", ["  spaces  count too  ", "zwölf Boxkämpfer jagen", "a" * 7 + "bbbbbbbb", "🐈" * 15]
)
def test_passwords_that_are_taken(client: Client, db: None, password: str) -> None:
    sign_up(client, password=password)
    assert User.objects.get(email=NEW).check_password(password)


# --- The first account ------------------------------------------------------------------------------------


def test_the_owner_is_made_on_the_terminal(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create_owner, "getpass", lambda prompt: PASSWORD)
    call_command("create_owner", " Owner@Example.org", stdout=StringIO())
    sign_in(client := browser(), "owner@example.org")
    assert is_signed_in(client)


def test_the_owners_password_may_come_from_a_script(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(PASSWORD + "\n"))
    call_command("create_owner", "owner@example.org", "--password-stdin", stdout=StringIO())
    assert User.objects.get().check_password(PASSWORD)


def test_an_owner_that_cannot_be_made(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["short", "short", PASSWORD, "something else here"])
    monkeypatch.setattr(create_owner, "getpass", lambda prompt: next(typed))
    for email, said in (
        ("nonsense", "That is no e-mail address."),
        (ANN, "There is an account with that address already."),
        ("owner@example.org", "Use at least 15 characters."),
        ("owner@example.org", "The two are not the same."),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("create_owner", email)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (MOBILE, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile Safari/537.36 OPR/90", "Opera on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (X11; CrOS x86_64 15633.69.0) Chrome/141.0 Safari/537.36", "Chrome on Chromebook"),
        ("", "A browser that we do not know"),
    ],
)
def test_devices_have_names(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
    assert device_name(name) == name
