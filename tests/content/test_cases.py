"""Cases reasoned by hand from US labels (cases.yaml), each against the content that ships, in either order."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from monographs.interactions.report import GroupFinding, PairFinding, Report
from monographs.interactions.rulebook import Level, condition_in_words
from monographs.interactions.typed import report_for, understand

TABLE = Path(__file__).with_name("cases.yaml")
CASES_AT_LEAST = 130
SILENT_AT_LEAST = 45


@dataclass(frozen=True)
class Case:
    """What is taken, and the gravest thing that must be said of the names in `of`."""

    topic: str
    take: tuple[str, ...]
    find: str
    because: str
    conditions: tuple[str, ...]
    of: tuple[str, ...]
    not_said: str

    @classmethod
    def of_data(cls, topic: str, data: dict[str, Any]) -> "Case":
        taken, conditions = tuple(data["take"]), tuple(data.get("with", ()))
        everything = taken + tuple(condition_in_words(condition) for condition in conditions)
        said_of = tuple(data.get("of", everything))
        return cls(topic, taken, data["find"], data["because"], conditions, said_of, data.get("not_said", ""))

    def __str__(self) -> str:
        return f"{self.topic}: {' + '.join(self.take + self.conditions)}"


def cases() -> list[Case]:
    topics = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [Case.of_data(topic, data) for topic, rows in topics.items() for data in rows]


CASES = cases()


def said_of(report: Report, names: tuple[str, ...]) -> dict[str, Level]:
    """What the report says of all these names together, by the words of the table, with its level."""
    said = {f.level.word: f.level for f in report.pair_findings if set(names) == set(f.names)}
    kinds = {"same ingredient": report.same_ingredient, "adds up": report.adds_up, "same kind": report.same_kind}
    for kind, findings in kinds.items():
        said |= {f"{kind}: {f.level.word}": f.level for f in findings if set(names) <= set(f.names)}
    return said


@pytest.mark.django_db
@pytest.mark.parametrize("backwards", [False, True], ids=["as given", "reversed"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_check_says_what_the_label_says(case: Case, backwards: bool) -> None:
    understood = understand(case.take[::-1] if backwards else case.take)
    report = report_for(understood, case.conditions)
    if case.find == "not checked":
        assert set(case.of) == set(report.not_checked)
        return
    assert report.not_checked == (), f"not known by name; choices {understood.to_ask}"
    if case.find == "silent":
        findings: tuple[PairFinding | GroupFinding, ...] = (
            *report.pair_findings,
            *report.same_ingredient,
            *report.adds_up,
            *report.same_kind,
        )
        assert [(finding.level.word, finding.names) for finding in findings] == [], case.because
        assert report.found_nothing
        return
    said = said_of(report, case.of)
    assert case.find in said, f"{said}; {case.because}"
    assert said[case.find] == max(said.values()), f"{said}; {case.because}"
    assert not case.not_said or case.not_said not in repr(report)


def test_the_table_is_long_enough_and_says_why() -> None:
    assert len(CASES) >= CASES_AT_LEAST
    assert sum(case.find == "silent" for case in CASES) >= SILENT_AT_LEAST
    assert [str(case) for case in CASES if not case.because.strip()] == []
    takings = [(frozenset(case.take), case.conditions) for case in CASES]
    assert [f"{a} twice" for a, b in combinations(takings, 2) if a == b] == []
