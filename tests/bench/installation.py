"""An installation of its own to measure: the library loaded, a page of it put beside the static files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from tests.real_server import free_port, granian, prepare, serving

PAGE = "/medicines/baclofen/"
UNCACHED_PAGE = PAGE + "?uncached"
SAME_BYTES = "/static/bench/page.html"
SUGGESTIONS = "/search/suggest?q=baclo"
BARE = "tests.bench.bare.wsgi:application"
SETTINGS = {"MEDGUIDE_SITE_URL": "http://127.0.0.1:8000", "MEDGUIDE_DATABASE_URL": "", "MEDGUIDE_DEBUG": "false"}


@dataclass(frozen=True)
class Installation:
    """Where it is, and what a floor must equal: queries and bytes of the uncached page, bytes of the suggestions."""

    environment: dict[str, str]
    queries: int
    page_size: int
    suggestions_size: int

    @property
    def bare_page(self) -> str:
        return f"/page/{self.queries}/{self.page_size}/"

    @property
    def bare_json(self) -> str:
        return f"/json/{self.suggestions_size}/"


def install(var_dir: Path) -> Installation:
    """Migrate, load, collect; ask the application in this process for its pages."""
    environment = prepare(var_dir, **SETTINGS)
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="medguide.settings")

    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    same_bytes = var_dir / SAME_BYTES.strip("/")
    same_bytes.parent.mkdir()
    same_bytes.write_bytes(client.get(PAGE).content)
    same_bytes.with_name("page.html.br").write_bytes(client.get(PAGE, headers={"accept-encoding": "br"}).content)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(UNCACHED_PAGE)
    count = len(queries)  # the next request empties the log
    suggestions = client.get(SUGGESTIONS)
    connection.close()
    return Installation(environment, count, len(page.content), len(suggestions.content))


@dataclass(frozen=True)
class Server:
    """A running server: its address without a final slash, and its process."""

    address: str
    process: "Popen[bytes]"


@contextmanager
def running(installation: Installation, application: str | None = None) -> Iterator[Server]:
    """MedGuide, or another application, on the server that `make run` uses."""
    port = free_port()
    with running_command(granian(port, application) if application else granian(port), port, installation) as server:
        yield server


@contextmanager
def running_command(command: list[str], port: int, installation: Installation) -> Iterator[Server]:
    """Any server, started by this command, that answers at this port."""
    address = f"http://127.0.0.1:{port}"
    with serving(command, installation.environment, f"{address}/healthz") as process:
        yield Server(address, process)
