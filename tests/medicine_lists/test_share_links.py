"""Links for a doctor or a hospital, as their owner makes, reads and ends them; and what ends them by itself."""

import datetime
import html
import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medguide.medicine_lists import actions, share_link_actions, sharing_actions
from medguide.medicine_lists.models import Role, ShareLink, Verb
from medguide.medicine_lists.views import share_links

from .cast import Cast, make_link, sign_in
from .test_delete_account import delete, everything_stored, just_signed_in

pytestmark = pytest.mark.django_db

CHOSEN = {"lasts": "3", "shows": ["what-for", "allergies"], "nonce": "n" * 43, "label": "Dr. Ode"}
A_MINUTE, A_DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


def told(response: Any) -> str:
    return html.unescape(" ".join(response.content.decode().split()))


def url(cast: Cast, name: str, *args: Any) -> str:
    return reverse(name, args=[cast.person.uid, *args])


def shared(token: str) -> Any:
    return Client(headers={"host": "127.0.0.1"}).get(reverse("shared", args=[token]))


def made(client: Client, cast: Cast, **changes: Any) -> Any:
    """The page to which the form leads."""
    return client.post(url(cast, "new_link"), CHOSEN | changes, follow=True)


def token_on(response: Any) -> str:
    [found_token] = re.findall(r'id="link-address">http://127\.0\.0\.1:8000/shared/([\w-]{43})/</p>', told(response))
    return str(found_token)


def new_ones(cast: Cast) -> list[ShareLink]:
    return list(cast.person.share_links.exclude(pk=cast.link.pk))


# --- Making one -------------------------------------------------------------------------------------------


def test_a_link_is_made_and_its_address_opens_the_list(cast: Cast) -> None:
    response = made(cast.client("owner"), cast)
    assert "Anyone who has this address can read the list until" in told(response)
    assert '<svg class="qr"' in told(response)
    [link] = new_ones(cast)
    assert (link.label, link.shows, link.expires_at - link.created_at) == (
        "Dr. Ode",
        ["what-for", "allergies"],
        3 * A_DAY,
    )
    assert shared(token_on(response)).status_code == 200
    event = cast.person.history.filter(verb=Verb.LINK_MADE).first()
    assert (event.actor_id, event.changes[0]["after"]) == (cast.owner.pk, "Dr. Ode")


def test_the_form_begins_with_the_shortest_time_and_without_what_is_about_others(cast: Cast) -> None:
    page = told(cast.client("owner").get(url(cast, "new_link")))
    assert re.findall(r'name="lasts" value="(\d+)"[^>]* checked', page) == ["1"]
    assert set(re.findall(r'name="shows" value="([\w-]+)"[^>]* checked', page)) == {
        "what-for", "allergies", "check", "stopped",
    }  # fmt: skip
    assert not re.search(r'name="left_out"[^>]* checked', page)
    assert "Anyone who has the address can read the page for as long as it works." in page


@pytest.mark.parametrize("days", [1, 3, 7, 30])
def test_each_time_that_is_offered_is_kept(cast: Cast, days: int) -> None:
    made(cast.client("owner"), cast, lasts=str(days))
    [link] = new_ones(cast)
    assert link.expires_at - link.created_at == days * A_DAY


@pytest.mark.parametrize(
    "changes",
    [
        {"lasts": "31"}, {"lasts": "0"}, {"lasts": ""}, {"lasts": "-1"}, {"shows": ["everything"]},
        {"left_out": [str(uuid4())]}, {"left_out": ["x"]}, {"label": "x" * 81}, {"nonce": "x" * 65},
    ],
)  # fmt: skip
def test_what_is_not_offered_makes_no_link(cast: Cast, changes: dict[str, Any]) -> None:
    response = made(cast.client("owner"), cast, **changes)
    assert response.status_code == 422
    assert "<title>Error:" in told(response)
    assert new_ones(cast) == []


def test_no_other_time_can_be_asked_for_past_the_form(cast: Cast) -> None:
    with pytest.raises(ValueError, match="31"):
        make_link(cast.access("owner"), days=31)


