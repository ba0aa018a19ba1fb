"""The library that ships: nothing to mend, and every tag where it must be."""

import datetime

import pytest

from monographs.content_files.library import Library, read_library
from monographs.content_files.measures import HIGHEST_PAGE_GRADE, HIGHEST_SECTION_GRADE
from monographs.content_files.reading import MonographFile

# Which medicines must carry which tag, whatever their pages say. It grows with the library.
MUST_CARRY = {
    "sedating": {"baclofen", "oxycodone", "alprazolam", "gabapentin", "tramadol"},
    "do-not-stop-suddenly": {
        "baclofen", "oxycodone", "alprazolam", "sertraline", "gabapentin", "tramadol", "metoprolol", "prednisone",
    },
    "suicidality": {"sertraline", "gabapentin"},
    "opioid": {"oxycodone", "tramadol"},
    "habit-forming": {"oxycodone", "alprazolam", "tramadol"},
    "once-a-week": {"methotrexate"},
    "never-daily": {"methotrexate"},
    "flush-listed": {"oxycodone"},
    "liquid": {
        "baclofen", "acetaminophen", "ibuprofen", "sertraline", "oxycodone", "methotrexate", "gabapentin",
        "amlodipine", "losartan",
        "tramadol", "metoprolol", "prednisone",
    },
    "boxed-warning": {
        "lisinopril", "metformin", "sertraline", "warfarin", "oxycodone", "alprazolam", "levothyroxine", "methotrexate",
        "apixaban", "losartan", "clopidogrel",
        "tramadol",
    },
    "blood-tests": {"warfarin", "methotrexate", "levothyroxine", "lisinopril", "metformin", "losartan"},
}  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(today=datetime.datetime.now(tz=datetime.UTC).date())


@pytest.fixture(scope="module")
def pages(library: Library) -> dict[str, MonographFile]:
    return {page.slug: page for page in library.pages}


def test_there_is_nothing_to_mend(library: Library) -> None:
    assert [str(complaint) for complaint in library.complaints] == []


def test_the_twelve_are_there(pages: dict[str, MonographFile]) -> None:
    wanted = set().union(*MUST_CARRY.values()) | {"atorvastatin"}
    assert wanted <= set(pages)
    assert len(pages) >= 12


@pytest.mark.parametrize("tag", sorted(MUST_CARRY))
def test_tags_that_must_be_carried(pages: dict[str, MonographFile], tag: str) -> None:
    assert {slug for slug in MUST_CARRY[tag] if tag not in pages[slug].head.tags} == set()


def test_reading_grades(library: Library) -> None:
    for measured in library.measures.values():
        assert measured.grade <= HIGHEST_PAGE_GRADE, measured.slug
        assert measured.highest <= HIGHEST_SECTION_GRADE, measured.slug


def test_every_page_cites_a_label_or_the_fda_and_was_read_twice(pages: dict[str, MonographFile]) -> None:
    for page in pages.values():
        assert any(source.set_id or "fda.gov" in (source.url or "") for source in page.head.sources), page.slug
        assert page.head.second_reading is not None, page.slug


def test_no_page_pretends_that_a_clinician_checked_it(pages: dict[str, MonographFile]) -> None:
    assert {page.slug for page in pages.values() if page.head.clinician_review} == set()
