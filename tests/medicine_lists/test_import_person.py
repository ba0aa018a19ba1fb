"""What a file says about the person: shown, ticked where it overwrites nothing, taken over only where it was ticked."""

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medguide.medicine_lists import actions
from medguide.medicine_lists.access import access_to
from medguide.medicine_lists.exports.as_json import list_data, to_bytes
from medguide.medicine_lists.exports.read import FileError, read_file
from medguide.medicine_lists.models import Person
from monographs.forms import CONDITIONS, SUBSTANCES

from .cast import Cast, sign_in

pytestmark = pytest.mark.django_db

KNOWN: dict[str, Any] = {
    "year_of_birth": 1944, "conditions": ["kidney-trouble", "asthma"], "substances": ["alcohol"], "weight_kg": "70.5",
    "weighed_on": "2026-11-01", "emergency_contact": "Ann, 555-0100",
    "allergies": [{"substance": "penicillin", "reaction": "rash"}, {"substance": "latex", "reaction": ""}],
    "contacts": [{"kind": "doctor", "name": "Dr. Hahn", "phone": "555-0101"}],
}  # fmt: skip


def a_file(**person: Any) -> bytes:
    return json.dumps({"format": "medguide-list", "version": 1, "person": person, "medicines": []}).encode()


def send(client: Client, person: Person, data: bytes) -> Any:
    return client.post(reverse("import_list", args=[person.uid]), {"file": SimpleUploadedFile("a.json", data)})


def ticked(response: Any) -> dict[str, str]:
    return {fact.field: "1" for fact, is_ticked in response.context["preview"].facts if is_ticked}


def decide(client: Client, person: Person, shown: Any, boxes: dict[str, str]) -> Any:
    sealed = shown.context["preview"].sealed
    return client.post(reverse("import_list", args=[person.uid]), {"sealed": sealed, **boxes})


def known_of(person: Person) -> dict[str, Any]:
    """As a file says it, without what a list has of its own."""
    said = list_data(access_to(person.members.get(), person.uid), now=timezone.now())["person"]
    return {key: value for key, value in said.items() if key not in ("name", "time_zone")}


@pytest.fixture
def empty(cast: Cast) -> Person:
    return actions.create_person(by=cast.stranger, values={"name": "Father"})


def test_everything_is_shown_and_taken_over_and_a_hasty_finger_does_it_once(cast: Cast, empty: Person) -> None:
    client = sign_in(cast.stranger)
    shown = send(client, empty, a_file(**KNOWN))
    words = shown.content.decode()
    for said in (
        "Allergic to penicillin (rash)",
        "Doctor: Dr. Hahn (555-0101)",
        "Year of birth: 1944",
        "70.5",
        "kidney",
    ):
        assert said in words
    assert known_of(empty)["allergies"] == []
    for _twice in range(2):
        answer = decide(client, empty, shown, ticked(shown))
        assert answer.status_code == 302
        empty.refresh_from_db()
        assert known_of(empty) == KNOWN
    assert empty.history.filter(verb="changed-person").count() == 1


def test_only_what_was_ticked_is_taken_over(cast: Cast, empty: Person) -> None:
    client = sign_in(cast.stranger)
    shown = send(client, empty, a_file(**KNOWN))
    answer = decide(client, empty, shown, {"about-allergy-1": "1", "about-asthma": "1"})
    empty.refresh_from_db()
    assert (empty.conditions, empty.year_of_birth, empty.substances) == (["asthma"], None, [])
    assert known_of(empty)["allergies"] == [{"substance": "latex", "reaction": ""}]
    assert "2 facts about the person were taken over." in client.get(answer.url).content.decode()


