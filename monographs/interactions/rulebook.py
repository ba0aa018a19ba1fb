"""The rules as the check uses them: classes spelled out, and found by what a person takes.

An atom is one ingredient or one condition, as text: "warfarin", "condition:kidney-trouble". Substances such as
alcohol are ingredients here.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from re import Match, sub
from typing import Any


class Level(IntEnum):
    """How much a finding asks of the reader; a higher number asks more."""

    KNOW = 1
    CHECK = 2
    SERIOUS = 3

    @classmethod
    def of(cls, word: str) -> "Level":
        return cls[word.upper()]

    @property
    def word(self) -> str:
        return self.name.lower()


_CONDITIONS = {  # the keys that do not read as words by themselves, after "with"
    "older-than-65": "age 65 or older",
    "heart-rhythm": "an uneven heartbeat",
    "prostate": "trouble passing urine",
    "parkinsons": "Parkinson's disease",
    "myasthenia": "myasthenia gravis",
    "stomach-ulcer": "a stomach ulcer",
}


def condition_in_words(key: str) -> str:
    """kidney-trouble -> kidney trouble."""
    return _CONDITIONS.get(key, key.replace("-", " "))


@dataclass(frozen=True)
class Source:
    """Where a rule is written."""

    title: str
    retrieved: str
    set_id: str = ""
    url: str = ""
    maker: str = ""
    dated: str = ""
    section: str = ""

    @property
    def address(self) -> str:
        if self.url or not self.set_id:
            return self.url
        return f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={self.set_id}"


def fill(text: str, names: Mapping[str, str]) -> str:
    """{a} and the like in a text replaced by the names, each as it was typed; a sentence begins large."""

    def named(mark: Match[str]) -> str:
        before, name = mark[1], names.get(mark[2], f"{{{mark[2]}}}")
        return name if before is None else before + name[:1].upper() + name[1:]

    return sub(r"(^|[.?!] )?\{(\w+)\}", named, text)


@dataclass(frozen=True)
class Texts:
    """What a finding says, in patients' words; {a} and {b} stand for names."""

    do: str
    could_happen: str
    because: str
    call_911: tuple[str, ...]
    call_prescriber: tuple[str, ...]
    more_risk_if: tuple[str, ...]
    how_sure: str
    question: str
    sources: tuple[Source, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Texts":
        """From what the loader stored (content_files.schema.RuleTexts, dumped)."""
        return cls(
            do=data["do"],
            could_happen=data["could_happen"],
            because=data["because"],
            call_911=tuple(data["watch_for"]["call_911"]),
            call_prescriber=tuple(data["watch_for"]["call_prescriber"]),
            more_risk_if=tuple(data["more_risk_if"]),
            how_sure=data["how_sure"],
            question=data["question"],
            sources=tuple(Source(**{k: v or "" for k, v in source.items()}) for source in data["sources"]),
        )

    def naming(self, **names: str) -> "Texts":
        """The same with {a}, {b}, {names} or {what} filled in."""

        def filled(text: str) -> str:
            return fill(text, names)

        return replace(
            self,
            do=filled(self.do),
            could_happen=filled(self.could_happen),
            because=filled(self.because),
            question=filled(self.question),
            call_911=tuple(filled(sign) for sign in self.call_911),
            call_prescriber=tuple(filled(sign) for sign in self.call_prescriber),
        )


@dataclass(frozen=True)
class Rule:
    """What does not mix: any atom of one side with any of the other, but for the excepted pairs."""

    key: str
    sides: tuple[frozenset[str], frozenset[str]]
    level: Level
    texts: Texts
    effect: str = ""
    exceptions: frozenset[frozenset[str]] = frozenset()
    routes: frozenset[str] = frozenset()  # local routes by which it acts all the same
    in_words: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # each side as its classes and ingredients are called


@dataclass(frozen=True)
class Effect:
    """What adds up once `least` medicines share it; with `groups`, once one of every group is there."""

    key: str
    name: str
    members: frozenset[str]
    least: int
    level: Level
    texts: Texts
    groups: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class Double:
    """What is said when one ingredient is in two things, or two things are of one kind."""

    key: str
    level: Level
    texts: Texts
    most_mg_in_a_day: int | None = None


@dataclass(frozen=True)
class Kind:
    """A class of which two together are rarely meant."""

    key: str
    name: str
    members: frozenset[str]


@dataclass(frozen=True)
class Rulebook:
    """Every rule, and where each atom stands in them. Made once a content version."""

    rules: tuple[Rule, ...]
    effects: tuple[Effect, ...] = ()
    kinds: tuple[Kind, ...] = ()
    doubles: Mapping[str, Double] = field(default_factory=dict)  # by "ingredient:…", "class:…", "same", "kind"
    loaded_on: str = ""
    _places: Mapping[str, tuple[frozenset[int], frozenset[int]]] = field(init=False, repr=False, compare=False)
    _kinds_of: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _effect_of: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for number, rule in enumerate(self.rules):
            for side, atoms in enumerate(rule.sides):
                for atom in atoms:
                    places[atom][side].append(number)
        kinds_of: dict[str, list[int]] = defaultdict(list)
        for number, kind in enumerate(self.kinds):
            for atom in kind.members:
                kinds_of[atom].append(number)
        object.__setattr__(self, "_effect_of", {rule.key: rule.effect for rule in self.rules})
        object.__setattr__(self, "_places", {atom: (frozenset(a), frozenset(b)) for atom, (a, b) in places.items()})
        object.__setattr__(self, "_kinds_of", {atom: tuple(numbers) for atom, numbers in kinds_of.items()})

    def places(self, atom: str) -> tuple[frozenset[int], frozenset[int]]:
        """The numbers of the rules in which this atom stands, on the first side and on the second."""
        return self._places.get(atom, (frozenset(), frozenset()))

    def is_named(self, atom: str) -> bool:
        return atom in self._places

    def kinds_of(self, atom: str) -> tuple[int, ...]:
        """The places in `kinds` of those that this ingredient is of."""
        return self._kinds_of.get(atom, ())

    def effect_of(self, key: str) -> str:
        """The effect that the rule of this key belongs to, or an empty text."""
        return self._effect_of.get(key, "")

    def double_of(self, ingredient: str) -> Double | None:
        return self.doubles.get(f"ingredient:{ingredient}", self.doubles.get("same"))

    def double_of_kind(self, kind: Kind) -> Double | None:
        return self.doubles.get(f"class:{kind.key}", self.doubles.get("kind"))
