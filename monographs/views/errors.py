"""Pages for what went wrong: a sentence, what to do, and the emergency numbers."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@never_cache
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


@never_cache
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


@never_cache
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


@never_cache
def server_error(request: HttpRequest) -> HttpResponse:
    """Where the database is away, locked or full that is said, and what was sent can be sent again."""
    if _is_away(sys.exc_info()[1]):
        response = render(request, "errors/503.html", {"sent": _sent(request)}, status=503)
        response["Retry-After"] = "60"
        return response
    return render(request, "errors/500.html", status=500)


def _is_away(error: BaseException | None) -> bool:
    """Away, locked or full. Not a table that is missing, which SQLite reports by the same class."""
    named = getattr(getattr(error, "__cause__", None), "sqlite_errorname", "")
    return isinstance(error, OperationalError | InterfaceError) and named != "SQLITE_ERROR"


def _sent(request: HttpRequest) -> list[tuple[str, list[str]]] | None:
    """The form that was sent, to be sent again; empty where it must not stand in a page, None where there was none."""
    if request.method != "POST":
        return None
    fields = [(name, values) for name, values in request.POST.lists()]
    is_secret = any("password" in name or name == "code" for name, _values in fields)
    return [] if is_secret or request.FILES else fields


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: its page was old, or cookies are off."""
    return render(request, "errors/403.html", {"form_was_old": True}, status=403)
