"""What the templates need and Django does not have."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from monographs.forms import SearchForm

register = template.Library()

SLOTS = ["morning", "noon", "evening", "bedtime"]
PEOPLE_IN_A_ROW = 20


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
def trusted(rendered: str) -> SafeString:
    """HTML that was sanitised when the content was loaded. For the blocks of a section and nothing else."""
    return mark_safe(rendered)  # noqa: S308 (nh3 has sanitised it)


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """JSON for a script element: nothing in it can end the element or begin another."""
    text = json.dumps(data, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308 (escaped here)
