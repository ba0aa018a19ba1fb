"""A list without an account: kept in this browser's session alone, asked about, checked, and moved when wanted."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from medguide.accounts.models import User
from medguide.medicine_lists import guest
from medguide.medicine_lists.access import access_to, people_of
from medguide.medicine_lists.models import MedicationStatement, Person

from .cast import Cast, make_user, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "/lists/try/"


def add(client: Client, name: str, **said: str) -> Any:
    return client.post(ADDRESS, {"name": name, **said})


def medicines(client: Client) -> tuple[guest.GuestMedicine, ...]:
    return guest.guest_list_in(client.session).medicines


def test_nothing_is_kept_of_whoever_only_looks(client: Client) -> None:
    page = client.get(ADDRESS)
    assert page.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in page.cookies
    assert not Session.objects.exists()
    assert b"never longer than 14 days" in page.content
    assert "no-store" in page["Cache-Control"]
    assert client.post("/lists/try/remove/", {"medicine": "x"}).status_code == 302
    assert not Session.objects.exists()


def test_a_medicine_is_kept_until_the_browser_is_closed(client: Client) -> None:
    added = add(client, "Coumadin", what_for="clots", when="1 at night")
    assert added.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
    assert "coumadin" not in added.url.casefold()
    [one] = medicines(client)
    assert (one.name, one.what_for, one.when, one.meant) == ("Coumadin", "clots", "1 at night", "")
    page = client.get(ADDRESS).content.decode()
    for words in ("Coumadin", "For: clots", "1 at night", "We read this as warfarin."):
        assert words in page
    assert not MedicationStatement.objects.exists()
    assert Client(headers={"host": "127.0.0.1"}).get(ADDRESS).context["rows"] == []


def test_a_near_name_is_asked_about(client: Client) -> None:
    asked = add(client, "ibuprofin", when="daily")
    assert b"Which one is it?" in asked.content
    assert b'value="daily"' in asked.content
    assert b"Which one is it?" in add(client, "ibuprofin", meant="warfarin").content
    assert medicines(client) == ()
    add(client, "ibuprofin", meant="ibuprofen")
    add(client, "ibuprofan", meant="none")
    assert [one.meant for one in medicines(client)] == ["ibuprofen", "none"]
    report = client.get(reverse("guest_check")).context["report"]
    assert (report.checked, report.not_checked) == (("ibuprofin",), ("ibuprofan",))


def test_the_check_runs_on_the_list(client: Client) -> None:
    assert client.get(reverse("guest_check")).url == ADDRESS
    for name in ("warfarin", "Xylophonol", "ibuprofen"):
        add(client, name)
    page = client.get(ADDRESS).content.decode()
    assert "1 serious warning" in page
    assert "We do not know this name, so it could not be checked." in page
    report = client.get(reverse("guest_check")).content.decode()
    assert report.index("Could not be checked") < report.index("Serious")
    assert "Xylophonol" in report


def test_one_is_taken_off_again(client: Client) -> None:
    for name in ("warfarin", "ibuprofen"):
        add(client, name)
    client.post(reverse("remove_from_guest_list"), {"medicine": medicines(client)[0].uid})
    assert [one.name for one in medicines(client)] == ["ibuprofen"]
    client.post(reverse("remove_from_guest_list"), {"medicine": "no such"})
    assert [one.name for one in medicines(client)] == ["ibuprofen"]


@pytest.mark.parametrize("name", ["", " ", "a" * 121, "a\0b"])
def test_what_is_no_name_is_sent_back(client: Client, name: str) -> None:
    assert add(client, name).status_code == 422
    assert medicines(client) == ()


def test_sixty_fit(client: Client) -> None:
    for _number in range(guest.MOST_MEDICINES):
        add(client, "warfarin")
    full = add(client, "ibuprofen")
    assert full.status_code == 422
    assert b"60 medicines are the most" in full.content
    assert len(medicines(client)) == guest.MOST_MEDICINES


def signed_in_with_a_list() -> Client:
    """Tried a list first, then signed in: the session goes along."""
    client = Client(headers={"host": "127.0.0.1"})
    add(client, "Coumadin", what_for="clots", when="1 at night")
    add(client, "ibuprofin", meant="ibuprofen")
    add(client, "Xylophonol")
    client.force_login(make_user("guest"))
    return client


def test_whoever_signs_in_is_asked_and_keeps_it_once() -> None:
    client = signed_in_with_a_list()
    request = RequestFactory().get("/")
    request.session = client.session
    words = render_to_string("lists/_guest_waiting.html", request=request)
    assert "You tried a list before you signed in. Keep it?" in words
    assert "Coumadin" in words
    assert not Person.objects.exists()
    kept = client.post(reverse("keep_guest_list"), {"name": "Me"})
    user = User.objects.get(email="guest@example.org")
    [person] = people_of(user)
    assert kept.url == reverse("medicine_list_of", args=[person.uid])
    statements = access_to(user, person.uid).statements.in_order()
    assert [(one.name, one.medicine and one.medicine.slug, one.what_for, one.note) for one in statements] == [
        ("Coumadin", "warfarin", "clots", "When: 1 at night"),
        ("ibuprofin", "ibuprofen", "", ""),
        ("Xylophonol", None, "", ""),
    ]
    assert all(one.schedule == {} for one in statements)
    assert medicines(client) == ()
    assert client.post(reverse("keep_guest_list"), {"name": "Me"}).url == reverse("people")
    assert people_of(user).count() == 1
    request.session = client.session
    assert render_to_string("lists/_guest_waiting.html", request=request).strip() == ""


def test_two_tabs_that_keep_it_at_once_make_one_list() -> None:
    client = signed_in_with_a_list()
    session = client.session
    waiting = session[guest.GUEST_LIST]
    client.post(reverse("keep_guest_list"), {"name": ""})
    session = client.session
    session[guest.GUEST_LIST] = waiting
    session.save()
    client.post(reverse("keep_guest_list"), {"name": "Me"})
    [person] = Person.objects.all()
    assert (person.name, person.statements.count()) == ("Me", 3)


def test_it_can_be_thrown_away() -> None:
    client = signed_in_with_a_list()
    client.post(reverse("keep_guest_list"), {"name": "Me", "throw-away": "1"})
    assert medicines(client) == ()
    assert not Person.objects.exists()


def test_who_is_signed_in_has_lists_that_last(cast: Cast) -> None:
    assert cast.client("owner").get(ADDRESS).url == reverse("people")
    assert cast.client("signed out").post(reverse("keep_guest_list")).url.startswith("/account/login/")
    assert sign_in(cast.owner).post(reverse("keep_guest_list")).url == reverse("people")
