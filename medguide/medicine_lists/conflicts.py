"""Two saved at once: what differs, field by field, and which one to offer first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .changes import in_words
from .models import MedicationStatement


@dataclass(frozen=True)
class Difference:
    """One field that the two have differently, in words.

    `offered` is "theirs" where only the other one changed it, "mine" where only this one did, else empty: choose.
    """

    field: str
    label: str
    mine: str
    theirs: str
    offered: str


def differences(current: MedicationStatement, mine: Mapping[str, Any], before: Mapping[str, str]) -> list[Difference]:
    """`mine` are the values of the form that came second, `before` what others changed since it was opened."""
    found = []
    for field, value in mine.items():
        theirs = getattr(current, field)
        if theirs != value:
            label = str(getattr(MedicationStatement._meta.get_field(field), "verbose_name", field))
            mine_said, theirs_said = in_words(field, value), in_words(field, theirs)
            offered = "mine" if field not in before else "theirs" if mine_said == before[field] else ""
            found.append(Difference(field, label, mine_said, theirs_said, offered))
    return found
