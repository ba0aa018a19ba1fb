"""Ten minutes of people who read, search, check and edit, all at once, on each engine: `make load`.

The visitors are wrk's, one process for each kind, with a pause between two things that they ask for (mixed.lua). Said
at the end: how many answers, how many wrong ones, within how many milliseconds half and 99 in 100 came, how the memory
of the server's worker went, and how many of the acknowledged writes are in the database.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus, urlencode

from tests import postgresql, real_server
from tests.bench.measuring import worker_memory
from tests.faults.kills import TOKEN, ask_django

SECONDS = 600
WARM_UP = 60  # seconds, in which a process still makes what it keeps
SAMPLE = 5.0  # seconds between two looks at the memory
HOUSEHOLDS = 120  # so that a list grows to about 40 medicines in ten minutes, as real ones may
SCRIPT = Path(__file__).with_name("mixed.lua")
VISITORS = {"read a page": 24, "search": 12, "check": 6, "look at a list": 8, "add to a list": 6}  # at the same time
SETTINGS = {"MEDGUIDE_DEBUG": "0", "MEDGUIDE_SECRET_KEY": "for the load alone, which nobody else can reach"}
FIND = """
import json
from monographs.models import Medicine
print(json.dumps({"slugs": list(Medicine.objects.with_page("en").values_list("slug", flat=True))}))
"""
MAKE = f"""
import json
from tests.browser.lists import make
print(json.dumps([make(10) for _ in range({HOUSEHOLDS})]))
"""
COUNT = """
import json
from medguide.medicine_lists.models import HistoryEvent, MedicationStatement
rows = MedicationStatement.objects.filter(name="m-load")
print(json.dumps({"rows": rows.count(), "told": HistoryEvent.objects.filter(statement_name="m-load").count()}))
"""


@dataclass(frozen=True)
class Ask:
    """What a visitor asks for, and the status that is right."""

    method: str
    path: str
    cookie: str = ""
    body: str = ""
    status: int = 200

    def __str__(self) -> str:
        return "\t".join((self.method, self.path, self.cookie, self.body, str(self.status)))


def asks(environment: dict[str, str]) -> dict[str, list[Ask]]:
    """By kind of visitor, all that one of them may ask for. Makes the households in the database."""
    slugs = ask_django(environment, FIND)["slugs"]
    made = ask_django(environment, MAKE)
    cookies = {one["person"]: f"{one['cookie']}={one['session']}; csrf={TOKEN}" for one in made}
    chance = random.Random(1)
    checks = [
        [("csrfmiddlewaretoken", TOKEN), *(("name", slug) for slug in chance.sample(slugs, 6))] for _ in range(60)
    ]
    added = urlencode({"name": "m-load", "when": "", "meant": "none", "csrfmiddlewaretoken": TOKEN, "sent_as": ""})
    return {
        "read a page": [Ask("GET", f"/medicines/{slug}/") for slug in slugs],
        "search": [Ask("GET", f"/search/?q={quote_plus(slug[:length])}") for slug in slugs for length in (3, 5, 9)]
        + [Ask("GET", f"/search/suggest?q={quote_plus(slug[:length])}") for slug in slugs for length in (2, 3, 4)],
        "check": [Ask("POST", "/interactions/", f"csrf={TOKEN}", urlencode(fields)) for fields in checks],
        "look at a list": [Ask("GET", f"/lists/{person}/", cookie) for person, cookie in cookies.items()],
        "add to a list": [
            Ask("POST", f"/lists/{person}/add/", cookie, f"{added}NEW-ID", 302) for person, cookie in cookies.items()
        ],
    }


@contextmanager
def visitors(kinds: dict[str, list[Ask]], home: str, seconds: int) -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """A wrk for each kind, for so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        running = {}
        for number, (kind, possible) in enumerate(kinds.items()):
            file = Path(folder) / f"{number}.tsv"
            file.write_text("".join(f"{ask}\n" for ask in possible))
            options = ["-t1", f"-c{VISITORS[kind]}", f"-d{seconds}s", "--timeout", "30s", "-s", str(SCRIPT)]
            command = ["wrk", *options, home, "--", str(file), str(number)]
            running[kind] = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            yield running
        finally:
            for process in running.values():
                process.kill()
                process.wait()


def load(environment: dict[str, str], seconds: int) -> bool:
    """Run it, print what was seen, and say whether all went well: no wrong answer, nothing lost."""
    port = real_server.free_port()
    home = f"http://127.0.0.1:{port}"
    kinds = asks(environment)
    memory: list[float] = []
    with real_server.serving(real_server.granian(port), environment, f"{home}/healthz") as server:
        started = time.monotonic()
        with visitors(kinds, home, seconds) as running:
            while any(process.poll() is None for process in running.values()):
                time.sleep(SAMPLE)
                if WARM_UP <= time.monotonic() - started <= seconds:
                    memory.append(worker_memory(server.pid))
            said = {kind: process.communicate()[0] for kind, process in running.items()}
    results = {kind: json.loads(text.split("RESULT ")[1]) for kind, text in said.items()}
    for kind, one in results.items():
        times = f"p50 {one['p50']:7.1f} ms, p99 {one['p99']:7.1f} ms"
        print(f"  {kind:15} {one['right']:7,} right, {one['wrong']} wrong, {times}")
    if memory:
        print(f"  memory of the worker: {memory[0]:.0f} MB after {WARM_UP} s, {memory[-1]:.0f} MB at the end, "
              f"{max(memory):.0f} MB at most")  # fmt: skip
    found, acknowledged = ask_django(environment, COUNT), results["add to a list"]["right"]
    rows, told = found["rows"], found["told"]
    print(f"  {acknowledged:,} additions acknowledged, {rows:,} in the database, {told:,} in its history", flush=True)
    return rows >= acknowledged and told == rows and not any(one["wrong"] for one in results.values())


def main(seconds: int) -> int:
    went_well = True
    with ExitStack() as stack:
        for engine, cluster in stack.enter_context(postgresql.both_engines()).items():
            url = cluster.url("medguide") if cluster else ""
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medguide-load-")))
            environment = real_server.prepare(folder, MEDGUIDE_DATABASE_URL=url, **SETTINGS)
            print(f"{engine}, {seconds} s:", flush=True)
            went_well &= load(environment, seconds)
    return int(not went_well)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
