"""Every rule of the linter, by a fault planted in a page that has none: it is found, in its file, on its line."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest

from monographs.content_files.complaints import Complaint
from monographs.content_files.library import read_library

TODAY = datetime.date(2026, 11, 22)
PAGE = "en/medicines/exemplol.md"


def complaints_of(content: Path) -> list[Complaint]:
    return read_library(content, today=TODAY).complaints


def test_the_sample_has_nothing_wrong_with_it(content: Path) -> None:
    assert complaints_of(content) == []


@dataclass(frozen=True)
class Fault:
    """What is replaced by what, what the complaint says, and where: the line that holds `at`, or the first."""

    name: str
    old: str
    new: str
    says: str
    at: str = ""
    file: str = PAGE


FAULTS = [
    # the head
    Fault("unknown key", "say: ek", "sag: x\nsay: ek", "'sag' is not a key we know", "sag: x"),
    Fault("missing key", "route: by mouth\n", "", "'route' is missing", "name: exemplol"),
    Fault("key twice", "say: ek-SEM-plol", "say: a\nsay: b", "stands twice", "say: b"),
    Fault("not YAML", "brands: [Exempla]", "brands: [Exempla", "not YAML", "also_called"),
    Fault("no front matter", "---\nname", "name", "does not begin with '---'"),
    Fault("front matter without end", "2027-11-01\n---", "2027-11-01", "has no end"),
    Fault("unknown kind", "kind: prescription", "kind: pills", "'kind' is 'pills'", "kind: pills"),
    Fault("unknown tag", "[sedating,", "[sleepy,", "'sleepy'", "tags:"),
    Fault("unknown slot", "[morning, bedtime]", "[morning, teatime]", "'teatime'", "schedule"),
    Fault("no ingredient", '[{name: exemplol, rxcui: "123456"}]', "[]", "'ingredients' is empty", "ingredients"),
    Fault("RxCUI that is no number", '"123456"', '"12x"', "rxcui", "ingredients"),
    Fault("a day that does not exist", "checked_on: 2026-11-01", "checked_on: 2026-02-30", "cannot be read"),
    Fault("unknown group", "used_for: [pain]", "used_for: [pian]", "not in groups.yaml", "used_for"),
    Fault("brand twice", "[Exempla]", "[Exempla, exempla]", "stands twice in brands", "brands"),
    Fault("look-alike that nobody knows", "[otherol]", "[nobodyol]", "no other medicine that we know", "look_alikes"),
    Fault("look-alike of itself", "[otherol]", "[Exempla]", "no other medicine that we know", "look_alikes"),
    Fault("mention that is not there", "[aspirin]", "[aspirin, digoxin]", "'digoxin' is not named", "mentions"),
    Fault("file name", "name: exemplol\nsay", "name: sampleol\nsay", "Call it sampleol.md", "name: sampleol"),
    Fault("checked in the future", "checked_on: 2026-11-01", "checked_on: 2026-12-01", "in the future", "checked_on"),
    Fault("next check too late", "2027-11-01\n---", "2029-11-01\n---", "within a year", "next_check_on"),
    Fault("next check before the check", "2027-11-01\n---", "2026-10-01\n---", "within a year", "next_check_on"),
    Fault("weekly schedule without its tag", "[morning, bedtime]", "once a week", "go together", "schedule"),
    Fault("a day and a week in one", "[morning, bedtime]", "[once a week, morning]", "stands alone", ""),
    Fault("never daily and not weekly", "[sedating,", "[never-daily, sedating,", "goes with once-a-week", "tags:"),
    Fault("flush without its tag", "disposal: trash", "disposal: flush-listed", "go together", "disposal"),
    Fault("liquid form without its tag", "forms: [tablet]", "forms: [oral solution]", "go together", "forms"),
    # sources
    Fault("source without a place", ', url: "https://example.org/page", dated: 2024-10', "", "a source needs", "id: page"),
    Fault("source without a title", 'title: "A page"', 'title: ""', "sources.1.title", "id: page"),
    Fault("source without a day", ", retrieved: 2026-11-01}\n  - ", "}\n  - ", "retrieved' is missing", "id: label"),
    Fault("source from the future", "dated: 2024-10, retrieved: 2026-11-01", "retrieved: 2026-12-01", "future", "id: page"),
    Fault("two sources of one id", "{id: page", "{id: label", "Two sources have the id", 'title: "A page"'),
    # headings
    Fault("heading missing", "## Daily life", "### Daily life", "'Daily life' is missing", ""),
    Fault("heading unknown", "## Daily life", "## Everyday life", "not one of the sixteen", "## Everyday life"),
    Fault("heading twice", "## Storing it", "## Daily life", "stands twice", "## Daily life"),
    Fault("text before the first heading", "---\n\n## The most", "---\n\nHello.\n\n## The most", "before the first", "Hello."),
    Fault("heading of the first level", "It eases pain.", "# Big\n\nIt eases pain.", "level we do not use", "# Big"),
    Fault("required third-level heading missing", "### Pregnancy\n", "### Babies\n", "'### Pregnancy' is missing", "## Before"),
    Fault("care cards out of order", "### Get help now", "### Help now", "3 lists", "## Side effects"),
    Fault("do list without a list", "- Drink some water.", "Drink some water.", "'Do' has no list", "### Do\n"),
    # blocks and marks
    Fault("unknown block", "{throw-away}", "{throw-it}", "no shared block 'throw-it'", "{throw-it}"),
    Fault("unknown mark in a sentence", "Call {911}", "Call {912}", "not a mark", "{912}"),
    Fault("mark that cannot be read", "Call {911}", "Call {911", "cannot read", "Call {911"),
    Fault("picture and words disagree", "{people: 12", "{people: 13", "do not say '13 in 100'", "{people"),
    Fault("table", "It eases pain.", "| a | b |\n\nIt eases pain.", "a table", "| a | b |"),
    Fault("HTML", "It eases pain.", "It <b>eases</b> pain.", "There is HTML", "<b>"),
    Fault("link", "It eases pain.", "It [eases](https://example.org) pain.", "There is a link", "[eases]"),
    Fault("picture", "It eases pain.", "![x](x.png)\n\nIt eases pain.", "There is a picture", "![x]"),
    Fault("numbered list", "It eases pain.", "1. One.\n\nIt eases pain.", "Markdown that we do not use", "1. One."),
    Fault("emergency number typed", "Call {911} if", "Call 911 if", "typed by hand", "Call 911"),
    Fault("poison number typed", "It eases pain.", "Call 1-800-222-1222.", "typed by hand", "1-800-222"),
    # tags owe
    Fault("tag owes its block", "{sedating}\n", "", "owes the block {sedating}", "tags:"),
    Fault("tag owes its words", "- **Do not stop it suddenly.** Call first.", "- Call first.", "owes a sentence", "tags:"),
    Fault("block without its tag", "{sedating}\n", "{sedating}\n\n{opioid-naloxone}\n", "without the tag opioid", "{opioid-n"),
    Fault("overdose block missing", "{overdose-help}\n", "", "lacks the block {overdose-help}", "## If you take too"),
    Fault("opioid without 911 first", "[sedating,", "[opioid, sedating,", "lacks the block {overdose-911}", "## If you take too"),
    Fault("disposal block missing", "{throw-away}\n", "", "lacks the block {throw-away}", "## Getting rid"),
    Fault("over the counter owes the box", "kind: prescription", "kind: over-the-counter", "{drug-facts}", "## How to"),
    # sections
    Fault("more than 5 bullets", "- Ask about aspirin.", "- Ask about aspirin.\n- A.\n- B.\n- C.", "6 bullets", "- C."),
    Fault("missed dose ends otherwise", "to make up for a missed one.", "at once.", "does not end as it must", "Skip it."),
    Fault("do-not line", "- Do not chew it.", "- Never chew it.", "does not begin with 'Do not'", "- Never"),
    Fault("do line that forbids", "- Drink some water.", "- Never drink.", "says what not to do", "- Never"),
    Fault("contraindication line", "- You had a rash", "- A rash", "does not begin with 'You'", "- A rash"),
    # words
    Fault("Latin", "It eases pain.", "Take it BID.", "Latin", "BID"),
    Fault("short form", "It eases pain.", "It eases pain like ASA.", "short form", "ASA"),
    Fault("drug", "It eases pain.", "This drug eases pain.", "'drug' is not our word", "This drug"),
    Fault("medication", "It eases pain.", "This medication eases pain.", "not our word", "medication"),
    Fault("suffer", "It eases pain.", "You may suffer side effects.", "people get", "suffer"),
    Fault("claim of safety", "It eases pain.", "It is safe to take.", "claim of safety", "safe to"),
    Fault("safely", "It eases pain.", "You can take it safely.", "claim of safety", "safely"),
    Fault("contraindicated", "It eases pain.", "It is contraindicated.", "not our word", "contraindicated"),
    Fault("bare common", "It eases pain.", "Sleep is common.", "how often", "common"),
    Fault("bare rare", "It eases pain.", "This is rare.", "how often", "rare"),
    Fault("provider", "It eases pain.", "Ask your healthcare provider.", "not our word", "provider"),
    Fault("stopping alone", "It eases pain.", "If it hurts, stop taking it.", "stop or change a medicine alone", "stop taking"),
    Fault("changing alone", "It eases pain.", "You can double the dose.", "stop or change a medicine alone", "double"),
    Fault("ampersand", "It eases pain.", "It eases pain & fever.", "'&'", "&"),
    # numbers
    Fault("no leading zero", "Take 5 mg", "Take .5 mg", "no zero before the point", ".5 mg"),
    Fault("trailing zero", "Take 5 mg", "Take 5.0 mg", "ends in a zero", "5.0 mg"),
    Fault("no comma", "Take 5 mg", "Take 1000 mg", "no comma", "1000 mg"),
    Fault("no space", "Take 5 mg", "Take 5mg", "no space before the unit", "5mg"),
    Fault("unit", "Take 5 mg", "Take 5 ml", "unit that is misread", "5 ml"),
    Fault("spoon", "Take 5 mg", "Take a teaspoon", "by the spoon", "teaspoon"),
    Fault("range", "Take 5 mg", "Take 5-10 mg", "range with a dash", "5-10"),
    # reading
    Fault("long sentence", "It eases pain.", "It is a " + "very " * 24 + "good pill.", "29 words", "It is a very"),
    Fault(
        "hard section",
        "It eases pain. It does not cure the cause.",
        "Pharmacological considerations necessitate individualized administration. " * 4,
        "reads at grade",
        "## What it is for",
    ),
    # other files
    Fault("class without members", "[exemplol, otherol]", "[]", "is empty", "members", "classes.yaml"),
    Fault("member twice", "[exemplol, otherol]", "[exemplol, otherol, otherol]", "is twice", "", "classes.yaml"),
    Fault("class with an unknown key", "  what_it_is", "  what: x\n  what_it_is", "not a key we know", "what: x", "classes.yaml"),
    Fault("group twice", "{key: heart", "{key: pain", "stands twice", "", "groups.yaml"),
    Fault("snippet without a source", "sources:\n", "other:\n", "not a key we know", "other:", "en/snippets/sedating.md"),
    Fault("snippet words", "It can make", "This drug can make", "not our word", "This drug", "en/snippets/sedating.md"),
    Fault("snippet of no look", "look: plain", "look: fancy", "'look' is 'fancy'", "look:", "en/snippets/sedating.md"),
    Fault("empty snippet", "It can make you sleepy.", "", "is empty", "", "en/snippets/sedating.md"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found_on_its_line(content: Path, fault: Fault) -> None:
    file = content / fault.file
    text = file.read_text()
    assert fault.old in text, "the fault cannot be planted"
    file.write_text(text.replace(fault.old, fault.new, 1))

    found = [c for c in complaints_of(content) if fault.says in c.problem + c.remedy]

    assert found, f"not found among {[str(c) for c in complaints_of(content)]}"
    assert {complaint.path for complaint in found} == {f"content/{fault.file}"}
    assert all(complaint.remedy for complaint in found)
    if fault.at:
        lines = file.read_text().split("\n")
        wanted = [number for number, line in enumerate(lines, start=1) if fault.at.strip() in line]
        assert {complaint.line for complaint in found} & set(wanted), f"{[str(c) for c in found]} not on {wanted}"


def test_a_section_without_sources_is_found(content: Path) -> None:
    file = content / PAGE
    head, tail = file.read_text().split("## Storing it")
    file.write_text(head + "## Storing it" + tail.replace("{sources: label}", "", 1))
    line = head.count("\n") + 1
    assert [(c.line, c.problem) for c in complaints_of(content)] == [(line, "'Storing it' has no source.")]


def test_a_source_that_the_head_does_not_have_is_found(content: Path) -> None:
    file = content / PAGE
    head, tail = file.read_text().split("## Storing it")
    file.write_text(head + "## Storing it" + tail.replace("{sources: label}", "{sources: lable}", 1))
    [complaint] = complaints_of(content)
    assert "'lable' is not in the front matter" in complaint.problem
    assert file.read_text().split("\n")[complaint.line - 1] == "{sources: lable}"


def test_sections_out_of_order_are_found(content: Path) -> None:
    file = content / PAGE
    text = file.read_text().replace("## Storing it", "## X").replace("## Daily life", "## Storing it")
    file.write_text(text.replace("## X", "## Daily life"))
    assert any("is out of order" in complaint.problem for complaint in complaints_of(content))


def test_an_empty_section_is_found(content: Path) -> None:
    file = content / PAGE
    head, tail = file.read_text().split("## Storing it")
    rest = tail[tail.index("{sources") :]
    file.write_text(f"{head}## Storing it\n\n{rest}")
    assert "'Storing it' is empty." in [complaint.problem for complaint in complaints_of(content)]


def test_text_below_the_last_heading_is_found(content: Path) -> None:
    file = content / PAGE
    file.write_text(file.read_text() + "\nThe label.\n")
    [complaint] = complaints_of(content)
    assert "is not empty" in complaint.problem


@pytest.mark.parametrize(("raw", "says", "line"), [(b"\xff", "not UTF-8", 4), (b"\0", "NUL", 4)])
def test_bytes_that_are_no_text_are_found(content: Path, raw: bytes, says: str, line: int) -> None:
    file = content / PAGE
    file.write_bytes(file.read_bytes().replace(b"prescription", b"prescription" + raw, 1))
    [complaint] = complaints_of(content)
    assert says in complaint.problem
    assert complaint.line == line


def test_a_page_too_short_or_too_long_is_found(content: Path) -> None:
    file = content / PAGE
    text = file.read_text()
    file.write_text(text.replace("## Storing it\n", "## Storing it\n\n" + "It is dry. You can keep it. " * 260))
    assert any("Keep it between 700 and 1,800" in complaint.remedy for complaint in complaints_of(content))


def test_a_page_that_is_hard_on_the_whole_is_found(content: Path) -> None:
    file = content / PAGE
    hard = "Exercise and physical activity are potentially important. Discuss your individual situation. "
    file.write_text(file.read_text().replace("It is a short line that says a plain thing in plain words. ", hard))
    assert any(complaint.problem.startswith("The page reads at grade") for complaint in complaints_of(content))


def test_a_paragraph_on_more_than_five_pages_is_found(content: Path) -> None:
    page = (content / PAGE).read_text().replace("look_alikes: [otherol]", "look_alikes: []")
    for number in range(6):
        name = f"samplol{'abcdef'[number]}"
        own = page.replace("exemplol", name).replace("Exempla", name.title() + "x").replace("examplol", f"{name}y")
        own = own.replace(
            "Take 5 mg with food.", f"Take {number + 2} mg of {name} with food, and a large glass of cool water."
        )
        (content / "en/medicines" / f"{name}.md").write_text(own.replace("123456", f"12345{number}"))
    (content / PAGE).unlink()
    found = [complaint for complaint in complaints_of(content) if "stands on 6 pages" in complaint.problem]
    assert all(complaint.path.endswith("samplolf.md") for complaint in found)
    other_numbers = (
        (content / "en/medicines/samplolf.md")
        .read_text()
        .split("\n")
        .index("Take 7 mg of samplolf with food, and a large glass of cool water.")
    )
    assert other_numbers + 1 in {complaint.line for complaint in found}


def test_one_ingredient_with_two_codes_is_found(content: Path) -> None:
    page = (content / PAGE).read_text().replace("name: exemplol\n", "name: second\n", 1)
    (content / "en/medicines/second.md").write_text(page.replace("123456", "654321"))
    assert any("another RxCUI" in complaint.problem for complaint in complaints_of(content))


def test_missing_files_are_found(content: Path) -> None:
    (content / "groups.yaml").unlink()
    (content / "en/snippets/throw-away.md").unlink()
    problems = [complaint.problem for complaint in complaints_of(content)]
    assert "The file is missing." in problems
    assert "There is no shared block 'throw-away'." in problems


def test_a_stop_line_is_excused_in_an_emergency_or_allergy(content: Path) -> None:
    file = content / PAGE
    text = file.read_text()
    file.write_text(text.replace("It eases pain.", "Stop taking it and call {911} if your face swells."))
    assert complaints_of(content) == []
