"""Files that are written by one process at a time and that only their owner may read."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .format import BackupError


@contextmanager
def hold(path: Path) -> Iterator[BinaryIO]:
    """An empty file that its owner alone may read, and that no other process holds. Raises BackupError and OSError.

    The kernel lets go of it however this process ends, so what a killed one left does not stand in the way.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another command is writing {path}. Wait until it is done.") from error
        if not path.exists() or not os.path.samestat(path.stat(), os.fstat(file.fileno())):
            raise BackupError(f"Another command was writing {path}. Try again.")
        os.fchmod(file.fileno(), 0o600)
        file.truncate()
        yield file


def put_in_place(partial: Path, path: Path) -> None:
    """Renames, and waits until the folder is on the disk too."""
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
