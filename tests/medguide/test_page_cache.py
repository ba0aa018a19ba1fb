"""The cache of public pages: the same bytes, made once, gone when the content changes, deaf to what is not its key."""

import datetime
import gzip

import brotli
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medguide import middleware
from medguide.middleware import PublicPageCache, best_encoding
from monographs.models import ContentVersion, Monograph

pytestmark = pytest.mark.django_db

PAGE = "/medicines/baclofen/"


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0", "identity"),
        ("BR", "br"),
        ("br;q=0.5, gzip;q=1.0", "br"),
        ("nonsense;;,,=", "identity"),
    ],
)
def test_the_best_encoding(header: str, encoding: str) -> None:
    assert best_encoding(header) == encoding


def test_each_encoding_is_the_same_page(client: Client) -> None:
    plain = client.get(PAGE)
    small = client.get(PAGE, headers={"accept-encoding": "gzip"})
    smaller = client.get(PAGE, headers={"accept-encoding": "br, gzip"})
    assert gzip.decompress(small.content) == brotli.decompress(smaller.content) == plain.content
    assert (small["Content-Encoding"], smaller["Content-Encoding"]) == ("gzip", "br")
    assert "Content-Encoding" not in plain
    assert len({response["ETag"] for response in (plain, small, smaller)}) == 3
    assert {response["Vary"] for response in (plain, small, smaller)} == {"Accept-Encoding"}
    for response in (plain, small, smaller):
        assert response["Content-Length"] == str(len(response.content))


def test_the_second_time_asks_no_database(client: Client) -> None:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(PAGE)
    assert response.status_code == 200
    assert len(queries) == 0


@pytest.mark.parametrize("weak", ["", "W/"])
def test_not_modified(client: Client, weak: str) -> None:
    etag = client.get(PAGE)["ETag"]
    response = client.get(PAGE, headers={"if-none-match": f'"other", {weak}{etag}'})
    assert response.status_code == 304
    assert response.content == b""
    assert response["ETag"] == etag
    assert response["Cache-Control"].startswith("public")
    assert "Content-Type" not in response
    assert "Content-Length" not in response
    assert "Content-Security-Policy" in response


def test_an_etag_of_another_encoding_is_not_this_page(client: Client) -> None:
    etag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"if-none-match": etag, "accept-encoding": "br"}).status_code == 200
    assert client.get(PAGE, headers={"if-none-match": "*"}).status_code == 304


def test_loading_other_content_empties_the_cache(client: Client) -> None:
    before = client.get(PAGE)
    Monograph.objects.filter(medicine__slug="baclofen").update(title="Baclofen, new")
    assert client.get(PAGE).content == before.content  # kept: the content has not been loaded again
    ContentVersion.objects.update(digest="another")
    ContentVersion.forget()  # a second later
    after = client.get(PAGE)
    assert "Baclofen, new" in after.content.decode()
    assert after["ETag"] != before["ETag"]


def test_load_content_itself_empties_the_cache(client: Client) -> None:
    ContentVersion.objects.update(digest="older")
    Monograph.objects.filter(medicine__slug="baclofen").update(title="Wrong")
    assert "Wrong" in client.get(PAGE).content.decode()
    call_command("load_content", verbosity=0)
    ContentVersion.forget()
    assert "Wrong" not in client.get(PAGE).content.decode()


def test_midnight_empties_the_cache(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(PAGE)
    years_later = datetime.date(2040, 1, 1)
    monkeypatch.setattr(timezone, "localdate", lambda: years_later)
    assert "was to be checked again" in client.get(PAGE).content.decode()


def test_a_query_passes_by_and_is_not_kept(client: Client) -> None:
    assert "ETag" not in client.get(PAGE + "?x=1")
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE + "?x=1")
    assert len(queries) > 0


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "evil.example"},
        {"accept-language": "tlh"},
        {"cookie": "session=1; theme=evil"},
        {"x-original-url": "/evil"},
        {"user-agent": "<script>"},
        {"referer": "https://evil.example/"},
    ],
)
def test_no_header_changes_what_others_get(headers: dict[str, str]) -> None:
    poisoned = Client(headers={"host": "127.0.0.1", **headers}).get(PAGE)
    clean = Client(headers={"host": "127.0.0.1"}).get(PAGE)
    assert poisoned.content == clean.content
    assert "evil" not in clean.content.decode()


def test_head_has_the_headers_of_get(client: Client) -> None:
    got = client.get(PAGE)
    head = client.head(PAGE)
    assert head.content == b""
    assert head["ETag"] == got["ETag"]
    assert head["Content-Length"] == got["Content-Length"]


def answers(**headers: str) -> PublicPageCache:
    """A cache before a view that counts how often it is asked, in its body."""
    asked = 0

    def view(request: HttpRequest) -> HttpResponse:
        nonlocal asked
        asked += 1
        response = HttpResponse(str(asked), headers=headers)
        if request.path_info == "/cookie":
            response.set_cookie("a", "b")
        if request.path_info == "/missing":
            response.status_code = 404
        return response

    return PublicPageCache(view)


@pytest.mark.parametrize("path", ["/cookie", "/missing"])
def test_only_found_pages_without_cookies_are_kept(rf: RequestFactory, path: str) -> None:
    cache = answers(**{"Cache-Control": "public, max-age=60"})
    assert cache(rf.get(path)).content == b"1"
    assert cache(rf.get(path)).content == b"2"


def test_only_what_a_view_marked_public_is_kept(rf: RequestFactory) -> None:
    cache = answers(**{"Cache-Control": "private"})
    assert [cache(rf.get("/a")).content, cache(rf.get("/a")).content] == [b"1", b"2"]
    cache = answers(**{"Cache-Control": "public, max-age=60"})
    assert [cache(rf.get("/a")).content, cache(rf.get("/a")).content] == [b"1", b"1"]


def test_http_and_https_are_kept_apart(rf: RequestFactory) -> None:
    cache = answers(**{"Cache-Control": "public, max-age=60"})
    assert cache(rf.get("/a")).content == b"1"
    assert cache(rf.get("/a", secure=True)).content == b"2"


def test_a_host_that_is_not_ours_is_refused_though_the_page_is_kept(client: Client) -> None:
    assert client.get(PAGE).status_code == 200
    assert Client(headers={"host": "evil.example"}).get(PAGE).status_code == 400


def test_a_post_is_never_answered_from_the_cache(rf: RequestFactory) -> None:
    cache = answers(**{"Cache-Control": "public, max-age=60"})
    cache(rf.get("/a"))
    assert cache(rf.post("/a")).content == b"2"


def test_pages_are_served_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = client.get(PAGE)

    def away() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(middleware.ContentVersion, "current", away)
    monkeypatch.setattr(ContentVersion, "_known", (float("-inf"), ContentVersion._known[1]))
    assert client.get(PAGE).content == before.content
