"""What a page measures, as its reader sees it: words and reading grades, shared blocks included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monographs.models import SectionKind

from . import grades
from .complaints import Complaint
from .reading import INLINE_MARK, Block, MonographFile, SnippetFile, block_passages, passages

HIGHEST_SECTION_GRADE = 8.0
HIGHEST_PAGE_GRADE = 6.0
WORDS_ON_A_PAGE = (700, 1800)


@dataclass
class SectionMeasure:
    """What a section measures, snippets included."""

    kind: SectionKind
    line: int
    words: int
    grade: grades.Grade | None


@dataclass
class PageMeasure:
    """What a page measures. Grades are US school grades."""

    slug: str
    sections: list[SectionMeasure] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(section.words for section in self.sections)

    @property
    def grade(self) -> float:
        """The mean of the sections' Flesch-Kincaid and SMOG grades, each section weighing the same."""
        kept = [section.grade for section in self.sections if section.grade]
        means = [(g.flesch_kincaid + g.smog) / 2 if g.smog is not None else g.flesch_kincaid for g in kept]
        return sum(means) / len(means) if means else 0.0

    @property
    def highest(self) -> float:
        return max((section.grade.highest for section in self.sections if section.grade), default=0.0)


def measure(page: MonographFile, snippets: dict[str, SnippetFile], names: frozenset[str]) -> PageMeasure:
    """Words and grades of every section, the shared blocks counted as the reader sees them."""
    result = PageMeasure(page.slug)
    for section in page.sections:
        if section.kind == SectionKind.SOURCES:
            continue
        texts = [text for block in section.blocks for text in _block_texts(page, block, snippets)]
        count = sum(len(grades.words(text)) for text in texts)
        result.sections.append(SectionMeasure(section.kind, section.line, count, grades.grade(texts, names)))
    return result


def measure_complaints(page: MonographFile, measured: PageMeasure) -> Iterator[Complaint]:
    """Sections and pages that are too hard to read, too short or too long."""
    for section in measured.sections:
        if section.grade and section.grade.highest > HIGHEST_SECTION_GRADE:
            smog = "" if section.grade.smog is None else f", SMOG {section.grade.smog:.1f}"
            yield Complaint(
                page.path,
                section.line,
                f"'{section.kind.label}' reads at grade {section.grade.flesch_kincaid:.1f}{smog}.",
                f"Use shorter words and sentences: at most {HIGHEST_SECTION_GRADE:.0f}.",
            )
    if measured.grade > HIGHEST_PAGE_GRADE:
        yield Complaint(
            page.path, 1, f"The page reads at grade {measured.grade:.1f}.", f"Bring it to {HIGHEST_PAGE_GRADE:.0f}."
        )
    least, most = WORDS_ON_A_PAGE
    if not least <= measured.words <= most:
        yield Complaint(page.path, 1, f"The page has {measured.words} words.", f"Keep it between {least} and {most:,}.")


def _block_texts(page: MonographFile, block: Block, snippets: dict[str, SnippetFile]) -> Iterator[str]:
    if block.kind == "snippet":
        snippet = snippets.get(block.name)
        found = passages(snippet.text, 1) if snippet else ()
    else:
        found = block_passages(block)
    for passage in found:
        if passage.kind != "heading":
            yield expand_to_text(passage.text, page.head.name, snippets)


def expand_to_text(text: str, name: str, snippets: dict[str, SnippetFile]) -> str:
    """Inline marks replaced by the words that a reader sees."""

    def words(match: re.Match[str]) -> str:
        if match[1] == "name":
            return name
        snippet = snippets.get(match[1])
        return " ".join(p.text for p in passages(snippet.text, 1)) if snippet else match[0]

    return INLINE_MARK.sub(words, text)
