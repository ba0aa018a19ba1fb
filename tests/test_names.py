"""Finding names: whole, in part, near, and never more sure than it should be."""

import string
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.name_index import How, NameIndex, fold


@dataclass(frozen=True)
class Name:
    folded: str


NAMES = [
    "baclofen", "lioresal", "tylenol", "tylenol pm", "acetaminophen", "paracetamol", "citalopram", "escitalopram",
    "ibuprofen", "st johns wort", "metformin", "metronidazole", "xanax", "warfarin",
]  # fmt: skip
INDEX = NameIndex(Name(name) for name in NAMES)


def names(query: str, limit: int = 10) -> list[tuple[str, How]]:
    return [(match.entry.folded, match.how) for match in INDEX.search(query, limit)]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Baclofen ", "baclofen"),
        ("St. John's-Wort", "st johns wort"),
        ("St John\u2019s wort", "st johns wort"),
        ("BÁCLOFÉN", "baclofen"),
        ("ＢＡＣＬＯＦＥＮ", "baclofen"),
        ("co-trimoxazole_5", "co trimoxazole 5"),
        ("\x00\x01", ""),
        ("баклофен", "баклофен"),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Baclofen", ("baclofen", How.EXACT)),
        ("lior", ("lioresal", How.BEGINNING)),
        ("pm", ("tylenol pm", How.WORD)),
        ("wort", ("st johns wort", How.WORD)),
        ("profen", ("ibuprofen", How.INSIDE)),
        ("bacofen", ("baclofen", How.NEAR)),
        ("lioresel", ("lioresal", How.NEAR)),
        ("ylenol", ("tylenol", How.INSIDE)),
        ("tyelnol", ("tylenol", How.NEAR)),
        ("paracetomal", ("paracetamol", How.NEAR)),
        ("zbaclofen", ("baclofen", How.NEAR)),
        ("metfornim", ("metformin", How.NEAR)),
        ("warfrain", ("warfarin", How.NEAR)),
    ],
)
def test_the_first_name(query: str, first: tuple[str, How]) -> None:
    assert names(query)[0] == first


def test_a_slip_while_typing_is_forgiven() -> None:
    assert ("acetaminophen", How.NEAR) in names("acetemin")


def test_exact_stands_before_longer_names() -> None:
    assert [name for name, _ in names("tylenol")] == ["tylenol", "tylenol pm"]


def test_an_exact_name_brings_no_near_ones() -> None:
    assert [how for _, how in names("citalopram")] == [How.EXACT, How.INSIDE]


def test_a_near_match_says_that_it_is() -> None:
    [match] = INDEX.search("bacofen")
    assert match.is_near
    assert match.distance == 1


@pytest.mark.parametrize("query", ["zzyzx", "abc", "", "   ", "xyz", "\n\x00", "漢字", "'; drop table--"])
def test_what_is_like_nothing_finds_nothing(query: str) -> None:
    assert names(query) == []


def test_the_limit_holds() -> None:
    assert len(names("e", 3)) <= 3
    assert len(INDEX.search("met", 1)) == 1


def test_exact_lookup() -> None:
    assert [entry.folded for entry in INDEX.exact("St. John's wort")] == ["st johns wort"]
    assert INDEX.exact("bacofen") == []
    assert len(INDEX) == len(NAMES)


def test_two_medicines_of_one_name_are_both_found() -> None:
    index = NameIndex([Name("advil"), Name("advil")])
    assert len(index.exact("Advil")) == 2


@given(st.text(max_size=300))
def test_any_text_is_answered(query: str) -> None:
    matches = INDEX.search(query)
    assert len(matches) <= 10
    assert [match.how for match in matches] == sorted(match.how for match in matches)


@given(st.sampled_from(NAMES))
def test_every_name_finds_itself_first(name: str) -> None:
    assert INDEX.search(name.upper())[0].entry.folded == name


@given(st.sampled_from([name for name in NAMES if len(name) >= 6]), st.data())
def test_one_wrong_letter_is_forgiven(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    edit = data.draw(st.sampled_from(["change", "drop", "add", "swap"]))
    wrong = {
        "change": name[:place] + letter + name[place + 1 :],
        "drop": name[:place] + name[place + 1 :],
        "add": name[:place] + letter + name[place:],
        "swap": name[:place] + name[place + 1 : place + 2] + name[place : place + 1] + name[place + 2 :],
    }[edit]
    assert name in [match.entry.folded for match in INDEX.search(wrong)]


@pytest.mark.parametrize("name", ["baclofen", "warfarin", "naproxen"])
def test_the_two_letters_in_the_middle_may_be_swapped(name: str) -> None:
    half = len(name) // 2
    swapped = name[: half - 1] + name[half] + name[half - 1] + name[half + 1 :]
    found = NameIndex([Name(name), Name("zzzzzzzz")]).search(swapped)
    assert [(match.entry.folded, match.distance) for match in found] == [(name, 1)]


@given(
    st.lists(st.text(alphabet="abc ", min_size=1, max_size=6).map(fold).filter(bool), max_size=20),
    st.text("abc", max_size=6),
)
def test_parts_are_found_as_by_looking_at_each_name(all_names: list[str], query: str) -> None:
    index = NameIndex(Name(name) for name in all_names)
    found = [match.entry.folded for match in index.search(query, 1000) if not match.is_near]
    folded = fold(query)
    plain = [
        name
        for name in all_names
        if folded
        and (
            name.startswith(folded)
            or (len(folded) >= 2 and f" {folded}" in name)
            or (len(folded) >= 3 and folded in name)
        )
    ]
    assert sorted(found) == sorted(plain)
