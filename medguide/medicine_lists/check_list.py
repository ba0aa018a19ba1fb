"""The check on a person's list: what they take now, with their conditions, substances and allergies."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from monographs.interactions.check import check
from monographs.interactions.current import current_rulebook
from monographs.interactions.report import GroupFinding, Item, PairFinding, Report
from monographs.interactions.rulebook import Level
from monographs.interactions.typed import item_of
from monographs.models import DrugClass
from monographs.name_index import fold
from monographs.names import resolve

from .access import Access
from .models import Allergy, KnownFinding, MedicationStatement
from .schedules import Kind, Schedule

_MILLIGRAMS = re.compile(r"^([0-9][0-9,]*(?:\.[0-9]+)?) ?mg$", re.IGNORECASE)
_PIECES = {"tablet", "capsule"}


@dataclass(frozen=True)
class AllergyFinding:
    """A medicine of the list that is, holds or is akin to what the person is allergic to."""

    name: str
    substance: str
    reaction: str
    kind: str  # the class that both belong to; empty where it is the same ingredient


@dataclass(frozen=True)
class ListFinding:
    """A finding of the check, and whether somebody said that the prescriber knows."""

    finding: PairFinding | GroupFinding
    key: str
    fingerprint: str
    known: KnownFinding | None = None

    @property
    def is_pair(self) -> bool:
        return isinstance(self.finding, PairFinding)


@dataclass(frozen=True)
class ListReport:
    """The report of a list. `open` and `known` hold all findings but the folded timing ones, the gravest first."""

    report: Report
    allergies: tuple[AllergyFinding, ...]
    open: tuple[ListFinding, ...] = field(default=())
    known: tuple[ListFinding, ...] = field(default=())

    @property
    def serious_count(self) -> int:
        return len(self.allergies) + len(self.serious)

    @property
    def ask_count(self) -> int:
        return len(self.ask)

    @property
    def serious(self) -> tuple[ListFinding, ...]:
        return tuple(found for found in self.open if found.finding.level is Level.SERIOUS)

    @property
    def ask(self) -> tuple[ListFinding, ...]:
        return tuple(found for found in self.open if found.finding.level is not Level.SERIOUS)


def check_list(access: Access, taking: Sequence[MedicationStatement]) -> ListReport:
    """`taking` are the statements that this user sees and that are taken now, with their medicine and ingredients.

    Prefetch `medicine__ingredients`.
    """
    person = access.person
    names = _distinct_names(taking)
    items = [
        Item(name, _ingredients(one), one.medicine.local_route, _mg_in_a_day(one))
        for name, one in zip(names, taking, strict=True)
        if one.medicine
    ]
    items += [item_of(name, known) for name in person.substances if (known := resolve(name).medicine)]
    not_checked = [name for name, one in zip(names, taking, strict=True) if one.medicine is None]
    allergies = [(allergy, *_meant(allergy.substance)) for allergy in person.allergies.all()]
    not_checked += [
        _("the allergy to %(substance)s") % {"substance": allergy.substance}
        for allergy, meant, kinds in allergies
        if not meant and not kinds
    ]
    report = check(items, current_rulebook(), conditions=person.conditions, not_checked=not_checked)
    said = {known.key: known for known in person.known_findings.select_related("said_by")}
    state = {name: _state(one) for name, one in zip(names, taking, strict=True)}
    found = [_with_word(finding, said, state) for finding in _findings(report)]
    return ListReport(
        report,
        tuple(_allergy_findings(allergies, taking, names)),
        tuple(one for one in found if one.known is None),
        tuple(one for one in found if one.known is not None),
    )


def _findings(report: Report) -> list[PairFinding | GroupFinding]:
    found: list[PairFinding | GroupFinding] = [*report.same_ingredient, *report.serious, *report.adds_up]
    found += [*report.check, *report.same_kind]
    return sorted(found, key=lambda finding: -finding.level)


def _distinct_names(statements: Sequence[MedicationStatement]) -> list[str]:
    """Each as it was written, with its strength or its number where two are written alike."""
    count = Counter(one.name for one in statements)
    names = [f"{one.name} {one.strength}".strip() if count[one.name] > 1 else one.name for one in statements]
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def _ingredients(statement: MedicationStatement) -> tuple[str, ...]:
    return tuple(sorted(i.name for i in statement.medicine.ingredients.all())) if statement.medicine else ()


def _mg_in_a_day(statement: MedicationStatement) -> tuple[tuple[str, float], ...]:
    """What is known of a day's amount: one ingredient, tablets of so many mg, the same every day."""
    ingredients = _ingredients(statement)
    strength = _MILLIGRAMS.match(statement.strength.strip())
    schedule = Schedule.from_data(statement.schedule)
    if len(ingredients) != 1 or not strength or statement.amount_unit not in _PIECES or schedule.kind is not Kind.DAILY:
        return ()
    amounts = [dose.amount or statement.amount for dose in schedule.doses]
    if not amounts or None in amounts:
        return ()
    pieces = sum(amount for amount in amounts if amount)
    return ((ingredients[0], float(Decimal(strength[1].replace(",", "")) * pieces)),)


def _state(statement: MedicationStatement) -> list[str]:
    """What a "my prescriber knows" was said of: the medicine and its dose."""
    dose = [
        statement.strength,
        str(statement.amount),
        statement.amount_unit,
        json.dumps(statement.schedule, sort_keys=True),
    ]
    return [str(statement.medicine_id), *dose]


def _with_word(
    finding: PairFinding | GroupFinding, said: dict[str, KnownFinding], state: dict[str, list[str]]
) -> ListFinding:
    kind = "pair" if isinstance(finding, PairFinding) else finding.key
    key = _digest([kind, sorted(reason.key for reason in finding.reasons), sorted(finding.names)])
    doses = [state.get(name) for name in sorted(finding.names)]
    medicines = sorted(values[0] for values in state.values())
    fingerprint = _digest([int(finding.level), doses, medicines])
    known = said.get(key)
    return ListFinding(finding, key, fingerprint, known if known and known.fingerprint == fingerprint else None)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _allergy_findings(
    allergies: Iterable[tuple[Allergy, set[str], dict[str, set[str]]]],
    taking: Sequence[MedicationStatement],
    names: Sequence[str],
) -> Iterable[AllergyFinding]:
    for allergy, meant, kinds in allergies:
        for name, statement in zip(names, taking, strict=True):
            inside = set(_ingredients(statement))
            shared = [kind for kind, members in kinds.items() if members & inside]
            if meant & inside or shared:
                kind = "" if meant & inside else shared[0]
                yield AllergyFinding(name, allergy.substance, allergy.reaction, kind)


def _meant(substance: str) -> tuple[set[str], dict[str, set[str]]]:
    """What an allergy's words name: ingredients, and the kinds they are of or that bear that name, with members."""
    known = resolve(substance).medicine
    meant = set(known.ingredients) if known else set()
    words = {fold(substance), fold(substance).removesuffix("s")}
    kinds = {}
    for kind in DrugClass.objects.filter(is_property=False).prefetch_related("ingredients"):
        members = {ingredient.name for ingredient in kind.ingredients.all()}
        if meant & members or {fold(kind.slug), fold(kind.name)} & words:
            kinds[kind.name] = members
    return meant, kinds
