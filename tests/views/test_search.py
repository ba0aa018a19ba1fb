"""Search: by any name, exact first, near only as a question, and any input is an ordinary page."""

import logging

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def text_of(client: Client, query: str) -> str:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("query", "slug"),
    [("baclofen", "baclofen"), ("Tylenol", "acetaminophen"), ("paracetamol", "acetaminophen"), ("profen", "ibuprofen"),
     ("XANAX", "alprazolam"), ("synth", "levothyroxine")],
)  # fmt: skip
def test_found_by_any_name(client: Client, query: str, slug: str) -> None:
    text = text_of(client, query)
    assert f'href="/medicines/{slug}/"' in text
    assert "Did you mean" not in text


@pytest.mark.parametrize(
    ("query", "slug"), [("bacofen", "baclofen"), ("lioresel", "baclofen"), ("tylenoll", "acetaminophen")]
)
def test_near_names_are_asked_about_with_what_they_are_for(client: Client, query: str, slug: str) -> None:
    text = text_of(client, query)
    assert "We do not know that name. Did you mean one of these?" in text
    assert f'href="/medicines/{slug}/"' in text
    assert "For:" in text


def test_a_brand_says_which_medicine_it_is(client: Client) -> None:
    text = text_of(client, "tylenol")
    assert "A name for <strong>acetaminophen</strong>." in text


def test_a_look_alike_is_shown_with_what_it_is_for(client: Client) -> None:
    text = text_of(client, "alprazolam")
    assert "Not the same as" in text
    assert "lorazepam" in text
    assert "anxiety" in text.lower()


def test_nothing_found_says_what_to_try_and_claims_nothing(client: Client) -> None:
    text = text_of(client, "zzyzx")
    assert "What you can try" in text
    assert "That says nothing about the medicine" in text


def test_an_empty_search_asks_for_a_name(client: Client) -> None:
    assert "Type a name" in text_of(client, "  ")
    assert client.get("/search/").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["a" * 10_000, "\x00\x1f\x7f", "'; DROP TABLE x; --", '"><script>alert(1)</script>', "баклофен", "バクロフェン",
     "\u202eneflocab", "{{ 7|add:7 }}", "%00", "😀" * 50],
    ids=["long", "control", "sql", "script", "cyrillic", "katakana", "backwards", "template", "percent", "emoji"],
)  # fmt: skip
def test_any_input_is_an_ordinary_page(client: Client, query: str) -> None:
    text = text_of(client, query)
    assert "<script>alert" not in text
    assert "</html>" in text
    assert client.get("/search/suggest", {"q": query}).status_code == 200


def test_bytes_that_are_no_utf8_are_an_ordinary_page(client: Client) -> None:
    assert client.get("/search/?q=%ff%fe").status_code == 200
    assert client.get("/search/?q=a&q=b").status_code == 200


def test_suggestions(client: Client) -> None:
    [first, *_] = client.get("/search/suggest", {"q": "lior"}).json()["suggestions"]
    assert first == {
        "name": "Lioresal",
        "medicine": "baclofen",
        "generic": False,
        "for": "tight muscles",
        "near": False,
        "url": "/medicines/baclofen/",
    }
    [near] = client.get("/search/suggest", {"q": "bacofen"}).json()["suggestions"]
    assert near["near"] is True
    assert client.get("/search/suggest").json() == {"suggestions": []}


def test_suggestions_by_post_are_the_same_and_need_no_token(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/search/suggest", {"q": "lior"}).json() == client.get("/search/suggest", {"q": "lior"}).json()


def test_one_medicine_is_suggested_once(client: Client) -> None:
    urls = [item["url"] for item in client.get("/search/suggest", {"q": "m"}).json()["suggestions"]]
    assert len(urls) == len(set(urls))


def test_what_was_typed_reaches_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/search/", {"q": "my secret illness"})
        client.post("/search/suggest", {"q": "my secret illness"})
        client.get("/nowhere/", {"q": "my secret illness"})
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("query", "key"), [("allergy", "allergy"), ("Blood pres", "blood-pressure"), ("sleep", "sleep"), ("PAIN", "pain")]
)
def test_what_medicines_are_for_leads_to_their_shelf(client: Client, query: str, key: str) -> None:
    assert f'href="/medicines/#for-{key}"' in text_of(client, query)
    assert f'id="for-{key}"' in client.get("/medicines/").content.decode()


@pytest.mark.parametrize("query", ["and", "baclofen", "leep", "allergy of my cat"])
def test_other_words_lead_to_no_shelf(client: Client, query: str) -> None:
    assert "/medicines/#for-" not in text_of(client, query)
