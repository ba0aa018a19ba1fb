"""Requests that no browser sends, byte by byte: to nginx with the shipped configuration, and past it to the server.

Two programs that do not agree on where a request ends let somebody put an answer in the place of another reader's.
"""

import re
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from socket import SHUT_WR, create_connection, socket

import pytest

from tests.deploy.site import NAME, Site, is_installed, running

pytestmark = pytest.mark.skipif(not is_installed(), reason="nginx with its brotli module, curl or openssl is missing")

PAGE = "/medicines/baclofen/"
MANY = 100
BIG = 50_000  # of so many letters most are still under way when the answer comes, which may be lost then
HOST = f"Host: {NAME}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 127.0.0.9\r\n"  # nginx writes its own over them
HIDDEN = f"GET /about/ HTTP/1.1\r\n{HOST}\r\n"  # the request inside the request
ABOUT = b"<title>About"
GET = f"GET /healthz HTTP/1.1\r\n{HOST}"
POST = f"POST /interactions/ HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"
PART = "--b\r\nContent-Disposition: form-data; name=name\r\n\r\n"
CHUNKED, EMPTY = "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"
# What is sent, and what each answers: nginx, and the server. One answer, never that of the hidden request.
CASES = {
    "a length, and chunks": (f"{POST}Content-Length: {5 + len(HIDDEN)}\r\n{CHUNKED}\r\n{EMPTY}{HIDDEN}", 400, 422),
    "chunks, and a length": (f"{POST}{CHUNKED}Content-Length: 5\r\n\r\n{EMPTY}{HIDDEN}", 400, 422),
    "two lengths": (f"{POST}Content-Length: 0\r\nContent-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}", 400, 400),
    "two lengths, the longer first": (
        f"{POST}Content-Length: {len(HIDDEN)}\r\nContent-Length: 0\r\n\r\n{HIDDEN}", 400, 400,
    ),
    "a list of lengths": (f"{POST}Content-Length: 0, {len(HIDDEN)}\r\n\r\n{HIDDEN}", 400, 400),
    "a length with a sign": (f"{POST}Content-Length: +0\r\n\r\n{HIDDEN}", 400, 400),
    "a length below nothing": (f"{POST}Content-Length: -1\r\n\r\n{HIDDEN}", 400, 400),
    "a length in hex": (f"{POST}Content-Length: 0x0\r\n\r\n{HIDDEN}", 400, 400),
    "a length that no number holds": (f"{POST}Content-Length: {'9' * 30}\r\n\r\n{HIDDEN}", 400, 400),
    "an unknown encoding": (f"{POST}Transfer-Encoding: xchunked\r\n\r\n{EMPTY}{HIDDEN}", 501, 400),
    "chunks, then something else": (f"{POST}Transfer-Encoding: chunked, identity\r\n\r\n{EMPTY}{HIDDEN}", 501, 400),
    "two encodings": (f"{POST}{CHUNKED}Transfer-Encoding: identity\r\n\r\n{EMPTY}{HIDDEN}", 400, 400),
    "chunks in HTTP/1.0": (f"{POST.replace('/1.1', '/1.0')}{CHUNKED}\r\n{EMPTY}{HIDDEN}", 400, 400),
    "a space before the colon": (
        f"{POST}Content-Length: 5\r\n{CHUNKED.replace(':', ' :')}\r\n{EMPTY}{HIDDEN}", 400, 400,
    ),
    "a strange space before chunked": (f"{POST}{CHUNKED.replace(' ', chr(11))}\r\n{EMPTY}{HIDDEN}", 501, 400),
    "a folded line": (f"{POST}Content-Length: 5\r\nX: a\r\n {CHUNKED}\r\n{EMPTY}{HIDDEN}", 400, 400),
    "chunked on a folded line": (
        f"{POST}Content-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n{EMPTY}{HIDDEN}", 400, 400,
    ),
    "a line that ends in CR alone": (f"{POST}Content-Length: 5\r\nX: a\r{CHUNKED}\r\n{EMPTY}{HIDDEN}", 400, 400),
    "a zero byte": (f"{POST}X: a\0b\r\nContent-Length: 0\r\n\r\n{HIDDEN}", 400, 400),
    "a chunk below nothing": (f"{POST}{CHUNKED}\r\n-1\r\n\r\n{HIDDEN}", 400, 422),
    "a chunk that no number holds": (f"{POST}{CHUNKED}\r\n{'f' * 17}\r\n{HIDDEN}", 400, 422),
    "a request in the body of one that has none": (f"{GET}Content-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}", 200, 200),
    "two hosts": (f"{GET}Host: evil.example\r\n\r\n", 400, 400),
    "no host": ("GET /healthz HTTP/1.1\r\n\r\n", 400, 400),
    "a header of 5 MB": (f"{GET}X: {'a' * 5_000_000}\r\n\r\n", 400, 431),
    "5,000 headers": (GET + "".join(f"X-{n}: a\r\n" for n in range(5_000)) + "\r\n", 400, 431),
    "an address of 200 kB": (f"GET /healthz?{'a' * 200_000} HTTP/1.1\r\n{HOST}\r\n", 414, 414),
    "a way to somewhere else": ("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", 400, 400),
}  # fmt: skip
Connect = Callable[[], socket]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(params=["nginx", "the server"])
def connect(request: pytest.FixtureRequest, site: Site) -> Connect:
    return partial(to_nginx if request.param == "nginx" else to_the_server, site)


