"""Somebody whose medicines are listed: the user, a parent, a child."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonQuerySet(models.QuerySet["Person"]):
    def kept(self) -> "PersonQuerySet":
        """Those that were not deleted."""
        return self.filter(deleted_at__isnull=True)

    def by_name(self) -> "PersonQuerySet":
        return self.order_by("name", "pk")


class Person(models.Model):
    """FHIR's Patient, as far as a medicine list needs one. Only the name is required."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name or nickname"), max_length=80)
    year_of_birth = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True, validators=[MinValueValidator(1890), MaxValueValidator(2100)]
    )
    conditions = models.JSONField(default=list, blank=True, help_text='keys of the check: ["kidney-trouble"]')
    substances = models.JSONField(default=list, blank=True, help_text='names that the check knows: ["alcohol"]')
    weight_kg = models.DecimalField(_("weight in kg"), max_digits=5, decimal_places=1, null=True, blank=True)
    weighed_on = models.DateField(_("weighed on"), null=True, blank=True)
    emergency_contact = models.CharField(_("whom to call in an emergency"), max_length=160, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default=settings.TIME_ZONE)
    version = models.PositiveIntegerField(default=1, help_text="one more with every change")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    is_being_erased = models.BooleanField(default=False, help_text="lets the database delete its history")
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="medicine_lists.Membership", related_name="people"
    )

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(weight_kg__isnull=True) | models.Q(weight_kg__gt=0), name="weight_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Allergy(models.Model):
    """FHIR's AllergyIntolerance: to what, and what happened."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="allergies")
    substance = models.CharField(_("allergic to"), max_length=120)
    reaction = models.CharField(_("what happened"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(substance=""), name="allergy_has_a_substance"),
        ]

    def __str__(self) -> str:
        return f"allergy {self.pk}"


class Contact(models.Model):
    """A doctor or a pharmacy."""

    class Kind(models.TextChoices):
        DOCTOR = "doctor", _("Doctor")
        PHARMACY = "pharmacy", _("Pharmacy")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=["doctor", "pharmacy"]), name="contact_kind_is_known"),
            models.CheckConstraint(condition=~models.Q(name=""), name="contact_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"
