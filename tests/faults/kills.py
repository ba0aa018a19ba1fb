"""kill -9 at random moments: of the server while people write, of the loader while it loads.

`make faults` does it 50 times each, on SQLite and on PostgreSQL; the suite does it a few times (test_kills.py).
Counted: what was acknowledged (the browser got its redirect), and what of it is not in the database afterwards, or
stands there without its line in the history.
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
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests import postgresql, real_server

TOKEN = "x" * 32  # of a form: what the cookie says, the form must say
WRITERS = 3
LONGEST_LIFE, LONGEST_LOAD, LONGEST_FIRST_ANSWER = 1.5, 6.0, 30.0  # seconds before a kill
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
make(0)
"""


@dataclass
class Outcome:
    """What a run of kills came to. Lost: acknowledged, and not there; without history: there, and not told of."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    without_history: list[str] = field(default_factory=list)
    half_loaded: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.acknowledged} acknowledged, {len(self.lost)} lost, "
            f"{len(self.without_history)} without history, {self.half_loaded} times half a library"
        )


def ask_django(environment: dict[str, str], code: str) -> dict[str, object]:

    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(command, cwd=real_server.ROOT, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@dataclass(frozen=True)
class Form:
    """The form that adds a medicine to one list, sent over the wire as a browser would."""

    home: str
    path: str
    cookie: str

    @classmethod
    def of_a_new_list(cls, home: str, environment: dict[str, str]) -> "Form":
        made = ask_django(environment, START)
        return cls(home, f"/lists/{made['person']}/add/", f"{made['cookie']}={made['session']}; csrf={TOKEN}")

    def send(self, name: str) -> tuple[int, str]:
        """Status and page. Raises OSError or HTTPException where no answer comes."""
        said = {"name": name, "when": "", "meant": "none", "sent_as": str(uuid.uuid4()), "csrfmiddlewaretoken": TOKEN}
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        address = urlsplit(self.home)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            connection.request("POST", self.path, urlencode(said), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


class Writer(threading.Thread):
    """Adds medicines one after the other, and remembers those for which the answer came."""

    def __init__(self, form: Form) -> None:
        super().__init__(daemon=True)
        self.form = form
        self.acknowledged: list[str] = []
        self.end = threading.Event()

    def run(self) -> None:
        while not self.end.is_set():
            name = f"m-{uuid.uuid4()}"
            try:
                if self.form.send(name)[0] == 302:
                    self.acknowledged.append(name)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)


def kill_servers(environment: dict[str, str], port: int, times: int, chance: random.Random) -> Outcome:
    """Start the server, write, kill its whole group, again and again; then look for what was acknowledged."""
    outcome, home = Outcome(), f"http://127.0.0.1:{port}"
    form = Form.of_a_new_list(home, environment)
    acknowledged: list[str] = []
    for _ in range(times):
        server = subprocess.Popen(
            real_server.granian(port), cwd=real_server.ROOT, env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        real_server.wait_until_it_answers(f"{home}/healthz", server)
        writers = [Writer(form) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        deadline = time.monotonic() + LONGEST_FIRST_ANSWER  # the first one makes what the process keeps
        while not any(writer.acknowledged for writer in writers) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, LONGEST_LIFE))
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        outcome.kills += 1
        for writer in writers:
            writer.end.set()
            writer.join()
            acknowledged += writer.acknowledged
    found = ask_django(environment, LOOK)
    names, said = set(found["names"]), set(found["said"])  # type: ignore[call-overload]
    outcome.acknowledged = len(acknowledged)
    outcome.lost = [name for name in acknowledged if name not in names]
    outcome.without_history = [name for name in names if name not in said]
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
        engines = {"SQLite": ""}
        if postgresql.programs():
            folder = stack.enter_context(postgresql.cluster_folder())
            cluster = stack.enter_context(postgresql.running(folder, durable=True))
            cluster.create_database("medguide")
            engines["PostgreSQL"] = cluster.url("medguide")
        for engine, url in engines.items():
            var_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medguide-faults-")))
            environment = real_server.prepare(
                var_dir, MEDGUIDE_DATABASE_URL=url, MEDGUIDE_DEBUG="0", MEDGUIDE_SECRET_KEY="for the faults alone"
            )
            for what, outcome in (
                ("server", kill_servers(environment, real_server.free_port(), times, chance)),
                ("loader", kill_loaders(environment, times, chance)),
            ):
                print(f"{engine}, {what}: {outcome}", flush=True)
                bad |= bool(outcome.lost or outcome.without_history or outcome.half_loaded)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
