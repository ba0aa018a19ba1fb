"""Who may see a list: letters, roles, ended access, what is hidden, leaving."""

import datetime
import re
import smtplib
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medguide.accounts.models import User
from medguide.medicine_lists import sharing_actions
from medguide.medicine_lists.models import Hidden, Invitation, Role

from .cast import SECRET_NAME, Cast, make_user

pytestmark = pytest.mark.django_db

NOT_OWNERS = ["editor", "viewer", "revoked", "expired", "stranger"]


def told(response: Any) -> str:
    return " ".join(response.content.decode().split())


def url(cast: Cast, name: str, *args: Any) -> str:
    return reverse(name, args=[cast.person.uid, *args])


def roles(cast: Cast) -> dict[str, str]:
    return dict(cast.person.memberships.values_list("user__email", "role"))


def invite(cast: Cast, email: str = "anna@example.org", role: str = "viewer") -> Any:
    return cast.client("owner").post(url(cast, "sharing"), {"email": email, "role": role})


def token_in_the_letter() -> str:
    [found] = re.findall(r"/invitations/([^/\s]+)/", mail.outbox[-1].body)
    return str(found)


# --- For owners alone -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", NOT_OWNERS)
def test_for_everybody_else_sharing_is_not_there(cast: Cast, who: str) -> None:
    client = cast.client(who)
    before = roles(cast)
    letter = Invitation.objects.get(email="new@example.org")
    addresses = [
        (url(cast, "sharing"), {"email": "x@example.org", "role": "owner"}),
        (url(cast, "change_role", cast.viewer.pk), {"role": "owner"}),
        (url(cast, "end_access", cast.viewer.pk), {}),
        (url(cast, "hidden", cast.viewer.pk), {f"hide-{cast.warfarin.uid}": "medicine"}),
        (url(cast, "take_back_invitation", letter.uid), {}),
    ]
    for address, data in addresses:
        assert client.get(address).status_code == 404, address
        assert client.post(address, data).status_code == 404, address
    assert roles(cast) == before
    assert not mail.outbox
    assert sharing_actions.open_invitation(cast.open_token, timezone.now()) == letter
    assert not cast.warfarin.hidden_from.exists()


def test_signed_out_one_is_asked_to_sign_in(cast: Cast) -> None:
    for name, args in (("sharing", []), ("end_access", [cast.viewer.pk]), ("leave", [])):
        response = cast.client("signed out").post(url(cast, name, *args))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_the_owner_reads_who_is_here_and_who_is_invited(cast: Cast) -> None:
    page = told(cast.client("owner").get(url(cast, "sharing")))
    assert "<title>Who may see Papa Rosenquist's list · Papa Rosenquist · MedGuide</title>" in page
    assert "owner@example.org (you)" in page
    assert "editor@example.org" in page
    assert "new@example.org" in page
    assert "revoked@example.org" not in page
    assert "expired@example.org" not in page  # its letter is too old


