"""How figures are taken on a machine that is never quiet: in turns, in short rounds, and the median of them."""

import re
import statistics
import subprocess
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

ROUNDS = 3
SECONDS = 1  # of each round of requests
SECONDS_IF_SLOW = 2  # where fewer than a hundred are answered in one: what is under way at the end counts for nothing
PAUSE = 0.3  # seconds after it, in which a server ends what nobody waits for any more

Side = TypeVar("Side", bound=Hashable)
Taken = TypeVar("Taken")
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """What wrk saw: requests per second, and the milliseconds within which 99 of 100 were answered."""

    per_second: float
    p99: float


def load(url: str, connections: int, seconds: int = SECONDS, headers: Mapping[str, str] | None = None) -> Load:
    """Ask for one address as fast as it answers. Raises RuntimeError for any answer but 2xx and 3xx."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: br"]
    command += [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command.append(url)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    time.sleep(PAUSE)
    if "Non-2xx" in said:
        raise RuntimeError(f"{url} gave errors:\n{said}")
    per_second = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p99 = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s|m)\s*$", said, re.MULTILINE)
    if not per_second or not p99:
        raise RuntimeError(f"wrk said nothing that could be read:\n{said}")
    return Load(float(per_second[1]), float(p99[1]) * _MILLISECONDS[p99[2]])


def in_turns(sides: dict[Side, Callable[[], Taken]], rounds: int = ROUNDS) -> dict[Side, list[Taken]]:
    """What each side gave. Every round asks each side once, and begins with another one."""
    taken: dict[Side, list[Taken]] = {side: [] for side in sides}
    order = list(sides)
    step = max(1, len(order) // rounds)
    for _ in range(rounds):
        for side in order:
            taken[side].append(sides[side]())
        order = order[step:] + order[:step]
    return taken


def medians(sides: dict[Side, Callable[[], float]], rounds: int = ROUNDS) -> dict[Side, float]:
    """The median of each side, taken in turns."""
    return {side: statistics.median(values) for side, values in in_turns(sides, rounds).items()}


def loads(
    urls: dict[Side, str], connections: int, seconds: int = SECONDS, headers: Mapping[str, str] | None = None
) -> dict[Side, Load]:
    """The median load that each address bears, asked in turns."""
    taken = in_turns({side: lambda url=url: load(url, connections, seconds, headers) for side, url in urls.items()})
    return {
        side: Load(statistics.median(one.per_second for one in each), statistics.median(one.p99 for one in each))
        for side, each in taken.items()
    }


def resident_memory(process: int | str = "self") -> float:
    """The resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def worker_memory(server: int) -> float:
    """The resident memory in MB of the largest worker of a server."""
    workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return max(resident_memory(worker) for worker in workers)
