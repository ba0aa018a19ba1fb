"""Somebody's browser, which speaks to the real server."""

from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from .kills import TOKEN

PASSWORD = "seven quiet horses walk"


@dataclass
class Browser:
    """`port` may be changed: the next request goes to another server, with the same cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=lambda: {"csrf": TOKEN})

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """Status, and the page or where it leads. Nothing that the server could not answer."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        if data is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**data, "csrfmiddlewaretoken": self.cookies["csrf"]})
            connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        assert answer.status < 500, (path, answer.status)
        for name, morsel in SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie", []))).items():
            self.cookies[name] = morsel.value
        return answer.status, answer.headers.get("Location") or page

    def sign_in(self, email: str) -> None:
        status, page = self.ask("/account/login/", {"login": email, "password": PASSWORD, "next": "/lists/"})
        assert (status, page) == (302, "/lists/")
        self.ask("/account/reauthenticate/", {"password": PASSWORD, "next": "/lists/"})
