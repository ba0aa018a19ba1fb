"""How much of a medicine: read as people write it, said as a pharmacist would (ISMP's rules for numbers)."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

MOST = Decimal(9999)
LONGEST = 40  # characters; no amount needs so many
_THOUSANDTH = Decimal("0.001")

_GLYPHS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
# What a tablet can be cut into. "5/10" and "5/325" are strengths of two ingredients, and "11/2" a mistyped 1 1/2.
_PARTS = {2, 3, 4, 8}

# As phones type them: fraction slash, hyphens, dashes and the minus sign.
_PLAIN_MARKS = str.maketrans(
    {"\u2044": "/", "\u2019": "'"} | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)

# No zero in front: "05" may be 0.5 without its point. No bare point behind: "2." may be half of 2.5.
_DECIMAL = re.compile(r"(0|[1-9][0-9]*)?(?:[.,]([0-9]+))?")
# A thousand or a decimal? 1,000 · 1.000,5 · 1 000 · 1'000. A point before three digits is a decimal point only where
# the last one says something: nobody needs to write the zeros of 1.500.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[,.' ][0-9]{3})+(?:[.,][0-9]+)?")
_THREE_DECIMALS = re.compile(r"[0-9]+\.[0-9]{2}[1-9]")
_FRACTION = re.compile(r"(?:([1-9][0-9]*) )?([1-9])/([1-9])")
_WITH_GLYPH = re.compile(rf"([1-9][0-9]*)? ?([{''.join(_GLYPHS)}])")
_NUMBER = rf"[0-9.,/ {''.join(_GLYPHS)}]*[0-9{''.join(_GLYPHS)}]"
_WORD = rf"[^\W\d_{''.join(_GLYPHS)}]+"
_WORDS_BEHIND = rf" ?{_WORD}(?: {_WORD})*\.?"  # not (?: ?word)+, which takes hours over a long word
_NEGATIVE = re.compile(rf"- ?{_NUMBER}(?:{_WORDS_BEHIND})?")
_RANGE = re.compile(rf"{_NUMBER} ?(?:-|to|or) ?{_NUMBER}(?:{_WORDS_BEHIND})?", re.IGNORECASE)
_WITH_WORDS = re.compile(_NUMBER + _WORDS_BEHIND)

# The closed list: what can be chosen beside an amount.
UNITS = (
    ("tablet", gettext_lazy("tablets")),
    ("capsule", gettext_lazy("capsules")),
    ("mL", gettext_lazy("mL")),
    ("drop", gettext_lazy("drops")),
    ("puff", gettext_lazy("puffs")),
    ("spray", gettext_lazy("sprays")),
    ("patch", gettext_lazy("patches")),
    ("injection", gettext_lazy("injections")),
    ("suppository", gettext_lazy("suppositories")),
    ("lozenge", gettext_lazy("lozenges")),
    ("packet", gettext_lazy("packets")),
    ("units", gettext_lazy("units")),
    ("mg", gettext_lazy("mg")),
    ("mcg", gettext_lazy("mcg")),
    ("g", gettext_lazy("g")),
)
# Measured, not counted: always decimals, never ½, and the unit beside every number.
MEASURES = frozenset({"mL", "mg", "mcg", "g", "units"})
_WORDS = {
    "tablet": ngettext_lazy("%(amount)s tablet", "%(amount)s tablets", "n"),
    "capsule": ngettext_lazy("%(amount)s capsule", "%(amount)s capsules", "n"),
    "drop": ngettext_lazy("%(amount)s drop", "%(amount)s drops", "n"),
    "puff": ngettext_lazy("%(amount)s puff", "%(amount)s puffs", "n"),
    "spray": ngettext_lazy("%(amount)s spray", "%(amount)s sprays", "n"),
    "patch": ngettext_lazy("%(amount)s patch", "%(amount)s patches", "n"),
    "injection": ngettext_lazy("%(amount)s injection", "%(amount)s injections", "n"),
    "suppository": ngettext_lazy("%(amount)s suppository", "%(amount)s suppositories", "n"),
    "lozenge": ngettext_lazy("%(amount)s lozenge", "%(amount)s lozenges", "n"),
    "packet": ngettext_lazy("%(amount)s packet", "%(amount)s packets", "n"),
    "hour": ngettext_lazy("%(amount)s hour", "%(amount)s hours", "n"),
}


class AmountError(ValueError):
    """What was written is no amount; its text is one sentence that says what to write instead."""


def read_amount(text: str) -> Decimal:
    """How much: 1, 2.5, .5, 0,5, ½, 1½, 1 1/2. More than 0, at most 9,999, at most 3 decimals.

    Raises AmountError where two readings are possible, rather than to guess at a dose.
    """
    if len(text) > LONGEST:
        raise AmountError(_("That is too long for an amount: write only a number, such as 1, 2.5 or ½."))
    text = " ".join(text.translate(_PLAIN_MARKS).split())
    amount = _fraction(text)
    if amount is None:
        amount = _decimal(text)
    if amount is None:
        raise AmountError(_why_not(text))
    if amount <= 0:
        raise AmountError(_("The amount must be more than zero; leave it empty if you do not know it."))
    if amount > MOST:
        raise AmountError(_("That is more than 9,999: check the number, or count in tablets, capsules or mL."))
    return Decimal(plain_number(amount))


def _decimal(text: str) -> Decimal | None:
    match = _DECIMAL.fullmatch(text)
    if not text or not match or (_THOUSANDS.fullmatch(text) and not _THREE_DECIMALS.fullmatch(text)):
        return None
    whole, decimals = match[1] or "0", match[2] or "0"
    if len(decimals) > 3:
        raise AmountError(_("Write at most 3 digits after the point, such as 0.125."))
    return Decimal(f"{whole}.{decimals}")


def _fraction(text: str) -> Decimal | None:
    if match := _WITH_GLYPH.fullmatch(text):
        whole, (top, bottom) = match[1], _GLYPHS[match[2]]
    elif match := _FRACTION.fullmatch(text):
        whole, top, bottom = match[1], int(match[2]), int(match[3])
    else:
        return None
    if top >= bottom or bottom not in _PARTS:
        return None
    return int(whole or 0) + (Decimal(top) / bottom).quantize(_THOUSANDTH, ROUND_HALF_UP)


def _why_not(text: str) -> str:
    """The sentence for what is no amount."""
    if not text:
        return _("Write how much, as a number such as 1, 2.5 or ½.")
    if any(sign.isdigit() and not sign.isascii() for sign in text):
        return _("Write the amount with the digits 0 to 9, such as 1, 2.5 or ½.")
    if _NEGATIVE.fullmatch(text):
        return _("The amount cannot be less than zero: write it without the minus sign.")
    if _THOUSANDS.fullmatch(text):
        return _("Write it without a thousands mark, such as 1000, or with a point for a part of one, such as 1.5.")
    if _RANGE.fullmatch(text):
        return _("Give one amount, such as 1 or 1½; if it can be more or less, choose “only when needed”.")
    if _WITH_WORDS.fullmatch(text):
        return _("Write only the number here, such as 2 or ½, without a word behind it.")
    return _("Write the amount as a number, such as 1, 2.5 or ½.")


def number_in_words(amount: Decimal, unit: str) -> str:
    """The number alone: "1½" of what is counted, "1.5" of what is measured, "1,000"; never "1.0" or ".5"."""
    whole = int(amount)
    glyph = next((glyph for glyph in _GLYPHS if _worth(glyph) == amount - whole), "") if unit in _WORDS else ""
    if glyph:
        return f"{_number(Decimal(whole)) if whole else ''}{glyph}"
    return _number(amount)


def amount_in_words(amount: Decimal, unit: str) -> str:
    """As in "½ tablet", "1½ tablets", "2.5 mL", "1 unit"; without a unit the number alone."""
    number = number_in_words(amount, unit)
    if unit in _WORDS:
        # Up to one of a thing is singular: ½ tablet, 1 tablet, 1½ tablets.
        return str(_WORDS[unit] % {"amount": number, "n": 1 if amount <= 1 else 2})
    if unit == "units" and amount == 1:
        return _("1 unit")
    label = str(dict(UNITS).get(unit, unit))
    return f"{number} {label}" if label else number


def _worth(glyph: str) -> Decimal:
    top, bottom = _GLYPHS[glyph]
    return (Decimal(top) / bottom).quantize(_THOUSANDTH, ROUND_HALF_UP)


def plain_number(amount: Decimal) -> str:
    """For data: "1.5", "10", without exponent or trailing zero, the same text for equal numbers."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(amount: Decimal) -> str:
    return number_format(Decimal(plain_number(amount)), force_grouping=True)
