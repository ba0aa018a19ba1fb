"""What the templates need and Django does not have."""

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monographs.forms import SearchForm
from monographs.interactions import report
from monographs.interactions.rulebook import Source

register = template.Library()

SLOTS = ["morning", "noon", "evening", "bedtime"]
PEOPLE_IN_A_ROW = 20
LABEL = ", US prescribing information"  # how the title of a label's source ends
RISKS = {  # the keys of more_risk_if that do not read as words by themselves
    "older-than-65": gettext_lazy("age over 65"),
    "older-than-35": gettext_lazy("age over 35"),
    "just-started": gettext_lazy("a medicine that is new for you"),
    "dose-just-raised": gettext_lazy("a dose that was just raised"),
    "high-dose": gettext_lazy("a high dose"),
    "high-steroid-dose": gettext_lazy("a high dose of a steroid"),
    "breathing-problem": gettext_lazy("a breathing problem"),
    "bleeding-before": gettext_lazy("bleeding in the past"),
    "stroke-before": gettext_lazy("a stroke in the past"),
    "heart-attack-before": gettext_lazy("a heart attack in the past"),
    "past-blood-clot": gettext_lazy("a blood clot in the past"),
    "swelling-before": gettext_lazy("swelling of the face in the past"),
    "parkinsons": gettext_lazy("Parkinson's disease"),
    "prostate": gettext_lazy("trouble passing urine"),
    "low-thyroid": gettext_lazy("a slow thyroid"),
    "head-injury": gettext_lazy("a head injury"),
    "stent": gettext_lazy("a stent"),
    "dehydrated": gettext_lazy("too little to drink"),
    "dehydration": gettext_lazy("too little to drink"),
    "chinese-ancestry": gettext_lazy("Chinese ancestry"),
    "bad-allergy": gettext_lazy("a bad allergy"),
}


@register.simple_tag
def search_form(query: str = "") -> SearchForm:
    """The search box of the header, with what was searched for."""
    return SearchForm({"q": query} if query else None, auto_id="header-%s")


@register.simple_tag
def day_slots(schedule: list[str]) -> list[dict[str, Any]]:
    """The four times of a day, each with whether a dose falls on it; empty where doses do not follow the day."""
    if not set(schedule) <= set(SLOTS):
        return []
    return [{"name": slot, "taken": slot in schedule} for slot in SLOTS]


@register.simple_tag
def people_rows(number: int) -> dict[str, Any]:
    """How to fill five rows of twenty people: how many full rows, and how many people in the next."""
    full, part = divmod(number, PEOPLE_IN_A_ROW)
    return {"full": full, "part": part}


@register.simple_tag(takes_context=True)
def canonical(context: template.Context) -> str:
    """The page's one address, whatever host it was asked for by."""
    return f"{settings.SITE_URL}{context['request'].path}"


@register.filter
def multiply(value: int, factor: int) -> int:
    return value * factor


@register.filter
def sentence_case(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


@register.filter
def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return report.listed(tuple(names))


@register.filter
def day(iso: str) -> str:
    """2026-11-22 as people write it."""
    return date_format(datetime.date.fromisoformat(iso), "DATE_FORMAT") if iso else ""


@register.filter
def risks(keys: Iterable[str]) -> str:
    """What raises a risk, in words: older-than-65 -> age over 65."""
    return ", ".join(dict.fromkeys(str(RISKS.get(key, key.replace("-", " "))) for key in keys))


@register.filter
def paper(sources: Iterable[Source]) -> str:
    """Sources as a printed report has them: the labels by their medicines, the rest by title, the days of reading."""
    every = list(sources)
    titles = sorted({source.title.split(";")[0].strip() for source in every}, key=str.casefold)
    labels = [title.removesuffix(LABEL) for title in titles if title.endswith(LABEL)]
    said = [title for title in titles if not title.endswith(LABEL)]
    if labels:
        said.insert(0, _("US prescribing information of %(medicines)s") % {"medicines": ", ".join(labels)})
    read = sorted({source.retrieved for source in every})
    days = (
        day(read[0]) if len(read) == 1 else _("%(first)s to %(last)s") % {"first": day(read[0]), "last": day(read[-1])}
    )
    return "; ".join(said) + ". " + _("Read on %(days)s.") % {"days": days}


@register.filter
def trusted(rendered: str) -> SafeString:
    """HTML that was sanitised when the content was loaded. For the blocks of a section and nothing else."""
    return mark_safe(rendered)  # noqa: S308 (nh3 has sanitised it)


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """JSON for a script element: nothing in it can end the element or begin another."""
    text = json.dumps(data, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308 (escaped here)
