"""The secret key is made once, in whole or not at all; nothing that is no key is taken for one."""

import errno
import os
from pathlib import Path

import pytest

from bot.secret import secret_key
from config.settings import Settings, load_settings
from storage.errors import Unusable

LONG = "0123456789abcdef"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the key lies."""
    return tmp_path / "together.db.key"


def settings(file: Path, **given: str) -> Settings:
    """Those of a bot with SQLite whose key lies there."""
    url = f"sqlite+aiosqlite:///{file.with_suffix('')}"
    return load_settings({"TOGETHER_DATABASE_URL": url, **given}, env_file=None, telegram=False)


def test_a_key_is_made_once_and_is_the_owners(file: Path) -> None:
    key = secret_key(settings(file), makes=True)

    assert len(key) >= 64
    assert file.stat().st_mode & 0o777 == 0o600
    assert secret_key(settings(file), makes=True) == secret_key(settings(file), makes=False) == key


def test_on_a_full_disk_no_key_is_left_and_the_next_start_makes_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(Unusable, match="No space left"):
            secret_key(settings(file), makes=True)
    left = list(file.parent.iterdir())

    assert left == []
    assert secret_key(settings(file), makes=True)


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"1234567\n", b"\xff" * 32], ids=["none", "blank", "7", "raw"]
)
def test_what_is_no_key_is_refused_and_left_as_it_is(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    with pytest.raises(Unusable, match=r"together\.db\.key holds no secret key"):
        secret_key(settings(file), makes=True)

    assert file.read_bytes() == content


def test_where_none_may_be_made_a_missing_key_is_told_of(file: Path) -> None:
    with pytest.raises(Unusable, match=r"put the copy you kept at .*together\.db\.key"):
        secret_key(settings(file), makes=False)

    assert not file.exists()


def test_a_link_to_a_key_that_is_away_stays_a_link(file: Path) -> None:
    file.symlink_to(file.parent / "away")

    with pytest.raises(Unusable, match="cannot be read"):
        secret_key(settings(file), makes=True)

    assert file.is_symlink()


def test_a_key_that_is_given_is_taken_instead(file: Path) -> None:
    assert secret_key(settings(file, TOGETHER_SECRET_KEY=LONG), makes=True) == LONG.encode()
    assert not file.exists()
