"""The check: what a person takes against the rulebook. Order and repeats do not change what it finds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product

from .report import GroupFinding, Item, PairFinding, Reason, Report, Shared, listed
from .rulebook import Double, Effect, Level, Rulebook, condition_in_words

Pair = tuple[int, int]  # places of two items; a condition's place is counted on from the items


def check(
    items: Iterable[Item], rulebook: Rulebook, *, conditions: Sequence[str] = (), not_checked: Sequence[str] = ()
) -> Report:
    """Everything that the rulebook says of these things together, and of each with each condition.

    `conditions` are keys such as "kidney-trouble"; `not_checked` are names that nobody recognised; a
    condition that no rule names joins them.
    """
    taken = sorted(set(items), key=lambda item: (item.name.casefold(), item.name, item.ingredients, item.route))
    conditions = sorted(set(conditions))
    reasons = _reasons(taken, conditions, rulebook)
    adds_up, absorbed = _adds_up(taken, reasons, rulebook)
    found = [_pair_finding(pair, kept, taken, conditions) for pair, kept in sorted(absorbed.items()) if kept]
    by_level = {level: tuple(f for f in found if f.level is level) for level in Level}
    same_ingredient = _same_ingredient(taken, rulebook)
    # A condition that no rule names is told apart from one that was checked and gave nothing.
    unruled = [
        condition_in_words(condition) for condition in conditions if not rulebook.is_named(f"condition:{condition}")
    ]
    return Report(
        not_checked=tuple(dict.fromkeys([*not_checked, *unruled])),
        same_ingredient=same_ingredient,
        serious=by_level[Level.SERIOUS],
        check=by_level[Level.CHECK],
        adds_up=adds_up,
        same_kind=_same_kind(taken, rulebook),
        know=by_level[Level.KNOW],
        checked=tuple(item.name for item in taken),
        conditions=tuple(conditions),
        pairs=len(taken) * (len(taken) - 1) // 2 + len(taken) * len(conditions),
        rules=len(rulebook.rules) + len(rulebook.effects),
        loaded_on=rulebook.loaded_on,
    )


Standing = dict[int, list[tuple[int, str]]]  # who stands on one side of each rule: place and atom


def _reasons(taken: Sequence[Item], conditions: Sequence[str], rulebook: Rulebook) -> dict[Pair, list[Reason]]:
    """Every rule that catches a pair, by pair; one rule says the same of a pair once."""
    atoms = [(place, atom, item.route) for place, item in enumerate(taken) for atom in item.ingredients]
    atoms += [(place, f"condition:{key}", "") for place, key in enumerate(conditions, start=len(taken))]
    on_both_sides = [set().union(*(rulebook.places(atom)[side] for _, atom, _ in atoms)) for side in (0, 1)]
    caught = on_both_sides[0] & on_both_sides[1]
    standing: tuple[Standing, Standing] = (defaultdict(list), defaultdict(list))
    for place, atom, route in atoms:
        for side, numbers in zip(standing, rulebook.places(atom), strict=True):
            for number in numbers & caught:
                if not route or route in rulebook.rules[number].routes:
                    side[number].append((place, atom))
    left, right = standing
    reasons: dict[Pair, list[Reason]] = defaultdict(list)
    names = _names(taken, conditions)
    routes = [item.route for item in taken] + [""] * len(conditions)
    for number in sorted(left.keys() & right.keys()):
        rule = rulebook.rules[number]
        seen: set[Pair] = set()
        for (a, a_atom), (b, b_atom) in product(left[number], right[number]):
            pair = (min(a, b), max(a, b))
            # An ingredient meets itself only as a gel beside its tablet; two tablets of it are a double.
            itself = a_atom == b_atom and routes[a] == routes[b]
            if a == b or itself or pair in seen or frozenset((a_atom, b_atom)) in rule.exceptions:
                continue
            seen.add(pair)
            reasons[pair].append(Reason(rule.key, rule.level, rule.texts, names[a], names[b]))
    return reasons


def _names(taken: Sequence[Item], conditions: Sequence[str]) -> list[str]:
    return [item.name for item in taken] + [condition_in_words(condition) for condition in conditions]


def _pair_finding(
    pair: Pair, reasons: Sequence[Reason], taken: Sequence[Item], conditions: Sequence[str]
) -> PairFinding:
    ordered = tuple(sorted(reasons, key=lambda reason: (-reason.level, reason.key)))
    names = _names(taken, conditions)
    return PairFinding((names[pair[0]], names[pair[1]]), ordered, with_condition=pair[1] >= len(taken))


def _adds_up(
    taken: Sequence[Item], reasons: dict[Pair, list[Reason]], rulebook: Rulebook
) -> tuple[tuple[GroupFinding, ...], dict[Pair, list[Reason]]]:
    """One card for each effect that enough things share, and the reasons that are left for pair cards.

    A card takes in the reasons of its own effect between its members, unless one of them is graver than the card.
    """
    left = {pair: list(kept) for pair, kept in reasons.items()}
    cards = []
    for effect in rulebook.effects:
        members = [
            place
            for place, item in enumerate(taken)
            if not item.route and effect.members.intersection(item.ingredients)
        ]
        if len(members) < effect.least or _one_ingredient(taken, members, effect.members):
            continue
        if not all(any(group.intersection(taken[place].ingredients) for place in members) for group in effect.groups):
            continue
        inside: list[Reason] = []
        for pair, kept in left.items():
            if pair[0] in members and pair[1] in members:
                mine = [reason for reason in kept if rulebook.effect_of(reason.key) == effect.key]
                mine = [reason for reason in mine if reason.level <= effect.level]
                inside += mine
                left[pair] = [reason for reason in kept if reason not in mine]
        names = tuple(taken[place].name for place in members)
        cards.append(
            replace(
                _group(Shared.EFFECT, effect.key, effect.name, names, effect),
                reasons=tuple(sorted(inside, key=_order)),
            )
        )
    return tuple(cards), left


def _group(shared: Shared, key: str, title: str, names: tuple[str, ...], said: Effect | Double) -> GroupFinding:
    return GroupFinding(shared, key, title, names, said.level, said.texts.naming(names=listed(names), what=title))


def _order(reason: Reason) -> tuple[int, str, str, str]:
    return (-reason.level, reason.key, reason.a, reason.b)


def _one_ingredient(taken: Sequence[Item], members: Sequence[int], effect_members: frozenset[str]) -> bool:
    """Whether the effect comes from one and the same ingredient each time: that is a double, not a sum."""
    shares = [effect_members.intersection(taken[place].ingredients) for place in members]
    return len(set().union(*shares)) == 1


def _same_ingredient(taken: Sequence[Item], rulebook: Rulebook) -> tuple[GroupFinding, ...]:
    """A card for each ingredient that is in more than one thing, both acting in the whole body."""
    holders: dict[str, list[Item]] = defaultdict(list)
    for item in taken:
        if not item.route:
            for ingredient in set(item.ingredients):
                holders[ingredient].append(item)
    cards = []
    for ingredient, items in sorted(holders.items()):
        double = rulebook.double_of(ingredient)
        if len(items) < 2 or double is None:
            continue
        amounts = [dict(item.mg_in_a_day).get(ingredient) for item in items]
        known = [amount for amount in amounts if amount is not None]
        cards.append(
            replace(
                _group(Shared.INGREDIENT, ingredient, ingredient, tuple(item.name for item in items), double),
                mg_in_a_day=sum(known) if len(known) == len(items) else None,
                most_mg_in_a_day=double.most_mg_in_a_day,
            )
        )
    return tuple(cards)


def _same_kind(taken: Sequence[Item], rulebook: Rulebook) -> tuple[GroupFinding, ...]:
    """A card for each class of which two different ingredients are taken in two things."""
    of_kind: dict[int, list[int]] = defaultdict(list)
    for place, item in enumerate(taken):
        if not item.route:
            for number in {number for atom in item.ingredients for number in rulebook.kinds_of(atom)}:
                of_kind[number].append(place)
    cards = []
    for number, members in sorted(of_kind.items()):
        kind = rulebook.kinds[number]
        double = rulebook.double_of_kind(kind)
        if double is None or len(members) < 2 or _one_ingredient(taken, members, kind.members):
            continue
        names = tuple(taken[place].name for place in members)
        cards.append(_group(Shared.KIND, kind.key, kind.name, names, double))
    return tuple(cards)
