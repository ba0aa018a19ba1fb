"""What comes out on paper: the day, one page for a doctor, the wallet card, what changed; and what never does."""

import datetime
import html
import re
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from medguide.medicine_lists import actions
from medguide.medicine_lists.list_changes import changes_since
from medguide.medicine_lists.models import HistoryEvent, MedicationStatement, Status, Verb
from medguide.medicine_lists.rows import rows_of
from medguide.medicine_lists.wallet_card import LARGE, MOST_PANELS, NORMAL, SMALL, Line, short_when, wallet_card

from .cast import SECRET_NAME, SECRET_NOTE, Cast, put

PAGES = ("day", "print", "card", "changes")
MEMBERS = ("owner", "editor", "viewer")
MORNING = {"kind": "daily", "doses": [{"slot": "morning"}]}
MIXED = {"kind": "daily", "doses": [{"slot": "morning"}, {"time": "14:30"}, {"slot": "bedtime", "amount": "2"}]}
MONDAYS = {"kind": "weekdays", "doses": [{"slot": "evening"}], "weekdays": [0]}
NEEDED = {"kind": "as-needed", "needed_for": "pain", "least_hours": "6", "most_in_a_day": "4"}
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"


def read(cast: Cast, paper: str, who: str = "owner", **query: str) -> str:
    """The words of a page from its first heading on: no tags, single spaces."""
    response = cast.client(who).get(f"/lists/{cast.person.uid}/{paper}/?{urlencode(query)}")
    assert response.status_code == 200
    main = response.content.decode().split("<h1", 1)[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main.split(">", 1)[1])).split()).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def taken(cast: Cast, name: str, schedule: dict[str, Any] | None = None, **values: Any) -> MedicationStatement:
    values = {"amount": 1, "amount_unit": "tablet", "schedule": schedule or {}, **values}
    return put(cast.access("owner"), name, **values)


# --- Who sees what ---


@pytest.mark.parametrize("paper", PAGES)
@pytest.mark.parametrize("who", MEMBERS)
def test_members_open_every_page_and_no_cache_keeps_it(cast: Cast, paper: str, who: str) -> None:
    response = cast.client(who).get(f"/lists/{cast.person.uid}/{paper}/")
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("paper", PAGES)
def test_for_others_there_is_no_such_page(cast: Cast, paper: str) -> None:
    for who in ("revoked", "expired", "stranger"):
        assert cast.client(who).get(f"/lists/{cast.person.uid}/{paper}/").status_code == 404
    assert cast.client("signed out").get(f"/lists/{cast.person.uid}/{paper}/").status_code == 302


@pytest.mark.parametrize("paper", PAGES)
def test_what_is_hidden_is_on_no_page(cast: Cast, paper: str) -> None:
    note = {"note": f"{SECRET_NOTE} once more"}
    actions.change_statement(by=cast.access("owner"), uid=cast.baclofen.uid, read_version=1, values=note)
    assert SECRET_NAME in read(cast, paper, "owner")
    for who in ("editor", "viewer"):
        words = read(cast, paper, who)
        assert "baclofen" in words
        assert SECRET_NAME not in words
    assert SECRET_NOTE not in read(cast, paper, "viewer")


def test_a_print_and_a_card_are_in_the_history_as_prints_and_the_rest_as_looks(cast: Cast) -> None:
    verbs = {"day": Verb.LOOKED, "changes": Verb.LOOKED, "print": Verb.PRINTED, "card": Verb.PRINTED}
    for page, verb in verbs.items():
        who = "viewer" if page in ("day", "print") else "editor"
        read(cast, page, who)
        seen = cast.person.history.filter(actor_id=getattr(cast, who).pk, verb=verb)
        assert seen.count() == 1, page


# --- The day ---


def test_the_day_has_its_four_times_exact_times_in_their_place_and_amounts(cast: Cast) -> None:
    taken(cast, "lisinopril", MIXED, strength="10 mg", what_for="high blood pressure", food="with")
    words = read(cast, "day", on=MONDAY)
    assert "Monday, November 23, 2026" in words
    order = ["Morning lisinopril 10 mg 1 tablet, with food For: high blood pressure", "Noon Nothing", "At 2:30 p.m."]
    order += ["Evening Nothing", "Bedtime lisinopril 10 mg 2 tablets"]
    places = [words.index(words_of_place) for words_of_place in order]
    assert places == sorted(places)