def test_what_is_there_is_neither_doubled_nor_overwritten_unless_asked(cast: Cast, empty: Person) -> None:
    actions.change_person(
        by=access_to(cast.stranger, empty.uid), read_version=1,
        values={"year_of_birth": 1950, "conditions": ["asthma"], "weight_kg": Decimal("80.0")},
        allergies=[{"substance": "Penicillin", "reaction": "could not breathe"}], contacts=None,
    )  # fmt: skip
    client = sign_in(cast.stranger)
    shown = send(client, empty, a_file(**KNOWN))
    facts = {fact.key: fact for fact, _ in shown.context["preview"].facts}
    assert {"allergy-0", "asthma"} & set(facts) == set()
    assert facts["year_of_birth"].now == "1950"
    assert "in place of 1950" in shown.content.decode()
    assert "about-year_of_birth" not in ticked(shown)
    decide(client, empty, shown, {**ticked(shown), "about-year_of_birth": "1"})
    empty.refresh_from_db()
    assert (empty.year_of_birth, empty.weight_kg) == (1944, Decimal("80.0"))
    assert {"substance": "Penicillin", "reaction": "could not breathe"} in known_of(empty)["allergies"]
    assert len(known_of(empty)["allergies"]) == 2


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ("Papa", "cannot be read"),
        ({"year_of_birth": 1492}, "Year of birth"),
        ({"year_of_birth": "long ago"}, "Year of birth"),
        ({"weight_kg": "9000"}, "Weight in kg"),
        ({"weighed_on": "3026-01-01"}, "Weighed on"),
        ({"conditions": ["witchcraft"]}, "witchcraft"),
        ({"allergies": "penicillin"}, "cannot be read"),
        ({"allergies": [{"substance": "a, b"}]}, "comma"),
        ({"allergies": [{"substance": ""}]}, "Number 1"),
        ({"allergies": [{"substance": 7}]}, "no text"),
        ({"allergies": [{"substance": "x" * 121}]}, "Number 1"),
        ({"allergies": [{"substance": "a"}] * 41}, "cannot be read"),
        ({"contacts": [{"kind": "priest", "name": "Father Brown"}]}, "Number 1"),
        ({"shoe_size": 44}, "shoe_size"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_of_it_taken(person: Any, says: str) -> None:
    data = json.dumps(
        {"format": "medguide-list", "version": 1, "person": person, "medicines": [{"name": "ibuprofen"}]}
    ).encode()
    reading = read_file(data)
    assert [problem for problem in reading.problems if says in problem.message and problem.place == "About the person"]
    assert len(reading.proposed) == 1


def test_a_file_with_nothing_in_it_is_said_to_be_empty() -> None:
    with pytest.raises(FileError, match="No medicine stands in this file"):
        read_file(a_file(name="Papa", time_zone="UTC"))


letters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters=",")
plain = st.text(letters, min_size=1, max_size=60).map(str.strip).filter(bool)
allergies = st.fixed_dictionaries({"substance": plain, "reaction": st.just("") | plain})
people = st.fixed_dictionaries(
    {
        "year_of_birth": st.none() | st.integers(1890, 2026),
        "conditions": st.lists(st.sampled_from([key for key, _ in CONDITIONS]), unique=True),
        "substances": st.lists(st.sampled_from([key for key, _ in SUBSTANCES]), unique=True),
        "weight_kg": st.none() | st.decimals("0.2", 650, places=1),
        "weighed_on": st.none() | st.dates(datetime.date(1990, 1, 1), datetime.date(2026, 1, 1)),
        "emergency_contact": st.just("") | plain,
    }
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=people, allergic=st.lists(allergies, max_size=3))
def test_a_person_comes_back_in_as_they_went_out(cast: Cast, values: dict[str, Any], allergic: Any) -> None:
    person = actions.create_person(by=cast.stranger, values={"name": "one"})
    access = access_to(cast.stranger, person.uid)
    actions.change_person(by=access, read_version=1, values=values, allergies=allergic, contacts=[])
    data = list_data(access_to(cast.stranger, person.uid), now=timezone.now())
    reading = read_file(to_bytes({**data, "medicines": [{"name": "ibuprofen"}]}))
    assert reading.problems == ()
    assert list(reading.about.allergies) == allergic
    assert reading.about.values == {name: value for name, value in values.items() if value}
