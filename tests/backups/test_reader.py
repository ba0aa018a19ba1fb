"""A backup is believed only as a whole: whatever is wrong with it is said in one sentence, and nothing is taken."""

import gzip
import io
import json
import zlib
from collections.abc import Callable
from typing import Any

import pyrage
import pytest
from pyrage.x25519 import Identity

from medguide.backups.format import LONGEST_LINE, BackupError
from medguide.backups.reader import Contents, read

from .altered import NEWEST, as_text, encrypted, identity, lines

GOOD = NEWEST.read_bytes()
PLAIN = gzip.decompress(pyrage.decrypt(GOOD, [identity()]))


def read_bytes(data: bytes, key: Identity | None = None) -> Contents:
    return read(io.BytesIO(data), key or identity())


def refusal(data: bytes) -> str:
    with pytest.raises(BackupError) as refused:
        read_bytes(data)
    text = str(refused.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


def test_a_whole_one_is_read_row_by_row() -> None:
    taken: list[tuple[str, list[Any], int]] = []
    contents = read(io.BytesIO(GOOD), identity(), lambda table, row, number: taken.append((table.table, row, number)))
    values = lines()
    assert contents.header.medguide == NEWEST.stem
    assert [row for _table, row, _number in taken] == [value for value in values if isinstance(value, list)]
    assert all(values[number - 1] == row for _table, row, number in taken)
    assert contents.rows == len(taken) == sum(table.rows for table in contents.tables)
    assert len({table.table for table in contents.tables}) == len(contents.tables)


@pytest.mark.parametrize("kept", [0.999, 0.9, 0.5, 0.1])
def test_one_that_was_cut_off(kept: float) -> None:
    assert "damaged or cut off" in refusal(GOOD[: int(len(GOOD) * kept)])


def test_every_byte_that_is_changed_is_seen() -> None:
    for place in [*range(0, 400, 7), *range(400, len(GOOD), 501)]:
        changed = bytearray(GOOD)
        changed[place] ^= 1
        refusal(bytes(changed))


def test_another_key() -> None:
    with pytest.raises(BackupError, match="encrypted for another key"):
        read_bytes(GOOD, Identity.generate())


@pytest.mark.parametrize(
    "data", [b"", b"hello", gzip.compress(PLAIN), PLAIN, b"PK\x03\x04" * 100, b"age-encryption.org/v1\n"]
)
def test_what_is_no_age_file(data: bytes) -> None:
    assert "is not an age file" in refusal(data)


@pytest.mark.parametrize("data", [b"", PLAIN, zlib.compress(PLAIN), gzip.compress(PLAIN)[:10] + b"\xff" * 100])
def test_what_is_not_compressed_as_it_should_be(data: bytes) -> None:
    text = refusal(encrypted(data))
    assert "not compressed as a backup is" in text or (not data and "cut off" in text)


def test_a_compression_that_was_cut_off_or_goes_on() -> None:
    packed = gzip.compress(PLAIN)
    assert "cut off" in refusal(encrypted(packed[:-5]))
    assert "cut off" in refusal(encrypted(packed[: len(packed) // 2]))
    for more in (b"x", gzip.compress(b"x"), gzip.compress(PLAIN), b"x" * 100_000):
        assert "behind the end" in refusal(encrypted(packed + more))
    changed = bytearray(packed)
    changed[-6] ^= 1  # of the checksum
    assert "not compressed as a backup is" in refusal(encrypted(bytes(changed)))


def test_what_goes_on_where_a_block_of_the_encryption_ends() -> None:
    block = 64 * 1024
    padding = block - len(gzip.compress(PLAIN)) % block - 1
    packed = io.BytesIO()
    with gzip.GzipFile("a" * padding, "wb", fileobj=packed) as file:
        file.write(PLAIN)
    assert len(packed.getvalue()) % block == 0
    assert read_bytes(encrypted(packed.getvalue())).rows
    assert "behind the end" in refusal(encrypted(packed.getvalue() + b"x"))


def test_a_line_that_never_ends_is_not_held_in_memory() -> None:
    bomb = gzip.compress(PLAIN[: PLAIN.index(b"\n") + 1] + b'["' + b"a" * (LONGEST_LINE * 4) + b'"]\n')
    assert len(bomb) < LONGEST_LINE / 100
    assert f"longer than {LONGEST_LINE:,} bytes" in refusal(encrypted(bomb))


def altered(change: Callable[[list[Any]], None]) -> str:
    values = lines()
    change(values)
    return refusal(encrypted(gzip.compress(as_text(values))))


def first_row(values: list[Any]) -> int:
    return next(number for number, value in enumerate(values) if isinstance(value, list))


def test_lines_that_are_missing_too_many_or_of_another_kind() -> None:
    at = first_row(lines())

    def of_row(change: Callable[[list[Any]], object]) -> str:
        return altered(lambda values: change(values) and None)

    assert f"Line {at + 1} has another number of values" in of_row(lambda values: values[at].append(1))
    assert "rows are missing, or too many" in of_row(lambda values: values.pop(at))
    assert "rows are missing, or too many" in of_row(lambda values: values.insert(at, values[at]))
    assert "rows are missing, or too many" in of_row(lambda values: values.insert(at, "row"))
    assert f"Line {at} is not the first line of a table" in of_row(lambda values: values[at - 1].update(rows="2"))
    assert f"Line {at} is not the first line of a table" in of_row(lambda values: values[at - 1].update(more=1))
    assert "Line 1 is not the first line" in of_row(lambda values: values[0].pop("migrations"))
    assert "Line 1 does not say" in of_row(lambda values: values.pop(0))
    assert "newer MedGuide" in of_row(lambda values: values[0].update(medguide_backup=2, something="else"))


def test_a_last_line_that_does_not_fit_is_missing_or_is_not_the_last() -> None:
    body, last = PLAIN[: PLAIN.rindex(b"\n", 0, -1) + 1], json.loads(PLAIN.splitlines()[-1])

    def ending(text: bytes) -> str:
        return refusal(encrypted(gzip.compress(body + text)))

    assert "cut off" in ending(b"")
    assert "cut off" in ending(json.dumps(last).encode())
    for wrong in ({"rows": last["rows"] + 1}, {"sha256": "0" * 64}):
        assert "the last, does not fit" in ending(json.dumps(last | wrong).encode() + b"\n")
    for nothing in ({"rows": 1}, {}, {"rows": "1", "sha256": "x"}):
        assert "neither a table nor the end" in ending(json.dumps(nothing).encode() + b"\n")
    assert "behind the end" in ending(json.dumps(last).encode() + b"\n{}\n")
    assert "the last, does not fit" in refusal(encrypted(gzip.compress(PLAIN.replace(b"exemplol", b"exemplal", 1))))


@pytest.mark.parametrize("line", [b"", b"{", b"\xff", b"nonsense", b"[" * 200_000, b"[" + b"9" * 10_000 + b"]"])
def test_a_line_that_is_not_json_is_named(line: bytes) -> None:
    head, rest = PLAIN.split(b"\n", 1)
    assert refusal(encrypted(gzip.compress(head + b"\n" + line + b"\n" + rest))) == "Line 2 is not JSON."
    assert refusal(encrypted(gzip.compress(line + b"\n" + rest))) == "Line 1 is not JSON."
