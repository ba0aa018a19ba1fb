"""Measure the check against a file of pairs."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.interactions.check import check
from monographs.interactions.current import current_rulebook
from monographs.interactions.rulebook import Level
from monographs.interactions.typed import item_of
from monographs.names import resolve

LONGEST_FIELD = 200


@dataclass(frozen=True)
class Outcome:
    """What the check says of one pair; `interacts` is what the file says, None where it says nothing."""

    a: str
    b: str
    interacts: bool | None
    known_a: bool
    known_b: bool
    level: Level | None
    kinds: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def known(self) -> bool:
        return self.known_a and self.known_b

    def as_data(self) -> dict[str, Any]:
        return {
            "a": self.a,
            "b": self.b,
            "known_a": self.known_a,
            "known_b": self.known_b,
            "level": self.level.word if self.level else None,
            "kinds": list(self.kinds),
            "rules": list(self.rules),
        }


class Command(BaseCommand):
    help = "Measure the check on a CSV file with the columns drug_a, drug_b and, where known, interacts (1 or 0)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--list", action="store_true", help="every miss and every false alarm")
        parser.add_argument("--json", action="store_true", help="a line of JSON a pair")

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = [_outcome(*row) for row in _rows(options["file"])]
        if options["json"]:
            for outcome in outcomes:
                self.stdout.write(json.dumps(outcome.as_data(), ensure_ascii=False))
            return
        self._summarise(outcomes)
        if options["list"]:
            self._list(outcomes)

    def _summarise(self, outcomes: list[Outcome]) -> None:
        known = [outcome for outcome in outcomes if outcome.known]
        self.stdout.write(f"pairs {len(outcomes)}, both names known {len(known)} ({_share(len(known), len(outcomes))})")
        for truth, word in ((True, "sensitivity"), (False, "specificity")):
            judged = [outcome for outcome in known if outcome.interacts is truth]
            right = [outcome for outcome in judged if (outcome.level is not None) is truth]
            self.stdout.write(f"{word} {_share(len(right), len(judged))} ({len(right)} of {len(judged)})")
        for level in Level:
            self.stdout.write(f"found at level {level.word}: {sum(outcome.level is level for outcome in known)}")

    def _list(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            unknown = [
                name for name, is_known in ((outcome.a, outcome.known_a), (outcome.b, outcome.known_b)) if not is_known
            ]
            if unknown:
                self.stdout.write(f"unknown: {', '.join(unknown)}")
            elif outcome.interacts and outcome.level is None:
                self.stdout.write(f"missed: {outcome.a} + {outcome.b}")
            elif outcome.interacts is False and outcome.level is not None:
                self.stdout.write(f"false alarm: {outcome.a} + {outcome.b}: {', '.join(outcome.rules)}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _rows(file: Path) -> Iterator[tuple[str, str, bool | None]]:
    """The pairs of a file. Raises CommandError with the line where it cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            if not {"drug_a", "drug_b"} <= set(reader.fieldnames or []):
                raise CommandError(f"{file}:1: The first line must name the columns drug_a and drug_b.")
            for row in reader:
                yield _row(file, reader.line_num, row)
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: This is not UTF-8 text ({error.reason}).") from error
    except csv.Error as error:
        raise CommandError(f"{file}:{reader.line_num}: This line cannot be read: {error}.") from error
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error


def _row(file: Path, line: int, row: dict[str, Any]) -> tuple[str, str, bool | None]:
    a, b, truth = row.get("drug_a"), row.get("drug_b"), row.get("interacts")
    if not a or not b or not a.strip() or not b.strip() or None in row:
        raise CommandError(f"{file}:{line}: This line does not have two names.")
    if max(len(a), len(b)) > LONGEST_FIELD:
        raise CommandError(f"{file}:{line}: A name is longer than {LONGEST_FIELD} characters.")
    if truth not in (None, "", "0", "1"):
        raise CommandError(f"{file}:{line}: interacts is '{truth[:20]}'; it must be 1 or 0.")
    return a.strip(), b.strip(), bool(int(truth)) if truth else None


def _outcome(a: str, b: str, interacts: bool | None) -> Outcome:
    found = resolve(a).medicine, resolve(b).medicine
    items = [item_of(typed, known) for typed, known in zip((a, b), found, strict=True) if known]
    report = check(items, current_rulebook())
    levels, kinds, rules = [], [], []
    for finding in report.pair_findings:
        levels.append(finding.level)
        kinds.append("pair")
        rules += [reason.key for reason in finding.reasons]
    for kind, groups in (
        ("same-ingredient", report.same_ingredient),
        ("adds-up", report.adds_up),
        ("same-kind", report.same_kind),
    ):
        for group in groups:
            levels.append(group.level)
            kinds.append(kind)
            rules += [f"{kind}:{group.key}", *(reason.key for reason in group.reasons)]
    return Outcome(
        a,
        b,
        interacts,
        found[0] is not None,
        found[1] is not None,
        max(levels, default=None),
        tuple(kinds),
        tuple(rules),
    )
