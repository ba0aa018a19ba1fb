"""Amounts: what is understood, what is asked about, and how it is said back."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguide.medicine_lists.amounts import (
    MEASURES,
    UNITS,
    AmountError,
    amount_in_words,
    number_in_words,
    plain_number,
    read_amount,
)

UNDERSTOOD = {
    "1": "1", "2.5": "2.5", "0.5": "0.5", ".5": "0.5", ",5": "0.5", "0,5": "0.5", "1,5": "1.5", "2,25": "2.25",
    "½": "0.5", "1½": "1.5", "1 ½": "1.5", "1\u00a0½": "1.5", "1/2": "0.5", "1 1/2": "1.5", "10 3/4": "10.75",
    "1\u20442": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.333", "⅔": "0.667", "2/3": "0.667", "1/8": "0.125",
    "5.0": "5", "5.00": "5", " 5 ": "5", "\t2\n": "2", "0.125": "0.125", "0,125": "0.125", "0.500": "0.5",
    "1.125": "1.125", "1000": "1000", "9999": "9999", "0.001": "0.001",
}  # fmt: skip

EMPTY = "Write how much, as a number such as 1, 2.5 or ½."
NUMBER = "Write the amount as a number, such as 1, 2.5 or ½."
ZERO = "The amount must be more than zero; leave it empty if you do not know it."
NEGATIVE = "The amount cannot be less than zero: write it without the minus sign."
MOST = "That is more than 9,999: check the number, or count in tablets, capsules or mL."
THOUSANDS = "Write it without a thousands mark, such as 1000, or with a point for a part of one, such as 1.5."
RANGE = "Give one amount, such as 1 or 1½; if it can be more or less, choose “only when needed”."
WORDS = "Write only the number here, such as 2 or ½, without a word behind it."
DIGITS = "Write the amount with the digits 0 to 9, such as 1, 2.5 or ½."
DECIMALS = "Write at most 3 digits after the point, such as 0.125."
LONG = "That is too long for an amount: write only a number, such as 1, 2.5 or ½."
REFUSED = {
    EMPTY: ["", " ", "\n"],
    ZERO: ["0", "0.0", "0,0", ".0", "0.000"],
    NEGATIVE: ["-1", "- 1", "−1", "–½", "-0.5", "-2 tablets"],
    MOST: ["10000", "9999.5", "9999½", "99999999999999999999"],
    THOUSANDS: ["1,000", "1,125", "1.000", "1.500", "1.000,5", "1.234,5", "1,234.5", "1 000", "1'000", "1’000"],
    RANGE: ["1-2", "1 - 2", "1–2", "1—2", "1 to 2", "1 TO 2", "1 or 2", "½-1", "1/2 to 1", "1-2 tablets", "1-1/2"],
    WORDS: ["2 tablets", "2tablets", "5mL", "½ tablet", "2.5 mg", "2 tablets daily", "10 mg.", "2x"],
    DIGITS: ["٢", "१", "２", "1²", "①"],
    DECIMALS: ["0.1234", "0.0001", "1.33333"],
    LONG: ["9" * 10_000, "a" * 10_000, "1" + " " * 10_000, "1 " + "a" * 39],
    NUMBER: [
        "two", "💊", "1💊", "\0", "1\0", "1e3", "1E3", "inf", "nan", "Infinity", "0x10", "1_000", "+1", "05", "00",
        ".", ",", "/", "1/", "/2", "1/0", "0/2", "11/2", "3/2", "5/10", "5/325", "1/7", "½½", "1,5,5", "1..5", "1 2",
        "2.", "1 .5", "10 mg/5 mL", "50%", "<1", "\ud800", "1\u202e",
    ],
}  # fmt: skip


def understood(text: str) -> Decimal | str:
    """The amount, or the sentence."""
    try:
        return read_amount(text)
    except AmountError as error:
        return str(error)


@pytest.mark.parametrize(("text", "amount"), UNDERSTOOD.items())
def test_reads_what_people_write(text: str, amount: str) -> None:
    assert str(read_amount(text)) == amount


@pytest.mark.parametrize(
    ("sentence", "text"), [(sentence, text) for sentence, texts in REFUSED.items() for text in texts]
)
def test_asks_in_one_sentence_rather_than_guess(sentence: str, text: str) -> None:
    with pytest.raises(AmountError) as caught:
        read_amount(text)
    assert str(caught.value) == sentence


@given(st.text(alphabet="0123456789.,/½¼⅓ -toab%'٢\0", max_size=45) | st.text(max_size=45))
def test_any_text_is_an_amount_in_range_or_a_sentence(text: str) -> None:
    answer = understood(text)
    if isinstance(answer, str):
        assert answer in REFUSED
    else:
        assert Decimal("0.001") <= answer <= 9999
        assert answer == round(answer, 3)


amounts = st.decimals(min_value="0.001", max_value=9999, places=3)


@given(amounts)
def test_what_is_said_back_is_understood_as_the_same_amount(amount: Decimal) -> None:
    assert read_amount(plain_number(amount)) == amount
    for unit in ("tablet", "mL"):
        assert read_amount(number_in_words(amount, unit).replace(",", "")) == amount


@given(amounts, st.sampled_from(["", *dict(UNITS)]))
def test_numbers_are_written_as_ismp_asks(amount: Decimal, unit: str) -> None:
    words = amount_in_words(amount, unit)
    assert not re.search(r"\.\d*0(?!\d)|(?<!\d)\.\d", words), "no trailing zero, a leading zero"
    assert not re.search(r"\d{4}", words.split(".")[0]), "1,000"
    if unit in MEASURES:
        assert re.fullmatch(r"[\d,.]+ [A-Za-z]+", words)


SAID = {
    ("0.5", "tablet"): "½ tablet", ("1", "tablet"): "1 tablet", ("1.5", "tablet"): "1½ tablets",
    ("2", "tablet"): "2 tablets", ("0.333", "tablet"): "⅓ tablet", ("0.667", "tablet"): "⅔ tablet",
    ("0.3", "tablet"): "0.3 tablet", ("1.0", "tablet"): "1 tablet", ("1000", "tablet"): "1,000 tablets",
    ("2", "capsule"): "2 capsules", ("2", "puff"): "2 puffs", ("1", "drop"): "1 drop", ("2", "drop"): "2 drops",
    ("2", "patch"): "2 patches", ("2", "spray"): "2 sprays", ("2", "suppository"): "2 suppositories",
    ("1", "suppository"): "1 suppository", ("2", "injection"): "2 injections", ("2", "lozenge"): "2 lozenges",
    ("2", "packet"): "2 packets", ("2.5", "mL"): "2.5 mL", ("0.5", "mL"): "0.5 mL", ("0.50", "mg"): "0.5 mg",
    ("5.0", "mg"): "5 mg", ("1E+3", "mg"): "1,000 mg", ("1234.5", "mcg"): "1,234.5 mcg", ("1", "g"): "1 g",
    ("1", "units"): "1 unit", ("0.5", "units"): "0.5 units", ("10", "units"): "10 units", ("1.5", ""): "1.5",
    ("1.5", "hour"): "1½ hours", ("2", "scoop"): "2 scoop",
}  # fmt: skip


@pytest.mark.parametrize(("said", "words"), SAID.items())
def test_says_an_amount_in_words(said: tuple[str, str], words: str) -> None:
    assert amount_in_words(Decimal(said[0]), said[1]) == words


def test_the_list_of_units_is_closed_and_has_no_spoon() -> None:
    assert "mL" in dict(UNITS)
    assert not any("spoon" in unit or "spoon" in label for unit, label in UNITS)
    assert all(len(unit) <= 20 for unit, _label in UNITS), "as long as the model's field"
