"""Public pages over HTTP: from the cache, made anew, and the suggestions; and the memory that a server takes."""

import urllib.request

from .installation import BARE, PAGE, SAME_BYTES, SUGGESTIONS, UNCACHED_PAGE, Installation, Server, running
from .measuring import SECONDS, SECONDS_IF_SLOW, load, loads, worker_memory
from .report import Figure

CONNECTIONS = (1, 16, 64)
CACHED_GOAL = 0.8


def figures(installation: Installation) -> list[Figure]:
    """About three quarters of a minute."""
    with running(installation) as medguide, running(installation, BARE) as bare:
        same_answers(installation, medguide, bare)
        return [
            *_cached(medguide, bare),
            *_made_anew(installation, medguide, bare),
            Figure(
                "memory of the worker after all that (floor: the bare project's)",
                worker_memory(medguide.process.pid),
                "MB",
                worker_memory(bare.process.pid),
            ),
        ]


def same_answers(installation: Installation, medguide: Server, bare: Server) -> None:
    """Raises RuntimeError where a page and its floor differ in their bytes, and warms every address up."""
    page = _body(medguide.address + PAGE)
    if not page == _body(medguide.address + SAME_BYTES) == _body(bare.address + SAME_BYTES):
        raise RuntimeError("The cached page and the static file differ.")
    for ours, floor in ((UNCACHED_PAGE, installation.bare_page), (SUGGESTIONS, installation.bare_json)):
        if len(_body(medguide.address + ours)) != len(_body(bare.address + floor)):
            raise RuntimeError(f"{ours} and its floor differ in size.")
    for address in (medguide.address + PAGE, medguide.address + SAME_BYTES, bare.address + SAME_BYTES):
        load(address, connections=1)


def _body(url: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "br"})) as answer:
        body: bytes = answer.read()
        return body


def _cached(medguide: Server, bare: Server) -> list[Figure]:
    """The cached page against the same bytes as a file: from the same server, and from WhiteNoise all alone."""
    urls = {
        "page": medguide.address + PAGE,
        "file of this server": medguide.address + SAME_BYTES,
        "file of WhiteNoise alone": bare.address + SAME_BYTES,
    }
    result = []
    for connections in CONNECTIONS:
        taken = loads(urls, connections)
        result += [
            Figure(
                f"cached page, {connections:>2} connections (floor: {floor})",
                taken["page"].per_second,
                "req/s",
                taken[floor].per_second,
                CACHED_GOAL,
            )
            for floor in ("file of this server", "file of WhiteNoise alone")
        ]
    return result


def _made_anew(installation: Installation, medguide: Server, bare: Server) -> list[Figure]:
    """What is made for each request, against a view that does nothing but as many queries and as many bytes."""
    result = []
    for name, ours, floor, seconds in (
        ("suggestions, 16 connections (floor: bare JSON view)", SUGGESTIONS, installation.bare_json, SECONDS),
        (
            f"uncached page, 16 connections (floor: bare view, {installation.queries} queries)",
            UNCACHED_PAGE,
            installation.bare_page,
            SECONDS_IF_SLOW,
        ),
    ):
        urls = {"ours": medguide.address + ours, "floor": bare.address + floor}
        taken = loads(urls, connections=16, seconds=seconds)
        result.append(Figure(name, taken["ours"].per_second, "req/s", taken["floor"].per_second))
    return result
