"""Writes a backup: one moment of the database, row by row, whatever its size."""

import datetime
import hashlib
import os
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from . import schema
from .files import hold, put_in_place
from .format import FORMAT, BackupError, Header, Table, Trailer, as_line, columns_of
from .keys import Key
from .numbers import last_id
from .reader import read

ROWS_AT_ONCE = 500


def write(path: Path, key: Key, connection: BaseDatabaseWrapper, *, now: datetime.datetime, force: bool = False) -> int:
    """Gives the count of rows. The file appears at `path` when it is whole, and was read back where `key` can read.

    Raises BackupError and OSError; then at `path` there is what was there before.
    """
    if path.exists() and not force:
        raise BackupError(f"{path} is there already. Name another file, or add --force to write over it.")
    partial = path.with_name(f"{path.name}.partial")
    with hold(partial) as file:
        try:
            with one_moment(connection):
                lines = Lines(connection, now)
                _encrypt(_Gzipped(iter(lines)), file, key)
            file.flush()
            os.fsync(file.fileno())
            if key.identity:
                file.seek(0)
                read(file, key.identity)
            put_in_place(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    return lines.rows


def version() -> str:
    """MedGuide's."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


@contextmanager
def one_moment(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """What is read inside is as it was at one moment, and nobody who writes has to wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # transaction.atomic() would take the lock of those who write
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


class Lines:
    """The lines of a backup; `rows` counts those of tables as they go by."""

    def __init__(self, connection: BaseDatabaseWrapper, now: datetime.datetime) -> None:
        self.connection, self.now, self.rows = connection, now, 0

    def __iter__(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for line in self._all_but_the_last():
            digest.update(line)
            yield line
        yield as_line(Trailer(rows=self.rows, sha256=digest.hexdigest()))

    def _all_but_the_last(self) -> Iterator[bytes]:
        loader = MigrationLoader(self.connection)
        migrations = schema.applied(loader)
        if not migrations:
            raise BackupError("The database is empty, so there is nothing to back up. `manage.py migrate` prepares it.")
        try:
            apps = schema.apps_at(loader, migrations)
        except schema.UnknownMigrationError:
            raise BackupError(
                "The database is of a newer MedGuide than this one. Back it up with that one, or update first."
            ) from None
        yield as_line(
            Header(
                medguide_backup=FORMAT, medguide=version(), created_at=self.now.isoformat(),
                engine=self.connection.vendor, migrations=migrations,
            )
        )  # fmt: skip
        for model in schema.backed_up(apps, self.connection):
            rows = model._base_manager.using(self.connection.alias).order_by("pk")
            table = Table(
                table=model._meta.label,
                columns=[field.column for field in columns_of(model)],
                rows=rows.count(),
                last_id=last_id(self.connection, model),
            )
            yield as_line(table)
            names = [field.attname for field in columns_of(model)]
            for row in rows.values_list(*names).iterator(chunk_size=ROWS_AT_ONCE):
                self.rows += 1
                yield as_line(row)


class _Gzipped:
    """What pyrage reads from. It keeps an error, of which pyrage would pass on only the words."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.chunks, self.rest = self._compress(lines), b""
        self.error: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self.rest and (chunk := next(self.chunks, None)) is not None:
                self.rest = chunk
        except BaseException as error:
            self.error = error
            raise
        given, self.rest = self.rest[:size], self.rest[size:]
        return given

    @staticmethod
    def _compress(lines: Iterator[bytes]) -> Iterator[bytes]:
        gzip = zlib.compressobj(wbits=31)
        for line in lines:
            yield gzip.compress(line)
        yield gzip.flush()


def _encrypt(source: _Gzipped, file: BinaryIO, key: Key) -> None:
    try:
        pyrage.encrypt_io(source, file, [key.recipient])
    except (pyrage.EncryptError, OSError) as error:
        raise source.error or OSError(f"The backup could not be written: {error}") from None
