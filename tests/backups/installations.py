"""Installations of their own, run as people run them: manage.py with an environment."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.real_server import ROOT

HERE = Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"
TEST_KEY = FIXTURES / "key-of-these-tests-only.txt"
# Made by the command itself, and by the moment of a restore.
NOT_COMPARED = {"django_migrations"}
SIGN_INS = {"django_session", "usersessions_usersession", "accounts_cacheentry"}  # and tries to sign in
Tables = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class Installation:
    """Its data lie in `var`; on SQLite, or in the database at this address."""

    var: Path
    url: str = ""

    @property
    def file(self) -> Path:
        return self.var / "medguide.sqlite3"

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "manage.py", *map(str, arguments)]

    def environment(self, **settings: str) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MEDGUIDE_")}
        own = {"MEDGUIDE_VAR_DIR": str(self.var), "MEDGUIDE_BACKUP_KEY_FILE": str(TEST_KEY)}
        return {**clean, **own, **({"MEDGUIDE_DATABASE_URL": self.url} if self.url else {}), **settings}

    def run(self, *arguments: str | Path, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env=self.environment(**settings),
            check=False,
            capture_output=True,
            text=True,
        )

    def do(self, *arguments: str | Path, **settings: str) -> str:
        done = self.run(*arguments, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        return self.do("shell", "--no-imports", "-c", code)

    def tables(self) -> Tables:
        return tables(self.file)


def tables(file: Path) -> Tables:
    """Every row of every table, as SQLite keeps it, those of numbers given out too; JSON without its spelling.

    PostgreSQL keeps the keys of JSON in another order.
    """
    database = sqlite3.connect(file, isolation_level=None)
    try:
        database.execute("BEGIN")  # of one moment
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted((tuple(map(_spelled, row)) for row in database.execute(f'SELECT * FROM "{name}"')), key=repr)
            for name in names
            if name not in NOT_COMPARED
        }
    finally:
        database.close()


def without_sign_ins(found: Tables) -> Tables:
    """What a backup of it has to bring back."""
    numbers = [row for row in found["sqlite_sequence"] if row[0] not in SIGN_INS]
    return found | {"sqlite_sequence": numbers} | {name: [] for name in SIGN_INS}


def triggers(file: Path) -> set[str]:
    database = sqlite3.connect(file)
    try:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    finally:
        database.close()


def _spelled(value: object) -> object:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.dumps(json.loads(value), sort_keys=True)
        except ValueError:
            return value
    return value
