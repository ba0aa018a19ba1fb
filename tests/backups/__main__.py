"""`python -m tests.backups` makes the backup of this release that all later ones must be able to restore."""

import sys
import tempfile
from pathlib import Path

from medguide.backups.writer import version

from .installations import FIXTURES, Installation


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder) / "var")
        installation.do("migrate", "-v0")
        installation.python(
            f"from pathlib import Path; from tests.backups.household import move_in; move_in(Path({folder!r}))"
        )
        sys.stdout.write(installation.do("backup", FIXTURES / f"{version()}.age"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
