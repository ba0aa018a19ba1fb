"""Reads a backup and believes nothing: not its encryption, its compression, its lines nor their number."""

import hashlib
import json
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyrage
from pydantic import ValidationError
from pyrage.x25519 import Identity

from .format import FORMAT, LONGEST_LINE, BackupError, Header, Table, Trailer

Row = list[Any]
Take = Callable[[Table, Row, int], None]
_CHUNK = 64 * 1024
DAMAGED = "The file is damaged or cut off, and nothing was changed. Take another copy of it, or another backup."

MORE = "There is something behind the end of the backup, so it is refused."


@dataclass(frozen=True)
class Contents:
    """What a whole backup holds."""

    header: Header
    tables: list[Table]
    rows: int
    sha256: str


def read(file: BinaryIO, identity: Identity, take: Take | None = None) -> Contents:
    """Reads all of the file, from where it stands; `take` gets each row with its table and the number of its line.

    Memory stays flat. Only when it returns is it certain that the file is whole. Raises BackupError.
    """
    lines = _Lines(_contents(take or (lambda table, row, number: None)))
    try:
        pyrage.decrypt_io(file, lines, [identity])
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise BackupError("The file was encrypted for another key, or its beginning was changed.") from None
        raise BackupError("This is not an age file, so it is no backup of MedGuide.") from None
    except OSError:
        raise BackupError(DAMAGED) from None
    return lines.finish()


class _Lines:
    """What pyrage writes to: takes the compression off, cuts into lines and hands them on."""

    def __init__(self, contents: Generator[None, bytes, Contents]) -> None:
        self._contents, self._gunzip, self._line = contents, zlib.decompressobj(wbits=31), bytearray()
        self._found: Contents | None = None
        next(contents)

    def write(self, data: bytes) -> int:
        """In pieces, so that a few bytes that unpack to many never stand in memory at once."""
        size = len(data)
        if self._gunzip.eof:
            raise BackupError(MORE)
        full = True
        while full and not self._gunzip.eof:
            try:
                piece = self._gunzip.decompress(data, _CHUNK)
            except zlib.error:
                raise BackupError("What is in the file is not compressed as a backup is, or is damaged.") from None
            self._cut(piece)
            data, full = self._gunzip.unconsumed_tail, len(piece) == _CHUNK
        if self._gunzip.unused_data:
            raise BackupError(MORE)
        return size

    def flush(self) -> None:
        """Nothing waits here."""

    def _cut(self, piece: bytes) -> None:
        *ended, rest = piece.split(b"\n")
        for end in ended:
            self._line += end
            self._hand_on(bytes(self._line))
            self._line.clear()
        self._line += rest
        if len(self._line) > LONGEST_LINE:
            raise BackupError(f"A line is longer than {LONGEST_LINE:,} bytes, so it is no backup of MedGuide.")

    def _hand_on(self, line: bytes) -> None:
        if self._found:
            raise BackupError(MORE)
        try:
            self._contents.send(line)
        except StopIteration as end:
            self._found = end.value

    def finish(self) -> Contents:
        """Raises BackupError where the end has not come."""
        if not self._gunzip.eof or self._line or not self._found:
            raise BackupError(DAMAGED)
        return self._found


def _contents(take: Take) -> Generator[None, bytes, Contents]:
    """Is sent one line after the other, without their ends, and returns after the last."""
    digest, number, rows = hashlib.sha256(), 1, 0
    line = yield
    header = _header(line)
    tables: list[Table] = []
    left = 0
    while True:
        digest.update(line + b"\n")
        line = yield
        number += 1
        value = _json(line, number)
        if isinstance(value, list) and left:
            if len(value) != len(tables[-1].columns):
                raise BackupError(f"Line {number} has another number of values than its table has columns.")
            take(tables[-1], value, number)
            rows, left = rows + 1, left - 1
            continue
        if left or not isinstance(value, dict):
            raise BackupError(f"Line {number} is not what has to come there: rows are missing, or too many.")
        if "table" not in value:
            _check_trailer(value, Trailer(rows=rows, sha256=digest.hexdigest()), number)
            return Contents(header, tables, rows, digest.hexdigest())
        tables.append(_table(value, number))
        left = tables[-1].rows


def _json(line: bytes, number: int) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise BackupError(f"Line {number} is not JSON.") from None


def _header(line: bytes) -> Header:
    value = _json(line, 1)
    written_as = value.get("medguide_backup") if isinstance(value, dict) else None
    if not isinstance(written_as, int):
        raise BackupError("Line 1 does not say that this is a backup of MedGuide.")
    if written_as > FORMAT:
        raise BackupError("This backup was made by a newer MedGuide than this one. Update MedGuide first.")
    try:
        return Header.model_validate(value)
    except ValidationError:
        raise BackupError("Line 1 is not the first line of a backup of MedGuide.") from None


def _table(value: dict[str, Any], number: int) -> Table:
    try:
        return Table.model_validate(value)
    except ValidationError:
        raise BackupError(f"Line {number} is not the first line of a table.") from None


def _check_trailer(value: dict[str, Any], expected: Trailer, number: int) -> None:
    try:
        found = Trailer.model_validate(value)
    except ValidationError:
        raise BackupError(f"Line {number} is neither a table nor the end of a backup.") from None
    if found != expected:
        raise BackupError(f"Line {number}, the last, does not fit those before it: the backup was changed.")
