"""Signing in with a password, a new password, and what a stranger learns: nothing."""

import logging

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from medguide.accounts.models import User
from medguide.email_url import SMTP
from tests.real_server import free_port

from .stories import (
    ANN,
    NOBODY,
    OTHER_PASSWORD,
    PASSWORD,
    alike,
    browser,
    code_in,
    errors_of,
    is_signed_in,
    let_time_pass,
    notes_of,
    show_password_again,
    sign_in,
)


def test_ann_signs_in_and_out(client: Client, ann: User) -> None:
    assert not is_signed_in(client)
    assert sign_in(client).headers["Location"] == "/account/"
    assert is_signed_in(client)
    response = client.post("/account/logout/", follow=True)
    assert notes_of(response) == ["You have signed out."]
    assert not is_signed_in(client)


def test_big_letters_and_spaces_in_an_address_do_not_matter(client: Client, ann: User) -> None:
    sign_in(client, " Ann@Example.ORG ")
    assert is_signed_in(client)


def test_after_signing_in_people_find_their_lists(client: Client, ann: User, settings: Settings) -> None:
    assert settings.LOGIN_REDIRECT_URL == "people"
    settings.LOGIN_REDIRECT_URL = "/lists/"
    response = client.post("/account/login/", {"login": ANN, "password": PASSWORD})
    assert response.headers["Location"] == "/lists/"


def test_a_private_page_brings_back_to_itself(client: Client, ann: User) -> None:
    response = client.get("/account/email/")
    assert response.headers["Location"] == "/account/login/?next=/account/email/"
    page = client.get(response.headers["Location"])
    assert b'<input type="hidden" name="next" value="/account/email/">' in page.content


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", r"/\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(client: Client, ann: User, settings: Settings, target: str) -> None:
    settings.LOGIN_REDIRECT_URL = "/lists/"
    response = client.post("/account/login/?next=" + target, {"login": ANN, "password": PASSWORD, "next": target})
    assert response.headers["Location"] == "/lists/"
    assert client.post("/account/logout/", {"next": target}).headers["Location"] == "/account/login/"


def test_the_session_is_another_one_after_signing_in(client: Client, ann: User) -> None:
    session = client.session
    session["kept"] = "a guest's list"
    session.save()
    before = client.cookies["session"].value
    sign_in(client)
    assert client.cookies["session"].value != before
    assert client.session["kept"] == "a guest's list"
    assert not browser().session.exists(before)


def test_a_device_is_remembered_only_when_asked(client: Client, ann: User) -> None:
    sign_in(client)
    assert client.cookies["session"]["max-age"] == ""
    other = browser()
    sign_in(other, remember="on")
    assert other.cookies["session"]["max-age"] == 14 * 24 * 3600


@pytest.mark.parametrize("email", [ANN, NOBODY])
def test_a_wrong_password_and_a_wrong_address_are_told_the_same(client: Client, ann: User, email: str) -> None:
    response = sign_in(client, email, "not the right password")
    assert response.status_code == 200
    assert "This address and this password do not fit together." in errors_of(response)
    assert b"<title>Error: Sign in \xc2\xb7 MedGuide</title>" in response.content
    assert b"not the right password" not in response.content


def test_sign_in_tells_a_stranger_nothing(ann: User) -> None:
    seen = [alike(sign_in(browser(), email, "wrong"), {email: "X"}) for email in (ANN, NOBODY)]
    assert seen[0] == seen[1]
    assert mail.outbox == []


def test_sign_in_hashes_a_password_for_addresses_that_do_not_exist(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that an answer takes tells nothing either."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    counts = []
    for email in (ANN, NOBODY):
        hashed.clear()
        sign_in(browser(), email, "wrong")
        counts.append(len(hashed))
    assert counts[0] == counts[1] == 1


def test_a_closed_account_opens_for_nobody(client: Client, ann: User) -> None:
    ann.is_active = False
    ann.save()
    response = client.post("/account/login/", {"login": ANN, "password": PASSWORD}, follow=True)
    assert not is_signed_in(client)
    assert b"<h1>This account is closed</h1>" in response.content


# --- Guessing ---------------------------------------------------------------------------------------------


def test_after_five_wrong_passwords_there_is_a_pause(client: Client, ann: User) -> None:
    for _ in range(5):
        sign_in(client, password="wrong")
    assert "That was wrong too often." in errors_of(sign_in(client))
    assert not is_signed_in(client)


def test_another_port_in_the_request_gives_no_more_tries(ann: User) -> None:
    for number in range(5):
        sign_in(Client(headers={"host": f"127.0.0.1:{number + 1}"}), password="wrong")
    assert "That was wrong too often." in errors_of(sign_in(browser()))


def test_who_guesses_elsewhere_does_not_lock_the_owner_out(ann: User) -> None:
    guesser = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR="203.0.113.9")
    for _ in range(10):
        sign_in(guesser, password="wrong")
    assert "too often" in errors_of(sign_in(guesser))
    owner = browser()
    sign_in(owner)
    assert is_signed_in(owner)


