"""Keys of backups: age's own (https://age-encryption.org/v1), so that the age command opens a backup too."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from .format import BackupError

HOW_TO_MAKE = (
    "Make one with `manage.py backup --new-key`, and put it into MEDGUIDE_BACKUP_KEY or into a file that "
    "MEDGUIDE_BACKUP_KEY_FILE or --key-file names."
)
NEW_KEY = """\
# A new key for backups of MedGuide, and what to do with it:
# 1. Keep all of this text where the server is not, such as a password manager. Without it nobody can read a backup.
# 2. Give the server the public key alone, and it can write backups but read none:
#    MEDGUIDE_BACKUP_KEY={public}
# 3. Now and then, and before you need one, check a backup where this text is at hand, in a file that only you may read:
#    manage.py restore FILE --check --key-file THIS_TEXT
# public key: {public}
{secret}
"""


@dataclass(frozen=True)
class Key:
    """`recipient` writes backups; `identity` reads them, and is None where only the public key is at hand."""

    recipient: Recipient
    identity: Identity | None = field(repr=False)


def new_key() -> str:
    """A new pair as the text of a key file, which age reads too."""
    identity = Identity.generate()
    return NEW_KEY.format(public=identity.to_public(), secret=identity)


def read_key(text: str) -> Key:
    """The one key in a text: alone, or a key file with comments. Raises BackupError; never repeats what it read."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    if not lines:
        raise BackupError(f"There is no key for backups. {HOW_TO_MAKE}")
    try:
        if len(lines) == 1 and lines[0].upper().startswith("AGE-SECRET-KEY-1"):
            identity = Identity.from_str(lines[0])
            return Key(identity.to_public(), identity)
        if len(lines) == 1:
            return Key(Recipient.from_str(lines[0]), None)
    except (IdentityError, RecipientError):
        pass
    raise BackupError(
        f"The key for backups must be one line that begins with AGE-SECRET-KEY-1 or with age1. {HOW_TO_MAKE}"
    )


def key_at_hand(key_file: Path | None = None) -> Key:
    """The key in this file, or the one of the settings. Raises BackupError and OSError."""
    path = key_file or (None if settings.BACKUP_KEY else settings.BACKUP_KEY_FILE)
    try:
        return read_key(path.read_text() if path else settings.BACKUP_KEY)
    except UnicodeDecodeError:
        raise BackupError(f"{path} is no file with a key for backups. {HOW_TO_MAKE}") from None
