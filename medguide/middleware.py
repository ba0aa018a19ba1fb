"""What every request passes: the cache of public pages in front, and the headers that guard every answer."""

import datetime
import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import brotli
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags
from prometheus_client import Histogram

from monographs.models import ContentVersion

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "fullscreen", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
_OURS = ("publickey-credentials-create", "publickey-credentials-get")  # passkeys
PERMISSIONS_POLICY = ", ".join([*(f"{feature}=()" for feature in _OFF), *(f"{feature}=(self)" for feature in _OURS)])


SECONDS = Histogram(
    "medguide_request_seconds",
    "Seconds until a request was answered, by kind of page, never by its address.",
    ["page", "method", "status"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0),
)


class CountRequests:
    """What was asked for and how long it took, for /metrics: the name of the page's kind, not which medicine."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.METRICS_TOKEN:
            return self.get_response(request)
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        page = (match.url_name or "unnamed") if match else "from the cache" if response.status_code < 400 else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        SECONDS.labels(page, method, response.status_code).observe(time.perf_counter() - started)
        return response


class SecurityHeaders:
    """Headers that neither Django nor django-csp sets; and nothing is kept by caches unless a view said so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


@lru_cache(maxsize=256)
def best_encoding(accept_encoding: str) -> str:
    """The best of br, gzip and identity that this Accept-Encoding header allows."""
    allowed = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=")
        allowed[name.strip()] = weight not in ("0", "0.0", "0.00", "0.000")
    for encoding in ("br", "gzip"):
        if allowed.get(encoding, False):
            return encoding
    return "identity"


@dataclass(frozen=True)
class StoredPage:
    """One public page as it is sent: its bytes in each encoding, compressed once, and its headers."""

    bodies: dict[str, bytes]
    headers: dict[str, dict[str, str]] = field(repr=False)

    @classmethod
    def of(cls, response: HttpResponse) -> "StoredPage":
        body = response.content
        bodies = {
            "identity": body,
            "gzip": gzip.compress(body, compresslevel=9, mtime=0),
            "br": brotli.compress(body, quality=11),
        }
        digest = hashlib.sha256(body).hexdigest()[:32]
        common = {name: value for name, value in response.items() if name.lower() != "content-length"}
        common["Vary"] = "Accept-Encoding"
        headers = {}
        for encoding, encoded in bodies.items():
            headers[encoding] = common | {"ETag": f'"{digest}-{encoding}"', "Content-Length": str(len(encoded))}
            if encoding != "identity":
                headers[encoding]["Content-Encoding"] = encoding
        return cls(bodies, headers)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page for this request: in its best encoding, or 304 where the browser has it already."""
        encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        headers = self.headers[encoding]
        if_none_match = request.META.get("HTTP_IF_NONE_MATCH")
        if if_none_match and self._matches(if_none_match, headers["ETag"]):
            kept = {k: v for k, v in headers.items() if not k.startswith("Content-") or k == "Content-Security-Policy"}
            response = HttpResponse(status=304, headers=kept)
            del response["Content-Type"]
            return response
        return HttpResponse(self.bodies[encoding], headers=headers)

    @staticmethod
    def _matches(if_none_match: str, etag: str) -> bool:
        tags = [tag.removeprefix("W/") for tag in parse_etags(if_none_match)]
        return "*" in tags or etag in tags


class PublicPageCache:
    """Answers for public pages before anything else runs: no session, no database, the same bytes for everyone.

    Kept in the process, by path: only pages found (200) that their view marked public, asked for without a query.
    All of it is thrown away when other content is loaded, noticed within a second, and at midnight, because a
    page says when it is due to be checked again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._generation: tuple[str, datetime.date] | None = None
        self._pages: dict[tuple[bool, str], StoredPage] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or request.META.get("QUERY_STRING") or not self._is_ours(request):
            return self.get_response(request)
        generation = (ContentVersion.digest_now(), timezone.localdate())
        if generation != self._generation:
            self._generation, self._pages = generation, {}
        pages = self._pages
        key = (request.is_secure(), request.path_info)
        page = pages.get(key)
        if page is None:
            response = self.get_response(request)
            if not (isinstance(response, HttpResponse) and self._may_be_kept(response)):
                return response
            page = pages[key] = StoredPage.of(response)
        return page.answer(request)

    @staticmethod
    def _is_ours(request: HttpRequest) -> bool:
        """Whether the host asked for is one of ours; the others are refused by what comes after."""
        try:
            request.get_host()
        except DisallowedHost:
            return False
        return True

    @staticmethod
    def _may_be_kept(response: HttpResponse) -> bool:
        return (
            response.status_code == 200
            and not response.cookies
            and response.get("Cache-Control", "").startswith("public,")
        )
