"""For machines that watch this installation: may it be sent requests, and how many were answered how fast."""

import os
import secrets

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from medguide.databases import migrations_to_run
from monographs.models import ContentVersion


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether everything works, the private wing too: 503 with what is wrong where not.

    /healthz asks less: it stays well while the library can be read, from a replica too.
    """
    checks = {"database": "no answer", "migrations": "not known", "content": "not known"}
    try:
        missing = migrations_to_run(connections[DEFAULT_DB_ALIAS])
        checks["database"] = "ok"
        checks["migrations"] = f"{missing} to run: manage.py migrate" if missing else "ok"
        loaded = not missing and ContentVersion.objects.using(DEFAULT_DB_ALIAS).exists()
        checks["content"] = "ok" if loaded else "nothing loaded: manage.py load_content"
    except DatabaseError:
        pass
    is_ready = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ok" if is_ready else "down", **checks}, status=200 if is_ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts and times, in Prometheus's words. Not there (404) unless a token is set and given.

    Of this process; where prometheus_client's PROMETHEUS_MULTIPROC_DIR is set, of all that keep theirs in that folder.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
