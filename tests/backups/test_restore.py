"""Restoring: all of it or nothing, on the engine that the tests run on; and every backup of an earlier release."""

import datetime
import json
import os
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from medguide.accounts.models import User
from medguide.backups import restoring
from medguide.backups.writer import version
from medguide.medicine_lists.models import HistoryEvent, MedicationStatement, Person, ShareLink
from medguide.medicine_lists.share_link_actions import open_link
from monographs.models import Medicine, Monograph

from .altered import NEWEST, lines, written
from .household import LINK_TOKEN, LONG_NOTE, PERSON, PRIVATE
from .installations import FIXTURES

RELEASES = sorted(FIXTURES.glob("*.age"))


def restore(path: Path, **options: object) -> str:
    out = StringIO()
    call_command("restore", path, stdout=out, **options)
    return out.getvalue()


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(CommandError) as refused:
        restore(path, **options)
    text = str(refused.value)
    assert not any(word in text for word in PRIVATE)
    assert "\n" not in text
    return text


def all_rows() -> dict[str, list[Any]]:
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(map(repr, cursor.fetchall()))
        return found


@pytest.mark.parametrize("backup", RELEASES, ids=lambda path: path.stem)
def test_a_backup_of_each_release_is_restored_by_this_one(empty_database: None, backup: Path) -> None:
    said = restore(backup)
    assert f"MedGuide {backup.stem}." in said
    assert "Everybody has to sign in again" in said
    assert not any(word in said for word in PRIVATE)
    assert not Session.objects.exists()

    person = Person.objects.get()
    assert (person.name, person.weight_kg, person.time_zone) == (PERSON, Decimal("47.5"), "Pacific/Chatham")
    assert set(person.members.values_list("email", flat=True)) == {"zoe@example.org", "ben@example.org"}
    known, secret = MedicationStatement.objects.order_by("pk")
    assert (known.note, known.amount, known.refill_on) == (
        LONG_NOTE[:1000],
        Decimal("0.125"),
        datetime.date(2027, 1, 1),
    )
    assert known.medicine == Medicine.objects.get(name="exemplol")
    assert (secret.name, secret.deleted_at is None) == ("Secretol", False)
    assert Monograph.objects.get().sections.count() == 16
    assert Authenticator.objects.get().data == {"secret": "JBSWY3DPEHPK3PXP"}
    events = HistoryEvent.objects.filter(person=person)
    assert events.earliest("pk").verb == "created"
    assert events.earliest("pk").actor_id == User.objects.get(email="zoe@example.org").pk

    # It is a database like any other of this release: guarded, migrated, with its own numbers
    executor = MigrationExecutor(connection)
    assert not executor.migration_plan(executor.loader.graph.leaf_nodes())
    for change in ("UPDATE medicine_lists_historyevent SET verb = 'looked'", "DELETE FROM medicine_lists_historyevent"):
        with pytest.raises(DatabaseError, match="only be added to"), transaction.atomic():
            connection.cursor().execute(change)
    assert User.objects.create_user("new@example.org").pk == 4, "not 3, of the account that was deleted"


def test_the_version_that_is_being_made_has_its_backup() -> None:
    assert (FIXTURES / f"{version()}.age") in RELEASES
    assert all(path.stat().st_size < 60_000 for path in RELEASES)


def test_checking_writes_nothing(empty_database: None) -> None:
    said = restore(NEWEST, check=True)
    assert said.startswith("Checked, and nothing was written: ")
    assert len(said.splitlines()) == 1
    assert all_rows() == {}


def test_what_is_lived_in_is_not_moved_into(household: None, tmp_path: Path) -> None:
    Person.objects.update(name="kept")
    before = all_rows()
    assert "holds accounts or lists already. Add --replace" in refusal(NEWEST)
    assert all_rows() == before
    User.objects.all().delete()
    assert "holds accounts or lists already" in refusal(NEWEST), "a list without accounts is somebody's too"


