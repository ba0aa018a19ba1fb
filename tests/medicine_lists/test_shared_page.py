"""The page that a link opens: for whom, what stands on it, and what never does."""

import datetime
import html
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from medguide import middleware
from medguide.medicine_lists import actions, share_link_actions
from medguide.medicine_lists.models import Allergy, Part, Person, ShareLink, Status

from .cast import SECRET_NAME, SECRET_NOTE, Cast, make_link, put

pytestmark = pytest.mark.django_db

NEEDED = {"kind": "as-needed", "needed_for": "gnawing-pain", "least_hours": "6"}
MORNING = {"kind": "daily", "doses": [{"slot": "morning"}]}
# What each part alone brings onto the page.
OF_A_PART = {
    Part.WHAT_FOR: ["gnawing-pain", "blood-pressure-words", "a thing of her own"],
    Part.ALLERGIES: ["penicillin", "rash-words", "kidney trouble", "81.5 kg"],
    Part.CHECK: ["Serious, found by MedGuide's check", "Ibuprofen with warfarin", SECRET_NAME + ","],
    Part.STOPPED: ["simvastatin", "sore-muscles", "zincol", "no-use", "aspirin", "surgery-words"],
    Part.NOTES: [SECRET_NOTE],
    Part.EMERGENCY: ["Ann-to-call"],
    Part.CONTACTS: ["Dr. Lee-Prescriber", "Dr. Lee-Contact", "Main-Street-Pharmacy"],
}  # fmt: skip
ALWAYS = ["Papa Rosenquist", "Born in 1944", "baclofen 10 mg", "Every day: 1 tablet in the morning", "odd-hours"]


def opened(token: str, **headers: str) -> Any:
    return Client(headers={"host": "127.0.0.1", **headers}).get(reverse("shared", args=[token]))


def words(response: HttpResponse) -> str:
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main.split(">", 1)[1])).split()).replace(
        "\N{NO-BREAK SPACE}", " "
    )


@pytest.fixture
def full(cast: Cast) -> Cast:
    """A list on which every part has something to show."""
    owner = cast.access("owner")
    about = {"year_of_birth": 1944, "weight_kg": "81.5", "conditions": ["kidney-trouble"]}
    actions.change_person(
        by=owner, read_version=1, values=about | {"emergency_contact": "Ann-to-call, 555-0100"},
        allergies=[{"substance": "penicillin", "reaction": "rash-words"}],
        contacts=[{"kind": "doctor", "name": "Dr. Lee-Contact"}, {"kind": "pharmacy", "name": "Main-Street-Pharmacy"}],
    )  # fmt: skip
    amount = {"amount": 1, "amount_unit": "tablet"}
    put(owner, "ibuprofen", schedule=NEEDED, **amount)
    put(
        owner, "lisinopril", schedule=MORNING, what_for="blood-pressure-words", prescriber="Dr. Lee-Prescriber",
        really_taken="odd-hours", **amount,
    )  # fmt: skip
    for name, status, why, harmed in (
        ("simvastatin", Status.STOPPED, "sore-muscles", True), ("zincol", Status.STOPPED, "no-use", False),
        ("aspirin", Status.PAUSED, "surgery-words", False),
    ):  # fmt: skip
        put(owner, name, status=status, status_why=why, was_side_effect=harmed)
    return cast


# --- What is seen -----------------------------------------------------------------------------------------


def test_everything_that_was_chosen_is_seen(full: Cast) -> None:
    said = words(opened(full.link_token))
    for word in (*ALWAYS, *(word for found in OF_A_PART.values() for word in found if not word.endswith(","))):
        assert word in said, word
    assert "Not part of this page" not in said
    assert "nobody clinical has checked it" in said
    assert "Not confirmed by anybody." in said
    assert said.index("Allergies:") < said.index("Taken now")


@pytest.mark.parametrize("part", list(Part))
def test_what_was_not_chosen_stands_nowhere_on_the_page_and_is_said_to_be_missing(full: Cast, part: Part) -> None:
    _link, token = make_link(full.access("owner"), shows=[one for one in Part if one is not part])
    response = opened(token)
    for word in OF_A_PART[part]:
        assert word not in html.unescape(response.content.decode()), word
    said = words(response)
    assert f"Not part of this page, by choice: {part.label}. Please ask." in said
    for word in ALWAYS:
        assert word in said, word
    for other, found in OF_A_PART.items():
        if other is not part:
            assert found[0] in said, other