def test_as_needed_stands_apart_with_its_limits_and_never_at_a_time_of_day(cast: Cast) -> None:
    taken(cast, "ibuprofen", NEEDED)
    grid, apart = read(cast, "day").split("Only when needed")
    assert "ibuprofen" not in grid
    assert "ibuprofen : 1 tablet when needed for pain, at least 6 hours apart, at most 4 tablets in 24 hours" in apart


def test_a_medicine_without_a_schedule_is_named_apart_and_so_is_one_for_another_day(cast: Cast) -> None:
    taken(cast, "methotrexate", MONDAYS, strength="2.5 mg")
    monday, tuesday = read(cast, "day", on=MONDAY), read(cast, "day", on=TUESDAY)
    assert "Evening methotrexate 2.5 mg 1 tablet" in monday
    assert "Evening Nothing" in tuesday
    assert "Not on this day methotrexate 2.5 mg : Every Monday: 1 tablet in the evening" in tuesday
    assert "When: not said baclofen 10 mg" in monday


def test_stopped_is_not_on_the_day_and_paused_is_named_apart(cast: Cast) -> None:
    since = datetime.date(2026, 11, 1)
    for name, status in (("simvastatin", Status.STOPPED), ("aspirin", Status.PAUSED)):
        one = taken(cast, name, MORNING)
        actions.set_status(by=cast.access("owner"), uid=one.uid, read_version=1, status=status, since=since)
    words = read(cast, "day")
    assert "simvastatin" not in words
    assert "Paused: not taken now aspirin" in words
    assert "Morning Nothing" in words


def test_an_unsaid_amount_is_said_to_be_unsaid(cast: Cast) -> None:
    taken(cast, "lisinopril", MORNING, amount=None)
    assert "Morning lisinopril how much: not said" in read(cast, "day")


def test_one_walks_from_day_to_day_and_an_absurd_day_is_today(cast: Cast) -> None:
    client, address = cast.client("viewer"), f"/lists/{cast.person.uid}/day/"
    page = client.get(f"{address}?on=2026-03-01").content.decode()
    assert 'href="?on=2026-02-28"' in page
    assert 'href="?on=2026-03-02"' in page
    assert "(today)" not in page
    for absurd in ("0001-01-01", "9999-12-31", "yesterday", "2026-02-30"):
        assert "(today)" in read(cast, "day", on=absurd)
    assert "?on=1989" not in client.get(f"{address}?on=1990-01-01").content.decode()


def test_today_is_the_day_where_the_person_is(cast: Cast) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):  # never on the same day
        type(cast.person).objects.filter(pk=cast.person.pk).update(time_zone=zone)
        today = timezone.localdate(timezone.now(), ZoneInfo(zone))
        assert f"{today:%B} {today.day}, {today.year} (today)" in read(cast, "day")


def test_an_empty_list_says_so(cast: Cast) -> None:
    MedicationStatement.objects.filter(person=cast.person).delete()
    assert "Nothing is taken, as far as this list says." in read(cast, "day")
    assert "Taken now: nothing is written here." in read(cast, "print")
    assert "No medicine is written here." in read(cast, "card")
    assert "Nothing changed on the list in that time." in read(cast, "changes")


def test_a_name_is_text_wherever_it_stands(cast: Cast) -> None:
    type(cast.person).objects.filter(pk=cast.person.pk).update(name="<b>Tom & Ann</b>")
    taken(cast, "<i>lisinopril</i>", MORNING, strength="<u>10 mg</u>", what_for="<s>pressure</s>")
    for paper in PAGES:
        page = cast.client("owner").get(f"/lists/{cast.person.uid}/{paper}/").content.decode()
        assert "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;" in page
        assert not re.search(r"<b>|<i>|<u>|<s>|&amp;(?:lt|amp);", page), paper


# --- One page for a doctor ---


def test_what_nobody_wrote_is_said_to_be_unwritten_never_to_be_absent(cast: Cast) -> None:
    for page in ("print", "card"):
        words = read(cast, page)
        assert "Allergies: none written here" in words
        assert "no allergies" not in words.casefold()
    assert "Year of birth: not written here" in read(cast, "print")
    assert "In an emergency call not written here" in read(cast, "print")


