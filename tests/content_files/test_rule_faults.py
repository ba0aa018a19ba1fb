"""Faults planted in the catalogue and the rules: each is found, in its file, on its line."""

import datetime
from pathlib import Path

import pytest

from monographs.content_files.complaints import Complaint
from monographs.content_files.library import read_library

from .sample_rules import write_rules

TODAY = datetime.date(2026, 11, 22)
CATALOGUE, RULES = "catalogue/a.yaml", "interactions/topic.yaml"
EFFECTS, DOUBLES = "interactions/effects.yaml", "interactions/doubles.yaml"

# file, what is replaced, by what, what the complaint says, the line that holds this
FAULTS = [
    (CATALOGUE, "kind: substance", "kind: drink", "'drink'", "kind: drink"),
    (CATALOGUE, "  for: fever\n", "", "is missing", "- name: otherol"),
    (CATALOGUE, "[by mouth, injection]", "[by mouth, eye]", "entry of their own", "- name: otherol"),
    (CATALOGUE, "[exemplol, otherol]", "[exemplol, nobodyol]", "'nobodyol' has no entry", "- name: exemplol and"),
    (CATALOGUE, '"222222"', '"123456"', "has the RxCUI of exemplol", "- name: otherol"),
    (CATALOGUE, "- name: alcohol", "- name: otherol", "stands twice", "- name: otherol"),
    (CATALOGUE, "[othero]", "[exemplol]", "is another entry's name", "- name: otherol"),
    (CATALOGUE, "source: {maker: A maker, dated: 2024-10}", "source: {title: x}", "a source needs", "source: {title"),
    (RULES, "class:reliever", "class:nobody", "'class:nobody' is nothing that we know", "- id: exemplol-with-otherol"),
    (RULES, "ingredient:otherol", "ingredient:nobodyol", "nothing that we know", "- id: exemplol-with-otherol"),
    (RULES, "condition:kidney-trouble", "condition:toothache", "nothing that we know", "with-kidney"),
    (RULES, "ingredient:otherol", "medicine:otherol", "between", "between: [class:reliever"),
    (RULES, "except: []", "except: [[exemplol, nobodyol]]", "exception 'nobodyol'", "- id: exemplol-with-otherol"),
    (RULES, "- id: exemplol-with-alcohol", "- id: exemplol-with-otherol", "stands twice", "- id: exemplol-with-otherol"),
    (RULES, "level: serious", "level: deadly", "'deadly'", "level: deadly"),
    (RULES, "effect: sleep-sum", "effect: nap-sum", "not in effects.yaml", "- id: exemplol-with-alcohol"),
    (RULES, "You can get sleepy.", "This drug is safe to take.", "claim of safety", "- id: exemplol-with-otherol"),
    (RULES, "Ask about {a} and {b}.", "Stop taking {a}.", "stop or change", "- id: exemplol-with-otherol"),
    (RULES, "Ask about {a} and {b}.", "Ask about {x}.", "cannot read", "- id: exemplol-with-otherol"),
    (RULES, "Slow breathing", "Call 911", "typed by hand", "- id: exemplol-with-otherol"),
    (RULES, "set_id: 00000000-1111-2222-3333-444444444444, section", "section", "a source needs", "sources:"),
    (RULES, "Both slow the brain.", "Pharmacological considerations necessitate individualized administration.",
     "read at grade", "- id: exemplol-with-otherol"),
    (EFFECTS, "least: 3", "least: 1", "least", "least: 1"),
    (EFFECTS, "  members: [class:reliever, substance:alcohol]", "  members: []", "members, or one_of_each", "- key: sleep"),
    (EFFECTS, "substance:alcohol", "substance:nothing", "nothing that we know", "- key: sleep"),
    (DOUBLES, "of: kind", "of: class:nobody", "nothing that we know", "- key: two"),
    ("classes.yaml", "[exemplol, otherol]", "[exemplol, otherol, thirdol]", "'thirdol' in 'reliever' is not in", ""),
]  # fmt: skip


def complaints_of(content: Path) -> list[Complaint]:
    return read_library(content, today=TODAY).complaints


def test_the_sample_rules_have_nothing_wrong_with_them(content: Path) -> None:
    assert [str(complaint) for complaint in complaints_of(write_rules(content))] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}: {fault[2][:30]}")
def test_a_planted_fault_is_found_on_its_line(content: Path, fault: tuple[str, str, str, str, str]) -> None:
    name, old, new, says, at = fault
    file = write_rules(content) / name
    text = file.read_text()
    assert old in text, "the fault cannot be planted"
    file.write_text(text.replace(old, new, 1))

    found = [c for c in complaints_of(content) if says in c.problem + c.remedy]

    assert found, [str(c) for c in complaints_of(content)]
    assert {complaint.path for complaint in found} == {f"content/{name}"}
    if at:
        lines = file.read_text().split("\n")
        wanted = {number for number, line in enumerate(lines, start=1) if at in line}
        assert {complaint.line for complaint in found} & wanted, ([str(c) for c in found], wanted)


def test_a_rule_file_that_is_no_yaml_is_found(content: Path) -> None:
    file = write_rules(content) / RULES
    file.write_text("- id: [")
    assert any("not YAML" in complaint.problem for complaint in complaints_of(content))