def test_one_place_does_not_try_one_password_on_many_accounts(ann: User) -> None:
    client = browser()
    answers = [sign_in(client, f"somebody-{number}@example.org", "wrong") for number in range(25)]
    assert "too often" not in errors_of(answers[0])
    assert "too often" in errors_of(answers[-1])


def test_too_many_requests_are_answered_in_our_page(client: Client, db: None) -> None:
    answers = [client.post("/account/password/reset/", {"email": f"x{number}@example.org"}) for number in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert b"<h1>That was too many tries</h1>" in answers[-1].content
    elsewhere = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/account/password/reset/", {"email": ANN}).status_code == 302


def test_addresses_that_are_counted_are_not_kept(at_home: Client, ann: User) -> None:
    [session] = ann.usersession_set.all()
    assert "127.0.0.1" not in session.ip
    assert session.ip.endswith("::")


# --- A new password ---------------------------------------------------------------------------------------


def ask_for_a_code(client: Client, email: str = ANN) -> str:
    client.post("/account/password/reset/", {"email": email})
    return code_in(str(mail.outbox[-1].body))


def test_a_new_password_by_a_code(client: Client, ann: User) -> None:
    elsewhere = browser()
    sign_in(elsewhere)
    code = ask_for_a_code(client)
    response = client.post("/account/password/reset/confirm/", {"code": code.lower().replace("-", " ")})
    assert response.headers["Location"] == "/account/password/reset/complete/"
    response = client.post("/account/password/reset/complete/", {"password1": OTHER_PASSWORD}, follow=True)
    assert b"<h1>The new password is set</h1>" in response.content
    assert mail.outbox[-1].subject == "MedGuide: Your password was changed"
    assert not is_signed_in(elsewhere)
    assert errors_of(sign_in(browser()))
    sign_in(client, password=OTHER_PASSWORD)
    assert is_signed_in(client)


def test_a_code_works_once_and_in_its_browser_alone(client: Client, ann: User) -> None:
    code = ask_for_a_code(client)
    other = browser()
    ask_for_a_code(other)
    assert "That code is not right" in errors_of(other.post("/account/password/reset/confirm/", {"code": code}))
    client.post("/account/password/reset/confirm/", {"code": code})
    client.post("/account/password/reset/complete/", {"password1": OTHER_PASSWORD})
    again = client.post("/account/password/reset/confirm/", {"code": code})
    assert again.headers["Location"] == "/account/login/"


def test_a_code_cannot_be_guessed(client: Client, ann: User) -> None:
    code = ask_for_a_code(client)
    for _ in range(3):
        client.post("/account/password/reset/confirm/", {"code": "AAAA-AAAA"})
    response = client.post("/account/password/reset/confirm/", {"code": code})
    assert response.headers["Location"] == "/account/login/"


def test_asking_for_a_new_password_tells_a_stranger_nothing(ann: User) -> None:
    seen, letters = [], []
    for email in (ANN, NOBODY):
        client = browser()
        first = client.post("/account/password/reset/", {"email": email})
        second = client.get(first.headers["Location"])
        third = client.post(first.headers["Location"], {"code": "AAAA-AAAA"})
        seen.append([alike(answer, {email: "X"}) for answer in (first, second, third)])
        letters.append(len(mail.outbox))
    assert seen[0] == seen[1]
    assert letters == [1, 2]
    assert "There is no account with it." in mail.outbox[1].body


def test_letters_that_cannot_leave_are_told_of(
    client: Client, ann: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", free_port()
    with caplog.at_level(logging.INFO):
        response = client.post("/account/password/reset/", {"email": ANN}, follow=True)
    assert notes_of(response) == ["We could not send the e-mail just now. Try again in a few minutes."]
    assert "could not be sent: ConnectionRefusedError" in caplog.text
    assert ANN not in caplog.text


def test_where_no_letter_can_be_sent_the_page_says_so(client: Client, settings: Settings, db: None) -> None:
    settings.CAN_MAIL = False
    assert b"This site cannot send e-mail." in client.get("/account/password/reset/").content


# --- Changing what one signs in with ----------------------------------------------------------------------


def test_the_password_is_changed_and_other_devices_are_signed_out(at_home: Client, ann: User) -> None:
    elsewhere = browser()
    sign_in(elsewhere)
    wrong = at_home.post("/account/password/change/", {"oldpassword": "wrong", "password1": OTHER_PASSWORD})
    assert "This is not your password." in errors_of(wrong)
    response = at_home.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD}, follow=True
    )
    assert notes_of(response) == ["Your password is changed."]
    assert not is_signed_in(elsewhere)
    assert is_signed_in(at_home)
    assert mail.outbox[-1].to == [ANN]
    assert "127.0.0.1" not in mail.outbox[-1].body.split("This e-mail")[0]
    [session] = ann.usersession_set.filter(session_key=at_home.session.session_key)
    assert session.user_agent == "A browser that we do not know"


