"""Every rule that names a medicine, for whoever reads its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from .rulebook import Effect, Level, Rulebook, Texts

ONE_OF_THESE = "one of these"  # where the other side of a rule is a kind or several names


@dataclass(frozen=True)
class RuleAbout:
    """One rule seen from a medicine: what is on the other side, and what it says."""

    key: str
    level: Level
    texts: Texts
    others: tuple[str, ...]  # plain names of classes and ingredients


@dataclass(frozen=True)
class About:
    """What the rulebook holds about one medicine, the gravest first, and the sums that it is a part of."""

    rules: tuple[RuleAbout, ...]
    effects: tuple[Effect, ...]

    def of_level(self, level: Level) -> tuple[RuleAbout, ...]:
        return tuple(rule for rule in self.rules if rule.level is level)


def about(name: str, ingredients: Iterable[str], rulebook: Rulebook, route: str = "") -> About:
    """`route` is empty for what acts in the whole body; a local form has the rules that name its route."""
    found: dict[str, RuleAbout] = {}
    ingredients = set(ingredients)
    for atom in sorted(ingredients):
        left, right = rulebook.places(atom)
        for number, side in [(number, 0) for number in left] + [(number, 1) for number in right]:
            rule = rulebook.rules[number]
            if route and route not in rule.routes:
                continue
            others = rule.in_words[1 - side]
            other = others[0] if len(rule.sides[1 - side]) == 1 and others else ONE_OF_THESE
            names = {"ab"[side]: name, "ab"[1 - side]: other}
            found.setdefault(rule.key, RuleAbout(rule.key, rule.level, rule.texts.naming(**names), others))
    return About(
        rules=tuple(sorted(found.values(), key=lambda rule: (-rule.level, rule.others))),
        effects=tuple(effect for effect in rulebook.effects if not route and effect.members & ingredients),
    )
