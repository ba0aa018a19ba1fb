"""Load the content files into the database, or only check them."""

import gc
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from monographs.content_files import library as content
from monographs.content_files.complaints import Complaint, ContentError
from monographs.content_files.load import load
from monographs.models import ContentVersion


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """A quarter of a load goes into searching for garbage among a million small objects that all stay to its end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Command(BaseCommand):
    requires_system_checks = ()  # the content can be checked whatever state the rest is in
    help = "Load the medicines library from its content files: all of it, or nothing where anything is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="with --check: say only what is wrong with these pages")
        parser.add_argument("--check", action="store_true", help="write nothing; say what is wrong, with file and line")
        parser.add_argument("--force", action="store_true", help="load again even if nothing has changed")
        parser.add_argument("--content", type=Path, default=content.CONTENT, help="another content folder")

    @_nothing_collected()
    def handle(self, *args: Any, **options: Any) -> None:
        if options["slugs"] and not options["check"]:
            raise CommandError("Pages can be checked one by one, but are loaded together: add --check.")
        root = options["content"]
        if not root.is_dir():
            raise CommandError(f"There is no content folder {root}.")
        digest = content.digest(root)
        if not options["check"] and not options["force"] and self._is_loaded(digest):
            self.stdout.write("The content is loaded already.")
            return
        library = content.read_library(root, today=timezone.localdate(), only=options["slugs"])
        if options["verbosity"] >= 2:
            self._print_grades(library, options["slugs"])
        if options["check"]:
            self._report(library, options["slugs"])
        else:
            self._load(library, digest)

    def _is_loaded(self, digest: str) -> bool:
        current = ContentVersion.current()
        return current is not None and current.digest == digest

    def _load(self, library: content.Library, digest: str) -> None:
        try:
            loaded = load(library, digest, now=timezone.now())
        except ContentError as error:
            raise self._refused(error.complaints, "Nothing was loaded.") from error
        self.stdout.write(f"Loaded {loaded.pages} pages.")
        if loaded.retired:
            self.stdout.write(f"Retired: {', '.join(loaded.retired)}.")

    def _report(self, library: content.Library, slugs: list[str]) -> None:
        known = {page.slug for page in library.pages}
        complaints = library.complaints
        if slugs:
            complaints = [c for c in complaints if Path(c.path).stem in slugs or not c.path.endswith(".md")]
            unreadable = {Path(c.path).stem for c in complaints}
            if unknown := [slug for slug in slugs if slug not in known | unreadable]:
                raise CommandError(f"There is no page called {', '.join(unknown)}.")
        if complaints:
            raise self._refused(complaints, "")
        self.stdout.write(f"Checked {len(slugs or known)} pages: nothing to mend.")

    def _refused(self, complaints: list[Complaint], outcome: str) -> CommandError:
        lines = "\n".join(map(str, complaints))
        things = "1 thing" if len(complaints) == 1 else f"{len(complaints)} things"
        return CommandError(f"{lines}\n{things} to mend. {outcome}".strip())

    def _print_grades(self, library: content.Library, slugs: list[str]) -> None:
        """A line a page, or a line a section where pages are named. Grades are US school grades."""
        self.stdout.write(f"{'page':<34}{'words':>7}{'F-K':>7}{'SMOG':>7}{'grade':>7}{'highest':>9}{'sources':>9}")
        for page in library.pages:
            if slugs and page.slug not in slugs:
                continue
            measured = library.measures[page.language, page.slug]
            self.stdout.write(
                f"{page.slug:<34}{measured.words:>7}{'':>14}{measured.grade:>7.1f}{measured.highest:>9.1f}"
                f"{len(page.head.sources):>9}"
            )
            for section in measured.sections:
                grade = section.grade
                if grade is None:
                    continue
                smog = "-" if grade.smog is None else f"{grade.smog:.1f}"
                self.stdout.write(
                    f"  {section.kind.value:<32}{section.words:>7}{grade.flesch_kincaid:>7.1f}{smog:>7}"
                    f"{'':>7}{grade.highest:>9.1f}"
                )
