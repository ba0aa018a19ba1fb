"""A list as a file: it comes back in as it went out, and holds nothing that is hidden."""

import datetime
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medguide.medicine_lists import actions
from medguide.medicine_lists.amounts import UNITS
from medguide.medicine_lists.exports.as_csv import table
from medguide.medicine_lists.exports.as_json import entry_of, list_data, to_bytes
from medguide.medicine_lists.exports.cells import plain_cell, safe_cell
from medguide.medicine_lists.exports.everything import everything_of
from medguide.medicine_lists.exports.read import Reading, read_file
from medguide.medicine_lists.models import MedicationStatement, Status
from medguide.medicine_lists.schedules import Dose, Kind, Schedule, Slot, Step
from monographs.models import Medicine

from .cast import SECRET_NAME, SECRET_NOTE, Cast, put

# --- Lists of every sort that the form can make -------------------------------------------------------------

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
formulas = st.sampled_from(["=1+1", "+1 555", "-rash", "@SUM(A1)", "'=x", "'", "''", '"', "a;b,c\td", "a\r\nb", "＝1"])


def texts(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """As forms keep them: no white space at the ends."""
    free = st.text(letters, max_size=most).map(str.strip)
    return (free | formulas).filter(lambda text: least <= len(text) <= most and text == text.strip())


days = st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 1, 1))
amounts = st.decimals(min_value="0.001", max_value=9999, places=3)
times = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@st.composite
def doses(draw: st.DrawFn) -> tuple[Dose, ...]:
    slots = draw(st.lists(st.sampled_from(Slot), unique=True))
    at = draw(st.lists(times, unique=True, max_size=4, min_size=0 if slots else 1))
    return (*(Dose(slot=slot) for slot in slots), *(Dose(time=time) for time in at))


def each(doses: tuple[Dose, ...], amount: Decimal | None) -> tuple[Dose, ...]:
    return tuple(Dose(dose.slot, dose.time, amount) for dose in doses)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    kind, when = draw(st.sampled_from(Kind)), draw(doses())
    own = tuple(Dose(dose.slot, dose.time, draw(st.none() | amounts)) for dose in when)
    first = draw(days)
    span: dict[str, Any] = {"starts_on": draw(st.sampled_from([None, first])), "ends_on": None}
    match kind:
        case Kind.NOT_SAID:
            return Schedule()
        case Kind.TAPER:
            steps = []
            for amount in draw(st.lists(st.none() | amounts, min_size=1, max_size=8)):
                last = first + datetime.timedelta(days=draw(st.integers(0, 20)))
                steps.append(Step(first, last, each(when, amount)))
                first = last + datetime.timedelta(days=draw(st.integers(1, 9)))
            return Schedule(kind=kind, steps=tuple(steps))
        case Kind.AS_NEEDED:
            hours = draw(st.none() | st.decimals(min_value="0.5", max_value=168, places=1))
            most = draw(st.none() | amounts)
            return Schedule(kind=kind, needed_for=draw(texts(120)), least_hours=hours, most_in_a_day=most, **span)
        case Kind.BY_WEEKDAY:
            week = draw(st.dictionaries(st.integers(0, 6), amounts, min_size=1))
            by_weekday = tuple((day, each(when, amount)) for day, amount in sorted(week.items()))
            return Schedule(kind=kind, by_weekday=by_weekday, **span)
        case Kind.WEEKDAYS:
            weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
            return Schedule(kind=kind, doses=own, weekdays=weekdays, **span)
        case Kind.EVERY_N_DAYS:
            span["starts_on"] = first
            return Schedule(kind=kind, doses=own, every_days=draw(st.integers(2, 365)), **span)
    return Schedule(kind=kind, doses=own, **span)


