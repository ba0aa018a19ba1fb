"""Keys of backups: age's own, made by the command, never repeated by it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from medguide.backups.format import BackupError
from medguide.backups.keys import key_at_hand, new_key, read_key

from .installations import TEST_KEY


def test_a_new_key_is_a_key_file_that_says_what_to_do() -> None:
    out = StringIO()
    call_command("backup", new_key=True, stdout=out)
    *comments, secret = out.getvalue().splitlines()
    assert all(line.startswith("# ") for line in comments)
    assert any("password manager" in line for line in comments)
    key = read_key(out.getvalue())
    assert str(key.identity) == secret
    assert f"# public key: {key.recipient}" in comments
    assert secret not in repr(key)
    assert new_key() != out.getvalue()


def test_the_public_key_alone_can_only_write() -> None:
    public = str(read_key(TEST_KEY.read_text()).recipient)
    key = read_key(f"  {public}\n")
    assert (str(key.recipient), key.identity) == (public, None)


@pytest.mark.parametrize("text", ["", "\n# public key: age1abc\n"])
def test_without_a_key_it_says_how_to_make_one(text: str) -> None:
    with pytest.raises(BackupError, match=r"no key for backups.*--new-key"):
        read_key(text)


def test_what_is_no_key_is_not_repeated() -> None:
    secret = str(read_key(TEST_KEY.read_text()).identity)
    for text in ("hunter2", "age1hunter2", secret[:-1], secret + "\n" + secret, "AGE-SECRET-KEY-1hunter2"):
        with pytest.raises(BackupError, match="must be one line") as refused:
            read_key(text)
        assert "hunter2" not in str(refused.value)
        assert secret[:-1] not in str(refused.value)


def test_the_file_named_last_wins(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_KEY, settings.BACKUP_KEY_FILE = new_key(), TEST_KEY
    assert str(key_at_hand().identity) in settings.BACKUP_KEY
    assert str(key_at_hand(TEST_KEY).identity) in TEST_KEY.read_text()
    settings.BACKUP_KEY = ""
    assert str(key_at_hand().identity) in TEST_KEY.read_text()
    settings.BACKUP_KEY_FILE = None
    with pytest.raises(BackupError, match="no key for backups"):
        key_at_hand()
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    with pytest.raises(BackupError, match="is no file with a key"):
        key_at_hand(tmp_path / "key")


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"/nowhere: No such file or directory\."):
        call_command("backup", tmp_path / "b", key_file=tmp_path / "nowhere")
    assert not list(tmp_path.iterdir())
