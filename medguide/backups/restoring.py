"""Puts a backup in the place of the database: all of it or nothing, at whatever moment the machine stops.

The tables are made as they were when the backup was written, filled, and then brought to this release by its
migrations. On PostgreSQL that is one transaction. On SQLite a new file is made beside the database and then copied into
it in one transaction, so that a server that runs meanwhile sees the old state or the new.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pyrage.x25519 import Identity

from . import schema
from .files import hold
from .format import BackupError, Table, columns_of
from .numbers import set_last_id
from .reader import Contents, Row, read

ROWS_AT_ONCE = 100
LONGEST_WAIT = 20  # seconds for others to let go of the database
NEWER = "This backup was made by a newer MedGuide than this one. Update MedGuide first."
PRIVATE = ("accounts_user", "medicine_lists_person")


def check(file: BinaryIO, identity: Identity, connection: BaseDatabaseWrapper) -> Contents:
    """Reads all of the backup, and compares its tables with those that this release makes. Writes nothing.

    Raises BackupError.
    """
    contents = read(file, identity)
    loader = MigrationLoader(None)
    try:
        apps = schema.apps_at(loader, contents.header.migrations)
    except schema.UnknownMigrationError:
        raise BackupError(NEWER) from None
    expected = {
        model._meta.label: {field.column for field in columns_of(model)} for model in schema.backed_up(apps, connection)
    }
    found = {table.table: set(table.columns) for table in contents.tables}
    if found != expected or len(found) != len(contents.tables):
        raise BackupError("The tables in the backup are not those of the MedGuide that it names, so it is refused.")
    return contents


def restore(file: BinaryIO, identity: Identity, connection: BaseDatabaseWrapper, *, replace: bool = False) -> Contents:
    """Checks the file, then puts it in the place of what the database holds. Raises BackupError and OSError."""
    contents = check(file, identity, connection)
    try:
        if not replace and _is_lived_in(connection):
            raise BackupError(
                "The database holds accounts or lists already. Add --replace to put the backup in the place of all "
                "that it holds."
            )
        file.seek(0)
        source = _Source(file, identity, contents)
        if connection.vendor == "postgresql":
            with transaction.atomic(using=connection.alias):
                _drop_tables(connection)
                _build(source, connection)
        else:
            _build_beside(source, connection)
    except OperationalError:
        raise BackupError(
            "The database does not answer, is in use, or has no room, and nothing was changed. Stop MedGuide, look at "
            "the disk, and try again."
        ) from None
    except DatabaseError as error:  # its words may name what a row holds
        raise BackupError(
            f"The database refused the backup ({type(error).__name__}), and nothing was changed."
        ) from None
    return contents


@dataclass(frozen=True)
class _Source:
    file: BinaryIO
    identity: Identity
    contents: Contents


def _is_lived_in(connection: BaseDatabaseWrapper) -> bool:
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in PRIVATE:
            if table in there:
                cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608
                if cursor.fetchone()[0]:
                    return True
    return False


def _drop_tables(connection: BaseDatabaseWrapper) -> None:
    """Ours alone: an installation may keep others beside them."""
    loader = MigrationLoader(connection)
    try:
        apps = schema.apps_at(loader, schema.applied(loader))
    except schema.UnknownMigrationError:
        raise BackupError("The database is of a newer MedGuide than this one. Update MedGuide first.") from None
    ours = {model._meta.db_table for model in schema.tables(apps, connection)}
    ours.add(MigrationRecorder.Migration._meta.db_table)
    there = sorted(ours & set(connection.introspection.table_names()))
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}s'")
        if there:
            cursor.execute(f"DROP TABLE {', '.join(map(connection.ops.quote_name, there))}")


def _build_beside(source: _Source, connection: BaseDatabaseWrapper) -> None:
    database = Path(connection.settings_dict["NAME"])
    beside = database.with_name(f"{database.name}.restoring")
    files = [beside, *(beside.with_name(beside.name + end) for end in ("-wal", "-shm", "-journal"))]
    with hold(beside):
        try:
            for left in files[1:]:
                left.unlink(missing_ok=True)
            with _connected_to(beside, connection):
                _build(source, connection)
            _copy(beside, connection)
        finally:
            for left in files:
                left.unlink(missing_ok=True)


@contextmanager
def _connected_to(path: Path, connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The connection itself, so that migrations that use it without asking for its name are right too."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def _copy(beside: Path, connection: BaseDatabaseWrapper) -> None:
    """SQLite's own copying: one transaction of the database, which readers and writers respect."""
    give_up_at = time.monotonic() + LONGEST_WAIT

    def give_up(status: int, left: int, pages: int) -> None:
        if status != sqlite3.SQLITE_DONE and time.monotonic() > give_up_at:
            raise OperationalError("in use")

    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    new = sqlite3.connect(beside)
    try:
        new.backup(connection.connection, progress=give_up)
    except sqlite3.OperationalError as error:
        raise OperationalError from error
    finally:
        new.close()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was there before does not stay in the -wal file
    connection.close()


