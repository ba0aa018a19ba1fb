"""A mail server that hangs holds up two letters, not all threads of the server."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from medguide import smtp
from tests import mail_server
from tests.accounts.stories import ANN, notes_of
from tests.faults.kills import wait_until


def letter() -> EmailMessage:
    return EmailMessage("A letter", "Hello", "medguide@medguide.example", [ANN])


def test_a_letter_arrives() -> None:
    with mail_server.answering() as server:
        backend = smtp.EmailBackend("127.0.0.1", server.port, "", "", timeout=10)
        assert backend.send_messages([letter()]) == 1
    assert f"rcpt TO:<{ANN}>" in server.heard
    assert "Hello" in server.heard


def test_two_wait_for_a_server_that_hangs_and_a_third_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "LONGEST_QUEUE", 0.1)
    with mail_server.hanging() as server, ThreadPoolExecutor(2) as people:

        def send() -> None:
            smtp.EmailBackend("127.0.0.1", server.port, "", "", timeout=3).send_messages([letter()])

        waiting = [people.submit(send) for _ in range(2)]
        wait_until(lambda: smtp._PLACES._value == 0, "both are on their way")  # type: ignore[attr-defined]
        with pytest.raises(TimeoutError, match="two letters wait"):
            send()
        assert not any(one.done() for one in waiting)
        assert all("timed out" in str(one.exception()) for one in waiting)

    # And afterwards letters go out again
    with mail_server.answering() as server:
        backend = smtp.EmailBackend("127.0.0.1", server.port, "", "", timeout=10)
        assert backend.send_messages([letter()]) == 1


def test_who_waited_in_vain_is_told_so(client: Client, db: None, settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "medguide.smtp.EmailBackend", "127.0.0.1", 0.5
    with mail_server.hanging() as server:
        settings.EMAIL_PORT = server.port
        page = client.post("/account/password/reset/", {"email": ANN}, follow=True)
    assert notes_of(page) == ["We could not send the e-mail just now. Try again in a few minutes."]
    assert b"We have sent" not in page.content
