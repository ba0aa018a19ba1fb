"""Rules about one monograph: its head, its headings, its blocks and what its tags owe."""

import datetime
import re
from collections.abc import Iterator, Sequence

from django.utils.text import slugify

from monographs.models import SectionKind

from .complaints import Complaint
from .reading import INLINE_MARK, Block, MonographFile, Section, SnippetFile, block_passages, markdown_tokens
from .text_rules import stopping_alone, text_complaints

MOST_IMPORTANT_BULLETS = 5
LONGEST_BETWEEN_CHECKS = datetime.timedelta(days=366)

# What each tag owes: the shared block, and the section it stands in.
TAG_BLOCKS = {
    "sedating": (SectionKind.DAILY_LIFE, "sedating"),
    "do-not-stop-suddenly": (SectionKind.STOPPING, "do-not-stop-suddenly"),
    "suicidality": (SectionKind.SIDE_EFFECTS, "suicidality"),
    "opioid": (SectionKind.TOO_MUCH, "opioid-naloxone"),
    "habit-forming": (SectionKind.STOPPING, "misuse-help"),
    "once-a-week": (SectionKind.HOW_TO_TAKE, "once-a-week"),
    "flush-listed": (SectionKind.DISPOSAL, "flush"),
    "injectable": (SectionKind.DISPOSAL, "sharps"),
    "liquid": (SectionKind.HOW_TO_TAKE, "measuring-liquid"),
}
# What a tag owes in the words of a section: a pattern, and what to say.
TAG_WORDS = {
    "do-not-stop-suddenly": (SectionKind.MOST_IMPORTANT, r"do not stop\b", "Say 'Do not stop it suddenly'."),
    "once-a-week": (SectionKind.MOST_IMPORTANT, r"once a week", "Say 'once a week, not every day'."),
    "never-daily": (SectionKind.HOW_TO_TAKE, r"every day by mistake has killed", "Say what taking it every day has done."),
    "suicidality": (SectionKind.MOST_IMPORTANT, r"suicid|kill|harm|hurt|end(?:ing)? (?:your|their) life", "Name thoughts of suicide."),
    "opioid": (SectionKind.MOST_IMPORTANT, r"breath", "Name slow breathing."),
    "blood-tests": (SectionKind.TESTS, r"blood", "Say which blood tests."),
    "sedating": (SectionKind.MOST_IMPORTANT, r"sleepy|drowsy|sleepiness|drive|alert", "Say that it makes people sleepy."),
}  # fmt: skip
DISPOSAL_BLOCKS = {
    "trash": "throw-away",
    "flush-listed": "flush",
    "sharps": "sharps",
    "take-back-only": "take-back-only",
}
# Blocks that may stand on a page without the tag that owes them.
FREE_BLOCKS = {"misuse-help", "sharps"}
ALWAYS_OWED = [(SectionKind.SIDE_EFFECTS, "report-side-effects")]
BEFORE_HEADINGS = [
    "Do not take it if",
    "Tell your doctor if",
    "Pregnancy",
    "Breastfeeding",
    "Children",
    "People over 65",
]
SPECIAL_BLOCKS = {
    SectionKind.HOW_TO_TAKE: ["do", "do-not"],
    SectionKind.SIDE_EFFECTS: ["care-now", "care-today", "care-mild"],
}
_LIQUID_FORM = re.compile(r"solution|suspension|liquid|syrup|concentrate|drops", re.IGNORECASE)
_DOUBLE_ENDING = "Do not take 2 doses to make up for a missed one"
_SUPPLIED_PHRASE = re.compile(r"^Do not\b")


def page_complaints(
    page: MonographFile, snippets: dict[str, SnippetFile], groups: set[str], today: datetime.date
) -> Iterator[Complaint]:
    """Everything that can be said of one page without looking at the others."""
    yield from _head_complaints(page, groups, today)
    yield from _heading_complaints(page)
    for section in page.sections:
        yield from _section_source_complaints(page, section)
        yield from _block_complaints(page, section, snippets)
        yield from _wording_complaints(page, section)
    yield from _tag_complaints(page)
    yield from _owed_block_complaints(page)
    yield from _special_section_complaints(page)
    yield from _mention_complaints(page)


