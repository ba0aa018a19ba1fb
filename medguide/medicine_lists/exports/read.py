"""A file -> medicines that it proposes for a list, and what could not be read, each with its place. Writes nothing."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from medguide.medicine_lists.amounts import UNITS
from medguide.medicine_lists.forms import STEPS, DayField, StatementForm, StatusForm, initial_of
from medguide.medicine_lists.models import MedicationStatement, Status
from medguide.medicine_lists.schedules import Dose, Schedule
from monographs.name_index import fold

from .as_csv import WHEN_IN_WORDS, YES, columns
from .as_json import ENTRY_FIELDS, FORMAT, VERSION
from .cells import is_formula, plain_cell
from .person_facts import NOTHING, About, judge

MOST_BYTES = 1_000_000
MOST_ROWS = 500
MOST_COLUMNS = 100
_KEY_OF_HEADING = re.compile(r"\[([a-z_]{1,40})\]\s*$")
_YES_OR_NO = {"": False, "no": False, "false": False, "0": False, YES: True, "true": True, "1": True}
_DELIMITERS = ",;\t"
_STATUS = {"status_since": DayField(), "status_said_by": StatusForm.base_fields["said_by"],
           "status_why": StatusForm.base_fields["why"]}  # fmt: skip
_NOT_READ = frozenset({"confirmed_at"})  # whoever brings a file in has not confirmed it


class FileError(Exception):
    """Nothing of the file can be read; its text is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """What could not be read, and where: "Line 3", "Medicine 2"."""

    place: str
    message: str


@dataclass(frozen=True)
class Proposed:
    """One medicine that a file proposes.

    `entry` is what stood in the file, `values` what would stand in a MedicationStatement, but for its medicine;
    `medicine` is the slug that the file gives, if any. `remarks` say what was not taken over just as it stood.
    """

    place: str
    entry: Mapping[str, Any]
    values: Mapping[str, Any]
    medicine: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """`person` is what stood there about the person, as it stood; `about` the same, judged."""

    proposed: tuple[Proposed, ...] = ()
    problems: tuple[Problem, ...] = ()
    person: Any = None
    about: About = NOTHING


@dataclass
class _Entries:
    """What a file holds, before it is judged."""

    found: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (place, entry)
    person: Any = None
    problems: list[Problem] = field(default_factory=list)


def read_file(data: bytes) -> Reading:
    """JSON or CSV, whichever it is. Raises FileError."""
    if len(data) > MOST_BYTES:
        raise FileError(_("This file is larger than 1 MB, so it was not read. A medicine list is far smaller."))
    text = _text(data)
    if not text.strip():
        raise FileError(_("This file is empty."))
    entries = _json_entries(text) if text.lstrip()[0] in "{[" else _csv_entries(text)
    return judged(entries.found, entries.problems, entries.person)


def judged(
    entries: list[tuple[str, dict[str, Any]]], problems: list[Problem] | None = None, person: Any = None
) -> Reading:
    """Each entry by the rules of the form that people fill in. Raises FileError where there is none."""
    proposed, unread = [], list(problems or [])
    for place, entry in entries:
        try:
            proposed.append(_proposed(place, entry))
        except ValidationError as error:
            unread += [Problem(place, message) for message in error.messages]
    about, unclear = judge(person)
    unread += [Problem(_("About the person"), message) for message in unclear]
    if not (proposed or unread or about != NOTHING):
        raise FileError(_("No medicine stands in this file."))
    return Reading(tuple(proposed), tuple(unread), person, about)


# --- Bytes and shapes -------------------------------------------------------------------------------------


