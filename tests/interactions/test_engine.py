"""The check by its properties: what must hold whatever is taken and whatever the rules are."""

from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.interactions.check import check
from monographs.interactions.report import Item, Report
from monographs.interactions.rulebook import Double, Effect, Kind, Level, Rule, Rulebook, Source, Texts

TEXTS = Texts(
    do="Ask about {a} and {b}.",
    could_happen="Harm.",
    because="It is so.",
    call_911=("A seizure",),
    call_prescriber=("A rash",),
    more_risk_if=(),
    how_sure="strong",
    question="Do I need {a} and {b}?",
    sources=(Source("A label", "2026-11-22", set_id="x"),),
)
LETTERS = "abcdefgh"


def rule(key: str, left: str, right: str, level: Level, **more: object) -> Rule:
    return Rule(key, (frozenset(left), frozenset(right)), level, TEXTS, **more)  # type: ignore[arg-type]


RULEBOOK = Rulebook(
    rules=(
        rule("ab-serious", "a", "bc", Level.SERIOUS),
        rule("ab-check", "ab", "ab", Level.CHECK),
        rule("cd-check", "c", "d", Level.CHECK, effect="sum"),
        rule("de-know", "d", "e", Level.KNOW),
        rule("class-except", "ef", "gh", Level.CHECK, exceptions=frozenset({frozenset("eg")})),
        Rule("a-kidney", (frozenset("a"), frozenset({"condition:kidney-trouble"})), Level.SERIOUS, TEXTS),
        rule("eye-too", "g", "h", Level.CHECK, routes=frozenset({"eye"})),
    ),
    effects=(
        Effect("sum", "Sum", frozenset("cdef"), 3, Level.CHECK, TEXTS),
        Effect(
            "trio", "Trio", frozenset("fgh"), 3, Level.SERIOUS, TEXTS, (frozenset("f"), frozenset("g"), frozenset("h"))
        ),
    ),
    kinds=(Kind("gh", "The g kind", frozenset("gh")),),
    doubles={
        "same": Double("same", Level.CHECK, TEXTS),
        "ingredient:a": Double("same-a", Level.SERIOUS, TEXTS, most_mg_in_a_day=4000),
        "kind": Double("kind", Level.CHECK, TEXTS),
    },
)


def things(*names: str) -> list[Item]:
    return [Item(name, tuple(name)) for name in names]


items = st.lists(
    st.builds(
        Item,
        st.text("xyz", min_size=1, max_size=3),
        st.lists(st.sampled_from(LETTERS), min_size=1, max_size=2, unique=True).map(tuple),
    ),
    max_size=6,
    unique_by=lambda item: item.name,
)


def warnings_by_pair(report: Report) -> dict[frozenset[str], Level]:
    """The highest level at which each pair of names is warned of, in whatever card."""
    found: dict[frozenset[str], Level] = {}

    def add(names: Iterable[str], level: Level) -> None:
        for pair in combinations(sorted(set(names)), 2):
            key = frozenset(pair)
            found[key] = max(found.get(key, Level.KNOW), level)

    for finding in report.pair_findings:
        add(finding.names, finding.level)
    for group in (*report.same_ingredient, *report.adds_up, *report.same_kind):
        add(group.names, group.level)
    return found


