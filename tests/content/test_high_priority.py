"""The high-priority pairs of Phansalkar et al. 2012 (JAMIA 19:735): every member that we know, at the serious level."""

import csv
from itertools import product
from pathlib import Path

import pytest

from monographs.interactions.check import check
from monographs.interactions.current import current_rulebook
from monographs.interactions.rulebook import Level
from monographs.interactions.typed import item_of
from monographs.names import resolve

LIST = Path(__file__).resolve().parents[3] / "shared" / "data" / "onc_high_priority.csv"
QT_GROUP = "21"  # names no members


def groups() -> list[dict[str, str]]:
    return list(csv.DictReader(LIST.read_text(encoding="utf-8").splitlines())) if LIST.exists() else []


@pytest.mark.skipif(not LIST.exists(), reason="the reference data lie beside the project and not in it")
@pytest.mark.django_db
@pytest.mark.parametrize("group", groups(), ids=lambda group: f"group {group['group']}")
def test_every_known_member_is_found_serious(group: dict[str, str]) -> None:
    sides = []
    for column, named in (("object_drugs", "object_class"), ("precipitant_drugs", "precipitant_class")):
        names = [name.strip() for name in (group[column] or group[named]).split(";") if name.strip()]
        sides.append([known for name in names if (known := resolve(name).medicine)])
    weaker = []
    for a, b in product(*sides):
        if a.slug != b.slug:
            report = check([item_of(a.name, a), item_of(b.name, b)], current_rulebook())
            if not any(finding.level is Level.SERIOUS for finding in report.pair_findings):
                weaker.append(f"{a.name} + {b.name}")
    assert weaker == []
    assert group["group"] == QT_GROUP or all(sides)
