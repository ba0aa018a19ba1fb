"""Lay the pages beside US labels: boxes and tags that a page lacks, and numbers that no label names."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.content_files.library import CONTENT
from monographs.content_files.reading import read_monograph
from monographs.labels.compare import compare, labels_by_page
from monographs.labels.read import read_labels


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Compare the pages with US labels (gzipped JSON lines, as openFDA has them). A list to read; changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="such as labels.jsonl.gz")
        parser.add_argument("--page", action="append", default=[], help="only this page; may be given several times")

    def handle(self, *args: Any, **options: Any) -> None:
        files = sorted((CONTENT / "en" / "medicines").glob("*.md"))
        read = (read_monograph(file, f"en/medicines/{file.name}", "en")[0] for file in files)
        pages = [page for page in read if page and (not options["page"] or page.slug in options["page"])]
        try:
            held = labels_by_page(pages, (label for file in options["files"] for label in read_labels(file)))
        except ValueError as error:
            raise CommandError(str(error)) from error
        for page in pages:
            result = compare(page, held.get(page.slug, []))
            self.stdout.write(f"{page.slug}: {result.labels} labels held")
            if result.lacks_box:
                self.stdout.write("  lacks the tag boxed-warning: a label has a box")
            if result.lacks_tags:
                self.stdout.write(f"  lacks tags that its class owes: {', '.join(sorted(result.lacks_tags))}")
            for line, number in result.numbers:
                self.stdout.write(f"  line {line}: no label names '{number}'")
