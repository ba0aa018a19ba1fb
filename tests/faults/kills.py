"""kill -9 at random moments: of the server while people write, of the loader while it loads; PostgreSQL stopped.

`make faults` does it 50 times each, on SQLite and on PostgreSQL; the suite does it a few times (test_kills.py,
test_outage.py). Counted: what was acknowledged (the browser got its redirect), and what of it is not in the database
afterwards, or stands there twice or without its line in the history.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests import postgresql, real_server

TOKEN = "x" * 32  # of a form: what the cookie says, the form must say
WRITERS = 3
LONGEST_LIFE, LONGEST_LOAD, LONGEST_FIRST_ANSWER = 1.5, 6.0, 30.0  # seconds before a kill
LONGEST_OUTAGE = 1.5  # seconds
AWAY = 503, "We cannot reach our records right now"  # status, and words of the page
LOOK = """
import json
from medguide.medicine_lists.models import HistoryEvent, MedicationStatement
from monographs.models import *
from django.db import connection
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]
names = list(MedicationStatement.objects.values_list("name", flat=True))
said = list(HistoryEvent.objects.filter(verb="added").values_list("statement_name", flat=True))
models = (Medicine, Monograph, MonographSection, Source, InteractionRule, DrugName)
library = [model.objects.count() for model in models]
print(json.dumps({"names": names, "said": said, "library": library, "digest": str(ContentVersion.current())}))
"""
START = """
import json
from tests.browser.lists import make
print(json.dumps(make(0)))
"""


@dataclass
class Outcome:
    """What a run of kills came to. Lost: acknowledged, and not there; without history: there, and not told of.

    `refused` counts answers that say that the database is away, `strange` those that are neither that nor an
    acknowledgement, by status; 0 stands for no answer, which a killed server gives.
    """

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    without_history: list[str] = field(default_factory=list)
    half_loaded: int = 0
    refused: int = 0
    strange: Counter[int] = field(default_factory=Counter)

    @property
    def is_bad(self) -> bool:
        return bool(self.lost or self.twice or self.without_history or self.half_loaded or set(self.strange) - {0})

    def __str__(self) -> str:
        strange = {status: times for status, times in self.strange.items() if status}
        return (
            f"{self.kills} kills, {self.acknowledged} acknowledged, {len(self.lost)} lost, {len(self.twice)} twice, "
            f"{len(self.without_history)} without history, {self.half_loaded} times half a library; "
            f"{self.refused} refused, {self.strange[0]} unanswered, {strange} strange"
        )

    def add(self, writers: list["Writer"]) -> list[str]:
        """What these writers were told. Gives the names that were acknowledged."""
        for writer in writers:
            self.acknowledged += len(writer.acknowledged)
            self.refused += writer.refused
            self.strange += writer.strange
        return [name for writer in writers for name in writer.acknowledged]

    def look_for(self, acknowledged: list[str], environment: dict[str, str]) -> None:
        found = ask_django(environment, LOOK)
        names: Counter[str] = Counter(found["names"])  # type: ignore[call-overload]
        self.lost = [name for name in acknowledged if name not in names]
        self.twice = [name for name, times in names.items() if times > 1]
        self.without_history = sorted(set(names) - set(found["said"]))  # type: ignore[call-overload]


def ask_django(environment: dict[str, str], code: str) -> Any:
    """What the code prints as JSON, last of all."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(command, cwd=real_server.ROOT, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


