"""What people do to a list: written once, written down, and never over somebody else's change."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from medguide.medicine_lists import actions, sharing_actions
from medguide.medicine_lists.conflicts import differences
from medguide.medicine_lists.models import (
    HistoryEvent,
    Invitation,
    MedicationStatement,
    Membership,
    Person,
    Role,
    Status,
    Verb,
)

from .cast import Cast, make_user

pytestmark = pytest.mark.django_db


def verbs(cast: Cast) -> list[str]:
    return list(cast.person.history.order_by("pk").values_list("verb", flat=True))


def test_the_same_form_twice_adds_one_medicine(cast: Cast) -> None:
    sent_as = uuid4()
    owner = cast.access("owner")
    first = actions.add_statement(by=owner, values={"name": "ibuprofen"}, sent_as=sent_as)
    again = actions.add_statement(by=owner, values={"name": "ibuprofen"}, sent_as=sent_as)
    assert first == again
    assert cast.person.statements.filter(name="ibuprofen").count() == 1
    assert verbs(cast).count("added") == 4


def test_a_change_is_written_down_in_words(cast: Cast) -> None:
    owner = cast.access("owner")
    actions.change_statement(by=owner, uid=cast.baclofen.uid, read_version=1, values={"strength": "20 mg"})
    event = HistoryEvent.objects.get(verb=Verb.CHANGED)
    assert event.changes == [{"field": "strength", "before": "10 mg", "after": "20 mg"}]
    assert (event.actor_id, event.statement_name, event.statement_version) == (cast.owner.pk, "baclofen", 2)


def test_what_changes_nothing_is_no_change(cast: Cast) -> None:
    owner = cast.access("owner")
    actions.change_statement(by=owner, uid=cast.baclofen.uid, read_version=1, values={"strength": "10 mg"})
    cast.baclofen.refresh_from_db()
    assert cast.baclofen.version == 1
    assert not HistoryEvent.objects.filter(verb=Verb.CHANGED).exists()


def test_the_second_of_two_saves_is_shown_both_states(cast: Cast) -> None:
    owner, editor = cast.access("owner"), cast.access("editor")
    uid = cast.baclofen.uid
    actions.change_statement(by=editor, uid=uid, read_version=1, values={"strength": "20 mg", "what_for": "spasms"})
    mine = {"strength": "10 mg", "what_for": "cramps", "pharmacy": "Main Street"}
    with pytest.raises(actions.ConflictError) as caught:
        actions.change_statement(by=owner, uid=uid, read_version=1, values=mine)
    assert isinstance(caught.value.current, MedicationStatement)
    found = {
        d.field: (d.mine, d.theirs, d.offered) for d in differences(caught.value.current, mine, caught.value.before)
    }
    assert found == {
        "strength": ("10 mg", "20 mg", "theirs"),  # only the other one changed it
        "what_for": ("cramps", "spasms", ""),  # both did: choose
        "pharmacy": ("Main Street", "", "mine"),  # only this one did
    }


def test_a_medicine_that_is_hidden_does_not_exist_for_an_action(cast: Cast) -> None:
    editor = cast.access("editor")
    for act in (
        lambda: actions.delete_statement(by=editor, uid=cast.secret.uid),
        lambda: actions.change_statement(by=editor, uid=cast.secret.uid, read_version=1, values={"name": "x"}),
        lambda: actions.restore_statement(by=editor, uid=cast.secret.uid),
    ):
        with pytest.raises(MedicationStatement.DoesNotExist):
            act()
    assert actions.confirm(by=editor, uids=[cast.secret.uid], now=timezone.now()) == 0


def test_stop_is_remembered_with_who_and_why(cast: Cast) -> None:
    day = datetime.date(2026, 11, 1)
    actions.set_status(
        by=cast.access("editor"), uid=cast.warfarin.uid, read_version=1, status=Status.STOPPED, since=day,
        said_by="Dr. Hahn", why="a rash", was_side_effect=True,
    )  # fmt: skip
    cast.warfarin.refresh_from_db()
    assert (cast.warfarin.status, cast.warfarin.status_since, cast.warfarin.was_side_effect) == ("stopped", day, True)
    assert verbs(cast)[-1] == "stopped"


def test_moving_keeps_every_medicine_and_the_hidden_one_in_its_place(cast: Cast) -> None:
    editor, owner = cast.access("editor"), cast.access("owner")
    actions.move(by=editor, uid=cast.warfarin.uid, up=True)
    assert [s.name for s in editor.statements.in_order()] == ["warfarin", "baclofen"]
    assert len(owner.statements.in_order()) == 3
    actions.move(by=editor, uid=cast.warfarin.uid, up=True)  # it is the first already
    assert [s.name for s in editor.statements.in_order()] == ["warfarin", "baclofen"]
    actions.move(by=editor, uid=cast.warfarin.uid, up=False)
    assert [s.name for s in editor.statements.in_order()] == ["baclofen", "warfarin"]


def test_a_deleted_medicine_comes_back_for_thirty_days(cast: Cast) -> None:
    owner = cast.access("owner")
    actions.delete_statement(by=owner, uid=cast.warfarin.uid)
    assert "warfarin" not in [s.name for s in owner.statements.kept()]
    actions.restore_statement(by=owner, uid=cast.warfarin.uid)
    assert "warfarin" in [s.name for s in owner.statements.kept()]
    actions.delete_statement(by=owner, uid=cast.warfarin.uid)
    long_ago = timezone.now() - datetime.timedelta(days=31)
    MedicationStatement.objects.filter(pk=cast.warfarin.pk).update(deleted_at=long_ago)
    with pytest.raises(MedicationStatement.DoesNotExist):
        actions.restore_statement(by=owner, uid=cast.warfarin.uid)
    assert actions.purge(timezone.now()) == (0, 1)


def test_a_person_goes_and_comes_back_and_goes_for_good_with_the_history(cast: Cast) -> None:
    owner = cast.access("owner")
    actions.delete_person(by=owner)
    with pytest.raises(Person.DoesNotExist):
        cast.access("owner")
    actions.restore_person(by=owner)
    assert cast.access("owner").person == cast.person
    actions.delete_person(by=owner)
    Person.objects.update(deleted_at=timezone.now() - datetime.timedelta(days=31))
    assert actions.purge(timezone.now()) == (1, 0)
    assert not HistoryEvent.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE medicine_lists_historyevent SET verb = 'looked'",
        "UPDATE medicine_lists_historyevent SET actor_id = NULL",
        "DELETE FROM medicine_lists_historyevent",
    ],
)
def test_the_database_itself_refuses_to_change_history(cast: Cast, sql: str) -> None:
    before = verbs(cast)
    assert before
    with pytest.raises((IntegrityError, OperationalError), match="only be added to"), transaction.atomic():
        connection.cursor().execute(sql)
    assert verbs(cast) == before


def test_a_look_is_written_once_in_half_an_hour_and_only_where_others_are(cast: Cast) -> None:
    now = timezone.now()
    viewer = cast.access("viewer")
    actions.record_look(by=viewer, verb=Verb.LOOKED, now=now)
    actions.record_look(by=viewer, verb=Verb.LOOKED, now=now)
    assert verbs(cast).count("looked") == 1
    alone = actions.create_person(by=cast.stranger, values={"name": "me"})
    actions.record_look(by=actions.Access(cast.stranger, alone, Role.OWNER), verb=Verb.LOOKED, now=now)
    assert not alone.history.filter(verb=Verb.LOOKED).exists()


def test_there_is_always_an_owner(cast: Cast) -> None:
    owner = cast.access("owner")
    for act in (
        lambda: sharing_actions.leave(by=owner),
        lambda: sharing_actions.revoke(by=owner, user_id=cast.owner.pk),
        lambda: sharing_actions.change_role(by=owner, user_id=cast.owner.pk, role=Role.VIEWER),
    ):
        with pytest.raises(sharing_actions.LastOwnerError):
            act()
    sharing_actions.change_role(by=owner, user_id=cast.editor.pk, role=Role.OWNER)
    sharing_actions.leave(by=owner)
    assert cast.access("editor").can_manage


def test_who_becomes_an_owner_sees_what_was_hidden(cast: Cast) -> None:
    assert cast.secret not in cast.access("editor").statements
    sharing_actions.change_role(by=cast.access("owner"), user_id=cast.editor.pk, role=Role.OWNER)
    assert cast.secret in cast.access("editor").statements


def test_an_invitation_works_once_for_its_address_for_a_week(cast: Cast) -> None:
    wrong = make_user("wrong")
    for user, token in ((wrong, cast.open_token), (cast.expired, cast.expired_token), (wrong, "no-such-token")):
        with pytest.raises(Invitation.DoesNotExist):
            sharing_actions.accept(user=user, token=token)
    new = make_user("new")
    assert sharing_actions.accept(user=new, token=cast.open_token).role is Role.VIEWER
    with pytest.raises(Invitation.DoesNotExist):
        sharing_actions.accept(user=new, token=cast.open_token)
    assert Membership.objects.filter(user=new).count() == 1
    assert cast.open_token not in str(Invitation.objects.values_list("token_hash", flat=True))


def test_an_invitation_never_takes_a_role_away(cast: Cast) -> None:
    owner = cast.access("owner")
    _invitation, token = sharing_actions.invite(by=owner, email=cast.editor.email, role=Role.VIEWER)
    assert sharing_actions.accept(user=cast.editor, token=token).role is Role.EDITOR
    _invitation, token = sharing_actions.invite(by=owner, email=cast.viewer.email, role=Role.EDITOR)
    assert sharing_actions.accept(user=cast.viewer, token=token).role is Role.EDITOR


def test_a_second_letter_takes_the_first_back(cast: Cast) -> None:
    owner = cast.access("owner")
    sharing_actions.invite(by=owner, email="New@example.org", role=Role.EDITOR)
    with pytest.raises(Invitation.DoesNotExist):
        sharing_actions.accept(user=make_user("new"), token=cast.open_token)


def test_too_many_letters_are_refused(cast: Cast) -> None:
    owner = cast.access("owner")
    for number in range(sharing_actions.MOST_OPEN_INVITATIONS - 1):
        sharing_actions.invite(by=owner, email=f"{number}@example.org", role=Role.VIEWER)
    with pytest.raises(sharing_actions.TooManyInvitationsError):
        sharing_actions.invite(by=owner, email="one.more@example.org", role=Role.VIEWER)


def test_a_note_is_empty_for_whom_it_is_hidden_from(cast: Cast) -> None:
    assert cast.access("owner").statement(cast.baclofen.uid).shown_note == "note-for-nobody-else"
    assert cast.access("editor").statement(cast.baclofen.uid).shown_note == "note-for-nobody-else"
    assert cast.access("viewer").statement(cast.baclofen.uid).shown_note == ""
