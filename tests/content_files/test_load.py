"""Loading: all of it or nothing, the same however often, and what vanished is retired."""

import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monographs.content_files import load as load_module
from monographs.content_files.complaints import ContentError
from monographs.content_files.library import digest, read_library
from monographs.models import (
    ContentVersion,
    DrugClass,
    DrugName,
    Ingredient,
    Medicine,
    Monograph,
    MonographSection,
    SectionKind,
    Source,
    UseGroup,
)

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
PAGE = "en/medicines/exemplol.md"
MODELS: list[Any] = [Ingredient, DrugClass, DrugName, Medicine, Monograph, MonographSection, Source, UseGroup]


def load(content: Path) -> load_module.Loaded:
    library = read_library(content, today=NOW.date())
    return load_module.load(library, digest(content), now=NOW)


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


def test_what_the_file_says_is_what_the_database_says(content: Path) -> None:
    load(content)
    page = Monograph.objects.get(medicine__slug="exemplol")
    assert (page.title, page.say, page.tags) == ("Exemplol", "ek-SEM-plol", ["sedating", "do-not-stop-suddenly"])
    assert [section.kind for section in page.sections.all()] == list(SectionKind.values)
    assert [(name.kind, name.name) for name in page.medicine.names.all()] == [
        ("generic", "exemplol"),
        ("brand", "Exempla"),
        ("also-called", "examplol"),
    ]
    assert [ingredient.rxcui for ingredient in page.medicine.ingredients.all()] == ["123456"]
    assert [drug_class.slug for drug_class in page.medicine.classes()] == ["reliever"]
    assert page.medicine.look_alikes == [{"name": "otherol", "slug": None, "for": "Eases pain."}]
    assert page.summary.startswith("It eases pain. It does not cure the cause.")
    assert page.missed_dose["call_after_missed"] == 2


def test_every_section_has_its_sources_and_those_of_its_blocks(content: Path) -> None:
    load(content)
    section = MonographSection.objects.get(monograph__medicine__slug="exemplol", kind=SectionKind.TOO_MUCH)
    assert sorted(source.title for source in section.sources.all()) == ["A", "Exemplol label"]


def test_loading_twice_changes_nothing(content: Path) -> None:
    load(content)
    before = counts()
    load(content)
    assert counts() == before


def test_a_fault_anywhere_loads_nothing(content: Path) -> None:
    before = counts(), ContentVersion.current()
    (content / PAGE).write_text((content / PAGE).read_text().replace("## Storing it", "## Storage"))
    with pytest.raises(ContentError) as error:
        load(content)
    assert error.value.complaints
    assert (counts(), ContentVersion.current()) == before


def test_a_load_that_breaks_in_the_middle_leaves_the_old_state(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts(), ContentVersion.current()

    def breaks(*args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(load_module, "_link_look_alikes", breaks)
    with pytest.raises(OSError, match="disk full"):
        load(content)
    assert (counts(), ContentVersion.current()) == before


def test_what_vanished_is_retired_and_comes_back(content: Path) -> None:
    shipped = set(Medicine.objects.published().values_list("slug", flat=True))
    loaded = load(content)
    assert set(loaded.retired) == shipped
    assert [medicine.slug for medicine in Medicine.objects.published()] == ["exemplol"]
    assert Medicine.objects.filter(slug="baclofen", retired_at=NOW).exists()

    call_command("load_content", "--force", verbosity=0)

    assert set(Medicine.objects.published().values_list("slug", flat=True)) == shipped
    assert Medicine.objects.get(slug="exemplol").retired_at is not None


def test_a_number_moves_to_the_new_name_of_an_ingredient(content: Path) -> None:
    load(content)
    Ingredient.objects.filter(rxcui="123456").update(name="an older spelling")
    load(content)
    assert Ingredient.objects.get(rxcui="123456").name == "exemplol"


def test_the_digest_changes_with_any_file(content: Path) -> None:
    before = digest(content)
    assert digest(content) == before
    (content / "en/snippets/sharps.md").write_text((content / "en/snippets/sharps.md").read_text() + "More.\n")
    assert digest(content) != before


def command(*args: str) -> str:
    out = StringIO()
    call_command("load_content", *args, stdout=out)
    return out.getvalue()


def test_the_command_loads_once_and_says_so(content: Path) -> None:
    assert "Loaded 1 pages." in command("--content", str(content))
    assert "loaded already" in command("--content", str(content))
    assert "Loaded 1 pages." in command("--content", str(content), "--force")


def test_the_command_names_what_it_retired(content: Path) -> None:
    assert "Retired: " in command("--content", str(content))


def test_check_writes_nothing(content: Path) -> None:
    before = counts(), ContentVersion.current()
    assert "Checked 1 pages: nothing to mend." in command("--check", "--content", str(content))
    assert (counts(), ContentVersion.current()) == before


def test_check_prints_a_table_of_grades(content: Path) -> None:
    table = command("--check", "--content", str(content), "-v", "2")
    assert "exemplol" in table
    assert "side-effects" in table


def test_check_of_one_page_is_silent_about_others(content: Path) -> None:
    page = (content / PAGE).read_text().replace("name: exemplol\n", "name: second\n", 1)
    (content / "en/medicines/second.md").write_text(page.replace("Take 5 mg", "Take .5 mg"))
    assert "nothing to mend" in command("--check", "exemplol", "--content", str(content), "-v", "2")
    with pytest.raises(CommandError, match=r"second\.md:\d+: '\.5' has no zero"):
        command("--check", "second", "--content", str(content))


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--check", "nobody"], "no page called nobody"),
        (["baclofen"], "add --check"),
        (["--check", "--content", "/nowhere"], "no content folder"),
    ],
)
def test_a_wrong_call_is_answered_in_a_sentence(args: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        command(*args)


def test_a_refused_load_says_that_nothing_was_loaded(content: Path) -> None:
    (content / PAGE).write_text("Hello")
    with pytest.raises(CommandError, match=r"1 thing to mend\. Nothing was loaded"):
        command("--content", str(content))
