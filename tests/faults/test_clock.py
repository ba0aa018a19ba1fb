"""The clock of the server jumps, by hours and by a year, forth and back, while the real server runs.

Debian's libfaketime stands between the server and the clock on the wall, and reads from a file how wrong it is. The
steady clock, by which programs wait, goes on: it does where an administrator or NTP sets the time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests import real_server

from .browsers import PASSWORD, Browser
from .kills import TOKEN, ask_django

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed")

JUMPS = ["+0", "+5h", "-5h", "+366d", "-366d", "+0"]
PAGES = ["", "day/", "print/", "changes/", "sharing/", "history/"]
CAST = f"""
import json
from allauth.account.models import EmailAddress
from medguide.accounts.models import User
from medguide.medicine_lists import actions, sharing_actions
from medguide.medicine_lists.access import access_to
from medguide.medicine_lists.models import Role
def user(name):
    made = User.objects.create_user(f"{{name}}-{{User.objects.count()}}@example.org", {PASSWORD!r})
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made
owner, member = user("owner"), user("member")
person = actions.create_person(by=owner, values={{"name": "Papa Rosenquist"}})
def letter():
    by = access_to(owner, person.uid)
    return sharing_actions.invite(by=by, email=member.email, role=Role.VIEWER)[1]
sharing_actions.accept(user=member, token=letter())
print(json.dumps({{
    "owner": owner.email, "member": member.email, "member_id": member.pk, "list": f"/lists/{{person.uid}}/",
    "second_letter": f"/invitations/{{letter()}}/",
}}))
"""
# A limit of one try in two seconds, as django-allauth counts it; used up a year ahead.
LIMIT = """
import pathlib, select
from allauth.core.internal import ratelimit
from django.test import RequestFactory
def may_try():
    usage = ratelimit.consume(RequestFactory().post("/"), app="a", action="try", config={"try": "1/2s/ip"})
    return usage is not None
tries = [may_try(), may_try()]
pathlib.Path(%r).write_text("+0")
select.select([], [], [], 2.1)  # time.sleep does not get on with libfaketime
print("[%%s]" %% ", ".join(str(int(it)) for it in (*tries, may_try(), may_try())))
"""


@dataclass
class Site:
    port: int
    environment: dict[str, str]
    clock: Path

    def jump(self, by: str) -> None:
        """The server's clock is now wrong by so much, at once."""
        new = self.clock.with_suffix(".new")
        new.write_text(by)
        new.replace(self.clock)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("clock")
    (folder / "var").mkdir()
    environment = real_server.prepare(folder / "var", MEDGUIDE_DEBUG="0", MEDGUIDE_SECRET_KEY="for this test alone")
    site = Site(real_server.free_port(), environment, folder / "wrong-by")
    site.jump("+0")
    url = f"http://127.0.0.1:{site.port}/healthz"
    with real_server.serving(real_server.granian(site.port), under_faketime(environment, site.clock), url):
        yield site


def under_faketime(environment: dict[str, str], clock: Path) -> dict[str, str]:
    return {
        **environment, "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip


def test_a_list_outlives_every_jump(site: Site) -> None:
    cast = {name: str(value) for name, value in ask_django(site.environment, CAST).items()}
    owner, member, add = Browser(site.port), Browser(site.port), cast["list"] + "add/"
    site.jump("+0")
    owner.sign_in(cast["owner"])
    had_to_sign_in = []
    for number, jump in enumerate(JUMPS):
        site.jump(jump)

        # What was typed outlives a sign-in that ended
        form = {"name": f"jumped-{number}", "when": "", "meant": "none", "sent_as": str(uuid4())}
        answer = owner.ask(add, form)
        if answer == (302, f"/account/login/?next={quote(add)}"):
            had_to_sign_in.append(jump)
            owner.sign_in(cast["owner"])
            status, page = owner.ask(add)
            assert (status, form["name"] in page, form["sent_as"] in page) == (200, True, True), jump
            answer = owner.ask(add, form)
        assert answer == (302, cast["list"]), jump

        # All pages are there, of the private wing and of the public one
        for page in PAGES:
            assert owner.ask(cast["list"] + page)[0] == 200, (jump, page)
        for path in ("/medicines/baclofen/", "/search/?q=warfarin", "/readyz"):
            assert owner.ask(path)[0] == 200, (jump, path)
        member.sign_in(cast["member"])
        assert member.ask(cast["list"])[0] == 200
        member.cookies = {"csrf": TOKEN}

    # Who signed in while the clock was ahead does not stay signed in for longer than anybody
    assert had_to_sign_in == ["-5h", "+366d", "-366d", "+0"]
    # The history stands in the order in which it happened, and no look is missing: the last one came within the
    # half hour of the first
    history = owner.ask(cast["list"] + "history/")[1]
    assert re.findall(r"added (jumped-\d)", history) == [f"jumped-{number}" for number in (5, 4, 3, 2, 1, 0)]
    assert len(re.findall(f"{cast['member']} looked at the list", history)) == 5


def test_a_letter_that_a_jump_ended_lets_nobody_back_in(site: Site) -> None:
    cast = {name: str(value) for name, value in ask_django(site.environment, CAST).items()}

    # Given a clock a year ahead, which ended a letter, and an owner who ends its reader's access
    site.jump("+366d")
    owner, member = Browser(site.port), Browser(site.port)
    owner.sign_in(cast["owner"])
    member.sign_in(cast["member"])
    assert member.ask(cast["second_letter"])[0] == 404
    sharing = cast["list"] + "sharing/"
    assert owner.ask(f"{sharing}{cast['member_id']}/end/", {}) == (302, sharing)

    # When the clock is right again
    site.jump("+0")
    member.sign_in(cast["member"])

    # Then the letter is as dead as it was
    for data in (None, {}):
        status, page = member.ask(cast["second_letter"], data)
        assert (status, "Rosenquist" in page) == (404, False)
    assert member.ask(cast["list"])[0] == 404


def test_tries_that_were_used_up_a_year_ahead_are_given_back_in_time(site: Site, tmp_path: Path) -> None:
    clock = tmp_path / "wrong-by"
    clock.write_text("+366d")
    assert ask_django(under_faketime(site.environment, clock), LIMIT % str(clock)) == [1, 0, 1, 0]
