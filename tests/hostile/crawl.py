"""The pages of the whole site and the forms on them, as somebody who means harm would look for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.test import Client
from justhtml import JustHTML

ENOUGH_PAGES = 400


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page: what a browser would send, and which of it can be typed into."""

    page: str
    action: str
    method: str
    values: tuple[tuple[str, str], ...]

    @property
    def fields(self) -> list[str]:
        return list(dict(self.values))


def crawl(client: Client, starts: list[str]) -> tuple[list[str], list[Form]]:
    """Every page that can be reached by links, and every form found, each once by its action and fields."""
    waiting, pages, forms = list(starts), [], {}
    seen = set(waiting)
    while waiting and len(pages) < ENOUGH_PAGES:
        path = waiting.pop(0)
        response = client.get(path)
        assert response.status_code < 500, path
        if response.status_code in (301, 302):
            targets = [response["Location"]]
        elif not response.get("Content-Type", "").startswith("text/html"):
            continue
        else:
            pages.append(path)
            document = JustHTML(response.content.decode(), sanitize=False)
            targets = [link.attrs.get("href", "") for link in document.query("a")]
            for form in _forms(document, path):
                forms.setdefault((urlsplit(form.action).path, form.method, tuple(form.fields)), form)
        for target in targets:
            found = urlsplit(urljoin(path, target))
            if not found.scheme and not found.netloc and _kind(found.path) not in {_kind(one) for one in seen}:
                seen.add(found.path + (f"?{found.query}" if found.query else ""))
                waiting.append(found.path + (f"?{found.query}" if found.query else ""))
    return pages, list(forms.values())


def _kind(path: str) -> str:
    """One page of each kind is enough: a medicine is like another."""
    parts = urlsplit(path).path.split("/")
    return "/".join(
        "…" if parts[1:2] == ["medicines"] and place == 2 and part else part for place, part in enumerate(parts)
    )


def _forms(document: JustHTML, path: str) -> Iterator[Form]:
    for form in document.query("form"):
        values = [
            (box.attrs["name"], box.attrs.get("value") or "")
            for box in form.query("input, select, textarea, button")
            if box.attrs.get("name") and box.attrs.get("type") != "file" and box.attrs["name"] != "csrfmiddlewaretoken"
        ]
        action = urljoin(path, form.attrs.get("action") or path)
        yield Form(path, action, (form.attrs.get("method") or "get").lower(), tuple(values))
