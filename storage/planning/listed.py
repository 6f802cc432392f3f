"""What is planned and who comes, as rows for a file: of people neither names nor anything that names them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select, true
from sqlmodel import col

from flows.files import Entry
from flows.moves import Names
from flows.occasions.kinds import OccasionKind
from flows.occasions.occasions import Says, Sort, Standing, State
from flows.people.roles import Scope
from flows.people.territory import Territories, best
from storage.occasions import planned
from storage.occasions.calendars import entries_of
from storage.occasions.planned import Answer, Post
from storage.occasions.sheets import words_of
from storage.sheet import Line, Sheet
from storage.tables import table

OCCASIONS: Final = Sheet(
    "occasions",
    (
        "id", "series", "sort", "kind", "state", "territory", "group", "role", "theme", "starts", "ends",
        "zone", "title", "place", "link", "seats", "coming", "waiting", "maybe", "no", "cannot", "came",
        "done",
    ),
)  # fmt: skip
ATTENDANCE: Final = Sheet(
    "attendance",
    (
        "occasion", "title", "starts", "zone", "post", "says", "standing", "people", "barriers", "needs",
        "interpretation", "answered_on", "came", "minutes",
    ),
)  # fmt: skip

_THERE: Final = table(planned.Occasion)
_CAME: Final = col(Answer.checked_in_at).is_not(None) | col(Answer.was_there).is_(True)


def occasions(connection: Connection, territories: Territories, sort: Sort, where: Scope) -> list[Line]:
    """What is planned of one sort in a scope, drafts included, soonest first, with how many said what.

    Words are given in the first language of the territory that they are there in.
    """
    rows = rows_of(connection, sort, where)
    words, counts, seats = words_of(connection, rows), _counts(connection), _seats(connection)
    nobody = dict.fromkeys(("coming", "waiting", "maybe", "no", "cannot", "came", "done"), 0)
    return [
        {
            "id": str(row.id),  # 63 bits: a spreadsheet would round the number
            "series": str(row.series) if row.series else None,
            **{name: row._mapping[name] for name in _SAME},
            "group": row.group_slug,
            "title": in_first_language(words[row.id].title, row, territories),
            "place": in_first_language(words[row.id].place, row, territories),
            "seats": seats.get(row.id),
            **counts.get(row.id, nobody),
        }
        for row in rows
    ]


_SAME: Final = ("sort", "kind", "state", "territory", "role", "theme", "starts", "ends", "zone", "link")


def attendance(connection: Connection, territories: Territories, where: Scope) -> list[Line]:
    """Each answer to what takes place in a scope, in an order that says nothing of anybody."""
    rows = {row.id: row for row in rows_of(connection, None, where)}
    titles = {
        id: in_first_language(sheet.title, rows[id], territories)
        for id, sheet in words_of(connection, rows.values()).items()
    }
    query = (
        select(*table(Answer).c, col(Post.number), _CAME.label("came"))
        .join(table(Post), col(Post.id) == col(Answer.post_id))
        .join(_THERE, _THERE.c.id == col(Answer.occasion_id))
        .where(_within(where))
    )
    found = [
        _answer(rows[answer.occasion_id], answer, titles[answer.occasion_id])
        for answer in connection.execute(query).mappings()
    ]
    return sorted(found, key=lambda row: [str(row[name]) for name in ("starts", *ATTENDANCE.columns)])


def answerers(connection: Connection, where: Scope) -> Sequence[int]:
    """Those whose answers are in that table."""
    query = select(col(Answer.citizen_id)).join(_THERE, _THERE.c.id == col(Answer.occasion_id))
    return connection.execute(query.where(_within(where))).scalars().all()


def calendar(
    connection: Connection, kinds: Mapping[str, OccasionKind], address: str, sort: Sort, where: Scope
) -> tuple[Entry, ...]:
    """What was published of one sort in a scope, as calendars know it, soonest first.

    address  of the bot; "": entries do not lead to it
    """
    published = [row for row in rows_of(connection, sort, where) if row.state != State.DRAFT]
    return entries_of(connection, published, kinds, address, {})


def rows_of(connection: Connection, sort: Sort | None, where: Scope) -> Sequence[Row[Any]]:
    """What is planned of one sort, or of each, in a scope, soonest first."""
    query = select(_THERE).where(_within(where), _THERE.c.sort == sort if sort else true())
    return connection.execute(query.order_by(_THERE.c.starts_at, _THERE.c.id)).all()


def _within(where: Scope) -> ColumnElement[bool]:
    """What takes place in a scope, and in those that lie in it."""
    return and_(
        _THERE.c.territory == where.territory if where.territory else true(),
        _THERE.c.group_slug == where.group if where.group else true(),
    )


def _counts(connection: Connection) -> dict[int, dict[str, int]]:
    """People who come and who wait, those with them included, and answers of every other kind."""

    def people(*which: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((and_(*which), col(Answer.party)), else_=0)), 0)

    def answers(which: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((which, 1), else_=0)), 0)

    says, standing = col(Answer.says), col(Answer.standing)
    query = select(
        col(Answer.occasion_id),
        people(says == Says.YES, standing.in_((Standing.SEATED, Standing.OFFERED))).label("coming"),
        people(says == Says.YES, standing == Standing.WAITING).label("waiting"),
        *(answers(says == each).label(each.value) for each in (Says.MAYBE, Says.NO, Says.CANNOT, Says.DONE)),
        answers(_CAME).label("came"),
    ).group_by(col(Answer.occasion_id))
    counts = {}
    for row in connection.execute(query):
        counts[row.occasion_id] = {name: int(row._mapping[name]) for name in row._fields[1:]}
    return counts


def _seats(connection: Connection) -> dict[int, int]:
    """Seats of all posts together, where each has a number of them."""
    post = col(Post.occasion_id)
    query = select(post, func.sum(col(Post.seats)), func.count(), func.count(col(Post.seats))).group_by(post)
    return {
        occasion: int(seats or 0)
        for occasion, seats, posts, counted in connection.execute(query)
        if posts == counted
    }


def in_first_language(names: Names, row: Row[Any], territories: Territories) -> str | None:
    """Words in the first language of the territory that they are there in."""
    territory = territories.get(row.territory or "")
    return names[best(names, territory.languages if territory else ())] if names else None


def _answer(row: Row[Any], answer: Mapping[Any, Any], title: str | None) -> Line:
    return {
        "occasion": str(row.id),
        "title": title,
        "starts": row.starts,
        "zone": row.zone,
        "post": answer["number"],
        "people": answer["party"],
        "answered_on": answer["answered_at"].date().isoformat(),
        "came": "yes" if answer["came"] else "no",
        **{
            name: answer[name]
            for name in ("says", "standing", "barriers", "needs", "interpretation", "minutes")
        },
    }
