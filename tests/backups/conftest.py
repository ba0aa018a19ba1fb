"""An installation that is lived in, one that is empty, and a database of its own for tests in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker, Settings

from tests import postgresql
from tests.real_server import own_database

from .household import move_in
from .installations import TEST_KEY, Installation


@contextmanager
def another_database(folder: Path) -> Iterator[None]:
    """The default connection leads to an empty database, on the engine that the tests run on."""
    ours = connections["default"]
    other = ours.copy()
    url = own_database()
    if not url:
        folder.mkdir(exist_ok=True)
    other.settings_dict["NAME"] = urlsplit(url).path.strip("/") if url else str(folder / "medguide.sqlite3")
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = ours


@pytest.fixture
def empty_database(tmp_path: Path, settings: Settings, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    settings.BACKUP_KEY_FILE, settings.BACKUP_KEY = TEST_KEY, ""
    with django_db_blocker.unblock(), another_database(tmp_path / "own"):
        yield


@pytest.fixture
def household(empty_database: None, tmp_path: Path) -> None:
    call_command("migrate", verbosity=0)
    move_in(tmp_path / "library")


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """On SQLite. Tests only read it."""
    installation = Installation(tmp_path_factory.mktemp("lived-in"))
    installation.do("migrate", "-v0")
    folder = tmp_path_factory.mktemp("library")
    installation.python(
        f"from pathlib import Path; from tests.backups.household import move_in; move_in(Path({str(folder)!r}))"
    )
    return installation


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "empty")


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The whole library and the family of the demonstration, on SQLite. Tests only read it."""
    installation = Installation(tmp_path_factory.mktemp("demonstration"))
    installation.do("migrate", "-v0")
    installation.do("load_content", "-v0")
    installation.do("demo", MEDGUIDE_DEBUG="1")
    return installation


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    with postgresql.cluster_folder() as folder, postgresql.running(folder) as running:
        yield running
