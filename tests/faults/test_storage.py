"""A locked database and a full disk: a page of ours that keeps what was typed, and nothing acknowledged is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import real_server

from .kills import LOOK, Form, ask_django

ROOM = 160 * 1024  # bytes that any file may have, for a server whose disk is full
OWN = {"MEDGUIDE_DATABASE_URL": "", "MEDGUIDE_DEBUG": "0", "MEDGUIDE_SECRET_KEY": "for this test alone"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return real_server.prepare(tmp_path_factory.mktemp("var"), **OWN)


def names(environment: dict[str, str]) -> set[str]:
    return set(ask_django(environment, LOOK)["names"])


def test_a_locked_database_is_said_and_what_was_typed_stays(environment: dict[str, str]) -> None:
    port = real_server.free_port()
    home = f"http://127.0.0.1:{port}"
    form = Form.of_a_new_list(home, environment)
    database = Path(environment["MEDGUIDE_VAR_DIR"]) / "medguide.sqlite3"
    with real_server.serving(real_server.granian(port), environment, f"{home}/healthz"):
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            status, page = form.send("typed-while-locked")
            other.execute("ROLLBACK")
        assert status == 503
        assert "What you just sent may not have been saved." in page
        assert "typed-while-locked</textarea>" in page
        assert form.send("typed-again")[0] == 302
    assert {"typed-again"} == names(environment) - {"typed-while-locked"}


def test_a_full_disk_is_said_and_loses_nothing(environment: dict[str, str]) -> None:
    port = real_server.free_port()
    home = f"http://127.0.0.1:{port}"
    form = Form.of_a_new_list(home, environment)
    limited = ["prlimit", f"--fsize={ROOM}", *real_server.granian(port)]
    acknowledged, refused = [], ""
    with real_server.serving(limited, environment, f"{home}/healthz"):
        for number in range(400):
            status, page = form.send(f"full-{number}")
            if status != 302:
                refused = page
                break
            acknowledged.append(f"full-{number}")
        assert status == 503
    assert "We cannot reach our records right now" in refused
    assert f"full-{len(acknowledged)}</textarea>" in refused
    assert len(acknowledged) >= 1
    assert set(acknowledged) <= names(environment)
    assert f"full-{len(acknowledged)}" not in names(environment)
