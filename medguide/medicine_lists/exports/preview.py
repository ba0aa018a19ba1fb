"""What a file would do to a list, row by row, for a person to decide: nothing is merged, nothing is guessed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core import signing
from django.utils.translation import gettext as _

from medguide.medicine_lists.access import Access
from medguide.medicine_lists.changes import STATEMENT_FIELDS, in_words
from medguide.medicine_lists.forms import StatementForm
from medguide.medicine_lists.models import MedicationStatement
from medguide.medicine_lists.schedules import Schedule
from medguide.medicine_lists.weekly import must_be_weekly_problem
from monographs.models import Medicine, Monograph
from monographs.name_index import fold
from monographs.names import KnownName, Resolved, resolve

from .as_json import STATUS_FIELDS
from .person_facts import Fact, facts
from .read import FileError, Proposed, Reading, judged

SKIP, NONE_OF_THESE = "skip", "none"
_SALT, _A_DAY = "medicine_lists.import", 86_400
_MOST_SEALED = 900_000  # a form of more than 1 MB is refused before it reaches us


@dataclass(frozen=True)
class Row:
    """One proposed medicine, and what there is to say of it before it is put on the list."""

    number: int
    proposed: Proposed
    resolved: Resolved
    known: KnownName | None  # what it would be taken for
    there: tuple[MedicationStatement, ...]  # of the same name or ingredient
    chosen: str  # the choice that is ticked: SKIP, a slug, NONE_OF_THESE, or nothing yet
    error: str = ""

    @property
    def field(self) -> str:
        return f"row-{self.number}"

    @property
    def to_ask(self) -> tuple[KnownName, ...]:
        return () if self.known else self.resolved.choices

    @property
    def is_there_just_so(self) -> bool:
        """Whether the list holds it with every word that the file has."""
        values = self.proposed.values
        return any(
            all(getattr(one, "shown_note" if name == "note" else name) == value for name, value in values.items())
            for one in self.there
        )

    @property
    def when(self) -> str:
        values = self.proposed.values
        return Schedule.from_data(values["schedule"]).in_words(values["amount_unit"], values["amount"])

    @property
    def rest(self) -> list[tuple[str, str]]:
        """Everything else that the file says of it: (what, in words)."""
        fields = [name for name in (*STATEMENT_FIELDS, *STATUS_FIELDS) if name not in ("name", "medicine", "schedule")]
        said = [(name, self.proposed.values[name]) for name in fields]
        return [(_label(name), _("yes") if value is True else in_words(name, value)) for name, value in said if value]


def _label(name: str) -> str:
    if name in StatementForm.base_fields:
        return str(StatementForm.base_fields[name].label)
    return str(getattr(MedicationStatement._meta.get_field(name), "verbose_name", name)).capitalize()


@dataclass(frozen=True)
class Preview:
    """`sealed` carries the file's medicines to the next page and back, so that nothing of them is kept here."""

    rows: tuple[Row, ...]
    sealed: str
    facts: tuple[tuple[Fact, bool], ...] = ()  # about the person, each with whether it is ticked

    @property
    def is_answered(self) -> bool:
        return all(row.chosen and not row.error for row in self.rows)


def seal(access: Access, reading: Reading) -> str:
    """Raises FileError where it is too much to carry."""
    entries = [[one.place, one.entry] for one in reading.proposed]
    data = {"import": uuid4().hex, "person": access.person.uid.hex, "user": access.user.pk, "entries": entries}
    data["about"] = reading.person
    sealed = signing.dumps(data, salt=_SALT, compress=True)
    if len(sealed) > _MOST_SEALED:
        raise FileError(_("This file is too large to be looked through. Split it in two and send one after the other."))
    return sealed


