"""Backups that somebody changed: taken apart, altered and encrypted again with the right key."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pyrage
from pyrage.x25519 import Identity

from medguide.backups.keys import read_key

from .installations import FIXTURES, TEST_KEY

NEWEST = max(FIXTURES.glob("*.age"), key=lambda path: [int(part) for part in path.stem.split(".")])


def identity() -> Identity:
    found = read_key(TEST_KEY.read_text()).identity
    assert found
    return found


def lines(backup: Path = NEWEST) -> list[Any]:
    """What each line says."""
    text = gzip.decompress(pyrage.decrypt(backup.read_bytes(), [identity()]))
    return [json.loads(line) for line in text.splitlines()]


def as_text(values: list[Any]) -> bytes:
    """With a last line that fits the others."""
    body = b"".join(json.dumps(value).encode() + b"\n" for value in values[:-1])
    last = {"rows": sum(isinstance(value, list) for value in values), "sha256": hashlib.sha256(body).hexdigest()}
    return body + json.dumps(last).encode() + b"\n"


def encrypted(data: bytes) -> bytes:
    return pyrage.encrypt(data, [identity().to_public()])


def written(path: Path, values: list[Any]) -> Path:
    path.write_bytes(encrypted(gzip.compress(as_text(values))))
    return path
