"""The database is away, locked or full: a page that says so, and what was sent can be sent again."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from justhtml import JustHTML

from medguide.urls import handler500, urlpatterns

pytestmark = pytest.mark.django_db


def locked(request: HttpRequest) -> None:
    raise OperationalError("database is locked")


class Urls:
    handler500 = handler500
    urlpatterns = [*urlpatterns, path("locked/", locked)]


@pytest.fixture
def away(settings: object) -> Client:
    settings.ROOT_URLCONF = Urls  # type: ignore[attr-defined]
    return Client(raise_request_exception=False, headers={"host": "127.0.0.1"})


def test_it_is_said_and_the_browser_told_when_to_come_back(away: Client) -> None:
    response = away.get("/locked/")
    text = response.content.decode()
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503, "60", "max-age=0, no-cache, no-store, must-revalidate, private",
    )  # fmt: skip
    assert "We cannot reach our records right now" in text
    assert "What you just sent" not in text
    assert 'href="tel:911"' in text


def test_what_was_sent_is_kept_on_the_page_letter_for_letter(away: Client) -> None:
    typed = "\n two lines\r\n& <script>alert(1)</script> \U0001f600"
    response = away.post("/locked/?step=2", {"note": typed, "slots": ["morning", "noon"]})
    page = JustHTML(response.content.decode(), sanitize=False)
    form = page.query("form[method=post]")[0]
    kept = [(box.attrs["name"], box.to_text(strip=False)) for box in form.query("textarea")]
    assert form.attrs["action"] == "/locked/?step=2"
    assert ("slots", "morning") in kept
    assert ("slots", "noon") in kept
    assert dict(kept)["note"].replace("\r\n", "\n") == typed.replace("\r\n", "\n")
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("field", ["password", "password1", "code"])
def test_a_secret_stands_in_no_page(away: Client, field: str) -> None:
    text = away.post("/locked/", {"email": "ann@example.org", field: "horse battery"}).content.decode()
    assert "What you just sent may not have been saved." in text
    assert "horse battery" not in text
    assert "ann@example.org" not in text
