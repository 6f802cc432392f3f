"""What people said in a time, counted, with the people behind each figure; what is shown is decided later.

A pass over the statements gives a row for each person, with the number of their statements in each cell, and
another one a row for each person and component: so few rows leave the database, however much was said.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, func, select

from flows.actions.impact import dimension_of
from flows.digests.digest import Dimension, Heard
from flows.words.classes import Opinion
from flows.words.statements import Question
from storage.tables import Statement, table
from storage.words.returned import Classification

ALL: Final = "all"
UNSORTED: Final = "unsorted"
DIMENSION: Final = "dimension "
LANGUAGE: Final = "language "
QUESTION: Final = "question "
SORTS: Final = ((DIMENSION, UNSORTED), (LANGUAGE,), (QUESTION,))
"""Kinds of cells of which each statement is in one."""

_SAID: Final = table(Statement)
_THOUGHT: Final = table(Classification)
_SORTED: Final[FromClause] = _SAID.join(
    _THOUGHT,
    and_(
        _THOUGHT.c.statement_id == _SAID.c.id,
        _THOUGHT.c.wording == _SAID.c.version,
        _THOUGHT.c.opinion == Opinion.FIRST,
    ),
)
"""Statements with the time when somebody found what they are about; whatever was thought of it later."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures by cell, with the people behind each."""

    people: Mapping[str, Set[str]]  # pseudonyms; the most useful cell first
    statements: Mapping[str, int]
    components: Mapping[str, int]  # people whose statements were found to be about each, by code
    before: Set[str]  # components that anything was about before
    groups: tuple[str, ...]  # slugs of those in which anybody said something

    def heard(self, shown: Iterable[str], smallest: int, quotes: tuple[int, ...]) -> Heard:
        """What is told of it.

        shown     the cells whose figures may be
        smallest  people who are not few any more
        quotes    statements that may be quoted
        """
        told = self._without_remainders(set(shown), smallest)
        figures = {cell: count if cell in told else None for cell, count in self.statements.items()}
        first = self.components.keys() - self.before if self.before else set()
        rare = {code for code, people in self.components.items() if people < smallest} - first
        known = set(map(dimension_of, self.before))
        return Heard(
            statements=figures.get(ALL, 0),
            people=len(self.people.get(ALL, ())) if figures.get(ALL, 0) is not None else None,
            questions={Question(name): figure for name, figure in _under(QUESTION, figures)},
            dimensions=tuple(
                Dimension(code, figure, is_new=bool(known) and code not in known)
                for code, figure in _under(DIMENSION, figures)
            ),
            unsorted=figures.get(UNSORTED, 0),
            languages=dict(_under(LANGUAGE, figures)),
            groups=self.groups,
            first=tuple(sorted(first)),
            rare=tuple(sorted(rare)),
            quotes=quotes,
        )

    def _without_remainders(self, shown: set[str], smallest: int) -> set[str]:
        """Those cells whose figures leave nothing over that is about a few, subtracted from all there are.

        Each statement is in one cell of a sort, so all that is hidden of it can be worked out together: if
        few people are behind it, the smallest cell that is left is hidden with it.
        """
        told = set(shown)
        for sort in SORTS:
            cells = [cell for cell in self.people if cell.startswith(sort)]
            while hidden := [cell for cell in cells if cell not in told]:
                left = [cell for cell in cells if cell in told]
                if not left or len(set().union(*(self.people[cell] for cell in hidden))) >= smallest:
                    break
                told.remove(min(left, key=lambda cell: (len(self.people[cell]), cell)))
        return told


def _under(kind: str, figures: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    return [(cell.removeprefix(kind), figure) for cell, figure in figures.items() if cell.startswith(kind)]


def count(connection: Connection, territory: str, since: datetime, until: datetime) -> Counted:
    """What was said in a territory in that time, and what was found in that time to be about something."""
    here = _SAID.c.territory == territory, _SAID.c.withdrawn_at.is_(None)
    said = *here, _SAID.c.created_at >= since, _SAID.c.created_at < until
    languages, groups = (
        connection.execute(select(column).where(*said).group_by(column).order_by(column)).scalars().all()
        for column in (_SAID.c.language, _SAID.c.group_slug)
    )
    spoken: dict[str, ColumnElement[bool]] = {
        ALL: _SAID.c.id.is_not(None),
        UNSORTED: _SAID.c.component.is_(None),
    }
    spoken |= {f"{LANGUAGE}{language}": _SAID.c.language == language for language in languages}
    spoken |= {f"{QUESTION}{question}": _SAID.c.question == question for question in Question}
    people, statements = _spoken(connection, spoken, said)
    about = _about(connection, here, since, until)
    people |= about.people
    statements |= about.statements
    order = sorted(statements, key=lambda cell: (_rank(cell), -len(people[cell]), cell))
    return Counted(
        people={cell: people[cell] for cell in order},
        statements={cell: statements[cell] for cell in order},
        components={code: len(those) for code, those in about.components.items()},
        before=about.before,
        groups=tuple(filter(None, groups)),
    )


def _rank(cell: str) -> int:
    """What is told rather than what comes later, where not both can be."""
    kinds = (ALL, DIMENSION, UNSORTED, LANGUAGE, QUESTION)
    return next(place for place, kind in enumerate(kinds) if cell.startswith(kind))


def _spoken(
    connection: Connection, cells: Mapping[str, ColumnElement[bool]], said: Iterable[ColumnElement[bool]]
) -> tuple[dict[str, set[str]], dict[str, int]]:
    """The people in each cell in which there are any, and how many statements."""
    sums = [func.sum(case((condition, 1), else_=0)) for condition in cells.values()]
    query = select(_SAID.c.author, *sums).where(*said).group_by(_SAID.c.author)
    people: dict[str, set[str]] = {}
    statements: Counter[str] = Counter()
    names = tuple(cells)
    for author, *counts in connection.execute(query):
        for name, number in zip(names, counts, strict=True):
            if number:
                people.setdefault(name, set()).add(author)
                statements[name] += int(number)
    return people, dict(statements)


@dataclass(slots=True)
class _About:
    """What statements were found to be about."""

    people: dict[str, set[str]] = field(default_factory=dict)  # in that time, by the cell of the dimension
    statements: Counter[str] = field(default_factory=Counter)
    components: dict[str, set[str]] = field(default_factory=dict)  # people in that time, by code
    before: set[str] = field(default_factory=set)  # codes


def _about(
    connection: Connection, here: Iterable[ColumnElement[bool]], since: datetime, until: datetime
) -> _About:
    """With whom each component was found in that time, and which there had been before."""
    lately = func.sum(case((_THOUGHT.c.at >= since, 1), else_=0))
    query = (
        select(_SAID.c.component, _SAID.c.author, lately, func.min(_THOUGHT.c.at) < since)
        .select_from(_SORTED)
        .where(*here, _SAID.c.component.is_not(None), _THOUGHT.c.at < until)
        .group_by(_SAID.c.component, _SAID.c.author)
    )
    found = _About()
    for code, author, number, was_before in connection.execute(query):
        if was_before:
            found.before.add(code)
        if number:
            cell = f"{DIMENSION}{dimension_of(code)}"
            found.people.setdefault(cell, set()).add(author)
            found.components.setdefault(code, set()).add(author)
            found.statements[cell] += int(number)
    return found
