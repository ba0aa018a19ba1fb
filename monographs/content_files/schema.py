"""The shape of every file of the content. One place for each closed list."""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
RxCUI = Annotated[str, StringConstraints(pattern=r"^[0-9]+$", max_length=12)]

Tag = Literal[
    "sedating",
    "do-not-stop-suddenly",
    "suicidality",
    "opioid",
    "habit-forming",
    "once-a-week",
    "flush-listed",
    "injectable",
    "liquid",
    "boxed-warning",
    "blood-tests",
]
Slot = Literal["morning", "noon", "evening", "bedtime", "when needed", "once a week"]
Disposal = Literal["trash", "flush-listed", "sharps", "take-back-only", "return"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourceEntry(Strict):
    """Where a fact comes from: a title, a place and the day it was opened."""

    id: Key
    title: Text
    set_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)] | None = None
    maker: Name | None = None
    dated: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    retrieved: datetime.date

    @model_validator(mode="before")
    @classmethod
    def _dates_as_text(cls, value: object) -> object:
        """YAML reads 2024-10-31 as a date and 2024 as a number; both are meant as text here."""
        if isinstance(value, dict) and value.get("dated") is not None:
            return {**value, "dated": str(value["dated"])}
        return value

    @model_validator(mode="after")
    def _has_a_place(self) -> "SourceEntry":
        if not (self.set_id or self.url or (self.maker and self.dated)):
            raise ValueError("a source needs a set_id, a url, or a maker with the month it was dated")
        return self


class IngredientEntry(Strict):
    name: Name
    rxcui: RxCUI


class MissedDose(Strict):
    """Data for the missed-dose helper. Null where the source gives no number."""

    take_if_within_hours: Annotated[float, Field(gt=0, le=168)] | None
    otherwise: Literal["skip", "ask"]
    never_double: bool
    call_after_missed: Annotated[int, Field(ge=1, le=14)] | None


class ClinicianReview(Strict):
    name: Name
    credential: Name
    date: datetime.date


class FrontMatter(Strict):
    """The head of a monograph's file."""

    name: Name
    say: Name
    kind: Literal["prescription", "over-the-counter", "supplement"]
    brands: list[Name]
    also_called: list[Name]
    ingredients: Annotated[list[IngredientEntry], Field(min_length=1)]
    forms: Annotated[list[Name], Field(min_length=1)]
    route: Name
    for_people: Text
    used_for: Annotated[list[Key], Field(min_length=1)]
    tags: list[Tag]
    schedule: Annotated[list[Slot], Field(min_length=1)]
    missed_dose: MissedDose
    disposal: Disposal
    storage: Literal["room", "fridge", "other"]
    look_alikes: list[Name]
    mentions: list[Name] = []
    sources: Annotated[list[SourceEntry], Field(min_length=1)]
    drafted_by: Text
    second_reading: datetime.date | None = None
    clinician_review: ClinicianReview | None
    checked_on: datetime.date
    next_check_on: datetime.date

    @model_validator(mode="before")
    @classmethod
    def _schedule_as_list(cls, value: object) -> object:
        """`schedule: when needed` is a list of one."""
        if isinstance(value, dict) and isinstance(value.get("schedule"), str):
            return {**value, "schedule": [value["schedule"]]}
        return value


class SnippetHead(Strict):
    """The head of a snippet: how it is drawn, and where its facts come from."""

    look: Literal["inline", "plain", "warning"]
    sources: list[SourceEntry] = []


class GroupEntry(Strict):
    key: Key
    name: Name


class GroupsFile(BaseModel):
    model_config = ConfigDict(strict=True)
    groups: Annotated[list[GroupEntry], Field(min_length=1)]


class ClassEntry(Strict):
    """A drug class, its members by ingredient name, and the source of that membership."""

    key: Key
    name: Name
    what_it_is: Text
    members: Annotated[list[Name], Field(min_length=1)]
    source: SourceEntry


class ClassesFile(BaseModel):
    model_config = ConfigDict(strict=True)
    classes: Annotated[list[ClassEntry], Field(min_length=1)]
