"""What a check tells: pure data, in the order in which it is read."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from .merging import do_once, paragraphs_once, sentences, signs_once
from .rulebook import Level, Source, Texts, fill


@dataclass(frozen=True)
class Item:
    """One thing that a person takes: its name as it was typed, and what is in it.

    `route` is empty for what acts in the whole body, else eye, ear, nose, skin or vaginal.
    `mg_in_a_day` gives what is known of the amounts, by ingredient.
    """

    name: str
    ingredients: tuple[str, ...]
    route: str = ""
    mg_in_a_day: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Reason:
    """One rule that caught a pair, and the names in the order in which its wording has them."""

    key: str
    level: Level
    wording: Texts
    a: str
    b: str

    @cached_property
    def texts(self) -> Texts:
        """The wording with the names in it. Made when it is read."""
        return self.wording.naming(a=self.a, b=self.b)

    def sentences(self, *texts: str) -> list[tuple[str, str]]:
        """The sentences of texts of its wording, each as it is written and with the names in it."""
        names = {"a": self.a, "b": self.b}
        return [(sentence, fill(sentence, names)) for text in texts for sentence in sentences(text)]


@dataclass(frozen=True)
class PairFinding:
    """One card a pair: two things, or a thing and a condition, with every reason, the gravest first."""

    names: tuple[str, str]
    reasons: tuple[Reason, ...]
    with_condition: bool = False

    @property
    def level(self) -> Level:
        return self.reasons[0].level

    @property
    def texts(self) -> tuple[Texts, ...]:
        return tuple(reason.texts for reason in self.reasons)

    @cached_property
    def do(self) -> str:
        """What to do, the gravest reason first; what the others ask for besides comes behind."""
        return " ".join(do_once(reason.sentences(reason.wording.do) for reason in self.reasons))

    @property
    def how_sure(self) -> str:
        return self.reasons[0].texts.how_sure

    @property
    def question(self) -> str:
        return self.reasons[0].texts.question

    @cached_property
    def could_happen(self) -> tuple[str, ...]:
        """What could happen and why: a paragraph for each reason that says something else."""
        wordings = [(reason, reason.wording) for reason in self.reasons]
        spoken = [reason.sentences(texts.could_happen, texts.because) for reason, texts in wordings]
        return paragraphs_once([read for _written, read in rule] for rule in spoken)

    @cached_property
    def call_911(self) -> tuple[str, ...]:
        return signs_once(sign for texts in self.texts for sign in texts.call_911)

    @cached_property
    def call_prescriber(self) -> tuple[str, ...]:
        return signs_once((sign for texts in self.texts for sign in texts.call_prescriber), self.call_911)

    @property
    def more_risk_if(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(risk for texts in self.texts for risk in texts.more_risk_if))

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(dict.fromkeys(source for texts in self.texts for source in texts.sources))


class Shared(Enum):
    """What the things in one card share."""

    INGREDIENT = "same-ingredient"
    EFFECT = "adds-up"
    KIND = "same-kind"


@dataclass(frozen=True)
class GroupFinding:
    """Several things in one card: the same ingredient, what adds up, or the same kind."""

    shared: Shared
    key: str
    title: str
    names: tuple[str, ...]
    level: Level
    texts: Texts
    reasons: tuple[Reason, ...] = ()  # pair rules that this card stands in for
    mg_in_a_day: float | None = None
    most_mg_in_a_day: int | None = None

    @property
    def held_in(self) -> tuple[str, ...]:
        """Of one ingredient: the things that hold it under another name than its own."""
        return tuple(name for name in self.names if name.casefold() != self.title.casefold())


@dataclass(frozen=True)
class Report:
    """One report. The fields stand in the order in which it is read."""

    not_checked: tuple[str, ...]
    same_ingredient: tuple[GroupFinding, ...]
    serious: tuple[PairFinding, ...]
    check: tuple[PairFinding, ...]
    adds_up: tuple[GroupFinding, ...]
    same_kind: tuple[GroupFinding, ...]
    know: tuple[PairFinding, ...]
    checked: tuple[str, ...]
    conditions: tuple[str, ...]
    pairs: int
    rules: int
    loaded_on: str

    @property
    def found_nothing(self) -> bool:
        groups = (self.same_ingredient, self.serious, self.check, self.adds_up, self.same_kind, self.know)
        return not any(groups)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where all of it is written, each once."""
        groups = self.same_ingredient + self.adds_up + self.same_kind
        of_groups = [source for finding in groups for source in finding.texts.sources]
        of_pairs = [source for finding in self.pair_findings for source in finding.sources]
        return tuple(dict.fromkeys([*of_groups, *of_pairs]))

    @property
    def to_act_on(self) -> tuple[PairFinding | GroupFinding, ...]:
        """What is serious: before the next dose."""
        return tuple(finding for finding in self._to_talk_about if finding.level is Level.SERIOUS)

    @property
    def to_ask(self) -> tuple[PairFinding | GroupFinding, ...]:
        """What is to be asked about, and is not serious."""
        return tuple(finding for finding in self._to_talk_about if finding.level is not Level.SERIOUS)

    @property
    def _to_talk_about(self) -> tuple[PairFinding | GroupFinding, ...]:
        """All but the pairs that are only good to know."""
        return (*self.same_ingredient, *self.serious, *self.check, *self.adds_up, *self.same_kind)

    @property
    def pair_findings(self) -> tuple[PairFinding, ...]:
        return self.serious + self.check + self.know


def listed(names: tuple[str, ...]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