def test_a_change_asks_who_it_is_again_and_then_goes_on(cast: Cast) -> None:
    cast.owner.set_password("a long enough passphrase")
    cast.owner.save()
    client = cast.client("owner")
    assert client.get(url(cast, "sharing")).status_code == 200
    asked = client.post(url(cast, "sharing"), {"email": "anna@example.org", "role": "viewer"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not mail.outbox
    client.post(asked["Location"], {"password": "wrong"})
    assert not mail.outbox
    client.post(asked["Location"], {"password": "a long enough passphrase"})
    assert mail.outbox[0].to == ["anna@example.org"]
    client.post(url(cast, "end_access", cast.viewer.pk))  # within the next minutes it is not asked again
    assert "viewer@example.org" not in roles(cast)


def test_a_stranger_is_not_asked_who_it_is_but_told_that_there_is_nothing(cast: Cast) -> None:
    cast.stranger.set_password("a long enough passphrase")
    cast.stranger.save()
    assert cast.client("stranger").post(url(cast, "sharing"), {}).status_code == 404


# --- Letters ----------------------------------------------------------------------------------------------


def test_a_letter_says_what_will_be_seen_and_names_no_medicine_and_no_person(cast: Cast) -> None:
    response = invite(cast, "Anna@Example.org", "editor")
    assert response["Location"] == url(cast, "sharing")
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["anna@example.org"], "An invitation to a medicine list")
    assert "owner@example.org invites you to a medicine list on MedGuide." in letter.body
    assert "You can look, and change the list." in letter.body
    assert "It works once, until" in letter.body
    assert f"http://127.0.0.1:8000/invitations/{token_in_the_letter()}/" in letter.body
    for word in ("Rosenquist", "baclofen", "warfarin", SECRET_NAME):
        assert word not in letter.body + letter.subject
    assert "&" not in letter.body
    assert cast.client("owner").get(url(cast, "sharing")).content.count(b"anna@example.org") >= 1


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("", "viewer", "This field is required."),
        ("anna", "viewer", "Enter a valid email address."),
        ("anna@example.org\nBcc: x@example.org", "viewer", "Enter a valid email address."),
        ("anna@example.org", "", "This field is required."),
        ("anna@example.org", "king", "Select a valid choice."),
        ("VIEWER@example.org", "editor", "This one may see the list already. Change above what they may do."),
    ],
)
def test_a_letter_that_cannot_be_written_is_said(cast: Cast, email: str, role: str, sentence: str) -> None:
    response = invite(cast, email, role)
    assert response.status_code == 422
    assert sentence in told(response)
    assert "<title>Error: Who may see Papa Rosenquist's list" in told(response)
    assert not mail.outbox


def test_too_many_letters_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_actions, "MOST_OPEN_INVITATIONS", 1)
    response = invite(cast)
    assert response.status_code == 422
    assert "So many invitations are under way." in told(response)
    assert not mail.outbox


def test_nobody_fills_a_mailbox_by_inviting_it_again_and_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_actions, "MOST_LETTERS_A_DAY", Invitation.objects.count() + 2)
    assert [invite(cast).status_code for _time in range(3)] == [302, 302, 422]
    assert len(mail.outbox) == 2


def test_letters_from_a_clock_that_was_ahead_keep_nobody_from_inviting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Invitation.objects.update(created_at=timezone.now() + datetime.timedelta(days=366))
    monkeypatch.setattr(sharing_actions, "MOST_LETTERS_A_DAY", 1)
    assert [invite(cast).status_code for _time in range(2)] == [302, 422]


def test_an_ended_letter_can_be_taken_back_for_good(cast: Cast) -> None:
    ended = Invitation.objects.get(email=cast.expired.email)
    sharing_actions.take_back(by=cast.access("owner"), uid=ended.uid)
    Invitation.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1))  # as if the clock were set back
    assert cast.client("expired").get(f"/invitations/{cast.expired_token}/").status_code == 404


def test_a_letter_that_the_post_does_not_take_invites_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"no such user")})

    monkeypatch.setattr("medguide.medicine_lists.letters.send_mail", refuse)
    response = invite(cast)
    assert response.status_code == 422
    assert "The e-mail could not be sent, and nobody was invited." in told(response)
    assert not Invitation.objects.open(timezone.now()).filter(email="anna@example.org").exists()
    assert caplog.messages == ["An invitation could not be sent: SMTPRecipientsRefused"]


def test_a_letter_that_was_taken_back_does_not_work(cast: Cast) -> None:
    letter = Invitation.objects.get(email="new@example.org")
    client = cast.client("owner")
    address = url(cast, "take_back_invitation", letter.uid)
    assert client.get(address)["Location"] == url(cast, "sharing")
    client.post(address)
    assert "The invitation is taken back." in told(client.get(url(cast, "sharing")))
    assert cast.client("signed out").get(reverse("invitation", args=[cast.open_token])).status_code == 404
    assert client.post(address).status_code == 404


# --- Members ----------------------------------------------------------------------------------------------


def test_a_role_is_changed_and_acts_at_once(cast: Cast) -> None:
    client, editor = cast.client("owner"), cast.client("editor")
    assert editor.get(url(cast, "add_statement")).status_code == 200
    response = client.post(url(cast, "change_role", cast.editor.pk), {"role": "viewer"})
    assert response["Location"] == url(cast, "sharing")
    assert editor.get(url(cast, "add_statement")).status_code == 404
    assert client.get(url(cast, "change_role", cast.editor.pk))["Location"] == url(cast, "sharing")


