"""The doctor: a healthy installation has nothing to mend, and each fault is named with what mends it."""

import datetime
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from medguide import doctor
from medguide.accounts.models import User
from medguide.backups.keys import new_key
from medguide.email_url import SMTP
from monographs.models import ContentVersion, Monograph
from tests import mail_server, real_server


def told(**options: bool) -> tuple[list[str], str]:
    """The lines of the command, and the sentence with which it ended by 1; empty where it ended well."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out, **options)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


@pytest.fixture
def healthy(db: None, settings: Settings, tmp_path: Path, static_root: Path) -> Settings:
    """A public installation in which nothing is amiss."""
    settings.IS_LOCAL, settings.IS_HTTPS, settings.CAN_MAIL = False, True, True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    settings.SIGNUP, settings.BACKUP_KEY_FILE = "closed", tmp_path / "backup-key"
    settings.BACKUP_KEY_FILE.write_text(new_key())
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir(mode=0o700)
    settings.STATIC_ROOT = tmp_path / "static"
    shutil.copytree(static_root, settings.STATIC_ROOT)
    User.objects.create_user("owner@example.org", None)
    return settings


def test_a_healthy_installation_has_nothing_to_mend(healthy: Settings) -> None:
    assert told(mail=True) == (["Nothing to mend."], "")


def set_to(**values: object) -> Callable[[Settings], None]:
    def plant(settings: Settings) -> None:
        for name, value in values.items():
            setattr(settings, name, value)

    return plant


def open_to_all(settings: Settings) -> None:
    settings.VAR_DIR.chmod(0o755)


def no_such_folder(settings: Settings) -> None:
    settings.VAR_DIR = Path("/proc")  # where not even root makes a file


def old_stylesheet(settings: Settings) -> None:
    (settings.STATIC_ROOT / "css/site.css").write_text("body { color: red }")


def lost_script(settings: Settings) -> None:
    (settings.STATIC_ROOT / "js/site.js").unlink()


def lost_hashed_icon(settings: Settings) -> None:
    (settings.STATIC_ROOT / staticfiles_storage.stored_name("img/icon.svg")).unlink()


def unreadable_stylesheet(settings: Settings) -> None:
    (settings.STATIC_ROOT / "css/site.css").unlink()
    (settings.STATIC_ROOT / "css/site.css").mkdir()  # what not even root can read


def nothing_collected(settings: Settings) -> None:
    shutil.rmtree(settings.STATIC_ROOT)
    settings.STATIC_ROOT = settings.STATIC_ROOT.with_name("elsewhere")


def no_content(settings: Settings) -> None:
    ContentVersion.objects.all().delete()


def other_content(settings: Settings) -> None:
    ContentVersion.objects.update(digest="of an older release")


def content_from_tomorrow(settings: Settings) -> None:
    ContentVersion.objects.update(loaded_at=timezone.now() + datetime.timedelta(days=1))


def nobody(settings: Settings) -> None:
    User.objects.update(is_active=False)


@pytest.mark.parametrize(
    ("plant", "what", "mend"),
    [
        (set_to(DEBUG=True), "Errors are shown with their insides", "MEDGUIDE_DEBUG to false"),
        (set_to(IS_HTTPS=False), "travels in the open", "MEDGUIDE_SITE_URL to an address with https://"),
        (set_to(SECRET_KEY="short"), "The secret key is too short", "openssl rand -base64 48"),
        (set_to(EMAIL_BACKEND=doctor.CONSOLE), "are written into the log", "MEDGUIDE_EMAIL_URL"),
        (open_to_all, "Every user of this machine may look into", "chmod o-rwx"),
        (no_such_folder, "Nothing can be written into /proc", "chown -R medguide"),
        (old_stylesheet, "css/site.css among them", "manage.py collectstatic --noinput"),
        (lost_script, "1 static files are missing or old, js/site.js", "manage.py collectstatic"),
        (lost_hashed_icon, "1 static files are missing or old, img/icon.svg", "manage.py collectstatic"),
        (unreadable_stylesheet, "Static files cannot be read (Is a directory)", "chmod -R a+rX"),
        (nothing_collected, "static files are missing or old", "manage.py collectstatic"),
        (no_content, "No content is loaded", "manage.py load_content"),
        (other_content, "is not that of the files", "manage.py load_content"),
        (content_from_tomorrow, "The clock of this machine is behind", "timedatectl set-ntp true"),
        (nobody, "There is no account", "manage.py create_owner"),
    ],
)
def test_a_fault_is_named_with_what_mends_it(
    healthy: Settings, plant: Callable[[Settings], None], what: str, mend: str
) -> None:
    plant(healthy)
    [line], end = told()
    assert line.startswith("To mend: ")
    assert what in line
    assert mend in line
    assert end == "1 thing to mend."


def test_two_faults_are_counted(healthy: Settings) -> None:
    open_to_all(healthy)
    nobody(healthy)
    lines, end = told()
    assert (len(lines), end) == (2, "2 things to mend.")


@pytest.mark.parametrize(
    ("plant", "what"),
    [
        (set_to(CAN_MAIL=False), "No e-mail can be sent"),
        (set_to(BACKUP_KEY_FILE=None), "manage.py backup --new-key"),
        (set_to(BACKUP_KEY_FILE=Path("/nowhere/backup-key")), "manage.py backup --new-key"),
        (set_to(BACKUP_KEY_FILE=Path(os.devnull)), "manage.py backup --new-key"),
        (set_to(SECURE_PROXY_SSL_HEADER=None), "Set MEDGUIDE_BEHIND_PROXY to true"),
        (set_to(IS_LOCAL=True, DEBUG=True), "Errors are shown with their insides"),
    ],
)
def test_what_is_good_to_know_is_told_and_no_fault(
    healthy: Settings, plant: Callable[[Settings], None], what: str
) -> None:
    plant(healthy)
    lines, end = told()
    assert any(line.startswith("To know: ") and what in line for line in lines)
    assert (lines[-1], end) == ("Nothing to mend.", "")


def test_pages_that_wait_for_their_check_are_told(healthy: Settings) -> None:
    day = datetime.date(2020, 1, 1)
    late = Monograph.objects.filter(medicine__slug__in=["baclofen", "warfarin"])
    late.update(checked_on=day, next_check_on=day + datetime.timedelta(days=10))
    late.filter(medicine__slug="warfarin").update(next_check_on=day + datetime.timedelta(days=9))
    [line, end], _ = told()
    assert line.startswith("To know: 2 pages are past the day of their next check, and say so. The oldest is Warfarin")
    assert end == "Nothing to mend."


def test_where_all_may_sign_up_nobody_has_to_be_first(healthy: Settings) -> None:
    healthy.SIGNUP = "open"
    nobody(healthy)
    assert told() == (["Nothing to mend."], "")


def set_mail_server(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_TIMEOUT = "medguide", "secret", 0.5
    settings.DEFAULT_FROM_EMAIL, settings.CONTACT_EMAIL = "MedGuide <medguide@medguide.example>", ""


def test_a_mail_server_that_does_not_answer_is_only_asked_with_mail(healthy: Settings) -> None:
    set_mail_server(healthy, real_server.free_port())
    assert told()[1] == ""
    [line], end = told(mail=True)
    assert "The mail server does not answer as it should (ConnectionRefusedError). Look at server and port" in line
    assert end == "1 thing to mend."


def test_a_mail_server_that_takes_our_letters_is_healthy_and_gets_none(healthy: Settings) -> None:
    with mail_server.answering() as server:
        set_mail_server(healthy, server.port)
        assert told(mail=True) == (["Nothing to mend."], "")
    verbs = [line.split()[0] for line in server.heard]
    assert verbs == ["ehlo", "AUTH", "mail", "rcpt", "rset", "quit"]
    assert server.heard[2].lower().startswith("mail from:<medguide@medguide.example>")


@pytest.mark.parametrize(
    ("answers", "what", "mend"),
    [
        ({"auth": "535 5.7.8 no"}, "does not take our user and password", "Mend them in MEDGUIDE_EMAIL_URL"),
        ({"mail": "553 not yours"}, "takes no letter from medguide@medguide.example (553 not yours)", "EMAIL_FROM"),
        ({"rcpt": "554 relay access denied"}, "(554 relay access denied)", "user and password"),
        ({"ehlo": "421 come back later", "helo": "421 later"}, "does not answer as it should (SMTPHelo", "firewalls"),
        (None, "does not answer as it should (SMTPServerDisconnected)", "firewalls"),
    ],
)
def test_what_a_mail_server_does_not_like_is_named(
    healthy: Settings, answers: dict[str, str] | None, what: str, mend: str
) -> None:
    with mail_server.hanging() if answers is None else mail_server.answering(**answers) as server:
        set_mail_server(healthy, server.port)
        [line], end = told(mail=True)
    assert what in line
    assert mend in line
    assert "secret" not in line
    assert end == "1 thing to mend."


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_a_certificate_that_nobody_signed_is_named(healthy: Settings, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*new, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with mail_server.answering(tls=(certificate, key)) as server:
        set_mail_server(healthy, server.port)
        healthy.EMAIL_USE_SSL = True
        [line], _end = told(mail=True)
    assert "certificate cannot be trusted (self-signed certificate)" in line


def test_a_full_disk_is_named(healthy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)  # no disk is that large
    [line], _ = told()
    assert "MB left, and 1000000000000 are needed" in line
    assert "Make room" in line


def found(**changed: object) -> list[str]:
    now = timezone.now()
    values = {"now": now, "today": timezone.localdate(now)} | changed
    return [str(finding) for finding in doctor.examine(**values)]  # type: ignore[arg-type]


def test_clocks_that_differ_are_named(healthy: Settings) -> None:
    [finding] = found(now=timezone.now() + datetime.timedelta(minutes=5))
    assert "differ by more than a minute" in finding
    assert "timedatectl set-ntp true" in finding


def test_an_old_python_is_named(healthy: Settings) -> None:
    assert found(python=(3, 10, 4)) == ["This is Python 3.10.4. Make .venv anew with Python 3.11 or newer."]


# --- The command itself, on installations of their own --------------------------------------------------------


def run(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=real_server.ROOT, env=environment, check=False, capture_output=True, text=True, input="a" * 20
    )


def test_an_installation_from_its_first_day_to_a_tampered_history(tmp_path: Path) -> None:
    # Given an installation whose database is new
    var_dir = tmp_path / "var"
    url = real_server.own_database()
    environment = {"MEDGUIDE_VAR_DIR": str(var_dir), "MEDGUIDE_DATABASE_URL": url, "PATH": "/usr/bin:/bin"}
    environment["MEDGUIDE_BACKUP_KEY_FILE"] = str(tmp_path / "backup-key")
    (tmp_path / "backup-key").write_text(new_key())
    examined = run(environment, "doctor")
    assert (examined.returncode, "of the code's migrations. Run: manage.py migrate" in examined.stdout) == (1, True)
    assert var_dir.stat().st_mode & 0o777 == 0o700

    # When it is filled as the sentences say, nothing is left
    for command in (["migrate"], ["load_content"], ["collectstatic", "--noinput"]):
        assert run(environment, *command, "-v0").returncode == 0
    assert "Run: manage.py create_owner" in run(environment, "doctor").stdout
    assert run(environment, "create_owner", "owner@example.org", "--password-stdin").returncode == 0
    examined = run(environment, "doctor")
    assert (examined.returncode, examined.stdout) == (0, "Nothing to mend.\n")

    # When a guard of the history is taken away, it is missed, and put back
    drop = (
        "from django.db import connection; on = '' if connection.vendor == 'sqlite' else "
        "' ON medicine_lists_historyevent'; connection.cursor().execute('DROP TRIGGER history_is_never_deleted' + on)"
    )
    assert run(environment, "shell", "-c", drop).returncode == 0
    examined = run(environment, "doctor")
    assert examined.returncode == 1
    assert "History can be changed: the database lacks history_is_never_deleted." in examined.stdout
    assert "manage.py doctor --guard-history" in examined.stdout
    assert run(environment, "doctor", "--guard-history").returncode == 0
    assert run(environment, "doctor").stdout == "Nothing to mend.\n"

    # And a replica that is away is named
    nowhere = {"MEDGUIDE_DATABASE_REPLICA_URL": "postgres://medguide@%2Fnowhere/medguide"}
    examined = run(environment | nowhere, "doctor")
    assert (examined.returncode, "The replica does not answer" in examined.stdout) == (1, True)


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    nowhere = {"MEDGUIDE_DATABASE_URL": "postgres://medguide@%2Fnowhere/medguide"}
    examined = run({"MEDGUIDE_VAR_DIR": str(tmp_path / "var"), "PATH": "/usr/bin:/bin"} | nowhere, "doctor")
    assert examined.returncode == 1
    assert "The database does not answer. Start it, or mend MEDGUIDE_DATABASE_URL." in examined.stdout
    assert "Traceback" not in examined.stderr
