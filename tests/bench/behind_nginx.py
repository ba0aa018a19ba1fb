"""A public page through nginx with the shipped configuration, against the same bytes as a file of nginx's own."""

import tempfile
from pathlib import Path

from tests.deploy.site import NAME, Site, is_installed

from .installation import PAGE, Installation
from .measuring import loads
from .report import Figure

CONNECTIONS = 16
GOAL = 0.9
SETTINGS = {
    "MEDGUIDE_SITE_URL": f"https://{NAME}",
    "MEDGUIDE_SECRET_KEY": "for the measuring alone, which nobody else can reach",
    "MEDGUIDE_BEHIND_PROXY": "true",
}


def figures(installation: Installation) -> list[Figure]:
    """About ten seconds. Nothing where nginx is not installed."""
    if not is_installed():
        return []
    with tempfile.TemporaryDirectory(prefix="medguide-nginx-") as folder:
        site = Site(Path(folder), {**installation.environment, **SETTINGS})
        site.configure()
        # wrk asks for the name that it connects to
        configuration = site.folder / "medguide.conf"
        text = configuration.read_text()
        configuration.write_text(text.replace(f"server_name {NAME};", f"server_name {NAME} localhost;"))
        with site.nginx():
            site.start_the_app()
            try:
                urls = {"page": _address(site, PAGE), "file": _address(site, _same_bytes(site))}
                taken = loads(urls, CONNECTIONS, headers={"Host": NAME})
            finally:
                site.stop_the_app()
    title = f"public page behind nginx, {CONNECTIONS} connections (floor: the same bytes as a file)"
    return [Figure(title, taken["page"].per_second, "req/s", taken["file"].per_second, GOAL)]


def _address(site: Site, path: str) -> str:
    return f"https://localhost:{site.tls}{path}"


def _same_bytes(site: Site) -> str:
    """Puts what a reader gets beside the static files. Raises RuntimeError where nginx gives other bytes for it."""
    path = "/static/bench/behind-nginx.html"
    page = site.ask(PAGE, "-H", "Accept-Encoding: br")
    file = site.static / path.removeprefix("/static/")
    file.write_bytes(site.ask(PAGE).body)
    file.with_name(f"{file.name}.br").write_bytes(page.body)
    if page.status != 200 or site.ask(path, "-H", "Accept-Encoding: br").body != page.body:
        raise RuntimeError("The page behind nginx and the static file differ.")
    return path
