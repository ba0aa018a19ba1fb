"""What every test shares: the static files as they are served, the real library, a clean memory."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from hypothesis import settings as hypothesis_settings

from monographs.models import ContentVersion

# No timed tests: how fast the machine is today says nothing about the code.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop beside the tests


@pytest.fixture(scope="session", autouse=True)
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The stylesheet bundled, names hashed, files compressed: what an installation serves."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root):
        call_command("collectstatic", "--noinput", verbosity=0)
        yield root


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Every test database holds the library that ships."""
    with django_db_blocker.unblock():
        call_command("load_content", verbosity=0)


@pytest.fixture(autouse=True)
def _ask_the_database_again() -> Iterator[None]:
    """No test sees the content version that another one left in memory."""
    ContentVersion.forget()
    yield
    ContentVersion.forget()


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1"})
