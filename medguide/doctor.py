"""What an installation lacks, each in a sentence with what mends it. `manage.py doctor` prints it."""

import datetime
import shutil
import smtplib
import ssl
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks.security.base import check_secret_key
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models.functions import Now

from medguide.accounts.models import User
from medguide.backups.format import BackupError
from medguide.backups.keys import key_at_hand
from medguide.databases import REPLICA, migrations_to_run
from medguide.email_url import BACKENDS, SMTP
from medguide.medicine_lists import triggers
from medguide.smtp import EmailBackend
from medguide.static_files import BundledStaticFilesStorage
from monographs.content_files import library
from monographs.models import ContentVersion, Monograph

CONSOLE = BACKENDS + "console.EmailBackend"
OLDEST_PYTHON = (3, 11)
LEAST_FREE = 500_000_000  # bytes: a day of writes, and a load of the content beside the old one
MOST_WRONG = datetime.timedelta(seconds=60)  # codes of authenticator apps are good for half a minute early or late


@dataclass(frozen=True)
class Finding:
    """A sentence that says what is wrong and one that says what mends it; `must` it, or is it good to know?"""

    what: str
    mend: str
    must: bool = True

    def __str__(self) -> str:
        return f"{self.what} {self.mend}"


def examine(
    *,
    now: datetime.datetime,
    today: datetime.date,
    with_mail: bool = False,
    python: tuple[int, int, int] = sys.version_info[:3],
) -> Iterator[Finding]:
    """Everything that is found. Writes nothing but a file that it takes away again."""
    yield from _python(python)
    yield from _settings()
    yield from _mail(with_mail)
    yield from _data_folder()
    yield from _static_files()
    yield from _databases(now, today)


def _python(version: tuple[int, int, int]) -> Iterator[Finding]:
    if version[:2] < OLDEST_PYTHON:
        needed, found = (".".join(map(str, parts)) for parts in (OLDEST_PYTHON, version))
        yield Finding(f"This is Python {found}.", f"Make .venv anew with Python {needed} or newer.")


def _settings() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding(
            "Errors are shown with their insides to whoever meets one.", "Set MEDGUIDE_DEBUG to false.",
            must=not settings.IS_LOCAL,
        )  # fmt: skip
    if not settings.IS_LOCAL and not settings.IS_HTTPS:
        yield Finding(
            "What people read and type travels in the open.", "Set MEDGUIDE_SITE_URL to an address with https://."
        )
    if settings.IS_HTTPS and not settings.SECURE_PROXY_SSL_HEADER:
        yield Finding(
            "No proxy is trusted, so behind one every page sends its reader to itself.",
            "Set MEDGUIDE_BEHIND_PROXY to true if nginx or another proxy stands in front.",
            must=False,
        )
    if check_secret_key(None):
        yield Finding(
            "The secret key is too short or too plain.",
            "Make one with: openssl rand -base64 48. Put it into MEDGUIDE_SECRET_KEY_FILE.",
        )
    try:
        key_at_hand()
    except (BackupError, OSError):  # the example of settings names the file before there is one
        yield Finding(
            "Backups have no key, so none can be made.",
            "Make one with: manage.py backup --new-key. Put it into the file that MEDGUIDE_BACKUP_KEY_FILE names.",
            must=False,
        )


def _mail(with_mail: bool) -> Iterator[Finding]:
    if settings.EMAIL_BACKEND == CONSOLE and not settings.IS_LOCAL:
        yield Finding(
            "E-mails, with codes in them, are written into the log.",
            "Put the address of a mail server into MEDGUIDE_EMAIL_URL.",
        )
    if not settings.CAN_MAIL:
        yield Finding(
            "No e-mail can be sent, so nobody who forgot a password can get back in.",
            "Put the address of a mail server into MEDGUIDE_EMAIL_URL.",
            must=False,
        )
    elif with_mail and settings.EMAIL_BACKEND == SMTP:
        yield from _mail_server()


def _mail_server() -> Iterator[Finding]:
    """It is asked as for a letter to ourselves, and then told to forget it."""
    server, sender = EmailBackend(), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    try:
        with server:
            session = cast(smtplib.SMTP, server.connection)
            for answer, said in (session.mail(sender), session.rcpt(settings.CONTACT_EMAIL or sender)):
                if answer >= 400:
                    yield Finding(
                        f"The mail server takes no letter from {sender} ({answer} {said.decode(errors='replace')}).",
                        "Look at MEDGUIDE_EMAIL_FROM, and at user and password in MEDGUIDE_EMAIL_URL.",
                    )
                    break
            session.rset()
    except smtplib.SMTPAuthenticationError:
        yield Finding(
            "The mail server does not take our user and password.",
            "Mend them in MEDGUIDE_EMAIL_URL; @ is written %40 there.",
        )
    except ssl.SSLCertVerificationError as error:
        yield Finding(
            f"The mail server's certificate cannot be trusted ({error.verify_message}).",
            "Name the server in MEDGUIDE_EMAIL_URL as its certificate does, or have it get another.",
        )
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            f"The mail server does not answer as it should ({type(error).__name__}).",
            "Look at server and port in MEDGUIDE_EMAIL_URL, and at firewalls. smtps:// goes with 465, smtp+tls:// with "
            "587.",
        )


