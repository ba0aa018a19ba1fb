"""The demonstration fills an empty development installation, and no other."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from medguide.accounts.models import User
from medguide.medicine_lists import actions
from medguide.medicine_lists.access import access_to, people_of
from medguide.medicine_lists.models import HistoryEvent, MedicationStatement, Person
from medguide.medicine_lists.schedules import Kind

from .cast import Cast, make_user, sign_in

pytestmark = pytest.mark.django_db


def demo(**options: bool) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def development(settings: Settings, tmp_path: Path) -> None:
    settings.DEBUG = True
    settings.VAR_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_a_family_moves_in(development: None, settings: Settings) -> None:
    told = demo()
    password = told.split("password")[1].strip()
    anna, ben, dora = (
        authenticate(None, email=f"{name}@example.org", password=password) for name in ("anna", "ben", "dora")
    )
    assert [person.name for person in people_of(anna)] == ["Mia", "Paul"]
    paul = Person.objects.get(name="Paul")
    assert not access_to(dora, paul.uid).statements.filter(name="sertraline").exists()
    assert access_to(ben, paul.uid).statements.filter(name="sertraline").exists()
    [link] = paul.share_links.working(timezone.now())
    assert [one.name for one in link.left_out.all()] == ["sertraline"]
    kinds = {statement.schedule.get("kind", "") for statement in MedicationStatement.objects.all()}
    assert kinds == {kind.value for kind in Kind}
    assert {"created", "added", "hid", "stopped", "joined", "looked", "confirmed"} <= set(
        HistoryEvent.objects.values_list("verb", flat=True)
    )
    for user in (anna, ben, dora):
        for person in people_of(user):
            page = sign_in(user).get(reverse("medicine_list_of", args=[person.uid]))
            assert page.status_code == 200
            assert (b"serious warning" in page.content) == (person.name == "Paul")
    assert demo(if_empty=True) == told
    assert Person.objects.count() == 2


def test_every_demonstration_has_another_password(development: None, settings: Settings) -> None:
    told = demo()
    User.objects.all().delete()
    assert demo() != told


def test_it_moves_into_no_house_that_is_lived_in(development: None) -> None:
    make_user("somebody")
    with pytest.raises(CommandError, match="There are users here already"):
        demo()
    assert demo(if_empty=True).strip() == "There are users already."
    assert not Person.objects.exists()


def test_it_is_for_development_only() -> None:
    with pytest.raises(CommandError, match="for development only"):
        demo()
    assert not User.objects.exists()


def test_what_was_deleted_long_ago_is_purged_by_a_command(cast: Cast) -> None:
    actions.delete_statement(by=cast.access("owner"), uid=cast.warfarin.uid)
    out = StringIO()
    call_command("purge_deleted", stdout=out)
    assert out.getvalue().strip() == "Erased: 0 lists, 0 medicines."
    MedicationStatement.objects.filter(pk=cast.warfarin.pk).update(deleted_at="2020-01-01T00:00Z")
    call_command("purge_deleted", stdout=out)
    assert out.getvalue().strip().endswith("Erased: 0 lists, 1 medicines.")
    assert not MedicationStatement.objects.filter(pk=cast.warfarin.pk).exists()