def test_the_address_is_changed_with_a_code_and_the_old_one_hears_of_it(at_home: Client, ann: User) -> None:
    show_password_again(at_home)
    response = at_home.post("/account/email/", {"email": "Ann@New.example", "action_add": "1"})
    assert response.headers["Location"] == "/account/confirm-email/"
    ann.refresh_from_db()
    assert ann.email == ANN
    response = at_home.post("/account/confirm-email/", {"code": code_in(str(mail.outbox[-1].body))}, follow=True)
    assert "Your e-mail address is confirmed." in notes_of(response)
    ann.refresh_from_db()
    assert ann.email == "ann@new.example"
    assert list(EmailAddress.objects.filter(user=ann).values_list("email", "verified")) == [("ann@new.example", True)]
    assert any(ANN in letter.to and "was changed" in letter.subject for letter in mail.outbox)
    sign_in(other := browser(), "ann@new.example")
    assert is_signed_in(other)


def test_an_address_of_somebody_else_is_not_told_apart(at_home: Client, ann: User) -> None:
    other = User.objects.create_user(NOBODY, PASSWORD)
    EmailAddress.objects.create(user=other, email=NOBODY, verified=True, primary=True)
    show_password_again(at_home)
    seen = []
    for email in (NOBODY, "free@example.org"):
        first = at_home.post("/account/email/", {"email": email, "action_add": "1"})
        seen.append([alike(first, {email: "X"}), alike(at_home.get("/account/confirm-email/"), {email: "X"})])
    assert seen[0] == seen[1]
    cache.clear()  # one letter in ten seconds is sent
    at_home.post("/account/email/", {"email": NOBODY, "action_add": "1"})
    response = at_home.post("/account/confirm-email/", {"code": code_in(str(mail.outbox[-1].body))})
    assert "That address belongs to another account." in errors_of(response)  # told to whoever reads its letters
    ann.refresh_from_db()
    assert ann.email == ANN


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/account/email/", {"email": "ann@new.example", "action_add": "1"}),
        ("/account/second-step/totp/activate/", {"code": "123456"}),
        ("/account/second-step/webauthn/add/", {"name": "phone", "credential": "{}"}),
        ("/account/second-step/recovery-codes/generate/", {}),
    ],
)
def test_what_matters_is_not_done_without_asking_again(
    at_home: Client, ann: User, path: str, data: dict[str, str]
) -> None:
    show_password_again(at_home)
    let_time_pass(at_home)
    response = at_home.post(path, data)
    assert response.headers["Location"].startswith("/account/reauthenticate/")
    assert mail.outbox == []
    page = at_home.get(response.headers["Location"])
    assert b"<h1>Is it you?</h1>" in page.content
    wrong = at_home.post(response.headers["Location"], {"password": "wrong"})
    assert "This is not your password." in errors_of(wrong)


def test_what_was_asked_for_goes_on_after_the_password(at_home: Client) -> None:
    response = at_home.post("/account/email/", {"email": "ann@new.example", "action_add": "1"})
    response = at_home.post(response.headers["Location"], {"password": PASSWORD})
    assert response.headers["Location"] == "/account/confirm-email/"
    assert mail.outbox[-1].to == ["ann@new.example"]
