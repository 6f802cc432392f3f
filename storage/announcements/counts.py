"""How many people announcements are for and what became of them: exactly, and as their senders are told.

What is told is decided on together with all that was told before, of whatever audience: see decision 30.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select
from sqlmodel import col

from flows.announcements.announcement import Fate, Figures, Omission, Reached, Stage
from flows.people.roles import Scope
from flows.small_cells import rounded
from storage.announcements.announced import Announcement, Recipient
from storage.announcements.audience import audience, excluded
from storage.people.permissions import scope_of
from storage.registry import loads
from storage.tables import table
from storage.unit import Unit
from storage.words.shown_counts import AUDIENCES, Figure, known_here, nearest, remember, remembered

_THERE: Final = select(table(Announcement)).where(col(Announcement.id) == bindparam("id"))
_FATES: Final = (
    select(col(Recipient.state), col(Recipient.omission), func.count(), func.count(col(Recipient.tapped_at)))
    .where(col(Recipient.announcement_id) == bindparam("id"))
    .group_by(col(Recipient.state), col(Recipient.omission))
)
_RECIPIENTS: Final = select(col(Recipient.citizen_id), col(Recipient.state), col(Recipient.omission)).where(
    col(Recipient.announcement_id) == bindparam("id")
)
_INTERESTED: Final = select(col(Recipient.citizen_id)).where(
    col(Recipient.announcement_id) == bindparam("id"), col(Recipient.tapped_at).is_not(None)
)

_CELLS: Final = ("", *Fate, *Omission)
"""What a report tells figures of: all, by what became of it, and by why somebody did not get it."""

_TAPPED: Final = "tapped"
"""How many are interested, which is a quantity of its own."""

_UNDER_WAY: Final = (Stage.SENDING, Stage.PAUSED)
_HUNDRED: Final = 100
"""While it is being sent, figures are told in hundreds: they are old as soon as they are read."""


@loads(Reached)
def reached(unit: Unit, where: Scope, id: int) -> Reached:
    """How many it would reach now, by language, and how many not, by reason."""
    rows = [row for row in unit.rows(_THERE, {"id": id}) if scope_of(row._mapping) == where]
    if not rows:
        return Reached(0)
    languages: dict[str, set[int]] = defaultdict(set)
    omitted: dict[str, set[int]] = defaultdict(set)
    for person in unit.rows(audience(rows[0])):
        (omitted[person.omission] if person.omission else languages[person.language]).add(person.id)
    omitted[Omission.EXCLUDED] = {person.id for person in unit.rows(excluded(rows[0]))}
    by_size = sorted(languages, key=lambda code: (-len(languages[code]), code))
    cells = {"": set[int]().union(*languages.values())}
    cells |= {f"in {code}": languages[code] for code in by_size}
    cells |= {f"not {omission}": omitted[omission] for omission in Omission}
    told = _told(unit, rows[0], AUDIENCES, cells)
    return Reached(
        all=told[""],
        by_language={code: told[f"in {code}"] for code in by_size if told[f"in {code}"]},
        left_out={each.value: told[f"not {each}"] for each in Omission if told[f"not {each}"]},
    )


def told_figures(unit: Unit, row: Row[Any]) -> Figures:
    """What has become of it, as those are told who send it; 0 can be a few.

    What was told once is told again, as long as it is about as many: whoever looks again waits for no count.
    """
    if row.begun_at is None:
        return Figures()
    if row.figures is not None or row.stage in _UNDER_WAY:
        return _coarse(figures_of(unit.connection, row), _HUNDRED if row.stage in _UNDER_WAY else 1)
    ledger, exact = f"{AUDIENCES} {row.id}", _exact(unit, row)
    last = remembered(unit.connection, ledger, exact)
    told = {cell: figure.value for cell, figure in last.items() if figure.people == exact[cell]}
    fresh: dict[str, int] = {}
    if not all(cell in told for cell in _CELLS):
        fresh |= _told(unit, row, AUDIENCES, _by_fate(unit, row))
    if _TAPPED not in told:
        tapped = {one.citizen_id for one in unit.rows(_INTERESTED, {"id": row.id})}
        fresh |= _told(unit, row, ledger, {_TAPPED: tapped})
    remember(
        unit.connection, ledger, {cell: Figure(exact[cell], value, unit.now) for cell, value in fresh.items()}
    )
    told |= fresh
    return Figures(
        all=told[""],
        delivered=told[Fate.DELIVERED],
        unsure=told[Fate.UNSURE],
        gone=told[Fate.GONE],
        skipped={each.value: told[each] for each in Omission if told[each]},
        tapped=told[_TAPPED],
    )


def _exact(unit: Unit, row: Row[Any]) -> dict[str, int]:
    """How many people are in each cell of its report."""
    exact = dict.fromkeys((*_CELLS, _TAPPED), 0)
    for state, omission, count, taps in map(tuple, unit.rows(_FATES, {"id": row.id})):
        exact[""] += count
        exact[omission or state] += count
        exact[_TAPPED] += taps
    return exact


def _by_fate(unit: Unit, row: Row[Any]) -> dict[str, set[int]]:
    """The people of each of those cells but the last."""
    cells: dict[str, set[int]] = {name: set() for name in _CELLS}
    for one in unit.rows(_RECIPIENTS, {"id": row.id}):
        cells[""].add(one.citizen_id)
        cells[one.omission or one.state].add(one.citizen_id)
    return cells


def _told(unit: Unit, row: Row[Any], ledger: str, cells: Mapping[str, set[int]]) -> dict[str, int]:
    """What may be told of those sets of people."""
    known = known_here(unit.connection, unit.context.keys, set[int]().union(*cells.values()))
    names = {cell: {known[citizen] for citizen in people} for cell, people in cells.items()}
    return nearest(unit.connection, ledger, names, unit.context.territories.smallest_cell(row.territory))


def _coarse(figures: Figures, least: int) -> Figures:
    """The same by the first digit of each number; those below `least` people are none."""

    def coarse(people: int) -> int:
        return rounded(people) if people >= least else 0

    return Figures(
        all=coarse(figures.all),
        due=coarse(figures.due),
        delivered=coarse(figures.delivered),
        unsure=coarse(figures.unsure),
        gone=coarse(figures.gone),
        skipped={why: coarse(people) for why, people in figures.skipped.items() if coarse(people)},
        tapped=coarse(figures.tapped),
    )


def figures_of(connection: Connection, row: Row[Any]) -> Figures:
    """What has become of it so far, exactly; of those who are erased we know how many they are."""
    if row.figures is not None:
        return Figures(**{"all": row.found, **json.loads(row.figures)})
    fates = [tuple(fate) for fate in connection.execute(_FATES, {"id": row.id})]
    return count_fates(fates, row.found)


def count_fates(rows: Iterable[tuple[Any, ...]], found: int) -> Figures:
    """Figures from counts by state and omission.

    found  how many recipients there were
    """
    fates: dict[str, int] = defaultdict(int)
    skipped: dict[str, int] = defaultdict(int)
    tapped = 0
    for state, omission, count, taps in rows:
        fates[state] += count
        tapped += taps
        if state == Fate.SKIPPED:
            skipped[omission] += count
    if erased := found - sum(fates.values()):
        skipped[Omission.ERASED] = erased
    return Figures(
        all=found,
        due=fates[Fate.DUE] + fates[Fate.OUT],
        delivered=fates[Fate.DELIVERED],
        unsure=fates[Fate.UNSURE],
        gone=fates[Fate.GONE],
        skipped={omission.value: skipped[omission] for omission in Omission if skipped[omission]},
        tapped=tapped,
    )
