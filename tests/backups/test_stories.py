"""Whole stories with real commands: from one engine to the other and back, and commands that are killed."""

import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests import postgresql
from tests.real_server import ROOT

from .altered import lines
from .household import PRIVATE
from .installations import TEST_KEY, Installation, triggers, without_sign_ins

FAMILY = ("Paul", "Mia", "anna@", "ben@", "dora@", "sertraline", *PRIVATE)
GUARDS = {"history_is_never_changed", "history_is_never_deleted"}
needs_postgresql = pytest.mark.skipif(postgresql.programs() is None, reason="PostgreSQL's server is not installed")


def said_nothing_private(done: "subprocess.CompletedProcess[str]") -> bool:
    return not any(word in done.stdout + done.stderr for word in FAMILY)


def test_from_sqlite_to_sqlite_every_row_of_every_table_is_the_same(
    lived_in: Installation, demonstration: Installation, empty: Installation, tmp_path: Path
) -> None:
    for number, source in enumerate((lived_in, demonstration)):
        path = tmp_path / f"{number}.age"
        for done in (source.run("backup", path), empty.run("restore", path, *["--replace"] * number)):
            assert (done.returncode, done.stderr) == (0, "")
            assert said_nothing_private(done)
        before = source.tables()
        assert len(before["sqlite_sequence"]) > 10
        assert sum(map(len, before.values())) > (20_000 if source is demonstration else 200)
        assert empty.tables() == without_sign_ins(before)
        assert triggers(empty.file) == GUARDS
    assert {found.name for found in empty.var.iterdir()} == {"medguide.sqlite3", "secret-key"}


