"""The public pages: found, the same for everyone, honest, and with every header."""

import datetime
import json
import re
import xml.etree.ElementTree as ET

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from monographs.content_files.library import CONTENT
from monographs.interactions.current import current_rulebook
from monographs.models import ContentVersion, Medicine, Monograph, SectionKind
from monographs.views import pages as page_views

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/", "/medicines/", "/medicines/baclofen/", "/medicines/baclofen/one-page/", "/medicines/baclofen.json",
    "/help-now/", "/about/", "/privacy/", "/accessibility/", "/how-we-write/", "/robots.txt", "/sitemap.xml",
    "/opensearch.xml", "/site.webmanifest",
]  # fmt: skip
NOT_KEPT = ["/search/", "/search/?q=baclofen", "/search/suggest?q=bac", "/healthz", "/nowhere/"]
SLUGS = sorted(page.stem for page in (CONTENT / "en/medicines").glob("*.md"))


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_kept_by_caches_and_sets_no_cookie(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("public, max-age=60")
    assert not response.cookies
    assert "Cookie" not in response["Vary"]


@pytest.mark.parametrize("path", NOT_KEPT)
def test_what_is_asked_or_changes_is_not_kept(client: Client, path: str) -> None:
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("path", [*PUBLIC, *NOT_KEPT, "/static/css/site.css"])
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    response = client.get(path)
    response.close()
    policy = response["Content-Security-Policy"]
    for directive in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PUBLIC, "/search/", "/healthz"])
def test_pages_are_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code in (403, 405)
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("slug", SLUGS)
def test_a_medicine_page_has_its_sixteen_sections_and_says_who_checked_it(client: Client, slug: str) -> None:
    text = client.get(f"/medicines/{slug}/").content.decode()
    assert re.findall(r'<section class="[^"]+" id="([^"]+)"', text) == list(SectionKind.values)
    assert "No pharmacist or doctor has checked this page yet" in text
    assert text.count('class="care care--now"') == 1
    assert text.count('class="care care--today"') == 1
    assert text.count('class="care care--mild"') == 1
    for anchor in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{anchor}"' in text, anchor


@pytest.mark.parametrize("slug", SLUGS)
def test_a_medicine_page_takes_few_queries(client: Client, slug: str) -> None:
    current_rulebook()  # read once a process, by whichever page comes first
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/medicines/{slug}/?fresh")
    assert len(queries) <= 12


def test_boxed_warning_and_weekly_stand_at_the_top(client: Client) -> None:
    text = client.get("/medicines/methotrexate/").content.decode()
    assert "Boxed warning on its label" in text
    assert "Once a week, not every day" in text
    assert "Your day" in text


def test_a_look_alike_stands_with_what_it_is_for(client: Client) -> None:
    text = client.get("/medicines/alprazolam/").content.decode()
    assert "Not the same as" in text
    assert "lorazepam" in text


def test_the_one_page_has_its_four_blocks(client: Client) -> None:
    text = client.get("/medicines/baclofen/one-page/").content.decode()
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", text)
    assert headings == ["What it is", "Important safety information", "How to take it", "Side effects"]
    assert "The whole page, with its sources: http://127.0.0.1:8000/medicines/baclofen/" in text


def test_the_json_says_what_the_page_says(client: Client) -> None:
    data = client.get("/medicines/baclofen.json").json()
    assert data["name"] == "baclofen"
    assert data["ingredients"] == [{"name": "baclofen", "rxcui": "1292"}]
    assert [section["kind"] for section in data["sections"]] == list(SectionKind.values)
    assert data["clinician_review"] is None
    assert all(source["url"] or source["maker"] for source in data["sources"])
    cited = {key for section in data["sections"] for key in section["sources"]}
    assert cited <= {source["id"] for source in data["sources"]}


def test_linked_data_is_json_and_says_drug(client: Client) -> None:
    text = client.get("/medicines/oxycodone/").content.decode()
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    data = json.loads(script)
    assert data["@type"] == "MedicalWebPage"
    assert data["about"]["@type"] == "Drug"
    assert data["about"]["prescriptionStatus"] == "PrescriptionOnly"
    assert data["url"] == "http://127.0.0.1:8000/medicines/oxycodone/"


def test_an_overdue_page_says_so_on_top(client: Client) -> None:
    Monograph.objects.filter(medicine__slug="baclofen").update(
        checked_on=datetime.date(2020, 1, 1), next_check_on=datetime.date(2021, 1, 1)
    )
    for path in ("/medicines/baclofen/?fresh", "/medicines/baclofen/one-page/?fresh"):
        text = client.get(path).content.decode()
        assert "to be checked again" in text or "overdue for a check" in text