def unseal(access: Access, sealed: str) -> tuple[UUID, Reading]:
    """The import's own number, and what the file held. Raises FileError for what is not ours, not theirs or too old."""
    try:
        data = signing.loads(sealed, salt=_SALT, max_age=_A_DAY)
    except signing.BadSignature as error:
        raise FileError(_("This page is too old. Send the file again.")) from error
    if (data["person"], data["user"]) != (access.person.uid.hex, access.user.pk):
        raise FileError(_("This file was sent for another list. Send it again."))
    return UUID(data["import"]), judged([(place, entry) for place, entry in data["entries"]], person=data["about"])


def facts_of(
    access: Access, reading: Reading, answers: Mapping[str, str] | None = None
) -> tuple[tuple[Fact, bool], ...]:
    """Before anything was answered, what overwrites nothing is ticked."""
    found = facts(access.person, reading.about)
    return tuple((fact, not fact.now if answers is None else fact.field in answers) for fact in found)


def rows_of(access: Access, reading: Reading, answers: Mapping[str, str] | None = None) -> tuple[Row, ...]:
    """`answers` are what was ticked, by Row.field; None before anything was: then what is new and known is ticked."""
    on_list = list(access.statements.kept().in_order().prefetch_related("medicine__ingredients"))
    rows = [_row(number, one, on_list, answers) for number, one in enumerate(reading.proposed, start=1)]
    weekly = _once_a_week({row.chosen for row in rows})
    return tuple(_judged_row(row, weekly) for row in rows)


def _row(
    number: int, proposed: Proposed, on_list: Sequence[MedicationStatement], answers: Mapping[str, str] | None
) -> Row:
    resolved = resolve(proposed.values["name"])
    offered = [*([resolved.medicine] if resolved.medicine else []), *resolved.choices]
    known = next((name for name in offered if name.slug == proposed.medicine), resolved.medicine)
    there = tuple(_there(proposed, [known] if known else offered, on_list))
    slugs = {known.slug} if known else {name.slug for name in resolved.choices} | {NONE_OF_THESE}
    answer = _to_begin_with(known, resolved, there) if answers is None else answers.get(f"row-{number}", "")
    return Row(number, proposed, resolved, known, there, answer if answer in {SKIP, *slugs} else "")


def _to_begin_with(known: KnownName | None, resolved: Resolved, there: Sequence[MedicationStatement]) -> str:
    if there:
        return SKIP
    if known:
        return known.slug
    return "" if resolved.choices else NONE_OF_THESE


def _there(
    proposed: Proposed, meant: Iterable[KnownName], on_list: Iterable[MedicationStatement]
) -> Iterable[MedicationStatement]:
    name = fold(proposed.values["name"])
    inside = {ingredient for one in meant for ingredient in one.ingredients}
    for statement in on_list:
        held = {one.name for one in statement.medicine.ingredients.all()} if statement.medicine else set()
        if fold(statement.name) == name or held & inside:
            yield statement


def _once_a_week(slugs: Iterable[str]) -> set[str]:
    """Those of them whose page says that taking them every day by mistake has killed."""
    pages = Monograph.objects.filter(medicine__slug__in=slugs).select_related("medicine")
    return {page.medicine.slug for page in pages if "never-daily" in page.tags}


def _judged_row(row: Row, weekly: set[str]) -> Row:
    schedule = Schedule.from_data(row.proposed.values["schedule"])
    problem = must_be_weekly_problem(schedule, once_a_week=row.chosen in weekly)
    if problem is None:
        return row
    return Row(row.number, row.proposed, row.resolved, row.known, row.there, row.chosen, problem.message)


def to_add(number: UUID, rows: Iterable[Row]) -> list[tuple[UUID, dict[str, Any]]]:
    """(sent_as, values) of what was chosen: the same file's same row always has the same sent_as."""
    chosen = [row for row in rows if row.chosen != SKIP]
    medicines = {one.slug: one for one in Medicine.objects.published().filter(slug__in=[row.chosen for row in chosen])}
    return [
        (uuid5(number, str(row.number)), {**row.proposed.values, "medicine": medicines.get(row.chosen)})
        for row in chosen
    ]
