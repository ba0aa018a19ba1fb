"""What a file says about the person, for somebody to take over one by one: nothing is merged, nothing overwritten."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from medguide.medicine_lists.models import Allergy, Contact, Person
from medguide.medicine_lists.person_form import MOST_LINES, WholePersonForm
from monographs.forms import CONDITIONS, SUBSTANCES
from monographs.name_index import fold

_SINGLE = ("year_of_birth", "weight_kg", "weighed_on", "emergency_contact")
_TICKED = {"conditions": dict(CONDITIONS), "substances": dict(SUBSTANCES)}
_ROWS: dict[str, tuple[type[Allergy] | type[Contact], tuple[str, ...]]] = {
    "allergies": (Allergy, ("substance", "reaction")),
    "contacts": (Contact, ("kind", "name", "phone")),
}
_NOT_TAKEN = frozenset({"name", "time_zone"})  # the list has its own


@dataclass(frozen=True)
class About:
    """What a file says of the person, judged by the rules of the form that people fill in."""

    values: Mapping[str, Any] = field(default_factory=dict)
    allergies: tuple[Mapping[str, str], ...] = ()
    contacts: tuple[Mapping[str, str], ...] = ()


NOTHING = About()


@dataclass(frozen=True)
class Fact:
    """One thing that the file says and the list does not. `now` is what stands in its place, if anything does."""

    key: str
    words: str
    now: str = ""

    @property
    def field(self) -> str:
        return f"about-{self.key}"


def judge(data: Any) -> tuple[About, list[str]]:
    """What can be taken over, and a sentence for each thing that cannot."""
    if not data:
        return NOTHING, []
    if not isinstance(data, dict):
        return NOTHING, [_("What stands there about the person cannot be read.")]
    known = {*_SINGLE, *_TICKED, *_ROWS, *_NOT_TAKEN}
    problems = [
        _("“%(field)s” is nothing that MedGuide knows of a person.") % {"field": str(key)[:60]}
        for key in data
        if key not in known
    ]
    sent = {key: str(data[key]) for key in _SINGLE if data.get(key) not in (None, "")}
    ticked = {key: data[key] for key in _TICKED if isinstance(data.get(key), list)}
    form = WholePersonForm({"name": "-", **sent, **{key: [str(one) for one in found] for key, found in ticked.items()}})
    form.is_valid()
    problems += [f"{form.fields[name].label}: {text}" for name, texts in form.errors.items() for text in texts]
    kept = {name: form.cleaned_data.get(name) for name in (*_SINGLE, *_TICKED)}
    rows: dict[str, tuple[Mapping[str, str], ...]] = {}
    for name in _ROWS:
        rows[name], unread = _rows(name, data.get(name) or [])
        problems += unread
    return About({name: value for name, value in kept.items() if value}, rows["allergies"], rows["contacts"]), problems


def _rows(name: str, entries: Any) -> tuple[tuple[Mapping[str, str], ...], list[str]]:
    model, fields = _ROWS[name]
    if not isinstance(entries, list) or len(entries) > MOST_LINES:
        return (), [_("“%(field)s” cannot be read.") % {"field": name}]
    rows, problems = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            if not isinstance(entry, dict) or not all(isinstance(entry.get(key, ""), str) for key in fields):
                raise ValidationError(_("it is no text"))
            row = {key: entry.get(key, "").strip() for key in fields}
            if "," in row[fields[-2]] or any("\n" in text for text in row.values()):
                raise ValidationError(_("there is a comma or a new line in it"))  # the form divides there
            model(**row).clean_fields(exclude=["id", "person"])
            rows.append(row)
        except ValidationError as error:
            sentence = _("Number %(number)d of “%(field)s” cannot be taken over: %(why)s.")
            why = error.messages[0].rstrip(".")
            problems.append(sentence % {"number": number, "field": name, "why": why[:1].lower() + why[1:]})
    return tuple(rows), problems


def facts(person: Person, about: About) -> list[Fact]:
    """What the file says of the person and the list does not."""
    found = []
    for kind, choices in _TICKED.items():
        there = getattr(person, kind)
        found += [Fact(key, str(choices[key])) for key in about.values.get(kind, []) if key not in there]
    held = {fold(one.substance) for one in person.allergies.all()}
    for number, row in enumerate(about.allergies):
        if fold(row["substance"]) not in held:
            found.append(Fact(f"allergy-{number}", _("Allergic to %(what)s") % {"what": _said(*row.values())}))
    contacts = {(one.kind, fold(one.name)) for one in person.contacts.all()}
    for number, row in enumerate(about.contacts):
        if (row["kind"], fold(row["name"])) not in contacts:
            found.append(
                Fact(f"contact-{number}", f"{Contact.Kind(row['kind']).label}: {_said(row['name'], row['phone'])}")
            )
    for name in ("year_of_birth", "weight_kg", "emergency_contact"):
        value, now = about.values.get(name), getattr(person, name)
        if value and value != now:
            found.append(
                Fact(name, f"{WholePersonForm.base_fields[name].label}: {_with_day(about, name)}", str(now or ""))
            )
    return found


def _said(first: str, rest: str) -> str:
    return f"{first} ({rest})" if rest else first


def _with_day(about: About, name: str) -> str:
    value = about.values[name]
    if name == "weight_kg" and (day := about.values.get("weighed_on")):
        return f"{value.normalize():f} ({date_format(day, 'SHORT_DATE_FORMAT')})"
    return f"{value.normalize():f}" if name == "weight_kg" else str(value)


def taken_over(person: Person, about: About, keys: Collection[str]) -> dict[str, Any]:
    """What `actions.change_person` takes, so that these facts stand there beside what is there already."""
    chosen = {fact.key for fact in facts(person, about)} & set(keys)
    values: dict[str, Any] = {name: about.values[name] for name in _SINGLE if name in chosen}
    if "weight_kg" in chosen:
        values["weighed_on"] = about.values.get("weighed_on")
    for kind in _TICKED:
        if more := [key for key in about.values.get(kind, []) if key in chosen]:
            values[kind] = [*getattr(person, kind), *more]
    allergies = [{"substance": one.substance, "reaction": one.reaction} for one in person.allergies.all()]
    contacts = [{"kind": one.kind, "name": one.name, "phone": one.phone} for one in person.contacts.all()]
    return {
        "values": values,
        "allergies": allergies + [row for n, row in enumerate(about.allergies) if f"allergy-{n}" in chosen],
        "contacts": contacts + [row for n, row in enumerate(about.contacts) if f"contact-{n}" in chosen],
    }
