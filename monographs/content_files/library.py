"""The whole content, read and checked: what `load_content` loads, or every reason why it does not."""

import datetime
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from monographs.name_index import fold

from . import grades, page_rules, yaml_lines
from .complaints import Complaint
from .measures import PageMeasure, measure, measure_complaints
from .reading import MonographFile, SnippetFile, passages, read_monograph, read_snippet, read_text
from .rule_files import RuleFiles, read_rule_files, rule_complaints
from .schema import ClassEntry, ClassesFile, GroupEntry, GroupsFile
from .text_rules import text_complaints

CONTENT = Path(__file__).resolve().parent.parent / "content"
MOST_PAGES_WITH_ONE_PARAGRAPH = 5
SHORTEST_COMPARED = 60  # characters; shorter lines may well stand on many pages
_NUMBER = re.compile(r"\d+")


@dataclass
class Library:
    """Everything that the content files say."""

    groups: list[GroupEntry] = field(default_factory=list)
    classes: list[ClassEntry] = field(default_factory=list)
    snippets: dict[tuple[str, str], SnippetFile] = field(default_factory=dict)  # (language, slug)
    pages: list[MonographFile] = field(default_factory=list)
    check: RuleFiles = field(default_factory=RuleFiles)
    measures: dict[tuple[str, str], PageMeasure] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    def snippets_in(self, language: str) -> dict[str, SnippetFile]:
        return {slug: snippet for (tongue, slug), snippet in self.snippets.items() if tongue == language}

    def names(self) -> frozenset[str]:
        """Every name of a medicine that the content knows: left out of reading grades."""
        known = {member for entry in self.classes for member in entry.members}
        for entry, _ in self.check.catalogue:
            if entry.kind in ("prescription", "over-the-counter"):
                known |= {entry.name, *entry.brands, *entry.also_called}
        for page in self.pages:
            head = page.head
            known |= {head.name, *head.brands, *head.also_called, *head.mentions, *head.look_alikes}
            known |= {ingredient.name for ingredient in head.ingredients}
        return frozenset(known)


def digest(root: Path = CONTENT) -> str:
    """SHA-256 over the content files and the code that reads them: the same digest gives the same rows."""
    code = Path(__file__).resolve().parent
    result = hashlib.sha256()
    for folder, pattern in ((root, "*"), (code, "*.py")):
        for file in sorted(folder.rglob(pattern)):
            if file.is_file() and not file.name.endswith(".pyc"):
                result.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return result.hexdigest()


def read_library(root: Path = CONTENT, *, today: datetime.date, only: Collection[str] = ()) -> Library:
    """Read and check everything below `root`, or of the pages only those named, and not the rules.

    Never raises for bad content: see `complaints`.
    """
    library = Library()
    _read_yaml_files(library, root)
    for folder in sorted(path.parent for path in root.glob("*/medicines")):
        _read_language(library, root, folder)
    library.check, complaints = read_rule_files(root, names_only=bool(only))
    library.complaints += complaints
    _check(library, today, only)
    library.complaints.sort()
    return library


def _shown(file: Path, root: Path) -> str:
    return f"{root.name}/{file.relative_to(root).as_posix()}"


def _read_yaml_files(library: Library, root: Path) -> None:
    groups, complaints = _read_yaml(root / "groups.yaml", root, "groups", GroupsFile)
    library.complaints += complaints
    library.groups = groups.groups if groups else []
    classes, complaints = _read_yaml(root / "classes.yaml", root, "classes", ClassesFile)
    library.complaints += complaints
    library.classes = classes.classes if classes else []
    for name, keys in (("groups", library.groups), ("classes", library.classes)):
        seen: set[str] = set()
        for entry in keys:
            if entry.key in seen:
                library.complaints.append(
                    Complaint(f"{root.name}/{name}.yaml", 1, f"The key '{entry.key}' stands twice.", "Keep one.")
                )
            seen.add(entry.key)
    for entry in library.classes:
        for index, member in enumerate(entry.members):
            if member in entry.members[:index]:
                library.complaints.append(
                    Complaint(f"{root.name}/classes.yaml", 1, f"'{member}' is twice in '{entry.key}'.", "Keep one.")
                )


