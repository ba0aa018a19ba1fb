"""Two processes on one database, as on two machines: what is counted at one counts at the other."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests import postgresql, real_server
from tests.accounts.stories import totp

from .browsers import PASSWORD, Browser
from .kills import TOKEN, ask_django

STEP = "/account/second-step/authenticate/"
PAGES_COUNTED = re.compile(r'medguide_request_seconds_count\{[^}]*page="account_login"')
CAST = f"""
import json
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from medguide.accounts.models import User
user = User.objects.create_user(f"user-{{User.objects.count()}}@example.org", {PASSWORD!r})
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
secret = generate_totp_secret()
if %r:
    TOTP.activate(user, secret)
print(json.dumps({{"email": user.email, "secret": secret}}))
"""


@dataclass(frozen=True)
class Site:
    ports: tuple[int, int]
    environment: dict[str, str]

    def somebody(self, *, has_app: bool) -> dict[str, str]:
        """Their address and their app's secret."""
        return {name: str(value) for name, value in ask_django(self.environment, CAST % has_app).items()}


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ExitStack() as stack:
        engines = stack.enter_context(postgresql.both_engines())
        if request.param not in engines:
            pytest.skip("PostgreSQL's server is not installed")
        cluster = engines[request.param]
        environment = real_server.prepare(
            tmp_path_factory.mktemp(request.param), MEDGUIDE_DATABASE_URL=cluster.url("medguide") if cluster else "",
            MEDGUIDE_DEBUG="0", MEDGUIDE_SECRET_KEY="for this test alone",
        )  # fmt: skip
        ports = real_server.free_port(), real_server.free_port()
        for port in ports:
            url = f"http://127.0.0.1:{port}/healthz"
            stack.enter_context(real_server.serving(real_server.granian(port), environment, url))
        yield Site(ports, environment)


def is_counted(port: int, email: str) -> bool:
    """Whether a wrong password was looked at; False where it was too many."""
    status, page = Browser(port).ask("/account/login/", {"login": email, "password": "wrong"})
    assert status == 200
    assert ("do not fit together" in page) != ("That was wrong too often." in page)
    return "do not fit together" in page


def test_wrong_passwords_at_both_count_together(site: Site) -> None:
    email = site.somebody(has_app=False)["email"]
    assert [is_counted(site.ports[number % 2], email) for number in range(7)] == [True] * 5 + [False] * 2
    for port in site.ports:  # not even the right one
        assert "too often" in Browser(port).ask("/account/login/", {"login": email, "password": PASSWORD})[1]


def test_of_many_tries_at_once_no_more_than_five_are_looked_at(site: Site) -> None:
    email = site.somebody(has_app=False)["email"]
    with ThreadPoolExecutor(8) as people:
        at_once = list(people.map(lambda number: is_counted(site.ports[number % 2], email), range(8)))
    assert 1 <= sum(at_once) <= 5
    after = [is_counted(site.ports[number % 2], email) for number in range(6 - sum(at_once))]
    assert sum(at_once) + sum(after) == 5


def test_a_code_of_an_app_works_at_one_of_them_and_once(site: Site) -> None:
    somebody = site.somebody(has_app=True)
    browsers = [Browser(port) for port in site.ports]
    for browser in browsers:
        sent = {"login": somebody["email"], "password": PASSWORD, "next": "/lists/"}
        assert browser.ask("/account/login/", sent)[0] == 302
        assert browser.ask("/lists/")[0] == 302
    code = {"code": totp(somebody["secret"])}
    with ThreadPoolExecutor(2) as people:
        statuses = sorted(people.map(lambda browser: browser.ask(STEP, code)[0], browsers))
    assert statuses == [200, 302]
    assert sorted(browser.ask("/lists/")[0] for browser in browsers) == [200, 302]


def test_who_signed_in_at_one_is_signed_in_at_the_other(site: Site) -> None:
    browser = Browser(site.ports[0])
    browser.sign_in(site.somebody(has_app=False)["email"])
    browser.port = site.ports[1]
    assert browser.ask("/lists/")[0] == 200


def test_the_metrics_of_several_workers_are_added_up(site: Site, tmp_path: Path) -> None:
    # Given one server with two workers, which keep their figures in one folder
    port = real_server.free_port()
    environment = site.environment | {"MEDGUIDE_METRICS_TOKEN": TOKEN, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    home = f"http://127.0.0.1:{port}"
    metrics = Request(f"{home}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    def pages_counted() -> int:
        with urlopen(metrics, timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return sum(int(float(line.split()[-1])) for line in lines if PAGES_COUNTED.match(line))

    with real_server.serving([*real_server.granian(port), "--workers", "2"], environment, f"{home}/healthz"):
        # When both have answered
        asked = 0
        while len(list(tmp_path.glob("histogram_*.db"))) < 2:
            assert asked < 200
            with urlopen(f"{home}/account/login/", timeout=60) as answer:
                asked += answer.status == 200

        # Then whoever is asked tells of both
        assert [pages_counted() for _ in range(6)] == [asked] * 6
