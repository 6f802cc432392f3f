"""What a digest tells beside what was said: pilot actions, meetings, and what is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, case, exists, func, or_, select
from sqlmodel import col

from flows.actions.actions import Progress, Section
from flows.actions.findings import Cell
from flows.actions.gifts import Sake
from flows.actions.pilots import Change
from flows.digests.digest import ActionNews, Impact, MeetingNews, Overdue, Promise
from flows.moves import Names
from flows.occasions.occasions import HELD, Barrier, Says, Sort, State
from flows.people.roles import Role
from flows.people.territory import Territory
from flows.small_cells import showable
from flows.times.local_time import wall
from storage.actions.piloted import PUBLISHED, Action, ActionChange, ActionText, Finding, Gift, Plea, Wave
from storage.occasions import planned
from storage.occasions.planned import Answer, is_deadline
from storage.occasions.sheets import words_of
from storage.sql import among
from storage.tables import table

AHEAD: Final = timedelta(days=30)
"""So far ahead meetings are told of."""

MOST_COMING: Final = 5
MOST_OVERDUE: Final = 10

WAITS: Final[Mapping[Promise, timedelta]] = {
    Promise.UNREPORTED: timedelta(days=7),  # since it took place
    Promise.UNANSWERED: timedelta(days=14),  # since it was offered
    Promise.UNGIVEN: timedelta(days=30),  # since people were asked
}
"""After so long something is overdue."""

LONG_AGO: Final = timedelta(days=90)
"""What waits for longer is not told any more: who wanted to do something about it has."""

_ACTIONS: Final = table(Action)
_THERE: Final = table(planned.Occasion)
_TITLES: Final = (
    select(table(ActionText))
    .where(among(col(ActionText.action_id), "ids"), col(ActionText.part) == Section.TITLE)
    .order_by(col(ActionText.language))
)


@dataclass(frozen=True, slots=True)
class Span:
    """For whom, of which time, and when it is told."""

    territory: Territory
    since: datetime  # aware UTC, as the others
    until: datetime
    now: datetime

    def day(self, moment: datetime) -> Any:
        """The date that a moment has there."""
        return wall(moment, self.territory.zone).date()


def titles(connection: Connection, ids: Iterable[int]) -> dict[int, Names]:
    """What pilot actions are called, by id."""
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(_TITLES, {"ids": list(ids)}):
        found.setdefault(row.action_id, {})[row.language] = row.text
    return dict(found)


def actions(connection: Connection, span: Span) -> tuple[ActionNews, ...]:
    """Those that were published, got somewhere else, or of which a wave of feedback was closed."""
    changes = table(ActionChange)
    news = (Change.PUBLISHED, Change.PROGRESS, Change.WAVE_CLOSED)
    query = (
        select(changes, _ACTIONS.c.status)
        .join(_ACTIONS, _ACTIONS.c.id == changes.c.action_id)
        .where(
            _ACTIONS.c.territory == span.territory.slug,
            PUBLISHED,
            changes.c.what.in_(news),
            changes.c.at >= span.since,
            changes.c.at < span.until,
        )
        .order_by(changes.c.at.desc(), changes.c.id)
    )
    happened: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query):
        happened.setdefault(row.action_id, []).append(row)
    names = titles(connection, happened)
    impacts, scales = _impacts(connection, happened, span)
    return tuple(
        ActionNews(
            id=id,
            title=names.get(id, {}),
            progress=Progress(rows[0].status),
            is_new=any(row.what == Change.PUBLISHED for row in rows),
            moved=any(row.what == Change.PROGRESS for row in rows),
            scale=scales.get(id, ""),
            impacts=impacts.get(id, ()),
        )
        for id, rows in happened.items()
    )


def _impacts(
    connection: Connection, actions: Iterable[int], span: Span
) -> tuple[dict[int, tuple[Impact, ...]], dict[int, str]]:
    """What came of the last wave of each that was closed in that time, and the scale it was asked with."""
    waves, found = table(Wave), table(Finding)
    closed = waves.c.closed_at >= span.since, waves.c.closed_at < span.until
    ours = {"ids": list(actions)}
    query = select(waves).where(among(waves.c.action_id, "ids"), *closed).order_by(waves.c.number)
    last = {row.action_id: row for row in connection.execute(query, ours)}
    figures: dict[tuple[int, str], dict[str, Row[Any]]] = {}
    query = select(found).where(among(found.c.action_id, "ids")).order_by(found.c.component)
    for row in connection.execute(query, ours):
        if row.action_id in last and row.wave == last[row.action_id].number:
            figures.setdefault((row.action_id, row.component), {})[row.cell] = row
    impacts: dict[int, tuple[Impact, ...]] = {}
    for (action, component), cells in figures.items():
        impacts[action] = (*impacts.get(action, ()), _impact(component, cells))
    return impacts, {id: row.scale for id, row in last.items()}


def _impact(component: str, cells: Mapping[str, Row[Any]]) -> Impact:
    whole, before, after = (cells.get(cell) for cell in (Cell.ALL, Cell.BEFORE, Cell.AFTER))
    return Impact(
        component,
        people=whole.people if whole else 0,
        mean=_mean(whole),
        before=_mean(before),
        after=_mean(after),
        again=after.people if after else 0,
    )


def _mean(row: Row[Any] | None) -> float | None:
    return round(row.total / row.people, 1) if row else None


def _for_panel(span: Span) -> tuple[Any, ...]:
    """Meetings of everybody there, and of the panel itself; not those of one group alone."""
    return (
        _THERE.c.sort == Sort.MEETING,
        _THERE.c.state == State.PLANNED,
        _THERE.c.territory == span.territory.slug,
        _THERE.c.group_slug.is_(None),
        or_(_THERE.c.role.is_(None), _THERE.c.role == Role.PANEL),
    )


def held(connection: Connection, span: Span) -> tuple[MeetingNews, ...]:
    """The meetings that ended in that time, the last first."""
    ended = _THERE.c.ends_at >= span.since, _THERE.c.ends_at < span.until
    met = ~is_deadline(_THERE.c)  # nobody met at a deadline
    query = (
        select(_THERE).where(*_for_panel(span), *ended, met).order_by(_THERE.c.starts_at.desc(), _THERE.c.id)
    )
    return _gatherings(connection, query)


def coming(connection: Connection, span: Span) -> tuple[MeetingNews, ...]:
    """The next meetings."""
    soon = _THERE.c.starts_at > span.now, _THERE.c.starts_at <= span.now + AHEAD
    query = select(_THERE).where(*_for_panel(span), *soon).order_by(_THERE.c.starts_at, _THERE.c.id)
    return _gatherings(connection, query.limit(MOST_COMING))


def _gatherings(connection: Connection, query: Select[Any]) -> tuple[MeetingNews, ...]:
    rows = connection.execute(query).all()
    ids = {"ids": [row.id for row in rows]}
    words = words_of(connection, rows)
    answers = {row.occasion_id: row for row in connection.execute(_ANSWERS, ids)}
    return tuple(
        MeetingNews(
            id=row.id,
            title=words[row.id].title,
            kind=row.kind,
            starts=datetime.fromisoformat(row.starts),
            is_deadline=is_deadline(row),
            **{name: _number(answers.get(row.id), name) for name in ("coming", "maybe", "came")},
        )
        for row in rows
    )


def _people(*which: Any) -> Any:
    return func.sum(case((and_(*which), col(Answer.party)), else_=0))


_WAS_THERE: Final = or_(col(Answer.checked_in_at).is_not(None), col(Answer.was_there).is_(True))
_ANSWERS: Final = (
    select(
        col(Answer.occasion_id),
        _people(col(Answer.standing).in_(HELD)).label("coming"),
        _people(col(Answer.says) == Says.MAYBE).label("maybe"),
        _people(_WAS_THERE).label("came"),
    )
    .where(among(col(Answer.occasion_id), "ids"))
    .group_by(col(Answer.occasion_id))
)


def _number(row: Row[Any] | None, name: str) -> int:
    return int(row._mapping[name]) if row else 0


_ABSENT: Final = select(
    col(Answer.occasion_id), col(Answer.citizen_id), col(Answer.says), col(Answer.barriers)
).where(among(col(Answer.occasion_id), "ids"), col(Answer.says).in_((Says.CANNOT, Says.NO)))


def absent(
    connection: Connection, meetings: Sequence[MeetingNews], smallest: int
) -> tuple[tuple[MeetingNews, ...], dict[Barrier, int | None]]:
    """Those meetings with who did not want to come or could not, and what kept people away who wanted to.

    All of it is decided on together, what kept people away first; of a few people there is no number.
    """
    ways: dict[Barrier, set[int]] = {}
    answers: dict[tuple[int, Says], set[int]] = {}
    for row in connection.execute(_ABSENT, {"ids": [each.id for each in meetings]}):
        answers.setdefault((row.occasion_id, Says(row.says)), set()).add(row.citizen_id)
        for code in row.barriers.split() if row.says == Says.CANNOT else ():
            ways.setdefault(Barrier(code), set()).add(row.citizen_id)
    cells: dict[Barrier | tuple[int, Says], set[int]] = {
        **dict(sorted(ways.items(), key=lambda cell: (-len(cell[1]), cell[0]))),
        **dict(sorted(answers.items(), key=lambda cell: (-len(cell[1]), cell[0]))),
    }
    shown = showable(cells, smallest=smallest).names
    told = {cell: len(people) if cell in shown else None for cell, people in cells.items()}
    news = (
        replace(each, no=told.get((each.id, Says.NO), 0), cannot=told.get((each.id, Says.CANNOT), 0))
        for each in meetings
    )
    return tuple(news), {cell: figure for cell, figure in told.items() if isinstance(cell, Barrier)}


def overdue(connection: Connection, span: Span) -> tuple[Overdue, ...]:
    """What somebody waits for, the newest first."""
    found = [*_unreported(connection, span), *_unanswered(connection, span), *_ungiven(connection, span)]
    newest_first = sorted(found, key=lambda one: (one.since, one.id), reverse=True)
    return tuple(newest_first[:MOST_OVERDUE])


def _waited(moment: Any, promise: Promise, span: Span) -> Any:
    return and_(moment <= span.now - WAITS[promise], moment > span.now - LONG_AGO)


def _unreported(connection: Connection, span: Span) -> list[Overdue]:
    """Activities of which nobody has said that they were there, or what they did."""
    done = exists().where(col(Answer.occasion_id) == _THERE.c.id, or_(_WAS_THERE, col(Answer.minutes) > 0))
    query = select(_THERE).where(
        _THERE.c.sort == Sort.ACTIVITY,
        _THERE.c.state == State.PLANNED,
        _THERE.c.territory == span.territory.slug,
        _waited(_THERE.c.ends_at, Promise.UNREPORTED, span),
        ~done,
    )
    rows = connection.execute(query).all()
    words = words_of(connection, rows)
    return [Overdue(Promise.UNREPORTED, row.id, words[row.id].title, span.day(row.ends_at)) for row in rows]


def _unanswered(connection: Connection, span: Span) -> list[Overdue]:
    """Actions for which somebody has offered something, and was asked for nothing since."""
    asked = exists().where(col(Plea.gift_id) == col(Gift.id))
    query = (
        select(_ACTIONS.c.id, func.max(col(Gift.given_at)).label("since"))
        .join(table(Gift), and_(col(Gift.cause) == Sake.ACTION, col(Gift.cause_id) == _ACTIONS.c.id))
        .where(
            _ACTIONS.c.territory == span.territory.slug,
            _ACTIONS.c.status.not_in((Progress.DONE, Progress.WITHDRAWN)),
            _waited(col(Gift.given_at), Promise.UNANSWERED, span),
            ~asked,
        )
        .group_by(_ACTIONS.c.id)
    )
    return _of_actions(connection, Promise.UNANSWERED, connection.execute(query).all(), span)


def _ungiven(connection: Connection, span: Span) -> list[Overdue]:
    """Actions that have asked for feedback for long, without having told what came of it."""
    query = (
        select(_ACTIONS.c.id, col(Wave.opened_at).label("since"))
        .join(table(Wave), col(Wave.action_id) == _ACTIONS.c.id)
        .where(
            _ACTIONS.c.territory == span.territory.slug,
            col(Wave.closed_at).is_(None),
            _waited(col(Wave.opened_at), Promise.UNGIVEN, span),
        )
    )
    return _of_actions(connection, Promise.UNGIVEN, connection.execute(query).all(), span)


def _of_actions(
    connection: Connection, promise: Promise, rows: Sequence[Row[Any]], span: Span
) -> list[Overdue]:
    names = titles(connection, [row.id for row in rows])
    return [Overdue(promise, row.id, names.get(row.id, {}), span.day(row.since)) for row in rows]