def _read_yaml(
    file: Path, root: Path, key: str, model: type[yaml_lines.Model]
) -> tuple[yaml_lines.Model | None, list[Complaint]]:
    """A YAML file that is one list, as the model whose only field is `key`."""
    path = _shown(file, root)
    if not file.exists():
        return None, [Complaint(path, 1, "The file is missing.", "Add it.")]
    text, complaints = read_text(file, path)
    if complaints:
        return None, complaints
    found, complaints = yaml_lines.read(text, path)
    if found is None:
        return None, complaints
    return yaml_lines.nested(found, key).validate(model)


def _read_language(library: Library, root: Path, folder: Path) -> None:
    language = folder.name
    for file in sorted((folder / "snippets").glob("*.md")):
        snippet, complaints = read_snippet(file, _shown(file, root))
        library.complaints += complaints
        if snippet:
            library.snippets[language, snippet.slug] = snippet
    for file in sorted((folder / "medicines").glob("*.md")):
        page, complaints = read_monograph(file, _shown(file, root), language)
        library.complaints += complaints
        if page:
            library.pages.append(page)


def _check(library: Library, today: datetime.date, only: Collection[str]) -> None:
    groups = {entry.key for entry in library.groups}
    names = library.names()
    for page in library.pages:
        if only and page.slug not in only:
            continue
        snippets = library.snippets_in(page.language)
        library.complaints += page_rules.page_complaints(page, snippets, groups, today)
        measured = measure(page, snippets, names)
        library.measures[page.language, page.slug] = measured
        library.complaints += measure_complaints(page, measured)
    for snippet in library.snippets.values():
        library.complaints += _snippet_complaints(snippet)
    library.complaints += _name_complaints(library)
    library.complaints += _shared_paragraph_complaints(library, names)
    if not only:
        library.complaints += rule_complaints(library.check, library.classes, names)


def _snippet_complaints(snippet: SnippetFile) -> Iterator[Complaint]:
    """Snippets are held to the same words, but the numbers for emergencies live in them."""
    if snippet.head.look == "inline":
        return
    if not snippet.head.sources:
        yield Complaint(snippet.path, 1, "The snippet has no source.", "Add one to its front matter.")
    for passage in passages(snippet.text, snippet.body_line):
        for complaint in text_complaints(snippet.path, passage):
            if "typed by hand" not in complaint.problem:
                yield complaint


def _name_complaints(library: Library) -> Iterator[Complaint]:
    """Look-alikes that nobody knows, and one RxCUI or ingredient meaning two things."""
    known = {fold(name) for entry in library.classes for name in entry.members}
    known |= {fold(entry.name) for entry, _ in library.check.catalogue}
    for page in library.pages:
        known |= {fold(name) for name in (page.head.name, *page.head.brands, *page.head.also_called)}
    codes: dict[str, str | None] = {}
    for page in library.pages:
        own = {fold(name) for name in (page.head.name, *page.head.brands)}
        for index, name in enumerate(page.head.look_alikes):
            if fold(name) not in known or fold(name) in own:
                yield page.yaml.complaint(
                    f"The look-alike '{name}' is no other medicine that we know.",
                    "Add it to its class in classes.yaml, or correct it.",
                    "look_alikes",
                    index,
                )
        for index, ingredient in enumerate(page.head.ingredients):
            if codes.setdefault(ingredient.name, ingredient.rxcui) != ingredient.rxcui:
                yield page.yaml.complaint(
                    f"'{ingredient.name}' has another RxCUI on another page.", "Look it up.", "ingredients", index
                )


def _shared_paragraph_complaints(library: Library, names: frozenset[str]) -> Iterator[Complaint]:
    """One paragraph on more than five pages belongs into a snippet, or was not written for this medicine.

    It is the same paragraph where only names of medicines and numbers differ.
    """
    stands: dict[tuple[str, str], list[tuple[MonographFile, int]]] = defaultdict(list)
    for page in library.pages:
        own: set[str] = set()
        for line, text in page_rules.paragraphs(page):
            key = _NUMBER.sub("#", fold(grades.without(text, names)))
            if len(text) >= SHORTEST_COMPARED and key not in own:
                own.add(key)
                stands[page.language, key].append((page, line))
    for places in stands.values():
        if len(places) > MOST_PAGES_WITH_ONE_PARAGRAPH:
            page, line = places[MOST_PAGES_WITH_ONE_PARAGRAPH]
            yield Complaint(
                page.path,
                line,
                f"This paragraph stands on {len(places)} pages.",
                "Write this medicine's own, or make it a snippet.",
            )