def _head_complaints(page: MonographFile, groups: set[str], today: datetime.date) -> Iterator[Complaint]:
    head, yaml = page.head, page.yaml
    if page.slug != slugify(head.name):
        yield yaml.complaint(f"The file is called {page.slug}.md.", f"Call it {slugify(head.name)}.md.", "name")
    for index, key in enumerate(head.used_for):
        if key not in groups:
            yield yaml.complaint(f"'{key}' is not in groups.yaml.", "Use a key from there.", "used_for", index)
    for field_name in ("brands", "also_called", "forms", "tags", "used_for", "look_alikes", "mentions", "schedule"):
        values = [str(value).lower() for value in getattr(head, field_name)]
        for index, value in enumerate(values):
            if value in values[:index]:
                yield yaml.complaint(f"'{value}' stands twice in {field_name}.", "Keep one.", field_name, index)
    seen: set[str] = set()
    for index, source in enumerate(head.sources):
        if source.id in seen:
            yield yaml.complaint(f"Two sources have the id '{source.id}'.", "Give each its own.", "sources", index)
        seen.add(source.id)
        if source.retrieved > today:
            yield yaml.complaint(
                "A source was retrieved in the future.", "Give the day it was opened.", "sources", index
            )
    if head.checked_on > today:
        yield yaml.complaint("checked_on is in the future.", "Give the day it was checked.", "checked_on")
    if not head.checked_on < head.next_check_on <= head.checked_on + LONGEST_BETWEEN_CHECKS:
        yield yaml.complaint(
            "next_check_on is not within a year after checked_on.", "Give a day at most a year on.", "next_check_on"
        )
    if ("once-a-week" in head.tags) != (head.schedule == ["once a week"]):
        yield yaml.complaint(
            "The tag once-a-week and the schedule 'once a week' go together.", "Give both or neither.", "schedule"
        )
    if "never-daily" in head.tags and "once-a-week" not in head.tags:
        yield yaml.complaint("The tag never-daily goes with once-a-week.", "Give both.", "tags")
    if ("flush-listed" in head.tags) != (head.disposal == "flush-listed"):
        yield yaml.complaint("The tag flush-listed and the disposal go together.", "Give both or neither.", "disposal")
    if any(_LIQUID_FORM.search(form) for form in head.forms) != ("liquid" in head.tags):
        yield yaml.complaint("The tag liquid and a liquid form go together.", "Give both or neither.", "forms")


def _heading_complaints(page: MonographFile) -> Iterator[Complaint]:
    wanted = list(SectionKind)
    found = [section.kind for section in page.sections]
    for kind in wanted:
        if kind not in found:
            yield Complaint(
                page.path,
                page.body_line,
                f"The heading '{kind.label}' is missing.",
                "Add it in its place, with its text.",
            )
    highest = -1
    for index, section in enumerate(page.sections):
        place = wanted.index(section.kind)
        if section.kind in found[:index]:
            yield Complaint(page.path, section.line, f"The heading '{section.kind.label}' stands twice.", "Keep one.")
        elif place < highest:
            yield Complaint(
                page.path, section.line, f"The heading '{section.kind.label}' is out of order.", "Move it to its place."
            )
        highest = max(highest, place)


def _section_source_complaints(page: MonographFile, section: Section) -> Iterator[Complaint]:
    if section.kind == SectionKind.SOURCES:
        if section.blocks or section.source_ids:
            yield Complaint(
                page.path, section.line, "'Where this comes from' is not empty.", "Leave it to the front matter."
            )
        return
    if not section.blocks:
        yield Complaint(
            page.path, section.line, f"'{section.kind.label}' is empty.", "Say in one line that there is nothing."
        )
    if not section.source_ids:
        yield Complaint(
            page.path, section.line, f"'{section.kind.label}' has no source.", "End it with a line {sources: id}."
        )
    known = {source.id for source in page.head.sources}
    for source_id in section.source_ids:
        if source_id not in known:
            yield Complaint(
                page.path,
                section.sources_line or section.line,
                f"The source '{source_id}' is not in the front matter.",
                "Add it there or correct the id.",
            )


