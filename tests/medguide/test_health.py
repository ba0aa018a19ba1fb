"""/readyz and /metrics: for machines, without a word about anybody."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from medguide import health
from monographs.models import ContentVersion

pytestmark = pytest.mark.django_db
TOKEN = "a-long-token-for-the-test"


def test_ready_when_all_is_there(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")
    assert "no-store" in response["Cache-Control"]


def test_not_ready_before_migrations_have_run(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("monographs", "0003_names_for_searching")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "1 to run: manage.py migrate"


def test_not_ready_without_content(client: Client) -> None:
    ContentVersion.objects.all().delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["content"] == "nothing loaded: manage.py load_content"


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(health, "migrations_to_run", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "no answer"


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer ", f"Basic {TOKEN}"])
def test_metrics_are_not_there_for_others(client: Client, settings: object, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.METRICS_TOKEN = TOKEN  # type: ignore[attr-defined]
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_metrics_count_kinds_of_pages_and_name_no_medicine(client: Client, settings: object) -> None:
    settings.METRICS_TOKEN = TOKEN  # type: ignore[attr-defined]
    client.get("/medicines/baclofen/?uncached")
    client.get("/search/?q=warfarin")
    client.get("/medicines/nothing-of-that-name/")
    client.generic("BREW", "/search/")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 'medguide_request_seconds_count{method="GET",page="medicine",status="200"}' in text
    assert 'medguide_request_seconds_count{method="GET",page="medicine",status="404"}' in text
    assert 'method="other"' in text
    for typed in ("baclofen", "warfarin", "nothing-of-that-name", "BREW", "127.0.0.1"):
        assert typed not in text
