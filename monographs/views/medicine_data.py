"""A page as data: JSON for those who build on it, JSON-LD for search engines."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from monographs.models import Monograph

LICENSE = "https://creativecommons.org/licenses/by/4.0/"


def address_of(page: Monograph) -> str:
    """The page's one address, whatever host it was asked for by."""
    return f"{settings.SITE_URL}{reverse('medicine', args=[page.medicine.slug])}"


def as_json(page: Monograph) -> dict[str, Any]:
    """The page for programs. Dates are ISO 8601; `text` is a section's words, `blocks` its sanitised HTML."""
    medicine = page.medicine
    keys = {source.pk: source.key for source in page.sources.all()}
    return {
        "slug": medicine.slug,
        "name": medicine.name,
        "language": page.language,
        "kind": medicine.kind,
        "route": medicine.route,
        "forms": page.forms,
        "ingredients": [
            {"name": ingredient.name, "rxcui": ingredient.rxcui} for ingredient in medicine.ingredients.all()
        ],
        "names": [{"name": name.name, "kind": name.kind} for name in medicine.shown_names],
        "classes": [drug_class.slug for drug_class in medicine.classes()],
        "used_for": [group.key for group in medicine.groups.all()],
        "tags": page.tags,
        "schedule": page.schedule,
        "missed_dose": page.missed_dose,
        "disposal": page.disposal,
        "storage": page.storage,
        "look_alikes": medicine.look_alikes,
        "sections": [
            {
                "kind": section.kind,
                "heading": str(section.get_kind_display()),
                "blocks": section.blocks,
                "text": section.text,
                "sources": sorted(keys[source.pk] for source in section.sources.all()),
            }
            for section in page.sections.all()
        ],
        "sources": [
            {
                "id": source.key,
                "title": source.title,
                "set_id": source.set_id or None,
                "url": source.address or None,
                "maker": source.maker or None,
                "dated": source.dated or None,
                "retrieved": source.retrieved.isoformat(),
            }
            for source in page.sources.all()
        ],
        "drafted_by": page.drafted_by,
        "clinician_review": page.clinician_review,
        "checked_on": page.checked_on.isoformat(),
        "next_check_on": page.next_check_on.isoformat(),
        "reading_grade": float(page.grade),
        "license": LICENSE,
    }


def linked_data(page: Monograph) -> dict[str, Any]:
    """schema.org: a web page for patients about a drug."""
    medicine = page.medicine
    other_names = [name.name for name in medicine.shown_names if name.kind != name.Kind.GENERIC]
    return {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "url": address_of(page),
        "name": page.title,
        "description": page.summary,
        "inLanguage": page.language,
        "lastReviewed": page.checked_on.isoformat(),
        "license": LICENSE,
        "audience": {"@type": "Patient"},
        "about": {
            "@type": "Drug",
            "name": medicine.name,
            "alternateName": other_names,
            "nonProprietaryName": medicine.name,
            "activeIngredient": ", ".join(ingredient.name for ingredient in medicine.ingredients.all()),
            "dosageForm": page.forms,
            "administrationRoute": medicine.route,
            "prescriptionStatus": "PrescriptionOnly" if medicine.kind == medicine.Kind.PRESCRIPTION else "OTC",
        },
    }
