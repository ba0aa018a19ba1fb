"""Which content is loaded, and since when."""

import time
from typing import ClassVar

from django.db import DatabaseError, models

LONGEST_MEMORY = 1.0  # seconds


class ContentVersion(models.Model):
    """The one row that says what was loaded last. Caches ask it whether they are still right."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    digest = models.CharField(max_length=64, help_text="SHA-256 over every content file and the code that reads them")
    loaded_at = models.DateTimeField()

    _known: ClassVar[tuple[float, str]] = (float("-inf"), "")

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
        """The digest of what is loaded, as of a second ago at most; the last one known while the database is away."""
        asked_at, digest = cls._known
        now = time.monotonic()
        if now - asked_at > LONGEST_MEMORY:
            try:
                current = cls.current()
                digest = current.digest if current else ""
            except DatabaseError:
                pass
            cls._known = (now, digest)
        return digest

    @classmethod
    def forget(cls) -> None:
        """Ask the database at the next question."""
        cls._known = (float("-inf"), "")