def test_a_link_that_shows_the_least_never_says_that_there_is_nothing(full: Cast) -> None:
    _link, token = make_link(full.access("owner"), shows=[])
    said = words(opened(token))
    for word in ALWAYS:
        assert word in said
    assert "Allergies: not part of this page, please ask" in said
    assert "Conditions: not part of this page, please ask" in said
    assert "Paused or stopped: not part of this page, please ask" in said
    assert "none written here" not in said
    assert "found nothing" not in said
    assert "Checked by MedGuide" not in said


def test_the_check_of_a_link_without_allergies_does_not_know_them(full: Cast) -> None:
    put(full.access("owner"), "amoxicillin")
    assert "and the allergy to penicillin" in words(opened(full.link_token))
    _link, token = make_link(full.access("owner"), shows=[Part.CHECK])
    said = words(opened(token))
    assert "Ibuprofen with warfarin" in said
    assert "amoxicillin" in said
    assert "The check did not look at allergies and conditions" in said
    for secret in ("penicillin", "kidney", "Kidney"):
        assert secret not in said.replace("hurt your kidneys", "")
    assert Allergy.objects.filter(person=full.person).count() == 1, "what is not shown is not lost"
    assert Person.objects.get().conditions == ["kidney-trouble"]


def test_silence_about_what_was_stopped_is_not_left_to_be_read_as_none(cast: Cast) -> None:
    assert "Paused or stopped: none written here" in words(opened(cast.link_token))
    put(cast.access("owner"), "simvastatin", status=Status.PAUSED)
    said = words(opened(cast.link_token))
    assert "Paused: simvastatin" in said
    assert "Paused or stopped" not in said


def test_an_alert_of_few_words_says_what_that_does(cast: Cast) -> None:
    for name in ("methotrexate", "ibuprofen"):
        put(cast.access("owner"), name)
    assert "Methotrexate can build up. It can wipe out blood cells" in words(opened(cast.link_token))


def test_what_the_prescriber_knows_is_known_on_the_page_whatever_it_shows(full: Cast) -> None:
    client = full.client("owner")
    page = client.get(f"/lists/{full.person.uid}/check/").content.decode()
    for key in re.findall(r'name="key" value="(\w+)"', page):
        client.post(f"/lists/{full.person.uid}/check/known/", {"key": key, "known": "1"})
    _link, token = make_link(full.access("owner"), shows=[Part.CHECK, Part.ALLERGIES])
    assert "that the prescriber knows)" in words(opened(token))


def test_a_medicine_that_was_left_out_is_absent_from_the_check_too(full: Cast) -> None:
    owner = full.access("owner")
    warfarin, secret = full.warfarin, full.secret
    _link, token = make_link(owner, left_out=[warfarin, secret])
    text = html.unescape(opened(token).content.decode())
    assert "warfarin" not in text.casefold()
    assert SECRET_NAME not in text
    assert "baclofen" in text
    assert "Something may be left out: please ask." in text
    put(owner, "Later-Added")
    assert "Later-Added" in words(opened(token))


def test_the_page_is_of_this_moment(full: Cast) -> None:
    owner = full.access("owner")
    actions.change_statement(by=owner, uid=full.baclofen.uid, read_version=1, values={"strength": "20 mg"})
    assert "baclofen 20 mg" in words(opened(full.link_token))
    actions.delete_statement(by=owner, uid=full.baclofen.uid)
    assert "baclofen" not in words(opened(full.link_token))
    actions.confirm(by=owner, uids=[full.warfarin.uid], now=timezone.now())
    assert "Confirmed by owner@example.org on" in words(opened(full.link_token))


def test_what_is_hidden_from_a_member_is_seen_as_an_owner_sees_it(full: Cast) -> None:
    assert SECRET_NAME in words(opened(full.link_token))


def test_an_empty_list_says_so(cast: Cast) -> None:
    owner = cast.access("owner")
    for one in (cast.baclofen, cast.warfarin, cast.secret):
        actions.delete_statement(by=owner, uid=one.uid)
    assert "Taken now: nothing is written here." in words(opened(cast.link_token))