def test_a_reviewed_page_names_the_clinician(client: Client) -> None:
    review = {"name": "Ada Example", "credential": "PharmD", "date": "2026-11-01"}
    Monograph.objects.filter(medicine__slug="baclofen").update(clinician_review=review)
    text = client.get("/medicines/baclofen/?fresh").content.decode()
    assert "Checked by Ada Example, PharmD" in text
    assert "No pharmacist or doctor" not in text


def test_a_retired_medicine_says_so(client: Client) -> None:
    Medicine.objects.filter(slug="baclofen").update(retired_at=timezone.now())
    response = client.get("/medicines/baclofen/?fresh")
    assert response.status_code == 410
    assert response["Cache-Control"] == "no-store"
    assert "do not stop or change it on your own" in response.content.decode()
    assert "baclofen" not in client.get("/medicines/?fresh").content.decode().lower()
    assert client.get("/medicines/baclofen.json?fresh").status_code == 404


def test_the_shelves_hold_every_medicine_three_times(client: Client) -> None:
    text = client.get("/medicines/").content.decode()
    for slug in SLUGS:
        assert text.count(f'href="/medicines/{slug}/"') >= 3, slug
    assert f"{len(SLUGS)} medicines" in text


def test_an_empty_library_says_what_to_do(client: Client) -> None:
    Medicine.objects.update(retired_at=timezone.now())
    for path in ("/?fresh", "/medicines/?fresh"):
        assert "load_content" in client.get(path).content.decode()


def test_the_sitemap_holds_every_page(client: Client) -> None:
    root = ET.fromstring(client.get("/sitemap.xml").content)
    places = [element.text or "" for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(places) == len(set(places)) == 2 * len(SLUGS) + 8
    for place in places:
        assert client.get(place.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_what_machines_read(client: Client) -> None:
    assert "Disallow: /search/" in client.get("/robots.txt").content.decode()
    search = ET.fromstring(client.get("/opensearch.xml").content)
    url = search.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.attrib["template"] == "http://127.0.0.1:8000/search/?q={searchTerms}"
    manifest = client.get("/site.webmanifest").json()
    icon = client.get(manifest["icons"][0]["src"])
    assert icon.status_code == 200
    icon.close()


def test_contact_is_shown_where_there_is_one(client: Client, settings: object) -> None:
    assert "mailto:" not in client.get("/about/?fresh").content.decode()
    settings.CONTACT_EMAIL = "care@medguide.example"  # type: ignore[attr-defined]
    for path in ("/about/?fresh", "/accessibility/?fresh"):
        assert "mailto:care@medguide.example" in client.get(path).content.decode()


def test_healthz_says_what_is_loaded(client: Client) -> None:
    data = client.get("/healthz").json()
    assert data["status"] == data["database"] == "ok"
    assert data["content"]["pages"] == len(SLUGS)
    assert data["content"]["age_seconds"] >= 0
    version = ContentVersion.current()
    assert version is not None
    assert data["content"]["version"] == str(version)


def test_healthz_says_when_nothing_is_loaded(client: Client) -> None:
    ContentVersion.objects.all().delete()
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["content"] is None


def test_healthz_says_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        @staticmethod
        def current() -> None:
            raise DatabaseError("gone")

    monkeypatch.setattr(page_views, "ContentVersion", Away)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "no answer"


def test_a_page_about_one_route_bears_no_brand_of_another(client: Client) -> None:
    page = client.get("/medicines/fentanyl/").content.decode()
    assert "Sold as Duragesic" in page
    assert "Actiq" not in page[: page.index("The most important things")]
    assert "This page: patch" in page
    assert "Actiq" not in client.get("/medicines/").content.decode()
    assert 'href="/medicines/fentanyl/"' in client.get("/search/?q=Actiq").content.decode()
    assert "This page:" not in client.get("/medicines/baclofen/").content.decode()


def test_the_page_of_what_does_not_mix_says_what_each_kind_is(client: Client) -> None:
    page = client.get("/medicines/lisinopril/mixing/").content.decode()
    card = page[page.index("<span>ARB</span>") :]
    assert card.index("Relaxes blood vessels") < card.index("finding__do")
    assert re.search(r"Such as [^.]*losartan", card)
