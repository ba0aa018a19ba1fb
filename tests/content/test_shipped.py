"""The library that ships: nothing to mend, and every tag where it must be."""

import datetime

import pytest

from monographs.content_files.library import Library, read_library
from monographs.content_files.measures import HIGHEST_PAGE_GRADE, HIGHEST_SECTION_GRADE
from monographs.content_files.reading import MonographFile

# Which medicines must carry which tag, whatever their pages say. It grows with the library.
MUST_CARRY = {
    "sedating": {
        "alprazolam", "amitriptyline", "aripiprazole", "baclofen", "buprenorphine-and-naloxone", "carbamazepine",
        "cetirizine", "clonazepam", "clonidine", "cyclobenzaprine", "diazepam", "diphenhydramine", "duloxetine",
        "fentanyl", "gabapentin", "haloperidol", "hydrocodone-and-acetaminophen", "hydroxyzine", "lamotrigine",
        "levetiracetam", "lorazepam", "methadone", "methocarbamol", "mirtazapine", "morphine", "olanzapine",
        "oxycodone", "phenytoin", "pregabalin", "quetiapine", "risperidone", "tizanidine", "topiramate", "tramadol",
        "trazodone", "valproate", "venlafaxine", "zolpidem",
    },
    "do-not-stop-suddenly": {
        "alprazolam", "amitriptyline", "amphetamine-and-dextroamphetamine", "atenolol", "baclofen",
        "buprenorphine-and-naloxone", "carbamazepine", "carvedilol", "citalopram", "clonazepam", "clonidine",
        "diazepam", "duloxetine", "escitalopram", "fentanyl", "fluoxetine", "gabapentin",
        "hydrocodone-and-acetaminophen", "lamotrigine", "levetiracetam", "lorazepam", "methadone", "methylphenidate",
        "metoprolol", "mirtazapine", "morphine", "oxycodone", "phenytoin", "prednisone", "pregabalin", "propranolol",
        "sertraline", "tizanidine", "topiramate", "tramadol", "trazodone", "valproate", "venlafaxine", "zolpidem",
    },
    "suicidality": {
        "amitriptyline", "aripiprazole", "atomoxetine", "bupropion", "carbamazepine", "citalopram", "clonazepam",
        "diazepam", "duloxetine", "escitalopram", "finasteride", "fluoxetine", "gabapentin", "lamotrigine",
        "levetiracetam", "mirtazapine", "montelukast", "phenytoin", "pregabalin", "quetiapine", "sertraline",
        "topiramate", "trazodone", "valproate", "venlafaxine", "zolpidem",
    },
    "opioid": {
        "buprenorphine-and-naloxone", "fentanyl", "hydrocodone-and-acetaminophen", "methadone", "morphine",
        "oxycodone", "tramadol",
    },
    "habit-forming": {
        "alprazolam", "amphetamine-and-dextroamphetamine", "buprenorphine-and-naloxone", "clonazepam", "diazepam",
        "fentanyl", "hydrocodone-and-acetaminophen", "lorazepam", "methadone", "methylphenidate", "morphine",
        "oxycodone", "pregabalin", "tramadol", "zolpidem",
    },
    "once-a-week": {"alendronate", "dulaglutide", "methotrexate", "semaglutide"},
    "never-daily": {"methotrexate"},
    "flush-listed": {
        "buprenorphine-and-naloxone", "fentanyl", "hydrocodone-and-acetaminophen", "methadone", "morphine",
        "oxycodone",
    },
    "injectable": {"dulaglutide", "insulin-glargine", "insulin-lispro", "semaglutide"},
    "liquid": {
        "acetaminophen", "amlodipine", "baclofen", "dextromethorphan", "diphenhydramine", "famotidine",
        "ferrous-sulfate", "furosemide", "gabapentin", "hydroxyzine", "ibuprofen", "losartan", "methadone",
        "methotrexate", "methylphenidate", "metoprolol", "morphine", "oxycodone", "potassium-chloride", "prednisone",
        "sertraline", "tramadol", "valproate",
    },
    "boxed-warning": {
        "alprazolam", "amiodarone", "amitriptyline", "amphetamine-and-dextroamphetamine", "apixaban", "aripiprazole",
        "atenolol", "atomoxetine", "bupropion", "carbamazepine", "celecoxib", "ciprofloxacin", "citalopram",
        "clonazepam", "clopidogrel", "diazepam", "diclofenac", "dulaglutide", "duloxetine", "escitalopram", "fentanyl",
        "fluoxetine", "haloperidol", "hydrocodone-and-acetaminophen", "lamotrigine", "levothyroxine", "lisinopril",
        "lithium", "lorazepam", "losartan", "meloxicam", "metformin", "methadone", "methotrexate", "methylphenidate",
        "metoprolol", "mirtazapine", "montelukast", "morphine", "olanzapine", "oxycodone", "quetiapine", "risperidone",
        "rivaroxaban", "semaglutide", "sertraline", "tramadol", "trazodone", "valproate", "venlafaxine", "warfarin",
        "zolpidem",
    },
    "blood-tests": {
        "amiodarone", "carbamazepine", "digoxin", "furosemide", "levothyroxine", "lisinopril", "lithium", "losartan",
        "metformin", "methotrexate", "phenytoin", "potassium-chloride", "spironolactone", "valproate", "warfarin",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(today=datetime.datetime.now(tz=datetime.UTC).date())


@pytest.fixture(scope="module")
def pages(library: Library) -> dict[str, MonographFile]:
    return {page.slug: page for page in library.pages}


def test_there_is_nothing_to_mend(library: Library) -> None:
    assert [str(complaint) for complaint in library.complaints] == []


def test_they_are_all_there(pages: dict[str, MonographFile]) -> None:
    assert set().union(*MUST_CARRY.values()) <= set(pages)
    assert len(pages) >= 122


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
