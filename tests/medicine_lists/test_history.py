"""The history: every look and every change as a sentence, for owners alone."""

import csv
import datetime
import io
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medguide.accounts.models import User
from medguide.medicine_lists import actions, sharing_actions
from medguide.medicine_lists.exports.cells import plain_cell, safe_cell
from medguide.medicine_lists.history import GROUPS, zone_of
from medguide.medicine_lists.history_words import HISTORY, Names, field_in_words, sentence
from medguide.medicine_lists.models import Hidden, HistoryEvent, Person, Role, Status, Verb

from .cast import SECRET_NAME, SECRET_NOTE, Cast, put

pytestmark = pytest.mark.django_db

NAMES = Names(emails={1: "ben@example.org", 2: "anna@example.org"}, reader_id=3, person="Papa")


def told(response: Any) -> str:
    return " ".join(response.content.decode().split())


def url(cast: Cast, name: str = "history") -> str:
    return reverse(name, args=[cast.person.uid])


def event(verb: Verb, **more: Any) -> HistoryEvent:
    return HistoryEvent(**{"verb": verb, "actor_id": 1, "statement_name": "baclofen", **more})


def rows(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


# --- In words ---------------------------------------------------------------------------------------------


def test_a_change_says_what_it_was_before_and_is_after() -> None:
    changes = [
        {"field": "amount", "before": "1", "after": "2"},
        {"field": "strength", "before": "", "after": "10 mg"},
        {"field": "what_for", "before": "cramps", "after": ""},
    ]
    assert sentence(event(Verb.CHANGED, changes=changes), NAMES) == (
        "ben@example.org changed baclofen: how much each time from 1 to 2; strength, empty before, now 10 mg; "
        "what it is for, cramps before, now empty"
    )


@pytest.mark.parametrize("verb", list(Verb))
def test_every_event_has_its_sentence_and_stands_in_one_group(verb: Verb) -> None:
    said = sentence(event(verb), NAMES)
    assert said.startswith("Somebody " if verb == Verb.LINK_OPENED else "ben@example.org ")
    assert "%" not in said
    assert sum(verb in verbs for _label, verbs in GROUPS.values()) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (event(Verb.LOOKED, actor_id=3), "You looked at the list"),
        (event(Verb.LOOKED, actor_id=99), "Somebody who has left looked at the list"),
        (event(Verb.LOOKED, actor_id=None), "Somebody who has left looked at the list"),
        (event(Verb.REVOKED, about_user_id=2), "ben@example.org ended the access of anna@example.org"),
        (event(Verb.ROLE_CHANGED, about_user_id=3), "ben@example.org changed what you may do"),
        (event(Verb.REVOKED, about_user_id=99), "ben@example.org ended the access of somebody who has left"),
        (event(Verb.INVITED, invitation_uid=uuid4()), "ben@example.org invited somebody"),
        (event(Verb.CHANGED_PERSON), "ben@example.org changed what is known about Papa"),
        (event(Verb.LINK_OPENED, actor_id=None), "Somebody opened a link for a doctor or a hospital"),
        (
            event(Verb.LINK_MADE, changes=[{"field": "link", "before": "", "after": "100%(who)s"}]),
            "ben@example.org made the link “100%(who)s”",
        ),
        (event(Verb.EXPORTED, changes=HISTORY), "ben@example.org downloaded the history as a file"),
        (event(Verb.EXPORTED), "ben@example.org downloaded the list as a file"),
        (
            event(Verb.HID, about_user_id=2, changes=[{"field": "hidden", "before": "", "after": "note"}]),
            "ben@example.org hid the note on baclofen from anna@example.org",
        ),
        (
            event(Verb.HID, about_user_id=2, changes=[{"field": "hidden", "before": "", "after": "medicine"}]),
            "ben@example.org hid baclofen from anna@example.org",
        ),
        (
            event(Verb.STOPPED, changes=[{"field": "status", "before": "taking", "after": "stopped"}]),
            "ben@example.org marked baclofen as stopped: status from taking it now to stopped",
        ),
        (
            event(Verb.CHANGED, changes=[{"field": "was_side_effect", "before": "False", "after": "True"}]),
            "ben@example.org changed baclofen: because of a side effect from no to yes",
        ),
    ],
)
def test_who_and_what_in_words(given: HistoryEvent, said: str) -> None:
    assert sentence(given, NAMES) == said


def test_a_percent_sign_in_a_name_is_only_a_name() -> None:
    assert sentence(event(Verb.ADDED, statement_name="100%(who)s"), NAMES) == "ben@example.org added 100%(who)s"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("amount", "how much each time"),
        ("year_of_birth", "year of birth"),
        ("allergies", "allergies"),
        ("contacts", "doctors and pharmacies"),
        ("gone_long_ago", "gone long ago"),
    ],
)
def test_fields_are_called_as_on_the_screen(name: str, words: str) -> None:
    assert field_in_words(name) == words