def test_a_medicine_of_another_list_cannot_be_left_out(cast: Cast) -> None:
    other = actions.create_person(by=cast.owner, values={"name": "Other"})
    elsewhere = actions.add_statement(by=actions.Access(cast.owner, other, Role.OWNER), values={"name": "Elsewherol"})
    assert made(cast.client("owner"), cast, left_out=[str(elsewhere.uid)]).status_code == 422


@pytest.mark.parametrize("nonce", ["n" * 43, ""])
def test_a_token_is_of_32_bytes_and_nobody_computes_it_from_what_was_sent(cast: Cast, nonce: str) -> None:
    token = token_on(made(cast.client("owner"), cast, nonce=nonce))
    assert len(token) == 43
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SECRET_KEY", "another")
        assert token_on(made(cast.client("owner"), cast, nonce=nonce)) != token


def test_neither_database_nor_session_holds_a_token_or_its_address(cast: Cast) -> None:
    token = token_on(made(cast.client("owner"), cast))
    stored = everything_stored()
    assert token.lower() not in stored
    assert cast.link_token.lower() not in stored
    assert ShareLink.objects.filter(token_hash=share_link_actions._hash(token)).exists()


def test_the_same_form_sent_twice_is_one_link_with_one_address(cast: Cast) -> None:
    client = cast.client("owner")
    tokens = {token_on(made(client, cast)) for _time in range(3)}
    assert len(tokens) == len(new_ones(cast)) == 1
    assert cast.person.history.filter(verb=Verb.LINK_MADE).count() == 2  # and the cast's


def test_a_form_that_was_changed_before_it_was_sent_again_is_another_link(cast: Cast) -> None:
    client = cast.client("owner")
    tokens = {token_on(made(client, cast, **changes)) for changes in ({}, {"lasts": "7"}, {"shows": []}, {"label": ""})}
    assert len(tokens) == len(new_ones(cast)) == 4


def test_the_same_form_after_its_link_was_ended_brings_nothing_back(cast: Cast) -> None:
    client = cast.client("owner")
    token = token_on(made(client, cast))
    client.post(url(cast, "end_link", new_ones(cast)[0].uid))
    again = made(client, cast)
    assert "This link does not work any more." in told(again)
    assert "/shared/" not in told(again)
    assert shared(token).status_code == 404


def test_two_owners_with_the_same_words_have_two_links(cast: Cast) -> None:
    sharing_actions.change_role(by=cast.access("owner"), user_id=cast.editor.pk, role=Role.OWNER)
    assert token_on(made(cast.client("owner"), cast)) != token_on(made(cast.client("editor"), cast))


def test_an_address_outlives_a_reload_but_not_half_an_hour_or_the_browser(cast: Cast) -> None:
    client = cast.client("owner")
    token = token_on(made(client, cast))
    page = url(cast, "share_link", new_ones(cast)[0].uid)
    assert token_on(client.get(page)) == token
    assert "You made a link a moment ago." in told(client.get(url(cast, "new_link")))
    elsewhere = told(cast.client("owner").get(page))
    assert "The address of this link is not kept, so it cannot be shown again." in elsewhere
    assert "/shared/" not in elsewhere
    for moved in (-share_links.SHOWN_FOR, A_DAY):  # half an hour later; or a clock was ahead, and was set back
        made(client, cast)
        session = client.session
        session[share_links.MADE]["until"] += moved.total_seconds()
        session.save()
        assert "it cannot be shown again" in told(client.get(page))
        assert share_links.MADE not in client.session


def test_the_address_of_one_link_is_not_on_the_page_of_another(cast: Cast) -> None:
    client = cast.client("owner")
    made(client, cast)
    assert "/shared/" not in told(client.get(url(cast, "share_link", cast.link.uid)))


def test_too_many_links_are_refused_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_link_actions, "MOST_WORKING_LINKS", 1)
    response = made(cast.client("owner"), cast)
    assert response.status_code == 422
    assert "So many links work already." in told(response)
    share_link_actions.end_link(by=cast.access("owner"), uid=cast.link.uid, now=timezone.now())
    assert token_on(made(cast.client("owner"), cast))


