"""Activities for tests, written straight into their tables, and people who take on what there is to do."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select, update
from sqlmodel import col

from flows.occasions.occasions import AnswerOccasion, Says
from storage.occasions.helped import Standby, Tally
from storage.occasions.planned import Post, PostText
from storage.tables import table
from tests.storage.plans import add, call_meeting
from tests.storage.town import Town

CLUB: Final = 1
"""A weekly open club; its later dates are 2, 3 and so on."""

COOK, HOST = 1, 2
"""The numbers of what there is to do there."""

POSTS: Final[Mapping[str, int | None]] = {"Cook": 1, "Host": 2}


def call_activity(
    connection: Connection,
    id: int,
    *,
    now: datetime,
    begins: timedelta = timedelta(days=5),
    dates: int = 1,
    posts: Mapping[str, int | None] = POSTS,
    minutes: int | None = None,
    **columns: Any,
) -> None:
    """An activity for everybody in Riverside; later dates have the ids that follow, each a week after.

    posts  how many people each needs, by its name; see `post_of` for their ids
    """
    series = id if dates > 1 else None
    for week in range(dates):
        rule = f"FREQ=WEEKLY;COUNT={dates}" if series and not week else None
        kind = {"sort": "activity", "kind": "activity", "series": series, "rule": rule, "most_party": 1}
        titles = {} if week else {"en": "Healthy Tuesday"}
        later = begins + timedelta(weeks=week)
        call_meeting(connection, id + week, now=now, begins=later, titles=titles, **{**kind, **columns})
        for number, (name, seats) in enumerate(posts.items(), start=1):
            post = post_of(id + week, number)
            if number > 1:
                add(connection, Post, id=post, occasion_id=id + week, number=number)
            change = update(table(Post)).where(col(Post.id) == post)
            connection.execute(change.values(seats=seats, minutes=minutes))
            if not week:
                add(connection, PostText, post_id=post, language="en", name=name)


def post_of(occasion: int, number: int) -> int:
    """The id of a post, by its number."""
    return 10 * occasion + number - 1


def take(number: int, occasion: int = CLUB) -> AnswerOccasion:
    """What a person does who takes a post, by its number."""
    return AnswerOccasion(occasion, Says.YES, post=post_of(occasion, number))


def asked_to_stand_in(connection: Connection, citizen: int, now: datetime) -> None:
    """Somebody is asked to stand in wherever there is anything to do; others have helped there before."""
    for post in connection.execute(select(table(Post))).all():
        add(connection, Standby, post_id=post.id, citizen_id=citizen, asked_at=now)
    if not connection.execute(select(table(Tally))).all():
        add(connection, Tally, activity=CLUB, number=1, times=10, minutes=600, at=now)


async def calls(town: Town, **options: Any) -> None:
    """The club, in five days."""
    await town.do(call_activity, CLUB, now=town.now, **options)
