"""Reading grades: published formulas over counts that can be checked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.content_files import grades


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("medicine", 3),
        ("baclofen", 3),
        ("sleepy", 2),
        ("1,000", 1),
        ("don't", 1),
        ("\u2019tis", 1),
        ("", 1),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert grades.syllables(word) == count


def test_flesch_kincaid_by_hand() -> None:
    # 2 sentences, 6 words, 7 syllables ("sleepy" has 2).
    grade = grades.grade(["The cat sat.", "It is sleepy."])
    assert grade is not None
    assert (grade.sentences, grade.words) == (2, 6)
    assert grade.flesch_kincaid == max(0, 0.39 * 6 / 2 + 11.8 * 7 / 6 - 15.59)
    assert grade.smog is None


def test_smog_by_hand_from_ten_sentences_on() -> None:
    grade = grades.grade(["Your medicine is here."] * 10)  # one word of three syllables a sentence
    assert grade is not None
    assert grade.smog == pytest.approx(1.0430 * math.sqrt(10 * 30 / 10) + 3.1291)
    assert grade.highest == grade.smog


def test_names_of_medicines_are_left_out() -> None:
    with_name = grades.grade(["Take levothyroxine with water."], ["levothyroxine"])
    assert with_name == grades.grade(["Take with water."])


def test_a_text_of_names_alone_has_no_grade() -> None:
    assert grades.grade(["Levothyroxine"], ["levothyroxine"]) is None


def test_bullets_are_sentences_and_full_stops_in_numbers_are_not_their_end() -> None:
    assert grades.sentences("Take 2.5 mg. Then rest.") == ["Take 2.5 mg.", "Then rest."]
    grade = grades.grade(["A rash", "A fever"])
    assert grade is not None
    assert grade.sentences == 2


@given(st.lists(st.text(max_size=80), max_size=5), st.lists(st.text(max_size=8), max_size=3))
def test_any_text_has_a_grade_or_none(paragraphs: list[str], names: list[str]) -> None:
    grade = grades.grade(paragraphs, names)
    assert grade is None or (grade.flesch_kincaid >= 0 and grade.words >= 1)
