"""Which content is loaded, and since when."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ClassVar, TypeVar

from django.db import DatabaseError, models

LONGEST_MEMORY = 1.0  # seconds
NEVER = float("-inf")
Made = TypeVar("Made")


class ContentVersion(models.Model):
    """The one row that says what was loaded last. Caches ask it whether they are still right."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    digest = models.CharField(max_length=64, help_text="SHA-256 over every content file and the code that reads them")
    loaded_at = models.DateTimeField()

    _known: ClassVar[tuple[float, str]] = (NEVER, "")
    _asking: ClassVar[threading.Lock] = threading.Lock()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_content_version"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]

    @classmethod
    def current(cls) -> "ContentVersion | None":
        """The version that is loaded, or None where nothing has been."""
        return ContentVersion.objects.first()

    @classmethod
    def digest_now(cls) -> str:
        """The digest of what is loaded, as of a second ago at most; the last one known while the database is away.

        One thread asks, the others go on with what is known: a database that does not answer holds up one of them.
        """
        asked_at, digest = cls._known
        if time.monotonic() - asked_at > LONGEST_MEMORY and cls._asking.acquire(blocking=asked_at == NEVER):
            try:
                asked_at, digest = cls._known
                if time.monotonic() - asked_at > LONGEST_MEMORY:
                    digest = cls._ask(digest)
                    cls._known = (time.monotonic(), digest)
            finally:
                cls._asking.release()
        return digest

    @classmethod
    def _ask(cls, known: str) -> str:
        try:
            current = cls.current()
        except DatabaseError:
            return known
        return current.digest if current else ""

    @classmethod
    def forget(cls) -> None:
        """Ask the database at the next question."""
        cls._known = (NEVER, "")


def once_a_version(make: Callable[[], Made]) -> Callable[[], Made]:
    """What a process makes of the content that is loaded, kept until that is another (noticed within a second).

    One thread makes it and the others wait: if all made it at once, each would take as many times longer.
    """
    making = threading.Lock()

    @lru_cache(maxsize=1)
    def made_of(digest: str) -> Made:
        return make()

    @wraps(make)
    def made_now() -> Made:
        digest = ContentVersion.digest_now()
        with making:
            return made_of(digest)

    return made_now
