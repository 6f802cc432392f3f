"""People who had everything erased, as keyed hashes: kept beside backups, erased again after a restore."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, and_, delete, select
from sqlmodel import col

from storage.context import Keyring
from storage.errors import Unusable
from storage.files import replacing
from storage.messages.outbox import WAITING
from storage.people.erasure import erase
from storage.sql import upsert
from storage.tables import Citizen, Contact, Erasure, Outbox, table

Erasures = dict[str, datetime]
"""When (aware UTC) each person was last erased, by `Keyring.person`."""

SUFFIX: Final = ".erasures"
NEVER: Final = datetime.min.replace(tzinfo=UTC)


def noted(connection: Connection) -> Erasures:
    """The erasures a database knows of."""
    query = select(col(Erasure.person), col(Erasure.erased_at))
    return {row.person: row.erased_at for row in connection.execute(query)}


def merged(lists: Iterable[Erasures]) -> Erasures:
    """One list of many; of several erasures of one person the last counts."""
    together: Erasures = {}
    for each in lists:
        for person, at in each.items():
            together[person] = max(at, together.get(person, at))
    return together


def write_list(erased: Erasures, file: Path) -> None:
    """Write a list: on each line a hash, a space, and the moment."""
    with replacing(file) as new:
        new.write_text("".join(f"{person} {at.isoformat()}\n" for person, at in sorted(erased.items())))


def read_list(file: Path) -> Erasures:
    """Read a list. Raises Unusable where it cannot be read or is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        pairs = (line.split() for line in lines if line.strip())
        return {person: datetime.fromisoformat(at).astimezone(UTC) for person, at in pairs}
    except OSError as error:
        raise Unusable(f"the list of erasures {file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Unusable(f"{file} is no list of erasures: expected a hash and a moment on each line") from error


def erase_again(connection: Connection, keys: Keyring, erased: Erasures) -> int:
    """Erase whoever is in the database and was erased since they came; returns how many.

    One of several people on a phone is known by the id that they had here, all others by that of Telegram.

    Who came back after their erasure stays. The database remembers all of `erased` from then on.
    """
    citizen, contact = table(Citizen), table(Contact)
    everybody = select(
        contact.c.id, contact.c.telegram, citizen.c.created_at, citizen.c.id.label("citizen")
    ).join(citizen, citizen.c.id == contact.c.citizen_id)
    again = [
        person
        for person in connection.execute(everybody).all()
        if max(
            erased.get(keys.person(person.telegram), NEVER), erased.get(keys.citizen(person.citizen), NEVER)
        )
        >= person.created_at
    ]
    for person in again:
        unsaid = and_(col(Outbox.contact_id) == person.id, col(Outbox.state).in_(WAITING))
        connection.execute(delete(table(Outbox)).where(unsaid))
        erase(connection, [person.citizen])
    if erased:
        rows = [{"person": person, "erased_at": at} for person, at in erased.items()]
        connection.execute(upsert(connection, Erasure), rows)
    return len(again)
