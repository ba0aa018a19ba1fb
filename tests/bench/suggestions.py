"""The index over 150,000 made-up names, in a fresh process: `python -m tests.bench.suggestions` prints JSON."""

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from monographs.name_index import NameIndex
from tests.real_server import ROOT

from .made_up_names import made_up_names, misspelt, typed
from .measuring import resident_memory
from .report import Figure

QUERIES = 3_000  # timed
MISSPELT = 3_000  # asked with one wrong letter
ROUNDS = 3
P99_GOAL = 5.0  # milliseconds
FOUND_GOAL = 0.98  # of the names with one wrong letter, among the first 10
MEMORY_GOAL = 50.0  # MB


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of monographs.views.search.KnownName, so that it weighs the same; that one needs a database."""

    folded: str
    name: str
    kind: str
    medicine: str
    slug: str
    purpose: str


def figures() -> list[Figure]:
    """About 40 seconds."""
    names = "\n".join(made_up_names())
    command = [sys.executable, "-m", "tests.bench.suggestions"]
    said = subprocess.run(command, cwd=ROOT, input=names, capture_output=True, text=True, check=True).stdout
    taken = json.loads(said)
    count = f"{taken['names']:,} names"
    return [
        Figure(f"search of {count}: p99 of all that is typed", taken["p99"], "ms", goal=P99_GOAL, better="less"),
        *(Figure(f"search of {count}: p99, {kind}", p99, "ms") for kind, p99 in taken["p99_by_kind"].items()),
        Figure(f"search of {count}: median of all that is typed", taken["median"], "ms"),
        Figure("names with one wrong letter found among the first 10", taken["found"], "share", goal=FOUND_GOAL),
        Figure(f"memory of {count} and their index", taken["memory"], "MB", goal=MEMORY_GOAL, better="less"),
        Figure("building the index", taken["build"], "s"),
    ]


def measure(lines: Iterator[str]) -> dict[str, object]:
    """Read a name a line, build the index, ask it. Times in milliseconds (`build`: seconds), memory in MB."""
    gc.collect()
    before = resident_memory()
    started = time.perf_counter()
    index = NameIndex(_entries(lines))
    build = time.perf_counter() - started
    gc.collect()
    memory = resident_memory() - before
    names = made_up_names()
    by_kind = {kind: _times(index, queries) for kind, queries in typed(names, QUERIES).items()}
    together = [milliseconds for times in by_kind.values() for milliseconds in times]
    return {
        "names": len(index),
        "memory": memory,
        "build": build,
        "median": statistics.median(together),
        "p99": _p99(together),
        "p99_by_kind": {kind: _p99(times) for kind, times in by_kind.items()},
        "found": _found(index, names),
    }


def _entries(lines: Iterator[str]) -> Iterator[Entry]:
    """Each with a name of its own beside the folded one, five names a medicine."""
    medicine = slug = ""
    for number, line in enumerate(lines):
        folded = line.strip()
        if number % 5 == 0:
            medicine, slug = folded.capitalize(), folded.replace(" ", "-")
        yield Entry(folded, folded.capitalize(), "brand", medicine, slug, "pain")


def _times(index: NameIndex[Entry], queries: list[str]) -> list[float]:
    """The milliseconds of each query: the median of three rounds.

    Processor time of this thread, which is what the clock shows on a quiet machine, because the index waits for
    nothing: the turns of other programs do not count.
    """
    rounds: list[list[float]] = []
    for _ in range(ROUNDS):
        taken = []
        for query in queries:
            started = time.thread_time()
            index.search(query)
            taken.append((time.thread_time() - started) * 1000)
        rounds.append(taken)
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def _p99(milliseconds: list[float]) -> float:
    return statistics.quantiles(milliseconds, n=100)[98]


def _found(index: NameIndex[Entry], names: list[str]) -> float:
    """The share of the names that are among the first ten when they are typed with one wrong letter."""
    hits = 0
    for query, meant in misspelt(names, MISSPELT):
        hits += any(match.entry.folded == meant for match in index.search(query))
    return hits / MISSPELT


if __name__ == "__main__":
    print(json.dumps(measure(sys.stdin)))