def _data_folder() -> Iterator[Finding]:
    folder = Path(settings.VAR_DIR)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"a byte, to see whether there is room")
            file.flush()
    except OSError as error:
        yield Finding(
            f"Nothing can be written into {folder} ({error.strerror}).",
            f"Give it to the user of the service: chown -R medguide {folder}, or name another in MEDGUIDE_VAR_DIR.",
        )
        return
    if folder.stat().st_mode & stat.S_IRWXO:
        yield Finding(f"Every user of this machine may look into {folder}.", f"Run: chmod o-rwx {folder}")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield Finding(
            f"The disk of {folder} has {free // 1_000_000} MB left, and {LEAST_FREE // 1_000_000} are needed.",
            "Make room, or name another folder in MEDGUIDE_VAR_DIR.",
        )


def _static_files() -> Iterator[Finding]:
    try:
        stale = staticfiles_storage.stale() if isinstance(staticfiles_storage, BundledStaticFilesStorage) else []
    except OSError as error:
        yield Finding(
            f"Static files cannot be read ({error.strerror}), and no page can be shown without them.",
            f"Let the user of the service read all of it: chmod -R a+rX {settings.STATIC_ROOT}",
        )
        return
    if stale:
        yield Finding(
            f"{len(stale)} static files are missing or old, {stale[0]} among them: pages break or look wrong.",
            "Run: manage.py collectstatic --noinput",
        )


def _databases(now: datetime.datetime, today: datetime.date) -> Iterator[Finding]:
    if REPLICA in connections.settings:
        try:
            connections[REPLICA].ensure_connection()
        except DatabaseError:
            yield Finding(
                "The replica does not answer, and the library is read from it.",
                "Start it, or mend or take out MEDGUIDE_DATABASE_REPLICA_URL.",
            )
    try:
        count = migrations_to_run(connections[DEFAULT_DB_ALIAS])
    except DatabaseError:
        yield Finding("The database does not answer.", "Start it, or mend MEDGUIDE_DATABASE_URL.")
        return
    if count:
        yield Finding(f"The database lacks {count} of the code's migrations.", "Run: manage.py migrate")
        return
    yield from _history()
    yield from _content(now, today)
    yield from _people()


def _history() -> Iterator[Finding]:
    if gone := triggers.missing(connections[DEFAULT_DB_ALIAS]):
        yield Finding(
            f"History can be changed: the database lacks {' and '.join(sorted(gone))}.",
            "Find out who took that away, then run: manage.py doctor --guard-history",
        )


def _content(now: datetime.datetime, today: datetime.date) -> Iterator[Finding]:
    primary = ContentVersion.objects.using(DEFAULT_DB_ALIAS)
    loaded = primary.values_list("digest", "loaded_at", Now()).first()
    if loaded is None:
        yield Finding("No content is loaded: there is nothing to read.", "Run: manage.py load_content")
        return
    digest, loaded_at, now_there = loaded
    if digest != library.digest():
        yield Finding("The content that is loaded is not that of the files.", "Run: manage.py load_content")
    if loaded_at - now > MOST_WRONG:
        yield Finding(
            "The clock of this machine is behind: content was loaded in its future.", "Run: timedatectl set-ntp true"
        )
    if abs(now_there - now) > MOST_WRONG:
        yield Finding(
            "The clocks of this machine and of the database's differ by more than a minute.",
            "Run on both: timedatectl set-ntp true",
        )
    overdue = Monograph.objects.using(DEFAULT_DB_ALIAS).overdue(today)
    if count := overdue.count():
        yield Finding(
            f"{count} pages are past the day of their next check, and say so. The oldest is {overdue.first()}.",
            "Install a newer release, or have them checked (monographs/content/README.md).",
            must=False,
        )


def _people() -> Iterator[Finding]:
    if settings.SIGNUP != "open" and not User.objects.filter(is_active=True).exists():
        yield Finding("There is no account, and nobody can make one.", "Run: manage.py create_owner you@example.org")
