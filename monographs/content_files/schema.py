"""The shape of every file of the content. One place for each closed list."""

import datetime
from typing import Annotated, Literal, get_args

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
    "never-daily",  # once a week, and every day by mistake has killed: a list refuses it
    "flush-listed",
    "injectable",
    "liquid",
    "boxed-warning",
    "blood-tests",
]
Slot = Literal[
    "morning", "noon", "evening", "bedtime", "when needed", "once a week", "every 3 days", "as on your label",
]  # fmt: skip
SLOTS_ALONE = frozenset({"when needed", "once a week", "every 3 days", "as on your label"})
Disposal = Literal["trash", "flush-listed", "sharps", "take-back-only", "return"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def dates_as_text(value: object) -> object:
    """YAML reads 2024-10-31 as a date and 2024 as a number; in `dated` both are meant as text."""
    if isinstance(value, dict) and value.get("dated") is not None:
        return {**value, "dated": str(value["dated"])}
    return value


class SourceEntry(Strict):
    """Where a fact comes from: a title, a place and the day it was opened."""

    id: Key
    title: Text
    set_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)] | None = None
    maker: Name | None = None
    dated: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    retrieved: datetime.date

    _dates_as_text = model_validator(mode="before")(dates_as_text)

    @model_validator(mode="after")
    def _has_a_place(self) -> "SourceEntry":
        if not (self.set_id or self.url or (self.maker and self.dated)):
            raise ValueError("a source needs a set_id, a url, or a maker with the month it was dated")
        return self


class IngredientEntry(Strict):
    name: Name
    rxcui: RxCUI | None  # null where no source for it was opened


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

    @model_validator(mode="after")
    def _schedule_of_one_kind(self) -> "FrontMatter":
        if len(self.schedule) > 1 and SLOTS_ALONE & set(self.schedule):
            raise ValueError(f"in schedule one of these stands alone: {', '.join(sorted(SLOTS_ALONE))}")
        return self


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


Kind = Literal["prescription", "over-the-counter", "supplement", "herb", "substance"]
Route = Literal[
    "by mouth",
    "injection",
    "inhaled",
    "patch",
    "under the tongue",
    "rectal",
    "eye",
    "ear",
    "nose",
    "skin",
    "vaginal",
]
LOCAL_ROUTES = frozenset({"eye", "ear", "nose", "skin", "vaginal"})


class CatalogueSource(Strict):
    """Where a catalogue entry's facts were read: a label by set id, an address, a maker's label, or RxNorm."""

    set_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)] | None = None
    title: Text | None = None
    maker: Name | None = None
    dated: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    rxnorm: RxCUI | None = None

    _dates_as_text = model_validator(mode="before")(dates_as_text)

    @model_validator(mode="after")
    def _has_a_place(self) -> "CatalogueSource":
        if not (self.set_id or self.url or self.rxnorm or (self.maker and self.dated)):
            raise ValueError("a source needs a set_id, a url, an rxnorm code, or a maker with the month it was dated")
        return self


class CatalogueEntry(Strict):
    """A medicine, supplement, herb or substance whose name the check knows. Without `ingredients` it is one itself."""

    name: Name
    rxcui: RxCUI | None
    kind: Kind
    ingredients: Annotated[list[Name], Field(min_length=1)] | None = None
    brands: list[Name] = []
    also_called: list[Name] = []
    routes: Annotated[list[Route], Field(min_length=1)]
    purpose: Annotated[Text, Field(alias="for")]
    source: CatalogueSource

    @model_validator(mode="after")
    def _systemic_or_local(self) -> "CatalogueEntry":
        local = [route in LOCAL_ROUTES for route in self.routes]
        if any(local) and not all(local):
            raise ValueError("local routes (eye, ear, nose, skin, vaginal) need an entry of their own")
        return self

    @property
    def is_single(self) -> bool:
        return self.ingredients is None


