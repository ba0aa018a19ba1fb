"""Writing a backup: whole or not there, readable by its owner alone, and of one moment."""

import datetime
import gzip
import json
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pyrage
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from medguide.backups import writer
from medguide.backups.files import hold
from medguide.backups.format import BackupError
from medguide.backups.keys import key_at_hand, read_key
from medguide.medicine_lists.models import Person

from .altered import identity, lines
from .household import LONG_NOTE, PERSON, PRIVATE
from .installations import TEST_KEY


def backup(path: Path, **options: object) -> str:
    out = StringIO()
    call_command("backup", path, stdout=out, **options)
    return out.getvalue()


def test_it_holds_every_table_but_sign_ins_and_says_that_it_was_checked(household: None, tmp_path: Path) -> None:
    path = tmp_path / "b.age"
    said = backup(path)
    header, *rest = lines(path)
    assert header["engine"] == connection.vendor
    assert header["migrations"]["medicine_lists"][:2] == ["0001_initial", "0002_history_can_only_be_added_to"]
    assert datetime.datetime.fromisoformat(header["created_at"]) <= timezone.now()
    found = {value["table"]: value for value in rest if "table" in value}
    missing = {"sessions.Session", "usersessions.UserSession", "accounts.CacheEntry"}
    assert set(found) == {model._meta.label for model in apps.get_models(include_auto_created=True)} - missing
    rows = sum(isinstance(value, list) for value in rest)
    assert said.splitlines() == [
        f"Written: {path}, {rows:,} rows. Sign-ins are left out.",
        "Checked: the file was read back, and it is whole.",
    ]
    assert found["accounts.User"]["rows"] == 2
    assert found["accounts.User"]["last_id"] == 3, "the number of the account that was deleted"
    assert not any(word in said for word in PRIVATE)
    assert not any(word.encode() in path.read_bytes() for word in PRIVATE)


def test_values_are_written_as_what_they_are(household: None, tmp_path: Path) -> None:
    backup(tmp_path / "b.age")
    values = lines(tmp_path / "b.age")
    at = next(
        n
        for n, v in enumerate(values)
        if isinstance(v, dict) and v.get("table") == "medicine_lists.MedicationStatement"
    )
    row = dict(zip(values[at]["columns"], values[at + 1], strict=True))
    assert (row["name"], row["amount"], row["quantity_left"], row["refill_on"]) == (
        "exemplol 💊", "0.125", "123456.789", "2027-01-01",
    )  # fmt: skip
    assert row["note"] == LONG_NOTE[:1000]
    assert len(row["uid"]) == 32
    assert row["expires_on"] is None
    assert isinstance(row["schedule"], dict)
    assert row["created_at"].endswith("+00:00")


def test_the_age_command_and_gzip_are_enough_to_open_it(household: None, tmp_path: Path) -> None:
    """Seen here through the library; `age -d -i KEY FILE | gunzip` does the same."""
    backup(tmp_path / "b.age")
    text = gzip.decompress(pyrage.decrypt((tmp_path / "b.age").read_bytes(), [identity()])).decode("ascii")
    assert json.dumps(PERSON)[1:-1] in text


def test_only_its_owner_may_read_it_and_nothing_else_is_left(household: None, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "b.age.partial").write_text("left by one that was killed")
    (folder / "b.age.partial").chmod(0o644)
    backup(folder / "b.age")
    assert [(path.name, oct(path.stat().st_mode & 0o777)) for path in folder.iterdir()] == [("b.age", "0o600")]


def test_a_file_that_is_there_is_written_over_only_when_asked_for(household: None, tmp_path: Path) -> None:
    path = tmp_path / "b.age"
    path.write_text("mine")
    with pytest.raises(CommandError, match=r"is there already.*--force"):
        backup(path)
    assert path.read_text() == "mine"
    backup(path, force=True)
    assert lines(path)[0]["medguide_backup"] == 1


