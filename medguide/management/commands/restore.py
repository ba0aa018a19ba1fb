"""Puts a backup in the place of what the database holds."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection

from medguide.backups.format import BackupError
from medguide.backups.keys import key_at_hand
from medguide.backups.reader import Contents
from medguide.backups.restoring import check, restore

WHAT_FOLLOWS = """\
Everybody has to sign in again; passwords, passkeys and authenticator apps are the same as when the backup was made.
The secret key of the site is not in the backup. Another one than before is no loss: only a file that somebody was
just bringing in has to be chosen again.
The library is the one of the backup. `manage.py load_content` brings the one of this release."""


class Command(BaseCommand):
    help = "Checks all of FILE, then restores it: all of it or, whatever happens, nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--check", action="store_true", help="only check FILE; write nothing")
        parser.add_argument("--replace", action="store_true", help="in the place of accounts and lists that are there")
        parser.add_argument("--key-file", type=Path, help="the key, instead of MEDGUIDE_BACKUP_KEY and its file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = key_at_hand(options["key_file"])
            if key.identity is None:
                raise BackupError(
                    "This machine has the public key alone, which cannot read a backup. Name the file that has the "
                    "secret key: --key-file KEY"
                )
            with options["file"].open("rb") as file:
                if options["check"]:
                    contents = check(file, key.identity, connection)
                else:
                    contents = restore(file, key.identity, connection, replace=options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or options['file']}: {error.strerror or error}.") from error
        done = "Checked, and nothing was written" if options["check"] else "Restored"
        self.stdout.write(self.style.SUCCESS(f"{done}: {_what(contents)}"))
        if not options["check"]:
            self.stdout.write(WHAT_FOLLOWS)


def _what(contents: Contents) -> str:
    made = contents.header
    return f"{contents.rows:,} rows of {len(contents.tables)} tables, of {made.created_at}, MedGuide {made.medguide}."
