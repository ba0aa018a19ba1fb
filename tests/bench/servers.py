"""Which server: the same pages through Granian and Gunicorn, one worker process each (docs/decisions/0003)."""

import sys
from contextlib import ExitStack
from pathlib import Path

from tests.real_server import free_port, granian

from .installation import PAGE, UNCACHED_PAGE, Installation, running_command
from .measuring import SECONDS, SECONDS_IF_SLOW, load, loads, worker_memory
from .report import Figure

YARDSTICK = "gunicorn, gthread, 4 threads"  # the others' ratios are to this one


def figures(installation: Installation) -> list[Figure]:
    """About 40 seconds."""
    with ExitStack() as stack:
        servers = {}
        for name, (command, port) in _commands().items():
            servers[name] = stack.enter_context(running_command(command, port, installation))
            load(servers[name].address + PAGE, connections=1)
        result = []
        for page, path, seconds in (
            ("cached page", PAGE, SECONDS),
            ("uncached page", UNCACHED_PAGE, SECONDS_IF_SLOW),
        ):
            urls = {name: server.address + path for name, server in servers.items()}
            taken = loads(urls, connections=16, seconds=seconds)
            yardstick = taken[YARDSTICK]
            for name, one in taken.items():
                result.append(Figure(f"{page}: {name}", one.per_second, "req/s", yardstick.per_second))
            if path == PAGE:  # the other one is asked for too seldom in a second
                for name, one in taken.items():
                    result.append(Figure(f"{page}, p99: {name}", one.p99, "ms", yardstick.p99, better="less"))
        memory = {name: worker_memory(server.process.pid) for name, server in servers.items()}
        for name, value in memory.items():
            result.append(Figure(f"memory of the worker: {name}", value, "MB", memory[YARDSTICK], better="less"))
        return result


def _commands() -> dict[str, tuple[list[str], int]]:
    """Each server's command line and port."""
    commands = {}
    for threads in (512, 4, 1):  # 512 is what Granian takes when it is not told
        port = free_port()
        *options, application = granian(port)
        name = f"granian, {threads} thread{'s' if threads > 1 else ''}"
        commands[name] = ([*options, "--blocking-threads", str(threads), application], port)
    for name, kind in (("gunicorn, sync", ["sync"]), (YARDSTICK, ["gthread", "--threads", "4"])):
        port = free_port()
        gunicorn = str(Path(sys.executable).with_name("gunicorn"))
        commands[name] = ([gunicorn, "-b", f"127.0.0.1:{port}", "-w", "1", "-k", *kind, application], port)
    return commands
