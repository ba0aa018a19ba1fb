"""The plain-language pages: what the content files say, rendered once, at load."""

import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .medicine import Medicine


class SectionKind(models.TextChoices):
    """The sixteen sections, in the order in which every page has them. The value is the page's anchor."""

    MOST_IMPORTANT = "most-important", _("The most important things")
    WHAT_FOR = "what-for", _("What it is for")
    BEFORE = "before", _("Before you take it")
    HOW_TO_TAKE = "how-to-take", _("How to take it")
    MISSED_DOSE = "missed-dose", _("If you miss a dose")
    TOO_MUCH = "too-much", _("If you take too much")
    SIDE_EFFECTS = "side-effects", _("Side effects")
    MIXING = "mixing", _("What it does not mix with")
    TESTS = "tests", _("Tests and check-ups")
    DAILY_LIFE = "daily-life", _("Daily life")
    STOPPING = "stopping", _("Stopping it")
    STORING = "storing", _("Storing it")
    DISPOSAL = "disposal", _("Getting rid of it")
    HELPERS = "helpers", _("For the people who help")
    QUESTIONS = "questions", _("Questions to ask")
    SOURCES = "sources", _("Where this comes from")


class MonographQuerySet(models.QuerySet["Monograph"]):
    def published(self, language: str) -> "MonographQuerySet":
        """Pages in this language whose medicine is in the library today."""
        return self.filter(language=language, medicine__retired_at__isnull=True).select_related("medicine")

    def overdue(self, today: datetime.date) -> "MonographQuerySet":
        """Pages in the library whose day of the next check has passed, the oldest first."""
        return self.filter(next_check_on__lt=today, medicine__retired_at__isnull=True).order_by("next_check_on")


class Monograph(models.Model):
    """One page: a medicine in a language."""

    class Storage(models.TextChoices):
        ROOM = "room", pgettext_lazy("storage", "Room temperature")
        FRIDGE = "fridge", pgettext_lazy("storage", "Fridge")
        OTHER = "other", pgettext_lazy("storage", "See below")

    medicine = models.ForeignKey(Medicine, on_delete=models.CASCADE, related_name="monographs")
    language = models.CharField(max_length=8, default="en")
    title = models.CharField(max_length=120)
    say = models.CharField(max_length=120)
    forms = models.JSONField(help_text='["tablet", ...]')
    for_people = models.CharField(max_length=300)
    tags = models.JSONField(default=list)
    schedule = models.JSONField(help_text='["morning", ...], or one alone: ["when needed"]; see content_files.schema')
    missed_dose = models.JSONField()
    disposal = models.CharField(max_length=20)
    storage = models.CharField(max_length=10, choices=Storage)
    summary = models.CharField(max_length=300, help_text="the first sentences of What it is for, as plain text")
    drafted_by = models.CharField(max_length=300)
    second_reading = models.DateField(null=True, blank=True)
    clinician_review = models.JSONField(null=True, blank=True, help_text='{"name", "credential", "date"} or null')
    checked_on = models.DateField()
    next_check_on = models.DateField()
    words = models.PositiveIntegerField()
    grade = models.DecimalField(max_digits=4, decimal_places=1, help_text="mean reading grade of the sections")

    objects: ClassVar = MonographQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["medicine", "language"], name="one_monograph_per_language"),
            models.CheckConstraint(
                condition=models.Q(next_check_on__gt=models.F("checked_on")), name="next_check_after_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def is_overdue(self, today: datetime.date) -> bool:
        """Whether the day on which the page was to be checked again has passed."""
        return self.next_check_on < today


class Source(models.Model):
    """Where facts of one monograph come from: a DailyMed set id, an address, or a maker and a month."""

    monograph = models.ForeignKey(Monograph, on_delete=models.CASCADE, related_name="sources")
    key = models.SlugField()
    title = models.CharField(max_length=300)
    set_id = models.CharField(max_length=36, blank=True)
    url = models.URLField(max_length=300, blank=True)
    maker = models.CharField(max_length=120, blank=True)
    dated = models.CharField(max_length=10, blank=True, help_text="the source's own date: 2024, 2024-10 or 2024-10-31")
    retrieved = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["monograph", "key"], name="one_source_key_per_monograph"),
            models.CheckConstraint(
                condition=~models.Q(set_id="") | ~models.Q(url="") | (~models.Q(maker="") & ~models.Q(dated="")),
                name="source_has_a_place",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """Where the source can be read, or an empty string."""
        if self.url or not self.set_id:
            return self.url
        return f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={self.set_id}"


class MonographSection(models.Model):
    """One section, rendered and sanitised at load: `blocks` is a list of parts, each with its own template."""

    monograph = models.ForeignKey(Monograph, on_delete=models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=20, choices=SectionKind)
    position = models.PositiveSmallIntegerField()
    blocks = models.JSONField(help_text='[{"type": "prose", "html": ...}, ...]; see content_files.render')
    text = models.TextField(help_text="the words alone, for the JSON and for search")
    words = models.PositiveIntegerField()
    grade = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    sources = models.ManyToManyField(Source, related_name="sections")

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["monograph", "kind"], name="one_section_of_a_kind"),
            models.UniqueConstraint(fields=["monograph", "position"], name="one_section_in_a_place"),
            models.CheckConstraint(condition=models.Q(kind__in=SectionKind.values), name="section_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.monograph}: {self.get_kind_display()}"
