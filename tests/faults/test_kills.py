"""A few kills in every run of the suite, on the engine that it runs on; `make faults` has fifty on both."""

import random
from pathlib import Path

import pytest

from tests import real_server

from .kills import kill_loaders, kill_servers


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("var")
    return real_server.prepare(folder, MEDGUIDE_DEBUG="0", MEDGUIDE_SECRET_KEY="for this test alone")


def test_nothing_acknowledged_is_lost(environment: dict[str, str]) -> None:
    outcome = kill_servers(environment, real_server.free_port(), 3, random.Random(7))
    assert outcome.acknowledged > 0, "somebody got an answer before the kill"
    assert (outcome.kills, outcome.lost, outcome.without_history) == (3, [], [])


def test_the_library_is_never_half(environment: dict[str, str]) -> None:
    outcome = kill_loaders(environment, 2, random.Random(7))
    assert (outcome.kills, outcome.half_loaded) == (2, 0)
