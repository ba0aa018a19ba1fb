"""What stands in a backup: an age file of a gzip file of lines of JSON.

The first line is a Header. Each table follows: a line that is a Table, then its rows, each a list of the values of
its columns. The last line is a Trailer. Dates are ISO 8601, decimals text, UUIDs hexadecimal, bytes base64.
"""

import base64
import datetime
import decimal
import json
import uuid
from typing import Any, Literal

from django.db.models import Model
from django.utils.duration import duration_iso_string
from pydantic import BaseModel, ConfigDict

FORMAT: Literal[1] = 1
# Our longest rows are pages of the library, with some 50,000 bytes. What is longer is no row of ours but an attack.
LONGEST_LINE = 16 * 1024 * 1024
# Whoever restores must not bring old sign-ins back. Counted tries last for minutes.
LEFT_OUT = {"sessions.Session", "usersessions.UserSession", "accounts.CacheEntry"}


class BackupError(Exception):
    """What is wrong, in a sentence for whoever runs the command. It names no row's content."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Header(_Line):
    """`migrations` has the names of all that were applied, for each app."""

    medguide_backup: Literal[1]
    medguide: str
    created_at: str
    engine: str
    migrations: dict[str, list[str]]


class Table(_Line):
    """`table` is the model's label. `last_id` is the highest number that was ever given out, None without numbers.

    It is kept so that nobody gets the number of an account that was deleted: the history names its actors by number.
    """

    table: str
    columns: list[str]
    rows: int
    last_id: int | None


class Trailer(_Line):
    """`sha256` is of all lines before this one, their line ends included."""

    rows: int
    sha256: str


def as_line(value: object) -> bytes:
    """A line of its own. Raises BackupError where nobody could read it back."""
    line = json.dumps(value, default=_as_json, separators=(",", ":")).encode() + b"\n"
    if len(line) > LONGEST_LINE:
        raise BackupError(f"A row is longer than {LONGEST_LINE:,} bytes, so it cannot be backed up.")
    return line


def _as_json(value: object) -> object:
    match value:
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case datetime.timedelta():
            return duration_iso_string(value)
        case decimal.Decimal():
            return str(value)
        case uuid.UUID():
            return value.hex
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case _Line():
            return value.model_dump()
    raise TypeError(f"{type(value).__name__} has no place in a backup.")


def columns_of(model: type[Model]) -> list[Any]:
    """The fields that are columns of the model's own table, but for those that the database works out."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]
