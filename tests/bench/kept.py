"""What the contestants keep: tables made ready, citizens known before, and rows counted by step."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select
from sqlmodel import SQLModel, col

from storage.database import open_database
from storage.tables import Citizen, Consent, Contact, Pseudonym, Statement, table
from tests.bench.bots.answers import Answer, create_tables, engine_of
from tests.bench.walk import IDEAS, STEPS, WALK

BEFORE: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
"""When those known before took part."""
AT_ONCE: Final = 5_000


async def prepare_together(url: str, known: int) -> None:
    """Upgrade the schema; then `known` citizens have arrived and said three ideas."""
    database = open_database(url)
    try:
        await database.upgrade()
        for first in range(1, known + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, known + 1))
            await database.write(partial(_fill, numbers=numbers, known=known))
    finally:
        await database.close()


def _fill(connection: Connection, numbers: range, known: int) -> None:
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for number in numbers:
        for model, row in _citizen(number, (2**63 - 1) // (known + 1) * number):
            rows.setdefault(model, []).append(row)
    for model, many in rows.items():
        connection.execute(insert(table(model)), many)


def _citizen(number: int, id: int) -> Iterator[tuple[type[SQLModel], dict[str, Any]]]:
    """All rows of one; their ids lie as far apart as those of citizens do."""
    author = f"{id:032x}"
    yield Citizen, {
        "id": id, "language": "fr", "language_chosen": True, "territory": "mulhouse", "group_slug": None,
        "adult_at": BEFORE, "arrived_at": BEFORE, "stopped_at": None, "created_at": BEFORE, "seen_at": BEFORE,
    }  # fmt: skip
    yield Contact, {"id": id, "bot": 42, "telegram": number, "citizen_id": id, "reach": "open"}
    yield Pseudonym, {"pseudonym": author, "citizen_id": id, "purpose": "statements"}
    for offset, purpose in enumerate(("statements", "reminders")):
        yield Consent, {
            "id": id + offset, "citizen_id": id, "purpose": purpose, "text_key": f"consent.{purpose}",
            "text_hash": author * 2, "language": "fr", "update_id": number, "given_at": BEFORE,
            "withdrawn_at": None,
        }  # fmt: skip
    for offset, question in enumerate(("well-being", "well-being", "well-being", "ill-being")):
        yield Statement, {
            "id": id + offset, "author": author, "territory": "mulhouse", "group_slug": None,
            "question": question, "text": IDEAS[number % len(IDEAS)], "version": 1, "message": offset,
            "component": None, "language": "fr", "language_probability": 1.0, "language_how": "written",
            "created_at": BEFORE, "edited_at": None, "withdrawn_at": None,
        }  # fmt: skip


async def count_together(url: str) -> Mapping[str, int]:
    """What the walk has left, by step."""
    database = open_database(url)
    try:
        return await database.read(_count)
    finally:
        await database.close()


def _count(connection: Connection) -> dict[str, int]:
    def rows(model: type[SQLModel], *which: Any) -> int:
        return int(
            connection.execute(select(func.count()).select_from(table(model)).where(*which)).scalar_one()
        )

    return {
        "start": rows(Contact),
        "language": rows(Citizen, col(Citizen.language_chosen)),
        "consent": rows(Consent, col(Consent.purpose) == "statements"),
        "text": rows(Statement, col(Statement.question) == "well-being"),
        "rating": rows(Statement, col(Statement.question) == "ill-being"),
        "confirm": rows(Consent, col(Consent.purpose) == "reminders"),
    }


async def prepare_peer(url: str, known: int) -> None:
    """Make the table; then `known` citizens have walked to the end."""
    engine = engine_of(url)
    try:
        await create_tables(engine)
        for first in range(1, known + 1, AT_ONCE):
            async with engine.begin() as connection:
                await connection.execute(
                    insert(Answer),
                    [
                        {
                            "user_id": number,
                            "step": turn.step,
                            "value": turn.does or IDEAS[number % len(IDEAS)],
                        }
                        for number in range(first, min(first + AT_ONCE, known + 1))
                        for turn in WALK
                    ],
                )
    finally:
        await engine.dispose()


async def count_peer(url: str) -> Mapping[str, int]:
    """The answers kept, by step."""
    engine = engine_of(url)
    try:
        async with engine.connect() as connection:
            rows = await connection.execute(
                select(Answer.step, func.count().label("rows")).group_by(Answer.step)
            )
            return dict.fromkeys(STEPS, 0) | {row.step: row.rows for row in rows}
    finally:
        await engine.dispose()
