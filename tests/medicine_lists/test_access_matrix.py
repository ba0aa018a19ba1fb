"""Every address of the private wing, asked for by everybody: what is not theirs does not exist for them."""

from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse

from medguide.medicine_lists import actions, urls
from medguide.medicine_lists.models import Role

from .cast import SECRET_NAME, SECRET_NOTE, Cast

pytestmark = pytest.mark.django_db

NOBODYS, MEMBERS = ("revoked", "expired", "stranger"), ("owner", "editor", "viewer")
NEEDS = {  # the least role at each address of a person's list
    "medicine_list_of": Role.VIEWER,
    "list_check": Role.VIEWER,
    "know_finding": Role.EDITOR,
    "day": Role.VIEWER,
    "print_list": Role.VIEWER,
    "card": Role.VIEWER,
    "changes": Role.VIEWER,
    "export_csv": Role.VIEWER,
    "export_json": Role.VIEWER,
    "import_list": Role.EDITOR,
    "add_statement": Role.EDITOR,
    "confirm_statements": Role.EDITOR,
    "statement": Role.VIEWER,
    "edit_statement": Role.EDITOR,
    "statement_status": Role.EDITOR,
    "move_statement": Role.EDITOR,
    "delete_statement": Role.EDITOR,
    "restore_statement": Role.EDITOR,
    "edit_person": Role.EDITOR,
    "delete_person": Role.OWNER,
    "restore_person": Role.OWNER,
    "sharing": Role.OWNER,
    "change_role": Role.OWNER,
    "end_access": Role.OWNER,
    "hidden": Role.OWNER,
    "take_back_invitation": Role.OWNER,
    "new_link": Role.OWNER,
    "share_link": Role.OWNER,
    "end_link": Role.OWNER,
    "leave": Role.VIEWER,
    "history": Role.OWNER,
    "history_export": Role.OWNER,
}
SIGNED_IN = {"people", "new_person", "download_everything", "delete_account", "keep_guest_list"}  # of one's own
OPEN = {"guest_list", "guest_check", "remove_from_guest_list", "add_to_my_list"}  # of nobody but this browser
BY_TOKEN = {"invitation", "accept_invitation", "shared"}
ONLY_WHERE_DELETED = {"restore_person", "restore_statement"}  # not found where nothing is deleted
TO_THE_LISTS = {("restore_person", "get")}  # sends everybody to their own lists, whosever it is
SENT = {"change_role": {"role": "viewer"}}
METHODS = ("get", "post")

PATTERNS = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]


def address(cast: Cast, name: str) -> str:
    """The address of this name, with this cast's things in it."""
    [pattern] = [pattern for pattern in PATTERNS if pattern.name == name]
    things: dict[str, Any] = {
        "person": cast.person.uid,
        "statement": cast.baclofen.uid,
        "user": cast.viewer.pk,
        "token": cast.link_token if name == "shared" else cast.expired_token,
        "link": cast.link.uid,
        "slug": "baclofen",
        "invitation": cast.person.invitations.latest("pk").uid,
    }
    return reverse(name, kwargs={key: things[key] for key in pattern.pattern.converters})


def ask(client: Client, method: str, path: str, sent: dict[str, str] | None = None) -> HttpResponseBase:
    response: HttpResponseBase = getattr(client, method)(path, sent)
    assert "no-store" in response["Cache-Control"], path
    return response


def test_every_address_has_a_row() -> None:
    assert {pattern.name for pattern in PATTERNS} == NEEDS.keys() | SIGNED_IN | OPEN | BY_TOKEN


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("who", ["signed out", *NOBODYS, *MEMBERS])
@pytest.mark.parametrize("name", NEEDS)
def test_what_is_not_theirs_is_not_found(cast: Cast, name: str, who: str, method: str) -> None:
    response = ask(cast.client(who), method, address(cast, name), SENT.get(name))
    if response.status_code == 405:  # said before anybody looks whose it is
        assert method in ("get", "post")
    elif who == "signed out":
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/?next=")
    elif (name, method) in TO_THE_LISTS:
        assert response["Location"] == "/lists/"
    elif who in NOBODYS or not Role(who).rank >= NEEDS[name].rank:
        assert response.status_code == 404
        assert b"Rosenquist" not in getattr(response, "content", b"")
    elif name in ONLY_WHERE_DELETED:
        assert response.status_code in (302, 404)
    else:
        assert response.status_code in (200, 302, 409, 422), response.status_code


