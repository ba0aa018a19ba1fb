"""Every form and every question mark of the site, filled with what means harm: no page breaks, nothing runs."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.medicine_lists.cast import Cast, make_cast, put
from tests.medicine_lists.test_access_matrix import NEEDS, SIGNED_IN, address

from .crawl import Form, crawl

pytestmark = pytest.mark.django_db

MARK = "'\"><img src=x onerror=alert(7)>"
HOSTILE = [
    MARK, "\x00", "x\x00y", "", " ", "\u202egnp.exe", "😀" * 40, "x" * 10_000, "../../../etc/passwd", "%00%0a%0d",
    "=1+1", "-1", "0", "9" * 400, "1e309", "NaN", "½", "1,000", "0000-00-00", "2026-02-30", "9999-12-31",
    "' OR 1=1 --", "{{ 7*7 }}", "javascript:alert(7)", "//evil.example/", "\r\nSet-Cookie: a=b", "\ufffe\u0000\u0301",
]  # fmt: skip
WORST = [MARK, "x\x00y", "9" * 400]
STARTS = ["/", "/medicines/", "/interactions/", "/search/?q=bac", "/lists/", "/lists/new/", "/lists/try/", "/account/"]
QUERIES = [
    "q",
    "next",
    "since",
    "until",
    "letter",
    "page",
    "large",
    "questions",
    "new",
    "who",
    "what",
    "verb",
    "user",
    "from",
]


@contextmanager
def undone() -> Iterator[None]:
    """What a form does is taken back, so that the next finds the site as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(client: Client, form: Form, changes: dict[str, Any]) -> HttpResponseBase:
    values: dict[str, Any] = {}
    for name, value in form.values:
        values.setdefault(name, []).append(value)
    values |= changes
    response: HttpResponseBase = getattr(client, form.method)(form.action, values)
    return response


def check(response: HttpResponseBase, said: str) -> None:
    assert response.status_code < 500, said
    body = b"".join(response) if response.streaming else getattr(response, "content", b"")  # type: ignore[attr-defined]
    if response.get("Content-Type", "").startswith("text/html"):
        assert b"onerror=alert(7)>" not in body.replace(b"&gt;", b""), said
    location = response.headers.get("Location", "")
    assert "evil.example" not in location.split("?")[0], said
    assert "\n" not in location, said


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(params=["owner", "signed out"])
def visitor(request: pytest.FixtureRequest, cast: Cast) -> Client:
    return cast.client(request.param)


def test_every_form_takes_what_means_harm(visitor: Client) -> None:
    _pages, forms = crawl(visitor, STARTS)
    assert len(forms) >= 5
    sent = 0
    for form in forms:
        for value in HOSTILE:
            with undone():
                check(send(visitor, form, dict.fromkeys(form.fields, value)), f"{form.action}: all {value[:40]!r}")
        for name in form.fields:
            for value in WORST:
                with undone():
                    check(send(visitor, form, {name: value}), f"{form.action}: {name}={value[:40]!r}")
                sent += 1
    assert sent > 50


def test_every_page_takes_any_query(visitor: Client) -> None:
    pages, _forms = crawl(visitor, STARTS)
    assert len(pages) >= 10
    for path in pages:
        for value in [*WORST, "//evil.example/", "2026-02-30"]:
            with undone():
                check(visitor.get(path.partition("?")[0], dict.fromkeys(QUERIES, value)), f"{path}: {value[:40]!r}")


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield path, entry


NOT_THERE = {
    "slug": "none", "uuid": "00000000-0000-4000-8000-000000000000", "str": "%00",
}  # fmt: skip
ROUTES = sorted({path for path, _ in patterns(get_resolver())})


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options", "head"])
def test_every_address_takes_every_method(cast: Cast, method: str) -> None:
    """With things in its place that are not there, and a body that is no form."""
    client = cast.client("owner")
    for route in ROUTES:
        path = "/" + re.sub(r"<(\w+):\w+>", lambda part: NOT_THERE.get(part[1], "0"), route)
        with undone():
            send_body = {"data": b"\xff\xfe{", "content_type": "application/json"} if method in ("post", "put") else {}
            response = getattr(client, method)(path, **send_body)
            assert response.status_code < 500, (method, path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_text_can_be_searched_and_checked(cast: Cast, typed: list[str]) -> None:
    client = cast.client("signed out")
    assert client.get("/search/", {"q": typed[0]}).status_code == 200
    assert client.get("/search/suggest", {"q": typed[0]}).status_code == 200
    assert client.post("/interactions/", {"name": typed}).status_code in (200, 422)


def test_what_was_stored_runs_nowhere(cast: Cast) -> None:
    """A name, a note, an allergy that mean harm, on every page, print, file and letter of the list."""
    owner = cast.access("owner")
    fields = ("strength", "form", "looks_like", "what_for", "really_taken", "prescriber", "pharmacy", "rx_number")
    values = dict.fromkeys(fields, MARK) | {
        "note": MARK,
        "storage": MARK,
        "status_why": MARK,
        "amount_unit": "tablet",
    }
    put(owner, MARK, **values)
    put(owner, "=cmd|' /C calc'!A0", note="=1+1", strength="@SUM(1)", what_for="+1", prescriber="-1", pharmacy="\t=1")
    person = cast.person
    person.name, person.emergency_contact = MARK, MARK
    person.save()
    person.allergies.create(substance=MARK, reaction=MARK)
    person.contacts.create(kind="doctor", name=MARK, phone=MARK)
    cast.link.label = MARK
    cast.link.save()
    put(owner, MARK + "stopped", status="stopped", status_why=MARK)
    put(owner, MARK + "paused", status="paused", status_why=MARK)
    client, looked_at = cast.client("owner"), 0
    for name in (*NEEDS, *SIGNED_IN, "shared"):
        with undone():
            response = client.get(address(cast, name))
            check(response, name)
            looked_at += response.status_code == 200
    assert looked_at > 25
    sheet = client.get(address(cast, "export_csv")).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(sheet.splitlines()) for cell in row]
    assert any("cmd|" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    data = client.get(address(cast, "export_json"))
    assert data["Content-Type"] == "application/json"
    assert data["X-Content-Type-Options"] == "nosniff"
