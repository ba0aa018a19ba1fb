"""A session that cannot be saved: it was ended, or the database is away. One from a clock that was ahead."""

import datetime
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.db.models import F
from django.test import Client

from medguide.accounts.models import User
from medguide.sessions import SKEW, SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> SessionStore:
    made = SessionStore()
    made.create()
    made["typed"] = "something"
    return made


def test_a_database_that_is_away_is_not_taken_for_an_ended_session(session: SessionStore) -> None:
    def gone(*args: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(gone), pytest.raises(OperationalError):
        session.save()


def test_a_session_that_was_ended_does_not_come_back(session: SessionStore) -> None:
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


@pytest.mark.parametrize(("ahead", "is_signed_in"), [(SKEW / 2, True), (SKEW * 2, False)])
def test_whoever_signed_in_while_the_clock_was_ahead_signs_in_anew_and_keeps_what_they_typed(
    client: Client, ahead: datetime.timedelta, is_signed_in: bool
) -> None:
    client.force_login(User.objects.create_user("ann@example.org"))
    held = client.session
    held["typed"] = "something"
    held.save()
    Session.objects.update(expire_date=F("expire_date") + ahead)
    assert (client.get("/account/").status_code == 200) is is_signed_in
    assert client.session["typed"] == "something"
