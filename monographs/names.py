"""What a person typed -> names of medicines that we know.

Pure: a NameIndex is built from names and asked; it reads no database. A name is found whole, at the beginning
of a name, at the beginning of a word in it, inside it, or near: with one or two wrong letters. A near match is
only ever a suggestion, because citalopram and escitalopram are as near as a typo.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import Generic, Protocol, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST_QUERY = 80  # characters, folded; no name of a medicine is longer
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
    """Names to be searched. Holds two sorted lists and one long text; about 300 bytes a name."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.folded)
        self._names = [entry.folded for entry in self._entries]
        # Backwards, for names whose first letters are wrong and whose last ones are right.
        order = sorted(range(len(self._names)), key=lambda place: self._names[place][::-1])
        self._reversed = [self._names[place][::-1] for place in order]
        self._reversed_places = order
        # All names in one text, each behind a line feed, so that a part of a name is found by one scan.
        self._text = "\n" + "\n".join(self._names) + "\n"
        self._starts: list[int] = []
        start = 1
        for name in self._names:
            self._starts.append(start)
            start += len(name) + 1

    def __len__(self) -> int:
        return len(self._names)

    def exact(self, name: str) -> list[Entry]:
        """The entries whose folded name is this one."""
        folded = fold(name)
        return [self._entries[place] for place in self._beginning(folded) if self._names[place] == folded]

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
            yield How.WORD, self._containing(" " + folded)
        if len(folded) >= 3:
            yield How.INSIDE, self._containing(folded)

    def _beginning(self, folded: str) -> range:
        """The places of the names that begin with this text."""
        return range(bisect_left(self._names, folded), bisect_left(self._names, folded + _LAST))

    def _containing(self, text: str) -> Iterator[int]:
        """The places of the names in which this text stands, in order."""
        at = self._text.find(text)
        while at >= 0:
            place = bisect_left(self._starts, at + 1) - 1
            yield place
            at = self._text.find(text, self._starts[place] + len(self._names[place]))

    def _near(self, folded: str, limit: int) -> Iterable[tuple[int, int]]:
        """Places and distances of names with one or two wrong letters, whole or as far as they are typed.

        A name with one wrong letter has its first or its last half right, so those are the only ones measured.
        """
        if len(folded) < SHORTEST_NEAR:
            return []
        most = 2 if len(folded) >= TWO_ERRORS_FROM else 1
        half = len(folded) // 2 if most == 1 else max(2, len(folded) // 3)
        forwards = self._beginning(folded[:half])
        tail = folded[-half:][::-1]
        low, high = bisect_left(self._reversed, tail), bisect_left(self._reversed, tail + _LAST)
        places = sorted({*forwards, *self._reversed_places[low:high]})
        best: dict[int, int] = {}
        for shape in self._shapes(folded, most):
            names = [shape(self._names[place]) for place in places]
            for _, distance, index in process.extract(
                folded, names, scorer=OSA.distance, score_cutoff=most, limit=limit * 2, processor=None
            ):
                place = places[index]
                best[place] = min(best.get(place, most + 1), int(distance))
        return sorted(best.items(), key=lambda item: (item[1], len(self._names[item[0]]), item[0]))[:limit]

    @staticmethod
    def _shapes(folded: str, most: int) -> list[Callable[[str], str]]:
        """The name as it is, and cut to what has been typed so far, so that a slip is forgiven while typing."""
        length = len(folded)
        return [lambda name: name, lambda name: name[:length]]
