"""The secret key: given, or for SQLite made once and kept beside the database."""

import os
import secrets
from pathlib import Path
from typing import Final

from config.settings import Settings
from storage.errors import Unusable
from storage.files import replacing
from storage.sqlite import file_of

LEAST: Final = 8  # characters; a full disk may have left a file of none


def secret_key(settings: Settings, *, makes: bool) -> bytes:
    """The key all pseudonyms come from.

    makes  whether one is made where there is none; only where nothing was written with another

    Raises Unusable where there is none, or it cannot be read or written; then nothing was changed.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    database = file_of(settings.database_url)
    file = database.with_name(database.name + ".key")
    if not os.path.lexists(file):  # a link that leads nowhere is one that is away, not one to be made
        if not makes:
            raise Unusable(
                f"the secret key is missing: put the copy you kept at {file}, or set TOGETHER_SECRET_KEY; "
                "nothing was changed. If it is lost, docs/operators.md tells what then"
            )
        _make(file)
    return _kept(file)


def _make(file: Path) -> None:
    try:
        with replacing(file) as new:
            new.write_text(secrets.token_hex(32), encoding="ascii")
    except OSError as error:
        raise Unusable(
            f"cannot keep the secret key in {file}: {error.strerror}; set TOGETHER_SECRET_KEY"
        ) from error


def _kept(file: Path) -> bytes:
    try:
        key = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Unusable(f"the secret key in {file} cannot be read: {error.strerror}") from error
    except ValueError:
        key = ""
    if len(key) < LEAST:
        raise Unusable(
            f"{file} holds no secret key: it has fewer than {LEAST} characters, or is no text. Put the copy "
            "you kept there; if there never was another, delete the file"
        )
    return key.encode()
