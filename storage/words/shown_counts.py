"""What figures about people were shown, so that those of tomorrow, or of elsewhere, tell no more of a few.

Figures stand in a ledger. One ledger is one quantity, such as what people have said so far: wherever
figures of it are shown (a digest, `/latest`, a feed, a file), whoever reads them all can subtract them, so
they are decided on together. Figures of a time that is over, such as a week, are a quantity of their own.

Kept are not the cells, but the smallest groups that they tell apart: one row for each person, whatever was
shown. Who is erased leaves a group of known size, from which they cannot be told by what is shown later; a
figure of it comes back once it is about enough of whom nothing was shown: flows/small_cells.py.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Index, bindparam, delete, exists, select, update
from sqlmodel import Field, SQLModel, col

from flows.small_cells import Showing, Shown, showable
from flows.small_cells import nearest as nearest_to
from storage.context import Keyring
from storage.sql import among, insert_new, many, upsert
from storage.tables import Pseudonym, moment, table

STATEMENTS: Final = "statements"
"""The ledger of all that people have said so far, everywhere: territories add up to the network."""

AUDIENCES: Final = "audiences"
"""The ledger of how many people something would reach, and how many not, for what reason."""

PURPOSE: Final = "shown"
"""Under this pseudonym somebody stands in ledgers that are not about statements."""


def of_period(territory: str, period: str) -> str:
    """The ledger of what people of a territory said in a time that is over, such as 2026-W47."""
    return f"{STATEMENTS} {territory} {period}"


class Ledger(SQLModel, table=True):
    """A quantity of which figures are shown; its row is locked by whoever shows one."""

    name: str = Field(primary_key=True)
    groups: int = 0  # how many have been made


class ShownGroup(SQLModel, table=True):
    """How many people are in one group that nothing shown tells apart, with those who are gone since."""

    __tablename__ = "shown_group"

    ledger: str = Field(primary_key=True, foreign_key="ledger.name")
    number: int = Field(primary_key=True)
    people: int
    whole: bool = False  # no part of it may ever be shown


class ShownPerson(SQLModel, table=True):
    """In which group of a ledger somebody is."""

    __tablename__ = "shown_person"
    __table_args__ = (Index("ix_shown_person_group", "ledger", "number"),)

    ledger: str = Field(primary_key=True, foreign_key="ledger.name")
    author: str = Field(primary_key=True, index=True)  # a pseudonym
    number: int


class ShownFigure(SQLModel, table=True):
    """A figure as it was shown last."""

    __tablename__ = "shown_figure"

    ledger: str = Field(primary_key=True, foreign_key="ledger.name")
    cell: str = Field(primary_key=True)
    people: int
    value: int
    at: datetime = moment()


@dataclass(frozen=True, slots=True)
class Count:
    """A figure that is to be shown, and the people it is about."""

    people: Set[str]  # pseudonyms
    value: int  # such as how many statements are theirs


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that may be shown."""

    people: int
    value: int
    at: datetime  # aware UTC, when it was worked out


_LOCK: Final = select(table(Ledger)).where(col(Ledger.name) == bindparam("ledger")).with_for_update()
_COUNT: Final = update(table(Ledger)).where(col(Ledger.name) == bindparam("ledger"))
_GROUPS: Final = (
    select(col(ShownPerson.number))
    .where(col(ShownPerson.ledger) == bindparam("ledger"), among(col(ShownPerson.author), "people"))
    .distinct()
)
_MEMBERS: Final = (
    select(col(ShownPerson.author), col(ShownGroup.number), col(ShownGroup.people), col(ShownGroup.whole))
    .join(
        table(ShownGroup),
        (col(ShownGroup.ledger) == col(ShownPerson.ledger))
        & (col(ShownGroup.number) == col(ShownPerson.number)),
    )
    .where(col(ShownPerson.ledger) == bindparam("ledger"), among(col(ShownPerson.number), "numbers"))
)
_FIGURES: Final = select(table(ShownFigure)).where(
    col(ShownFigure.ledger) == bindparam("ledger"), among(col(ShownFigure.cell), "cells")
)


def may_show(
    connection: Connection, ledger: str, cells: Mapping[str, Set[str]], smallest: int
) -> tuple[str, ...]:
    """What `show` would show, for a preview: it is remembered nowhere, so it must not leave the house."""
    return _decide(_known(connection, ledger, cells), cells, smallest).names


def show(
    connection: Connection, ledger: str, cells: Mapping[str, Set[str]], smallest: int
) -> tuple[str, ...]:
    """The cells of which figures may be shown now, by name, in their order; from now on they count as shown.

    cells     people by pseudonym, the most useful cell first; all cells that anybody can compute from figures
              beside one another: those that stay hidden, too
    smallest  people of whom a figure is told at the least: `Territory.smallest_cell`

    To be called once all is there that is to be shown together, in the transaction that shows it.
    """
    made = _lock(connection, ledger)
    known = _known(connection, ledger, cells)
    showing = _decide(known, cells, smallest)
    _keep(connection, ledger, known, showing.shown, made)
    return showing.names