@pytest.mark.parametrize("who", [*NOBODYS, *MEMBERS])
def test_each_has_the_rights_of_the_role_and_no_more(cast: Cast, who: str) -> None:
    """GET alone, so that the rows above cannot all be redirects."""
    shown = {name for name in NEEDS if ask(cast.client(who), "get", address(cast, name)).status_code == 200}
    may = {name for name, role in NEEDS.items() if who in MEMBERS and Role(who).rank >= role.rank}
    assert shown <= may
    assert len(shown) >= {"viewer": 8, "editor": 13, "owner": 20}.get(who, 0)


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_pages_of_ones_own_ask_to_sign_in(cast: Cast, name: str) -> None:
    for method in METHODS:
        response = ask(cast.client("signed out"), method, address(cast, name))
        assert response.status_code in (302, 405)
    for who in (*NOBODYS, *MEMBERS):
        response = ask(cast.client(who), "get", address(cast, name))
        assert response.status_code in (200, 302, 405)
        if who in NOBODYS:
            assert b"Rosenquist" not in getattr(response, "content", b"")


@pytest.mark.parametrize("who", ["signed out", *NOBODYS])
def test_an_invitation_that_is_too_old_opens_nothing(cast: Cast, who: str) -> None:
    for method in METHODS:
        response = ask(cast.client(who), method, reverse("invitation", args=[cast.expired_token]))
        assert response.status_code == 404
        assert b"Rosenquist" not in getattr(response, "content", b"")


@pytest.mark.parametrize("who", ["signed out", *NOBODYS, *MEMBERS])
def test_a_link_opens_the_list_for_whoever_has_it_and_only_to_read(cast: Cast, who: str) -> None:
    client, path = cast.client(who), address(cast, "shared")
    response = ask(client, "get", path)
    assert response.status_code == 200
    assert b"Rosenquist" in getattr(response, "content", b"")
    for method in ("post", "put", "patch", "delete"):
        assert ask(client, method, path).status_code == 405


@pytest.mark.parametrize("who", ["editor", "viewer"])
def test_what_is_hidden_appears_nowhere(cast: Cast, who: str) -> None:
    """Every page, print, export, count and history, after the hidden medicine was changed and stopped as well."""
    owner = cast.access("owner")
    values = {"strength": "77 mg", "status": "stopped", "was_side_effect": True}
    actions.change_statement(by=owner, uid=cast.secret.uid, read_version=1, values=values)
    secrets = [SECRET_NAME, "Secreta", "a thing of her own", "77 mg", str(cast.secret.uid)]
    secrets += [SECRET_NOTE] if who == "viewer" else []
    client = cast.client(who)
    looked_at = 0
    for name in sorted(NEEDS.keys() | SIGNED_IN | OPEN):
        for query in ("", "?questions", "?large=1", "?since=2020-01-01"):
            response = ask(client, "get", address(cast, name) + query)
            body = b"".join(response) if response.streaming else getattr(response, "content", b"")  # type: ignore[attr-defined]
            looked_at += response.status_code == 200
            for secret in secrets:
                assert secret.encode() not in body, (name, query, secret)
    assert looked_at > 30
    assert SECRET_NAME in cast.client("owner").get(address(cast, "medicine_list_of")).content.decode()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("who", ["editor", "viewer"])
def test_a_hidden_medicine_has_no_address(cast: Cast, who: str, method: str) -> None:
    for name in ("statement", "edit_statement", "statement_status", "move_statement", "delete_statement"):
        path = reverse(name, kwargs={"person": cast.person.uid, "statement": cast.secret.uid})
        assert ask(cast.client(who), method, path).status_code in (404, 405)


def test_a_medicine_is_reached_only_through_its_own_person(cast: Cast) -> None:
    """The owner of another list does not come to this medicine by way of that list."""
    other = actions.create_person(by=cast.stranger, values={"name": "somebody"})
    for name in ("statement", "edit_statement", "delete_statement"):
        path = reverse(name, kwargs={"person": other.uid, "statement": cast.baclofen.uid})
        assert cast.client("stranger").get(path).status_code == 404


def test_nothing_of_a_list_stands_in_an_address_or_a_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    client = cast.client("owner")
    with caplog.at_level("DEBUG"):
        for name in NEEDS:
            path = address(cast, name)
            assert "baclofen" not in path
            assert "Rosenquist" not in path
            client.get(path)
            response = client.post(path, {"name": "secretol", "note": "secretol"})
            assert "secretol" not in response.headers.get("Location", "")
    said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    for word in ("secretol", "Rosenquist", "baclofen", "owner@example.org"):
        assert word not in "\n".join(said)