@needs_postgresql
@pytest.mark.parametrize("which", ["lived_in", "demonstration"])
def test_from_sqlite_to_postgresql_and_back_every_row_is_the_same(
    which: str, cluster: postgresql.Cluster, empty: Installation, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source: Installation = request.getfixturevalue(which)
    cluster.create_database(f"{which}_there")
    there = Installation(tmp_path / "there", cluster.url(f"{which}_there"))
    for installation, *command in (
        (source, "backup", tmp_path / "there.age"),
        (there, "restore", tmp_path / "there.age"),
        (there, "backup", tmp_path / "back.age"),
        (empty, "restore", tmp_path / "back.age"),
    ):
        done = installation.run(*command)
        assert (done.returncode, done.stderr) == (0, "")
        assert said_nothing_private(done)
    assert [lines(tmp_path / f"{way}.age")[0]["engine"] for way in ("there", "back")] == ["sqlite", "postgresql"]
    assert empty.tables() == without_sign_ins(source.tables())
    assert triggers(empty.file) == GUARDS


def test_the_restored_installation_is_migrated_and_has_no_old_sign_ins(
    lived_in: Installation, empty: Installation, tmp_path: Path
) -> None:
    lived_in.do("backup", tmp_path / "b.age")
    empty.do("restore", tmp_path / "b.age")
    empty.do("migrate", "--check")
    assert empty.python("from django.contrib.sessions.models import Session; print(Session.objects.count())") == "0\n"
    assert (
        lived_in.python("from django.contrib.sessions.models import Session; print(Session.objects.count())") == "1\n"
    )


def test_whoever_reads_meanwhile_sees_the_old_state_or_the_new(
    lived_in: Installation, demonstration: Installation, tmp_path: Path
) -> None:
    here = copied(demonstration, tmp_path / "here")
    lived_in.do("backup", tmp_path / "b.age")
    before, after = here.tables(), without_sign_ins(lived_in.tables())
    restoring = subprocess.Popen(
        here.command("restore", tmp_path / "b.age", "--replace"), cwd=ROOT, env=here.environment(),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    seen = [before]
    while restoring.poll() is None:
        seen.append(here.tables())
        time.sleep(0.05)
    assert restoring.returncode == 0
    assert all(found in (before, after) for found in seen)
    assert here.tables() == after


def copied(installation: Installation, var: Path) -> Installation:
    shutil.copytree(installation.var, var)
    return Installation(var)


@contextlib.contextmanager
def soon_killed(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The command runs beside the block, and is killed with -9 at its end."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def killed_at_random_moments(
    command: list[str], environment: dict[str, str], longest: float, state: Callable[[], object], times: int
) -> list[object]:
    """The states after each kill -9 of the command, the last of them late."""
    states = []
    for number in range(times):
        with soon_killed(command, environment):
            time.sleep(longest * (0.3 + 0.7 * (number + random.random()) / times))
        states.append(state())
    return states


def test_a_restore_that_is_killed_leaves_the_old_state_or_the_new(
    lived_in: Installation, demonstration: Installation, tmp_path: Path
) -> None:
    demonstration.do("backup", tmp_path / "b.age")
    here = copied(lived_in, tmp_path / "here")
    before, after = here.tables(), without_sign_ins(demonstration.tables())
    started = time.monotonic()
    copied(lived_in, tmp_path / "trial").do("restore", tmp_path / "b.age", "--replace")
    longest = time.monotonic() - started
    command = here.command("restore", tmp_path / "b.age", "--replace")
    with soon_killed(command, here.environment()) as restoring:
        while restoring.poll() is None and not list(here.var.glob("*.restoring*")):
            time.sleep(0.01)
    assert here.tables() == before, "it was killed in the middle"
    states = killed_at_random_moments(command, here.environment(), longest, here.tables, 5)
    assert all(state in (before, after) for state in states)
    # What they left does not stand in the way, and goes
    here.do("restore", tmp_path / "b.age", "--replace")
    assert here.tables() == after
    assert not list(here.var.glob("*.restoring*"))


def rows_on(url: str) -> dict[str, int]:
    with psycopg.connect(url) as server:
        names = [name for (name,) in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        count = sql.SQL("SELECT count(*) FROM {}")
        found = {}
        for name in names:
            row = server.execute(count.format(sql.Identifier(name))).fetchone()
            assert row
            found[name] = int(row[0])
        return found


@needs_postgresql
def test_a_restore_on_postgresql_that_is_killed_leaves_the_old_state_or_the_new(
    lived_in: Installation, demonstration: Installation, cluster: postgresql.Cluster, tmp_path: Path
) -> None:
    for source in (lived_in, demonstration):
        source.do("backup", tmp_path / f"{source.var.name}.age")
    old, new = (tmp_path / f"{source.var.name}.age" for source in (lived_in, demonstration))
    for name in ("trial", "here"):
        cluster.create_database(name)
    trial, here = (Installation(tmp_path / name, cluster.url(name)) for name in ("trial", "here"))
    trial.do("restore", old)
    here.do("restore", old)
    before = rows_on(here.url)
    started = time.monotonic()
    trial.do("restore", new, "--replace")
    longest = time.monotonic() - started
    after = rows_on(trial.url)
    assert before != after
    command = here.command("restore", new, "--replace")
    states = killed_at_random_moments(command, here.environment(), longest, lambda: rows_on(here.url), 3)
    assert all(state in (before, after) for state in states)
    here.do("restore", new, "--replace")
    assert rows_on(here.url) == after


def test_a_backup_that_is_killed_leaves_no_half_file(demonstration: Installation, tmp_path: Path) -> None:
    path = tmp_path / "b.age"
    started = time.monotonic()
    demonstration.do("backup", path)
    longest = time.monotonic() - started
    whole = path.read_bytes()
    command = demonstration.command("backup", path, "--force")
    for data in killed_at_random_moments(command, demonstration.environment(), longest, path.read_bytes, 4):
        assert data == whole or demonstration.do("restore", path, "--check")
    demonstration.do("backup", path, "--force")
    assert [found.name for found in tmp_path.iterdir()] == ["b.age"]


def test_a_full_disk_leaves_what_was_there(lived_in: Installation, demonstration: Installation, tmp_path: Path) -> None:
    demonstration.do("backup", tmp_path / "b.age")
    here = copied(lived_in, tmp_path / "here")
    before = here.tables()
    for at_most in (200_000, 2_000_000, 6_000_000):
        done = subprocess.run(
            here.command("restore", tmp_path / "b.age", "--replace"),
            cwd=ROOT, env=here.environment(PYTHONDONTWRITEBYTECODE="1"), check=False, capture_output=True, text=True,
            preexec_fn=lambda at_most=at_most: resource.setrlimit(resource.RLIMIT_FSIZE, (at_most, at_most)),
        )  # fmt: skip
        assert done.returncode == 1
        assert done.stderr.startswith("CommandError: The database does not answer, is in use, or has no room")
        assert here.tables() == before
        assert not list(here.var.glob("*.restoring*"))


def test_one_who_holds_the_database_is_waited_for_and_then_said(lived_in: Installation, tmp_path: Path) -> None:
    lived_in.do("backup", tmp_path / "b.age")
    here = copied(lived_in, tmp_path / "here")
    before = here.tables()
    holder = sqlite3.connect(here.file, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        done = here.run("restore", tmp_path / "b.age", "--replace")
    finally:
        holder.close()
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert here.tables() == before


def memory_of(installation: Installation, *command: str | Path) -> int:
    """The most that the command held at once, in kilobytes."""
    process = subprocess.Popen(
        installation.command(*command), cwd=ROOT, env=installation.environment(), stdout=subprocess.DEVNULL
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss


def test_memory_does_not_grow_with_what_is_backed_up(lived_in: Installation, tmp_path: Path) -> None:
    here = copied(lived_in, tmp_path / "here")
    other = Installation(tmp_path / "other")
    small = memory_of(here, "backup", tmp_path / "s.age"), memory_of(other, "restore", tmp_path / "s.age")
    with contextlib.closing(sqlite3.connect(here.file)) as database:
        database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) "
            "INSERT INTO medicine_lists_historyevent (uid, person_id, at, verb, statement_name, changes) "
            "SELECT lower(hex(randomblob(16))), (SELECT min(id) FROM medicine_lists_person), "
            "'2026-01-01 00:00:00', 'looked', '', '[\"' || hex(zeroblob(2500)) || '\"]' FROM n"
        )
        database.commit()
    assert here.file.stat().st_size > 150_000_000
    large = memory_of(here, "backup", tmp_path / "l.age"), memory_of(other, "restore", tmp_path / "l.age", "--replace")
    assert all(after - before < 40_000 for before, after in zip(small, large, strict=True)), (small, large)


def test_the_key_is_nowhere_in_what_is_said(lived_in: Installation, tmp_path: Path) -> None:
    secret = TEST_KEY.read_text().splitlines()[-1]
    for settings in ({"MEDGUIDE_BACKUP_KEY": secret}, {"MEDGUIDE_BACKUP_KEY": secret[:-1]}):
        done = lived_in.run("backup", tmp_path / "b.age", "--force", **settings)
        assert secret[:-1] not in done.stdout + done.stderr
    assert "must be one line" in done.stderr
