"""The application object that the server runs."""

import os
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from django.core.exceptions import BadRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguide.settings")

django = get_wsgi_application()


class WholeBody:
    """The body of a request, of as many bytes as its header said. Raises BadRequest where it ends before that.

    Granian hands on what had come when a connection was lost as if that were all: half a form would be taken for one.
    nginx keeps such a form to itself.
    """

    def __init__(self, body: BinaryIO, length: int) -> None:
        self._body, self._left = body, length

    def read(self, size: int = -1) -> bytes:
        part = self._body.read(size)
        return self._counted(part, ended=size < 0 or len(part) < size)

    def readline(self, size: int = -1) -> bytes:
        line = self._body.readline(size)
        return self._counted(line, ended=not line.endswith(b"\n") and (size < 0 or len(line) < size))

    def _counted(self, part: bytes, *, ended: bool) -> bytes:
        self._left -= len(part)
        if ended and self._left > 0:
            raise BadRequest("The connection was lost before all was sent.")
        return part


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    length = environ.get("CONTENT_LENGTH", "")
    if length.isdecimal():
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
    return django(environ, start_response)
