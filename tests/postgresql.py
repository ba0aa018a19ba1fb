"""A PostgreSQL made for a run and thrown away after: for the suite on both engines, and for tests that stop it.

`python -m tests.postgresql COMMAND ...` runs a command beside one, with MEDGUIDE_DATABASE_URL naming it. It listens on
a socket in a folder of its own, never on the network. PostgreSQL refuses to run as root; then it runs as `postgres`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

USER = "medguide"
# What is thrown away need not outlive a power cut.
UNSAFE = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest on Debian; None where PostgreSQL's server is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@dataclass(frozen=True)
class Cluster:
    """One server: its data and its socket lie in `folder`."""

    folder: Path
    durable: bool = False

    def url(self, database: str) -> str:
        return f"postgres://{USER}@{quote(str(self.folder), safe='')}/{database}"

    def start(self) -> None:
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}"]
        options += [] if self.durable else UNSAFE
        log = str(self.folder / "log")
        self._run("pg_ctl", "--wait", "--silent", "--log", log, "--options", " ".join(options), "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "--wait", "--silent", "--mode", mode, "stop")

    def create(self) -> None:
        self._run("initdb", "--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8")

    def create_as_replica_of(self, primary: "Cluster") -> None:
        """A standby that follows by streaming, from a copy of what the primary holds now."""
        source = ["--host", str(primary.folder), "--username", USER]
        self._run("pg_basebackup", *source, "--write-recovery-conf", "--checkpoint", "fast", "--wal-method", "stream")

    def create_database(self, name: str) -> None:
        self._run("createdb", "--host", str(self.folder), "--username", USER, name, data=False)

    def _run(self, program: str, *arguments: str, data: bool = True) -> None:
        folder = programs()
        if folder is None:
            raise RuntimeError("PostgreSQL's server is not installed (on Debian: sudo apt-get install postgresql).")
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [str(folder / program), *(["--pgdata", str(self.folder / "data")] if data else []), *arguments]
        subprocess.run([*as_postgres, *command], cwd="/", check=True, stdout=subprocess.DEVNULL)


@contextmanager
def cluster_folder() -> Iterator[Path]:
    """A folder that the user of the server may write in. Its path is short: a socket's may have 107 letters."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(folder: Path, *, durable: bool = False, replica_of: Cluster | None = None) -> Iterator[Cluster]:
    cluster = Cluster(folder, durable)
    if replica_of:
        cluster.create_as_replica_of(replica_of)
    else:
        cluster.create()
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop("immediate")


@contextmanager
def both_engines() -> Iterator[dict[str, Cluster | None]]:
    """SQLite, and a PostgreSQL with a database "medguide" that outlives a kill, where its server is installed."""
    if not programs():
        yield {"SQLite": None}
        return
    with cluster_folder() as folder, running(folder, durable=True) as cluster:
        cluster.create_database("medguide")
        yield {"SQLite": None, "PostgreSQL": cluster}


def main(command: list[str]) -> int:
    with cluster_folder() as folder, running(folder) as cluster:
        cluster.create_database("medguide")
        environment = {**os.environ, "MEDGUIDE_DATABASE_URL": cluster.url("medguide")}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
