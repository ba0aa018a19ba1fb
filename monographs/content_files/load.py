"""Write a checked library into the database: all of it or nothing, the same result however often."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from django.db import transaction
from django.utils.text import slugify

from monographs.models import (
    ContentVersion,
    DrugClass,
    DrugName,
    Ingredient,
    InteractionRule,
    Medicine,
    Monograph,
    MonographSection,
    SectionKind,
    Source,
    UseGroup,
)
from monographs.name_index import fold

from . import grades
from .complaints import ContentError
from .library import Library
from .measures import expand_to_text
from .reading import MonographFile, Section, SnippetFile, block_passages, passages
from .render import render_blocks
from .schema import LOCAL_ROUTES, CatalogueEntry, SourceEntry

CATALOGUE_LANGUAGE = "en"
LONGEST_SUMMARY = 200  # characters of whole sentences
LONGEST_LISTED = 300  # what the column holds


@dataclass(frozen=True)
class Loaded:
    """What a load did."""

    pages: int
    retired: list[str]


def load(library: Library, digest: str, *, now: datetime.datetime) -> Loaded:
    """Make the database say what the files say. Raises ContentError where the library has complaints."""
    if library.complaints:
        raise ContentError(library.complaints)
    with transaction.atomic():
        _load_groups(library)
        ingredients = _load_ingredients(library)
        slugs = {page.slug for page in library.pages} | {slugify(entry.name) for entry, _ in library.check.catalogue}
        retired = _retire_vanished(slugs, now)
        medicines = _load_medicines(library, ingredients)
        _load_pages(library, medicines)
        _link_look_alikes(library, medicines)
        _load_rules(library)
        ContentVersion.objects.update_or_create(id=1, defaults={"digest": digest, "loaded_at": now})
    return Loaded(len(library.pages), retired)


def _load_groups(library: Library) -> None:
    for position, entry in enumerate(library.groups):
        UseGroup.objects.update_or_create(key=entry.key, defaults={"name": entry.name, "position": position})
    UseGroup.objects.exclude(key__in=[entry.key for entry in library.groups]).delete()


def _load_ingredients(library: Library) -> dict[str, Ingredient]:
    """Classes and ingredients. An ingredient that only a class names has no RxCUI yet."""
    codes: dict[str, str | None] = {name: entry.rxcui for name, entry in library.check.singles.items()}
    codes |= {entry.name: entry.rxcui for page in library.pages for entry in page.head.ingredients if entry.rxcui}
    names = set(codes) | {member for entry in library.classes for member in entry.members}
    Ingredient.objects.update(rxcui=None)  # a number may now be another name's
    Ingredient.objects.bulk_create(
        [Ingredient(name=name, rxcui=codes.get(name)) for name in sorted(names)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["rxcui"],
    )
    ingredients = {ingredient.name: ingredient for ingredient in Ingredient.objects.filter(name__in=names)}
    DrugClass.objects.exclude(slug__in=[entry.key for entry in library.classes]).delete()
    DrugClass.objects.bulk_create(
        [
            DrugClass(
                slug=entry.key,
                name=entry.name,
                what_it_is=entry.what_it_is,
                two_is_too_many=entry.two_is_too_many,
                is_property=entry.is_property,
                source_title=entry.source.title,
                source_place=entry.source.url or entry.source.set_id or f"{entry.source.maker}, {entry.source.dated}",
            )
            for entry in library.classes
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "what_it_is", "two_is_too_many", "is_property", "source_title", "source_place"],
    )
    classes = dict(DrugClass.objects.values_list("slug", "pk"))
    Membership = Ingredient.classes.through  # noqa: N806
    Membership.objects.all().delete()
    Membership.objects.bulk_create(
        Membership(drugclass_id=classes[entry.key], ingredient_id=ingredients[member].pk)
        for entry in library.classes
        for member in entry.members
    )
    return ingredients


def _load_medicines(library: Library, ingredients: dict[str, Ingredient]) -> dict[str, Medicine]:
    """A medicine for every entry and every page, by its slug, with its names; a page has the last word on its own."""
    rows: dict[str, Medicine] = {}
    contents: dict[str, list[str]] = {}
    for entry, _ in library.check.catalogue:
        slug = slugify(entry.name)
        contents[slug] = entry.ingredients or [entry.name]
        rows[slug] = Medicine(
            slug=slug,
            name=entry.name,
            kind=entry.kind,
            route=", ".join(entry.routes),
            is_local=entry.routes[0] in LOCAL_ROUTES,
            purpose=entry.purpose,
        )
    for page in library.pages:
        head, known = page.head, rows.get(page.slug)
        contents[page.slug] = [ingredient.name for ingredient in head.ingredients]
        rows[page.slug] = Medicine(
            slug=page.slug,
            name=head.name,
            kind=head.kind,
            route=head.route,
            is_local=known.is_local if known else False,
            purpose=", ".join(_as_in_a_sentence(group.name) for group in library.groups if group.key in head.used_for),
        )
    Medicine.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "kind", "route", "is_local", "purpose", "look_alikes", "retired_at"],
    )
    medicines = {medicine.slug: medicine for medicine in Medicine.objects.filter(slug__in=rows)}
    Contents = Medicine.ingredients.through  # noqa: N806
    Contents.objects.filter(medicine__in=medicines.values()).delete()
    Contents.objects.bulk_create(
        Contents(medicine_id=medicines[slug].pk, ingredient_id=ingredients[name].pk)
        for slug, names in contents.items()
        for name in dict.fromkeys(names)
    )
    _load_names(library, medicines)
    return medicines


def _load_names(library: Library, medicines: dict[str, Medicine]) -> None:
    """The names of the catalogue; those of a page and of its entry together, in the page's language."""
    pages = {page.slug for page in library.pages}
    entries: dict[str, list[CatalogueEntry]] = defaultdict(list)
    for entry, _ in library.check.catalogue:
        entries[slugify(entry.name)].append(entry)
    rows: list[DrugName] = []
    for slug, (entry, *_) in entries.items():
        if slug not in pages:
            rows += _names(medicines[slug], entry.name, entry.brands, entry.also_called, CATALOGUE_LANGUAGE)
    for page in library.pages:
        head, known = page.head, entries[page.slug]
        own = list(_names(medicines[page.slug], head.name, head.brands, head.also_called, page.language))
        shown = {name.folded for name in own}
        brands = [name for entry in known for name in entry.brands]
        also_called = [name for entry in known for name in entry.also_called]
        others = _names(medicines[page.slug], head.name, brands, also_called, page.language)
        rows += own
        for name in others:
            if name.folded not in shown:
                name.is_shown = False
                rows.append(name)
    DrugName.objects.filter(medicine__in=medicines.values()).delete()
    DrugName.objects.bulk_create(rows)


