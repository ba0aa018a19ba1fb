"""The rulebook of the content that is loaded, made once a process and version."""

import gc
from typing import Any

from monographs.models import ContentVersion, DrugClass, InteractionRule, once_a_version

from .rulebook import Double, Effect, Kind, Level, Rule, Rulebook, Texts, condition_in_words


@once_a_version
def current_rulebook() -> Rulebook:
    """The rules as they are loaded now."""
    classes = {entry.slug: entry for entry in DrugClass.objects.prefetch_related("ingredients")}
    names = {slug: entry.name for slug, entry in classes.items()}
    members = {slug: frozenset(i.name for i in entry.ingredients.all()) for slug, entry in classes.items()}
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in InteractionRule.Kind.values}
    for row in InteractionRule.objects.all():
        rows[row.kind].append(row.data)
    version = ContentVersion.current()
    rulebook = Rulebook(
        rules=tuple(_rule(data, members, names) for data in rows["rule"]),
        effects=tuple(_effect(data, members) for data in rows["effect"]),
        kinds=tuple(Kind(s, classes[s].name, members[s]) for s in sorted(classes) if classes[s].two_is_too_many),
        doubles={data["of"]: _double(data) for data in rows["double"]},
        loaded_on=version.loaded_at.date().isoformat() if version else "",
    )
    gc.freeze()  # hundreds of thousands of objects that stay: the garbage collector need not walk them in a request
    return rulebook


def _atoms(parts: str | list[str], members: dict[str, frozenset[str]]) -> frozenset[str]:
    """The atoms of one side: classes spelled out, conditions with their prefix, ingredients by name."""
    found: set[str] = set()
    for part in [parts] if isinstance(parts, str) else parts:
        kind, _, name = part.partition(":")
        if kind == "class":
            found |= members.get(name, frozenset())
        else:
            found.add(part if kind == "condition" else name)
    return frozenset(found)


def _in_words(parts: str | list[str], names: dict[str, str]) -> tuple[str, ...]:
    """What stands on one side, as people read it: the plain names of classes, ingredients as they are."""
    words = []
    for part in [parts] if isinstance(parts, str) else parts:
        kind, _, name = part.partition(":")
        words.append(
            names.get(name, name) if kind == "class" else condition_in_words(name) if kind == "condition" else name
        )
    return tuple(words)


def _rule(data: dict[str, Any], members: dict[str, frozenset[str]], names: dict[str, str]) -> Rule:
    left, right = data["between"]
    return Rule(
        key=data["id"],
        sides=(_atoms(left, members), _atoms(right, members)),
        level=Level.of(data["level"]),
        texts=Texts.of(data),
        effect=data["effect"] or "",
        exceptions=frozenset(frozenset(pair) for pair in data["exceptions"]),
        routes=frozenset(data["routes"]),
        in_words=(_in_words(left, names), _in_words(right, names)),
    )


def _effect(data: dict[str, Any], members: dict[str, frozenset[str]]) -> Effect:
    groups = tuple(_atoms(group, members) for group in data["one_of_each"])
    return Effect(
        key=data["key"],
        name=data["name"],
        members=_atoms(data["members"], members).union(*groups),
        least=data["least"],
        level=Level.of(data["level"]),
        texts=Texts.of(data),
        groups=groups,
    )


def _double(data: dict[str, Any]) -> Double:
    return Double(data["key"], Level.of(data["level"]), Texts.of(data), data["most_mg_in_a_day"])
