"""Pages beside the labels of shared/data: a box in the label is a box on the page, and a class owes its tags.

Skipped where that folder is not beside the checkout.
"""

from pathlib import Path

import pytest

from monographs.content_files.library import CONTENT
from monographs.content_files.reading import MonographFile, read_monograph
from monographs.labels.compare import Comparison, compare, labels_by_page
from monographs.labels.read import read_labels

DATA = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "data"
FILES = [DATA / "labels_full.jsonl.gz", DATA / "labels.jsonl.gz"]
pytestmark = pytest.mark.skipif(not FILES[0].exists(), reason="../shared/data is not here")

# The Drug Facts of the store have no box, and the pages are about those.
NO_BOX_IN_THE_STORE = {"ibuprofen", "naproxen"}


@pytest.fixture(scope="module")
def pages() -> dict[str, MonographFile]:
    read = (read_monograph(file, file.name, "en")[0] for file in sorted((CONTENT / "en" / "medicines").glob("*.md")))
    return {page.slug: page for page in read if page}


@pytest.fixture(scope="module")
def compared(pages: dict[str, MonographFile]) -> dict[str, Comparison]:
    held = labels_by_page(pages.values(), (label for file in FILES for label in read_labels(file)))
    return {slug: compare(pages[slug], found) for slug, found in held.items()}


def test_many_pages_have_a_label_to_be_compared_with(
    pages: dict[str, MonographFile], compared: dict[str, Comparison]
) -> None:
    assert len(compared) >= 0.5 * len(pages)


def test_a_box_in_the_label_stands_on_the_page(compared: dict[str, Comparison]) -> None:
    assert {slug for slug, found in compared.items() if found.lacks_box} - NO_BOX_IN_THE_STORE == set()


def test_the_class_that_the_label_names_owes_its_tags(compared: dict[str, Comparison]) -> None:
    lacking = {slug: found.lacks_tags - {"boxed-warning"} for slug, found in compared.items()}
    assert {slug: tags for slug, tags in lacking.items() if tags} == {}
