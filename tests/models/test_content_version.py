"""What a process makes of the content, once for each version of it."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from monographs.models import ContentVersion, once_a_version

THREADS = 4
AN_HOUR = 3600.0


def load(monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    """As if the database had said just now that this is loaded."""
    monkeypatch.setattr(ContentVersion, "_known", (time.monotonic() + AN_HOUR, digest))


def test_all_who_ask_at_once_get_what_one_made(monkeypatch: pytest.MonkeyPatch) -> None:
    load(monkeypatch, "first")
    together, made = Barrier(THREADS), []

    @once_a_version
    def slowly() -> object:
        made.append(object())
        time.sleep(0.05)
        return made[-1]

    def ask(_number: int) -> object:
        together.wait()
        return slowly()

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(ask, range(THREADS)))
    assert len(made) == 1
    assert all(answer is made[0] for answer in answers)


def test_another_version_is_another_making(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    @once_a_version
    def number() -> int:
        made.append(None)
        return len(made)

    load(monkeypatch, "first")
    assert [number(), number()] == [1, 1]
    load(monkeypatch, "second")
    assert [number(), number()] == [2, 2]


def test_what_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    load(monkeypatch, "first")
    failures = [OSError("away"), OSError("away")]

    @once_a_version
    def at_last() -> str:
        if failures:
            raise failures.pop()
        return "made"

    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            at_last()
    assert at_last() == "made"
