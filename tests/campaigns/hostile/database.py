"""The bot's database as another program reads it: plain SQL, nothing of the bot's."""

import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any, Final

Row = dict[str, Any]

_TABLES: Final = ("citizen", "contact", "conversation", "consent", "pseudonym", "statement", "wording")
_OWNER: Final = {
    "citizen": "id",
    "contact": "citizen_id",
    "conversation": "citizen_id",
    "consent": "citizen_id",
    "pseudonym": "citizen_id",
    "statement": "(SELECT citizen_id FROM pseudonym WHERE pseudonym = author)",
    "wording": (
        "(SELECT citizen_id FROM statement JOIN pseudonym ON pseudonym = author WHERE id = statement_id)"
    ),
}
_PASSING: Final = ("seen_at", "updated_at")
"""Moments that tell when a person was heard, whatever they said."""


def query(file: Path, statement: str) -> list[Row]:
    """The rows of a query, by column; the bot may be running."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(statement)]


def is_being_told(file: Path, telegram: int) -> bool:
    """Whether anything is on its way to that person: an answer may have several pages."""
    waiting = f"SELECT 1 FROM outbox JOIN contact ON contact.id = contact_id WHERE telegram = {telegram}"
    return bool(query(file, f"{waiting} AND state IN ('pending', 'sending') LIMIT 1"))


def arguments_of(file: Path, telegram: int) -> list[str]:
    """What the open conversations of one person began with, such as the link that led there."""
    stacks = f"SELECT stack FROM conversation JOIN contact USING (citizen_id) WHERE telegram = {telegram}"
    return [
        argument
        for row in query(file, stacks)
        for _id, _flow, arguments, _log, _step in json.loads(row["stack"])
        for argument in arguments
    ]


def picture(file: Path, without: Collection[int]) -> dict[str, list[Row]]:
    """All that is kept about people, but for those with the Telegram ids in `without`."""
    left_out = ", ".join(map(str, without))
    others = f"SELECT citizen_id FROM contact WHERE telegram IN ({left_out})"
    return {
        table: [
            {name: value for name, value in row.items() if name not in _PASSING}
            for row in query(
                file, f"SELECT * FROM {table} WHERE {_OWNER[table]} NOT IN ({others}) ORDER BY 1, 2"
            )
        ]
        for table in _TABLES
    }


def everything(file: Path) -> dict[str, list[Row]]:
    """Every row of every table, but for the heartbeat of the run."""
    names = query(file, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'instance'")
    return {row["name"]: query(file, f"SELECT * FROM {row['name']}") for row in names}


def rights_of(file: Path, people: Collection[int]) -> list[Row]:
    """Consents and arrivals of the people with those Telegram ids."""
    among = f"telegram IN ({', '.join(map(str, people))})"
    arrived = (
        "SELECT citizen.* FROM citizen JOIN contact ON citizen.id = citizen_id WHERE arrived_at IS NOT NULL"
    )
    return [
        *query(file, f"SELECT consent.* FROM consent JOIN contact USING (citizen_id) WHERE {among}"),
        *query(file, f"{arrived} AND {among}"),
    ]


def differences(before: dict[str, list[Row]], after: dict[str, list[Row]]) -> list[str]:
    """Which rows were added, changed or lost between two pictures."""
    found = []
    for table in before:
        found += [f"{table}: gone or changed {row}" for row in before[table] if row not in after[table]]
        found += [f"{table}: new {row}" for row in after[table] if row not in before[table]]
    return found
