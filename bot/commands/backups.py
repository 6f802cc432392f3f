"""What `together backup` and `together restore` do, and what they tell the operator."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import ModuleType

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.clock import asked
from bot.refusal import CANNOT_USE, Refused
from bot.secret import secret_key
from config.settings import Settings
from storage.backup.contents import Contents
from storage.backup.erasures import SUFFIX, merged, read_list, write_list
from storage.backup.outcome import Restored
from storage.context import Keyring
from storage.errors import Unavailable, reason


def back_up(settings: Settings, output: Path, *, force: bool) -> list[str]:
    """Write a backup and, beside it, the list of erasures; returns what to tell.

    Raises Refused or StorageError; then an older backup of that name is as it was.
    """
    if output.exists() and not force:
        raise Refused(f"{output} is there already; name another file, or add --force to replace it")
    beside = output.with_name(output.name + SUFFIX)
    try:
        found, erased = asyncio.run(_storage(settings).back_up(settings.database_url, output))
        write_list(erased, beside)
    except OSError as error:
        raise Refused(f"cannot write {output}: {error.strerror}") from error
    except (Unavailable, DBAPIError) as error:
        raise Refused(f"{CANNOT_USE} ({reason(error)})") from error
    return [
        f"{output}: {output.stat().st_size:,} bytes, revision {found.revision}, read again and found whole.",
        *_figures(found),
        f"{beside}: {len(erased)} people who had everything erased, as keyed hashes.",
        "Not in it: the secret key, without which a backup is of little use. Keep a copy of it elsewhere.",
    ]


def restore(settings: Settings, backup: Path, lists: Sequence[Path]) -> list[str]:
    """Put a backup in place of the database; returns what to tell.

    lists  of erasures, beside those that lie in the backup's folder

    Raises Refused or StorageError; then the database is as it was.
    """
    if not backup.is_file():
        raise Refused(f"there is no file {backup}")
    lists = sorted({*lists, *backup.parent.glob(f"*{SUFFIX}")})
    erased = merged(read_list(file) for file in lists)
    keys = Keyring(secret_key(settings, makes=False))  # a new one would fit no backup
    now = asyncio.run(asked(settings.clock_url))
    bring_back = _storage(settings).restore
    try:
        restored: Restored = asyncio.run(bring_back(backup, settings.database_url, keys, erased, now))
    except OSError as error:
        raise Refused(f"cannot write beside the database: {error.strerror}; nothing was changed") from error
    except (Unavailable, DBAPIError) as error:
        raise Refused(f"{CANNOT_USE} ({reason(error)})") from error
    return [f"The database is now {backup}, checked and upgraded.", *_told(restored, lists)]


def _told(restored: Restored, lists: Sequence[Path]) -> Iterator[str]:
    yield from _figures(restored.contents)
    since = _moment(restored.contents.until)
    yield (
        f"Whatever the bot confirmed after {since} is NOT in it: what people wrote, changed, withdrew or "
        "stopped, and who arrived. Tell them. What Telegram still holds is carried out at the next start."
    )
    yield f"Erased again: {restored.erased_again} people."
    for file in lists:
        yield f"  read: {file}"
    if restored.trouble is not None:
        yield (
            f"The erasures of the database before it are not known ({restored.trouble}): whoever had "
            f"everything erased after {since} and is in none of the lists read is in the database again."
        )
    if restored.kept is not None:
        yield f"What was there before is kept: {restored.kept}. Delete it once you do not need it any more."


def _figures(found: Contents) -> Iterator[str]:
    yield f"Everything until {_moment(found.until)} is in it:"
    rows = {name: count for name, count in found.rows.items() if count and name != "alembic_version"}
    yield f"  {', '.join(f'{name} {count:,}' for name, count in rows.items()) or 'nothing yet'}"


def _moment(moment: datetime | None) -> str:
    return "the first start" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _storage(settings: Settings) -> ModuleType:
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        from storage.backup import sqlite

        return sqlite
    from storage.backup import postgres

    return postgres
