"""Settings: nothing to make on one's own machine, nothing missing on a public one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from medguide import email_url
from medguide.email_url import BACKENDS, EmailSettings, read_email_url

ROOT = Path(__file__).resolve().parent.parent.parent
SHOW = """
import json
from medguide import settings as s
print(json.dumps({k: getattr(s, k) for k in (
    "DEBUG", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME")}))
"""


def run(tmp_path: Path, show: str = SHOW, **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MEDGUIDE_")}
    environment = {"MEDGUIDE_VAR_DIR": str(tmp_path / "var"), **environment}
    return subprocess.run(
        [sys.executable, "-c", show],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_settings_it_is_a_private_installation(tmp_path: Path) -> None:
    first = json.loads(run(tmp_path).stdout)
    assert first["DEBUG"] is False
    assert first["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert len(first["SECRET_KEY"]) >= 50
    assert first["SECURE_SSL_REDIRECT"] is False
    assert json.loads(run(tmp_path).stdout)["SECRET_KEY"] == first["SECRET_KEY"]
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o077 == 0


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    keys = {json.loads(run(tmp_path / name).stdout)["SECRET_KEY"] for name in "ab"}
    assert len(keys) == 2


def test_a_public_installation_must_be_given_its_secret(tmp_path: Path) -> None:
    result = run(tmp_path, MEDGUIDE_SITE_URL="https://medguide.example")
    assert result.returncode != 0
    assert "MedGuide needs a secret key. Put a long random text into MEDGUIDE_SECRET_KEY" in result.stderr
    assert not (tmp_path / "var" / "secret-key").exists()


def test_a_public_installation_is_strict(tmp_path: Path) -> None:
    result = run(tmp_path, MEDGUIDE_SITE_URL="https://medguide.example/", MEDGUIDE_SECRET_KEY="x" * 50)
    assert json.loads(result.stdout) == {
        "DEBUG": False,
        "SITE_URL": "https://medguide.example",
        "ALLOWED_HOSTS": ["medguide.example"],
        "SECRET_KEY": "x" * 50,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 63_072_000,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
    }


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    result = run(tmp_path, MEDGUIDE_SITE_URL="https://medguide.example", MEDGUIDE_SECRET_KEY_FILE=str(tmp_path / "key"))
    assert json.loads(result.stdout)["SECRET_KEY"] == "from a file"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("SITE_URL", "medguide"),
        ("CONTACT_EMAIL", "nobody"),
        ("DATABASE_URL", "nonsense"),
        ("SIGNUP", "perhaps"),
        ("EMAIL_URL", "mail.example.org"),
        ("EMAIL_FROM", "nobody"),
        ("TIME_ZONE", "Chicago"),
    ],
)
def test_a_setting_that_cannot_be_read_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    result = run(tmp_path, **{f"MEDGUIDE_{name}": value})
    assert result.returncode != 0
    assert result.stdout == ""


# --- Accounts and letters ---------------------------------------------------------------------------------

SHOW_ACCOUNTS = """
import json
from medguide import settings as s
print(json.dumps({k: getattr(s, k) for k in (
    "SIGNUP", "CAN_MAIL", "EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_SSL", "DEFAULT_FROM_EMAIL",
    "ALLAUTH_TRUSTED_PROXY_COUNT")}))
"""
PUBLIC = {"MEDGUIDE_SITE_URL": "https://medguide.example", "MEDGUIDE_SECRET_KEY": "x" * 50}
SMTP = "smtps://user:secret@mail.example.org"


def test_on_ones_own_machine_nobody_signs_up_and_letters_are_shown(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, SHOW_ACCOUNTS).stdout)
    assert found["SIGNUP"] == "closed"
    assert found["CAN_MAIL"] is True
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0


@pytest.mark.parametrize("signup", ["open", "invited"])
def test_a_public_installation_with_sign_up_needs_a_way_to_send_codes(tmp_path: Path, signup: str) -> None:
    result = run(tmp_path, SHOW_ACCOUNTS, **PUBLIC, MEDGUIDE_SIGNUP=signup)
    assert result.returncode != 0
    assert "Put the address of a mail server into MEDGUIDE_EMAIL_URL" in result.stderr
    found = json.loads(run(tmp_path, SHOW_ACCOUNTS, **PUBLIC, MEDGUIDE_SIGNUP=signup, MEDGUIDE_EMAIL_URL=SMTP).stdout)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"]) == ("mail.example.org", 465, True)
    assert found["DEFAULT_FROM_EMAIL"] == "MedGuide <medguide@medguide.example>"


def test_a_public_installation_without_mail_writes_no_codes_into_its_log(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, SHOW_ACCOUNTS, **PUBLIC, MEDGUIDE_BEHIND_PROXY="true").stdout)
    assert found["CAN_MAIL"] is False
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_a_password_in_a_setting_that_cannot_be_read_is_not_printed(tmp_path: Path) -> None:
    for url in ("smtp://user:secret@mail.example.org", "smtps://user:secret@mail.example.org:port", "pop://x:secret@y"):
        result = run(tmp_path, SHOW_ACCOUNTS, MEDGUIDE_EMAIL_URL=url)
        assert "MEDGUIDE_EMAIL_URL must look like" in result.stderr
        assert "secret" not in result.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("console:", EmailSettings(BACKENDS + "console.EmailBackend")),
        ("file:///var/a%20folder", EmailSettings(BACKENDS + "filebased.EmailBackend", path="/var/a folder")),
        ("smtp://localhost:1025", EmailSettings(email_url.SMTP, port=1025)),
        (
            "smtp+tls://ann%40example.org:p%2Fw@mail.example.org",
            EmailSettings(email_url.SMTP, "mail.example.org", 587, "ann@example.org", "p/w", use_tls=True),
        ),
    ],
)
def test_addresses_of_mail_servers(url: str, expected: EmailSettings) -> None:
    assert read_email_url(url) == expected