@pytest.mark.parametrize(("user", "role"), [("viewer", "king"), ("viewer", ""), ("stranger", "viewer")])
def test_a_role_or_a_member_that_is_not_there_is_not_found(cast: Cast, user: str, role: str) -> None:
    before = roles(cast)
    address = url(cast, "change_role", getattr(cast, user).pk)
    assert cast.client("owner").post(address, {"role": role}).status_code == 404
    assert cast.client("owner").post(f"{url(cast, 'sharing')}{10**30}/end/").status_code == 404
    assert roles(cast) == before


def test_a_list_is_handed_over(cast: Cast) -> None:
    client = cast.client("owner")
    client.post(url(cast, "change_role", cast.editor.pk), {"role": "owner"})
    response = client.post(url(cast, "change_role", cast.owner.pk), {"role": "viewer"})
    assert response["Location"] == url(cast, "medicine_list_of")
    assert roles(cast) == {"owner@example.org": "viewer", "editor@example.org": "owner", "viewer@example.org": "viewer"}
    assert client.get(url(cast, "sharing")).status_code == 404


def test_the_last_owner_stays_one(cast: Cast) -> None:
    response = cast.client("owner").post(url(cast, "change_role", cast.owner.pk), {"role": "viewer"})
    page = told(response)
    assert response.status_code == 409
    assert "<title>Error: Who may see" in page
    assert "A list has at least one owner. First make somebody else an owner." in page
    assert roles(cast)["owner@example.org"] == "owner"


def test_access_ends_after_asking_and_at_once_in_open_pages_too(cast: Cast) -> None:
    client, editor = cast.client("owner"), cast.client("editor")
    opened = editor.get(url(cast, "edit_statement", cast.warfarin.uid))
    assert opened.status_code == 200
    asked = told(client.get(url(cast, "end_access", cast.editor.pk)))
    assert "End the access of editor@example.org to Papa Rosenquist's list?" in asked
    assert "editor@example.org" in roles(cast)
    client.post(url(cast, "end_access", cast.editor.pk))
    sent = editor.post(url(cast, "edit_statement", cast.warfarin.uid), {"name": "other", "version": 1, "when": ""})
    assert sent.status_code == 404
    cast.warfarin.refresh_from_db()
    assert cast.warfarin.name == "warfarin"
    assert editor.get(url(cast, "medicine_list_of")).status_code == 404
    assert "Rosenquist" not in told(editor.get(reverse("people")))


def test_whose_access_ended_does_not_come_back_by_an_older_letter(cast: Cast) -> None:
    owner = cast.access("owner")
    _letter, token = sharing_actions.invite(by=owner, email=cast.viewer.email, role=Role.EDITOR)
    sharing_actions.revoke(by=owner, user_id=cast.viewer.pk)
    with pytest.raises(Invitation.DoesNotExist):
        sharing_actions.accept(user=cast.viewer, token=token)


@pytest.mark.parametrize("end", ["revoked", "demoted", "left"])
def test_the_letters_of_an_owner_end_with_their_owning(cast: Cast, end: str) -> None:
    owner = cast.access("owner")
    sharing_actions.change_role(by=owner, user_id=cast.editor.pk, role=Role.OWNER)
    _letter, token = sharing_actions.invite(by=cast.access("editor"), email="friend@example.org", role=Role.OWNER)
    if end == "revoked":
        sharing_actions.revoke(by=owner, user_id=cast.editor.pk)
    elif end == "demoted":
        sharing_actions.change_role(by=owner, user_id=cast.editor.pk, role=Role.EDITOR)
    else:
        sharing_actions.leave(by=cast.access("editor"))
    with pytest.raises(Invitation.DoesNotExist):
        sharing_actions.accept(user=make_user("friend"), token=token)
    assert sharing_actions.open_invitation(cast.open_token, timezone.now())  # those of others still work


def test_ones_own_access_is_left_not_ended(cast: Cast) -> None:
    client = cast.client("owner")
    assert client.post(url(cast, "end_access", cast.owner.pk))["Location"] == url(cast, "leave")
    assert roles(cast)["owner@example.org"] == "owner"