def nearest(
    connection: Connection, ledger: str, cells: Mapping[str, Set[str]], smallest: int
) -> dict[str, int]:
    """How many people are in each cell, give or take a few; 0: fewer than `smallest`. It counts as shown.

    For who asks again and again about cells of their own choice, and has to know roughly; as `show` else.
    """
    made = _lock(connection, ledger)
    known = _known(connection, ledger, cells)
    found = nearest_to(cells, shown=tuple(known.values()), smallest=smallest)
    _keep(connection, ledger, known, found.shown, made)
    return dict(found.figures)


def _lock(connection: Connection, ledger: str) -> int:
    """Let nobody else show figures of that ledger meanwhile; how many groups have been made in it."""
    many(connection, insert_new(connection.dialect.name, Ledger), [{"name": ledger, "groups": 0}])
    return int(connection.execute(_LOCK, {"ledger": ledger}).one().groups)


def figures(
    connection: Connection, ledger: str, counts: Mapping[str, Count], smallest: int, now: datetime
) -> dict[str, Figure]:
    """The figures that may be shown: those of now; where these would tell of a few, as they were shown last.

    counts  by cell, as the cells of `show`

    What was never shown and must not be now is not in the answer.
    """
    names = show(connection, ledger, {cell: count.people for cell, count in counts.items()}, smallest)
    found = {cell: Figure(len(counts[cell].people), counts[cell].value, now) for cell in names}
    remember(connection, ledger, found)
    found = remembered(connection, ledger, counts)
    return {cell: found[cell] for cell in counts if cell in found}


def remember(connection: Connection, ledger: str, told: Mapping[str, Figure]) -> None:
    """Keep figures of a ledger as they are told now, by cell, in the place of earlier ones."""
    rows = [
        {"ledger": ledger, "cell": cell, "people": figure.people, "value": figure.value, "at": figure.at}
        for cell, figure in told.items()
    ]
    if rows:
        many(connection, upsert(connection, ShownFigure), rows)


def remembered(connection: Connection, ledger: str, cells: Iterable[str]) -> dict[str, Figure]:
    """Figures of a ledger as they were told last, by cell; those that were never told are not in it."""
    kept = connection.execute(_FIGURES, {"ledger": ledger, "cells": list(cells)})
    return {row.cell: Figure(row.people, row.value, row.at) for row in kept}


def known_here(connection: Connection, keys: Keyring, citizens: Iterable[int]) -> dict[int, str]:
    """The pseudonyms under which citizens stand in ledgers, for figures that are not about statements."""
    names = {citizen: keys.pseudonym(PURPOSE, citizen) for citizen in citizens}
    rows = [{"pseudonym": name, "citizen_id": citizen, "purpose": PURPOSE} for citizen, name in names.items()]
    if rows:
        many(connection, insert_new(connection.dialect.name, Pseudonym), rows)
    return names


_Known = dict[int, Shown[str]]
"""The groups in which anybody is whom a figure is about, by number."""


def _decide(known: _Known, cells: Mapping[str, Set[str]], smallest: int) -> Showing[str, str]:
    return showable(cells, shown=tuple(known.values()), smallest=smallest)


def _known(connection: Connection, ledger: str, cells: Mapping[str, Set[str]]) -> _Known:
    people = set[str]().union(*cells.values())
    numbers = connection.execute(_GROUPS, {"ledger": ledger, "people": list(people)}).scalars().all()
    members: dict[int, set[str]] = {}
    groups: dict[int, tuple[int, bool]] = {}
    for row in connection.execute(_MEMBERS, {"ledger": ledger, "numbers": list(numbers)}):
        members.setdefault(row.number, set()).add(row.author)
        groups[row.number] = row.people, row.whole
    return {
        number: Shown(there, size - len(there), whole)
        for number, there in sorted(members.items())
        for size, whole in [groups[number]]
    }


def _keep(connection: Connection, ledger: str, known: _Known, shown: Sequence[Shown[str]], made: int) -> None:
    """Write the groups that are new, and those that have become smaller, or are in a new one altogether."""
    numbers = [*known, *range(made + 1, made + 1 + len(shown) - len(known))]
    groups = dict(zip(numbers, shown, strict=True))
    changed = {number: group for number, group in groups.items() if group != known.get(number)}
    if not changed:
        return
    rows = [
        {"ledger": ledger, "number": number, "people": group.size, "whole": group.whole}
        for number, group in changed.items()
    ]
    many(connection, upsert(connection, ShownGroup), rows)
    members = [
        {"ledger": ledger, "author": person, "number": number}
        for number, group in changed.items()
        if number not in known
        for person in sorted(group.people)
    ]
    many(connection, upsert(connection, ShownPerson), members)
    connection.execute(_COUNT.values(groups=made + len(groups) - len(known)), {"ledger": ledger})


def forget_empty(connection: Connection) -> None:
    """Delete the groups of which nobody is left: nothing can be told of them any more."""
    somebody = exists().where(
        col(ShownPerson.ledger) == col(ShownGroup.ledger), col(ShownPerson.number) == col(ShownGroup.number)
    )
    connection.execute(delete(table(ShownGroup)).where(~somebody))
