"""Bringing a file in: what is wrong with it is said in a sentence, and nothing happens before somebody said so."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from medguide.medicine_lists import actions
from medguide.medicine_lists.exports.as_csv import list_table
from medguide.medicine_lists.exports.read import FileError, read_file
from medguide.medicine_lists.models import Status
from medguide.medicine_lists.schedules import Dose, Kind, Schedule, Slot
from medguide.medicine_lists.views._person import KEPT_FORM

from .cast import Cast, make_user, put, sign_in

HEADER = "name,strength,status\n"


def a_list(*medicines: Any, **more: Any) -> bytes:
    return json.dumps({"format": "medguide-list", "version": 1, "medicines": medicines, **more}).encode()


# --- Files that are refused whole -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf \n", "This file is empty."),
        (HEADER.encode() + b"ibuprofen,,\nM\xfcller,,\n", "Line 3 is not written in UTF-8."),
        ((HEADER + "ibuprofen,,").encode("utf-16"), "Line 1 is not written in UTF-8."),
        (b"PK\x03\x04 xlsx", "This is a spreadsheet or a zip file."),
        (b"medicine name;mg\nibuprofen;200\n", "No column in line 1 is called “name”"),
        (b"name" + b",a" * 100 + b"\nibuprofen\n", "Line 1 has more than 100 columns"),
        (b"name,name\nibuprofen,\n", "The column “name” stands in line 1 twice."),
        (HEADER.encode() + b'"ibuprofen,,\n', "From line 2 on, this table cannot be read"),
        (HEADER.encode() + b'x,"' + b"y" * 200_000 + b'",\n', "From line 2 on, this table cannot be read"),
        (HEADER.encode(), "No medicine stands in this file."),
        (HEADER.encode() + b"ibuprofen,,\n" * 501, "More than 500 medicines"),
        (HEADER.encode() + b"=1,,\n" * 501, "More than 500 medicines"),
        (b"name\n" + b"a\n" * 100_000, "More than 500 medicines"),
        (b"name\n" + b"a" * 10_000_000, "larger than 1 MB"),
        (a_list({"name": "ibuprofen"})[:-7], "is not whole: something is missing or wrong in line 1."),
        (b"[" * 100_000, "holds something that no medicine list has"),
        (b'{"version": ' + b"9" * 5_000 + b"}", "holds something that no medicine list has"),
        (b"[]", "is no list of MedGuide"),
        (b'{"format": "medguide-everything"}', "is no list of MedGuide"),
        (a_list(version=2), "another version than 1"),
        (a_list(version=True), "another version than 1"),
        (a_list(medicines={}), "has no list of “medicines”"),
        (a_list(*[{"name": "a"}] * 501), "More than 500 medicines"),
        (a_list(), "No medicine stands in this file."),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FileError) as caught:
        read_file(data)
    assert sentence in str(caught.value)


# --- Rows that are refused ------------------------------------------------------------------------------------

TWICE_AT_ONCE = {"kind": "daily", "doses": [{"slot": "morning"}, {"slot": "morning"}]}
TWO_AMOUNTS = (Dose(Slot.MORNING, None, Decimal(1)), Dose(Slot.NOON, None, Decimal(2)))
EVERY_DOSE_OTHER = Schedule(kind=Kind.BY_WEEKDAY, by_weekday=((0, TWO_AMOUNTS),)).to_data()
STEPS = [{"first": f"2026-01-{n:02}", "last": f"2026-01-{n:02}", "doses": [{"slot": "noon"}]} for n in range(1, 10)]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("ibuprofen", "This is no medicine"),
        ({}, "Name of the medicine: This field is required."),
        ({"name": "a" * 121}, "Name of the medicine: Ensure this value has at most 120 characters"),
        ({"name": "a\0b"}, "Null characters are not allowed."),
        ({"name": "a\ud800"}, "“name” must be a text."),
        ({"name": ["a"]}, "“name” must be a text."),
        ({"name": "a", "dose": "1"}, "“dose” is nothing that MedGuide knows of a medicine."),
        ({"name": "a", "amount": "one"}, "How much each time: Write the amount as a number"),
        ({"name": "a", "amount": -1}, "How much each time: The amount cannot be less than zero"),
        ({"name": "a", "amount_unit": "spoon"}, "Of what: Select a valid choice."),
        ({"name": "a", "expires_on": "31.12.2026"}, "Expiry date on the pack: Enter a valid date."),
        ({"name": "a", "status": "eaten"}, "“eaten” is none of: taking, paused, stopped."),
        ({"name": "a", "status_since": "1066-10-14"}, "That day is too far away."),
        ({"name": "a", "was_side_effect": "perhaps"}, "is said with yes or no"),
        ({"name": "a", "schedule": {"kind": "hourly"}}, "not written as MedGuide writes them"),
        ({"name": "a", "schedule": "daily"}, "not written as MedGuide writes them"),
        ({"name": "a", "schedule": {"kind": "daily"}}, "Choose at least one time of day"),
        ({"name": "a", "schedule": TWICE_AT_ONCE}, "Two doses are at the same time of day"),
        ({"name": "a", "schedule": EVERY_DOSE_OTHER}, "of a kind that MedGuide has no form for"),
        ({"name": "a", "schedule": {"kind": "taper", "steps": STEPS}}, "MedGuide has room for 8 steps"),
        ({"name": "a", "note": "b" * 999, "when_in_words": "at night"}, "does not fit into a note"),
        ({"name": "a", "when_in_words": "at\0night"}, "does not fit into a note"),
    ],
)  # fmt: skip
def test_a_bad_medicine_is_named_and_the_others_are_read(entry: Any, sentence: str) -> None:
    reading = read_file(a_list({"name": "ibuprofen"}, entry))
    assert [one.values["name"] for one in reading.proposed] == ["ibuprofen"]
    [problem] = reading.problems
    assert problem.place == "Medicine 2"
    assert sentence in problem.message


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("=1+1,,", "“=1+1” begins as a formula does."),
        ("ibuprofen,@SUM(A1),", "“@SUM(A1)” begins as a formula does."),
        ("ibuprofen,,taking,more", "has more cells than line 1 has columns"),
        (",200 mg,", "Name of the medicine: This field is required."),
        ("ibuprofen,,nearly", "“nearly” is none of"),
    ],
)
def test_a_bad_row_is_named_by_its_line(row: str, sentence: str) -> None:
    reading = read_file(f'{HEADER}"baclofen\nor so",,\n\n{row}\n'.encode())
    assert [one.place for one in reading.proposed] == ["Line 2"]
    [problem] = reading.problems
    assert problem.place == "Line 5"
    assert sentence in problem.message


def test_a_schedule_that_is_no_json_is_named(cast: Cast) -> None:
    [problem] = read_file(b"name,schedule\nibuprofen,every day\n").problems
    assert problem.message == "The times of this medicine are not written as MedGuide writes them."


def test_a_column_that_nobody_knows_is_named_and_left() -> None:
    reading = read_file(b"Name of the medicine;Doctor's mood;Food\nibuprofen;good;with food\n")
    assert [one.values["food"] for one in reading.proposed] == ["with"]
    assert reading.problems[0].message.startswith("The column “Doctor's mood” is none that MedGuide knows")


def test_times_in_words_go_into_the_note_and_that_is_said() -> None:
    [one] = read_file(b"NAME,note,when in words\nibuprofen,for pain,at night\n").proposed
    assert one.values["note"] == "for pain\nWhen: at night"
    assert one.remarks == ("When it is taken is said in words, which MedGuide cannot read. They go into the note.",)


def test_words_for_choices_are_read_and_nothing_else_is_guessed() -> None:
    [one] = read_file(b"name,amount,amount_unit,kind,status\nibuprofen,\xc2\xbd,Tablets,PRESCRIBED,\n").proposed
    values = (str(one.values["amount"]), one.values["amount_unit"], one.values["kind"], one.values["status"])
    assert values == ("0.5", "tablet", "prescription", "taking")
    assert one.values["schedule"] == {}


# --- The pages ------------------------------------------------------------------------------------------------


def send(cast: Cast, data: bytes, client: Client | None = None) -> HttpResponse:
    client = client or cast.client("editor")
    file = SimpleUploadedFile("papas-morphine.csv", data)
    response: HttpResponse = client.post(reverse("import_list", args=[cast.person.uid]), {"file": file})
    return response


def decide(cast: Cast, response: Any, client: Client | None = None, **answers: str) -> HttpResponse:
    client = client or cast.client("editor")
    sealed = response.context["preview"].sealed
    fields = {"sealed": sealed, **{name.replace("_", "-"): value for name, value in answers.items()}}
    answer: HttpResponse = client.post(reverse("import_list", args=[cast.person.uid]), fields)
    return answer


def names(cast: Cast) -> list[str]:
    return [one.name for one in cast.access("owner").statements.kept().in_order()]


def chosen(response: Any) -> list[str]:
    return [row.chosen for row in response.context["preview"].rows]


def test_a_file_is_shown_first_then_added_and_a_hasty_finger_adds_once(cast: Cast) -> None:
    before = names(cast)
    shown = send(cast, b"name,strength,what_for\nibuprofen,200 mg,knee\nXylophonol,,\n")
    assert (shown.status_code, names(cast)) == (200, before)
    assert chosen(shown) == ["ibuprofen", "none"]
    assert b"cannot be checked" in shown.content
    for _twice in range(2):
        added = decide(cast, shown, row_1="ibuprofen", row_2="none")
        assert added.status_code == 302
        assert names(cast) == [*before, "ibuprofen", "Xylophonol"]
    ibuprofen = cast.person.statements.get(name="ibuprofen")
    assert (ibuprofen.medicine.slug, ibuprofen.strength, ibuprofen.what_for) == ("ibuprofen", "200 mg", "knee")
    assert cast.person.history.filter(verb="imported").count() == 1


def test_what_is_left_out_stays_out(cast: Cast) -> None:
    before = names(cast)
    client = cast.client("editor")
    shown = send(cast, b"name\nibuprofen\nmetformin\n", client)
    page = client.get(decide(cast, shown, client, row_1="skip", row_2="metformin").url)
    assert names(cast) == [*before, "metformin"]
    assert b"1 medicine was added. 1 was left out." in page.content


def test_what_is_on_the_list_already_is_left_out_unless_chosen(cast: Cast) -> None:
    put(cast.access("owner"), "ibuprofen", status=Status.STOPPED, status_why="my stomach", was_side_effect=True)
    shown = send(cast, b"name,strength\nCoumadin,5 mg\nADVIL,\nbaclofen,10 mg\n")
    assert chosen(shown) == ["skip", "skip", "skip"]
    assert [[one.name for one in row.there] for row in shown.context["preview"].rows] == [
        ["warfarin"], ["ibuprofen"], ["baclofen"],
    ]  # fmt: skip
    assert b"my stomach, a side effect" in shown.content


def test_a_list_on_itself_is_there_word_for_word(cast: Cast) -> None:
    shown = send(cast, list_table(cast.access("editor")))
    assert [row.is_there_just_so for row in shown.context["preview"].rows] == [True, True]
    assert chosen(shown) == ["skip", "skip"]


def test_what_is_hidden_from_the_sender_is_not_given_away(cast: Cast) -> None:
    shown = send(cast, f"name\n{cast.secret.name}\n".encode())
    assert shown.context["preview"].rows[0].there == ()


def test_a_near_name_is_asked_about_and_not_guessed(cast: Cast) -> None:
    before = names(cast)
    client = cast.client("editor")
    shown = send(cast, b"name\nibuprofin\n", client)
    assert chosen(shown) == [""]
    for answer in ({}, {"row_1": "warfarin"}, {"row_1": ""}):
        asked = decide(cast, shown, client, **answer)
        assert (asked.status_code, names(cast)) == (422, before)
        assert b"Choose what to do with it." in asked.content
    decide(cast, shown, client, row_1="ibuprofen")
    added = cast.person.statements.get(name="ibuprofin")
    assert added.medicine.slug == "ibuprofen"


def test_a_near_name_can_stay_what_it_is(cast: Cast) -> None:
    decide(cast, send(cast, b"name\nibuprofin\n"), row_1="none")
    assert cast.person.statements.get(name="ibuprofin").medicine is None


def test_what_the_file_knows_of_a_near_name_is_not_asked_again(cast: Cast) -> None:
    shown = send(cast, a_list({"name": "ibuprofin", "medicine": "ibuprofen"}, {"name": "Xy", "medicine": "ibuprofen"}))
    assert [row.known.slug if row.known else "" for row in shown.context["preview"].rows] == ["ibuprofen", ""]


def test_methotrexate_every_day_is_stopped_here_too(cast: Cast) -> None:
    daily = {"name": "methotrexate", "schedule": {"kind": "daily", "doses": [{"slot": "morning"}]}}
    shown = send(cast, a_list(daily, {"name": "ibuprofen"}))
    assert b"Taking it every day by mistake has killed people." in shown.content
    refused = decide(cast, shown, row_1="methotrexate", row_2="ibuprofen")
    assert (refused.status_code, "methotrexate" in names(cast)) == (422, False)
    assert decide(cast, shown, row_1="skip", row_2="ibuprofen").status_code == 302
    assert "ibuprofen" in names(cast)


def test_what_could_not_be_read_is_told_beside_the_rest(cast: Cast) -> None:
    shown = send(cast, HEADER.encode() + b"ibuprofen,,\n=2,,\n")
    assert b"1 thing could not be read" in shown.content
    assert b"<strong>Line 3</strong>" in shown.content
    nothing = send(cast, HEADER.encode() + b"=2,,\n")
    assert b"Add what I chose" not in nothing.content


def test_a_bad_file_touches_nothing(cast: Cast) -> None:
    before, history = names(cast), cast.person.history.count()
    for data in (b"\xff\xfe", b"{", b"name\n" + b"a\n" * 100_000, b"x" * 10_000_000, b""):
        refused = send(cast, data)
        assert refused.status_code == 422
        assert b"There is something to mend" in refused.content
    assert (names(cast), cast.person.history.count()) == (before, history)


def test_a_file_that_cannot_be_carried_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medguide.medicine_lists.exports.preview._MOST_SEALED", 100)
    assert "too large to be looked through" in send(cast, b"name\nibuprofen\n").content.decode()


def test_five_hundred_medicines_can_be_added(cast: Cast) -> None:
    shown = send(cast, b"name\n" + b"".join(b"Xylophonol %d\n" % number for number in range(500)))
    answers = {f"row_{number}": "none" for number in range(1, 501)}
    assert decide(cast, shown, **answers).status_code == 302
    assert len(names(cast)) == 503


def test_a_sealed_file_is_for_one_user_and_one_list(cast: Cast) -> None:
    before = names(cast)
    shown = send(cast, b"name\nibuprofen\n")
    for who in ("owner", "editor"):
        address = reverse("import_list", args=[cast.person.uid])
        sealed = shown.context["preview"].sealed + ("x" if who == "editor" else "")
        refused = cast.client(who).post(address, {"sealed": sealed, "row-1": "ibuprofen"})
        assert refused.status_code == 422
        assert b"Send" in refused.content
    other = actions.create_person(by=cast.editor, values={"name": "other"})
    address = reverse("import_list", args=[other.uid])
    sealed = shown.context["preview"].sealed
    assert cast.client("editor").post(address, {"sealed": sealed, "row-1": "ibuprofen"}).status_code == 422
    assert names(cast) == before
    assert not other.statements.exists()


def test_a_viewer_brings_nothing_in(cast: Cast) -> None:
    assert send(cast, b"name\nibuprofen\n", cast.client("viewer")).status_code == 404
    assert b"Look through the file" in cast.client("editor").get(reverse("import_list", args=[cast.person.uid])).content


def test_what_was_chosen_outlives_a_session_that_ended(cast: Cast) -> None:
    before = names(cast)
    shown = send(cast, b"name\nibuprofen\nmetformin\n")
    client = cast.client("signed out")
    assert decide(cast, shown, client, row_1="skip", row_2="metformin").url.startswith("/account/login/")
    assert client.session[KEPT_FORM]["fields"]["row-1"] == ["skip"]
    client.force_login(cast.editor)
    again = client.get(reverse("import_list", args=[cast.person.uid]))
    assert chosen(again) == ["skip", "metformin"]
    assert names(cast) == before


def test_a_list_moves_to_another_account(cast: Cast) -> None:
    """Out of one MedGuide, into another one."""
    friend = make_user("friend")
    theirs = actions.create_person(by=friend, values={"name": "me"})
    client = sign_in(friend)
    address = reverse("import_list", args=[theirs.uid])
    exported = cast.client("owner").get(reverse("export_json", args=[cast.person.uid])).content
    shown = client.post(address, {"file": SimpleUploadedFile("a.json", exported)})
    answers = {"row-1": "baclofen", "row-2": "warfarin", "row-3": "none"}
    client.post(address, {"sealed": shown.context["preview"].sealed, **answers})
    fields = ("name", "medicine_id", "strength", "what_for", "note", "schedule", "status")
    assert list(theirs.statements.values(*fields)) == list(cast.person.statements.values(*fields))
