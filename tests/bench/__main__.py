"""Measure, print the table, write build/bench.json. Ends with 0 whatever the figures are."""

import tempfile
import time
from pathlib import Path

from tests.real_server import ROOT

from . import behind_nginx, checks, lists, pages, servers, starting, suggestions
from .installation import install
from .report import Figure, as_table, write_json

RESULT = ROOT / "build" / "bench.json"


def main() -> None:
    started = time.perf_counter()
    every: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="medguide-bench-") as folder:
        installation = install(Path(folder))
        for title, measure in (
            ("Pages", lambda: pages.figures(installation)),
            ("Behind nginx", lambda: behind_nginx.figures(installation)),
            ("Names", suggestions.figures),
            ("The check", lambda: checks.figures(installation)),
            ("Lists", lambda: lists.figures(installation)),
            ("Starting", lambda: starting.figures(installation)),
            ("Servers (floor: gunicorn with 4 threads)", lambda: servers.figures(installation)),
        ):
            figures = measure()
            print(as_table(title, figures), end="\n\n", flush=True)
            every += figures
    write_json(every, RESULT)
    missed = sum(figure.is_met is False for figure in every)
    judged = sum(figure.goal is not None for figure in every)
    seconds = time.perf_counter() - started
    print(f"{judged - missed} of {judged} goals met, in {seconds:.0f} s. {RESULT.relative_to(ROOT)} holds the figures.")


if __name__ == "__main__":
    main()
