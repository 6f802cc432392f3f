"""Everything that is kept about a person, for the person (GDPR, articles 15 and 20).

Rows are found as erasing finds them, so a new table is in it without a word here. What others wrote, and
what leads to others, is left out: it is theirs. Tables, columns and codes keep the names that programs know
them by; beside them stands in the person's language what they mean.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Table, select
from sqlmodel import SQLModel, col

from flows.files import DataFile
from flows.moves import Names
from flows.people.own_data import OwnData
from flows.people.own_data_words import meaning_of, subject_of
from flows.people.territory import name_in
from storage.people.audit import actor
from storage.people.erasure import theirs_in
from storage.registry import loads
from storage.tables import Audit, Contact, Pseudonym, table
from storage.unit import Unit

HIDDEN: Final = frozenset((
    "citizen_id", "contact_id", "author", "actor", "planner", "classifier", "reviewer", "granted_by",
    "token_hash", "text_hash",
))  # fmt: skip
"""Columns with names and keys of ours, which lead to nothing or to somebody else."""

LEFT_OUT: Final = frozenset(("pseudonym", "outbox", "pause"))
"""Tables in which nothing is said of a person: our names for them, and what is on its way to their chat."""

OF_OTHERS: Final[Mapping[str, Mapping[bool, frozenset[str]]]] = {
    "inquiry_message": {True: frozenset(), False: frozenset(("name", "text", "translation"))},
    "plea": {True: frozenset(("reply", "agreed")), False: frozenset(("name", "text"))},
}
"""Columns in which somebody else has written: where the row is the person's own, and where not."""

TO_THE_SECOND: Final = frozenset(("citizen", "consent"))
"""Tables whose moments are the person's alone. Elsewhere the day is told: others may have acted then."""

IN_WORDS: Final = "in_words"
"""Beside the columns of a row: what their codes mean, by column, in the language of whoever reads."""

SAFE: Final = 2**53
"""Programs that read JSON round whole numbers above this; ours are written as text then."""


@loads(OwnData)
def own_data(unit: Unit) -> OwnData:
    """All of it as it is now."""
    unit.book.flush()
    held = {target.name: list(_rows(unit, target, where)) for target, where in _theirs(unit)}
    tables = [{"table": name, "what": subject_of(name), "rows": rows} for name, rows in held.items() if rows]
    content = {"made_at": unit.now.isoformat(timespec="seconds"), "kept": tables}
    return OwnData(DataFile(f"together-{unit.now:%Y-%m-%d}", content))


def _theirs(unit: Unit) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Every table that can hold anything of the person, and which of its rows are about them."""
    me = unit.person
    query = select(col(Pseudonym.pseudonym)).where(col(Pseudonym.citizen_id) == me.citizen)
    authors = list(unit.connection.execute(query).scalars())
    yield table(Contact), col(Contact.id) == me.contact
    yield table(Audit), col(Audit.actor) == actor(unit)
    for target in SQLModel.metadata.sorted_tables:
        where = theirs_in(target, [me.citizen], authors)
        if where is not None and target.name not in LEFT_OUT:
            yield target, where


def _rows(unit: Unit, target: Table, where: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    to_the_second = target.name in TO_THE_SECOND
    for row in unit.connection.execute(select(target).where(where)).mappings():
        left_out = HIDDEN | _of_others(unit, target, row)
        shown = {
            name: _plain(value, to_the_second=to_the_second)
            for name, value in row.items()
            if name not in left_out
        }
        words = {name: said for name, said in _in_words(unit, target.name, row).items() if name in shown}
        yield {**shown, IN_WORDS: words} if words else shown


def _of_others(unit: Unit, target: Table, row: RowMapping) -> frozenset[str]:
    """The columns of a row that somebody else has written."""
    found = OF_OTHERS.get(target.name)
    return found[row["citizen_id"] == unit.person.citizen] if found else frozenset()


def _in_words(unit: Unit, table_name: str, row: RowMapping) -> dict[str, Any]:
    """What the codes in a row mean, and what is called by a slug, by column."""
    said = {}
    for column, value in row.items():
        if not isinstance(value, str) or not value:
            continue
        found: Any = meaning_of(table_name, column, value)
        if named := _NAMED.get(f"{table_name}.{column}") or _NAMED.get(column):
            names = named(unit, value, row)
            found = name_in(names, unit.person.language) if names else None
        if found:
            said[column] = found
    return said


def _territory(unit: Unit, slug: str, _row: RowMapping) -> Names:
    place = unit.context.territories.get(slug)
    return place.names if place else {}


def _group(unit: Unit, slug: str, row: RowMapping) -> Names:
    place = unit.context.territories.get(row.get("territory") or "")
    return next((group.names for group in place.groups if group.slug == slug), {}) if place else {}


_NAMED: Final[Mapping[str, Callable[[Unit, str, RowMapping], Names]]] = {
    "component": lambda unit, code, _row: unit.context.components.names.get(code, {}),
    "group_slug": _group,
    "review.reason": lambda unit, code, _row: unit.context.reasons.get(code, {}),
    "territory": _territory,
    "theme": lambda unit, code, _row: unit.context.themes.get(code, {}),
}
"""Columns with something that has a name: a place, a theme, a reason, a part of well-being."""


def _plain(value: Any, *, to_the_second: bool) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") if to_the_second else value.date().isoformat()
    return str(value) if isinstance(value, int) and abs(value) > SAFE else value
