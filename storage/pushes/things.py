"""Occasions as pushes tell of them: what decides whether they do, and what the conversation looks at."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from flows.occasions.occasions import HELD, Says, Sheet, Sort, Standing, When
from flows.occasions.occasions import State as OccasionState
from flows.pushes.deciding import Fact, Occupancy
from flows.pushes.things import Thing, Things, ThingWords
from flows.times.local_time import wall
from storage.context import Context
from storage.occasions.occasions import known_posts, when
from storage.occasions.planned import Answer, Occasion, Post
from storage.occasions.sheets import words_of
from storage.planning.drafting import tongue_of
from storage.pushes.habits import wants
from storage.registry import loads
from storage.sql import among
from storage.tables import table
from storage.unit import Person, Unit

_OCCASIONS: Final = select(table(Occasion)).where(among(col(Occasion.id), "occasions"))
_ANSWERS: Final = (
    select(
        col(Answer.occasion_id),
        col(Answer.citizen_id),
        col(Answer.says),
        col(Answer.standing),
        col(Answer.party),
        col(Answer.offered_until),
        col(Answer.was_there),
        col(Answer.checked_in_at),
        col(Answer.stand_in_since),
        col(Post.number),
        col(Answer.post_id),
    )
    .join(table(Post), col(Post.id) == col(Answer.post_id))
    .where(among(col(Answer.citizen_id), "citizens"), among(col(Answer.occasion_id), "occasions"))
)
_HAS: Final = (*HELD, Standing.WAITING)
_SEEKS: Final = (Standing.WAITING, Standing.LAPSED)
"""Who stands so is told of seats that are free."""


class Occasions:
    """Occasions, and what some people have said to them."""

    def __init__(self, connection: Connection, citizens: Iterable[int], ids: Iterable[int]) -> None:
        values = {"citizens": list(citizens), "occasions": list(ids)}
        self.rows = {row.id: row for row in connection.execute(_OCCASIONS, values)}
        self.missing = set(values["occasions"]) - self.rows.keys()  # no occasions, or no more
        answers = connection.execute(_ANSWERS, values) if self.rows else ()
        self._answers = {(row.occasion_id, row.citizen_id): row for row in answers}
        sought = {row.occasion_id for row in self._answers.values() if row.standing in _SEEKS}
        there = known_posts(connection, sought) if sought else {}
        self._posts = {post.id: post for posts in there.values() for post in posts}
        self._times: dict[tuple[int, str], When] = {}  # by occasion and zone

    def fact(
        self, id: int, citizen: int, occupancy: Occupancy | None = None, gifts: frozenset[str] = frozenset()
    ) -> Fact:
        """What decides whether the person is told of it.

        occupancy  of what they plan
        gifts      notices of what is given for it that still hold
        """
        row, own = self.rows[id], self._answers.get((id, citizen))
        state = OccasionState(row.state)
        if own is None:
            return Fact(state, row.starts_at, occupancy=occupancy, gifts=gifts)
        says, standing = Says(own.says), Standing(own.standing)
        seeks = own.stand_in_since is not None
        until, was_there = own.offered_until, own.was_there
        return Fact(state, row.starts_at, says, standing, until, was_there, seeks, occupancy, gifts)

    def thing(self, id: int, citizen: int, zone: str, at: datetime | None = None) -> Thing:
        """The occasion as it is told to a person whose clocks are those of the zone.

        at  aware UTC; None: before it begins
        """
        row, own = self.rows[id], self._answers.get((id, citizen))
        there = self._when(row, zone)
        until = own.offered_until if own is not None else None
        has_post = row.sort == Sort.ACTIVITY and own is not None and own.standing in _HAS
        return Thing(
            id=row.id,
            sort=Sort(row.sort),
            kind=row.kind,
            state=OccasionState(row.state),
            starts=there.starts,
            ends=there.ends,
            here=there.own,
            says=Says(own.says) if own is not None else None,
            standing=Standing(own.standing) if own is not None else Standing.NONE,
            party=own.party if own is not None else 1,
            until=wall(until, zone) if until else None,
            link=row.link,
            checked_in=own is not None and own.checked_in_at is not None,
            post=own.number if own is not None and has_post else None,
            pin=(row.latitude, row.longitude) if row.latitude is not None else None,
            has_room=own is not None and self._has_room(own),
            too_few=self._too_few(own) if own is not None else None,
            has_begun=at is not None and row.starts_at <= at,
        )

    def _has_room(self, own: Any) -> bool:
        return own.standing == Standing.LAPSED and self._posts[own.post_id].has_room(own.party)

    def _too_few(self, own: Any) -> int | None:
        if own.standing != Standing.WAITING:
            return None
        post = self._posts[own.post_id]
        return (post.free or 0) if post.is_too_small(own.party) else None

    def _when(self, row: Row[Any], zone: str) -> When:
        times = self._times.get((row.id, zone))
        if times is None:
            times = self._times[row.id, zone] = when(row, zone)
        return times


@loads(Things)
def things(unit: Unit, ids: tuple[int, ...]) -> Things:
    """Those occasions as they are now."""
    me = unit.person.citizen
    there = Occasions(unit.connection, [me], ids)
    zone = wants(unit.connection, unit.context, [me])[me].habits.zone
    sought = {
        id: tuple(post.number for post in posts if post.sought)
        for id, posts in known_posts(unit.connection, there.rows).items()
    }
    now = {id: replace(there.thing(id, me, zone, unit.at), sought=sought.get(id, ())) for id in there.rows}
    return Things({str(id): thing for id, thing in now.items()})


@loads(ThingWords)
def thing_words(unit: Unit, ids: tuple[int, ...]) -> ThingWords:
    """The words of the same."""
    there = Occasions(unit.connection, [unit.person.citizen], ids)
    return words_for(unit.context, unit.person, words_of(unit.connection, there.rows.values()))


def words_for(context: Context, person: Person, sheets: Mapping[int, Sheet]) -> ThingWords:
    """The words of occasions as a person reads them."""
    kinds = {code: kind.names for code, kind in context.occasion_kinds.items()}
    return ThingWords(sheets, kinds, tongue_of(context, person))
