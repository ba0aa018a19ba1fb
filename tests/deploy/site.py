"""nginx with the shipped configuration in front of the real server, and a reader who asks with curl."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request

from tests import real_server

NAME = "medguide.example"
TOKEN = "a token for this test"
OWNER, PASSWORD = "owner@example.org", "seven quiet horses walk"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
# What Debian's nginx.conf has around a site, its log of addresses and paths included: the site must not write into it.
AROUND = """
{user}
load_module {brotli};
pid {folder}/nginx.pid;
error_log {folder}/log/error.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log {folder}/log/access.log;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/medguide.conf;
}}
"""


def is_installed() -> bool:
    return bool(shutil.which("nginx") and shutil.which("curl") and shutil.which("openssl") and BROTLI.exists())


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where none came. Names of headers are in lower case; one that came twice has two values."""

    status: int
    version: str
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """The one value of this header, or an empty string. Raises ValueError where it came twice."""
        [value] = self.headers.get(name, [""])
        return value


class Site:
    def __init__(self, folder: Path, environment: dict[str, str], servers: int = 1) -> None:
        self.folder, self.environment = folder, environment
        self.tls, self.http, self.watch = (real_server.free_port() for _ in range(3))
        self.apps = [real_server.free_port() for _ in range(servers)]
        self.processes: list[subprocess.Popen[bytes]] = []
        self.static = Path(environment["MEDGUIDE_VAR_DIR"]) / "static"
        self._asked = 0
        self._app = ExitStack()

    def configure(self) -> None:
        """Only what the head of the file says that an installation changes, and the ports."""
        text = (real_server.ROOT / "docs/deploy/nginx.conf").read_text()
        if len(self.apps) > 1:
            assert "    # ip_hash;" in text
            text = text.replace("    # ip_hash;", "    ip_hash;")
        text = re.sub(r" *listen \[::\]:.*\n", "", text)  # not every machine that tests has IPv6
        for shipped, ours in {
            "/etc/medguide/tls/": f"{self.folder}/tls/",
            "/var/lib/medguide/static/": f"{self.static}/",
            "/var/cache/nginx/medguide": f"{self.folder}/cache",
            "/var/log/nginx/": f"{self.folder}/log/",
            "/var/www/letsencrypt": f"{self.folder}/acme",
            "    server 127.0.0.1:8000;": "\n".join(f"    server 127.0.0.1:{port};" for port in self.apps),
            "127.0.0.1:9101": f"127.0.0.1:{self.watch}",
            "listen 443 ": f"listen 127.0.0.1:{self.tls} ",
            "listen 80;": f"listen 127.0.0.1:{self.http};",
            "listen 80 ": f"listen 127.0.0.1:{self.http} ",
        }.items():
            assert shipped in text, shipped
            text = text.replace(shipped, ours)
        for name in ("log", "tls", "acme"):
            (self.folder / name).mkdir()
        (self.folder / "medguide.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""  # a test's folder is closed to www-data
        (self.folder / "nginx.conf").write_text(AROUND.format(user=user, brotli=BROTLI, folder=self.folder))
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
                "-addext", f"subjectAltName=DNS:{NAME}",
                "-keyout", self.folder / "tls/privkey.pem", "-out", self.folder / "tls/fullchain.pem",
            ],
            check=True, capture_output=True,
        )  # fmt: skip

    @contextmanager
    def nginx(self) -> Iterator[None]:
        command = ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", "stderr"]
        process = subprocess.Popen([*command, "-g", "daemon off;"])
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=10)

    def start_the_app(self) -> None:
        self.processes = []
        for port in self.apps:
            url = Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": NAME})
            serving = real_server.serving(real_server.granian(port), self.environment, url)
            self.processes.append(self._app.enter_context(serving))

    def stop_the_app(self) -> None:
        self._app.close()

    @contextmanager
    def without_the_app(self) -> Iterator[None]:
        self.stop_the_app()
        yield
        self.start_the_app()

    def manage(self, *arguments: str, typed: str = "") -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=real_server.ROOT, env=self.environment, input=typed, check=True, capture_output=True, text=True
        ).stdout

    def ask(self, path: str, *options: str, scheme: str = "https", name: str = NAME) -> Answer:
        """What a reader gets. `options` are curl's."""
        port = {"https": self.tls, "http": self.http}[scheme]
        return self._curl(f"{scheme}://{name}{path}", "--connect-to", f"::127.0.0.1:{port}", *options)

    def ask_the_app(self, path: str, *options: str) -> Answer:
        """The same past nginx."""
        headers = ["-H", f"Host: {NAME}", "-H", "X-Forwarded-Proto: https", "-H", "X-Forwarded-For: 127.0.0.9"]
        return self._curl(f"http://127.0.0.1:{self.apps[0]}{path}", *headers, *options)

    def ask_here(self, path: str, *options: str) -> Answer:
        """What a program on this machine gets, at the port for watching."""
        return self._curl(f"http://127.0.0.1:{self.watch}{path}", *options)

    def post_many(self, paths: list[str], *options: str) -> list[int]:
        """The statuses of many small forms, sent one after the other over one connection."""
        each = [
            "--connect-to", f"::127.0.0.1:{self.tls}", "--cacert", str(self.folder / "tls/fullchain.pem"), *options,
            "--output", "/dev/null", "--write-out", "%{http_code}\n",
        ]  # fmt: skip
        command = ["curl", "--silent"]
        for number, path in enumerate(paths):
            command += [*(["--next", "--silent"] if number else []), *each, "--data", "x=1", f"https://{NAME}{path}"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        return [int(status) for status in done.stdout.split()]

    def forget_pages(self) -> None:
        """As docs/deploy.md says after an upgrade."""
        for file in (self.folder / "cache").rglob("*"):
            if file.is_file():
                file.unlink()

    def _curl(self, url: str, *options: str) -> Answer:
        self._asked += 1
        head, body = (self.folder / f"{self._asked}.{part}" for part in ("head", "body"))
        done = subprocess.run(
            [
                "curl", "--silent", "--path-as-is", "--max-time", "30", "--cacert", self.folder / "tls/fullchain.pem",
                "--dump-header", head, "--output", body, "--write-out", "%{http_code} %{http_version}", *options, url,
            ],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        status, version = done.stdout.split()[:2]
        headers: dict[str, list[str]] = {}
        for line in head.read_text().splitlines() if head.exists() else []:
            title, colon, value = line.partition(":")
            if colon:
                headers.setdefault(title.lower(), []).append(value.strip())
        return Answer(int(status), version, headers, body.read_bytes() if body.exists() else b"")

    def log_lines(self, name: str) -> list[str]:
        """nginx writes a line after the answer, so a moment later."""
        time.sleep(0.2)
        return (self.folder / "log" / name).read_text().splitlines()


@contextmanager
def running(folder: Path, servers: int = 1) -> Iterator[Site]:
    """The whole installation, with an owner. More servers than one stand for as many machines."""
    (folder / "var").mkdir(mode=0o700)
    environment = real_server.prepare(
        folder / "var",
        MEDGUIDE_SITE_URL=f"https://{NAME}", MEDGUIDE_SECRET_KEY="s" * 20 + "ecret for this test alone" * 2,
        MEDGUIDE_BEHIND_PROXY="true", MEDGUIDE_METRICS_TOKEN=TOKEN, MEDGUIDE_DEBUG="0",
    )  # fmt: skip
    site = Site(folder, environment, servers)
    site.configure()
    site.manage("create_owner", OWNER, "--password-stdin", typed=PASSWORD + "\n")
    with ExitStack() as stack:
        stack.enter_context(site.nginx())
        stack.callback(site.stop_the_app)
        site.start_the_app()
        yield site
