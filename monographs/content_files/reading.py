"""From a file to its parts: front matter, sections, and in each section the blocks of which it is made."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from monographs.models import SectionKind

from . import yaml_lines
from .complaints import Complaint
from .schema import FrontMatter, SnippetHead

HEADINGS = {str(kind.label): kind for kind in SectionKind}
SPECIAL_HEADINGS = {
    (SectionKind.HOW_TO_TAKE, "Do"): "do",
    (SectionKind.HOW_TO_TAKE, "Do not"): "do-not",
    (SectionKind.SIDE_EFFECTS, "Get help now"): "care-now",
    (SectionKind.SIDE_EFFECTS, "Call your doctor today"): "care-today",
    (SectionKind.SIDE_EFFECTS, "Usually mild"): "care-mild",
}
_SOURCES = re.compile(r"^\{sources:\s*(.*?)\s*\}$")
_PEOPLE = re.compile(r"^\{people:\s*(\d+)\s*\|\s*(.+?)\s*\}$")
_BLOCK_MARK = re.compile(r"^\{([a-z0-9-]+)\}$")
INLINE_MARK = re.compile(r"\{([a-z0-9-]+)\}")

_markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading or bullet: its words without marks, and the line it begins on."""

    line: int
    text: str
    kind: str  # paragraph | bullet | heading


@dataclass
class Block:
    """A part of a section. `kind` is prose, do, do-not, care-now, care-today, care-mild, snippet or people."""

    kind: str
    line: int
    lines: list[str] = field(default_factory=list)
    heading: str = ""
    name: str = ""  # of a snippet
    number: int = 0  # of people in 100

    @property
    def markdown(self) -> str:
        """Its text; blank lines before it are kept, so that its lines can be counted."""
        return "\n".join(self.lines)


@dataclass
class Section:
    kind: SectionKind
    line: int
    blocks: list[Block]
    source_ids: list[str]
    sources_line: int | None


@dataclass
class MonographFile:
    """One content/<language>/medicines/<slug>.md, parsed."""

    path: str
    slug: str
    language: str
    head: FrontMatter
    yaml: yaml_lines.LinedYaml
    lines: list[str]
    body_line: int
    sections: list[Section]


@dataclass
class SnippetFile:
    """One content/<language>/snippets/<slug>.md, parsed."""

    path: str
    slug: str
    head: SnippetHead
    body_line: int
    text: str


def read_text(file: Path, path: str) -> tuple[str, list[Complaint]]:
    """A file's text, or why it cannot be read as text."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return "", [Complaint(path, line, "This is not UTF-8 text.", "Save the file as UTF-8.")]
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return "", [Complaint(path, line, "There is a NUL character here.", "Take it out.")]
    return text.replace("\r\n", "\n"), []


def split_front_matter(text: str, path: str) -> tuple[str, int, list[str], list[Complaint]]:
    """The YAML text, the line on which the body begins, the body's lines, and complaints."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return "", 1, [], [Complaint(path, 1, "The file does not begin with '---'.", "Put the front matter first.")]
    for index, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return "\n".join(lines[1:index]), index + 2, lines[index + 1 :], []
    return "", 1, [], [Complaint(path, 1, "The front matter has no end.", "Close it with a line '---'.")]


def read_monograph(file: Path, path: str, language: str) -> tuple[MonographFile | None, list[Complaint]]:
    """Parse one monograph. None where its front matter cannot be read at all."""
    text, complaints = read_text(file, path)
    if complaints:
        return None, complaints
    head_text, body_line, body, complaints = split_front_matter(text, path)
    if complaints:
        return None, complaints
    head_yaml, complaints = yaml_lines.read(head_text, path, first_line=2)
    if head_yaml is None:
        return None, complaints
    head, complaints = head_yaml.validate(FrontMatter)
    sections, faults = split_sections(body, body_line, path)
    if head is None:
        return None, complaints + faults
    return MonographFile(path, file.stem, language, head, head_yaml, body, body_line, sections), faults


def read_snippet(file: Path, path: str) -> tuple[SnippetFile | None, list[Complaint]]:
    text, complaints = read_text(file, path)
    if complaints:
        return None, complaints
    head_text, body_line, body, complaints = split_front_matter(text, path)
    if complaints:
        return None, complaints
    head_yaml, complaints = yaml_lines.read(head_text, path, first_line=2)
    if head_yaml is None:
        return None, complaints
    head, complaints = head_yaml.validate(SnippetHead)
    if head is None:
        return None, complaints
    snippet = SnippetFile(path, file.stem, head, body_line, "\n".join(body).strip())
    if not snippet.text:
        return None, [Complaint(path, body_line, "The snippet is empty.", "Write it or delete the file.")]
    return snippet, []


