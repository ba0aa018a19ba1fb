"""The other shipped files: units that systemd takes, settings that MedGuide knows, one command line for the server."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real_server import ROOT

FOLDER = ROOT / "docs/deploy"
UNITS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".service", ".timer"))
DOCUMENTS = [FOLDER / "environment.example", FOLDER / "Containerfile", ROOT / "docs/deploy.md"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    for name in UNITS:
        text = (FOLDER / name).read_text()
        (tmp_path / name).write_text(text.replace("/opt/medguide/.venv/bin", str(Path(sys.executable).parent)))
    files = [str(tmp_path / name) for name in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], check=False, capture_output=True, text=True
    )
    about_ours = [line for line in done.stderr.splitlines() if "medguide" in line]
    assert (done.returncode, about_ours) == (0, [])


def test_every_setting_that_is_named_is_one() -> None:
    known = set(re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "medguide/settings.py").read_text()))
    for document in DOCUMENTS:
        named = set(re.findall(r"MEDGUIDE_([A-Z_]+)", document.read_text()))
        assert named, document
        assert named <= known, document


def test_the_example_settings_start_an_installation(tmp_path: Path) -> None:
    text = (FOLDER / "environment.example").read_text()
    assert "/etc/medguide/secret-key" in text
    text = text.replace("/etc/medguide/secret-key", str(tmp_path / "key")).replace("/var/lib/medguide", str(tmp_path))
    (tmp_path / "key").write_text("k" * 50)
    (tmp_path / "environment").write_text(re.sub("^#MEDGUIDE", "MEDGUIDE", text, flags=re.MULTILINE))  # all of them
    show = (
        "import json; from medguide import settings as s;"
        "print(json.dumps([s.ALLOWED_HOSTS, s.DATABASES['default']['NAME'], s.VAR_DIR.as_posix(), s.EMAIL_HOST]))"
    )
    command = ["sh", "-ec", 'set -a; . "$1"; exec "$2" -c "$3"', "sh", tmp_path / "environment", sys.executable, show]
    done = subprocess.run(command, cwd=ROOT, env={}, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [["medguide.example"], "medguide", str(tmp_path), "mail.example.org"]


def test_the_server_is_started_everywhere_as_it_was_measured() -> None:
    measured = "--interface wsgi", "--no-ws", "--blocking-threads 4", "medguide.wsgi:application"
    for file in (ROOT / "Makefile", FOLDER / "medguide.service", FOLDER / "Containerfile"):
        [line] = [line for line in file.read_text().splitlines() if "--blocking-threads" in line]
        words = re.sub(r'[",\[\]]+', " ", line)
        for option in measured:
            assert option in re.sub(" +", " ", words), (file, option)
        assert "--workers " not in line