def test_two_owners_who_end_each_other_leave_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sharing_actions.change_role(by=cast.access("owner"), user_id=cast.editor.pk, role=Role.OWNER)

    def ended_first(**_kwargs: Any) -> None:
        raise sharing_actions.LastOwnerError

    monkeypatch.setattr(sharing_actions, "revoke", ended_first)
    assert cast.client("owner").post(url(cast, "end_access", cast.editor.pk)).status_code == 409


# --- Hiding -----------------------------------------------------------------------------------------------


def hidden_from(user: User) -> dict[str, str]:
    return dict(Hidden.objects.filter(user=user).values_list("statement__name", "what"))


def test_what_is_hidden_is_shown_as_it_is_and_changed(cast: Cast) -> None:
    client = cast.client("owner")
    address = url(cast, "hidden", cast.viewer.pk)
    page = told(client.get(address))
    assert "What viewer@example.org sees of Papa Rosenquist's list" in page
    assert re.search(rf'name="hide-{cast.secret.uid}" value="medicine" checked', page)
    assert re.search(rf'name="hide-{cast.baclofen.uid}" value="note" checked', page)
    assert re.search(rf'name="hide-{cast.warfarin.uid}" value="" checked', page)
    data = {f"hide-{cast.secret.uid}": "", f"hide-{cast.baclofen.uid}": "medicine", f"hide-{cast.warfarin.uid}": "x"}
    assert client.post(address, {**data, f"hide-{uuid4()}": "medicine"})["Location"] == url(cast, "sharing")
    assert hidden_from(cast.viewer) == {"baclofen": "medicine"}
    assert hidden_from(cast.editor) == {SECRET_NAME: "medicine"}
    viewer = told(cast.client("viewer").get(url(cast, "medicine_list_of")))
    assert SECRET_NAME in viewer
    assert "baclofen" not in viewer.lower()


def test_what_stays_as_it_was_is_not_written_down_again(cast: Cast) -> None:
    before = cast.person.history.count()
    data = {f"hide-{cast.secret.uid}": "medicine", f"hide-{cast.baclofen.uid}": "note", f"hide-{cast.warfarin.uid}": ""}
    cast.client("owner").post(url(cast, "hidden", cast.viewer.pk), data)
    assert cast.person.history.count() == before


def test_nothing_is_hidden_from_an_owner_or_from_who_is_not_here(cast: Cast) -> None:
    for user in (cast.owner, cast.stranger, cast.revoked):
        assert cast.client("owner").get(url(cast, "hidden", user.pk)).status_code == 404


# --- Leaving ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "viewer"])
def test_a_member_leaves_after_being_asked(cast: Cast, who: str) -> None:
    client = cast.client(who)
    assert "Leave Papa Rosenquist's list?" in told(client.get(url(cast, "leave")))
    response = client.post(url(cast, "leave"), follow=True)
    assert "You no longer see Papa Rosenquist&#x27;s list." in told(response)
    assert client.get(url(cast, "leave")).status_code == 404
    assert f"{who}@example.org" not in roles(cast)


def test_the_last_owner_is_told_to_hand_over_or_delete(cast: Cast) -> None:
    client = cast.client("owner")
    for response, status in ((client.get(url(cast, "leave")), 200), (client.post(url(cast, "leave")), 409)):
        assert response.status_code == status
        assert "Make somebody else an owner first." in told(response)
        assert url(cast, "delete_person") in told(response)
    assert roles(cast)["owner@example.org"] == "owner"
    sharing_actions.change_role(by=cast.access("owner"), user_id=cast.editor.pk, role=Role.OWNER)
    assert client.post(url(cast, "leave"))["Location"] == reverse("people")


@pytest.mark.parametrize("who", ["revoked", "expired", "stranger"])
def test_others_have_nothing_to_leave(cast: Cast, who: str) -> None:
    assert cast.client(who).get(url(cast, "leave")).status_code == 404
    assert cast.client(who).post(url(cast, "leave")).status_code == 404


def test_a_forged_form_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    client.force_login(cast.viewer)
    assert client.post(url(cast, "leave")).status_code == 403
    assert "viewer@example.org" in roles(cast)