def test_the_page_for_a_doctor_has_everything(cast: Cast) -> None:
    owner = cast.access("owner")
    about = {"year_of_birth": 1944, "weight_kg": "81.5", "weighed_on": datetime.date(2026, 11, 2)}
    values = {**about, "conditions": ["kidney-trouble"], "emergency_contact": "Ann, 555-0100"}
    actions.change_person(
        by=owner, read_version=1, values=values,
        allergies=[{"substance": "penicillin", "reaction": "rash"}, {"substance": "peanuts"}],
        contacts=[
            {"kind": "doctor", "name": "Dr. Lee", "phone": "555-0101"}, {"kind": "pharmacy", "name": "Main Street"},
        ],
    )  # fmt: skip
    taken(
        cast, "Zestril", MORNING, strength="10 mg", what_for="pressure", prescriber="Dr. Lee", really_taken="at night"
    )
    taken(cast, "ibuprofen", NEEDED)
    side_effect = {"why": "sore muscles", "was_side_effect": True}
    for name, status, why in (
        ("simvastatin", Status.STOPPED, side_effect),
        ("aspirin", Status.PAUSED, {}),
        ("zinc", Status.STOPPED, {}),
    ):
        one = taken(cast, name)
        actions.set_status(
            by=owner, uid=one.uid, read_version=1, status=status, since=datetime.date(2026, 10, 1), **why
        )
    words = read(cast, "print")
    assert words.startswith("Papa Rosenquist Born in 1944 · 81.5 kg on Nov 2, 2026 Medicine list of ")
    for said in (
        "Allergies: penicillin (rash); peanuts (what happened: not said)",
        "Conditions: kidney trouble",
        "Zestril 10 mg",
        "Every day: 1 tablet in the morning. Really taken: at night pressure Dr. Lee",
        "Only when needed ibuprofen",
        "Paused: aspirin since Oct 1, 2026",
        "Stopped because of a side effect: simvastatin on Oct 1, 2026 (sore muscles)",
        f"because MedGuide does not know these names: {SECRET_NAME}",
        "Serious, found by MedGuide's check",
        "In an emergency call Ann, 555-0100",
        "Doctors Dr. Lee 555-0101",
        "Pharmacies Main Street",
        "Not confirmed by anybody.",
        "Written by the family, not by a clinician.",
    ):
        assert said in words, said
    assert "zinc" not in words
    assert "warfarin" in words.split("Serious, found by")[1].split("In an emergency")[0], "with ibuprofen"


def test_who_confirmed_and_when_and_what_was_changed_since_is_not_confirmed(cast: Cast) -> None:
    owner, now = cast.access("owner"), timezone.now()
    uids = [cast.baclofen.uid, cast.warfarin.uid, cast.secret.uid]
    day = timezone.localdate(now, ZoneInfo(cast.person.time_zone))
    said = f"Confirmed by owner@example.org on {day:%b} {day.day}, {day.year}"
    actions.confirm(by=owner, uids=uids, now=now)
    assert f"{said}. Written" in read(cast, "print")
    actions.change_statement(by=owner, uid=cast.baclofen.uid, read_version=1, values={"note": "a note is no dose"})
    assert f"{said}. Written" in read(cast, "print")
    actions.change_statement(by=owner, uid=cast.warfarin.uid, read_version=1, values={"strength": "5 mg"})
    assert f"{said}. Not confirmed: warfarin 5 mg. Written" in read(cast, "print")


def test_what_counts_as_changed_since_does_not_hang_on_the_clock(cast: Cast) -> None:
    owner, ahead = cast.access("owner"), timezone.now() + datetime.timedelta(days=366)
    actions.confirm(by=owner, uids=[cast.baclofen.uid, cast.warfarin.uid, cast.secret.uid], now=ahead)
    actions.change_statement(by=owner, uid=cast.warfarin.uid, read_version=1, values={"what_for": "clots"})
    words = read(cast, "print")
    assert "Not confirmed: warfarin. Written" in words
    assert "(more than 90 days ago)" not in words


