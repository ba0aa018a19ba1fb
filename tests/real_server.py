"""The real server on an installation of its own: what browser stories and benchmarks talk to."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psycopg
from psycopg import sql

from medguide.databases import read_database_url

ROOT = Path(__file__).resolve().parent.parent
LONGEST_START = 60.0  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_database() -> str:
    """A new database's address, on the server that MEDGUIDE_DATABASE_URL names; empty where SQLite is used."""
    url = os.environ.get("MEDGUIDE_DATABASE_URL", "")
    if not url:
        return ""
    settings = read_database_url(url)
    name = f"{settings['NAME']}_{secrets.token_hex(6)}"
    with psycopg.connect(host=settings["HOST"], user=settings["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def prepare(var_dir: Path, **settings: str) -> dict[str, str]:
    """An installation in this folder: migrated, loaded, its static files collected. Gives its environment."""
    environment = {**os.environ, "MEDGUIDE_VAR_DIR": str(var_dir), "MEDGUIDE_DATABASE_URL": own_database(), **settings}
    for command in (["migrate", "-v0"], ["load_content", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    return environment


def wait_until_it_answers(url: str | Request, process: "subprocess.Popen[bytes]") -> float:
    """Seconds until the address answered 200. Raises RuntimeError where the server ends or never answers."""
    started = time.perf_counter()
    while time.perf_counter() - started < LONGEST_START:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode}.")
        try:
            with urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return time.perf_counter() - started
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError(f"{getattr(url, 'full_url', url)} did not answer within {LONGEST_START:.0f} s.")


def granian(port: int, application: str = "medguide.wsgi:application") -> list[str]:
    """The command line that `make run` uses."""
    return [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--no-ws", "--blocking-threads", "4", "--log-level", "warning", application,
    ]  # fmt: skip


@contextmanager
def serving(
    command: Sequence[str], environment: dict[str, str], url: str | Request
) -> Iterator["subprocess.Popen[bytes]"]:
    """A server that answers at `url`, ended afterwards; a group of processes of its own, which can be killed as one."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_it_answers(url, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
