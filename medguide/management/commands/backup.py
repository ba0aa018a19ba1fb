"""Writes all that the database holds into one encrypted file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from medguide.backups.format import BackupError
from medguide.backups.keys import key_at_hand, new_key
from medguide.backups.writer import write


class Command(BaseCommand):
    help = "Writes everything but sign-ins into FILE, encrypted (age), while MedGuide may go on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, nargs="?")
        parser.add_argument("--force", action="store_true", help="write over FILE")
        parser.add_argument("--key-file", type=Path, help="the key, instead of MEDGUIDE_BACKUP_KEY and its file")
        parser.add_argument("--new-key", action="store_true", help="print a new key, and what to do with it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self.stdout.write(new_key(), ending="")
            return
        path: Path | None = options["file"]
        if path is None:
            raise CommandError("Name the file: manage.py backup FILE")
        try:
            key = key_at_hand(options["key_file"])
            rows = write(path, key, connection, now=timezone.now(), force=options["force"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror or error}.") from error
        except DatabaseError as error:
            raise CommandError(f"The database does not answer as it should ({type(error).__name__}).") from error
        self.stdout.write(f"Written: {path}, {rows:,} rows. Sign-ins are left out.")
        if key.identity:
            self.stdout.write(self.style.SUCCESS("Checked: the file was read back, and it is whole."))
        else:
            self.stdout.write(
                self.style.WARNING(
                    "Not checked: this machine has the public key alone. Where the secret key is, check it with "
                    f"`manage.py restore {path.name} --check --key-file KEY`."
                )
            )
