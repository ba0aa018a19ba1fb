"""The check of 30 medicines: the engine in this process, and the page that tells the report."""

import gc
import random
import statistics
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .installation import BARE, Installation, running
from .measuring import medians
from .report import Figure

if TYPE_CHECKING:  # both need Django, which `install` sets up
    from monographs.interactions.report import Item
    from monographs.interactions.rulebook import Rule, Rulebook

MEDICINES = 30
LISTS = 500
PAIRS = 200_000  # that the rules must hold: the shipped ones, and again with other names, until there are as many
P99_GOAL = 5.0  # milliseconds
REPORTS = 20
SEED = 2026


def figures(installation: Installation) -> list[Figure]:
    """About half a minute."""
    from monographs.interactions.current import current_rulebook

    generator = random.Random(SEED)
    shipped = current_rulebook()
    grown = _grown(shipped, generator)
    gc.freeze()  # as the shipped rules are when they have been read
    lists = [_medicines(generator) for _ in range(LISTS)]
    times = [_milliseconds(items, grown) for items in lists]
    title = f"check of {MEDICINES} medicines, {len(_pairs(grown.rules)):,} pairs in the rules"
    return [
        Figure("pairs in the shipped rules", len(_pairs(shipped.rules)), "pairs"),
        Figure(f"{title}: p99", statistics.quantiles(times, n=100)[98], "ms", goal=P99_GOAL, better="less"),
        Figure(f"{title}: median", statistics.median(times), "ms"),
        _page(installation, [item.name for item in lists[0]]),
    ]


def _pairs(rules: "tuple[Rule, ...]") -> set[frozenset[str]]:
    return {frozenset((a, b)) for rule in rules for a in rule.sides[0] for b in rule.sides[1] if a != b}


def _grown(rulebook: "Rulebook", generator: random.Random) -> "Rulebook":
    """The rulebook with its own rules added again, each time with the ingredients changed about."""
    atoms = sorted({atom for rule in rulebook.rules for side in rule.sides for atom in side})
    rules = rulebook.rules
    pairs = _pairs(rules)
    while len(pairs) < PAIRS:
        other = dict(zip(atoms, generator.sample(atoms, len(atoms)), strict=True))
        changed = tuple(
            replace(
                rule,
                key=f"{rule.key}-{len(rules)}",
                sides=tuple(frozenset(other[atom] for atom in side) for side in rule.sides),
                exceptions=frozenset(),
            )
            for rule in rulebook.rules
        )
        rules += changed
        pairs |= _pairs(changed)
    return replace(rulebook, rules=rules)


def _medicines(generator: random.Random) -> "tuple[Item, ...]":
    """Thirty that act in the whole body, by their generic names."""
    from monographs.interactions.typed import understand
    from monographs.models import Medicine

    names = sorted(Medicine.objects.published().filter(is_local=False).values_list("name", flat=True))
    return understand(generator.sample(names, MEDICINES)).items


def _milliseconds(items: "tuple[Item, ...]", rulebook: "Rulebook") -> float:
    """Processor time of this thread: the engine waits for nothing, so the turns of other programs do not count."""
    from monographs.interactions.check import check

    started = time.thread_time()
    check(items, rulebook)
    return (time.thread_time() - started) * 1000


def _page(installation: Installation, names: list[str]) -> Figure:
    """The report over HTTP, one request at a time, against a bare view of as many bytes without a query."""
    form = urlencode([("name", name) for name in names]).encode()
    with running(installation) as medguide, running(installation, BARE) as bare:
        size = len(_body(medguide.address + "/interactions/", form))
        taken = medians(
            {
                "ours": lambda: _timed(lambda: _body(medguide.address + "/interactions/", form)),
                "floor": lambda: _timed(lambda: _body(f"{bare.address}/page/0/{size}/", None)),
            },
            rounds=REPORTS,
        )
    title = f"page of the check of {MEDICINES}: median (floor: bare view, {size // 1024} KB)"
    return Figure(title, taken["ours"], "ms", taken["floor"])


def _body(url: str, form: bytes | None) -> bytes:
    with urllib.request.urlopen(url, data=form) as answer:
        body: bytes = answer.read()
        return body


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000
