"""Check names against each other, on the command line. Nothing is stored."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.interactions.as_data import report_as_data
from monographs.interactions.report import GroupFinding, PairFinding, Report
from monographs.interactions.typed import report_for, understand

MOST_NAMES = 60


class Command(BaseCommand):
    help = "Say what is known of taking these together: check_interactions NAME NAME ... [--json]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", metavar="NAME", help="a medicine, supplement, herb, food or drink")
        parser.add_argument("--condition", action="append", default=[], help="such as kidney-trouble or pregnancy")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["names"]) > MOST_NAMES:
            raise CommandError(f"That is more than {MOST_NAMES} names.")
        understood = understand(options["names"])
        report = report_for(understood, options["condition"])
        if options["json"]:
            self.stdout.write(json.dumps(report_as_data(report), ensure_ascii=False, indent=2))
            return
        asked = {name.typed: name.choices for name in understood.to_ask}
        for line in _lines(report, asked):
            self.stdout.write(line)


def _lines(report: Report, asked: dict[str, Any]) -> Iterator[str]:
    """The report in plain lines, in the order of the page."""
    if report.not_checked:
        yield "COULD NOT BE CHECKED"
        for name in report.not_checked:
            near = ", ".join(f"{choice.name} ({choice.purpose})" for choice in asked.get(name, ()))
            yield f"  {name}" + (f": did you mean {near}?" if near else "")
    yield from _groups("THE SAME INGREDIENT TWICE", report.same_ingredient)
    yield from _pairs("SERIOUS", report.serious)
    yield from _pairs("CHECK", report.check)
    yield from _groups("THESE ADD UP", report.adds_up)
    yield from _groups("THE SAME KIND OF MEDICINE", report.same_kind)
    yield from _pairs("KNOW", report.know)
    count = len(report.checked)
    if report.found_nothing:
        yield f"We found no warnings in our list for these {count} names."
        yield "This does not mean that they are safe together."
    yield (
        f"Checked: {count} names, {report.pairs} pairs, against {report.rules} rules"
        f" (loaded {report.loaded_on or 'never'})."
    )
    yield "Do not stop or change a medicine on your own. Ask your pharmacist or doctor."


def _pairs(title: str, findings: Iterable[PairFinding]) -> Iterator[str]:
    for number, finding in enumerate(findings):
        if not number:
            yield title
        yield f"  {finding.names[0]} + {finding.names[1]}"
        for reason in finding.reasons:
            yield f"    {reason.texts.do} {reason.texts.could_happen} [{reason.key}]"


def _groups(title: str, findings: Iterable[GroupFinding]) -> Iterator[str]:
    for number, finding in enumerate(findings):
        if not number:
            yield title
        yield f"  {finding.title}: {', '.join(finding.names)}"
        yield f"    {finding.texts.do} {finding.texts.could_happen}"
