"""A page beside the labels of its medicine: what the label has and the page lacks, and the other way about.

Numbers that no held label names are a list to read, not an error: they may come from another source of the page.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monographs.content_files.reading import MonographFile, block_passages

from .read import Label

# What the class that a label names owes.
CLASS_TAGS = {
    "Anti-epileptic Agent": {"suicidality", "do-not-stop-suddenly"},
    "Atypical Antipsychotic": {"boxed-warning", "sedating"},
    "Benzodiazepine": {"boxed-warning", "sedating", "habit-forming", "do-not-stop-suddenly"},
    "beta-Adrenergic Blocker": {"do-not-stop-suddenly"},
    "Corticosteroid": {"do-not-stop-suddenly"},
    "Factor Xa Inhibitor": {"boxed-warning"},
    "gamma-Aminobutyric Acid-ergic Agonist": {"sedating", "do-not-stop-suddenly"},
    "GLP-1 Receptor Agonist": {"boxed-warning", "injectable"},
    "Leukotriene Receptor Antagonist": {"boxed-warning", "suicidality"},
    "Loop Diuretic": {"blood-tests"},
    "Nonsteroidal Anti-inflammatory Drug": {"boxed-warning"},
    "Opioid Agonist": {"boxed-warning", "sedating", "opioid", "habit-forming", "do-not-stop-suddenly"},
    "Serotonin Reuptake Inhibitor": {"boxed-warning", "suicidality", "do-not-stop-suddenly"},
}
WORDS_OF_A_BOX = 6  # some labels have the heading and nothing below it
# A number with what it counts. What stands in labels as "25°C", "0.5-mg" or "14-day" is the same.
_COUNTED = re.compile(
    r"(?<![\d.,])(\d+(?:,\d{3})*(?:\.\d+)?)[\s\u00a0-]*"
    r"(mg|mcg|mL|units?|hours?|days?|weeks?|months?|years?|°\s?[FC]|in 100\b)"
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True)
class Comparison:
    """`numbers` are the page's, as they stand there with the line, that no label of it names."""

    labels: int
    lacks_box: bool
    lacks_tags: frozenset[str]
    numbers: tuple[tuple[int, str], ...]


def labels_by_page(pages: Iterable[MonographFile], labels: Iterable[Label]) -> dict[str, list[Label]]:
    """The labels of each page's own medicine, by its own route, by slug."""
    by_name = {page.head.name.lower(): page for page in pages}
    found = defaultdict(list)
    for label in labels:
        page = by_name.get(label.name)
        if page and not label.is_combination and (label.is_by_mouth or page.head.route != "by mouth"):
            found[page.slug].append(label)
    return found


def compare(page: MonographFile, labels: list[Label]) -> Comparison:
    tags = set(page.head.tags)
    owed = set().union(*(CLASS_TAGS.get(kind, set()) for label in labels for kind in label.classes))
    named = {_plain(number) for label in labels for number in _NUMBER.findall(label.text)}
    numbers = tuple(
        (passage.line, match[0])
        for section in page.sections
        for block in section.blocks
        for passage in block_passages(block)
        for match in _COUNTED.finditer(passage.text)
        if labels and not any(_same(_plain(match[1]), number, match[2]) for number in named)
    )
    has_box = any(len(label.sections.get("boxed_warning", "").split()) >= WORDS_OF_A_BOX for label in labels)
    return Comparison(len(labels), has_box and "boxed-warning" not in tags, frozenset(owed - tags), numbers)


def _plain(number: str) -> float:
    return float(number.replace(",", ""))


def _same(ours: float, theirs: float, unit: str) -> bool:
    """Frequencies are rounded up on our pages: 12 in 100 for 11.6%."""
    return theirs == ours or (unit == "in 100" and ours - 1 < theirs < ours)
