"""How letters leave this installation: one address in the environment, read into what Django asks for."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKENDS = "django.core.mail.backends."
SMTP = "medguide.smtp.EmailBackend"
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
HOW = (
    "MEDGUIDE_EMAIL_URL must look like smtps://user:password@mail.example.org (port 465), "
    "smtp+tls://user:password@mail.example.org (port 587), smtp://localhost, file:///folder or console:."
)


@dataclass(frozen=True)
class EmailSettings:
    """Django's EMAIL_* settings. `path` is the folder of the letters that are written to files."""

    backend: str
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    use_ssl: bool = False
    use_tls: bool = False
    path: str = ""


def read_email_url(url: str) -> EmailSettings:
    """Raises ImproperlyConfigured, never with the address itself: a password may stand in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(HOW) from error
    if parts.scheme == "console":
        return EmailSettings(BACKENDS + "console.EmailBackend")
    if parts.scheme == "file" and parts.path.startswith("/"):
        return EmailSettings(BACKENDS + "filebased.EmailBackend", path=unquote(parts.path))
    ports = {"smtps": 465, "smtp+tls": 587, "smtp": 25}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(HOW)
    if parts.scheme == "smtp" and parts.hostname not in THIS_MACHINE:
        raise ImproperlyConfigured(f"Letters hold codes, so they do not travel in the open. {HOW}")
    return EmailSettings(
        SMTP,
        host=parts.hostname,
        port=port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp+tls",
    )
