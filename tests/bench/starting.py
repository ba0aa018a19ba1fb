"""How long it takes until MedGuide answers, and to load the library."""

import subprocess
import sys
import time

from tests.real_server import ROOT

from .installation import BARE, Installation, running
from .measuring import medians
from .report import Figure

SECOND_START_GOAL = 5.0  # seconds
RUN_STEPS = (["migrate", "-v0"], ["load_content"], ["collectstatic", "--noinput", "-v0"])  # as in the Makefile


def figures(installation: Installation) -> list[Figure]:
    """About 20 seconds."""
    cold = medians(
        {"ours": lambda: _until_it_answers(installation), "floor": lambda: _until_it_answers(installation, BARE)}
    )
    loading = medians(
        {
            "ours": lambda: _command(installation, "load_content", "--force"),
            "floor": lambda: _command(installation, "load_content"),
        },
    )
    second = medians({"run": lambda: _second_start(installation)})
    return [
        Figure("cold start: launch to /healthz (floor: bare project)", cold["ours"], "s", cold["floor"], better="less"),
        Figure(
            "load_content --force (floor: start, read and hash the files)",
            loading["ours"],
            "s",
            loading["floor"],
            better="less",
        ),
        Figure("second start of `make run`, all its steps", second["run"], "s", goal=SECOND_START_GOAL, better="less"),
    ]


def _until_it_answers(installation: Installation, application: str | None = None) -> float:
    """Seconds from launching the server until its first answer."""
    started = time.perf_counter()
    with running(installation, application):
        return time.perf_counter() - started


def _command(installation: Installation, *arguments: str) -> float:
    """Seconds that a management command takes, from the start of its process to the end."""
    started = time.perf_counter()
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=installation.environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _second_start(installation: Installation) -> float:
    """Seconds of the steps of `make run` where everything is installed and loaded already."""
    return sum(_command(installation, *step) for step in RUN_STEPS) + _until_it_answers(installation)
