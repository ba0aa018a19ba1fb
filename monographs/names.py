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
from functools import lru_cache
from itertools import accumulate, islice
from typing import Generic, Protocol, TypeVar

from django.urls import reverse
from rapidfuzz import process
from rapidfuzz.distance import OSA

from monographs.models import ContentVersion, DrugName, Medicine

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
        near = self._within(folded, 1, len(folded) // 2, limit)
        if not near and len(folded) >= TWO_ERRORS_FROM:
            near = self._within(folded, 2, len(folded) // 3, limit)
        return near

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


@dataclass(frozen=True, slots=True)
class KnownName:
    """One name that we know, with what is shown and checked of its medicine."""

    folded: str
    name: str
    kind: str
    medicine: str
    slug: str
    purpose: str
    has_page: bool
    is_local: bool
    route: str
    ingredients: tuple[str, ...]

    @property
    def url(self) -> str:
        """The medicine's page, or an empty text where it has none."""
        return reverse("medicine", args=[self.slug]) if self.has_page else ""

    @property
    def is_generic(self) -> bool:
        return self.kind == DrugName.Kind.GENERIC


@lru_cache(maxsize=1)
def _index(digest: str) -> NameIndex[KnownName]:
    """The index of this version of the content, built once a process and version."""
    medicines = Medicine.objects.published().prefetch_related("names", "ingredients", "monographs")
    return NameIndex(
        KnownName(
            folded=name.folded,
            name=name.name,
            kind=name.kind,
            medicine=medicine.name,
            slug=medicine.slug,
            purpose=medicine.purpose,
            has_page=bool(medicine.monographs.all()),
            is_local=medicine.is_local,
            route=medicine.route,
            ingredients=tuple(sorted(ingredient.name for ingredient in medicine.ingredients.all())),
        )
        for medicine in medicines
        for name in medicine.names.all()
    )


def known_names() -> NameIndex[KnownName]:
    """Every name of the content that is loaded now (noticed within a second)."""
    return _index(ContentVersion.digest_now())


def find(query: str, limit: int) -> list[Match[KnownName]]:
    """The best match of each medicine, those with a page before those without, exact before near."""
    best: dict[str, Match[KnownName]] = {}
    for match in known_names().search(query, limit * 5):
        best.setdefault(match.entry.slug, match)
    ordered = sorted(best.values(), key=lambda match: (match.how, not match.entry.has_page))
    return ordered[:limit]


@dataclass(frozen=True)
class Resolved:
    """What a typed name means: one medicine, or several to choose from, or nothing.

    `choices` are asked about, never taken: names that are near, and names that mean more than one thing.
    """

    typed: str
    medicine: KnownName | None = None
    choices: tuple[KnownName, ...] = ()


# Words that say how a medicine is made or how strong it is, and not what it is. Words for places on the body
# (cream, eye drops) are left: they make another medicine.
_STRENGTH = re.compile(r"\b\d+(?: \d+)*\s*(?:mg|mcg|g|ml|meq|units?|iu|percent|hr|hour)?\b")
_FORMS = frozenset(
    "tablet tablets tab tabs capsule capsules cap caps caplet caplets softgel softgels pill pills oral solution "
    "suspension liquid syrup chewable er xr xl sr la cr dr ec extended release delayed immediate ir long acting "
    "coated enteric film dose low extra strength regular generic brand".split()
)
_SALTS = frozenset(
    "hydrochloride hcl hydrobromide hbr sodium potassium calcium magnesium tartrate succinate maleate mesylate "
    "besylate fumarate citrate acetate phosphate sulfate sulphate nitrate tosylate bromide bitartrate medoxomil "
    "disoproxil alafenamide monohydrate dihydrate anhydrous hemihydrate".split()
)
MOST_CHOICES = 5


def resolve(typed: str) -> Resolved:
    """What a person meant by this. Only a whole name resolves; forms, strengths and salts around it are overlooked."""
    folded = fold(typed)
    for attempt in _attempts(folded):
        entries = {entry.slug: entry for entry in known_names().exact(attempt)}
        if len(entries) == 1:
            return Resolved(typed, next(iter(entries.values())))
        if entries:
            return Resolved(typed, None, tuple(entries.values())[:MOST_CHOICES])
    return Resolved(typed, None, tuple(match.entry for match in find(typed, MOST_CHOICES)))


def _attempts(folded: str) -> Iterator[str]:
    """The name as it is, then without strength and form, then without the salt."""
    yield folded
    bare = [word for word in _STRENGTH.sub(" ", folded).split() if word not in _FORMS]
    yield " ".join(bare)
    yield " ".join(word for word in bare if word not in _SALTS)
