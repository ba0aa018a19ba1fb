"""The pages around the library, and what machines read of the site."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monographs.forms import SearchForm
from monographs.models import ContentVersion, Monograph, UseGroup

from .medicines import LANGUAGE
from .public import public_page


@public_page
def home(request: HttpRequest) -> HttpResponse:
    pages = Monograph.objects.published(LANGUAGE).order_by("title")
    groups = UseGroup.objects.filter(medicines__retired_at__isnull=True, medicines__isnull=False).distinct()
    return render(request, "pages/home.html", {"form": SearchForm(hero=True), "count": pages.count(), "groups": groups})


@public_page
def text_page(request: HttpRequest, template: str) -> HttpResponse:
    """A page of words alone: help now, about, privacy, accessibility, how we write."""
    count = Monograph.objects.published(LANGUAGE).count()
    return render(request, template, {"contact": settings.CONTACT_EMAIL, "count": count})


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", f"Disallow: {reverse('search')}", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public address; a medicine's page with the day on which it was checked."""
    names = ["home", "medicine_list", "interactions", "help_now", "about", "how_we_write", "privacy", "accessibility"]
    addresses: list[tuple[str, Any]] = [(reverse(name), None) for name in names]
    for slug, checked_on in Monograph.objects.published(LANGUAGE).values_list("medicine__slug", "checked_on"):
        addresses.append((reverse("medicine", args=[slug]), checked_on))
        addresses.append((reverse("mixing", args=[slug]), None))
    context = {"addresses": addresses, "site_url": settings.SITE_URL}
    return render(request, "pages/sitemap.xml", context, content_type="application/xml; charset=utf-8")


@public_page
def opensearch(request: HttpRequest) -> HttpResponse:
    """Lets a browser add the search box to its own."""
    context = {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
    content_type = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "pages/opensearch.xml", context, content_type=content_type)


@public_page
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest: name, colours, icon."""
    return JsonResponse(
        {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "description": _("Plain words about your medicines"),
            "start_url": reverse("home"),
            "display": "minimal-ui",
            "background_color": "#fbf8f2",
            "theme_color": "#0e4f52",
            "icons": [{"src": static("img/icon.svg"), "type": "image/svg+xml", "sizes": "any"}],
        },
        content_type="application/manifest+json",
    )


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether this installation can serve: the database answers, and content is loaded. 503 where not."""
    try:
        version = ContentVersion.current()
        pages = Monograph.objects.published(LANGUAGE).count()
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "no answer", "content": None}, status=503)
    if version is None:
        return JsonResponse({"status": "down", "database": "ok", "content": None}, status=503)
    content = {
        "version": version.digest[:12],
        "loaded_at": version.loaded_at.isoformat(),
        "age_seconds": int((timezone.now() - version.loaded_at).total_seconds()),
        "pages": pages,
    }
    return JsonResponse({"status": "ok", "database": "ok", "content": content})
