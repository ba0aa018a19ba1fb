"""Two servers behind the shipped nginx, one of them killed: no reader notices, and what was taken is there once."""

import os
import random
import signal
import ssl
import subprocess
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.client import HTTPException, HTTPSConnection
from socket import create_connection

import pytest

from tests.deploy.site import NAME, Site, is_installed, running

from .kills import Form, Outcome, wait_for_another_answer, wait_until, writing

pytestmark = pytest.mark.skipif(not is_installed(), reason="nginx with its brotli module, curl or openssl is missing")

PAGE = "/medicines/baclofen/"
PLACES = ("127.0.0.1", "127.0.1.1")  # by ip_hash these two go to different servers


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site"), servers=2) as site:
        yield site


def connect(site: Site, place: str) -> HTTPSConnection:
    """From this address, under the site's name."""
    context = ssl.create_default_context(cafile=str(site.folder / "tls/fullchain.pem"))
    connection = HTTPSConnection(NAME, site.tls, context=context)
    plain = create_connection(("127.0.0.1", site.tls), timeout=60, source_address=(place, 0))
    connection.sock = context.wrap_socket(plain, server_hostname=NAME)
    return connection


class Reader(threading.Thread):
    """Reads a page that nobody has kept, again and again, and counts the answers by status; 0 is none."""

    def __init__(self, site: Site, place: str) -> None:
        super().__init__(daemon=True)
        self.site, self.place = site, place
        self.answers, self.end = Counter[int](), threading.Event()

    def run(self) -> None:
        while not self.end.is_set():
            self.answers[self._status()] += 1

    def _status(self) -> int:
        connection = connect(self.site, self.place)
        try:
            connection.request("GET", f"{PAGE}?{uuid.uuid4()}")
            answer = connection.getresponse()
            return answer.status if b"</html>" in answer.read() else 0
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()


def test_nginx_has_nothing_to_warn_of(site: Site) -> None:
    command = ["nginx", "-t", "-p", str(site.folder), "-c", str(site.folder / "nginx.conf"), "-e", "stderr"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    assert "warn" not in said


def test_one_of_two_is_killed_under_load(site: Site) -> None:
    # Given people who write and people who read, at both servers
    home, outcome = f"https://{NAME}", Outcome()
    form = Form.of_a_new_list(home, site.environment)
    forms = [Form(partial(connect, site, place), form.path, form.headers) for place in PLACES]
    readers = [Reader(site, place) for place in PLACES]
    with writing(forms, random.Random(7)) as writers:
        for reader in readers:
            reader.start()
        wait_for_another_answer(writers)
        wait_until(lambda: all(reader.answers[200] for reader in readers), "both read")
        assert writers[0].strange == {}

        # When one of the two is killed
        os.killpg(site.processes[0].pid, signal.SIGKILL)

        # Then everybody is served by the other
        wait_for_another_answer(writers)
        before = {reader: reader.answers[200] for reader in readers}
        wait_until(lambda: all(reader.answers[200] > before[reader] + 2 for reader in readers), "both go on reading")
        for reader in readers:
            reader.end.set()
            reader.join()
    acknowledged = outcome.add(writers)
    outcome.look_for(acknowledged, site.environment)

    # No reader saw it, and of the writers those alone whose form was on its way
    assert [set(reader.answers) for reader in readers] == [{200}, {200}]
    assert set(outcome.strange) <= {502}
    assert outcome.strange[502] <= len(writers[0::2])
    assert (outcome.lost, outcome.twice, outcome.without_history) == ([], [], [])
    assert len(acknowledged) > 0