@given(items, st.randoms())
def test_order_and_repeats_do_not_change_the_report(taken: list[Item], random: object) -> None:
    shuffled = [*taken, *taken[:2]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert check(shuffled, RULEBOOK) == check(taken, RULEBOOK)


@given(items, items)
def test_adding_a_thing_never_removes_or_lowers_a_warning(taken: list[Item], more: list[Item]) -> None:
    more = [item for item in more if item.name not in {other.name for other in taken}]
    before, after = warnings_by_pair(check(taken, RULEBOOK)), warnings_by_pair(check(taken + more, RULEBOOK))
    for pair, level in before.items():
        assert after[pair] >= level


@given(items)
def test_a_pair_has_one_card_at_its_highest_level_with_every_reason(taken: list[Item]) -> None:
    report = check(taken, RULEBOOK, conditions=["kidney-trouble"])
    pairs = [frozenset(finding.names) for finding in report.pair_findings]
    assert len(pairs) == len(set(pairs))
    for finding in report.pair_findings:
        assert finding.level == max(reason.level for reason in finding.reasons)
        keys = [reason.key for reason in finding.reasons]
        assert len(keys) == len(set(keys))


@given(items)
def test_every_finding_is_to_be_acted_on_or_asked_about_or_known(taken: list[Item]) -> None:
    report = check(taken, RULEBOOK, conditions=["kidney-trouble"])
    groups = [*report.same_ingredient, *report.adds_up, *report.same_kind]
    told = [*report.to_act_on, *report.to_ask, *report.know]
    assert len(told) == len(groups) + len(report.pair_findings)
    assert all(finding in told for finding in (*groups, *report.pair_findings))
    assert {finding.level for finding in report.to_act_on} <= {Level.SERIOUS}
    assert Level.SERIOUS not in {finding.level for finding in (*report.to_ask, *report.know)}


@given(st.sampled_from("bc"))
def test_every_member_of_a_side_fires_its_rule(member: str) -> None:
    [finding] = check(things("a", member), RULEBOOK).serious
    assert "ab-serious" in [reason.key for reason in finding.reasons]


def test_names_stand_in_the_order_of_the_rule() -> None:
    [finding] = check(things("b", "a"), RULEBOOK).serious
    assert finding.do == "Ask about a and b."
    assert finding.question == "Do I need a and b?"
    assert finding.could_happen == ("Harm. It is so.",)


def test_a_rule_does_not_set_a_thing_against_itself() -> None:
    assert check(things("ab"), RULEBOOK).found_nothing
    assert check(things("a"), RULEBOOK).found_nothing


def test_exceptions_hold_for_their_pair_alone() -> None:
    assert check(things("e", "g"), RULEBOOK).check == ()
    assert len(check(things("e", "h"), RULEBOOK).check) == 1
    assert len(check(things("ef", "g"), RULEBOOK).check) == 1


def test_one_ingredient_in_two_things_is_a_double_with_its_sum() -> None:
    taken = [Item("one", ("a",), mg_in_a_day=(("a", 3000),)), Item("two", ("a", "e"), mg_in_a_day=(("a", 2000),))]
    [finding] = check(taken, RULEBOOK).same_ingredient
    assert (finding.key, finding.level, finding.names) == ("a", Level.SERIOUS, ("one", "two"))
    assert (finding.mg_in_a_day, finding.most_mg_in_a_day) == (5000, 4000)
    [finding] = check([Item("one", ("e",)), Item("two", ("e",))], RULEBOOK).same_ingredient
    assert (finding.level, finding.mg_in_a_day) == (Level.CHECK, None)


def test_three_that_add_up_are_one_card_in_the_place_of_pairs() -> None:
    two = check(things("c", "d"), RULEBOOK)
    assert [finding.names for finding in two.check] == [("c", "d")]
    assert two.adds_up == ()
    three = check(things("c", "d", "f"), RULEBOOK)
    assert three.check == ()
    [card] = three.adds_up
    assert card.names == ("c", "d", "f")
    assert [reason.key for reason in card.reasons] == ["cd-check"]


def test_a_trio_needs_one_of_each() -> None:
    assert [card.key for card in check(things("f", "g", "h"), RULEBOOK).adds_up] == ["trio"]
    assert check([Item("g1", ("g",)), Item("g2", ("g",)), *things("h")], RULEBOOK).adds_up == ()


def test_two_of_a_kind() -> None:
    [finding] = check(things("g", "h"), RULEBOOK).same_kind
    assert finding.title == "The g kind"
    assert check([Item("g1", ("g",)), Item("g2", ("g",))], RULEBOOK).same_kind == ()


def test_eye_drops_do_not_fire_the_rules_of_tablets() -> None:
    drops = Item("a drops", ("a",), "eye")
    assert check([drops, *things("b")], RULEBOOK).found_nothing
    assert check([drops, *things("a")], RULEBOOK).same_ingredient == ()
    assert check([Item("g drops", ("g",), "eye"), *things("h")], RULEBOOK).check != ()


def test_conditions() -> None:
    [finding] = check(things("a"), RULEBOOK, conditions=["kidney-trouble"]).serious
    assert finding.with_condition
    assert finding.names == ("a", "kidney trouble")


def test_a_condition_without_a_rule_is_said_not_to_be_checked() -> None:
    report = check(things("a"), RULEBOOK, conditions=["glaucoma", "kidney-trouble"])
    assert report.not_checked == ("glaucoma",)


def test_what_was_not_recognised_is_kept_and_the_rest_is_counted() -> None:
    report = check(things("a", "b"), RULEBOOK, not_checked=["zzyzx", "zzyzx"])
    assert report.not_checked == ("zzyzx",)
    assert (report.checked, report.pairs, report.rules) == (("a", "b"), 1, 9)
    assert not report.found_nothing


@pytest.mark.parametrize("count", [0, 1, 2])
def test_nothing_found_is_said(count: int) -> None:
    assert check(things(*"fe"[:count]), RULEBOOK).found_nothing


def test_a_source_has_its_address() -> None:
    assert Source("t", "d", set_id="abc").address.endswith("setid=abc")
    assert Source("t", "d", url="https://example.org").address == "https://example.org"
    assert Source("t", "d").address == ""