def test_making_and_ending_ask_who_it_is_again(cast: Cast) -> None:
    cast.owner.set_password("a long enough passphrase")
    cast.owner.save()
    client = sign_in(cast.owner)
    for address, data in ((url(cast, "new_link"), CHOSEN), (url(cast, "end_link", cast.link.uid), {})):
        assert client.get(address).status_code == 200
        assert client.post(address, data)["Location"].startswith(reverse("account_reauthenticate"))
    assert new_ones(cast) == []
    assert shared(cast.link_token).status_code == 200
    asked = client.post(url(cast, "new_link"), CHOSEN)
    response = client.post(asked["Location"], {"password": "a long enough passphrase"}, follow=True)
    assert shared(token_on(response)).status_code == 200


def test_a_form_outlives_signing_in_again(cast: Cast) -> None:
    client = cast.client("signed out")
    client.post(url(cast, "new_link"), CHOSEN)
    assert new_ones(cast) == []
    session = client.session
    client.force_login(cast.owner)
    assert session
    page = told(client.get(url(cast, "new_link")))
    assert 'value="Dr. Ode"' in page
    assert re.findall(r'name="lasts" value="(\d+)"[^>]* checked', page) == ["3"]


# --- Reading and ending -----------------------------------------------------------------------------------


def test_the_page_of_sharing_says_what_is_seen_until_when_and_how_often_it_was_opened(cast: Cast) -> None:
    client = cast.client("owner")
    page = told(client.get(url(cast, "sharing")))
    assert "Dr. Hahn" in page
    assert "Works until" in page
    assert "Not opened yet" in page
    shared(cast.link_token)
    assert "Opened once, on" in told(client.get(url(cast, "sharing")))
    shared(cast.link_token)
    page = told(client.get(url(cast, "sharing")))
    assert "Opened 2 times, last on" in page
    assert "whom to call in an emergency" in page
    assert url(cast, "end_link", cast.link.uid) in page


def test_a_link_without_a_name_is_called_by_when_it_was_made(cast: Cast) -> None:
    link, _token = make_link(cast.access("owner"), shows=[])
    page = told(cast.client("owner").get(url(cast, "sharing")))
    assert "Link of " in page
    assert "Seen besides the medicines: nothing" in page
    assert link.label == ""


def test_times_are_those_of_the_person(cast: Cast) -> None:
    actions.change_person(by=cast.access("owner"), read_version=1, values={"time_zone": "Asia/Tokyo"})
    assert re.search(
        r"Works until \w+\.? \d+, \d{4}, [\w:. ]+ JST", told(cast.client("owner").get(url(cast, "sharing")))
    )
    assert re.search(r"until \w+\.? \d+, \d{4}, [\w:. ]+ JST", told(shared(cast.link_token)))


def test_a_link_is_ended_after_asking_and_at_once(cast: Cast) -> None:
    client = cast.client("owner")
    assert "End this link: Dr. Hahn?" in told(client.get(url(cast, "end_link", cast.link.uid)))
    assert shared(cast.link_token).status_code == 200
    for _time in range(2):  # pressed twice it is ended once
        response = client.post(url(cast, "end_link", cast.link.uid))
        assert response["Location"] == url(cast, "sharing")
    assert shared(cast.link_token).status_code == 404
    page = told(client.get(url(cast, "sharing")))
    assert "The link is ended. Its address opens nothing any more." in page
    assert "Links that do not work any more" in page
    assert url(cast, "end_link", cast.link.uid) not in page
    assert "This link does not work any more" in told(client.get(url(cast, "end_link", cast.link.uid)))
    assert cast.person.history.filter(verb=Verb.LINK_ENDED, actor_id=cast.owner.pk).count() == 1


def test_another_owner_sees_and_ends_it(cast: Cast) -> None:
    sharing_actions.change_role(by=cast.access("owner"), user_id=cast.editor.pk, role=Role.OWNER)
    client = cast.client("editor")
    assert "Dr. Hahn" in told(client.get(url(cast, "sharing")))
    client.post(url(cast, "end_link", cast.link.uid))
    assert shared(cast.link_token).status_code == 404


