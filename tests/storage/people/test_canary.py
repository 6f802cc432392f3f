"""A marked word in every column that can hold something of a person is nowhere once all is erased.

The columns are those that the tables have: who adds one decides here whether words can stand in it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Column, Connection, LargeBinary, String, Table, select, update
from sqlmodel import SQLModel, col

from flows.people.person import Forget
from storage.database import open_database
from storage.messages import outbox
from storage.messages.outbox import Ending, State
from storage.people import retention
from storage.people.erasure import theirs_in
from storage.tables import Outbox, Pseudonym, table
from tests.storage.people.test_erasure import ADA, BEN, everything, lives_a_full_life
from tests.storage.town import RUN, Town

MARK: Final = "NIGHTINGALE"

FOUND_BY: Final = frozenset((
    "pseudonym.pseudonym", "statement.author", "invitation.author", "feedback.author", "evaluation.author",
    "remark.author", "shown_person.author", "shown_person.ledger",
))  # fmt: skip
"""By these a row is known as a person's: another value in them would make it nobody's."""

READ_ON_THE_WAY: Final = frozenset((
    "appointment.role", "appointment.territory", "appointment.group_slug", "answer.says", "answer.standing",
    "outbox.state",
))  # fmt: skip
"""Codes by which erasing notes which roles end, gives seats to those who wait, and knows what waits."""

OF_NOBODY: Final = {
    "action": "territory group_slug status theme planner",
    "action_change": "what about planner",
    "action_component": "code version",
    "action_text": "part language text",
    "alarm": "cause",
    "announcement": "territory group_slug planner stage aims zone starts rule lead until figures",
    "announcement_link": "address labels",
    "announcement_text": "language text",
    "audit": "actor what about territory group_slug",
    "card": "territory group_slug said",
    "contact": "reach",
    "digest": "territory period data",
    "digest_picture": "language",
    "erasure": "person",
    "finding": "component cell",
    "inquiry_post": "territory said",
    "instance": "role",
    "ledger": "name",
    "media": "kind name mime alt content file_id",
    "occasion": "sort kind state territory group_slug role theme starts ends zone link rule planner",
    "occasion_question": "language text",
    "occasion_text": "language title description agenda place host resources minutes",
    "panel": "territory cadence languages sent_to",
    "post_text": "language name",
    "quarantine": "kind reason",
    "room": "territory purpose",
    "shown_figure": "ledger cell",
    "shown_group": "ledger",
    "turnout": "says",
    "wanted": "cause kind",
    "wave": "scale",
}
"""Tables whose rows are no citizen's, and their columns with text or bytes.

What is written in them is said by those who coordinate, in their office, to everybody (actions, meetings,
announcements with picture), is a code, a hash, a figure, or a pseudonym that leads to nobody once its owner
is erased (planner, actor). A column that is added to one of them is to be looked at with that in mind.
"""


def with_words(target: Table) -> list[Column[Any]]:
    """The columns of a table in which text, JSON or bytes stand."""
    kinds = (String, LargeBinary)
    return [
        each for each in target.columns if isinstance(getattr(each.type, "impl_instance", each.type), kinds)
    ]


def tables() -> Iterator[tuple[Table, bool]]:
    """Every table, and whether its rows can be a citizen's; messages are those of their contact."""
    for target in SQLModel.metadata.sorted_tables:
        yield target, target is table(Outbox) or theirs_in(target, [1], ["author"]) is not None


def test_each_column_in_which_words_can_stand_is_decided_on() -> None:
    nobodys = {
        target.name: " ".join(each.name for each in with_words(target))
        for target, of_people in tables()
        if not of_people and with_words(target)
    }

    assert nobodys == OF_NOBODY


def test_the_exceptions_are_columns_that_there_are() -> None:
    names = {str(each) for target, _ in tables() for each in with_words(target)}

    assert names >= FOUND_BY | READ_ON_THE_WAY


def rows_of(connection: Connection, target: Table, citizen: int, contact: int) -> Any:
    """Which rows of a table are that citizen's."""
    if target is table(Outbox):
        return col(Outbox.contact_id) == contact
    query = select(col(Pseudonym.pseudonym)).where(col(Pseudonym.citizen_id) == citizen)
    return theirs_in(target, [citizen], list(connection.execute(query).scalars()))