class CatalogueFile(BaseModel):
    model_config = ConfigDict(strict=True)
    catalogue: list[CatalogueEntry]


Level = Literal["serious", "check", "know"]
Condition = Literal[
    "kidney-trouble", "liver-trouble", "pregnancy", "breastfeeding", "older-than-65", "asthma", "stomach-ulcer",
    "seizures", "glaucoma", "heart-failure", "high-blood-pressure", "heart-rhythm", "prostate", "diabetes",
    "low-sodium", "myasthenia", "parkinsons",
]  # fmt: skip
CONDITIONS = frozenset(get_args(Condition))
Part = Annotated[str, StringConstraints(pattern=r"^(class|ingredient|substance|condition):\S.*$", max_length=120)]
Side = Part | Annotated[list[Part], Field(min_length=1)]


class WatchFor(Strict):
    call_911: list[Text] = []
    call_prescriber: list[Text] = []


class RuleSource(Strict):
    """Where a rule is written: the label's section, or an address."""

    title: Text
    set_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)] | None = None
    maker: Name | None = None
    dated: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    section: Text | None = None
    retrieved: datetime.date

    _dates_as_text = model_validator(mode="before")(dates_as_text)

    @model_validator(mode="after")
    def _has_a_place(self) -> "RuleSource":
        if not (self.set_id or self.url or (self.maker and self.dated)):
            raise ValueError("a source needs a set_id, a url, or a maker with the month it was dated")
        return self


class RuleTexts(Strict):
    """What a finding tells the reader, in patients' words."""

    do: Text
    could_happen: Text
    because: Text
    watch_for: WatchFor
    more_risk_if: list[Key] = []
    how_sure: Literal["strong", "some", "theory"]
    question: Text
    sources: Annotated[list[RuleSource], Field(min_length=1)]


class RuleEntry(RuleTexts):
    """What does not mix: two sides, each one thing or any of several."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    between: Annotated[list[Side], Field(min_length=2, max_length=2)]
    exceptions: Annotated[list[Annotated[list[Name], Field(min_length=2, max_length=2)]], Field(alias="except")] = []
    level: Level
    effect: Key | None = None
    routes: list[Route] = []


class RulesFile(BaseModel):
    model_config = ConfigDict(strict=True)
    rules: list[RuleEntry]


class EffectEntry(RuleTexts):
    """What adds up: `least` medicines that share an effect give one card in the place of many pairs."""

    key: Key
    name: Name
    members: list[Part]
    one_of_each: list[Annotated[list[Part], Field(min_length=1)]] = []
    least: Annotated[int, Field(ge=2, le=4)]
    level: Level

    @model_validator(mode="after")
    def _has_members(self) -> "EffectEntry":
        if bool(self.members) == bool(self.one_of_each):
            raise ValueError("an effect needs either members, or one_of_each")
        return self


class DoubleEntry(RuleTexts):
    """What is said where one ingredient is in two things ("same"), or two things are of one kind ("kind")."""

    key: Key
    of: Annotated[str, StringConstraints(pattern=r"^(same|kind|(ingredient|class):\S.*)$", max_length=120)]
    level: Level
    most_mg_in_a_day: Annotated[int, Field(gt=0)] | None = None


class DoublesFile(BaseModel):
    model_config = ConfigDict(strict=True)
    doubles: list[DoubleEntry]


class EffectsFile(BaseModel):
    model_config = ConfigDict(strict=True)
    effects: list[EffectEntry]


class ClassEntry(Strict):
    """A drug class, its members by ingredient name, and the source of that membership."""

    key: Key
    name: Name
    what_it_is: Text
    members: Annotated[list[Name], Field(min_length=1)]
    two_is_too_many: bool = False
    is_property: bool = False  # what members do (slow CYP3A4), not what they are: no shelf of the library
    source: SourceEntry


class ClassesFile(BaseModel):
    model_config = ConfigDict(strict=True)
    classes: Annotated[list[ClassEntry], Field(min_length=1)]