def test_with_the_public_key_alone_it_says_that_nothing_was_checked(
    household: None, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_KEY = str(read_key(TEST_KEY.read_text()).recipient)
    said = backup(tmp_path / "b.age")
    assert "Checked" not in said
    assert "Not checked: this machine has the public key alone." in said
    assert "`manage.py restore b.age --check --key-file KEY`" in said
    assert lines(tmp_path / "b.age")[0]["medguide_backup"] == 1
    with pytest.raises(CommandError, match="public key alone, which cannot read a backup"):
        call_command("restore", tmp_path / "b.age", check=True)


def test_it_needs_a_file_a_key_and_a_database(empty_database: None, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name the file"):
        call_command("backup")
    with pytest.raises(CommandError, match="The database is empty"):
        backup(tmp_path / "b.age")
    settings.BACKUP_KEY_FILE = None
    with pytest.raises(CommandError, match=r"no key for backups.*--new-key"):
        backup(tmp_path / "b.age")
    with pytest.raises(CommandError, match="No such file or directory"):
        backup(tmp_path / "nowhere" / "b.age", key_file=TEST_KEY)
    assert not (tmp_path / "b.age").exists()
    assert not (tmp_path / "b.age.partial").exists()


def test_a_database_of_a_newer_release_is_refused(household: None, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('monographs', '0999_later', '2030-01-01')"
        )
    with pytest.raises(CommandError, match="The database is of a newer MedGuide than this one"):
        backup(tmp_path / "b.age")
    assert not list(tmp_path.glob("b.age*"))


def test_two_at_once_do_not_write_into_one_file(household: None, tmp_path: Path) -> None:
    with hold(tmp_path / "b.age.partial"), pytest.raises(CommandError, match="Another command is writing"):
        backup(tmp_path / "b.age")
    backup(tmp_path / "b.age")


def test_a_row_that_nobody_could_read_back_is_not_written(
    household: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medguide.backups.format.LONGEST_LINE", 1500)
    with pytest.raises(CommandError, match="A row is longer than 1,500 bytes"):
        backup(tmp_path / "b.age")
    assert not list(tmp_path.glob("b.age*"))


def test_it_is_of_one_moment_and_nobody_has_to_wait(household: None) -> None:
    if connection.vendor == "postgresql":
        other = connection.copy()
    else:
        other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
    try:
        with writer.one_moment(connection):
            given = iter(writer.Lines(connection, timezone.now()))
            before = [next(given) for _ in range(3)]
            other.cursor().execute("UPDATE medicine_lists_person SET name = 'late'")
            other.cursor().execute("DELETE FROM medicine_lists_allergy")
            other.commit()
            text = b"".join([*before, *given])
    finally:
        other.close()
    assert json.dumps(PERSON)[1:-1].encode() in text
    assert b"a rash" in text
    assert Person.objects.get().name == "late"


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """What a full disk does, as near as a process can do it to itself: writing beyond fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_backup_that_was_there(household: None, tmp_path: Path) -> None:
    path = tmp_path / "b.age"
    path.write_text("the one of yesterday")
    with files_of_at_most(3000), pytest.raises(CommandError, match=r"b\.age: File too large\."):
        backup(path, force=True)
    assert path.read_text() == "the one of yesterday"
    assert not path.with_name("b.age.partial").exists()


def test_a_database_that_does_not_answer_is_said(household: None, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE medicine_lists_allergy")
    with pytest.raises(
        CommandError, match=r"The database does not answer as it should \((Operational|Programming)Error\)"
    ):
        backup(tmp_path / "b.age")
    assert not list(tmp_path.glob("b.age*"))


def test_a_backup_that_cannot_be_read_back_does_not_take_the_place(
    household: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.age"
    path.write_text("the one of yesterday")

    def damage(_descriptor: int) -> None:
        partial = tmp_path / "b.age.partial"
        data = bytearray(partial.read_bytes())
        data[-1] ^= 1
        partial.write_bytes(data)

    monkeypatch.setattr("os.fsync", damage)  # a disk that does not keep what it was given
    with pytest.raises(BackupError, match="damaged"):
        writer.write(path, key_at_hand(), connection, now=timezone.now(), force=True)
    assert path.read_text() == "the one of yesterday"
    assert not path.with_name("b.age.partial").exists()
