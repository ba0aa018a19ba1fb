"""What every public page has in common: the same for everyone, and worth keeping for a while."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponseBase]

# A browser asks again after a minute, a shared cache after five; a page outlives a server that is down by a day.
CACHE_CONTROL = "public, max-age=60, s-maxage=300, stale-if-error=86400"


def public_page(view: View) -> View:
    """Mark a view's pages as the same for everyone: only GET and HEAD, kept by caches when they are found."""

    @require_safe
    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = CACHE_CONTROL if response.status_code == 200 else "no-store"
        return response

    return marked