def _block_complaints(page: MonographFile, section: Section, snippets: dict[str, SnippetFile]) -> Iterator[Complaint]:
    for block in section.blocks:
        if block.kind == "snippet":
            snippet = snippets.get(block.name)
            if snippet is None or snippet.head.look == "inline":
                yield Complaint(
                    page.path, block.line, f"There is no shared block '{block.name}'.", "See the snippets folder."
                )
            continue
        if block.kind == "people":
            if section.kind != SectionKind.SIDE_EFFECTS:
                yield Complaint(
                    page.path, block.line, "A picture of people stands outside Side effects.", "Move it there."
                )
            if not 1 <= block.number <= 100 or not re.search(rf"\b{block.number} in 100\b", block.markdown):
                yield Complaint(
                    page.path,
                    block.line,
                    f"The picture shows {block.number} people, and its words do not say '{block.number} in 100'.",
                    "Make number and words agree.",
                )
        yield from _markdown_complaints(page, block, snippets)


def _markdown_complaints(page: MonographFile, block: Block, snippets: dict[str, SnippetFile]) -> Iterator[Complaint]:
    first = block.line if block.kind in ("prose", "people") else block.line + 1
    for offset, text in enumerate(block.lines):
        line = first + offset
        for match in INLINE_MARK.finditer(text):
            snippet = snippets.get(match[1])
            if snippet is None or snippet.head.look != "inline":
                yield Complaint(
                    page.path,
                    line,
                    f"{match[0]} is not a mark that stands in a sentence.",
                    "Use {911}, {poison-help} or {988}.",
                )
        if re.search(r"[{}]", INLINE_MARK.sub("", text)):
            yield Complaint(
                page.path, line, "There is a mark here that we cannot read.", "Compare it with the README's marks."
            )
        if re.match(r"^\s*\|.*\|\s*$", text):
            yield Complaint(page.path, line, "There is a table here.", "Use a list.")
        if re.match(r"^#(?:\s|#{3,})", text):
            yield Complaint(page.path, line, "This heading is of a level we do not use.", "Use '## ' or '### '.")
    for token in markdown_tokens(block.markdown):
        line = first + (token.map[0] if token.map else 0)
        children = {child.type for child in token.children or []}
        if "image" in children:
            yield Complaint(page.path, line, "There is a picture here.", "Take it out.")
        if "link_open" in children:
            yield Complaint(page.path, line, "There is a link here.", "Name the source in {sources: …}.")
        if token.type in ("fence", "code_block", "html_block", "blockquote_open", "hr", "ordered_list_open"):
            yield Complaint(
                page.path, line, "This is Markdown that we do not use.", "Use paragraphs, '- ' lists and **strong**."
            )
        if token.type == "inline" and re.search(r"</?[a-zA-Z][^>]*>", token.content):
            yield Complaint(page.path, line, "There is HTML here.", "Use Markdown.")


def _wording_complaints(page: MonographFile, section: Section) -> Iterator[Complaint]:
    prescribed = page.head.kind == "prescription"
    for block in section.blocks:
        under = ""
        for passage in block_passages(block):
            if passage.kind == "heading":
                under = passage.text
                continue
            yield from text_complaints(page.path, passage)
            if prescribed and block.kind != "care-now":
                yield from stopping_alone(page.path, passage)
            if block.kind == "do-not" and not _SUPPLIED_PHRASE.match(passage.text):
                yield Complaint(
                    page.path, passage.line, "A line of the do-not list does not begin with 'Do not'.", "Begin so."
                )
            if block.kind == "do" and re.match(r"do not\b|never\b", passage.text, re.IGNORECASE):
                yield Complaint(
                    page.path, passage.line, "A line of the do list says what not to do.", "Move it to '### Do not'."
                )
            if (
                under == "Do not take it if"
                and passage.kind == "bullet"
                and not re.match(r"(?:You|Your)\b", passage.text)
            ):
                yield Complaint(page.path, passage.line, "This line does not begin with 'You'.", "Write 'You have …'.")


def _tag_complaints(page: MonographFile) -> Iterator[Complaint]:
    sections = {section.kind: section for section in page.sections}
    for index, tag in enumerate(page.head.tags):
        if tag in TAG_BLOCKS:
            kind, name = TAG_BLOCKS[tag]
            if kind in sections and not _has_snippet(sections[kind], name):
                yield page.yaml.complaint(
                    f"The tag {tag} owes the block {{{name}}} in '{kind.label}'.",
                    "Add it on a line of its own.",
                    "tags",
                    index,
                )
        if tag in TAG_WORDS:
            kind, pattern, remedy = TAG_WORDS[tag]
            if kind in sections and not re.search(pattern, _section_text(sections[kind]), re.IGNORECASE):
                yield page.yaml.complaint(f"The tag {tag} owes a sentence in '{kind.label}'.", remedy, "tags", index)
    for section in page.sections:
        for block in section.blocks:
            for owing, (_, name) in TAG_BLOCKS.items():
                stray = block.kind == "snippet" and block.name == name and owing not in page.head.tags
                if stray and name not in FREE_BLOCKS:
                    yield Complaint(
                        page.path,
                        block.line,
                        f"The block {{{name}}} stands here without the tag {owing}.",
                        "Add the tag or take it out.",
                    )


