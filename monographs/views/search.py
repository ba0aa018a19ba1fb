"""Finding a medicine by any name."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monographs.forms import SearchForm
from monographs.models import ContentVersion, DrugName, Medicine
from monographs.names import Match, NameIndex

SUGGESTIONS = 8
RESULTS = 20


@dataclass(frozen=True)
class KnownName:
    """A name in the index, with what a result shows of its medicine."""

    folded: str
    name: str
    kind: str
    medicine: str
    slug: str
    purpose: str

    @property
    def url(self) -> str:
        return reverse("medicine", args=[self.slug])

    @property
    def is_generic(self) -> bool:
        return self.kind == DrugName.Kind.GENERIC


@lru_cache(maxsize=1)
def _index(digest: str) -> NameIndex[KnownName]:
    """The index of this version of the content, built once a process and version."""
    medicines = Medicine.objects.published().prefetch_related("groups", "names")
    return NameIndex(
        KnownName(
            folded=name.folded,
            name=name.name,
            kind=name.kind,
            medicine=medicine.name,
            slug=medicine.slug,
            purpose=", ".join(group.name for group in medicine.groups.all()),
        )
        for medicine in medicines
        for name in medicine.names.all()
    )


def find(query: str, limit: int) -> list[Match[KnownName]]:
    """The best match of each medicine, so that a page stands once however many of its names fit."""
    best: dict[str, Match[KnownName]] = {}
    for match in _index(ContentVersion.digest_now()).search(query, limit * 5):
        best.setdefault(match.entry.slug, match)
    return list(best.values())[:limit]


@require_safe
@never_cache
def suggest(request: HttpRequest) -> JsonResponse:
    """What the search box offers while somebody types; `near` says that a name only resembles what was typed."""
    matches = find(request.GET.get("q", ""), SUGGESTIONS)
    return JsonResponse({"suggestions": [_suggestion(match) for match in matches]})


def _suggestion(match: Match[KnownName]) -> dict[str, object]:
    entry = match.entry
    return {
        "name": entry.name,
        "medicine": entry.medicine,
        "generic": entry.is_generic,
        "for": entry.purpose,
        "near": match.is_near,
        "url": entry.url,
    }


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """The results page. A near match is offered with what it is for, never taken silently."""
    form = SearchForm(request.GET)
    form.is_valid()
    query = form.cleaned_data.get("q", "")
    matches = find(query, RESULTS)
    found = [match for match in matches if not match.is_near]
    return render(
        request,
        "search/results.html",
        {
            "form": form,
            "query": query,
            "found": found,
            "near": [match for match in matches if match.is_near],
            "look_alikes": _look_alikes(match.entry.slug for match in found),
        },
    )


def _look_alikes(slugs: Iterable[str]) -> dict[str, list[dict[str, str | None]]]:
    medicines = Medicine.objects.filter(slug__in=list(slugs)).exclude(look_alikes=[])
    return {medicine.slug: medicine.look_alikes for medicine in medicines}
