"""Names, and what several stories do."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Mapping

from django.http import HttpResponse
from django.test import Client
from justhtml import JustHTML

ANN = "ann@example.org"
NOBODY = "nobody@example.org"
PASSWORD = "seven purple wardrobes"
OTHER_PASSWORD = "nine yellow cupboards"
MOBILE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


def browser(user_agent: str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0") -> Client:
    """Another browser, with cookies of its own."""
    return Client(headers={"host": "127.0.0.1", "user-agent": user_agent})


def sign_in(client: Client, email: str = ANN, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/account/login/", {"login": email, "password": password, "next": "/account/", **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def code_in(letter: str) -> str:
    """The code that stands alone on its line."""
    return re.findall(r"^ +([A-Z]{4}-[A-Z]{4})$", letter, re.MULTILINE)[0]


def errors_of(response: HttpResponse) -> str:
    """The words of the error summary; empty where there is none."""
    summary = JustHTML(response.content, encoding="utf-8", sanitize=False).query(".error-summary")
    return summary[0].to_text() if summary else ""


def notes_of(response: HttpResponse) -> list[str]:
    """What the page says on top about what was done."""
    document = JustHTML(response.content, encoding="utf-8", sanitize=False)
    return [note.to_text().strip() for note in document.query("p.note[role=status]")]


def alike(response: HttpResponse, names: Mapping[str, str]) -> tuple[int, str, str]:
    """What somebody sees of an answer: without the token of the form, and with these words replaced."""
    body = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", response.content.decode())
    for word, stands_for in names.items():
        body = body.replace(word, stands_for)
    return response.status_code, response.headers.get("Location", ""), body


def show_password_again(client: Client, password: str = PASSWORD) -> None:
    """What is asked before something that matters."""
    client.post("/account/reauthenticate/", {"password": password, "next": "/account/"})


def let_time_pass(client: Client) -> None:
    """As if this browser had shown its password an hour ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": time.time() - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()


def totp(secret: str, at: float | None = None) -> str:
    """The six digits that an app shows (RFC 6238), worked out anew here."""
    key = base64.b32decode(secret)
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.digest(key, counter, hashlib.sha1)
    place = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