# --- The page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "viewer", "revoked", "expired", "stranger"])
def test_for_everybody_else_there_is_no_history(cast: Cast, who: str) -> None:
    for name in ("history", "history_export"):
        response = cast.client(who).get(url(cast, name))
        assert response.status_code == 404
        assert SECRET_NAME not in told(response)
    assert url(cast) not in told(cast.client(who).get(reverse("people")))


def test_signed_out_one_is_asked_to_sign_in(cast: Cast) -> None:
    for name in ("history", "history_export"):
        assert cast.client("signed out").get(url(cast, name)).status_code == 302


def test_the_owner_reads_what_others_did(cast: Cast) -> None:
    actions.change_statement(
        by=cast.access("editor"), uid=cast.baclofen.uid, read_version=1, values={"strength": "20 mg"}
    )
    cast.client("viewer").get(reverse("medicine_list_of", args=[cast.person.uid]))
    response = cast.client("owner").get(url(cast))
    page = told(response)
    assert "<title>History of Papa Rosenquist's list · Papa Rosenquist · MedGuide</title>" in page
    assert "editor@example.org changed baclofen: strength from 10 mg to 20 mg" in page
    assert "viewer@example.org looked at the list" in page
    assert "You hid the note on baclofen from viewer@example.org" in page
    assert f"You hid {SECRET_NAME} from editor@example.org" in page
    assert "You invited new@example.org" in page
    assert "You ended the access of revoked@example.org" in page
    assert page.index("looked at the list") < page.index("changed baclofen") < page.index("You started the list")
    assert "no-store" in response["Cache-Control"]


def test_who_deleted_the_account_has_left(cast: Cast) -> None:
    cast.client("viewer").get(reverse("medicine_list_of", args=[cast.person.uid]))
    User.objects.get(pk=cast.viewer.pk).delete()
    page = told(cast.client("owner").get(url(cast)))
    assert "Somebody who has left looked at the list" in page
    assert "viewer@example.org looked" not in page
    assert "Somebody who has left" in page.split("</select>")[0]  # and can be chosen as who
    gone = told(cast.client("owner").get(url(cast), {"who": "gone"}))
    assert "Somebody who has left looked at the list" in gone
    assert "You started the list" not in gone


def filtered(cast: Cast, client: Client | None = None, **filters: str) -> list[str]:
    found = (client or cast.client("owner")).get(url(cast, "history_export"), filters)
    return [row[2] for row in rows(found)[1:]]


def test_it_is_found_by_who_what_medicine_and_day(cast: Cast) -> None:
    editor = cast.access("editor")
    actions.set_status(
        by=editor, uid=cast.warfarin.uid, read_version=1, status=Status.PAUSED, since=datetime.date(2026, 11, 1)
    )
    client = cast.client("owner")
    assert all(words.startswith("editor@example.org") for words in filtered(cast, who=str(cast.editor.pk)))
    assert len(filtered(cast, who=str(cast.editor.pk))) == 2
    assert all("warfarin" in words for words in filtered(cast, medicine=str(cast.warfarin.uid)))
    assert len(filtered(cast, medicine=str(cast.warfarin.uid))) == 2
    assert [words.split(" ", 1)[1] for words in filtered(cast, what="person")] == ["started the list"]
    assert not any("invited" in words for words in filtered(cast, what="medicines"))
    page = told(client.get(url(cast), {"what": "looks", "who": str(cast.viewer.pk)}))
    assert "Show everything" in page


def test_a_day_begins_and_ends_where_the_person_lives(cast: Cast) -> None:
    Person.objects.filter(pk=cast.person.pk).update(time_zone="Pacific/Auckland")
    put(cast.access("owner"), "ibuprofen")
    last = cast.person.history.order_by("pk").last()
    assert last is not None
    day = timezone.localtime(last.at, zone_of(Person.objects.get(pk=cast.person.pk))).date()
    after = day + datetime.timedelta(days=1)
    assert "owner@example.org added ibuprofen" in filtered(cast, first=str(day), last=str(day))
    assert filtered(cast, first=str(after)) == []
    page = told(cast.client("owner").get(url(cast)))
    assert f'<time datetime="{day}T' in page
    assert "+13:00" in page or "+12:00" in page


def test_a_time_zone_that_is_not_known_any_more_is_the_one_of_the_site(cast: Cast) -> None:
    assert zone_of(Person(time_zone="Mars/Base")) == zone_of(Person(time_zone="")) == timezone.get_default_timezone()
    Person.objects.filter(pk=cast.person.pk).update(time_zone="Mars/Base")
    assert cast.client("owner").get(url(cast)).status_code == 200


