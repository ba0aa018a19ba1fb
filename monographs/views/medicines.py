"""The library: the shelves, a page, its print, its JSON."""

import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseGone, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from monographs.models import DrugClass, Medicine, Monograph, SectionKind, UseGroup

from .public import public_page

LANGUAGE = "en"


@public_page
def medicine_list(request: HttpRequest) -> HttpResponse:
    """A to Z, what they are for, and what kind they are: one page, so that it can be searched with the browser."""
    pages = list(Monograph.objects.published(LANGUAGE).prefetch_related("medicine__names").order_by("title"))
    by_medicine = {page.medicine_id: page for page in pages}
    return render(
        request,
        "medicines/list.html",
        {
            "letters": [(letter, list(group)) for letter, group in groupby(pages, key=lambda page: page.title[0])],
            "groups": _shelves(UseGroup.objects.prefetch_related("medicines"), by_medicine),
            "classes": _shelves(DrugClass.objects.prefetch_related("ingredients__medicines"), by_medicine),
            "count": len(pages),
        },
    )


def _shelves(shelves: Any, by_medicine: dict[int, Monograph]) -> list[tuple[UseGroup | DrugClass, list[Monograph]]]:
    """Each shelf that holds something, with its pages by name."""
    result = []
    for shelf in shelves:
        if isinstance(shelf, UseGroup):
            medicines = list(shelf.medicines.all())
        else:
            medicines = [medicine for ingredient in shelf.ingredients.all() for medicine in ingredient.medicines.all()]
        pages = sorted(
            {by_medicine[m.pk] for m in medicines if m.pk in by_medicine}, key=lambda page: page.title
        )
        if pages:
            result.append((shelf, pages))
    return result


def _published_page(slug: str) -> Monograph:
    pages = Monograph.objects.published(LANGUAGE).prefetch_related(
        "medicine__names", "medicine__ingredients__classes", "medicine__groups", "sections__sources", "sources"
    )
    return get_object_or_404(pages, medicine__slug=slug)


@public_page
def medicine(request: HttpRequest, slug: str) -> HttpResponse:
    """The page itself; a medicine that left the library says so instead of vanishing."""
    if Medicine.objects.filter(slug=slug, retired_at__isnull=False).exists():
        return HttpResponseGone(render_to_string("medicines/retired.html", {}, request))
    page = _published_page(slug)
    sources = list(page.sources.all())
    numbers = {source.pk: number for number, source in enumerate(sources, start=1)}
    sections = [
        {
            "kind": section.kind,
            "heading": section.get_kind_display(),
            "blocks": section.blocks,
            "source_numbers": sorted(numbers[source.pk] for source in section.sources.all()),
        }
        for section in page.sections.all()
    ]
    most_important, *rest = sections
    return render(
        request,
        "medicines/page.html",
        {
            "page": page,
            "names": _names(page),
            "classes": _classes(page),
            "most_important": most_important,
            "sections": [section for section in rest if section["kind"] != SectionKind.SOURCES],
            "contents": sections,
            "sources": sources,
            "is_overdue": page.is_overdue(timezone.localdate()),
        },
    )


@public_page
def one_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Four blocks on one sheet of paper: what it is, what matters most, side effects, how to take it."""
    page = _published_page(slug)
    blocks = {section.kind: section.blocks for section in page.sections.all()}
    return render(
        request,
        "medicines/one_page.html",
        {
            "page": page,
            "names": _names(page),
            "most_important": blocks[SectionKind.MOST_IMPORTANT],
            "do_lists": [block for block in blocks[SectionKind.HOW_TO_TAKE] if block["type"] == "do_lists"],
            "missed_dose": blocks[SectionKind.MISSED_DOSE],
            "cards": [block for block in blocks[SectionKind.SIDE_EFFECTS] if block["type"] == "care"],
            "is_overdue": page.is_overdue(timezone.localdate()),
        },
    )


@public_page
def medicine_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The page for programs. Dates are ISO 8601; `html` is sanitised, `text` is the same words without marks."""
    page = _published_page(slug)
    return JsonResponse(_as_json(page, request.build_absolute_uri), json_dumps_params={"ensure_ascii": False})


def _as_json(page: Monograph, address: Any) -> dict[str, Any]:
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
        "names": [{"name": name.name, "kind": name.kind} for name in medicine.names.all()],
        "classes": [drug_class.slug for drug_class in _classes(page)],
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
                "retrieved": _iso(source.retrieved),
            }
            for source in page.sources.all()
        ],
        "drafted_by": page.drafted_by,
        "clinician_review": page.clinician_review,
        "checked_on": _iso(page.checked_on),
        "next_check_on": _iso(page.next_check_on),
        "reading_grade": float(page.grade),
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }


def _iso(day: datetime.date) -> str:
    return day.isoformat()


def _names(page: Monograph) -> dict[str, list[str]]:
    """The medicine's other names by kind: {"brand": [...], "also_called": [...]}."""
    names = [name for name in page.medicine.names.all() if name.language == page.language]
    return {
        "brand": [name.name for name in names if name.kind == name.Kind.BRAND],
        "also_called": [name.name for name in names if name.kind == name.Kind.ALSO_CALLED],
    }


def _classes(page: Monograph) -> list[DrugClass]:
    return [drug_class for ingredient in page.medicine.ingredients.all() for drug_class in ingredient.classes.all()]
