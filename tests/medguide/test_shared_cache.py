"""The cache of counted tries: in the database, ended in time, and readable to nobody who holds a copy of it."""

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from medguide.accounts.models import CacheEntry, User
from tests.accounts.stories import PASSWORD, errors_of, sign_in

pytestmark = pytest.mark.django_db


def set_clock_of_entries(**by: float) -> None:
    """As if the clock had been wrong by so much when they were made; the other way round: time that has passed."""
    step = datetime.timedelta(**by)
    CacheEntry.objects.update(made_at=F("made_at") + step, ends_at=F("ends_at") + step)


def test_values_come_back_as_they_were() -> None:
    for value in ([1764360000.1234567, 0.1], "y", True, []):
        cache.set("it", value, 60)
        assert cache.get("it") == value
    assert cache.delete("it")
    assert not cache.delete("it")
    assert cache.get("it", "nothing") == "nothing"


def test_only_the_first_adds() -> None:
    assert [cache.add("lock", True, 60), cache.add("lock", True, 60)] == [True, False]
    cache.delete("lock")
    assert cache.add("lock", True, 60)


def test_what_ended_is_not_there_and_may_be_added_anew() -> None:
    cache.set("tries", [1.5], 60)
    set_clock_of_entries(seconds=-59)
    assert cache.get("tries") == [1.5]
    set_clock_of_entries(seconds=-1)
    assert cache.get("tries") is None
    assert cache.add("tries", [2.5], 60)
    assert cache.get("tries") == [2.5]


def test_what_was_made_while_the_clock_was_ahead_does_not_count_when_it_is_right() -> None:
    cache.set("tries", [1.5], 60)
    set_clock_of_entries(days=366)
    assert cache.get("tries") is None
    assert cache.add("tries", [2.5], 60)
    set_clock_of_entries(seconds=30)  # as when NTP sets a clock back a little
    assert cache.get("tries") == [2.5]
    assert not cache.add("tries", [3.5], 60)


def test_everything_must_end() -> None:
    with pytest.raises(ValueError, match="give the seconds"):
        cache.set("it", 1, None)
    cache.set("it", 1)
    assert CacheEntry.objects.filter(ends_at__lt=timezone.now() + datetime.timedelta(minutes=6)).count() == 1


def test_what_ended_is_erased_by_the_next_try_and_each_night() -> None:
    for erase in (lambda: cache.set("other", 1, 60), lambda: call_command("clearsessions")):
        cache.set("old", 1, 60)
        set_clock_of_entries(seconds=-61)
        cache.add("running", 1, 60)
        assert CacheEntry.objects.ended().count() >= 1
        erase()
        assert not CacheEntry.objects.ended().exists()
        assert cache.get("running") == 1
        cache.clear()


def test_no_row_names_anybody(client: Client) -> None:
    ann = User.objects.create_user("ann@example.org", PASSWORD)
    sign_in(client, ann.email, "wrong")
    rows = list(CacheEntry.objects.values_list("key", "value"))
    assert len(rows) == 4  # by place twice, by account and place once, and the salt
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key, _value in rows)
    text = json.dumps(rows)
    for name in ("ann", "example", "127.0.0.1", "login"):
        assert name not in text


def test_a_new_salt_makes_another_place_of_the_same_address(client: Client) -> None:
    User.objects.create_user("ann@example.org", PASSWORD)
    for _ in range(5):
        sign_in(client, password="wrong")
    assert "too often" in errors_of(sign_in(client))
    CacheEntry.objects.filter(ends_at__gt=timezone.now() + datetime.timedelta(hours=2)).delete()
    assert "too often" not in errors_of(sign_in(client, password="wrong"))


@contextmanager
def the_database_refuses(what: str) -> Iterator[list[str]]:
    """Statements on the table of counters that begin so. Gives those that it refused."""
    refused: list[str] = []

    def refuse(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.startswith(what) and CacheEntry._meta.db_table in sql:
            refused.append(sql)
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield refused


@pytest.mark.parametrize("what", ["SELECT", "INSERT", "DELETE"])
def test_where_tries_cannot_be_counted_nobody_signs_in(what: str) -> None:
    User.objects.create_user("ann@example.org", PASSWORD)
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    with the_database_refuses(what) as refused:
        answer = sign_in(client)
    assert refused
    assert answer.status_code == 503
    assert b"We cannot reach our records right now" in answer.content
    assert PASSWORD.encode() not in answer.content
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("path", ["/", "/medicines/baclofen/?uncached", "/interactions/", "/account/login/", "/lists/"])
def test_pages_do_without_it(client: Client, path: str) -> None:
    with the_database_refuses("") as refused:
        assert client.get(path).status_code in (200, 302)
    assert refused == []
