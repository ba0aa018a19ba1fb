"""What a person typed -> medicines and ingredients that we know.

A near match is only ever a suggestion, because citalopram and escitalopram are as near as a typo.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from monographs.models import DrugName, Medicine, once_a_version

from .name_index import Match, NameIndex, fold


@dataclass(frozen=True, slots=True)
class KnownName:
    """One name that we know, with what is shown and checked of its medicine."""

    folded: str
    name: str
    kind: str
    medicine: str
    slug: str
    purpose: str
    has_page: bool
    local_route: str
    ingredients: tuple[str, ...]

    @property
    def url(self) -> str:
        """The medicine's page, or an empty text where it has none."""
        return reverse("medicine", args=[self.slug]) if self.has_page else ""

    @property
    def is_generic(self) -> bool:
        return self.kind == DrugName.Kind.GENERIC


@once_a_version
def known_names() -> NameIndex[KnownName]:
    """Every name of the content that is loaded now."""
    medicines = Medicine.objects.published().prefetch_related("names", "ingredients", "monographs")
    return NameIndex(
        KnownName(
            folded=name.folded,
            name=name.name,
            kind=name.kind,
            medicine=medicine.name,
            slug=medicine.slug,
            purpose=medicine.purpose,
            has_page=bool(medicine.monographs.all()),
            local_route=medicine.local_route,
            ingredients=tuple(sorted(ingredient.name for ingredient in medicine.ingredients.all())),
        )
        for medicine in medicines
        for name in medicine.names.all()
    )


def find(query: str, limit: int) -> list[Match[KnownName]]:
    """The best match of each medicine, those with a page before those without, exact before near."""
    best: dict[str, Match[KnownName]] = {}
    for match in known_names().search(query, limit * 5):
        best.setdefault(match.entry.slug, match)
    ordered = sorted(best.values(), key=lambda match: (match.how, not match.entry.has_page))
    return ordered[:limit]


@dataclass(frozen=True)
class Resolved:
    """What a typed name means: one medicine, or several to choose from, or nothing.

    `choices` are asked about, never taken: names that mean more than one thing, or, with `is_near`, names that are
    only like what was typed.
    """

    typed: str
    medicine: KnownName | None = None
    choices: tuple[KnownName, ...] = ()
    is_near: bool = False


# Words that say how a medicine is made or how strong it is, and not what it is. Words for places on the body
# (cream, eye drops) are left: they make another medicine.
_STRENGTH = re.compile(r"\b\d+(?: \d+)*\s*(?:mg|mcg|g|ml|meq|units?|iu|percent|hr|hour)?\b")
_FORMS = frozenset(
    "tablet tablets tab tabs capsule capsules cap caps caplet caplets softgel softgels pill pills oral solution "
    "suspension liquid syrup chewable er xr xl sr la cr dr ec extended release delayed immediate ir long acting "
    "coated enteric film dose low extra strength regular generic brand".split()
)
_SALTS = frozenset(
    "hydrochloride hcl hydrobromide hbr sodium potassium calcium magnesium tartrate succinate maleate mesylate "
    "besylate fumarate citrate acetate phosphate sulfate sulphate nitrate tosylate bromide bitartrate medoxomil "
    "disoproxil alafenamide monohydrate dihydrate anhydrous hemihydrate".split()
)
MOST_CHOICES = 5


def resolve(typed: str) -> Resolved:
    """What a person meant by this. Only a whole name resolves; forms, strengths and salts around it are overlooked."""
    folded = fold(typed)
    for attempt in _attempts(folded):
        entries = {entry.slug: entry for entry in known_names().exact(attempt)}
        if len(entries) == 1:
            return Resolved(typed, next(iter(entries.values())))
        if entries:
            return Resolved(typed, None, tuple(entries.values())[:MOST_CHOICES])
    near = tuple(match.entry for match in find(typed, MOST_CHOICES))
    return Resolved(typed, None, near, is_near=bool(near))


def _attempts(folded: str) -> Iterator[str]:
    """The name as it is, then without strength and form, then without the salt."""
    yield folded
    bare = [word for word in _STRENGTH.sub(" ", folded).split() if word not in _FORMS]
    yield " ".join(bare)
    yield " ".join(word for word in bare if word not in _SALTS)
