"""From blocks to what a template shows: Markdown rendered and sanitised once, at load.

A rendered block is a dict with a "type", and one template in templates/components/ for each:
prose {html} · do_lists {do, do_not} · care {urgency, html} · snippet {look, html} · people {number, caption}.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

import nh3

from .reading import INLINE_MARK, Block, SnippetFile, markdown_html

RenderedBlock = dict[str, Any]

_TAGS = {"p", "ul", "li", "strong", "em", "a", "h3", "br"}
_ATTRIBUTES = {"a": {"href"}}
_URGENCY = {"care-now": "now", "care-today": "today", "care-mild": "mild"}


def render_markdown(text: str, name: str, snippets: dict[str, SnippetFile]) -> str:
    """Sanitised HTML of a Markdown text, its inline marks expanded. Links can only dial."""
    expanded = INLINE_MARK.sub(lambda match: _inline(match, name, snippets), text)
    return nh3.clean(
        markdown_html(expanded), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"tel"}, link_rel=None
    ).strip()


def _inline(match: re.Match[str], name: str, snippets: dict[str, SnippetFile]) -> str:
    return name if match[1] == "name" else snippets[match[1]].text


def render_blocks(blocks: list[Block], name: str, snippets: dict[str, SnippetFile]) -> list[RenderedBlock]:
    """The blocks of one section, ready for its templates."""
    return list(_rendered(blocks, name, snippets))


def _rendered(blocks: list[Block], name: str, snippets: dict[str, SnippetFile]) -> Iterator[RenderedBlock]:
    do_list = ""
    for block in blocks:
        if block.kind == "snippet":
            snippet = snippets[block.name]
            yield {
                "type": "snippet",
                "name": snippet.slug,
                "look": snippet.head.look,
                "html": render_markdown(snippet.text, name, snippets),
            }
            continue
        rendered = render_markdown(block.markdown, name, snippets)
        match block.kind:
            case "do":
                do_list = rendered
            case "do-not":
                yield {"type": "do_lists", "do": do_list, "do_not": rendered}
            case "people":
                yield {"type": "people", "number": block.number, "caption": html.unescape(strip_tags(rendered))}
            case "prose":
                yield {"type": "prose", "html": rendered}
            case _:
                yield {"type": "care", "urgency": _URGENCY[block.kind], "html": rendered}


def strip_tags(rendered: str) -> str:
    """The words of sanitised HTML, still escaped."""
    return re.sub(r"<[^>]+>", "", rendered).strip()
