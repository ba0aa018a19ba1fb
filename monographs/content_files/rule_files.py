"""The catalogue of names and the interaction rules: read and checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from monographs.name_index import fold

from . import grades, yaml_lines
from .complaints import Complaint
from .reading import Passage, read_text
from .schema import (
    CONDITIONS,
    CatalogueEntry,
    CatalogueFile,
    ClassEntry,
    DoubleEntry,
    DoublesFile,
    EffectEntry,
    EffectsFile,
    RuleEntry,
    RulesFile,
    RuleTexts,
)
from .text_rules import stopping_alone, text_complaints

HIGHEST_GRADE = 8.0
SPECIAL_FILES = {"effects.yaml": "effects", "doubles.yaml": "doubles"}
_PLACEHOLDER_NAME = "It"  # what a name is read as when a text is graded


@dataclass
class RuleFiles:
    """Everything that the check is made of, with where each entry stands."""

    catalogue: list[tuple[CatalogueEntry, Complaint]] = field(default_factory=list)
    rules: list[tuple[RuleEntry, str, Complaint]] = field(default_factory=list)  # with the topic
    effects: list[tuple[EffectEntry, Complaint]] = field(default_factory=list)
    doubles: list[tuple[DoubleEntry, Complaint]] = field(default_factory=list)

    @property
    def singles(self) -> dict[str, CatalogueEntry]:
        return {entry.name: entry for entry, _ in self.catalogue if entry.is_single}


def read_rule_files(root: Path, *, names_only: bool = False) -> tuple[RuleFiles, list[Complaint]]:
    """Read content/catalogue/*.yaml and content/interactions/*.yaml. Either folder may be missing."""
    files, complaints = RuleFiles(), []
    for file in sorted((root / "catalogue").glob("*.yaml")):
        found, model, faults = _read(file, root, "catalogue", CatalogueFile)
        complaints += faults
        if found and model:
            files.catalogue += [(e, found.complaint("", "", "catalogue", n)) for n, e in enumerate(model.catalogue)]
    if names_only:
        return files, complaints
    for file in sorted((root / "interactions").glob("*.yaml")):
        match SPECIAL_FILES.get(file.name, "rules"):
            case "effects":
                found, effects, faults = _read(file, root, "effects", EffectsFile)
                if found and effects:
                    files.effects += [(e, found.complaint("", "", "effects", n)) for n, e in enumerate(effects.effects)]
            case "doubles":
                found, doubles, faults = _read(file, root, "doubles", DoublesFile)
                if found and doubles:
                    files.doubles += [(e, found.complaint("", "", "doubles", n)) for n, e in enumerate(doubles.doubles)]
            case _:
                found, rules, faults = _read(file, root, "rules", RulesFile)
                if found and rules:
                    files.rules += [
                        (e, file.stem, found.complaint("", "", "rules", n)) for n, e in enumerate(rules.rules)
                    ]
        complaints += faults
    return files, complaints


def _read(
    file: Path, root: Path, key: str, model: type[yaml_lines.Model]
) -> tuple[yaml_lines.LinedYaml | None, yaml_lines.Model | None, list[Complaint]]:
    """A YAML file that is one list, as the model whose only field is `key`."""
    path = f"{root.name}/{file.relative_to(root).as_posix()}"
    text, complaints = read_text(file, path)
    if complaints:
        return None, None, complaints
    found, complaints = yaml_lines.read(text, path)
    if found is None:
        return None, None, complaints
    found = yaml_lines.nested(found, key)
    value, complaints = found.validate(model)
    return found, value, complaints


def rule_complaints(files: RuleFiles, classes: list[ClassEntry], known_names: frozenset[str]) -> Iterator[Complaint]:
    """Everything that is wrong with the catalogue and the rules, beyond the shape of single entries."""
    yield from _catalogue_complaints(files)
    if files.catalogue:
        yield from _member_complaints(files, classes)
    keys: set[str] = set()
    places = [(rule.id, rule, at) for rule, _, at in files.rules]
    places += [(effect.key, effect, at) for effect, at in files.effects]  # type: ignore[misc]
    places += [(double.key, double, at) for double, at in files.doubles]  # type: ignore[misc]
    for key, texts, at in places:
        if key in keys:
            yield _at(at, f"The key '{key}' stands twice.", "Give each its own.")
        keys.add(key)
        yield from _text_complaints(texts, at, known_names)
    yield from _part_complaints(files, {entry.key for entry in classes})


def _at(place: Complaint, problem: str, remedy: str) -> Complaint:
    return Complaint(place.path, place.line, problem, remedy)


def _catalogue_complaints(files: RuleFiles) -> Iterator[Complaint]:
    singles = files.singles
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    for entry, at in files.catalogue:
        folded = fold(entry.name)
        if folded in names:
            yield _at(at, f"'{entry.name}' stands twice.", "Keep one.")
        names[folded] = entry.name
        if entry.is_single and entry.rxcui and codes.setdefault(entry.rxcui, entry.name) != entry.name:
            yield _at(at, f"'{entry.name}' has the RxCUI of {codes[entry.rxcui]}.", "Look it up.")
        for ingredient in entry.ingredients or []:
            if ingredient not in singles:
                yield _at(at, f"The ingredient '{ingredient}' has no entry of its own.", "Add it or correct it.")
    for entry, at in files.catalogue:
        for name in (*entry.brands, *entry.also_called):
            if fold(name) in names and names[fold(name)] != entry.name and entry.is_single:
                yield _at(at, f"'{name}' is another entry's name.", "Take it out here.")


def _member_complaints(files: RuleFiles, classes: list[ClassEntry]) -> Iterator[Complaint]:
    singles = files.singles
    for entry in classes:
        for member in entry.members:
            if member not in singles:
                yield Complaint(
                    "content/classes.yaml",
                    1,
                    f"'{member}' in '{entry.key}' is not in the catalogue.",
                    "Add or correct it.",
                )


def _text_complaints(texts: RuleTexts, at: Complaint, known_names: frozenset[str]) -> Iterator[Complaint]:
    parts = [texts.do, texts.could_happen, texts.because, texts.question]
    parts += [*texts.watch_for.call_911, *texts.watch_for.call_prescriber]
    spoken = []
    for part in parts:
        text = part
        for mark in ("{a}", "{b}", "{names}", "{what}"):
            text = text.replace(mark, _PLACEHOLDER_NAME)
        spoken.append(text)
        passage = Passage(at.line, text, "paragraph")
        yield from text_complaints(at.path, passage)
        yield from stopping_alone(at.path, passage)
        if "{" in text or "}" in text:
            yield _at(at, f"There is a mark in '{text[:60]}' that we cannot read.", "Use {a}, {b}, {names} or {what}.")
    grade = grades.grade(spoken, known_names)
    if grade and grade.flesch_kincaid > HIGHEST_GRADE:
        yield _at(at, f"The texts read at grade {grade.flesch_kincaid:.1f}.", f"Bring them to {HIGHEST_GRADE:.0f}.")


def parts_of(rule: RuleEntry) -> Iterator[str]:
    for side in rule.between:
        yield from [side] if isinstance(side, str) else side


def _part_complaints(files: RuleFiles, classes: set[str]) -> Iterator[Complaint]:
    singles = set(files.singles)
    effects = {effect.key for effect, _ in files.effects}
    known = {"class": classes, "condition": CONDITIONS, "ingredient": singles, "substance": singles}

    def wrong(part: str) -> str:
        kind, _, name = part.partition(":")
        return "" if name in known[kind] else f"'{part}' is nothing that we know."

    for rule, _, at in files.rules:
        for part in parts_of(rule):
            if problem := wrong(part):
                yield _at(at, f"{rule.id}: {problem}", "Add it, or correct its spelling.")
        for pair in rule.exceptions:
            for name in pair:
                if name not in singles:
                    yield _at(
                        at, f"{rule.id}: the exception '{name}' is nothing that we know.", "Correct its spelling."
                    )
        if rule.effect and rule.effect not in effects:
            yield _at(at, f"{rule.id}: the effect '{rule.effect}' is not in effects.yaml.", "Correct it.")
    for effect, at in files.effects:
        for part in (*effect.members, *(part for group in effect.one_of_each for part in group)):
            if problem := wrong(part):
                yield _at(at, f"{effect.key}: {problem}", "Add it, or correct its spelling.")
    for double, at in files.doubles:
        if double.of not in ("same", "kind") and (problem := wrong(double.of)):
            yield _at(at, f"{double.key}: {problem}", "Correct its spelling.")
