"""The secret key: given, or for SQLite made once and kept beside the database."""

import os
import secrets
from pathlib import Path

from config.settings import Settings
from storage.errors import Unusable
from storage.sqlite import file_of


def secret_key(settings: Settings) -> bytes:
    """The key all pseudonyms come from.

    Raises Unusable where it must be made and cannot be written.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    database = file_of(settings.database_url)
    file = database.with_name(database.name + ".key")
    try:
        return _kept(file)
    except OSError as error:
        raise Unusable(
            f"cannot keep the secret key in {file}: {error.strerror}; set TOGETHER_SECRET_KEY"
        ) from error


def _kept(file: Path) -> bytes:
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as new:
            new.write(secrets.token_hex(32))
    return file.read_text().strip().encode()
