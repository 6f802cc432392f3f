"""What a column takes and gives back, the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import BigInteger, insert
from sqlalchemy.dialects import registry
from sqlalchemy.exc import StatementError
from sqlmodel import SQLModel

from storage.tables import Alarm, table
from storage.types import UtcDateTime
from tests.storage.town import NOON, Town

POSTGRES = registry.load("postgresql")()


async def keep(town: Town, moment: datetime) -> datetime:
    """A moment, written and read back."""
    await town.database.write(
        lambda connection: connection.execute(insert(table(Alarm)).values(cause="x", told_at=moment))
    )
    told_at: datetime = (await town.row(Alarm)).told_at
    return told_at


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Riga")),
        datetime(2025, 10, 26, 3, 30, fold=1, tzinfo=ZoneInfo("Europe/Riga")),
        datetime(2025, 1, 1, 0, 0, 0, 1, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
    ids=str,
)
async def test_a_moment_comes_back_the_same_and_in_utc(town: Town, moment: datetime) -> None:
    found = await keep(town, moment)

    assert found.timestamp() == moment.timestamp()  # two zones compare unequal in an autumn hour
    assert found.utcoffset() == timedelta(0)


async def test_a_moment_without_its_time_zone_is_refused(town: Town) -> None:
    with pytest.raises(StatementError, match="needs its time zone"):
        await keep(town, datetime(2025, 3, 10, 12))  # noqa: DTZ001

    assert await town.rows(Alarm) == []


def test_every_moment_of_every_table_is_kept_in_utc() -> None:
    moments = [
        column
        for target in SQLModel.metadata.sorted_tables
        for column in target.columns
        if column.type.python_type is datetime or column.name.endswith(("_at", "until", "not_before"))
    ]

    assert len(moments) > 20
    assert [str(column) for column in moments if not isinstance(column.type, UtcDateTime)] == NO_MOMENTS


def test_a_telegram_id_stands_in_one_column_which_has_room_for_it() -> None:
    holders = [
        column
        for target in SQLModel.metadata.sorted_tables
        for column in target.columns
        if any(word in column.name for word in ("telegram", "chat", "user"))
    ]

    assert [str(column) for column in holders] == ["contact.telegram"]
    assert isinstance(holders[0].type, BigInteger)


NO_MOMENTS = ["announcement.until", "announcement.found_until"]
"""A time on the wall, and a citizen."""

COUNTED = [
    "announcement_link.number", "finding.wave", "occasion_question.number", "occasion_reply.number",
    "proposal.number", "shown_group.number", "tally.number", "wave.number",
    "wording.version",
]  # fmt: skip
"""Columns of a key that are no ids: they count from one."""


def test_ids_of_our_own_have_63_bits_of_room() -> None:
    narrow = [
        str(column)
        for target in SQLModel.metadata.sorted_tables
        for column in target.columns
        if (column.primary_key or column.foreign_keys) and column.type.python_type is int
        if not isinstance(column.type.dialect_impl(POSTGRES), BigInteger)
    ]

    assert sorted(narrow) == COUNTED
