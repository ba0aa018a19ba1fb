"""What a check tells: pure data, in the order in which it is read."""

from dataclasses import dataclass

from .rulebook import Level, Texts


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
    """One rule that caught a pair, with the names in the order in which its text has them."""

    key: str
    level: Level
    texts: Texts
    a: str
    b: str

    def _named(self, text: str) -> str:
        return text.replace("{a}", self.a).replace("{b}", self.b)

    @property
    def do(self) -> str:
        return self._named(self.texts.do)

    @property
    def could_happen(self) -> str:
        return self._named(self.texts.could_happen)

    @property
    def because(self) -> str:
        return self._named(self.texts.because)

    @property
    def question(self) -> str:
        return self._named(self.texts.question)


@dataclass(frozen=True)
class PairFinding:
    """One card a pair: two things, or a thing and a condition, with every reason, the gravest first."""

    names: tuple[str, str]
    reasons: tuple[Reason, ...]
    with_condition: bool = False

    @property
    def level(self) -> Level:
        return self.reasons[0].level


@dataclass(frozen=True)
class GroupFinding:
    """Several things in one card: the same ingredient, what adds up, or the same kind."""

    key: str
    title: str
    names: tuple[str, ...]
    level: Level
    texts: Texts
    reasons: tuple[Reason, ...] = ()  # pair rules that this card stands in for
    mg_in_a_day: float | None = None
    most_mg_in_a_day: int | None = None

    def _named(self, text: str) -> str:
        return text.replace("{names}", listed(self.names)).replace("{what}", self.title)

    @property
    def do(self) -> str:
        return self._named(self.texts.do)

    @property
    def could_happen(self) -> str:
        return self._named(self.texts.could_happen)

    @property
    def because(self) -> str:
        return self._named(self.texts.because)

    @property
    def question(self) -> str:
        return self._named(self.texts.question)


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
    def pair_findings(self) -> tuple[PairFinding, ...]:
        return self.serious + self.check + self.know


def listed(names: tuple[str, ...]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
