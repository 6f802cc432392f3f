"""Words of others in a message: known by the rows they were read from, said only while those are there."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from storage.sql import among

QUOTES: Final = "quotes"
"""The part of a message's payload that names them."""

Quote = tuple[str, int]
"""A row with words of somebody, or with their name: its table and its id."""


def still_there(connection: Connection, quotes: Collection[Quote]) -> set[Quote]:
    """Those that were neither erased nor taken back; nobody does so before this transaction ends."""
    ids: dict[str, list[int]] = defaultdict(list)
    for name, id in sorted(quotes):
        ids[name].append(id)
    found: set[Quote] = set()
    for name, those in ids.items():
        target = SQLModel.metadata.tables[name]
        query = select(target.c.id).where(among(target.c.id, "ids"))
        if "withdrawn_at" in target.c:
            query = query.where(target.c.withdrawn_at.is_(None))
        there = connection.execute(query.with_for_update(read=True), {"ids": those}).scalars()
        found |= {(name, id) for id in there}
    return found
