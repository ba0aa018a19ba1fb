"""All lists of a user; what is known of a person; starting, changing, deleting and bringing back."""

import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medguide.medicine_lists import actions, people_actions, sharing_actions
from medguide.medicine_lists.access import access_to
from medguide.medicine_lists.models import Contact, Invitation, Membership, Person, Role
from medguide.medicine_lists.people_rows import lists_of
from medguide.medicine_lists.person_form import WholePersonForm, initial_of_person, what_stands_now

from .cast import Cast, make_user, put, sign_in

pytestmark = pytest.mark.django_db

ALL = {
    "name": "  Mama   Rosenquist ",
    "year_of_birth": "1951",
    "conditions": ["kidney-trouble", "glaucoma"],
    "substances": ["alcohol"],
    "allergies": "penicillin, rash, and itching\n\n  latex  ",
    "doctors": "Dr. Hahn, 555 0100",
    "pharmacies": "Main Street",
    "emergency_contact": "Ben, 555 0199",
    "weight_kg": "70,5",
    "weighed_on": "2026-11-01",
    "time_zone": "america/los angeles",
}


def told(response: Any) -> str:
    return " ".join(response.content.decode().split())


def sent(access: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form as it stands."""
    shown = {name: value for name, value in initial_of_person(access.person).items() if value is not None}
    return {**shown, **changes}


# --- All lists --------------------------------------------------------------------------------------------


def test_each_list_says_whose_it_is_what_one_may_do_and_how_much_is_taken(cast: Cast) -> None:
    for who, role, count in (
        ("owner", "You can do everything, sharing too.", "3 medicines are taken now"),
        ("editor", "You can look and change.", "2 medicines are taken now"),
        ("viewer", "You can look.", "2 medicines are taken now"),
    ):
        response = cast.client(who).get(reverse("people"))
        page = told(response)
        assert (response.status_code, response["Cache-Control"].split(",")[0]) == (200, "max-age=0")
        assert "no-store" in response["Cache-Control"]
        assert "<title>My lists · MedGuide</title>" in page
        assert "Papa Rosenquist's medicines" in page
        assert role in page
        assert count in page


def test_the_count_leaves_out_what_is_not_taken_deleted_or_of_others(cast: Cast) -> None:
    owner = cast.access("owner")
    other = actions.create_person(by=cast.owner, values={"name": "Me"})
    put(access_to(cast.owner, other.uid), "ibuprofen")
    actions.delete_statement(by=owner, uid=cast.warfarin.uid)
    assert [(row.person.name, row.taking) for row in lists_of(cast.owner)] == [("Me", 1), ("Papa Rosenquist", 2)]
    assert [(row.person.name, row.taking) for row in lists_of(cast.viewer)] == [("Papa Rosenquist", 1)]


@pytest.mark.parametrize("who", ["stranger", "revoked", "expired"])
def test_who_sees_no_list_is_told_what_to_do(cast: Cast, who: str) -> None:
    page = told(cast.client(who).get(reverse("people")))
    assert "You have no list yet." in page
    assert "Start a list" in page
    assert "Rosenquist" not in page


def test_the_page_of_lists_asks_as_often_whatever_their_number(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        actions.create_person(by=cast.owner, values={"name": f"person {number}"})
    client = cast.client("owner")
    with django_assert_max_num_queries(8):
        client.get(reverse("people"))


def test_signed_out_one_is_asked_to_sign_in(cast: Cast) -> None:
    for name in ("people", "new_person"):
        response = cast.client("signed out").get(reverse(name))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_an_open_invitation_is_named_and_accepted_without_its_letter(cast: Cast) -> None:
    client = sign_in(make_user("new"))
    page = told(client.get(reverse("people")))
    assert "owner@example.org invites you to a medicine list. Whoever accepts can look." in page
    assert "Rosenquist" not in page  # whose it is, is told to whoever accepts
    uid = Invitation.objects.get(email="new@example.org").uid
    response = client.post(reverse("accept_invitation", args=[uid]))
    assert response["Location"] == reverse("medicine_list_of", args=[cast.person.uid])
    assert "You can now see Papa Rosenquist&#x27;s list." in told(client.get(reverse("people")))
    assert client.post(reverse("accept_invitation", args=[uid])).status_code == 404


def test_an_invitation_is_accepted_by_its_address_alone_and_in_its_time(cast: Cast) -> None:
    uid = Invitation.objects.get(email="new@example.org").uid
    assert cast.client("stranger").post(reverse("accept_invitation", args=[uid])).status_code == 404
    assert cast.client("stranger").get(reverse("accept_invitation", args=[uid]))["Location"] == reverse("people")
    too_old = Invitation.objects.get(email="expired@example.org").uid
    assert cast.client("expired").post(reverse("accept_invitation", args=[too_old])).status_code == 404
    assert not Membership.objects.filter(user__in=[cast.stranger, cast.expired]).exists()


# --- A new list -------------------------------------------------------------------------------------------


def test_a_list_is_started_with_a_name_alone(cast: Cast) -> None:
    client = cast.client("stranger")
    page = told(client.get(reverse("new_person")))
    assert "<title>Start a list · MedGuide</title>" in page
    response = client.post(reverse("new_person"), {"name": "Me", "sent_as": str(uuid4())})
    person = Person.objects.get(name="Me")
    assert response["Location"] == reverse("medicine_list_of", args=[person.uid])
    assert [event.verb for event in person.history.all()] == ["created"]
    assert person.time_zone == "America/New_York"


def test_everything_that_was_typed_is_kept(cast: Cast) -> None:
    cast.client("stranger").post(reverse("new_person"), {**ALL, "sent_as": str(uuid4())})
    person = Person.objects.get(name="Mama Rosenquist")
    assert (person.year_of_birth, person.weight_kg) == (1951, Decimal("70.5"))
    assert (person.conditions, person.substances) == (["kidney-trouble", "glaucoma"], ["alcohol"])
    assert (person.weighed_on, person.time_zone) == (datetime.date(2026, 11, 1), "America/Los_Angeles")
    assert list(person.allergies.values_list("substance", "reaction")) == [
        ("penicillin", "rash, and itching"),
        ("latex", ""),
    ]
    assert list(person.contacts.values_list("kind", "name", "phone")) == [
        ("doctor", "Dr. Hahn", "555 0100"),
        ("pharmacy", "Main Street", ""),
    ]
    form = WholePersonForm(sent(access_to(cast.stranger, person.uid)))
    assert form.is_valid()
    assert form.values()["name"] == "Mama Rosenquist"
    assert form.allergy_rows()[0] == {"substance": "penicillin", "reaction": "rash, and itching"}
    assert form.contact_rows()[1] == {"name": "Main Street", "phone": "", "kind": Contact.Kind.PHARMACY}


def test_a_form_sent_twice_starts_one_list(cast: Cast) -> None:
    client = cast.client("stranger")
    data = {"name": "Me", "allergies": "latex", "sent_as": str(uuid4())}
    first = client.post(reverse("new_person"), data)
    again = client.post(reverse("new_person"), data)
    assert first["Location"] == again["Location"]
    assert Person.objects.filter(name="Me").count() == 1
    cast.client("owner").post(reverse("new_person"), data)  # the same number from somebody else is no matter
    assert Person.objects.filter(name="Me").count() == 2


def test_two_sent_at_the_same_moment_start_one_list(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sent_as = uuid4()
    start = {"by": cast.stranger, "values": {"name": "Me"}, "allergies": [], "contacts": [], "sent_as": sent_as}
    person = people_actions.start_list(**start)
    monkeypatch.setattr(people_actions, "_started", lambda by, uid: None)  # neither saw the other's
    assert people_actions.start_list(**start) == person
    assert Person.objects.filter(name="Me").count() == 1


def test_a_form_sent_again_after_its_list_was_deleted_starts_nothing(cast: Cast) -> None:
    client = cast.client("stranger")
    data = {"name": "Me", "sent_as": str(uuid4())}
    client.post(reverse("new_person"), data)
    actions.delete_person(by=access_to(cast.stranger, Person.objects.get(name="Me").uid))
    assert client.post(reverse("new_person"), data)["Location"] == reverse("people")
    assert Person.objects.filter(name="Me").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "This field is required."),
        ("year_of_birth", "2099", "That year is still to come. Check it."),
        ("weighed_on", "2030-01-01", "That day is still to come. Check it."),
        ("weight_kg", "0.1", "Write the weight in kilograms, between 0.2 and 650."),
        ("weight_kg", "651", "Write the weight in kilograms, between 0.2 and 650."),
        ("time_zone", "Mars", "We do not know this time zone."),
        ("allergies", "latex\n, rash", "Line 2 begins with a comma."),
        ("allergies", "x" * 121, "Line 1 is too long: at most 120 letters before the comma, 200 behind."),
        ("doctors", "Dr. Hahn, " + "5" * 41, "Line 1 is too long: at most 120 letters before the comma, 40 behind."),
        ("pharmacies", "a\n" * 41, "These are more than 40 lines."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cast: Cast, field: str, value: str, sentence: str) -> None:
    data = {**ALL, "name": "Somebody", field: value}
    response = cast.client("stranger").post(reverse("new_person"), data)
    page = told(response)
    assert response.status_code == 422
    assert "<title>Error: Start a list · MedGuide</title>" in page
    assert sentence in page
    assert "Ben, 555 0199" in page
    assert not Person.objects.filter(name="Somebody").exists()


def test_a_form_that_was_typed_before_signing_in_again_is_still_there(cast: Cast) -> None:
    client = cast.client("signed out")
    client.post(reverse("new_person"), {"name": "Tante Agathe", "sent_as": str(uuid4())})
    client.force_login(cast.stranger)
    page = told(client.get(reverse("new_person")))
    assert 'value="Tante Agathe"' in page
    assert not Person.objects.filter(name="Tante Agathe").exists()


# --- What is known of a person ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["viewer", "revoked", "expired", "stranger"])
def test_others_cannot_change_what_is_known(cast: Cast, who: str) -> None:
    url = reverse("edit_person", args=[cast.person.uid])
    assert cast.client(who).get(url).status_code == 404
    assert cast.client(who).post(url, {"name": "x", "version": 1}).status_code == 404
    cast.person.refresh_from_db()
    assert cast.person.name == "Papa Rosenquist"


def test_an_editor_changes_what_is_known(cast: Cast) -> None:
    client, access = cast.client("editor"), cast.access("editor")
    url = reverse("edit_person", args=[cast.person.uid])
    page = told(client.get(url))
    assert "<title>About Papa Rosenquist · Papa Rosenquist · MedGuide</title>" in page
    assert "Delete the whole list" not in page
    response = client.post(url, sent(access, allergies="latex, rash", weight_kg="70"))
    assert response["Location"] == reverse("medicine_list_of", args=[cast.person.uid])
    cast.person.refresh_from_db()
    assert (cast.person.version, cast.person.weight_kg) == (2, Decimal(70))
    assert cast.person.allergies.get().reaction == "rash"
    assert "latex, rash" in told(client.get(url))


def test_what_somebody_saved_in_between_is_shown_beside_what_was_typed(cast: Cast) -> None:
    url = reverse("edit_person", args=[cast.person.uid])
    opened = sent(cast.access("editor"))
    cast.client("owner").post(url, sent(cast.access("owner"), allergies="latex", conditions=["glaucoma"]))
    client = cast.client("editor")
    response = client.post(url, {**opened, "allergies": "penicillin", "emergency_contact": "Ben"})
    page = told(response)
    assert response.status_code == 409
    assert "<title>Error: About Papa Rosenquist" in page
    assert "Somebody else saved this while you wrote." in page
    assert "<dd><p>latex</p></dd>" in page or "<dd>latex</dd>" in page
    assert "<dd>Glaucoma</dd>" in page
    assert "penicillin" in page
    cast.person.refresh_from_db()
    assert cast.person.emergency_contact == ""
    again = client.post(url, {**opened, "allergies": "penicillin\nlatex", "version": "2"})
    assert again.status_code == 302
    assert cast.person.allergies.count() == 2


def test_only_what_differs_is_shown(cast: Cast) -> None:
    form = WholePersonForm(sent(cast.access("owner"), doctors="Dr. Hahn"))
    assert what_stands_now(form, cast.person) == [("Doctors", "")]


def test_what_was_typed_wrongly_is_said(cast: Cast) -> None:
    url = reverse("edit_person", args=[cast.person.uid])
    response = cast.client("owner").post(url, sent(cast.access("owner"), time_zone="Mars"))
    assert response.status_code == 422
    assert "Write it as America/New_York or Europe/Berlin, or leave it empty." in told(response)


# --- Deleting and bringing back ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "viewer", "revoked", "expired", "stranger"])
def test_only_an_owner_deletes_a_list_and_brings_it_back(cast: Cast, who: str) -> None:
    delete, restore = (reverse(name, args=[cast.person.uid]) for name in ("delete_person", "restore_person"))
    assert cast.client(who).get(delete).status_code == 404
    assert cast.client(who).post(delete).status_code == 404
    assert Person.objects.kept().filter(pk=cast.person.pk).exists()
    actions.delete_person(by=cast.access("owner"))
    assert "Papa Rosenquist" not in told(cast.client(who).get(reverse("people")))
    assert cast.client(who).post(restore).status_code == 404
    assert not Person.objects.kept().filter(pk=cast.person.pk).exists()


def test_a_list_is_deleted_after_asking_and_comes_back(cast: Cast) -> None:
    client = cast.client("owner")
    asked = told(client.get(reverse("delete_person", args=[cast.person.uid])))
    assert "Delete Papa Rosenquist's whole list?" in asked
    assert "2 other people who see it will see it no more." in asked
    assert Person.objects.kept().filter(pk=cast.person.pk).exists()
    response = client.post(reverse("delete_person", args=[cast.person.uid]), follow=True)
    page = told(response)
    assert "Papa Rosenquist&#x27;s list is deleted. You can bring it back for 30 days." in page
    assert "Bring back Papa Rosenquist's list" in page
    for who in ("owner", "editor", "viewer"):
        assert cast.client(who).get(reverse("medicine_list_of", args=[cast.person.uid])).status_code == 404
    assert client.get(reverse("restore_person", args=[cast.person.uid]))["Location"] == reverse("people")
    client.post(reverse("restore_person", args=[cast.person.uid]))
    assert cast.client("viewer").get(reverse("medicine_list_of", args=[cast.person.uid])).status_code == 200


def test_after_thirty_days_it_does_not_come_back(cast: Cast) -> None:
    actions.delete_person(by=cast.access("owner"))
    Person.objects.filter(pk=cast.person.pk).update(deleted_at=timezone.now() - datetime.timedelta(days=31))
    client = cast.client("owner")
    assert "Papa Rosenquist" not in told(client.get(reverse("people")))
    assert client.post(reverse("restore_person", args=[cast.person.uid])).status_code == 404


def test_an_invitation_to_a_deleted_list_is_neither_named_nor_accepted(cast: Cast) -> None:
    actions.delete_person(by=cast.access("owner"))
    client = sign_in(make_user("new"))
    assert "You are invited" not in told(client.get(reverse("people")))
    uid = Invitation.objects.get(email="new@example.org").uid
    assert client.post(reverse("accept_invitation", args=[uid])).status_code == 404


def test_who_becomes_an_owner_by_a_letter_sees_what_was_hidden(cast: Cast) -> None:
    invitation, _token = sharing_actions.invite(by=cast.access("owner"), email=cast.viewer.email, role=Role.OWNER)
    sharing_actions.accept_own(user=cast.viewer, uid=invitation.uid)
    assert cast.secret in cast.access("viewer").statements
    assert not cast.secret.hidden_from.filter(user=cast.viewer).exists()


def test_a_forged_form_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    client.force_login(cast.owner)
    assert client.post(reverse("delete_person", args=[cast.person.uid])).status_code == 403
    assert Person.objects.kept().filter(pk=cast.person.pk).exists()
