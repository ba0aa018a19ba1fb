"""Says what an installation lacks, and what mends it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from medguide.doctor import examine
from medguide.medicine_lists import triggers


class Command(BaseCommand):
    requires_system_checks = ()  # it tells more of what is wrong than they do
    help = "Examines this installation. Ends with 1 where something must be mended; writes nothing unless told to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mail", action="store_true", help="sign in at the mail server too; no e-mail is sent")
        parser.add_argument(
            "--guard-history", action="store_true", help="first put the guards of the history back into the database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["guard_history"]:
            with connection.schema_editor() as editor:
                triggers.install(None, editor)
        now = timezone.now()
        found = list(examine(now=now, today=timezone.localdate(now), with_mail=options["mail"]))
        for finding in found:
            self.stdout.write(f"{'To mend' if finding.must else 'To know'}: {finding}")
        to_mend = sum(finding.must for finding in found)
        if to_mend:
            raise CommandError("1 thing to mend." if to_mend == 1 else f"{to_mend} things to mend.")
        self.stdout.write(self.style.SUCCESS("Nothing to mend."))
