"""What the database itself refuses."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from medguide.accounts.models import User
from monographs.models import ContentVersion, DrugName, Ingredient, Medicine, Monograph, MonographSection, Source

pytestmark = pytest.mark.django_db


def a_medicine(**fields: Any) -> Medicine:
    defaults = {"slug": "testol", "name": "testol", "kind": "prescription", "route": "by mouth"}
    return Medicine.objects.create(**(defaults | fields))


def a_page(medicine: Medicine, **fields: Any) -> Monograph:
    defaults: dict[str, Any] = {
        "medicine": medicine, "title": "Testol", "say": "x", "forms": [], "for_people": "x", "schedule": [],
        "missed_dose": {}, "disposal": "trash", "storage": "room", "summary": "", "drafted_by": "x", "words": 1,
        "grade": 1, "checked_on": datetime.date(2026, 1, 1), "next_check_on": datetime.date(2027, 1, 1),
    }  # fmt: skip
    return Monograph.objects.create(**(defaults | fields))


def test_a_slug_belongs_to_one_medicine() -> None:
    a_medicine()
    with pytest.raises(IntegrityError):
        a_medicine()


@pytest.mark.parametrize("fields", [{"kind": "poison"}, {"name": ""}, {"slug": ""}])
def test_a_medicine_is_of_a_known_kind_and_named(fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        a_medicine(**fields)


def test_a_name_stands_once_with_a_medicine_and_is_not_empty() -> None:
    medicine = a_medicine()
    DrugName.objects.create(medicine=medicine, kind="generic", name="Testol", folded="testol")
    with pytest.raises(IntegrityError):
        DrugName.objects.create(medicine=medicine, kind="brand", name="TESTOL", folded="testol")


@pytest.mark.parametrize("fields", [{"folded": ""}, {"kind": "nickname"}])
def test_a_drug_name_is_whole(fields: dict[str, str]) -> None:
    medicine = a_medicine()
    with pytest.raises(IntegrityError):
        DrugName.objects.create(**({"medicine": medicine, "kind": "brand", "name": "T", "folded": "t"} | fields))


@pytest.mark.parametrize("fields", [{"name": ""}, {"rxcui": "12a"}, {"rxcui": "1292"}])
def test_an_ingredient_has_a_name_and_a_number_of_its_own(fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        Ingredient.objects.create(**({"name": "testol", "rxcui": "999999"} | fields))


def test_one_page_a_language() -> None:
    medicine = a_medicine()
    a_page(medicine)
    a_page(medicine, language="es")
    with pytest.raises(IntegrityError):
        a_page(medicine)


def test_the_next_check_comes_after_the_check() -> None:
    with pytest.raises(IntegrityError):
        a_page(a_medicine(), next_check_on=datetime.date(2025, 1, 1))


def test_a_source_has_a_place() -> None:
    page = a_page(a_medicine())
    Source.objects.create(monograph=page, key="a", title="A", maker="M", dated="2024", retrieved=page.checked_on)
    with pytest.raises(IntegrityError):
        Source.objects.create(monograph=page, key="b", title="B", maker="M", retrieved=page.checked_on)


@pytest.mark.parametrize("second", [{"kind": "what-for", "position": 2}, {"kind": "before", "position": 1}])
def test_a_section_stands_once_in_its_place(second: dict[str, Any]) -> None:
    page = a_page(a_medicine())
    MonographSection.objects.create(monograph=page, kind="what-for", position=1, blocks=[], text="", words=0)
    with pytest.raises(IntegrityError):
        MonographSection.objects.create(monograph=page, blocks=[], text="", words=0, **second)


def test_there_is_one_content_version() -> None:
    with pytest.raises(IntegrityError):
        ContentVersion.objects.create(id=2, digest="x", loaded_at=timezone.now())


def test_a_user_is_known_by_one_address() -> None:
    user = User.objects.create_user(" Ada@Example.org ", "a long pass phrase")
    assert user.email == "ada@example.org"
    assert user.check_password("a long pass phrase")
    assert User.objects.get_by_natural_key("ADA@example.org") == user
    assert "ada" not in str(user)
    with pytest.raises(IntegrityError):
        User.objects.create(email="ADA@example.org")


def test_a_user_needs_an_address_and_an_admin_may_do_all() -> None:
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("")
    assert User.objects.create_superuser("root@example.org", "x").is_superuser


def test_rows_say_what_they_are() -> None:
    page = Monograph.objects.get(medicine__slug="baclofen")
    section = page.sections.first()
    assert section is not None
    assert str(page) == "Baclofen (en)"
    assert str(section) == "Baclofen (en): The most important things"
    assert [str(x) for x in (page.medicine, page.medicine.names.first(), page.medicine.ingredients.first())] == [
        "baclofen"
    ] * 3
    assert str(page.medicine.groups.first()) == "Tight muscles"
    assert str(page.medicine.classes()[0]) == "Muscle relaxant"
    assert str(page.sources.first())
    current = ContentVersion.current()
    assert current is not None
    assert len(str(current)) == 12
