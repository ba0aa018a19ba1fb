"""Which content is loaded, and since when."""

from typing import ClassVar, Self

from django.db import models


class ContentVersion(models.Model):
    """The one row that says what was loaded last. Caches ask it whether they are still right."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    digest = models.CharField(max_length=64, help_text="SHA-256 over every content file and the code that reads them")
    loaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_content_version"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]

    @classmethod
    def current(cls) -> Self | None:
        """The version that is loaded, or None where nothing has been."""
        return cls._default_manager.first()