def mark(connection: Connection, citizen: int, contact: int) -> set[str]:
    """Put the mark into every column of every row of a citizen; returns where it stands then."""
    marked = set()
    for target, of_people in tables():
        columns = [each for each in with_words(target) if can_be_marked(each)] if of_people else []
        keys = list(target.primary_key.columns)
        query = select(*keys).where(rows_of(connection, target, citizen, contact))
        for number, row in enumerate(connection.execute(query).all() if columns else ()):
            values = {each.name: f"{MARK} {number}" for each in columns}
            this = (key == value for key, value in zip(keys, row, strict=True))
            connection.execute(update(target).where(*this).values(values))
            marked |= {str(each) for each in columns}
    return marked


def can_be_marked(column: Column[Any]) -> bool:
    """Whether any words can stand in it, for all that erasing knows."""
    return str(column) not in FOUND_BY | READ_ON_THE_WAY and not column.foreign_keys


def marked_in(connection: Connection) -> set[str]:
    """The columns in which the mark stands, in whatever row."""
    return {
        str(each)
        for target in SQLModel.metadata.sorted_tables
        for each in target.columns
        for value in connection.execute(select(each)).scalars()
        if MARK in str(value)
    }


def held(connection: Connection, citizen: int, contact: int) -> dict[str, list[str]]:
    """Every row of a citizen, every column written out."""
    return {
        target.name: sorted(str(tuple(row)) for row in connection.execute(select(target).where(rows)))
        for target, of_people in tables()
        if of_people and (rows := rows_of(connection, target, citizen, contact)) is not None
    }


async def marked_everywhere(town: Town) -> None:
    """Ada is in every table with the mark in every column that can have it."""
    await lives_a_full_life(town, ADA, MARK)
    person = await town.person(ADA)
    marked = await town.do(mark, person.citizen, person.contact)
    expected = {
        str(each)
        for target, of_people in tables()
        for each in with_words(target)
        if of_people and can_be_marked(each)
    }
    assert marked == expected
    assert await town.database.read(marked_in) == marked


async def test_the_mark_is_nowhere_once_all_is_erased_and_the_last_word_spoken(town: Town) -> None:
    await marked_everywhere(town)
    person = await town.person(ADA)
    await town.acts(ADA, Forget())
    await town.puts(person, "farewell")
    await town.do(retention.sweep, town.now)
    await town.claims()
    await town.do(outbox.record, [Ending("farewell", State.SENT, message=9)], RUN, town.now)
    await town.do(retention.sweep, town.now)

    assert await town.database.read(marked_in) == set()
    rows = [row for found in (await town.database.read(everything)).values() for row in found]
    assert not [row for row in rows if str(ADA) in row or str(person.citizen) in row]


async def test_every_row_of_everybody_else_stays_as_it_is(town: Town) -> None:
    await lives_a_full_life(town, BEN, "SONGBIRD")
    ben = await town.person(BEN)
    await lives_a_full_life(town, ADA, MARK)
    before = await town.database.read(lambda connection: held(connection, ben.citizen, ben.contact))

    await town.acts(ADA, Forget())
    await town.do(retention.sweep, town.now)

    after = await town.database.read(lambda connection: held(connection, ben.citizen, ben.contact))
    assert all(before[name] for name in before), "Ben is in every table"
    assert after == before


@pytest.mark.parametrize("is_open", [True, False])
async def test_the_mark_is_in_no_byte_of_the_files_beside_a_running_bot_or_after_it(
    sqlite_url: str, is_open: bool
) -> None:
    database = open_database(sqlite_url)
    town, folder = Town(database), Path(sqlite_url.partition(":///")[2])
    await marked_everywhere(town)
    await town.acts(ADA, Forget())
    await town.do(retention.sweep, town.now)
    if is_open:
        await database.wipe()
    else:
        await database.close()

    files = list(folder.parent.glob(f"{folder.name}*"))

    assert files
    assert [file.name for file in files if MARK.encode() in file.read_bytes()] == []
    await database.close()