@dataclass(frozen=True)
class Form:
    """The form that adds a medicine to one list, sent over the wire as a browser would."""

    connect: Callable[[], http.client.HTTPConnection]
    path: str
    headers: dict[str, str]

    @classmethod
    def of_a_new_list(
        cls, home: str, environment: dict[str, str], connect: Callable[[], http.client.HTTPConnection] | None = None
    ) -> "Form":
        """`connect` is asked in the place of the host and port in `home`."""
        made = ask_django(environment, START)
        address = urlsplit(home)
        session, csrf = str(made["cookie"]), str(made["cookie"]).replace("session", "csrf")
        headers = {
            "Host": address.netloc, "Origin": home, "Cookie": f"{session}={made['session']}; {csrf}={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        there = partial(http.client.HTTPConnection, address.hostname or "", address.port, timeout=60)
        return cls(connect or there, f"/lists/{made['person']}/add/", headers)

    def send(self, name: str, sent_as: str = "") -> tuple[int, str]:
        """Status and page. Raises OSError or HTTPException where no answer comes."""
        said = {"name": name, "when": "", "meant": "none", "sent_as": sent_as or str(uuid.uuid4())}
        connection = self.connect()
        try:
            connection.request("POST", self.path, urlencode({**said, "csrfmiddlewaretoken": TOKEN}), self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


class Writer(threading.Thread):
    """Adds medicines one after the other, and remembers those for which the answer came.

    What was not acknowledged is sent once more, the same form: as the button on our page does, or a browser.
    """

    def __init__(self, form: Form) -> None:
        super().__init__(daemon=True)
        self.form = form
        self.acknowledged: list[str] = []
        self.refused, self.strange = 0, Counter[int]()
        self.end = threading.Event()

    def run(self) -> None:
        while not self.end.is_set():
            name, sent_as = f"m-{uuid.uuid4()}", str(uuid.uuid4())
            while not self.end.is_set() and not self._is_acknowledged(name, sent_as):
                time.sleep(0.05)

    def _is_acknowledged(self, name: str, sent_as: str) -> bool:
        try:
            status, page = self.form.send(name, sent_as)
        except (OSError, http.client.HTTPException):
            status, page = 0, ""
        if status == 302:
            self.acknowledged.append(name)
        elif status == AWAY[0] and AWAY[1] in page:
            self.refused += 1
        else:
            self.strange[status] += 1
        return status == 302


@contextmanager
def writing(forms: list[Form], chance: random.Random) -> Iterator[list[Writer]]:
    """People who write, one of whom at least got an answer, for a random while."""
    writers = [Writer(forms[number % len(forms)]) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        wait_until(lambda: any(one.acknowledged for one in writers), "the first, which makes what the process keeps")
        time.sleep(chance.uniform(0.0, LONGEST_LIFE))
        yield writers
    finally:
        for writer in writers:
            writer.end.set()
        for writer in writers:
            writer.join()


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Raises TimeoutError where it is not so within LONGEST_FIRST_ANSWER."""
    deadline = time.monotonic() + LONGEST_FIRST_ANSWER
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {LONGEST_FIRST_ANSWER:.0f} s: {what}")
        time.sleep(0.01)


def wait_for_another_answer(writers: list[Writer]) -> None:
    """Until each of them has got an acknowledgement more than now."""
    so_far = {writer: len(writer.acknowledged) for writer in writers}
    wait_until(lambda: all(len(one.acknowledged) > so_far[one] for one in writers), "everybody's form is taken again")


def kill_servers(environment: dict[str, str], port: int, times: int, chance: random.Random) -> Outcome:
    """Start the server, write, kill its whole group, again and again; then look for what was acknowledged."""
    outcome, home = Outcome(), f"http://127.0.0.1:{port}"
    form = Form.of_a_new_list(home, environment)
    acknowledged: list[str] = []
    for _ in range(times):
        with (
            real_server.serving(real_server.granian(port), environment, f"{home}/healthz") as server,
            writing([form], chance) as writers,
        ):
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        outcome.kills += 1
        acknowledged += outcome.add(writers)
    outcome.look_for(acknowledged, environment)
    return outcome


def stop_databases(
    cluster: postgresql.Cluster, environment: dict[str, str], port: int, times: int, chance: random.Random
) -> Outcome:
    """Stop PostgreSQL at once and start it, again and again, under one server that nobody starts anew.

    Raises TimeoutError where not all who write get an acknowledgement again.
    """
    outcome, home = Outcome(), f"http://127.0.0.1:{port}"
    form = Form.of_a_new_list(home, environment)
    with (
        real_server.serving(real_server.granian(port), environment, f"{home}/healthz"),
        writing([form], chance) as writers,
    ):
        for _ in range(times):
            cluster.stop("immediate")
            time.sleep(chance.uniform(0.2, LONGEST_OUTAGE))
            cluster.start()
            outcome.kills += 1
            wait_for_another_answer(writers)
            time.sleep(chance.uniform(0.0, LONGEST_LIFE))
    outcome.look_for(outcome.add(writers), environment)
    return outcome


def kill_loaders(environment: dict[str, str], times: int, chance: random.Random) -> Outcome:
    """Load the library again and kill the loader: it must stay whole."""
    outcome, whole = Outcome(), ask_django(environment, LOOK)["library"]
    for _ in range(times):
        loader = subprocess.Popen(
            [sys.executable, "manage.py", "load_content", "--force", "-v0"], cwd=real_server.ROOT, env=environment
        )
        try:
            loader.wait(timeout=chance.uniform(0.2, LONGEST_LOAD))
        except subprocess.TimeoutExpired:
            loader.kill()
            loader.wait()
        outcome.kills += 1
        outcome.half_loaded += ask_django(environment, LOOK)["library"] != whole
    return outcome


def main(times: int = 50) -> int:
    chance = random.Random()
    bad = False
    with ExitStack() as stack:
        for engine, cluster in stack.enter_context(postgresql.both_engines()).items():
            url = cluster.url("medguide") if cluster else ""
            var_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medguide-faults-")))
            environment = real_server.prepare(
                var_dir, MEDGUIDE_DATABASE_URL=url, MEDGUIDE_DEBUG="0", MEDGUIDE_SECRET_KEY="for the faults alone"
            )
            runs = {
                "server": partial(kill_servers, environment, real_server.free_port()),
                "loader": partial(kill_loaders, environment),
            }
            if cluster:
                runs["database"] = partial(stop_databases, cluster, environment, real_server.free_port())
            for what, run in runs.items():
                outcome = run(times, chance)
                print(f"{engine}, {what}: {outcome}", flush=True)
                bad |= outcome.is_bad
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
