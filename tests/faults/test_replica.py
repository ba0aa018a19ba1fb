"""A primary that goes away: a streaming replica serves the public wing, the private one says so, and comes back."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests import postgresql, real_server

pytestmark = pytest.mark.skipif(postgresql.programs() is None, reason="PostgreSQL's server is not installed")

SIGNED_IN = "session=0123456789abcdef0123456789abcdef"  # of nobody, but the database is asked
COUNT_ON_REPLICA = """
from django.db import connections
with connections["replica"].cursor() as cursor:
    cursor.execute("SELECT pg_is_in_recovery(), (SELECT count(*) FROM monographs_contentversion)")
    print(*cursor.fetchone())
"""


class Site:
    def __init__(self, home: str, primary: postgresql.Cluster, environment: dict[str, str]) -> None:
        self.home, self.primary, self.environment = home, primary, environment

    def ask(self, path: str, data: dict[str, list[str]] | None = None, cookie: str = "") -> tuple[int, str]:
        body = urlencode(data, doseq=True).encode() if data else None
        try:
            with urlopen(Request(self.home + path, body, {"Cookie": cookie}), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ExitStack() as stack:
        folders = [stack.enter_context(postgresql.cluster_folder()) for _ in range(2)]
        primary = stack.enter_context(postgresql.running(folders[0], durable=True))
        primary.create_database("medguide")
        port = real_server.free_port()
        home = f"http://127.0.0.1:{port}"
        environment = real_server.prepare(
            tmp_path_factory.mktemp("var"),
            MEDGUIDE_SITE_URL=home, MEDGUIDE_DATABASE_URL=primary.url("medguide"), MEDGUIDE_SECRET_KEY="for this test",
            MEDGUIDE_SIGNUP="open", MEDGUIDE_DEBUG="0",
        )  # fmt: skip
        replica = stack.enter_context(postgresql.running(folders[1], replica_of=primary))
        environment |= {"MEDGUIDE_DATABASE_REPLICA_URL": replica.url("medguide")}
        stack.enter_context(real_server.serving(real_server.granian(port), environment, f"{home}/"))
        yield Site(home, primary, environment)


def on_replica(site: Site) -> list[str]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", COUNT_ON_REPLICA]
    done = subprocess.run(
        command, cwd=real_server.ROOT, env=site.environment, check=True, capture_output=True, text=True
    )
    return done.stdout.split()


def test_the_public_wing_outlives_the_primary_and_the_private_one_comes_back(site: Site) -> None:
    # Given a replica that follows: what is loaded on the primary arrives there
    assert on_replica(site) == ["True", "1"]
    status, kept = site.ask("/medicines/baclofen/")
    assert status == 200

    # When the primary ends without a word
    site.primary.stop("immediate")
    try:
        # Then pages are served, those of the cache and those that nobody had asked for; search and check answer too
        assert site.ask("/medicines/baclofen/") == (200, kept)
        for path in ("/medicines/warfarin/", "/medicines/baclofen/?uncached", "/search/?q=warfarin"):
            status, page = site.ask(path)
            assert (status, "arfarin" in page or "aclofen" in page) == (200, True), path
        status, report = site.ask("/interactions/", {"name": ["warfarin", "ibuprofen"]})
        assert (status, "bleed" in report) == (200, True)

        # And what needs the primary says so, with the numbers to call
        status, page = site.ask("/lists/", cookie=SIGNED_IN)
        assert status == 503
        assert "We cannot reach our records right now" in page
        assert 'href="tel:911"' in page
        assert site.ask("/healthz")[0] == 200, "a balancer goes on sending readers here"
        status, page = site.ask("/readyz")
        assert status == 503
        assert '"database": "no answer"' in page
    finally:
        site.primary.start()

    # When it is back, nobody has to start anything
    assert site.ask("/lists/", cookie=SIGNED_IN)[0] == 200
    assert site.ask("/readyz")[0] == 200