def _load_rules(library: Library) -> None:
    rows = [
        InteractionRule(key=rule.id, kind="rule", topic=topic, data=rule.model_dump(mode="json"))
        for rule, topic, _ in library.check.rules
    ]
    rows += [
        InteractionRule(key=effect.key, kind="effect", topic="effects", data=effect.model_dump(mode="json"))
        for effect, _ in library.check.effects
    ]
    rows += [
        InteractionRule(key=double.key, kind="double", topic="doubles", data=double.model_dump(mode="json"))
        for double, _ in library.check.doubles
    ]
    InteractionRule.objects.all().delete()
    InteractionRule.objects.bulk_create(rows)


def _retire_vanished(slugs: set[str], now: datetime.datetime) -> list[str]:
    vanished = Medicine.objects.published().exclude(slug__in=slugs)
    names = sorted(vanished.values_list("slug", flat=True))
    vanished.update(retired_at=now)
    return names


def _load_pages(library: Library, medicines: dict[str, Medicine]) -> None:
    groups = {group.key: group for group in UseGroup.objects.all()}
    Grouping = Medicine.groups.through  # noqa: N806
    Grouping.objects.filter(medicine__in=medicines.values()).delete()
    Grouping.objects.bulk_create(
        Grouping(medicine_id=medicines[page.slug].pk, usegroup_id=groups[key].pk)
        for page in library.pages
        for key in page.head.used_for
    )
    Monograph.objects.filter(medicine__retired_at__isnull=True).delete()
    monographs = [_monograph(page, library, medicines[page.slug]) for page in library.pages]
    Monograph.objects.bulk_create(monographs)
    sources = [
        _sources_of(monograph, page, library.snippets_in(page.language))
        for monograph, page in zip(monographs, library.pages, strict=True)
    ]
    Source.objects.bulk_create(
        source for kept in sources for source in {source.key: source for source in kept.values()}.values()
    )
    sections = [
        (_section_row(monograph, position, section, page, library), section, page, kept)
        for monograph, page, kept in zip(monographs, library.pages, sources, strict=True)
        for position, section in enumerate(page.sections)
    ]
    MonographSection.objects.bulk_create(row for row, *_ in sections)
    Citation = MonographSection.sources.through  # noqa: N806
    Citation.objects.bulk_create(
        Citation(monographsection_id=row.pk, source_id=source.pk)
        for row, section, page, kept in sections
        for source in {kept[key] for key in _cited(section, library.snippets_in(page.language))}
    )


