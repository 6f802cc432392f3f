"""The pseudonyms of a database tell which secret key it was written with."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, exists, select
from sqlmodel import col

from storage.context import Keyring
from storage.tables import Citizen, Pseudonym, table

_THERE: Final = select(col(Pseudonym.pseudonym)).limit(1)

_OF_THEM: Final = table(Pseudonym).alias()
_NEWEST: Final = select(table(Pseudonym)).where(
    col(Pseudonym.citizen_id)
    == select(col(Citizen.id))
    .where(exists().where(_OF_THEM.c.citizen_id == col(Citizen.id)))
    .order_by(col(Citizen.created_at).desc())
    .limit(1)
    .scalar_subquery()
)
"""Those of whoever came last of all who have any."""


def are_there(connection: Connection) -> bool:
    """Whether anything in the database needs the secret key it was written with."""
    return connection.execute(_THERE).first() is not None


def key_fits_newest(connection: Connection, keys: Keyring) -> bool:
    """Whether the last one who came was named with this secret key; True where nobody was named."""
    return _fits(connection.execute(_NEWEST).all(), keys)


def key_fits(connection: Connection, keys: Keyring) -> bool:
    """Whether anybody was named with this secret key; True where nobody was named.

    After a key was lost there are pseudonyms of two; a key that never was the right one made none of them.
    """
    return _fits(connection.execute(select(table(Pseudonym))).all(), keys)


def _fits(rows: Sequence[Row[Any]], keys: Keyring) -> bool:
    return not rows or any(keys.pseudonym(row.purpose, row.citizen_id) == row.pseudonym for row in rows)
