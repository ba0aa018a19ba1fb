"""A session that cannot be saved: because somebody ended it, or because the database is away."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

from medguide.sessions import SessionStore

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
