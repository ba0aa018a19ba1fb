"""What a person typed -> names of medicines that we know.

A NameIndex is pure: built from names and asked. A name is found whole, at the beginning
of a name, at the beginning of a word in it, inside it, or near: with one or two wrong letters. A near match is
only ever a suggestion, because citalopram and escitalopram are as near as a typo.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate, islice
from typing import Generic, Protocol, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST_QUERY = 80  # characters, folded; no name of a medicine is longer
MOST_PARTS = 200  # names looked at that hold the text somewhere; nobody reads more
SHORTEST_NEAR = 4  # letters; below that everything is near to everything
TWO_ERRORS_FROM = 7  # letters; shorter words may have one wrong letter

_NOT_WORDS = re.compile(r"[\W_]+")
_LAST = "\U0010ffff"


def fold(name: str) -> str:
    """Lower case, without accents and punctuation, single spaces: "St. John's-Wort" -> "st johns wort"."""
    decomposed = unicodedata.normalize("NFKD", name.replace("'", "").replace("\u2019", "")).casefold()
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NOT_WORDS.sub(" ", letters).strip()


class How(IntEnum):
    """How a name was found, the best first."""

    EXACT = 0
    BEGINNING = 1
    WORD = 2
    INSIDE = 3
    NEAR = 4


class Named(Protocol):
    """What an index holds: anything with a folded name."""

    @property
    def folded(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


@dataclass(frozen=True)
class Match(Generic[Entry]):
    """One name that was found. `distance` is the number of wrong letters, 0 unless it is near."""

    entry: Entry
    how: How
    distance: int = 0

    @property
    def is_near(self) -> bool:
        return self.how is How.NEAR


class NameIndex(Generic[Entry]):
    """Names to be searched: a sorted list, its order by endings, and one long text."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.folded)
        self._names = [entry.folded for entry in self._entries]
        # Backwards, for names whose first letters are wrong and whose last ones are right.
        self._by_ending = array("I", sorted(range(len(self._names)), key=self._backwards))
        # All names in one text, each behind a line feed, so that a part of a name is found by one scan.
        self._text = "\n" + "\n".join(self._names) + "\n"
        self._starts = array("I", accumulate((len(name) + 1 for name in self._names), initial=1))

    def _backwards(self, place: int) -> str:
        return self._names[place][::-1]

    def __len__(self) -> int:
        return len(self._names)

    def exact(self, name: str) -> list[Entry]:
        """The entries whose folded name is this one."""
        folded = fold(name)
        return [self._entries[place] for place in self._beginning(folded) if folded and self._names[place] == folded]

    def search(self, query: str, limit: int = 10) -> list[Match[Entry]]:
        """The best matches, exact ones first, near ones last and only where there is room. Never raises."""
        folded = fold(query[: LONGEST_QUERY * 4])[:LONGEST_QUERY].strip()
        if not folded:
            return []
        found: dict[int, Match[Entry]] = {}
        for how, places in self._whole_and_parts(folded):
            for place in islice(places, limit):
                found.setdefault(place, Match(self._entries[place], how))
        if len(found) < limit and not any(match.how is How.EXACT for match in found.values()):
            for place, distance in self._near(folded, limit):
                found.setdefault(place, Match(self._entries[place], How.NEAR, distance))
        return sorted(found.values(), key=self._rank)[:limit]

    @staticmethod
    def _rank(match: Match[Entry]) -> tuple[int, int, int, str]:
        name = match.entry.folded
        return (match.how, match.distance, len(name), name)

    def _whole_and_parts(self, folded: str) -> Iterator[tuple[How, Iterable[int]]]:
        beginning = self._beginning(folded)
        yield How.EXACT, (place for place in beginning if self._names[place] == folded)
        yield How.BEGINNING, beginning
        if len(folded) >= 2:
            inside: list[int] = []
            words: list[int] = []
            for place, starts_a_word in islice(self._containing(folded), MOST_PARTS):
                (words if starts_a_word else inside).append(place)
            yield How.WORD, words
            if len(folded) >= 3:
                yield How.INSIDE, inside

    def _beginning(self, folded: str) -> range:
        """The places of the names that begin with this text."""
        return range(bisect_left(self._names, folded), bisect_left(self._names, folded + _LAST))

    def _containing(self, text: str) -> Iterator[tuple[int, bool]]:
        """The places of the names in which this text stands, and whether it begins a word there."""
        at = self._text.find(text)
        while at >= 0:
            place = bisect_left(self._starts, at + 1) - 1
            name = self._names[place]
            yield place, name.startswith(text) or f" {text}" in name
            at = self._text.find(text, self._starts[place] + len(name))

    def _near(self, folded: str, limit: int) -> list[tuple[int, int]]:
        """Places and distances of names with one wrong letter, or else with two, whole or as far as they are typed.

        With one wrong letter the first or the last half is right, with two the first or the last third mostly is:
        only names with the same beginning or ending are measured.
        """
        if len(folded) < SHORTEST_NEAR:
            return []
        near = self._within(folded, 1, len(folded) // 2, limit) + self._middle_swapped(folded, limit)
        if not near and len(folded) >= TWO_ERRORS_FROM:
            near = self._within(folded, 2, len(folded) // 3, limit)
        return near

    def _middle_swapped(self, folded: str, limit: int) -> list[tuple[int, int]]:
        """Names whose two middle letters were swapped: neither of their halves is right."""
        middle = len(folded) // 2
        swapped = folded[: middle - 1] + folded[middle] + folded[middle - 1] + folded[middle + 1 :]
        if len(folded) % 2 or swapped == folded:
            return []
        places = self._beginning(swapped)[: limit * 2]
        return [(place, 1) for place in sorted(places, key=lambda place: (len(self._names[place]), place))[:limit]]

    def _within(self, folded: str, most: int, part: int, limit: int) -> list[tuple[int, int]]:
        """Names within this distance that have the first or the last `part` letters of what was typed."""
        length = len(folded)
        beginning = self._beginning(folded[:part])
        tail = folded[-part:][::-1]
        low = bisect_left(self._by_ending, tail, key=self._backwards)
        high = bisect_left(self._by_ending, tail + _LAST, key=self._backwards)
        # A name with the right ending is measured whole; one with the right beginning, where it is longer than
        # what was typed, as far as it has been typed.
        ending = [place for place in self._by_ending[low:high] if abs(len(self._names[place]) - length) <= most]
        places = [*beginning, *ending]
        names = [
            name if len(name) <= length + most else name[:length]
            for name in self._names[beginning.start : beginning.stop]
        ]
        names += [self._names[place] for place in ending]
        matches = process.extract(folded, names, scorer=OSA.distance, score_cutoff=most, limit=limit * 2)
        best = {places[index]: int(distance) for _, distance, index in matches}
        return sorted(best.items(), key=lambda item: (item[1], len(self._names[item[0]]), item[0]))[:limit]