def _monograph(page: MonographFile, library: Library, medicine: Medicine) -> Monograph:
    head, measured = page.head, library.measures[page.language, page.slug]
    return Monograph(
        medicine=medicine,
        language=page.language,
        title=head.name[0].upper() + head.name[1:],
        say=head.say,
        forms=head.forms,
        for_people=head.for_people,
        tags=head.tags,
        schedule=head.schedule,
        missed_dose=head.missed_dose.model_dump(),
        disposal=head.disposal,
        storage=head.storage,
        summary=_summary(page, library.snippets_in(page.language)),
        drafted_by=head.drafted_by,
        second_reading=head.second_reading,
        clinician_review=head.clinician_review.model_dump(mode="json") if head.clinician_review else None,
        checked_on=head.checked_on,
        next_check_on=head.next_check_on,
        words=measured.words,
        grade=round(measured.grade, 1),
    )


def _names(
    medicine: Medicine, name: str, brands: Iterable[str], also_called: Iterable[str], language: str
) -> Iterable[DrugName]:
    """The medicine's names, the generic one first, each once."""
    kinds: list[tuple[DrugName.Kind, Iterable[str]]] = [
        (DrugName.Kind.GENERIC, [name]),
        (DrugName.Kind.BRAND, brands),
        (DrugName.Kind.ALSO_CALLED, also_called),
    ]
    seen = set()
    for kind, names in kinds:
        for name in names:
            folded = fold(name)
            if folded not in seen:
                seen.add(folded)
                yield DrugName(medicine=medicine, kind=kind, name=name, folded=folded, language=language)


def _snippets_of(section: Section, snippets: dict[str, SnippetFile]) -> list[SnippetFile]:
    return [snippets[block.name] for block in section.blocks if block.kind == "snippet"]


def _sources_of(monograph: Monograph, page: MonographFile, snippets: dict[str, SnippetFile]) -> dict[str, Source]:
    """The page's own sources, then those that its shared blocks bring; a place that both cite is kept once."""
    entries: dict[str, SourceEntry] = {entry.id: entry for entry in page.head.sources}
    for section in page.sections:
        for snippet in _snippets_of(section, snippets):
            entries |= {_shared_key(snippet, entry): entry for entry in snippet.head.sources}
    by_place: dict[str, Source] = {}
    return {
        key: by_place.setdefault(
            entry.url or entry.set_id or f"{entry.maker} {entry.dated}",
            Source(
                monograph=monograph,
                key=key,
                title=entry.title,
                set_id=entry.set_id or "",
                url=entry.url or "",
                maker=entry.maker or "",
                dated=entry.dated or "",
                retrieved=entry.retrieved,
            ),
        )
        for key, entry in entries.items()
    }


