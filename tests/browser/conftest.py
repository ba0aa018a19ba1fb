"""The browser of the stories, and the installations that it visits."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import real_server

from .visits import REFUSED_HOST, RETIRED_SLUG, SHARED

# Stories tell what is seen, not how fast: on a busy machine the next page may take its time.
expect.set_options(timeout=30_000)  # milliseconds

# Whatever this machine has set: no debugging, a key of its own; and a database of its own, see real_server.
OWN_SETTINGS = {"MEDGUIDE_DEBUG": "0", "MEDGUIDE_SECRET_KEY": "only for browser tests"}

RETIRE = f"""
from django.utils import timezone
from monographs.models import Medicine
Medicine.objects.create(
    slug="{RETIRED_SLUG}", name="retired", kind="prescription", route="by mouth", retired_at=timezone.now()
)
"""
SHARE = f"from tests.browser import lists; lists.share({SHARED!r})"


@pytest.fixture(scope="session")
def base_url() -> None:
    """Stories name whole addresses. The fixture of this name that pytest-playwright brings warns under pytest 9."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else Playwright's own. Where there is neither, every story fails."""
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    # The shell draws pages without the windows and tabs around them, in about half the time.
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return {**browser_type_launch_args, "args": args, **({"executable_path": chromium} if chromium else {})}


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, dict[str, str]]:
    """Folder, port and environment of an installation with the library, one retired medicine and one link."""
    var_dir, port = tmp_path_factory.mktemp("var"), real_server.free_port()
    address = f"http://127.0.0.1:{port}"
    environment = real_server.prepare(var_dir, MEDGUIDE_SITE_URL=address, **OWN_SETTINGS)
    for code in (RETIRE, SHARE):
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=real_server.ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return var_dir, port, environment


@pytest.fixture(scope="session")
def site(installation: tuple[Path, int, dict[str, str]]) -> Iterator[str]:
    """The address of a running MedGuide, without a slash at the end."""
    _, port, environment = installation
    address = f"http://127.0.0.1:{port}"
    with real_server.serving(real_server.granian(port), environment, f"{address}/"):
        yield address


@pytest.fixture(scope="session")
def developer_site(installation: tuple[Path, int, dict[str, str]]) -> Iterator[str]:
    """The same installation as its developers see it: with the gallery of components."""
    environment, port = {**installation[2], "MEDGUIDE_DEBUG": "1"}, real_server.free_port()
    address = f"http://127.0.0.1:{port}"
    with real_server.serving(real_server.granian(port), environment, f"{address}/gallery/"):
        yield address


@pytest.fixture(scope="session")
def broken_site(
    installation: tuple[Path, int, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An installation whose database has no tables: its pages end in a server error."""
    var_dir, port = tmp_path_factory.mktemp("broken"), real_server.free_port()
    (var_dir / "static").symlink_to(installation[0] / "static")
    environment = {
        **installation[2],
        "MEDGUIDE_VAR_DIR": str(var_dir),
        "MEDGUIDE_DATABASE_URL": real_server.own_database(),
    }
    address = f"http://127.0.0.1:{port}"
    with real_server.serving(real_server.granian(port), environment, f"{address}/robots.txt"):
        yield address


@pytest.fixture(scope="session")
def sites(site: str, developer_site: str, broken_site: str) -> dict[str, str]:
    """Where each page kind is found: the address of its server, by the name that `visits.KINDS` gives it."""
    return {
        "site": site,
        "refused": site.replace("127.0.0.1", REFUSED_HOST),
        "developer": developer_site,
        "broken": broken_site,
    }
