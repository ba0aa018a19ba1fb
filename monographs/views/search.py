"""Finding a medicine by any name."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from monographs.forms import SearchForm
from monographs.models import Medicine, UseGroup
from monographs.name_index import Match, fold
from monographs.names import KnownName, find

SUGGESTIONS = 8
RESULTS = 20
SHORTEST_USE = 4  # letters


@csrf_exempt  # changes nothing and reads nothing of the sender
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def suggest(request: HttpRequest) -> JsonResponse:
    """What a box offers while somebody types; `near` says that a name only resembles what was typed.

    Our pages ask by POST, so that what is typed stands in no address and in no server's log.
    """
    query = request.POST if request.method == "POST" else request.GET
    matches = find(query.get("q", ""), SUGGESTIONS)
    return JsonResponse({"suggestions": [_suggestion(match) for match in matches]})


def _suggestion(match: Match[KnownName]) -> dict[str, object]:
    entry = match.entry
    return {
        "name": entry.name,
        "medicine": entry.medicine,
        "generic": entry.is_generic,
        "for": entry.purpose,
        "near": match.is_near,
        "url": entry.url or f"{reverse('search')}?{urlencode({'q': entry.name})}",
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
            "groups": _groups(query),
            "found": found,
            "near": [match for match in matches if match.is_near],
            "look_alikes": _look_alikes(match.entry.slug for match in found),
        },
    )


def _groups(query: str) -> list[UseGroup]:
    """What medicines are for, where somebody typed that and not a name: "allergy", "blood pressure"."""
    typed = fold(query)
    if len(typed) < SHORTEST_USE:
        return []
    groups = UseGroup.objects.filter(medicines__monographs__isnull=False).distinct()
    return [group for group in groups if f" {typed}" in f" {fold(group.name)}"]


def _look_alikes(slugs: Iterable[str]) -> dict[str, list[dict[str, str | None]]]:
    medicines = Medicine.objects.filter(slug__in=list(slugs)).exclude(look_alikes=[])
    return {medicine.slug: medicine.look_alikes for medicine in medicines}
