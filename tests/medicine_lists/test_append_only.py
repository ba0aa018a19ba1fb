"""The database itself keeps the history: nothing of it is changed or taken out but with the whole person."""

import pytest
from django.db import DatabaseError, connection, transaction

from medguide.accounts.models import User
from medguide.medicine_lists import actions, triggers
from medguide.medicine_lists.models import HistoryEvent, Person, Verb

from .cast import Cast, put

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[object, ...]]:
    return list(HistoryEvent.objects.order_by("pk").values_list())


@pytest.mark.parametrize("column", [field.column for field in HistoryEvent._meta.local_fields])
def test_no_column_of_history_is_changed(cast: Cast, column: str) -> None:
    before = rows()
    sql = f"UPDATE medicine_lists_historyevent SET {column} = {column}"
    with pytest.raises(DatabaseError, match="only be added to"), transaction.atomic():
        connection.cursor().execute(sql)
    assert rows() == before


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM medicine_lists_historyevent",
        "DELETE FROM medicine_lists_historyevent WHERE id = (SELECT MAX(id) FROM medicine_lists_historyevent)",
    ],
)
def test_nothing_of_history_is_taken_out(cast: Cast, sql: str) -> None:
    before = rows()
    with pytest.raises(DatabaseError, match="only be added to"), transaction.atomic():
        connection.cursor().execute(sql)
    assert rows() == before


def test_djangos_own_ways_are_refused_too(cast: Cast) -> None:
    before = rows()
    event = HistoryEvent.objects.latest("pk")
    event.verb = Verb.LOOKED
    for act in (event.save, event.delete, HistoryEvent.objects.all().delete, cast.person.delete):
        with pytest.raises(DatabaseError, match="only be added to"), transaction.atomic():
            act()
    assert rows() == before
    assert Person.objects.filter(pk=cast.person.pk).exists()


def test_a_person_who_is_erased_takes_the_history_along_and_nobody_elses(cast: Cast) -> None:
    other = actions.create_person(by=cast.stranger, values={"name": "Me"})
    put(actions.Access(cast.stranger, other, actions.Role.OWNER), "ibuprofen")
    kept = list(other.history.values_list("pk", flat=True))
    actions.erase_person(cast.person)
    assert not Person.objects.filter(pk=cast.person.pk).exists()
    assert list(HistoryEvent.objects.values_list("pk", flat=True).order_by("-at", "-pk")) == kept


def test_an_erasing_that_breaks_off_leaves_the_history_guarded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(Person, "delete", break_off)
    with pytest.raises(RuntimeError):
        actions.erase_person(cast.person)
    monkeypatch.undo()
    with pytest.raises(DatabaseError, match="only be added to"), transaction.atomic():
        connection.cursor().execute("DELETE FROM medicine_lists_historyevent")


def test_an_account_goes_and_its_history_stays(cast: Cast) -> None:
    before = rows()
    User.objects.get(pk=cast.editor.pk).delete()
    assert rows() == before


def test_both_triggers_are_there() -> None:
    assert triggers.missing(connection) == set()