def test_a_confirmation_outlives_its_user_and_grows_old(cast: Cast) -> None:
    old = timezone.now() - datetime.timedelta(days=100)
    MedicationStatement.objects.filter(person=cast.person).update(confirmed_at=timezone.now(), confirmed_by=None)
    assert "by somebody who has left" in read(cast, "print")
    MedicationStatement.objects.filter(person=cast.person).update(confirmed_at=old, changed_at=old)
    assert "by somebody who has left (more than 90 days ago). Written" in read(cast, "print")


def test_what_the_prescriber_knows_is_still_printed(cast: Cast) -> None:
    taken(cast, "ibuprofen", NEEDED)
    client = cast.client("owner")
    key = re.search(r'name="key" value="(\w+)"', client.get(f"/lists/{cast.person.uid}/check/").content.decode())
    assert key
    client.post(f"/lists/{cast.person.uid}/check/known/", {"key": key[1], "known": "1"})
    words = read(cast, "print")
    assert "Ibuprofen with warfarin" in words or "Warfarin with ibuprofen" in words
    assert "that the prescriber knows)" in words


def test_large_print_is_asked_for(cast: Cast) -> None:
    client, address = cast.client("viewer"), f"/lists/{cast.person.uid}/print/"
    assert b"list-sheet--large" not in client.get(address).content
    assert b"list-sheet--large" in client.get(f"{address}?large=1").content


# --- The wallet card ---


def test_the_card_has_the_person_first_and_then_the_medicines_the_needed_ones_last(cast: Cast) -> None:
    actions.change_person(
        by=cast.access("owner"), read_version=1, values={"emergency_contact": "Ann, 555-0100"},
        allergies=[{"substance": "penicillin", "reaction": "rash"}], contacts=[],
    )  # fmt: skip
    taken(cast, "ibuprofen", NEEDED, strength="200 mg")
    taken(cast, "lisinopril", MIXED, strength="10 mg")
    words = read(cast, "card")
    order = [
        "Ann, 555-0100",
        "penicillin (rash)",
        "lisinopril 10 mg 1 tablet morning, 1 tablet at 2:30 p.m., 2 tablets bedtime",
    ]
    order += ["ibuprofen 200 mg 1 tablet when needed for pain"]
    places = [words.index(said) for said in order]
    assert places == sorted(places)


def test_short_words_leave_nothing_out(cast: Cast) -> None:
    until = {**MORNING, "ends_on": "2026-12-01"}
    statements = [taken(cast, str(number), said) for number, said in enumerate((MIXED, MONDAYS, until, NEEDED, {}))]
    said = [short_when(row) for row in rows_of(statements, now=timezone.now())]
    assert said == [
        "1 tablet morning, 1 tablet at 2:30 p.m., 2 tablets bedtime",
        "Every Monday: 1 tablet in the evening",
        "Every day through Dec 1, 2026: 1 tablet in the morning",
        "1 tablet when needed for pain, at least 6 hours apart, at most 4 tablets in 24 hours",
        "1 tablet, when: not said",
    ]


@pytest.mark.parametrize(("count", "size"), [(1, LARGE), (10, LARGE), (80, NORMAL), (100, SMALL)])
def test_the_card_takes_the_larger_print_where_it_can_and_never_more_than_eight_panels(
    count: int, size: object
) -> None:
    card = wallet_card(
        "Ann", [Line("Allergies:", "none")], [Line(f"levothyroxine {n} mcg", "1 tablet") for n in range(count)]
    )
    assert [panel.size for panel in card.panels] == [LARGE] + [size] * (len(card.panels) - 1)
    assert len(card.panels) <= MOST_PANELS
    assert card.left_out == 0
    front, back = card.columns
    assert len(front) == len(back)
    assert sum(len(panel.lines) for panel in (*front, *back)) == count + 1


def test_what_does_not_fit_on_the_card_is_counted_on_it() -> None:
    card = wallet_card("Ann", [Line("Allergies:", "none")], [Line("n" * 120, "w" * 150) for _ in range(60)])
    assert len(card.panels) == MOST_PANELS
    shown = sum(len(panel.lines) for panel in card.panels) - 2
    assert 0 < card.left_out == 60 - shown
    assert card.panels[-1].lines[-1].strong == f"And {card.left_out} medicines that are not on this card."


