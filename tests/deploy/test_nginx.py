"""The shipped nginx configuration: what it serves, what it keeps, what it refuses, what it writes down."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from tests.deploy.site import OWNER, PASSWORD, TOKEN, Answer, Site, is_installed, running

pytestmark = pytest.mark.skipif(not is_installed(), reason="nginx with its brotli module, curl or openssl is missing")

PAGE = "/medicines/baclofen/"
LINK = "the-token-of-a-link-that-is-long-enough"
GUARDS = [
    "content-security-policy", "permissions-policy", "strict-transport-security", "x-content-type-options",
    "x-frame-options", "referrer-policy", "cross-origin-opener-policy", "cross-origin-resource-policy", "cache-control",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


def stylesheet(site: Site) -> str:
    [name] = re.findall(rb'href="(/static/css/site\.[0-9a-f]{12}\.css)"', site.ask(PAGE).body)
    return str(name.decode())


# --- Served ---------------------------------------------------------------------------------------------------


def test_pages_come_over_https_and_http2(site: Site) -> None:
    answer = site.ask(PAGE)
    assert (answer.status, answer.version) == (200, "2")
    assert b"<h1" in answer.body
    assert site.ask(PAGE, "--http1.1").version == "1.1"


def test_http_leads_to_https(site: Site) -> None:
    answer = site.ask("/search/?q=aspirin", scheme="http")
    assert (answer.status, answer.header("location")) == (301, "https://medguide.example/search/?q=aspirin")


def test_old_tls_is_refused(site: Site) -> None:
    weakest = ["--ciphers", "ALL:@SECLEVEL=0", "--tlsv1.0"]
    assert site.ask(PAGE, *weakest, "--tls-max", "1.1").status == 0
    assert site.ask(PAGE, *weakest, "--tls-max", "1.2").status == 200


def test_an_owner_signs_in_with_cookies_of_this_host_alone(site: Site) -> None:
    jar = str(site.folder / "jar")
    form = site.ask("/account/login/", "--cookie-jar", jar)
    token = re.findall(rb'name="csrfmiddlewaretoken" value="([^"]+)"', form.body)[0]
    fields = {"csrfmiddlewaretoken": token.decode(), "login": OWNER, "password": PASSWORD}
    data = [part for name, value in fields.items() for part in ("--data-urlencode", f"{name}={value}")]
    origin = ["-H", "Origin: https://medguide.example"]
    signed_in = site.ask("/account/login/", "--cookie", jar, "--cookie-jar", jar, *origin, *data)
    assert (signed_in.status, signed_in.header("location")) == (302, "/lists/")
    cookies = form.headers["set-cookie"] + signed_in.headers["set-cookie"]
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-csrf", "__Host-session"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
    lists = [site.ask("/lists/", "--cookie", jar) for _ in range(2)]
    for answer in lists:
        assert answer.status == 200
        assert "no-store" in answer.header("cache-control")
        assert "x-cache" not in answer.headers
    assert site.ask("/lists/").status == 302, "a stranger is sent to sign in"


@pytest.mark.parametrize(("accepted", "suffix"), [("br, gzip", ".br"), ("gzip", ".gz"), ("identity", "")])
def test_static_files_are_those_that_were_compressed_once(site: Site, accepted: str, suffix: str) -> None:
    path = stylesheet(site)
    answer = site.ask(path, "-H", f"Accept-Encoding: {accepted}")
    on_disk = site.static / path.removeprefix("/static/")
    assert answer.status == 200
    assert answer.body == on_disk.with_name(on_disk.name + suffix).read_bytes()
    assert answer.header("content-encoding") == {".br": "br", ".gz": "gzip", "": ""}[suffix]
    assert answer.header("content-type") == "text/css; charset=utf-8"
    assert answer.header("cache-control") == "max-age=315360000, public, immutable"


def test_nginx_says_of_its_own_what_medguide_says(site: Site) -> None:
    from_nginx, page = site.ask(stylesheet(site)), site.ask_the_app(PAGE)
    static = site.ask_the_app(stylesheet(site))
    for name in GUARDS:
        told = (static if name == "cache-control" else page).header(name)
        assert told
        assert set(from_nginx.header(name).split("; ")) == set(told.split("; ")), name


def test_every_answer_is_guarded_once(site: Site) -> None:
    for path in (PAGE, "/lists/", "/nowhere/", "/static/nowhere.css", "/metrics", "/healthz"):
        answer = site.ask(path)
        assert "" not in {answer.header(name) for name in GUARDS}, path
    assert site.ask("/static/nowhere.0123456789ab.css").header("cache-control") == "no-store"


# --- Kept -----------------------------------------------------------------------------------------------------


def cache(answer: Answer) -> str:
    return answer.header("x-cache")


def test_a_public_page_comes_from_the_cache_the_second_time(site: Site) -> None:
    path = "/medicines/warfarin/"
    for accepted, unpack in (("br, gzip", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)):
        first, second = (site.ask(path, "-H", f"Accept-Encoding: {accepted}") for _ in range(2))
        assert (cache(first), cache(second)) == ("MISS", "HIT"), accepted
        assert first.body == second.body
        assert unpack(second.body) == site.ask_the_app(path).body
    again = site.ask(path, "-H", f"If-None-Match: {site.ask(path).header('etag')}")
    assert (again.status, cache(again)) == (304, "HIT")


def test_a_reader_with_cookies_gets_the_same_page_from_the_cache(site: Site) -> None:
    path = "/medicines/metformin/"
    first = site.ask(path, "-H", "Cookie: __Host-session=0123456789abcdef0123456789abcdef")
    second = site.ask(path)
    assert (cache(first), cache(second)) == ("MISS", "HIT")
    assert "set-cookie" not in first.headers
    assert first.body == second.body == site.ask_the_app(path).body


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/interactions/", ["--data", "name=warfarin&name=ibuprofen"]),
        ("/search/?q=warfarin", []),
        ("/medicines/?x=1", []),
        ("/healthz", []),
        ("/readyz", []),
        ("/nowhere/", []),
        ("/medicines/nowhere/", []),
        ("/lists/", []),
        ("/lists/try/", []),
        ("/account/login/", []),
        ("/invitations/sometoken/", []),
        ("/shared/sometoken/", []),
    ],
)
def test_nothing_else_is_kept(site: Site, path: str, options: list[str]) -> None:
    for _ in range(3):
        answer = site.ask(path, *options)
        assert cache(answer) in ("", "MISS", "BYPASS")
        assert answer.status in (200, 302, 404)
    named = [file for file in (site.folder / "cache").rglob("*") if file.is_file()]
    assert named, "public pages are there"
    key = f"KEY: https://medguide.example{path} ".encode()
    assert not any(key in file.read_bytes() for file in named if not options)


MAKE_A_LINK = f"""
from django.utils import timezone
from medguide.accounts.models import User
from medguide.medicine_lists import actions, share_link_actions
from medguide.medicine_lists.access import access_to
owner = User.objects.get(email="{OWNER}")
person = actions.create_person(by=owner, values={{"name": "Papa"}})
share_link_actions.make_link(
    by=access_to(owner, person.uid), token="{LINK}", label="", days=1, shows=[], left_out=[], now=timezone.now()
)
"""


def test_what_a_link_shows_is_made_anew_each_time_and_written_down_nowhere(site: Site) -> None:
    site.manage("shell", "--no-imports", "-c", MAKE_A_LINK)
    for _ in range(3):
        answer = site.ask(f"/shared/{LINK}/", "-H", "Cookie: __Host-session=of-somebody")
        assert answer.status == 200
        assert b"Papa" in answer.body
        assert "no-store" in answer.header("cache-control")
        assert answer.header("referrer-policy") == "no-referrer"
        assert "noindex" in answer.header("x-robots-tag")
        assert not {"set-cookie", "x-cache"} & answer.headers.keys()
    count = "from medguide.medicine_lists.models import ShareLink; print(ShareLink.objects.get().opened)"
    assert site.manage("shell", "--no-imports", "-c", count).strip() == "3"
    for file in [file for folder in ("cache", "log", "proxy") for file in (site.folder / folder).rglob("*")]:
        assert file.is_dir() or LINK.encode() not in file.read_bytes(), file


def test_a_report_does_not_become_the_form(site: Site) -> None:
    site.ask("/interactions/", "--data", "name=warfarin&name=ibuprofen")
    form = site.ask("/interactions/")
    assert b"warfarin" not in form.body
    assert form.body == site.ask_the_app("/interactions/").body


@pytest.mark.parametrize(
    "options",
    [
        ["-H", "X-Forwarded-Host: evil.example"],
        ["-H", "Forwarded: host=evil.example;proto=http"],
        ["-H", "X-Forwarded-Proto: http"],
        ["-H", "X-Forwarded-For: 192.0.2.66"],
        ["-H", "X-Original-URL: /evil"],
        ["-H", "X-Rewrite-URL: /evil"],
        ["-H", "Cookie: theme=evil; __Host-session=evil"],
        ["-H", "Accept-Language: tlh"],
        ["-H", "Accept-Encoding: evil"],
        ["-H", "X-HTTP-Method-Override: POST"],
        ["-H", "Range: bytes=0-9"],
        ["-H", "Authorization: Bearer evil"],
        ["-H", "User-Agent: <script>evil"],
        ["--head"],
    ],
)
def test_nothing_outside_the_key_changes_what_others_get(site: Site, options: list[str]) -> None:
    site.forget_pages()
    first = site.ask(PAGE, *options)
    clean = site.ask(PAGE)
    assert cache(first) == "MISS"
    assert (clean.status, cache(clean)) == (200, "HIT")
    assert clean.body == site.ask_the_app(PAGE).body
    assert b"evil" not in clean.body
    assert not any("evil" in value for values in clean.headers.values() for value in values)


@pytest.mark.parametrize(
    "disguised",
    ["/lists/..{page}", "//{bare}", "/.{page}", "/about/..{page}", "{page}?x=evil", "{page}%3Fx=evil", "{page}#evil"],
)
def test_a_disguised_path_does_not_take_a_pages_place(site: Site, disguised: str) -> None:
    site.forget_pages()
    site.ask("/", "--request-target", disguised.format(page=PAGE, bare=PAGE[1:]), "--http1.1")
    assert cache(site.ask(PAGE)) == "MISS"


# --- Refused --------------------------------------------------------------------------------------------------


def test_another_name_gets_nothing(site: Site) -> None:
    assert site.ask(PAGE, "--insecure", name="evil.example").status == 0
    assert site.ask(PAGE, "--insecure", name="127.0.0.1").status == 0
    assert site.ask(PAGE, "-H", "Host: evil.example").status == 0
    assert site.ask(PAGE, "-H", "Host: evil.example", "--http1.1").status == 0
    assert site.ask(PAGE, scheme="http", name="evil.example").status == 0
    assert site.ask("/", "--request-target", "https://evil.example/", "--http1.1").status == 0


def test_a_body_over_the_limit_is_refused(site: Site) -> None:
    big = site.folder / "big"
    big.write_bytes(b"name=" + b"a" * 3_000_000)
    answer = site.ask("/interactions/", "--data-binary", f"@{big}")
    assert answer.status == 413
    assert "" not in {answer.header(name) for name in GUARDS}


@pytest.mark.parametrize(("path", "burst", "place"), [("/interactions/", 120, 77), ("/account/login/", 60, 78)])
def test_forms_sent_without_end_are_refused_and_pages_are_not(site: Site, path: str, burst: int, place: int) -> None:
    other_place = ["--interface", f"127.0.0.{place}"]
    statuses = site.post_many([path] * (burst + 40), *other_place)
    assert len(statuses) == burst + 40
    assert 429 not in statuses[:burst]
    assert 429 in statuses
    assert site.ask(PAGE, *other_place).status == 200
    assert site.ask(path, "--data", "x=1").status != 429, "somebody else may"


def test_metrics_are_for_this_machine(site: Site) -> None:
    token = ["-H", f"Authorization: Bearer {TOKEN}"]
    assert site.ask("/metrics", *token).status == 404
    assert site.ask("/metrics/", *token).status == 404
    assert b"medguide_request_seconds" in site.ask_here("/metrics", *token).body
    assert site.ask_here("/metrics").status == 404
    assert (site.ask_here("/readyz").status, site.ask_here(PAGE).status) == (200, 404)


# --- Written down ---------------------------------------------------------------------------------------------


def test_no_log_tells_who_read_what(site: Site) -> None:
    somebody = ["--interface", "127.0.0.55", "-A", "a-browser-of-its-own", "-e", "https://medguide.example/came-from/"]
    token = "a-secret-of-an-invitation"
    for path in (
        f"{PAGE}?typed=lithium",
        "/medicines/sertraline/",
        f"/invitations/{token}/",
        f"/shared/{token}/",
        "/baclofen/",
        "/static/no",
    ):
        site.ask(path, *somebody)
    site.ask("/interactions/", *somebody, "--data-binary", "a" * 100_000)
    site.ask(PAGE, *somebody, name="evil.example")
    site.ask(PAGE, *somebody, scheme="http")
    site.ask_here("/readyz", *somebody)
    lines = site.log_lines("medguide.log")
    one = r"\S+ (GET|HEAD|POST|other) [a-z-]+ \d{3} \d+ bytes [\d.]+ s app=[\d, -]+ cache=[A-Z-]+"
    assert all(re.fullmatch(one, line) for line in lines)
    assert any(" GET medicines 200 " in line for line in lines)
    assert any(" GET invitations " in line for line in lines)
    assert any(" GET shared 404 " in line for line in lines)
    assert not any(token in line for line in lines)
    assert any(" GET other 404 " in line for line in lines)
    for name in ("access.log", "error.log", "medguide-error.log"):
        assert site.log_lines(name) == [], name


def test_what_went_wrong_is_written_down_without_the_reader(site: Site) -> None:
    before = len(site.log_lines("medguide.log"))
    kept = site.ask(PAGE).body
    with site.without_the_app():
        answer = site.ask("/medicines/lithium/?uncached", "--interface", "127.0.0.55")
        assert answer.status == 502
        assert b'<a href="tel:911">911</a>' in answer.body
        assert "" not in {answer.header(name) for name in GUARDS}
        assert (site.ask(PAGE).status, site.ask(PAGE).body) == (200, kept), "what is kept is served"
    assert any(" GET medicines 502 " in line for line in site.log_lines("medguide.log")[before:])
    assert site.log_lines("medguide-error.log") == site.log_lines("error.log") == []
    assert site.ask("/medicines/?back").status == 200


def test_no_page_of_the_private_wing_is_written_to_the_disk(site: Site) -> None:
    for folder in ("body", "proxy"):
        assert [file for file in Path(site.folder / folder).rglob("*") if file.is_file()] == []