def test_with_replace_all_that_was_there_is_gone(household: None, tmp_path: Path) -> None:
    User.objects.create_user("later@example.org")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE not_ours (id integer)")
    restore(NEWEST, replace=True)
    assert not User.objects.filter(email="later@example.org").exists()
    assert not Session.objects.exists()
    assert Person.objects.get().name == PERSON
    there = "not_ours" in connection.introspection.table_names()
    assert there == (connection.vendor == "postgresql"), "on SQLite the file is ours alone"
    rows = all_rows()
    restore(NEWEST, replace=True)
    assert all_rows().keys() == rows.keys()


def test_a_migrated_database_without_people_needs_no_replace(empty_database: None) -> None:
    call_command("migrate", verbosity=0)
    restore(NEWEST)
    assert Person.objects.get().name == PERSON


def table_at(values: list[Any], label: str) -> int:
    return next(n for n, value in enumerate(values) if isinstance(value, dict) and value.get("table") == label)


def broken(kind: str) -> tuple[list[Any], str]:
    """The lines of a backup with one thing wrong that only the database or the tables can tell, and what is said."""
    values = lines()
    people, users = table_at(values, "medicine_lists.Person"), table_at(values, "accounts.User")
    columns = values[people]["columns"]
    row = values[people + 1]
    match kind:
        case "a later migration":
            values[0]["migrations"]["monographs"].append("0999_later")
            return values, "made by a newer MedGuide than this one. Update MedGuide first."
        case "an app of later":
            values[0]["migrations"]["pharmacies"] = ["0001_initial"]
            return values, "made by a newer MedGuide than this one. Update MedGuide first."
        case "a migration without those before it":
            values[0]["migrations"]["medicine_lists"].remove("0001_initial")
            return values, "newer MedGuide"
        case "another column":
            values[people]["columns"] = [*columns[:-1], "colour"]
            return values, "are not those of the MedGuide that it names"
        case "a table that is missing":
            del values[people : people + 1 + values[people]["rows"]]
            return values, "are not those of the MedGuide that it names"
        case "a table twice":
            values[-1:-1] = values[people : people + 1 + values[people]["rows"]]
            return values, "are not those of the MedGuide that it names"
        case "sign-ins":
            values.insert(-1, {"table": "sessions.Session", "columns": [], "rows": 0, "last_id": None})
            return values, "are not those of the MedGuide that it names"
        case "a value of another kind":
            row[columns.index("weighed_on")] = f"{PERSON}, on a Monday"
            return values, f"Line {people + 2} has a value that its column cannot hold."
        case "a list where a number is":
            row[columns.index("version")] = [PERSON]
            return values, f"Line {people + 2} has a value that its column cannot hold."
        case "a rule that is broken":
            row[columns.index("name")] = ""
            return values, f"The database refused what is in lines {people + 2} to {people + 2} (IntegrityError)"
        case "the same twice":
            values[users]["rows"] += 1
            values.insert(users + 1, values[users + 1])
            return values, f"The database refused what is in lines {users + 2} to"
        case "a row that points nowhere":
            statements = table_at(values, "medicine_lists.MedicationStatement")
            at = values[statements]["columns"].index("person_id")
            values[statements + 1][at] = 4711
            return values, "The database refused the backup (IntegrityError), and nothing was changed."
    raise AssertionError(kind)


KINDS = [
    "a later migration", "an app of later", "a migration without those before it", "another column",
    "a table that is missing", "a table twice", "sign-ins", "a value of another kind", "a list where a number is",
    "a rule that is broken", "the same twice", "a row that points nowhere",
]  # fmt: skip


def test_what_only_the_tables_can_tell_is_refused_too_and_nothing_is_changed(household: None, tmp_path: Path) -> None:
    before = all_rows()
    for kind in KINDS:
        values, said = broken(kind)
        text = refusal(written(tmp_path / "altered.age", values), replace=True)
        assert said in text, kind
        assert all_rows() == before, kind
    assert not list((tmp_path / "own").glob("*.restoring*"))


