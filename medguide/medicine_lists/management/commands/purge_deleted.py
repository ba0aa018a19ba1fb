"""Erases what people deleted, and links that ended, more than 30 days ago. For a timer: once a day is enough."""

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from medguide.medicine_lists.actions import purge
from medguide.medicine_lists.share_link_actions import purge_links


class Command(BaseCommand):
    help = "Erases for good the lists and medicines that were deleted, and the links that ended, over 30 days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        people, statements = purge(now)
        purge_links(now)
        self.stdout.write(f"Erased: {people} lists, {statements} medicines.")
