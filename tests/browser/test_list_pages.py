"""A walk over every page of a medicine list: for whoever may do everything, and for whoever may only look."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from .family import heading, look, viewer_of
from .lists import signed_in_page
from .test_accessibility import RUN_TOGETHER, STICKS_OUT, TARGETS, TOO_LOW, axe_complaints

pytestmark = pytest.mark.browser

Installation = tuple[Path, int, dict[str, str]]
NewContext = Callable[..., BrowserContext]
with_and_without_scripts = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])

OF_A_LIST = [
    "", "check/", "check/?questions", "add/", "day/", "print/", "print/?large=1", "card/", "changes/", "import/",
    "person/", "sharing/", "sharing/links/new/", "history/", "delete/", "leave/",
]  # fmt: skip
OF_A_MEDICINE = ["", "edit/", "status/", "delete/"]
CHANGES = re.compile(r"/(add|edit|status|delete|import|person|sharing|history|confirm|move|restore|known)/")


@with_and_without_scripts
def test_each_private_page_fits_every_eye_and_thumb(
    new_context: NewContext, site: str, installation: Installation, javascript: bool
) -> None:
    here = signed_in_page(new_context, site, installation, 10, java_script_enabled=javascript)
    page, complaints, requests = here.page, [], []
    page.goto(here.address)
    medicine = page.locator(".row__name a").first.evaluate("(link) => link.href")
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("request", lambda request: requests.append(request.url))
    lists = [f"{site}/lists/", f"{site}/lists/new/"]
    of_the_list = [here.address + path for path in OF_A_LIST]
    for address in [*lists, *of_the_list, *(medicine + path for path in OF_A_MEDICINE)]:
        response = page.goto(address)
        assert response
        if response.status != 200 or "no-store" not in response.headers["cache-control"]:
            complaints.append(f"{address}: {response.status}, {response.headers['cache-control']}")
        for details in page.locator("main details").all():
            details.evaluate("(element) => { element.open = true; }")
        for width, scheme in ((320, None), (360, "light"), (768, None), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            found = [*page.evaluate(STICKS_OUT), *page.evaluate(RUN_TOGETHER)]
            found += page.locator(TARGETS).evaluate_all(TOO_LOW)
            if scheme:
                page.emulate_media(color_scheme=scheme)
                found += axe_complaints(page, javascript=javascript)
            complaints += [f"{address} at {width} px: {one}" for one in found]
    assert complaints == []
    assert {urlsplit(address).netloc for address in requests} == {urlsplit(site).netloc}


@with_and_without_scripts
def test_who_may_only_look_finds_nothing_to_change(
    new_context: NewContext, site: str, installation: Installation, javascript: bool
) -> None:
    # Given a list of ten medicines, and somebody who may look at it
    owner = signed_in_page(new_context, site, installation, 10)
    context = new_context(java_script_enabled=javascript)
    context.add_cookies([{"name": "session", "value": viewer_of(installation, owner.address), "url": site}])
    page = context.new_page()
    page.goto(owner.address)
    medicine = page.locator(".row__name a").first.evaluate("(link) => link.href")

    # When they walk through all that they may see, there is no button and no link that changes anything
    for path in ("", "check/", "check/?questions", "day/", "print/", "card/", "changes/", medicine):
        page.goto(path if path == medicine else owner.address + path)
        expect(heading(page)).to_be_visible()
        senders = page.locator("main form:not([method=get]):not([action$='/logout/'])")
        links = page.locator("main a").evaluate_all("(links) => links.map((link) => link.pathname)")
        assert senders.count() == 0, path
        assert [link for link in links if CHANGES.search(link)] == [], path
        assert page.locator("main").get_by_role("button", name=re.compile("Change|Add|Save|Delete")).count() == 0, path
        look(page, javascript)

    # And what changes something is not there for them
    forbidden = [
        f"{owner.address}{path}"
        for path in ("add/", "import/", "person/", "sharing/", "sharing/links/new/", "history/", "delete/")
    ]
    for address in [*forbidden, f"{medicine}edit/", f"{medicine}status/", f"{medicine}delete/"]:
        response = page.goto(address)
        assert response
        assert response.status == 404, address
