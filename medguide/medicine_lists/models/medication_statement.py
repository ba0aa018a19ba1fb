"""What a person takes, as they say it (FHIR's MedicationStatement)."""

import datetime
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from monographs.models import Medicine

from .person import Person

STALE_AFTER = datetime.timedelta(days=90)


class Status(models.TextChoices):
    TAKING = "taking", _("taking it now")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")


class MedicationStatementQuerySet(models.QuerySet["MedicationStatement"]):
    def kept(self) -> "MedicationStatementQuerySet":
        return self.filter(deleted_at__isnull=True)

    def deleted(self) -> "MedicationStatementQuerySet":
        return self.filter(deleted_at__isnull=False)

    def taking(self) -> "MedicationStatementQuerySet":
        return self.kept().filter(status=Status.TAKING)

    def with_library(self) -> "MedicationStatementQuerySet":
        """With what the check, the rows and the prints read of the library, in as many queries for one as for all."""
        return self.select_related("medicine", "confirmed_by").prefetch_related(
            "medicine__ingredients", "medicine__monographs"
        )

    def in_order(self) -> "MedicationStatementQuerySet":
        return self.order_by("position", "pk")


class MedicationStatement(models.Model):
    """One medicine on one person's list. Needed: its name and whether it is taken now.

    `name` is kept word for word as it was written; `medicine` is what the person said that it is.
    `amount` counts `amount_unit`; `schedule` is schedules.Schedule.to_data().
    """

    class Kind(models.TextChoices):
        PRESCRIPTION = "prescription", _("prescribed")
        BOUGHT = "bought", _("bought without a prescription")
        VITAMIN = "vitamin", _("vitamin or mineral")
        HERB = "herb", _("herb or supplement")
        SAMPLE = "sample", _("sample from a doctor")

    class Food(models.TextChoices):
        WITH = "with", _("with food")
        WITHOUT = "without", _("on an empty stomach")
        EITHER = "either", _("with or without food")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="statements")
    sent_as = models.UUIDField(default=uuid.uuid4, editable=False, help_text="of the form; a form sent twice adds once")

    name = models.CharField(_("name, as it stands on the bottle"), max_length=120)
    medicine = models.ForeignKey(
        Medicine, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="null: not recognised"
    )
    kind = models.CharField(_("where it comes from"), max_length=20, choices=Kind, blank=True)
    strength = models.CharField(_("strength"), max_length=60, blank=True)
    form = models.CharField(_("form"), max_length=60, blank=True)
    looks_like = models.CharField(_("what it looks like"), max_length=120, blank=True)
    what_for = models.CharField(_("what it is for"), max_length=120, blank=True)

    amount = models.DecimalField(_("how much each time"), max_digits=9, decimal_places=3, null=True, blank=True)
    amount_unit = models.CharField(_("of what"), max_length=20, blank=True)
    schedule = models.JSONField(_("when"), default=dict, blank=True)
    really_taken = models.CharField(_("how it is really taken, if different"), max_length=200, blank=True)
    food = models.CharField(_("food"), max_length=10, choices=Food, blank=True)

    prescriber = models.CharField(_("who prescribed it"), max_length=120, blank=True)
    pharmacy = models.CharField(_("pharmacy"), max_length=120, blank=True)
    rx_number = models.CharField(_("prescription number"), max_length=40, blank=True)
    refills = models.PositiveSmallIntegerField(_("refills left"), null=True, blank=True)
    refill_on = models.DateField(_("next refill"), null=True, blank=True)
    quantity_left = models.DecimalField(_("how many are left"), max_digits=9, decimal_places=3, null=True, blank=True)
    expires_on = models.DateField(_("expiry date on the pack"), null=True, blank=True)
    storage = models.CharField(_("how it is stored"), max_length=120, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.TAKING)
    status_since = models.DateField(null=True, blank=True)
    status_said_by = models.CharField(_("who said so"), max_length=120, blank=True)
    status_why = models.CharField(_("why"), max_length=300, blank=True)
    was_side_effect = models.BooleanField(_("because of a side effect"), default=False)

    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, help_text="one more with every change")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = MedicationStatementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "sent_as"], name="one_form_adds_one_medicine"),
            models.CheckConstraint(condition=~models.Q(name=""), name="statement_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(status__in=["taking", "paused", "stopped"]), name="statement_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0), name="amount_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"statement {self.pk}"

    @property
    def is_taken(self) -> bool:
        return self.status == Status.TAKING

    def is_stale(self, now: datetime.datetime) -> bool:
        """Whether nobody has changed it or said that it is right for 90 days."""
        last = max(filter(None, (self.confirmed_at, self.changed_at)))
        return self.is_taken and now - last > STALE_AFTER

    def is_expired(self, today: datetime.date) -> bool:
        return self.expires_on is not None and self.expires_on < today


class KnownFinding(models.Model):
    """The prescriber knows: somebody said it of one finding of the check.

    `key` names the finding, `fingerprint` what it was said of (names, amounts, schedules): when that changes,
    the finding counts again.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="known_findings")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "key"], name="one_word_a_finding"),
        ]

    def __str__(self) -> str:
        return f"known finding {self.pk}"
