"""A page beside its labels: what it lacks, and which of its numbers no label names."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monographs.content_files.reading import MonographFile, read_monograph
from monographs.labels.compare import compare, labels_by_page
from monographs.labels.read import Label, read_labels
from tests.content_files.sample import write_library

LABEL: dict[str, Any] = {
    "name": "Exemplol",
    "route": ["ORAL"],
    "set_id": ["00000000-1111-2222-3333-444444444444"],
    "pharm_class_epc": ["Benzodiazepine [EPC]"],
    "combination": False,
    "sections": {
        "boxed_warning": ["It slows breathing and this can kill."],
        "dosage": "5-mg tablets; sleep in 11.6% of patients",
    },
}


@pytest.fixture
def page(tmp_path: Path) -> MonographFile:
    found, _ = read_monograph(write_library(tmp_path) / "en/medicines/exemplol.md", "exemplol.md", "en")
    assert found
    return found


def written(folder: Path, *labels: object) -> Path:
    file = folder / "labels.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(label) + "\n" for label in labels)
    return file


def read(folder: Path, **changes: object) -> list[Label]:
    return list(read_labels(written(folder, LABEL | changes)))


def test_what_the_label_has_and_the_page_lacks(page: MonographFile, tmp_path: Path) -> None:
    result = compare(page, read(tmp_path))
    assert result.lacks_box
    assert result.lacks_tags == {"boxed-warning", "habit-forming"}


def test_numbers_are_found_however_the_label_writes_them(page: MonographFile, tmp_path: Path) -> None:
    assert compare(page, read(tmp_path)).numbers == ()
    other = compare(page, read(tmp_path, sections={"dosage": "50 mg; 9%"})).numbers
    assert {number for _line, number in other} == {"5 mg", "12 in 100"}
    line = next(line for line, number in other if number == "5 mg")
    assert page.lines[line - page.body_line] == "Take 5 mg with food."


def test_a_heading_alone_is_no_box(page: MonographFile, tmp_path: Path) -> None:
    assert not compare(page, read(tmp_path, sections={"boxed_warning": ["BOXED WARNING"]})).lacks_box


def test_without_a_label_nothing_is_said(page: MonographFile) -> None:
    assert compare(page, []).numbers == ()
    assert not compare(page, []).lacks_box


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"name": "otherol"}, False),
        ({"combination": True}, False),
        ({"route": ["TOPICAL"]}, False),
        ({"not_oral": True}, False),
        ({"route": None}, False),
    ],
)
def test_only_labels_of_the_same_medicine_and_route_count(
    page: MonographFile, tmp_path: Path, changes: dict[str, object], counts: bool
) -> None:
    assert bool(labels_by_page([page], read(tmp_path, **changes))) is counts


@pytest.mark.parametrize("bad", ["{", '{"name": "a"}', '{"name": "a", "sections": 3}', "7"])
def test_a_file_that_is_wrong_is_refused_with_its_line(tmp_path: Path, bad: str) -> None:
    file = tmp_path / "labels.jsonl.gz"
    file.write_bytes(gzip.compress((json.dumps(LABEL) + "\n" + bad).encode()))
    with pytest.raises(ValueError, match=r"labels\.jsonl\.gz, line 2: this is no label"):
        list(read_labels(file))


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, *[LABEL] * 50)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ValueError, match="cannot be read"):
        list(read_labels(file))


def test_the_command_lists_what_to_read(tmp_path: Path) -> None:
    label = LABEL | {"name": "Lisinopril", "pharm_class_epc": ["Opioid Agonist [EPC]"], "sections": {"dosage": "none"}}
    out = StringIO()
    call_command("compare_with_labels", written(tmp_path, label), "--page", "lisinopril", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "lisinopril: 1 labels held"
    assert "lacks tags that its class owes" in lines[1]
    assert any("no label names '10 mg'" in line for line in lines)
    call_command(
        "compare_with_labels", written(tmp_path, LABEL | {"name": "lisinopril"}), "--page", "lisinopril", stdout=out
    )
    with pytest.raises(CommandError, match=r"nowhere\.gz cannot be read"):
        call_command("compare_with_labels", tmp_path / "nowhere.gz")