def to_nginx(site: Site) -> socket:
    context = ssl.create_default_context(cafile=str(site.folder / "tls/fullchain.pem"))
    return context.wrap_socket(create_connection(("127.0.0.1", site.tls), timeout=30), server_hostname=NAME)


def to_the_server(site: Site) -> socket:
    return create_connection(("127.0.0.1", site.apps[0]), timeout=30)


def answers(connect: Connect, sent: str) -> tuple[list[int], bytes]:
    """The statuses of all that comes back, until the connection ends or is silent, and the bytes."""
    got = b""
    with connect() as connection:
        try:
            connection.sendall(sent.encode())
            while part := connection.recv(65_536):
                got += part
                connection.settimeout(0.5)
        except OSError:  # silent, or ended while we sent
            pass
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", got)], got


def test_two_requests_get_two_answers(connect: Connect) -> None:
    """What the others look for can be seen."""
    statuses, got = answers(connect, f"{GET}\r\n{HIDDEN}")
    assert (statuses, ABOUT in got) == ([200, 200], True)


@pytest.mark.parametrize("case", CASES)
def test_a_request_is_one_request(connect: Connect, site: Site, case: str) -> None:
    sent, by_nginx, by_the_server = CASES[case]
    statuses, got = answers(connect, sent)
    expected = by_nginx if connect.func is to_nginx else by_the_server  # type: ignore[attr-defined]
    assert statuses == [expected] or (len(sent) > BIG and statuses == [])
    assert ABOUT not in got
    for _ in range(2):  # nginx goes on using its connections to the server
        answer = site.ask(f"{PAGE}?{uuid.uuid4()}")
        assert (answer.status, b"<title>Baclofen" in answer.body) == (200, True)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("application/x-www-form-urlencoded", "name=warfarin&name=ibuprofen"),
        ("multipart/form-data; boundary=b", f"{PART}warfarin\r\n{PART}ibuprofen\r\n--b--\r\n"),
    ],
    ids=["urlencoded", "multipart"],
)
def test_half_a_form_is_no_form(site: Site, kind: str, typed: str) -> None:
    """A connection that is lost while a form is under way, to the server alone: nginx hands on whole forms."""
    form = f"POST /interactions/ HTTP/1.1\r\n{HOST}Content-Type: {kind}\r\n"
    for missing, status in ((20, 400), (0, 200)):
        with to_the_server(site) as connection:
            connection.sendall(f"{form}Content-Length: {len(typed) + missing}\r\n\r\n{typed}".encode())
            if missing:
                connection.shutdown(SHUT_WR)
            assert connection.recv(12) == f"HTTP/1.1 {status}".encode(), missing


@contextmanager
def dribbling(connect: Connect, start: str) -> Iterator[list[socket]]:
    """Many connections that begin so, and then send a byte now and then."""
    end = threading.Event()
    with ExitStack() as stack:
        connections = [stack.enter_context(connect()) for _ in range(MANY)]
        for connection in connections:
            connection.sendall(start.encode())

        def dribble() -> None:
            while not end.wait(0.5):
                for connection in connections:
                    try:
                        connection.sendall(b"a")
                    except OSError:
                        continue

        thread = threading.Thread(target=dribble, daemon=True)
        thread.start()
        try:
            yield connections
        finally:
            end.set()
            thread.join()


def longest_answer(connect: Connect) -> float:
    """Seconds of the slowest of ten uncached pages, asked for one after the other."""
    longest = 0.0
    for _ in range(10):
        started = time.monotonic()
        asked = f"GET {PAGE}?{uuid.uuid4()} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n"
        statuses, got = answers(connect, asked)
        assert (statuses, b"</html>" in got) == ([200], True)
        longest = max(longest, time.monotonic() - started)
    return longest


def test_slow_headers_hold_up_nobody(connect: Connect) -> None:
    with dribbling(connect, f"{GET}X: a"):
        assert longest_answer(connect) < 5


def test_slow_bodies_hold_up_nobody(site: Site) -> None:
    """Behind nginx, which hands on whole forms. The server alone has four threads, and a slow form takes one."""
    with dribbling(partial(to_nginx, site), f"{POST}Content-Length: 100000\r\n\r\n"):
        assert longest_answer(partial(to_nginx, site)) < 5


def test_nginx_ends_those_who_never_finish_a_header(site: Site) -> None:
    with dribbling(partial(to_nginx, site), f"{GET}X: a") as connections:
        deadline = time.monotonic() + 25  # client_header_timeout is 15
        for connection in connections:
            connection.settimeout(max(0.1, deadline - time.monotonic()))
            try:
                assert connection.recv(1) == b""
            except ConnectionError:  # reset_timedout_connection
                continue
