""" "Add to my list" on a medicine's page: whose list, by whom, and not twice."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from medguide.medicine_lists import actions
from medguide.medicine_lists.access import access_to
from medguide.medicine_lists.models import Hidden, MedicationStatement, Person, Role, Status
from monographs.models import Medicine
from monographs.names import resolve

from .cast import Cast, join, make_user, put, sign_in

pytestmark = pytest.mark.django_db


def at(slug: str) -> str:
    return reverse("add_to_my_list", args=[slug])


def arrive(client: Client, slug: str) -> Any:
    return client.get(at(slug), follow=True)


def another_list(cast: Cast, role: Role) -> Person:
    """A list of the stranger's, at which the owner of the first one has this place."""
    person = actions.create_person(by=cast.stranger, values={"name": "Aunt Zelda"})
    join(person, access_to(cast.stranger, person.uid), cast.owner, role)
    return person


def test_the_page_leads_there_and_stays_the_same_for_everybody(cast: Cast) -> None:
    pages = [cast.client(who).get("/medicines/metformin/") for who in ("owner", "signed out")]
    assert pages[0].content == pages[1].content
    assert f'href="{at("metformin")}"' in pages[0].content.decode()
    assert not pages[0].cookies


def test_every_name_is_understood_as_the_medicine_of_its_page(db: None) -> None:
    known = {one.slug: resolve(one.name).medicine for one in Medicine.objects.published()}
    assert [slug for slug, meant in known.items() if meant is None or meant.slug != slug] == []


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_with_one_list_its_form_is_filled_in(cast: Cast, who: str) -> None:
    page = arrive(cast.client(who), "metformin")
    assert page.redirect_chain == [(reverse("add_statement", args=[cast.person.uid]), 302)]
    assert "Add a medicine for Papa Rosenquist</h1>" in page.content.decode()
    assert (page.context["form"]["name"].value(), page.context["medicine"].slug) == ("metformin", "metformin")
    assert cast.person.statements.count() == 3


def test_what_stands_there_already_is_said_and_not_added(cast: Cast) -> None:
    page = arrive(cast.client("owner"), "baclofen").content.decode()
    assert "<strong>Baclofen is on Papa Rosenquist's list already.</strong>" in page
    assert reverse("statement", args=[cast.person.uid, cast.baclofen.uid]) in page
    said = "is on Papa Rosenquist's list already"
    assert said not in arrive(cast.client("owner"), "metformin").content.decode()
    version = {"read_version": 1, "since": None, "said_by": "", "why": "sleepy", "was_side_effect": True}
    actions.set_status(by=cast.access("owner"), uid=cast.baclofen.uid, status=Status.STOPPED, **version)
    page = arrive(cast.client("owner"), "baclofen").content.decode()
    assert said not in page
    assert "Baclofen was stopped before." in page


def test_what_is_hidden_is_not_given_away(cast: Cast) -> None:
    metformin = put(cast.access("owner"), "metformin")
    actions.hide(by=cast.access("owner"), uid=metformin.uid, user_id=cast.editor.pk, what=Hidden.What.MEDICINE)
    assert "already" in arrive(cast.client("owner"), "metformin").content.decode()
    assert "already" not in arrive(cast.client("editor"), "metformin").content.decode()


def test_with_several_lists_it_asks_whose(cast: Cast) -> None:
    aunt = another_list(cast, Role.EDITOR)
    client = cast.client("owner")
    page = client.get(at("baclofen"))
    words = page.content.decode()
    assert "Whose list?</h1>" in words
    assert "no-store" in page["Cache-Control"]
    assert re.findall(r"<button[^>]*>(Add baclofen[^<]*)</button>", words) == [
        "Add baclofen to Aunt Zelda's list",
        "Add baclofen to Papa Rosenquist's list once more",
    ]
    whose = reverse("add_statement", args=[aunt.uid])
    form = client.post(whose, {"name": "baclofen", "meant": "baclofen"}, follow=True)
    assert "Add a medicine for Aunt Zelda</h1>" in form.content.decode()
    assert form.context["form"]["name"].value() == "baclofen"


def test_a_list_that_one_may_only_look_at_is_not_offered(cast: Cast) -> None:
    another_list(cast, Role.VIEWER)
    assert "Aunt Zelda" not in arrive(cast.client("owner"), "metformin").content.decode()
    page = cast.client("viewer").get(at("metformin")).content.decode()
    assert "You have no list of your own yet" in page
    assert "You can look at Papa Rosenquist's list, and cannot add to it." in html.unescape(page)
    assert "Add metformin to" not in page


def test_the_first_list_begins_with_it() -> None:
    client = sign_in(make_user("new"))
    [start] = re.findall(r'href="(/lists/new/[^"]*)"', client.get(at("metformin")).content.decode())
    form = client.post(start, {"name": "Me", "time_zone": "America/New_York"}, follow=True)
    assert "Add a medicine for Me</h1>" in form.content.decode()
    assert form.context["form"]["name"].value() == "metformin"
    assert not MedicationStatement.objects.exists()
    odd = client.post("/lists/new/?first=no-such-thing", {"name": "You", "time_zone": "America/New_York"})
    assert odd.url == reverse("medicine_list_of", args=[Person.objects.get(name="You").uid])


def test_a_guest_puts_it_on_the_list_of_this_browser_once() -> None:
    client = Client(headers={"host": "127.0.0.1"})
    page = client.get(at("metformin")).content.decode()
    assert f'href="/account/login/?next={at("metformin")}"' in page
    assert "Put metformin on a list without an account" in page
    client.post(reverse("guest_list"), {"name": "Glucophage"})
    page = client.get(at("metformin")).content.decode()
    assert "The list that you try in this browser holds metformin already." in page
    assert "Put metformin on" not in page


@pytest.mark.parametrize("who", ["owner", "signed out"])
def test_what_is_not_in_the_library_is_not_found(cast: Cast, who: str) -> None:
    assert cast.client(who).get(at("no-such-medicine")).status_code == 404