def test_a_link_of_another_list_is_not_there(cast: Cast) -> None:
    other = actions.create_person(by=cast.owner, values={"name": "Other"})
    client = cast.client("owner")
    for name in ("share_link", "end_link"):
        path = reverse(name, args=[other.uid, cast.link.uid])
        assert client.get(path).status_code == 404
    assert client.post(reverse("end_link", args=[other.uid, cast.link.uid])).status_code == 404
    assert shared(cast.link_token).status_code == 200


@pytest.mark.parametrize("who", ["editor", "viewer", "revoked", "expired", "stranger"])
def test_nobody_else_makes_reads_or_ends_one(cast: Cast, who: str) -> None:
    client = cast.client(who)
    assert client.post(url(cast, "new_link"), CHOSEN).status_code == 404
    assert client.post(url(cast, "end_link", cast.link.uid)).status_code == 404
    assert client.get(url(cast, "share_link", cast.link.uid)).status_code == 404
    assert new_ones(cast) == []
    assert shared(cast.link_token).status_code == 200


# --- What ends it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["revoked", "demoted", "left", "account"])
def test_a_link_ends_with_the_owning_of_whoever_made_it_and_for_good(cast: Cast, end: str) -> None:
    owner = cast.access("owner")
    sharing_actions.change_role(by=owner, user_id=cast.editor.pk, role=Role.OWNER)
    _link, token = make_link(cast.access("editor"))
    assert shared(token).status_code == 200
    if end == "revoked":
        sharing_actions.revoke(by=owner, user_id=cast.editor.pk)
    elif end == "demoted":
        sharing_actions.change_role(by=owner, user_id=cast.editor.pk, role=Role.EDITOR)
        sharing_actions.change_role(by=owner, user_id=cast.editor.pk, role=Role.OWNER)
    elif end == "left":
        sharing_actions.leave(by=cast.access("editor"))
    else:
        delete(just_signed_in(cast.editor), cast.editor.email)
    assert shared(token).status_code == 404
    assert shared(cast.link_token).status_code == 200  # those of others still work


def test_a_link_does_not_open_where_its_maker_owns_no_more_whatever_its_row_says(cast: Cast) -> None:
    cast.person.memberships.filter(user=cast.owner).update(role=Role.EDITOR)
    assert shared(cast.link_token).status_code == 404


def test_a_list_that_was_deleted_and_brought_back_has_no_links_that_work(cast: Cast) -> None:
    owner = cast.access("owner")
    actions.delete_person(by=owner)
    assert shared(cast.link_token).status_code == 404
    actions.restore_person(by=owner)
    assert cast.client("owner").get(url(cast, "sharing")).status_code == 200
    assert shared(cast.link_token).status_code == 404


def test_an_erased_person_and_a_deleted_account_leave_no_link(cast: Cast) -> None:
    make_link(cast.access("owner"), left_out=[cast.baclofen], label="Dr. Zweig")
    assert "dr. zweig" in everything_stored()
    delete(just_signed_in(cast.owner), cast.owner.email)
    assert not ShareLink.objects.exists()
    assert "dr. zweig" not in everything_stored()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM medicine_lists_sharelink_left_out")
        assert cursor.fetchone()[0] == 0


def test_links_that_ended_long_ago_are_purged_and_others_are_not(cast: Cast) -> None:
    owner, now = cast.access("owner"), timezone.now()
    long_ago = {"created_at": now - 40 * A_DAY, "expires_at": now - 31 * A_DAY}
    gone = [make_link(owner)[0] for _number in range(2)]
    ShareLink.objects.filter(pk=gone[0].pk).update(**long_ago)
    ShareLink.objects.filter(pk=gone[1].pk).update(ended_at=now - 31 * A_DAY)
    kept = [make_link(owner)[0] for _number in range(2)]
    ShareLink.objects.filter(pk=kept[0].pk).update(created_at=now - 9 * A_DAY, expires_at=now - A_DAY)
    ShareLink.objects.filter(pk=kept[1].pk).update(ended_at=now - A_DAY)
    call_command("purge_deleted", verbosity=0, stdout=io.StringIO())
    assert set(ShareLink.objects.all()) == {cast.link, *kept}