@st.composite
def statements(draw: st.DrawFn) -> MedicationStatement:
    lengths = {"strength": 60, "form": 60, "looks_like": 120, "what_for": 120, "really_taken": 200, "prescriber": 120,
               "pharmacy": 120, "rx_number": 40, "storage": 120, "note": 1000, "status_said_by": 120,
               "status_why": 300}  # fmt: skip
    said = {name: draw(texts(most)) for name, most in lengths.items() if draw(st.booleans())}
    statement = MedicationStatement(
        name=draw(texts(120, least=1)),
        medicine=draw(st.sampled_from([None, Medicine(slug="warfarin")])),
        schedule=draw(schedules()).to_data(),
        kind=draw(st.sampled_from(["", *MedicationStatement.Kind.values])),
        food=draw(st.sampled_from(["", *MedicationStatement.Food.values])),
        amount=draw(st.none() | amounts),
        amount_unit=draw(st.sampled_from(["", *dict(UNITS)])),
        quantity_left=draw(st.none() | amounts),
        refills=draw(st.none() | st.integers(0, 99)),
        refill_on=draw(st.none() | days),
        expires_on=draw(st.none() | days),
        status=draw(st.sampled_from(Status.values)),
        status_since=draw(st.none() | days),
        was_side_effect=draw(st.booleans()),
        **said,
    )
    statement.shown_note = statement.note
    return statement


def as_values(statement: MedicationStatement, names: Any) -> dict[str, Any]:
    return {name: getattr(statement, name) for name in names}


def assert_the_same(reading: Reading, sent: list[MedicationStatement]) -> None:
    assert reading.problems == ()
    assert len(reading.proposed) == len(sent)
    for found, statement in zip(reading.proposed, sent, strict=True):
        assert found.values == as_values(statement, found.values)
        assert found.medicine == (statement.medicine.slug if statement.medicine else "")
        assert found.remarks == ()


@settings(max_examples=50)
@given(st.lists(statements(), min_size=1, max_size=2))
def test_a_table_comes_back_in_as_it_went_out(sent: list[MedicationStatement]) -> None:
    assert_the_same(read_file(table(sent)), sent)


@settings(max_examples=50)
@given(st.lists(statements(), min_size=1, max_size=2))
def test_json_comes_back_in_as_it_went_out(sent: list[MedicationStatement]) -> None:
    data = {"format": "medguide-list", "version": 1, "medicines": [entry_of(one) for one in sent]}
    assert_the_same(read_file(to_bytes(data)), sent)