@pytest.mark.parametrize(
    ("filters", "sentence_of_it"),
    [
        ({"first": "2026-11-02", "last": "2026-11-01"}, "The last day lies before the first. Change one of them."),
        ({"who": "king"}, "Select a valid choice."),
        ({"medicine": "x"}, "Select a valid choice."),
        ({"what": "x"}, "Select a valid choice."),
        ({"first": "yesterday"}, "Enter a valid date."),
    ],
)
def test_a_search_that_cannot_be_is_said(cast: Cast, filters: dict[str, str], sentence_of_it: str) -> None:
    client = cast.client("owner")
    response = client.get(url(cast), filters)
    assert response.status_code == 422
    assert sentence_of_it in told(response)
    assert "You started the list" not in told(response)
    sent_on = client.get(url(cast, "history_export"), filters)
    assert sent_on["Location"].startswith(url(cast) + "?")


def test_what_nothing_is_found_for_is_said(cast: Cast) -> None:
    page = told(cast.client("owner").get(url(cast), {"last": "2020-01-01"}))
    assert "Nothing like that is in the history." in page


def test_a_member_who_has_done_nothing_is_not_offered(cast: Cast) -> None:
    page = told(cast.client("owner").get(url(cast)))
    who = page.split('name="who"')[1].split("</select>")[0]
    assert "viewer@example.org" in who  # accepted an invitation
    assert "expired@example.org" not in who
    assert "stranger@example.org" not in who


def test_fifty_stand_on_a_page_and_the_search_goes_with_them(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _number in range(120):
        actions.record(by=cast.access("owner"), verb=Verb.REORDERED)
    client = cast.client("owner")
    with django_assert_max_num_queries(30):
        first = told(client.get(url(cast), {"what": "medicines"}))
    assert first.count("<time") == 50
    assert "Page 1 of 3" in first
    assert "?what=medicines&amp;page=2" in first
    assert told(client.get(url(cast), {"what": "medicines", "page": "3"})).count("<time") == 23
    assert "Page 3 of 3" in told(client.get(url(cast), {"what": "medicines", "page": "99"}))
    assert "Page 1 of 3" in told(client.get(url(cast), {"what": "medicines", "page": "x"}))
    assert 'history.csv?what=medicines"' in first


# --- As a file --------------------------------------------------------------------------------------------


def test_the_file_holds_all_of_it_and_its_taking_out_is_written_down(cast: Cast) -> None:
    client = cast.client("owner")
    before = cast.person.history.count()
    response = client.get(url(cast, "history_export"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="history-{timezone.localdate()}.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    header, *table = rows(response)
    assert header == ["When", "Who", "What", "Medicine"]
    assert len(table) == before
    assert table[-1][1:] == ["owner@example.org", "owner@example.org started the list", ""]
    assert datetime.datetime.fromisoformat(table[-1][0]).tzinfo
    assert "You downloaded the history as a file" in told(client.get(url(cast)))


def test_no_cell_of_the_file_is_a_formula(cast: Cast) -> None:
    put(cast.access("owner"), '=HYPERLINK("http://x","y")')
    table = rows(cast.client("owner").get(url(cast, "history_export")))
    assert table[1][3] == '\'=HYPERLINK("http://x","y")'


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "'", "'=1", "''x"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert safe_cell(text) == "'" + text
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["", "baclofen", "5 mg", "a=b", "½", " x"])
def test_what_no_spreadsheet_would_run_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == plain_cell(text) == text


# --- What is written down of sharing ----------------------------------------------------------------------


def test_the_whole_story_of_sharing_can_be_read(cast: Cast) -> None:
    owner = cast.access("owner")
    sharing_actions.change_role(by=owner, user_id=cast.editor.pk, role=Role.VIEWER)
    actions.hide(by=owner, uid=cast.secret.uid, user_id=cast.viewer.pk, what=None)
    sharing_actions.leave(by=cast.access("viewer"))
    said = filtered(cast, what="sharing")
    assert said[:3] == [
        "viewer@example.org left the list",
        f"owner@example.org stopped hiding {SECRET_NAME} from viewer@example.org",
        "owner@example.org changed what editor@example.org may do: from “can look and change” to “can look”",
    ]
    assert "editor@example.org accepted an invitation" in said
    assert "owner@example.org invited editor@example.org" in said
    assert SECRET_NOTE not in " ".join(said)
    assert Hidden.What.NOTE.value  # the note itself is never in a line about hiding it


def test_names_are_only_those_that_were_given() -> None:
    nobody = SimpleNamespace(emails={}, invited={})
    assert Names(emails=nobody.emails, invited=nobody.invited).of(1) == "somebody who has left"
    assert Names(reader_id=None).of(None) == "somebody who has left"
