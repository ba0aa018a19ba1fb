"""Pages for what went wrong: a sentence, what to do, the numbers to call."""

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import path

from medguide.urls import handler400, handler403, handler404, handler500, urlpatterns
from monographs.views import errors

pytestmark = pytest.mark.django_db


def fails(request: HttpRequest) -> None:
    raise RuntimeError("for a test")


class Urls:
    handler400, handler403, handler404, handler500 = handler400, handler403, handler404, handler500
    urlpatterns = [*urlpatterns, path("fails/", fails)]


def test_not_found(client: Client) -> None:
    response = client.get("/medicines/nothing/")
    assert response.status_code == 404
    text = response.content.decode()
    assert "We cannot find that page" in text
    assert 'href="tel:911"' in text


def test_wrong_host() -> None:
    response = Client(headers={"host": "evil.example"}).get("/about/?fresh")
    assert response.status_code == 400
    assert "could not read" in response.content.decode()
    assert "evil.example" not in response.content.decode()


def test_server_error(settings: object) -> None:
    settings.ROOT_URLCONF = Urls  # type: ignore[attr-defined]
    response = Client(raise_request_exception=False, headers={"host": "127.0.0.1"}).get("/fails/")
    assert response.status_code == 500
    assert "It was not your doing" in response.content.decode()
    assert response["Content-Security-Policy"]


def test_forbidden_and_an_old_form(rf: RequestFactory) -> None:
    request = rf.get("/", headers={"host": "127.0.0.1"})
    assert "You cannot open that" in errors.forbidden(request, PermissionError()).content.decode()
    old = errors.csrf_failure(request, "no cookie")
    assert old.status_code == 403
    assert "too old to be sent" in old.content.decode()


def test_a_form_without_its_token_is_told_so() -> None:
    response = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"}).post("/search/", {"q": "x"})
    assert response.status_code == 403
    assert "too old to be sent" in response.content.decode()
