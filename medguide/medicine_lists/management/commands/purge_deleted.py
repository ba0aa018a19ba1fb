"""Erases what people deleted more than 30 days ago. For a timer: once a day is enough."""

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from medguide.medicine_lists.actions import purge


class Command(BaseCommand):
    help = "Erases for good the lists and medicines that were deleted more than 30 days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        people, statements = purge(timezone.now())
        self.stdout.write(f"Erased: {people} lists, {statements} medicines.")
