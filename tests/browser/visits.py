"""Every kind of page, and how a story gets there and looks around."""

import urllib.request
from dataclasses import dataclass

from playwright.sync_api import Page, Response

from tests.real_server import ROOT

REFUSED_HOST = "not-ours.localhost"  # a browser finds our server there; the server does not know that name
RETIRED_SLUG = "retired-medicine"
SHARED = "/shared/the-token-of-a-link-to-a-list-of-ten/"
MEDICINE = "/medicines/baclofen/"
MEDICINES = sorted(path.stem for path in (ROOT / "monographs/content/en/medicines").glob("*.md"))


@dataclass(frozen=True)
class Kind:
    """Where to find a page of this kind, and with which status it must come."""

    path: str
    status: int = 200
    site: str = "site"
    method: str = "GET"
    is_indexed: bool = True  # it stands in search engines, so it names its one address


KINDS = {
    "home": Kind("/"),
    "a-to-z": Kind("/medicines/"),
    "medicine": Kind(MEDICINE),
    "opioid": Kind("/medicines/oxycodone/"),
    "once-a-week": Kind("/medicines/methotrexate/"),
    "when-needed": Kind("/medicines/acetaminophen/"),
    "mixing": Kind("/medicines/baclofen/mixing/"),
    "one-page": Kind("/medicines/baclofen/one-page/"),
    "check": Kind("/interactions/"),
    "help-now": Kind("/help-now/"),
    "about": Kind("/about/"),
    "privacy": Kind("/privacy/"),
    "accessibility": Kind("/accessibility/"),
    "how-we-write": Kind("/how-we-write/"),
    "search-empty": Kind("/search/", is_indexed=False),
    "search-found": Kind("/search/?q=lioresal", is_indexed=False),
    "search-near": Kind("/search/?q=bacofen", is_indexed=False),
    "search-nothing": Kind("/search/?q=xyzzyx", is_indexed=False),
    "retired": Kind(f"/medicines/{RETIRED_SLUG}/", 410, is_indexed=False),
    "not-found": Kind("/nowhere/", 404, is_indexed=False),
    "bad-request": Kind("/search/?q=lioresal", 400, "refused", is_indexed=False),
    "shared": Kind(SHARED, is_indexed=False),
    "shared-gone": Kind("/shared/no-such-token/", 404, is_indexed=False),
    "old-form": Kind("/about/", 403, method="POST", is_indexed=False),
    "server-error": Kind("/", 500, "broken", is_indexed=False),
    "gallery": Kind("/gallery/", site="developer", is_indexed=False),
    "gallery-errors": Kind("/gallery/?send=Send", site="developer", is_indexed=False),
}


def address_of(sites: dict[str, str], name: str) -> str:
    return sites[KINDS[name].site] + KINDS[name].path


def visit(page: Page, sites: dict[str, str], name: str) -> Response:
    """Opens a page of this kind, and sees that it came with its status."""
    kind, address = KINDS[name], address_of(sites, name)
    if kind.method != "GET":
        page.route(address, lambda route: route.continue_(method=kind.method))
    response = page.goto(address)
    assert response is not None
    assert response.status == kind.status, f"{address} came with {response.status}"
    return response


def fetch(address: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    """What is sent for this address, without a browser: the bytes as they come, and the headers in small letters."""
    request = urllib.request.Request(address, headers={name.replace("_", "-"): text for name, text in headers.items()})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read(), {name.lower(): text for name, text in answer.headers.items()}


def style(page: Page, selector: str, name: str) -> str:
    """One computed style of the first element that fits."""
    return str(page.locator(selector).first.evaluate("(element, name) => getComputedStyle(element)[name]", name))
