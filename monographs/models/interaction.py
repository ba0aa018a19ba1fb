"""The interaction rules, as the content files have them."""

from typing import ClassVar

from django.db import models


class InteractionRule(models.Model):
    """One entry of content/interactions/: a rule, an effect that adds up, or what is said of doubles.

    `data` is the whole entry as it was checked (content_files.schema), dumped.
    """

    class Kind(models.TextChoices):
        RULE = "rule"
        EFFECT = "effect"
        DOUBLE = "double"

    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    topic = models.SlugField()
    data = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["rule", "effect", "double"]), name="rule_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.key
