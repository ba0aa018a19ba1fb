"""A mail server that answers as it is told, and one that takes the connection and says nothing."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

USUAL = {"ehlo": "250-here\r\n250 AUTH PLAIN", "auth": "235 welcome", "data": "354 go on", ".": "250 taken"}


@dataclass
class MailServer:
    """`heard` has the lines that came, of letters too."""

    port: int
    heard: list[str] = field(default_factory=list)


@contextmanager
def answering(tls: tuple[Path, Path] | None = None, **answers: str) -> Iterator[MailServer]:
    """To each word, such as rcpt="550 no", and "250 ok" to any other. `tls`: certificate and key, from the start."""
    says = USUAL | answers

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            is_letter = False
            for line in self.rfile:
                text = line.decode().rstrip("\r\n")
                found.heard.append(text)
                word = text.split(":")[0].split(" ")[0].lower()
                if is_letter and text != ".":
                    continue
                is_letter = word == "data"
                self.wfile.write(says.get(word, "250 ok").encode() + b"\r\n")
                if word == "quit":
                    return

    class Server(socketserver.ThreadingTCPServer):
        def get_request(self) -> tuple[socket.socket, object]:
            plain, address = super().get_request()
            if not tls:
                return plain, address
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*tls)
            return context.wrap_socket(plain, server_side=True), address  # an OSError here is a client that left

    with Server(("127.0.0.1", 0), Conversation) as server:
        found = MailServer(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def hanging() -> Iterator[MailServer]:
    """The kernel takes the connection; nobody ever says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield MailServer(listening.getsockname()[1])
