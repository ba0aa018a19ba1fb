"""The library: the shelves, a page, its print, its JSON."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseGone, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from monographs.interactions.about import About, about
from monographs.interactions.current import current_rulebook
from monographs.interactions.rulebook import Level
from monographs.models import DrugClass, Medicine, Monograph, SectionKind, UseGroup

from .medicine_data import address_of, as_json, linked_data
from .public import public_page

LANGUAGE = "en"
NAMED_MEMBERS = 4  # of a kind, where it stands for all of them


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
            "classes": _shelves(
                DrugClass.objects.filter(is_property=False).prefetch_related("ingredients__medicines"), by_medicine
            ),
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
        pages = sorted({by_medicine[m.pk] for m in medicines if m.pk in by_medicine}, key=lambda page: page.title)
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
            "classes": page.medicine.classes(),
            "linked_data": linked_data(page),
            "most_important": most_important,
            "sections": [section for section in rest if section["kind"] != SectionKind.SOURCES],
            "contents": sections,
            "sources": sources,
            "is_overdue": page.is_overdue(timezone.localdate()),
            "rule_count": len(_about(page).rules),
        },
    )


def _about(page: Monograph) -> About:
    medicine = page.medicine
    ingredients = [ingredient.name for ingredient in medicine.ingredients.all()]
    return about(medicine.name, ingredients, current_rulebook(), medicine.local_route)


@public_page
def mixing(request: HttpRequest, slug: str) -> HttpResponse:
    """Every rule of the check that names this medicine, the gravest first."""
    page = _published_page(slug)
    found = _about(page)
    headings = {Level.SERIOUS: _("Serious"), Level.CHECK: _("Check"), Level.KNOW: _("Good to know")}
    kinds = _kinds(other for rule in found.rules for other in rule.others)
    levels = [
        (level.word, heading, [(rule, [kinds[o] for o in rule.others if o in kinds]) for rule in found.of_level(level)])
        for level, heading in headings.items()
    ]
    return render(
        request,
        "medicines/mixing.html",
        {"page": page, "levels": [level for level in levels if level[2]], "effects": found.effects},
    )


def _kinds(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The kinds of medicine among these plain names: what each of them is, and members that have a page."""
    kinds = DrugClass.objects.filter(name__in=set(names), is_property=False).prefetch_related("ingredients")
    with_page = set(Monograph.objects.published(LANGUAGE).values_list("medicine__ingredients__name", flat=True))
    return {
        kind.name: {
            "name": kind.name,
            "what_it_is": kind.what_it_is,
            "such_as": sorted(i.name for i in kind.ingredients.all() if i.name in with_page)[:NAMED_MEMBERS],
        }
        for kind in kinds
    }


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
            "page_address": address_of(page),
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
    return JsonResponse(as_json(page), json_dumps_params={"ensure_ascii": False})


def _names(page: Monograph) -> dict[str, list[str]]:
    """The medicine's other names by kind: {"brand": [...], "also_called": [...]}."""
    names = [name for name in page.medicine.shown_names if name.language == page.language]
    return {
        "brand": [name.name for name in names if name.kind == name.Kind.BRAND],
        "also_called": [name.name for name in names if name.kind == name.Kind.ALSO_CALLED],
    }