def _build(source: _Source, connection: BaseDatabaseWrapper) -> None:
    """Into a database without tables."""
    migrations = source.contents.header.migrations
    executor = MigrationExecutor(connection)
    executor.migrate(schema.last_of(executor.loader, migrations))
    apps = schema.apps_at(executor.loader, migrations)
    tables = {model._meta.label: model for model in schema.backed_up(apps, connection)}
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            for model in reversed(tables.values()):  # a migration may have written rows
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        inserting = _Inserting(tables, connection)
        again = read(source.file, source.identity, inserting.take)
        inserting.insert()
        if again != source.contents:
            raise BackupError("The file was changed while it was read, and nothing was changed in the database.")
        connection.check_constraints()
        _set_last_ids(source.contents.tables, tables, connection)
    call_command("migrate", database=connection.alias, interactive=False, verbosity=0)
    # Again, because SQLite forgets them where a migration makes a table anew.
    _set_last_ids(source.contents.tables, tables, connection)


def _set_last_ids(found: list[Table], tables: dict[str, type[models.Model]], connection: BaseDatabaseWrapper) -> None:
    there = set(connection.introspection.table_names())
    for table in found:
        model = tables[table.table]
        if model._meta.db_table in there:
            set_last_id(connection, model, table.last_id or 0)


class _Inserting:
    """Rows on their way into the tables, some at once."""

    def __init__(self, tables: dict[str, type[models.Model]], connection: BaseDatabaseWrapper) -> None:
        self.tables, self.connection = tables, connection
        self.table: Table | None = None
        self.waiting: list[Row] = []

    def take(self, table: Table, row: Row, number: int) -> None:
        if table is not self.table or len(self.waiting) == ROWS_AT_ONCE:
            self.insert()
            self.table, self.first = table, number
            fields = {field.column: field for field in columns_of(self.tables[table.table])}
            self.fields = [fields[column] for column in table.columns]
        try:
            values = zip(self.fields, row, strict=True)
            self.waiting.append([field.get_db_prep_save(field.to_python(v), self.connection) for field, v in values])
        except (ValidationError, ValueError, TypeError, ArithmeticError):
            raise BackupError(f"Line {number} has a value that its column cannot hold.") from None

    def insert(self) -> None:
        if not self.waiting or not self.table:
            return
        quote = self.connection.ops.quote_name
        table = quote(self.tables[self.table.table]._meta.db_table)
        columns = ", ".join(map(quote, self.table.columns))
        places = ", ".join(["%s"] * len(self.fields))
        try:
            with self.connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", self.waiting)  # noqa: S608
        except OperationalError:
            raise
        except DatabaseError as error:  # its words may name what a row holds
            raise BackupError(
                f"The database refused what is in lines {self.first} to {self.first + len(self.waiting) - 1} "
                f"({type(error).__name__}), and nothing was changed."
            ) from None
        self.waiting.clear()