def split_sections(body: list[str], body_line: int, path: str) -> tuple[list[Section], list[Complaint]]:
    """Cut the body at its `## ` headings. Order and completeness are the linter's business."""
    sections: list[Section] = []
    complaints = []
    current: list[tuple[int, str]] | None = None
    starts: list[tuple[SectionKind, int, list[tuple[int, str]]]] = []
    for line, text in enumerate(body, start=body_line):
        if text.startswith("## "):
            heading = text[3:].strip()
            current = []
            if heading in HEADINGS:
                starts.append((HEADINGS[heading], line, current))
            else:
                complaints.append(
                    Complaint(path, line, f"'{heading}' is not one of the sixteen headings.", "Use a heading we know.")
                )
        elif current is not None:
            current.append((line, text))
        elif text.strip():
            complaints.append(Complaint(path, line, "There is text before the first heading.", "Move it below one."))
            current = []
    for kind, line, lines in starts:
        sections.append(_read_section(kind, line, lines))
    return sections, complaints


def _read_section(kind: SectionKind, heading_line: int, lines: list[tuple[int, str]]) -> Section:
    section = Section(kind, heading_line, [], [], None)
    block: Block | None = None
    for line, text in lines:
        stripped = text.strip()
        if sources := _SOURCES.match(stripped):
            section.source_ids = [part.strip() for part in sources[1].split(",") if part.strip()]
            section.sources_line = line
            block = None
        elif people := _PEOPLE.match(stripped):
            section.blocks.append(Block("people", line, [people[2]], number=int(people[1])))
            block = None
        elif mark := _BLOCK_MARK.match(stripped):
            section.blocks.append(Block("snippet", line, name=mark[1]))
            block = None
        elif text.startswith("### ") and (kind, text[4:].strip()) in SPECIAL_HEADINGS:
            block = Block(SPECIAL_HEADINGS[kind, text[4:].strip()], line, heading=text[4:].strip())
            section.blocks.append(block)
        else:
            if text.startswith("### ") and block is not None and block.kind != "prose":
                block = None
            if block is None:
                if not stripped:
                    continue
                block = Block("prose", line)
                section.blocks.append(block)
            # Keep the distance between the block's first line and this one, so that lines can be counted.
            first = block.line if block.kind == "prose" else block.line + 1
            block.lines.extend([""] * (line - first - len(block.lines)))
            block.lines.append(text)
    return section


@lru_cache(maxsize=10_000)  # each text is checked, measured and rendered
def markdown_tokens(text: str) -> tuple[Token, ...]:
    return tuple(_markdown.parse(text))


def markdown_html(text: str) -> str:
    """Markdown as HTML, not yet sanitised."""
    rendered: str = _markdown.renderer.render(markdown_tokens(text), _markdown.options, {})
    return rendered


@lru_cache(maxsize=10_000)  # each is asked for by several rules
def passages(text: str, first_line: int) -> tuple[Passage, ...]:
    """The paragraphs, headings and bullets of a Markdown text, marks taken off."""
    found = []
    depth, line, kind = 0, first_line, "paragraph"
    for token in markdown_tokens(text):
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type in ("paragraph_open", "heading_open"):
            line = first_line + (token.map[0] if token.map else 0)
            kind = "heading" if token.type == "heading_open" else "bullet" if depth else "paragraph"
        elif token.type == "inline":
            words = "".join(_plain(child.type, child.content) for child in token.children or [])
            found.append(Passage(line, words.strip(), kind))
    return tuple(found)


def _plain(token_type: str, content: str) -> str:
    if token_type in ("softbreak", "hardbreak"):
        return " "
    return content if token_type in ("text", "code_inline") else ""


def block_passages(block: Block) -> tuple[Passage, ...]:
    """The passages of one block as it stands in the file; none for a snippet, whose words stand elsewhere."""
    if block.kind == "snippet":
        return ()
    if block.kind == "people":
        return (Passage(block.line, block.markdown, "paragraph"),)
    return passages(block.markdown, block.line if block.kind == "prose" else block.line + 1)
