"""The list, its check and its medicines, over the web."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medguide.medicine_lists import actions
from medguide.medicine_lists.forms import initial_of
from medguide.medicine_lists.models import Allergy, Hidden, KnownFinding, MedicationStatement
from medguide.medicine_lists.schedules import Dose, Kind, Schedule, Slot
from monographs.models import Monograph

from .cast import SECRET_NAME, Cast, put

pytestmark = pytest.mark.django_db

EMPTY = {"name": "", "when": "", "meant": "none"}


def at(cast: Cast, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"person": cast.person.uid, **kwargs})


def form(**values: Any) -> dict[str, Any]:
    """What the browser sends of the big form."""
    return {**EMPTY, "sent_as": str(uuid4()), **values}


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    assert "no-store" in response["Cache-Control"]
    return str(response.content.decode())


def test_a_list_is_read_across_a_room(cast: Cast) -> None:
    put(
        cast.access("owner"), "levothyroxine", strength="50 mcg", amount=1, amount_unit="tablet", what_for="thyroid",
        schedule={"kind": "daily", "doses": [{"slot": "morning"}]},
    )  # fmt: skip
    page = text(cast.client("owner").get(at(cast, "medicine_list_of")))
    assert "Papa Rosenquist's medicines</h1>" in page
    assert re.search(r"levothyroxine.*50 mcg", page)
    assert "Every day: 1 tablet in the morning" in page
    assert "For: thyroid" in page
    assert "/medicines/levothyroxine/#missed-dose" in page
    assert SECRET_NAME in page


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    person = actions.create_person(by=cast.owner, values={"name": "Mama"})
    page = text(cast.client("owner").get(reverse("medicine_list_of", kwargs={"person": person.uid})))
    assert "Nothing is on this list yet." in page


def test_a_viewer_has_no_button_that_changes(cast: Cast) -> None:
    page = text(cast.client("viewer").get(at(cast, "medicine_list_of")))
    assert "Add a medicine" not in page
    assert SECRET_NAME not in page
    assert cast.client("viewer").get(at(cast, "add_statement")).status_code == 404


def test_adding_asks_about_a_near_name_and_takes_the_answer(cast: Cast) -> None:
    client = cast.client("editor")
    asked = text(client.post(at(cast, "add_statement"), {"name": "citalopran"}, follow=True))
    assert "Which one is it?" in asked
    assert "citalopram" in asked
    whole = text(client.post(at(cast, "add_statement"), {"name": "citalopran", "meant": "citalopram"}, follow=True))
    assert "We read this as <strong>citalopram</strong>" in whole
    sent = form(
        name="citalopran", meant="citalopram", amount="½", amount_unit="tablet", when="daily", slots=["morning"]
    )
    response = client.post(at(cast, "add_statement"), sent)
    assert response.status_code == 302
    [added] = MedicationStatement.objects.filter(name="citalopran")
    assert added.medicine is not None
    assert added.medicine.name == "citalopram"
    again = client.post(at(cast, "add_statement"), sent)
    assert again.status_code == 302
    assert MedicationStatement.objects.filter(name="citalopran").count() == 1


def test_a_name_that_nobody_knows_is_kept_word_for_word(cast: Cast) -> None:
    client = cast.client("owner")
    whole = text(client.post(at(cast, "add_statement"), {"name": "Omas Tropfen №5"}, follow=True))
    assert "We do not know this name" in whole
    client.post(at(cast, "add_statement"), form(name="Omas Tropfen №5"))
    page = text(client.get(at(cast, "medicine_list_of")))
    assert "Omas Tropfen №5" in page
    assert "could not be checked" in page


def test_a_misspelt_name_is_asked_about_plainly_and_can_be_corrected_later(cast: Cast) -> None:
    client = cast.client("owner")
    asked = text(client.post(at(cast, "add_statement"), {"name": "metformn"}, follow=True))
    assert re.search(r"You typed “metformn”.\s+Did you mean (one of these|metformin)\?", asked)
    assert 'value="metformin"' in asked
    assert not MedicationStatement.objects.filter(name="metformn").exists()
    kept = put(cast.access("owner"), "metformn")
    edit = at(cast, "edit_statement", statement=kept.uid)
    assert f'href="{edit}">Correct the name “metformn”</a>' in text(client.get(at(cast, "medicine_list_of")))
    client.post(edit, form(name="metformin", version="1"))
    kept.refresh_from_db()
    assert kept.medicine is not None
    assert "Correct the name “met" not in text(client.get(at(cast, "medicine_list_of")))
    put(cast.access("owner"), "metformn")
    seen = text(cast.client("viewer").get(at(cast, "medicine_list_of")))
    assert "We do not know this name" in seen
    assert "Correct the name" not in seen


def test_a_forged_match_is_not_taken(cast: Cast) -> None:
    cast.client("owner").post(at(cast, "add_statement"), form(name="Omas Tropfen", meant="warfarin"))
    assert MedicationStatement.objects.get(name="Omas Tropfen").medicine is None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"amount": "two"}, "as a number"),
        ({"amount": "-1"}, "less than zero"),
        ({"amount": "1,000"}, "thousands mark"),
        ({"amount": "9" * 10_000}, "at most 20"),
        ({"amount": "💊"}, "as a number"),
        ({"name": ""}, "required"),
        ({"name": "x" * 10_000}, "at most 120"),
        ({"when": "daily"}, "at what time"),
        ({"when": "weekdays", "slots": ["morning"]}, "one day of the week"),
        ({"when": "every-n-days", "slots": ["morning"]}, "Every how many days"),
        ({"when": "daily", "times": "noonish"}, "8:00 or 14:30"),
        ({"when": "daily", "slots": ["morning"], "starts_on": "2026-12-01", "ends_on": "2026-11-01"}, "before"),
        ({"when": "taper", "slots": ["morning"]}, "step"),
        ({"expires_on": "3026-01-01"}, "too far away"),
        ({"expires_on": "soon"}, "valid date"),
        ({"when": "sometimes"}, "not one of the available choices"),
        ({"refills": "many"}, "whole number"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(cast: Cast, values: dict[str, Any], says: str) -> None:
    sent = form(**{"name": "ibuprofen", "note": "KEPT AS TYPED", **values})
    page = text(cast.client("owner").post(at(cast, "add_statement"), sent), 422)
    assert "<title>Error:" in page
    summary = page[page.index("error-summary") : page.index("<h1")]
    assert says.lower() in summary.lower()
    assert "KEPT AS TYPED" in page
    assert not MedicationStatement.objects.filter(note="KEPT AS TYPED").exists()


@pytest.mark.parametrize(
    ("typed", "shown"), [("1,5", "1½ tablets"), (".5", "½ tablet"), ("5.0", "5 tablets"), ("½", "½ tablet")]
)
def test_amounts_are_understood_and_echoed(cast: Cast, typed: str, shown: str) -> None:
    sent = form(name="ibuprofen", amount=typed, amount_unit="tablet", when="daily", slots=["noon"])
    cast.client("owner").post(at(cast, "add_statement"), sent)
    assert f"Every day: {shown} at noon" in text(cast.client("owner").get(at(cast, "medicine_list_of")))


def test_weekly_methotrexate_is_guarded(cast: Cast) -> None:
    client = cast.client("owner")
    daily = form(
        name="methotrexate", meant="methotrexate", amount="1", amount_unit="tablet", when="daily", slots=["morning"]
    )
    assert "on one day of the week" in text(client.post(at(cast, "add_statement"), daily), 422)
    no_day = daily | {"when": "weekdays", "sent_as": str(uuid4())}
    assert "day" in text(client.post(at(cast, "add_statement"), no_day), 422)
    weekly = no_day | {"weekdays": ["0"], "sent_as": str(uuid4())}
    assert client.post(at(cast, "add_statement"), weekly).status_code == 302
    assert MedicationStatement.objects.filter(name="methotrexate").count() == 1


def test_what_is_weekly_in_one_form_only_may_be_daily(cast: Cast) -> None:
    Monograph.objects.filter(medicine__slug="baclofen").update(tags=["once-a-week"])  # as on semaglutide's page
    sent = form(name="baclofen", meant="baclofen", amount="1", amount_unit="tablet", when="daily", slots=["morning"])
    assert cast.client("owner").post(at(cast, "add_statement"), sent).status_code == 302


def test_what_was_stopped_is_told_when_it_is_added_again(cast: Cast) -> None:
    client = cast.client("owner")
    stop = {"status": "stopped", "since": "2026-11-01", "said_by": "Dr. Hahn", "why": "a rash", "was_side_effect": "on"}
    client.post(at(cast, "statement_status", statement=cast.baclofen.uid), {**stop, "version": 1})
    page = text(client.post(at(cast, "add_statement"), {"name": "Lioresal"}, follow=True))
    assert "Baclofen was stopped before" in page
    assert "a rash" in page
    assert "because of a side effect" in page


def test_editing_shows_what_stands_and_saves(cast: Cast) -> None:
    client = cast.client("editor")
    address = at(cast, "edit_statement", statement=cast.baclofen.uid)
    shown = text(client.get(address))
    assert 'value="10 mg"' in shown
    sent = form(name="baclofen", strength="20 mg", when="daily", times="8:00, 20:00", amount="1", version=1)
    assert client.post(address, sent).status_code == 302
    again = text(client.get(address))
    assert 'value="20 mg"' in again
    assert 'value="08:00, 20:00"' in again
    cast.baclofen.refresh_from_db()
    assert cast.baclofen.medicine is not None


def test_doses_of_their_own_amount_are_written_and_kept(cast: Cast) -> None:
    client = cast.client("owner")
    sent = form(
        name="baclofen", amount="1", amount_unit="tablet", when="daily", slots=["morning", "bedtime"],
        amount_at_bedtime="2", times="14:30 (½)", version=1,
    )  # fmt: skip
    address = at(cast, "edit_statement", statement=cast.baclofen.uid)
    assert client.post(address, sent).status_code == 302
    assert "1 tablet in the morning, ½ at 2:30 p.m., 2 at bedtime" in text(client.get(at(cast, "medicine_list_of")))
    shown = text(client.get(address))
    assert re.search(r'name="amount_at_bedtime" value="2"', shown)
    assert 'value="14:30 (0.5)"' in shown
    assert "number" in text(client.post(address, sent | {"times": "14:30 (two)", "version": 2}), 422)


def test_a_schedule_that_the_form_cannot_show_stays_when_the_rest_is_edited(cast: Cast) -> None:
    doses = (Dose(Slot.MORNING, None, Decimal(1)), Dose(Slot.NOON, None, Decimal(2)))
    stored = Schedule(kind=Kind.BY_WEEKDAY, by_weekday=((0, doses), (3, doses[:1]))).to_data()
    MedicationStatement.objects.filter(pk=cast.warfarin.pk).update(schedule=stored)
    cast.warfarin.refresh_from_db()
    client = cast.client("owner")
    shown = {name: value for name, value in initial_of(cast.warfarin).items() if value is not None}
    sent = form(**shown | {"what_for": "a clot", "version": 1})
    assert client.post(at(cast, "edit_statement", statement=cast.warfarin.uid), sent).status_code == 302
    cast.warfarin.refresh_from_db()
    assert (cast.warfarin.what_for, cast.warfarin.schedule) == ("a clot", stored)


def test_a_confirmation_ends_with_the_dose_that_it_was_said_of(cast: Cast) -> None:
    owner = cast.access("owner")
    for values, stays in (({"what_for": "spasms"}, True), ({"strength": "20 mg"}, False)):
        actions.confirm(by=owner, uids=[cast.baclofen.uid], now=timezone.now())
        cast.baclofen.refresh_from_db()
        actions.change_statement(by=owner, uid=cast.baclofen.uid, read_version=cast.baclofen.version, values=values)
        cast.baclofen.refresh_from_db()
        assert (cast.baclofen.confirmed_at is not None) is stays


def test_a_viewers_hidden_note_survives_an_editor_who_cannot_see_it(cast: Cast) -> None:
    owner = cast.access("owner")
    actions.hide(by=owner, uid=cast.baclofen.uid, user_id=cast.editor.pk, what=Hidden.What.NOTE)
    client = cast.client("editor")
    address = at(cast, "edit_statement", statement=cast.baclofen.uid)
    assert "note-for-nobody-else" not in text(client.get(address))
    assert (
        client.post(address, form(name="baclofen", strength="5 mg", note="overwritten", version=1)).status_code == 302
    )
    cast.baclofen.refresh_from_db()
    assert (cast.baclofen.strength, cast.baclofen.note) == ("5 mg", "note-for-nobody-else")


def test_the_same_save_twice_is_no_conflict(cast: Cast) -> None:
    client = cast.client("owner")
    edit = at(cast, "edit_statement", statement=cast.baclofen.uid)
    stop = at(cast, "statement_status", statement=cast.warfarin.uid)
    sent = form(name="baclofen", strength="20 mg", version=1)
    stopped = {"status": "stopped", "since": "2026-11-01", "why": "a rash", "version": 1}
    for _twice in range(2):
        assert client.post(edit, sent).status_code == 302
        assert client.post(stop, stopped).status_code == 302
    assert cast.person.history.filter(verb="changed").count() == 1
    assert cast.person.history.filter(verb="stopped").count() == 1


def test_adding_can_be_gone_back_to_and_begun_again(cast: Cast) -> None:
    client, address = cast.client("owner"), at(cast, "add_statement")
    client.post(address, {"name": "ibuprofen"})
    for _again in range(2):
        assert "We read this as <strong>ibuprofen</strong>" in text(client.get(address))
    assert "We read this as" not in text(client.get(f"{address}?new"))
    other = actions.create_person(by=cast.owner, values={"name": "Mama"})
    assert "ibuprofen" not in text(client.get(reverse("add_statement", kwargs={"person": other.uid})))
    client.post(address, form(name="ibuprofen"))
    assert "We read this as" not in text(client.get(address))


def test_two_at_once_are_asked_field_by_field(cast: Cast) -> None:
    address = at(cast, "edit_statement", statement=cast.baclofen.uid)
    his, hers = cast.client("editor"), cast.client("owner")
    his.post(address, form(name="baclofen", strength="20 mg", what_for="spasms", note="his", version=1))
    sent = form(name="baclofen", strength="10 mg", what_for="cramps", note="note-for-nobody-else", version=1)
    page = text(hers.post(address, sent), 409)
    assert "Somebody else changed this for" in page
    assert re.search(r'name="choose-strength" value="theirs" required checked', page)
    assert not re.search(r'name="choose-what_for" value="\w+" required checked', page)
    chosen = sent | {"version": 2, "choose-strength": "theirs", "choose-what_for": "mine", "choose-note": "theirs"}
    assert hers.post(address, chosen).status_code == 302
    cast.baclofen.refresh_from_db()
    assert (cast.baclofen.strength, cast.baclofen.what_for, cast.baclofen.note) == ("20 mg", "cramps", "his")


def test_a_form_outlives_a_session_that_timed_out(cast: Cast) -> None:
    client = Client(headers={"host": "127.0.0.1"})
    address = at(cast, "add_statement")
    response = client.post(address, form(name="ibuprofen", note="typed at length"))
    assert response.status_code == 302
    assert "typed" not in response["Location"]
    client.force_login(cast.owner)
    page = text(client.get(address))
    assert "typed at length" in page
    assert "typed at length" not in text(client.get(address))


def test_pausing_confirming_moving_deleting(cast: Cast) -> None:
    client = cast.client("editor")
    uid = cast.warfarin.uid
    pause = {"status": "paused", "since": "2026-11-20", "version": 1}
    assert client.post(at(cast, "statement_status", statement=uid), pause).status_code == 302
    assert "Paused</h2>" in text(client.get(at(cast, "medicine_list_of")))
    old = text(client.post(at(cast, "statement_status", statement=uid), pause | {"status": "stopped"}), 422)
    assert "Somebody else changed this medicine" in old
    client.post(
        at(cast, "confirm_statements"), {"statement": [str(cast.baclofen.uid), "no-uuid", str(cast.secret.uid)]}
    )
    cast.baclofen.refresh_from_db()
    cast.secret.refresh_from_db()
    assert cast.baclofen.confirmed_by == cast.editor
    assert cast.secret.confirmed_at is None
    assert "Delete warfarin from Papa Rosenquist's list?" in text(
        client.get(at(cast, "delete_statement", statement=uid))
    )
    client.post(at(cast, "delete_statement", statement=uid))
    page = text(client.get(at(cast, "medicine_list_of")))
    assert "Bring warfarin back for" in page
    client.post(at(cast, "restore_statement", statement=uid))
    assert "Bring warfarin back for" not in text(client.get(at(cast, "medicine_list_of")))
    assert client.post(at(cast, "move_statement", statement=uid), {"up": "1"}).status_code == 302


def test_the_check_stands_on_every_page_and_a_known_finding_leaves_the_count(cast: Cast) -> None:
    client = cast.client("editor")
    put(cast.access("owner"), "ibuprofen")
    page = text(client.get(at(cast, "medicine_list_of")))
    assert "1 serious warning" in page
    assert "1 serious warning" in text(client.get(at(cast, "statement", statement=cast.baclofen.uid)))
    report = text(client.get(at(cast, "list_check")))
    [key] = re.findall(r'name="key" value="(\w+)"', report[report.index("Ibuprofen <span") :])[:1]
    for _twice in range(2):
        client.post(at(cast, "know_finding"), {"key": key, "known": "1"})
    assert "1 serious warning" not in text(client.get(at(cast, "medicine_list_of")))
    known = text(client.get(at(cast, "list_check")))
    assert "The prescriber knows" in known
    assert KnownFinding.objects.count() == 1
    # It comes back when a dose changes.
    values = {"strength": "600 mg"}
    ibuprofen = cast.person.statements.get(name="ibuprofen")
    actions.change_statement(by=cast.access("owner"), uid=ibuprofen.uid, read_version=1, values=values)
    assert "1 serious warning" in text(client.get(at(cast, "medicine_list_of")))
    client.post(at(cast, "know_finding"), {"key": "no-such-finding", "known": "1"})


def test_the_check_of_a_long_list_begins_with_counts_that_lead_to_its_parts(cast: Cast) -> None:
    owner = cast.access("owner")
    for name in ("ibuprofen", "oxycodone", "alprazolam", "levothyroxine", "lisinopril", "Oma's drops"):
        put(owner, name)
    actions.change_person(by=owner, read_version=1, values={}, allergies=[{"substance": "baclofen"}], contacts=[])
    page = text(cast.client("owner").get(at(cast, "list_check")))
    counts = page[page.index('class="report__counts"') : page.index('id="not-checked"')]
    said = {target: int(words.split()[0]) for target, words in re.findall(r'<a href="#([\w-]+)">([^<]+)</a>', counts)}
    assert said["serious"] == page.count('<article class="finding finding--serious"') >= 3
    assert said["ask"] == page[page.index('id="ask"') : page.index('id="checked"')].count("list-finding")
    assert said["not-checked"] == page[page.index('id="not-checked"') : page.index('id="serious"')].count("<li>")
    assert "finding--serious" not in page[page.index('id="ask"') :]


def test_conditions_substances_and_allergies_are_part_of_the_check(cast: Cast) -> None:
    cast.person.substances = ["alcohol"]
    cast.person.conditions = ["pregnancy"]
    cast.person.save()
    Allergy.objects.create(person=cast.person, substance="penicillin", reaction="hives")
    Allergy.objects.create(person=cast.person, substance="Lioresal")
    put(cast.access("owner"), "amoxicillin")
    report = text(cast.client("owner").get(at(cast, "list_check")))
    assert "amoxicillin, and the allergy to penicillin" in report
    assert "What happened before: hives." in report
    assert "baclofen holds Lioresal" in report
    assert "alcohol" in report
    assert "pregnancy" in report


def test_an_allergy_that_we_do_not_know_is_named_as_not_checked(cast: Cast) -> None:
    Allergy.objects.create(person=cast.person, substance="Omas Tropfen")
    for name in ("list_check", "print_list"):
        assert "the allergy to Omas Tropfen" in text(cast.client("viewer").get(at(cast, name)))


def test_the_same_medicine_twice_is_a_double_with_its_sum(cast: Cast) -> None:
    schedule = {"kind": "daily", "doses": [{"slot": "morning"}, {"slot": "bedtime"}]}
    for _ in range(2):
        put(cast.access("owner"), "acetaminophen", strength="500 mg", amount=2, amount_unit="tablet", schedule=schedule)
    report = text(cast.client("owner").get(at(cast, "list_check")))
    assert "acetaminophen 500 mg, acetaminophen 500 mg (2)" in report
    assert "Together: 4,000 mg in a day." in report


def test_hidden_medicines_are_not_in_the_check_of_whom_they_are_hidden_from(cast: Cast) -> None:
    assert SECRET_NAME in text(cast.client("owner").get(at(cast, "list_check")))
    for who in ("editor", "viewer"):
        for query in ("", "?questions"):
            assert SECRET_NAME not in text(cast.client(who).get(at(cast, "list_check") + query))


def test_sixty_medicines_take_no_more_queries_than_three(cast: Cast, django_assert_max_num_queries: Any) -> None:
    names = ["lisinopril", "metformin", "atorvastatin", "sertraline", "alprazolam", "oxycodone"] * 10
    for name in names[:57]:
        put(cast.access("owner"), name)
    client = cast.client("viewer")
    client.get(at(cast, "medicine_list_of"))  # the first look is written down
    with django_assert_max_num_queries(12):
        page = text(client.get(at(cast, "medicine_list_of")))
    assert page.count('class="row"') == 59
