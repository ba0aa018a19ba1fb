"""Makes an account without a letter: the first one of an installation, where sign-up is closed."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from medguide.accounts.models import User


class Command(BaseCommand):
    help = "Makes an account for EMAIL, its address taken as confirmed. Asks for the password on the terminal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument(
            "--password-stdin", action="store_true", help="take the password from the first line of the input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError("That is no e-mail address.") from error
        taken = User.objects.filter(email=email).exists() or EmailAddress.objects.filter(email=email).exists()
        if taken:
            raise CommandError("There is an account with that address already.")
        password = self._from_stdin() if options["password_stdin"] else self._from_terminal()
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            user = User.objects.create_user(email, password)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        self.stdout.write(self.style.SUCCESS("The account is made. Sign in at /account/login/."))

    @staticmethod
    def _from_stdin() -> str:
        return sys.stdin.readline().rstrip("\r\n")

    @staticmethod
    def _from_terminal() -> str:
        password = getpass("Password (at least 15 characters): ")
        if getpass("The same again: ") != password:
            raise CommandError("The two are not the same. Nothing was done.")
        return password
