"""Medicines, what is in them, what they are called and what they are like.

RxNorm's words: an Ingredient (IN) has an RxCUI, kept as a string. A Medicine is what one page is about:
one set of ingredients by one route.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class UseGroup(models.Model):
    """What medicines are for, as readers look for them: "Blood pressure"."""

    key = models.SlugField(primary_key=True)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]

    def __str__(self) -> str:
        return self.name


class DrugClass(models.Model):
    """A kind of medicine, with a plain name: "Muscle relaxant"."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    what_it_is = models.CharField(max_length=300)
    two_is_too_many = models.BooleanField(default=False, help_text="two of it together are rarely meant")
    is_property = models.BooleanField(default=False, help_text="what its members do, not what they are")
    source_title = models.CharField(max_length=300)
    source_place = models.CharField(max_length=300, help_text="a set id or an address")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Ingredient(models.Model):
    """An active ingredient (RxNorm IN)."""

    name = models.CharField(max_length=120, unique=True)
    rxcui = models.CharField(max_length=12, unique=True, null=True, blank=True)
    classes = models.ManyToManyField(DrugClass, related_name="ingredients", blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(name=""), name="ingredient_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(rxcui__isnull=True) | models.Q(rxcui__regex=r"^[0-9]+$"), name="rxcui_is_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MedicineQuerySet(models.QuerySet["Medicine"]):
    def published(self) -> "MedicineQuerySet":
        """Those whose names we know today, with a page or without."""
        return self.filter(retired_at__isnull=True)

    def with_page(self, language: str) -> "MedicineQuerySet":
        """Those in the library today that have a page in this language."""
        return self.published().filter(monographs__language=language)

    def by_name(self) -> "MedicineQuerySet":
        return self.order_by("name")


class Medicine(models.Model):
    """A medicine, supplement, herb or substance that we know by name: with a page of its own, or for the check alone.

    Retired when it vanishes from the content, never deleted: a list may name it.
    """

    class Kind(models.TextChoices):
        PRESCRIPTION = "prescription", _("Prescription medicine")
        OVER_THE_COUNTER = "over-the-counter", _("Sold without a prescription")
        SUPPLEMENT = "supplement", _("Vitamin, mineral or supplement")
        HERB = "herb", _("Herb")
        SUBSTANCE = "substance", _("Food, drink or habit")

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    route = models.CharField(max_length=120, help_text="or several, in order of use: by mouth, injection")
    is_local = models.BooleanField(default=False, help_text="acts where it is put: eye, ear, nose, skin, vagina")
    purpose = models.CharField(max_length=300, blank=True, help_text="what it is for, in a few words")
    ingredients = models.ManyToManyField(Ingredient, related_name="medicines")
    groups = models.ManyToManyField(UseGroup, related_name="medicines")
    look_alikes = models.JSONField(default=list, help_text='[{"name", "slug" or null, "for"}]')
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = MedicineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["prescription", "over-the-counter", "supplement", "herb", "substance"]),
                name="medicine_kind_is_known",
            ),
            models.CheckConstraint(condition=~models.Q(slug="") & ~models.Q(name=""), name="medicine_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def local_route(self) -> str:
        """Where it acts, for what does not act in the whole body: "eye"; else an empty text."""
        return self.route.split(", ")[0] if self.is_local else ""

    @property
    def shown_names(self) -> list["DrugName"]:
        """Its names as its page gives them: a page about a patch does not bear the brands of lozenges."""
        return [name for name in self.names.all() if name.is_shown]

    def classes(self) -> list[DrugClass]:
        """The kinds that its ingredients are of; prefetch `ingredients__classes` before asking many."""
        found = (drug_class for ingredient in self.ingredients.all() for drug_class in ingredient.classes.all())
        return [drug_class for drug_class in found if not drug_class.is_property]


class DrugName(models.Model):
    """One name by which people know a medicine."""

    class Kind(models.TextChoices):
        GENERIC = "generic", _("generic name")
        BRAND = "brand", _("brand name")
        ALSO_CALLED = "also-called", _("also called")

    medicine = models.ForeignKey(Medicine, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, db_index=True, help_text="names.fold(name)")
    language = models.CharField(max_length=8, default="en")
    is_shown = models.BooleanField(default=True, help_text="on its page; the others lead there from a search")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["medicine", "folded", "language"], name="one_name_once_per_medicine"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["generic", "brand", "also-called"]), name="drug_name_kind_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(folded=""), name="drug_name_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