def _shared_key(snippet: SnippetFile, entry: SourceEntry) -> str:
    return f"{snippet.slug}-{entry.id}"[:50]


def _cited(section: Section, snippets: dict[str, SnippetFile]) -> list[str]:
    """The keys of the sources of a section, its shared blocks' included."""
    shared = _snippets_of(section, snippets)
    return section.source_ids + [_shared_key(snippet, entry) for snippet in shared for entry in snippet.head.sources]


def _section_row(
    monograph: Monograph, position: int, section: Section, page: MonographFile, library: Library
) -> MonographSection:
    snippets = library.snippets_in(page.language)
    measured = {measure.kind: measure for measure in library.measures[page.language, page.slug].sections}
    measure = measured.get(section.kind)
    return MonographSection(
        monograph=monograph,
        kind=section.kind,
        position=position,
        blocks=render_blocks(section.blocks, page.head.name, snippets),
        text="\n".join(_texts(section, page, snippets)),
        words=measure.words if measure else 0,
        grade=round(measure.grade.highest, 1) if measure and measure.grade else None,
    )


def _texts(section: Section, page: MonographFile, snippets: dict[str, SnippetFile]) -> Iterable[str]:
    for block in section.blocks:
        found = passages(snippets[block.name].text, 1) if block.kind == "snippet" else block_passages(block)
        for passage in found:
            yield expand_to_text(passage.text, page.head.name, snippets)


def _summary(page: MonographFile, snippets: dict[str, SnippetFile]) -> str:
    """The first sentences of "What it is for", as many as fit: shown under a name in lists and results.

    A paragraph that only leads to a list takes the list along.
    """
    section = next(section for section in page.sections if section.kind == SectionKind.WHAT_FOR)
    first, *_ = _texts(section, page, snippets)
    if first.endswith(":"):
        items = takewhile(lambda passage: passage.kind == "bullet", block_passages(section.blocks[0])[1:])
        return _led_list(first, [item.text for item in items])
    summary = ""
    for sentence in grades.sentences(first):
        if summary and len(summary) + len(sentence) >= LONGEST_SUMMARY:
            break
        summary = f"{summary} {sentence}".strip()
    return summary[:LONGEST_LISTED]


def _led_list(lead: str, items: list[str]) -> str:
    """ "It treats: a; b; and more.": as many items as fit, each as in a sentence."""
    words = [_as_in_a_sentence(item.rstrip(".;")) for item in items]
    kept = words
    while len(f"{lead} {'; '.join(kept)}; and more.") > LONGEST_LISTED:
        kept = kept[:-1]
    more = "" if kept == words else "; and more"
    return f"{lead} {'; '.join(kept)}{more}."


def _as_in_a_sentence(item: str) -> str:
    """Without the large letter that begins a line; a short form such as OCD keeps its letters."""
    first_word = item.split()[0]
    return item if first_word[1:] != first_word[1:].lower() else item[0].lower() + item[1:]


def _link_look_alikes(library: Library, medicines: dict[str, Medicine]) -> None:
    """Each look-alike with its page, where there is one, and what it is for."""
    pages = {}
    for page in library.pages:
        for name in (page.head.name, *page.head.brands, *page.head.also_called):
            pages[fold(name)] = page
    purposes = {fold(member): entry.what_it_is for entry in library.classes for member in entry.members}
    purposes |= {fold(entry.name): entry.purpose for entry, _ in library.check.catalogue}
    groups = {entry.key: _as_in_a_sentence(entry.name) for entry in library.groups}
    for page in library.pages:
        found = []
        for name in page.head.look_alikes:
            other = pages.get(fold(name))
            purpose = ", ".join(groups[key] for key in other.head.used_for) if other else purposes[fold(name)]
            found.append({"name": name, "slug": other.slug if other else None, "for": purpose})
        medicines[page.slug].look_alikes = found
    Medicine.objects.bulk_update([medicines[page.slug] for page in library.pages], ["look_alikes"])