@given(st.text(st.sampled_from("='+-@\t\r\n＝ab")) | st.text(letters))
@example("'=x")
def test_a_cell_is_text_for_every_spreadsheet_and_comes_back(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert plain_cell(cell) == text


# --- Through the door ---------------------------------------------------------------------------------------


def test_the_table_opens_in_a_spreadsheet_and_its_name_tells_nothing(cast: Cast) -> None:
    put(cast.access("owner"), "=cmd|' /C calc'!A0", note="über Nacht")
    response = cast.client("owner").get(reverse("export_csv", args=[cast.person.uid]))
    assert response["Content-Disposition"] == f'attachment; filename="medicines-{timezone.localdate()}.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"\xef\xbb\xbfName of the medicine [name],")
    assert "\r\n'=cmd|' /C calc'!A0," in response.content.decode()
    assert "über Nacht" in response.content.decode()


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_what_is_hidden_is_in_no_file_and_taking_one_is_written_down(cast: Cast, ending: str) -> None:
    words = {}
    for who in ("owner", "editor", "viewer"):
        words[who] = cast.client(who).get(reverse(f"export_{ending}", args=[cast.person.uid])).content.decode()
        assert "baclofen" in words[who]
    assert SECRET_NAME in words["owner"]
    assert SECRET_NAME not in words["editor"] + words["viewer"]
    assert SECRET_NOTE in words["editor"]
    assert SECRET_NOTE not in words["viewer"]
    actors = cast.person.history.filter(verb="exported").values_list("actor_id", flat=True)
    assert set(actors) == {cast.owner.pk, cast.editor.pk, cast.viewer.pk}


@pytest.mark.parametrize("name", ["export_csv", "export_json", "import_list"])
def test_for_others_there_is_no_file(cast: Cast, name: str) -> None:
    address = reverse(name, args=[cast.person.uid])
    for who in ("revoked", "expired", "stranger"):
        assert cast.client(who).get(address).status_code == 404
    assert cast.client("signed out").get(address).url.startswith("/account/login/")


def test_json_says_what_it_is_and_what_is_known_of_the_person(cast: Cast) -> None:
    owner = cast.access("owner")
    actions.change_person(
        by=owner, read_version=1, values={"weight_kg": Decimal("70.0")},
        allergies=[{"substance": "penicillin", "reaction": "rash"}],
        contacts=[{"kind": "doctor", "name": "Dr. Hahn", "phone": "1"}],
    )  # fmt: skip
    data = list_data(cast.access("owner"), now=timezone.now())
    assert (data["format"], data["version"]) == ("medguide-list", 1)
    assert data["person"]["name"] == "Papa Rosenquist"
    assert data["person"]["weight_kg"] == "70"
    assert data["person"]["allergies"] == [{"substance": "penicillin", "reaction": "rash"}]
    assert data["person"]["contacts"] == [{"kind": "doctor", "name": "Dr. Hahn", "phone": "1"}]
    assert [one["medicine"] for one in data["medicines"]] == ["baclofen", "warfarin", None]


def test_what_was_deleted_is_in_no_list(cast: Cast) -> None:
    actions.delete_statement(by=cast.access("owner"), uid=cast.warfarin.uid)
    data = list_data(cast.access("owner"), now=timezone.now())
    assert [one["name"] for one in data["medicines"]] == ["baclofen", SECRET_NAME]


def unzipped(content: bytes) -> dict[str, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def test_everything_of_mine_is_in_one_file(cast: Cast) -> None:
    actions.create_person(by=cast.owner, values={"name": "Aunt Elsie"})
    response = cast.client("owner").get(reverse("download_everything"))
    assert response["Content-Disposition"] == f'attachment; filename="medguide-{timezone.localdate()}.zip"'
    files = unzipped(response.content)
    assert files["account.json"]["email"] == "owner@example.org"
    assert "new@example.org" in [one["to"] for one in files["account.json"]["invitations_sent"]]
    lists = {data["person"]["name"]: data for name, data in files.items() if name.startswith("list-")}
    assert lists.keys() == {"Aunt Elsie", "Papa Rosenquist"}
    assert read_file(to_bytes(lists["Papa Rosenquist"])).problems == ()
    about = {data["person"]: data for name, data in files.items() if name.startswith("about-")}
    assert {"email": "viewer@example.org", "role": "viewer"} in about["Papa Rosenquist"]["members"]
    assert "owner@example.org added baclofen" in [line["what"] for line in about["Papa Rosenquist"]["history"]]


def test_everything_of_mine_holds_nothing_that_is_hidden_from_me(cast: Cast) -> None:
    for who in ("viewer", "editor"):
        files = unzipped(everything_of(getattr(cast, who), now=timezone.now()))
        assert SECRET_NAME not in json.dumps(files)
        assert "history" not in files["about-list-1.json"]
        assert "members" not in files["about-list-1.json"]
    assert SECRET_NOTE not in json.dumps(unzipped(everything_of(cast.viewer, now=timezone.now())))
    assert list(unzipped(everything_of(cast.stranger, now=timezone.now()))) == ["account.json"]


def test_a_list_that_was_deleted_lately_is_everything_of_its_owner_alone(cast: Cast) -> None:
    actions.delete_person(by=cast.access("owner"))
    assert "list-1.json" in unzipped(everything_of(cast.owner, now=timezone.now()))
    assert list(unzipped(everything_of(cast.viewer, now=timezone.now()))) == ["account.json"]