def test_its_queries_do_not_grow_with_the_list(cast: Cast) -> None:
    counts = []
    for _round in range(2):
        opened(cast.link_token)
        with CaptureQueriesContext(connection) as queries:
            opened(cast.link_token)
        # Which content is loaded is asked once a second.
        counts.append(sum("monographs_contentversion" not in query["sql"] for query in queries))
        for number in range(8):
            put(cast.access("owner"), "lisinopril", note=str(number))
    assert counts[0] == counts[1]


# --- By whom and how --------------------------------------------------------------------------------------


def test_it_is_read_without_cookie_cache_index_or_referrer(cast: Cast) -> None:
    for token, status in ((cast.link_token, 200), ("no-such-token", 404)):
        response = opened(token)
        assert response.status_code == status
        assert response.cookies == {}
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        text = response.content.decode()
        assert '<meta name="robots" content="noindex' in text
        assert "canonical" not in text
        assert token not in text
        assert "csrfmiddlewaretoken" not in text
        assert "Cookie" not in response.get("Vary", "")


def test_it_is_the_same_page_for_whoever_is_signed_in(cast: Cast) -> None:
    path = reverse("shared", args=[cast.link_token])
    pages = [words(cast.client(who).get(path)) for who in ("signed out", "owner", "stranger")]
    without_the_minute = {re.sub(r"as of .*? Allergies", "", page) for page in pages}
    assert len(without_the_minute) == 1
    assert "Sign out" not in pages[1]


def test_the_cache_of_public_pages_does_not_keep_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(middleware.StoredPage, "of", classmethod(lambda cls, response: kept.append("page")))
    for _time in range(2):
        assert opened(cast.link_token).status_code == opened("no-such-token").status_code - 204 == 200
    assert kept == []
    cast.link.refresh_from_db()
    assert cast.link.opened == 2


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_can_only_be_read(cast: Cast, method: str) -> None:
    response = getattr(cast.client("signed out"), method)(reverse("shared", args=[cast.link_token]))
    assert response.status_code == 405
    cast.link.refresh_from_db()
    assert cast.link.opened == 0


def test_asking_whether_it_is_there_is_no_opening(cast: Cast) -> None:
    response = cast.client("signed out").head(reverse("shared", args=[cast.link_token]))
    assert (response.status_code, response.content) == (200, b"")
    cast.link.refresh_from_db()
    assert (cast.link.opened, cast.link.last_opened_at) == (0, None)


def test_openings_use_nothing_up(cast: Cast) -> None:
    assert {opened(cast.link_token, **{"user-agent": "a-preview-robot"}).status_code for _time in range(30)} == {200}


def test_every_address_that_opens_nothing_gets_the_same_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, now = cast.access("owner"), timezone.now()
    too_old, ended, of_a_deleted_list = (make_link(owner) for _number in range(3))
    ShareLink.objects.filter(pk=too_old[0].pk).update(
        created_at=now - datetime.timedelta(days=2), expires_at=now - datetime.timedelta(seconds=1)
    )
    share_link_actions.end_link(by=owner, uid=ended[0].uid, now=now)
    tokens = [too_old[1], ended[1], "wrong", "x" * 500, too_old[1][:-1], cast.link_token.swapcase(), "\x00", "ü💊"]
    pages = {opened(token).content for token in tokens}
    actions.delete_person(by=owner)
    pages |= {opened(of_a_deleted_list[1]).content}
    [page] = pages
    assert b"It may have ended" in page
    assert b"Ask the patient, or whoever gave you the link, for a new one." in page
    assert b"Rosenquist" not in page


def test_a_link_works_until_its_last_second(cast: Cast) -> None:
    now = timezone.now()
    ShareLink.objects.update(expires_at=now + datetime.timedelta(minutes=1))
    assert opened(cast.link_token).status_code == 200
    ShareLink.objects.update(expires_at=timezone.now())
    assert opened(cast.link_token).status_code == 404


def test_robots_are_told_no_address_of_it(client: Client) -> None:
    assert b"shared" not in client.get("/robots.txt").content
    assert b"shared" not in client.get("/sitemap.xml").content


def test_metrics_name_the_kind_of_page_alone(cast: Cast, settings: Any) -> None:
    settings.METRICS_TOKEN = "t"
    client = cast.client("signed out")
    client.get(reverse("shared", args=[cast.link_token]))
    told = client.get("/metrics", headers={"authorization": "Bearer t"}).content.decode()
    assert 'page="shared"' in told
    assert cast.link_token not in told