# --- What changed ---


def test_changes_are_plain_sentences_by_medicine(cast: Cast) -> None:
    owner = cast.access("owner")
    actions.change_statement(by=owner, uid=cast.baclofen.uid, read_version=1, values={"amount": 2, "strength": "20 mg"})
    actions.set_status(
        by=owner, uid=cast.warfarin.uid, read_version=1, status=Status.STOPPED, since=datetime.date(2026, 11, 1),
        said_by="Dr. Lee", why="a bleed.", was_side_effect=True,
    )  # fmt: skip
    words = read(cast, "changes", "viewer")
    for said in (
        "Put on the list.",
        "Strength: 20 mg. It was 10 mg.",
        "How much each time: 2. It was empty before.",
        "Stopped on Nov. 1, 2026. Dr. Lee said so. Why: a bleed. It was because of a side effect.",
    ):
        assert said in words, said
    assert words.index("warfarin") < words.index("baclofen 20 mg"), "what changed last stands first"


def test_paused_started_deleted_and_brought_back_are_told_in_their_order(cast: Cast) -> None:
    owner, uid = cast.access("owner"), cast.warfarin.uid
    day = datetime.date(2026, 11, 1)
    actions.set_status(by=owner, uid=uid, read_version=1, status=Status.PAUSED, since=day)
    actions.set_status(by=owner, uid=uid, read_version=2, status=Status.TAKING, since=datetime.date(2026, 11, 2))
    actions.change_statement(by=owner, uid=uid, read_version=3, values={"what_for": "clots"})
    actions.change_statement(by=owner, uid=uid, read_version=4, values={"what_for": ""})
    actions.delete_statement(by=owner, uid=uid)
    assert "warfarin (deleted)" in read(cast, "changes", "viewer")
    actions.restore_statement(by=owner, uid=uid)
    changed = {one.uid: one for one in changes_since(cast.access("viewer"), timezone.localdate())}[uid]
    assert [sentence for step in changed.steps for sentence in step.sentences] == [
        "Put on the list.",
        "Paused on Nov. 1, 2026.",
        "Started again on Nov. 2, 2026.",
        "What it is for: clots. It was empty before.",
        "What it is for: empty now. It was clots.",
        "Deleted from the list.",
        "Brought back to the list.",
    ]


def test_a_hidden_note_is_no_change_and_a_shown_one_is(cast: Cast) -> None:
    actions.change_statement(by=cast.access("owner"), uid=cast.baclofen.uid, read_version=1, values={"note": "new"})
    today = timezone.localdate()
    for who, steps in (("viewer", 1), ("editor", 2), ("owner", 2)):
        changed = {one.uid: one for one in changes_since(cast.access(who), today)}
        assert len(changed[cast.baclofen.uid].steps) == steps, who


def test_looks_and_confirmations_are_no_changes(cast: Cast) -> None:
    before = read(cast, "changes")
    actions.confirm(by=cast.access("owner"), uids=[cast.warfarin.uid], now=timezone.now())
    assert read(cast, "changes") == before


def test_changes_begin_ninety_days_ago_or_with_ones_own_last_print_before_today(cast: Cast) -> None:
    now, zone = timezone.now(), ZoneInfo(cast.person.time_zone)
    client, address = cast.client("viewer"), f"/lists/{cast.person.uid}/changes/"

    def since() -> str:
        found = re.search(r'name="since" value="([\d-]+)"', client.get(address).content.decode())
        assert found
        return found[1]

    ninety = timezone.localdate(now, zone) - datetime.timedelta(days=90)
    assert since() == ninety.isoformat()
    for who, days in (("owner", 3), ("viewer", 20), ("viewer", 10), ("viewer", 0)):
        actor = getattr(cast, who).pk
        at = now - datetime.timedelta(days=days)
        HistoryEvent.objects.create(person=cast.person, actor_id=actor, verb=Verb.PRINTED, at=at)
    assert since() == timezone.localdate(now - datetime.timedelta(days=10), zone).isoformat()


def test_a_day_that_cannot_be_meant_is_left_aside(cast: Cast) -> None:
    for absurd in ("", "x", "9999-12-31", "1066-10-14"):
        assert "Put on the list." in read(cast, "changes", since=absurd)
