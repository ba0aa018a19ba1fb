"""Fills an empty development installation with a family and what they take, to look around in."""

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from medguide.accounts.models import User
from medguide.medicine_lists.demo_family import make_family


class Command(BaseCommand):
    help = "Makes three users who share two lists, and prints how to sign in. For development only (MEDGUIDE_DEBUG=1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="where there are users already, only say so")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demonstration is for development only. Set MEDGUIDE_DEBUG=1 if this is that.")
        how_to_sign_in = Path(settings.VAR_DIR) / "demo-sign-in.txt"
        if User.objects.exists():
            if not options["if_empty"]:
                raise CommandError("There are users here already, so nothing was made. It needs an empty installation.")
            self.stdout.write(how_to_sign_in.read_text() if how_to_sign_in.exists() else "There are users already.")
            return
        password = secrets.token_urlsafe(15)  # made anew for each, so that no password is known beforehand
        users = make_family(password)
        text = "\n".join(
            ["Sign in at /account/login/ as", *(f"  {user.email}: {who}" for user, who in users.items()),
             f"with the password  {password}", ""]
        )  # fmt: skip
        how_to_sign_in.touch(mode=0o600)
        how_to_sign_in.write_text(text)
        self.stdout.write(text)