def _text(data: bytes) -> str:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileError(_("This is a spreadsheet or a zip file. Save the table as “CSV UTF-8” and send that."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        sentence = _(
            "Line %(line)d is not written in UTF-8. Save the file as “CSV UTF-8” or as JSON and send it again."
        )
        raise FileError(sentence % {"line": line}) from error


def _too_many() -> FileError:
    return FileError(_("More than %(most)d medicines stand in this file, so it was not read.") % {"most": MOST_ROWS})


def _json_entries(text: str) -> _Entries:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        sentence = _("This JSON file is not whole: something is missing or wrong in line %(line)d. Take it out again.")
        raise FileError(sentence % {"line": error.lineno}) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
        raise FileError(_("This JSON file holds something that no medicine list has, so it was not read.")) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FileError(_("This JSON file is no list of MedGuide: it does not say “format”: “medguide-list”."))
    if data.get("version") != VERSION or isinstance(data["version"], bool):
        sentence = _("This file says another version than %(version)d, which is all that this MedGuide can read.")
        raise FileError(sentence % {"version": VERSION})
    medicines = data.get("medicines")
    if not isinstance(medicines, list):
        raise FileError(_("This JSON file has no list of “medicines”."))
    if len(medicines) > MOST_ROWS:
        raise _too_many()
    entries = _Entries(person=data.get("person"))
    for number, entry in enumerate(medicines, start=1):
        place = _("Medicine %(number)d") % {"number": number}
        if isinstance(entry, dict):
            entries.found.append((place, entry))
        else:
            entries.problems.append(Problem(place, _("This is no medicine: a name and what is said of it.")))
    return entries


def _csv_entries(text: str) -> _Entries:
    rows = _csv_rows(text)
    _first, heading = next(rows)
    if len(heading) > MOST_COLUMNS:
        raise FileError(_("Line 1 has more than %(most)d columns, so it was not read.") % {"most": MOST_COLUMNS})
    keys, entries = _keys(heading), _Entries()
    for number, cell in enumerate(heading):
        if not keys[number] and cell.strip():
            message = _("The column “%(column)s” is none that MedGuide knows, so nothing in it would be taken over.")
            entries.problems.append(Problem(_line(1), message % {"column": cell.strip()[:60]}))
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(entries.found) + len(entries.problems) >= MOST_ROWS:
            raise _too_many()
        try:
            entries.found.append((_line(line), _entry_of_cells(keys, cells)))
        except ValidationError as error:
            entries.problems.append(Problem(_line(line), error.messages[0]))
    return entries


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(the line on which it begins, cells). Raises FileError."""
    first = text.lstrip("\r\n").splitlines()[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        sentence = _("From line %(line)d on, this table cannot be read: a quotation mark or a cell does not end.")
        raise FileError(sentence % {"line": line}) from error


def _line(number: int) -> str:
    return _("Line %(number)d") % {"number": number}


def _keys(heading: list[str]) -> list[str]:
    """The key of each column, empty for one that is not known: by the key in brackets, the bare key or the words."""
    known = columns()
    by_words = {fold(words): key for key, words in known.items()} | {fold(key): key for key in known}

    def key_of(cell: str) -> str:
        bracketed = _KEY_OF_HEADING.search(cell)
        return by_words.get(fold(bracketed[1] if bracketed else cell), "")

    keys = [key_of(cell) for cell in heading]
    if "name" not in keys:
        raise FileError(_("No column in line 1 is called “name”, so it is not clear which medicines are meant."))
    named = [key for key in keys if key]
    for key in named:
        if named.count(key) > 1:
            raise FileError(
                _("The column “%(column)s” stands in line 1 twice. Take one of them away.") % {"column": key}
            )
    return keys


def _entry_of_cells(keys: list[str], cells: list[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if any(cell.strip() for cell in cells[len(keys) :]):
        raise ValidationError(_("This line has more cells than line 1 has columns."))
    for key, cell in zip(keys, cells, strict=False):
        if key and is_formula(cell):
            message = _("“%(cell)s” begins as a formula does. Write it as text: put an apostrophe (') in front of it.")
            raise ValidationError(message % {"cell": cell[:40]})
        if key:
            entry[key] = plain_cell(cell)
    if schedule := entry.get("schedule", "").strip():
        try:
            entry["schedule"] = json.loads(schedule)
        except (ValueError, RecursionError) as error:
            raise ValidationError(_not_our_schedule()) from error
    else:
        entry["schedule"] = {}
    return entry


# --- One medicine -----------------------------------------------------------------------------------------


def _not_our_schedule() -> str:
    return _("The times of this medicine are not written as MedGuide writes them.")


def _proposed(place: str, entry: Mapping[str, Any]) -> Proposed:
    """Raises ValidationError, whose messages each name the field."""
    unknown = sorted(str(key) for key in entry.keys() - {*ENTRY_FIELDS, *_NOT_READ, WHEN_IN_WORDS})
    if unknown:
        raise ValidationError(
            _("“%(field)s” is nothing that MedGuide knows of a medicine.") % {"field": unknown[0][:60]}
        )
    schedule = _schedule(entry.get("schedule") or {})
    form = StatementForm(data={**_texts(entry), **_of_schedule(schedule)})
    if not form.is_valid():
        raise ValidationError([_named(form.fields[name].label, text) for name, texts in form.errors.items()
                               for text in texts if name in form.fields])  # fmt: skip
    if not _same(schedule, Schedule.from_data(form.cleaned_data["schedule"])):
        raise ValidationError(_("The times of this medicine are of a kind that MedGuide has no form for."))
    values = {**form.values(), "schedule": schedule.to_data(), **_status(entry)}
    read = {key: value for key, value in entry.items() if key not in _NOT_READ}
    return _with_words(Proposed(place, read, values, medicine=_text_of(entry, "medicine")))


def _named(label: Any, text: Any) -> str:
    return _("%(field)s: %(message)s") % {"field": label, "message": text}


def _text_of(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or value != value.encode(errors="ignore").decode():
        raise ValidationError(_("“%(field)s” must be a text.") % {"field": key})
    return value


_CHOICES: dict[str, dict[str, Any]] = {
    "amount_unit": dict(UNITS),
    "kind": dict(MedicationStatement.Kind.choices),
    "food": dict(MedicationStatement.Food.choices),
}


def _texts(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What StatementForm takes, choices by their key or by their words."""
    texts = {name: _text_of(entry, name) for name in (*StatementForm.FIRST, *StatementForm.MORE)}
    return texts | {name: _key_of(texts[name], choices) for name, choices in _CHOICES.items()}


def _key_of(text: str, choices: Mapping[str, Any]) -> str:
    by_words = {str(words).casefold(): key for key, words in choices.items() if key}
    text = text.strip()
    return text if text in choices else by_words.get(text.casefold(), text)


def _schedule(data: Any) -> Schedule:
    try:
        return Schedule.from_data(data)
    except ValueError as error:
        raise ValidationError(_not_our_schedule()) from error


def _of_schedule(schedule: Schedule) -> dict[str, Any]:
    """The part of StatementForm that says when, as it would show this schedule."""
    if len(schedule.steps) > STEPS:
        raise ValidationError(_("MedGuide has room for %(most)d steps, and this has more.") % {"most": STEPS})
    shown = initial_of(MedicationStatement(schedule=schedule.to_data()))
    others = {*StatementForm.FIRST, *StatementForm.MORE, *StatementForm.NOT_VALUES}
    return {name: value for name, value in shown.items() if name not in others and value is not None}


def _same(one: Schedule, other: Schedule) -> bool:
    """Equal but for the order in which doses are written."""

    def ordered(schedule: Schedule) -> tuple[Any, ...]:
        place: Callable[[Dose], str] = repr
        week = [(day, sorted(doses, key=place)) for day, doses in sorted(schedule.by_weekday)]
        steps = [(step.first, step.last, sorted(step.doses, key=place)) for step in schedule.steps]
        rest = {k: v for k, v in schedule.to_data().items() if k not in ("doses", "by_weekday", "steps")}
        return sorted(schedule.doses, key=place), week, steps, rest

    return ordered(one) == ordered(other)


def _status(entry: Mapping[str, Any]) -> dict[str, Any]:
    status = _key_of(_text_of(entry, "status"), dict(Status.choices)) or Status.TAKING.value
    if status not in Status.values:
        choices = ", ".join(Status.values)
        raise ValidationError(_("“%(status)s” is none of: %(choices)s.") % {"status": status[:40], "choices": choices})
    values: dict[str, Any] = {"status": status}
    for name, form_field in _STATUS.items():
        try:
            values[name] = form_field.clean(_text_of(entry, name))
        except ValidationError as error:
            raise ValidationError([_named(form_field.label or name, text) for text in error.messages]) from error
    was = entry.get("was_side_effect", False)
    said = was if isinstance(was, bool) else _YES_OR_NO.get(_text_of(entry, "was_side_effect").strip().casefold())
    if said is None:
        raise ValidationError(_("Whether it was because of a side effect is said with yes or no."))
    return {**values, "was_side_effect": said}


def _with_words(proposed: Proposed) -> Proposed:
    """A table of somebody else says in words when a medicine is taken: they go into the note, for all to see."""
    words = _text_of(proposed.entry, WHEN_IN_WORDS).strip()
    values = dict(proposed.values)
    schedule = Schedule.from_data(values["schedule"])
    if not words or words == schedule.in_words(values["amount_unit"], values["amount"]):
        return proposed
    note = "\n".join(filter(None, [values["note"], _("When: %(words)s") % {"words": words}]))
    try:
        StatementForm.base_fields["note"].clean(note)
    except ValidationError as error:
        raise ValidationError(_("What is said of when it is taken does not fit into a note.")) from error
    remark = _("When it is taken is said in words, which MedGuide cannot read. They go into the note.")
    return Proposed(proposed.place, proposed.entry, {**values, "note": note}, proposed.medicine, (remark,))
