"""Views that do the least that a page could do."""

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

EMPTY_JSON = len('{"text": ""}')


def page(request: HttpRequest, queries: int, size: int) -> HttpResponse:
    """This many queries of one row by its key, then this many bytes."""
    for key in range(queries):
        ContentType.objects.filter(pk=key).first()
    return HttpResponse(b"x" * size)


def json(request: HttpRequest, size: int) -> JsonResponse:
    """JSON of this many bytes."""
    return JsonResponse({"text": "x" * (size - EMPTY_JSON)})


urlpatterns = [
    path("page/<int:queries>/<int:size>/", page),
    path("json/<int:size>/", json),
    path("healthz", json, {"size": 100}),
]