def _owed_block_complaints(page: MonographFile) -> Iterator[Complaint]:
    # Poison Help comes first for most; where breathing can stop, one call alone may stand there, and it is 911.
    owed = [*ALWAYS_OWED, (SectionKind.TOO_MUCH, "overdose-911" if "opioid" in page.head.tags else "overdose-help")]
    if name := DISPOSAL_BLOCKS.get(page.head.disposal):
        owed.append((SectionKind.DISPOSAL, name))
    if page.head.kind == "over-the-counter":
        owed.append((SectionKind.HOW_TO_TAKE, "drug-facts"))
    sections = {section.kind: section for section in page.sections}
    for kind, name in owed:
        if kind in sections and not _has_snippet(sections[kind], name):
            yield Complaint(
                page.path,
                sections[kind].line,
                f"'{kind.label}' lacks the block {{{name}}}.",
                "Add it on a line of its own.",
            )


def _special_section_complaints(page: MonographFile) -> Iterator[Complaint]:
    for section in page.sections:
        if wanted := SPECIAL_BLOCKS.get(section.kind):
            found = [block for block in section.blocks if block.kind in wanted]
            if [block.kind for block in found] != wanted:
                yield Complaint(
                    page.path,
                    section.line,
                    f"'{section.kind.label}' does not have its {len(wanted)} lists, once each and in order.",
                    "See the table of headings in the README.",
                )
            for block in found:
                if not any(passage.kind == "bullet" for passage in block_passages(block)):
                    yield Complaint(
                        page.path, block.line, f"'{block.heading}' has no list.", "Write a '- ' list below it."
                    )
        if section.kind == SectionKind.BEFORE:
            headings = [p.text for block in section.blocks for p in block_passages(block) if p.kind == "heading"]
            for heading in BEFORE_HEADINGS:
                if heading not in headings:
                    yield Complaint(
                        page.path, section.line, f"'### {heading}' is missing.", "Add it, with what is known."
                    )
        if section.kind == SectionKind.MOST_IMPORTANT:
            bullets = [p for block in section.blocks for p in block_passages(block) if p.kind == "bullet"]
            if len(bullets) > MOST_IMPORTANT_BULLETS:
                extra = bullets[MOST_IMPORTANT_BULLETS]
                yield Complaint(
                    page.path, extra.line, f"There are {len(bullets)} bullets here.", "Keep the 5 that matter most."
                )
        if section.kind == SectionKind.MISSED_DOSE and page.head.missed_dose.never_double:
            texts = [p for block in section.blocks for p in block_passages(block)]
            if texts and not texts[-1].text.rstrip(".").endswith(_DOUBLE_ENDING):
                yield Complaint(
                    page.path,
                    texts[-1].line,
                    "The missed dose does not end as it must.",
                    f"End it: '{_DOUBLE_ENDING}.'",
                )


def _mention_complaints(page: MonographFile) -> Iterator[Complaint]:
    text = "\n".join(page.lines).lower()
    for index, name in enumerate(page.head.mentions):
        if not re.search(rf"\b{re.escape(name.lower())}", text):
            yield page.yaml.complaint(
                f"'{name}' is not named on the page.", "Take it out of mentions.", "mentions", index
            )


def _has_snippet(section: Section, name: str) -> bool:
    return any(block.kind == "snippet" and block.name == name for block in section.blocks)


def _section_text(section: Section) -> str:
    return " ".join(passage.text for block in section.blocks for passage in block_passages(block))


def paragraphs(page: MonographFile) -> Sequence[tuple[int, str]]:
    """The page's own paragraphs and bullets with their lines, for comparing pages.

    Not who must not take it: labels forbid many medicines for the same reason, such as an allergy to what is in them.
    """
    found = []
    for section in page.sections:
        heading = ""
        for passage in (passage for block in section.blocks for passage in block_passages(block)):
            if passage.kind == "heading":
                heading = passage.text
            elif heading != "Do not take it if":
                found.append((passage.line, passage.text))
    return found