def test_a_file_that_is_damaged_or_is_none_changes_nothing(household: None, tmp_path: Path) -> None:
    before = all_rows()
    path = tmp_path / "damaged.age"
    for data in (b"", b"hello", NEWEST.read_bytes()[:-1], NEWEST.read_bytes()[:3000]):
        path.write_bytes(data)
        refusal(path, replace=True)
    assert "No such file" in refusal(tmp_path / "nowhere", replace=True)
    assert "Is a directory" in refusal(tmp_path, replace=True)
    assert all_rows() == before


def test_a_file_that_is_changed_between_checking_and_restoring_changes_nothing(
    household: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.age"
    path.write_bytes(NEWEST.read_bytes())
    other = lines()
    other[table_at(other, "medicine_lists.Person") + 1][2] = "somebody else"
    before = all_rows()
    checked = restoring.check

    def check_and_be_changed(*arguments: Any) -> Any:
        contents = checked(*arguments)
        os.truncate(path, 0)
        written(path, other)
        return contents

    monkeypatch.setattr(restoring, "check", check_and_be_changed)
    assert "The file was changed while it was read" in refusal(path, replace=True)
    assert all_rows() == before


def test_rows_of_an_earlier_release_are_put_into_its_tables_and_then_migrated(
    empty_database: None, tmp_path: Path
) -> None:
    # Given a database as it was before accounts knew of short passwords, with an account
    call_command("migrate", "accounts", "0001", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (id, password, is_superuser, email, is_staff, is_active, date_joined) "
            "VALUES (7, '', %s, 'early@example.org', %s, %s, '2026-01-02 03:04:05.678901+00:00')",
            [False, False, True],
        )
    call_command("backup", tmp_path / "early.age", stdout=StringIO())
    values = lines(tmp_path / "early.age")
    assert values[0]["migrations"]["accounts"] == ["0001_initial"]
    assert "has_short_password" not in values[table_at(values, "accounts.User")]["columns"]

    # When this release restores it
    restore(tmp_path / "early.age", replace=True)

    # Then the account has what came later, and its own values to the microsecond
    user = User.objects.get()
    assert (user.pk, user.email, user.has_short_password) == (7, "early@example.org", False)
    assert user.date_joined == datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.UTC)


def test_a_database_of_a_newer_release_is_not_taken_apart(household: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('monographs', '0999_later', '2030-01-01')"
        )
    if connection.vendor == "postgresql":
        before = all_rows()
        assert "The database is of a newer MedGuide" in refusal(NEWEST, replace=True)
        assert all_rows() == before
    else:
        restore(NEWEST, replace=True)  # a new file takes its place, whatever was in it
        assert Person.objects.get().name == PERSON


def test_links_come_back_and_open_for_whoever_has_their_address(household: None, tmp_path: Path) -> None:
    call_command("backup", tmp_path / "b.age", stdout=StringIO())
    assert LINK_TOKEN not in json.dumps(lines(tmp_path / "b.age"))
    ShareLink.objects.all().delete()
    restore(tmp_path / "b.age", replace=True)
    link = open_link(token=LINK_TOKEN, now=timezone.now())
    assert (link.label, link.shows, link.opened) == ("Dr. Ämil", ["notes"], 1)
    assert [one.name for one in link.left_out.all()] == ["Secretol"]


def test_json_columns_keep_what_json_can_say(household: None, tmp_path: Path) -> None:
    odd = {"null": None, "text": "null", "list": [1, 1.5, -0.0, True, "", "💊", {"a": []}], "big": 2**60, "": "ü\u2028"}
    MedicationStatement.objects.filter(name="Secretol").update(schedule=odd)
    kept = MedicationStatement.objects.get(name="Secretol").schedule
    call_command("backup", tmp_path / "b.age", stdout=StringIO())
    MedicationStatement.objects.update(schedule={})
    restore(tmp_path / "b.age", replace=True)
    # As text, in which 1 is not 1.0 and not true
    assert json.dumps(MedicationStatement.objects.get(name="Secretol").schedule) == json.dumps(kept)
