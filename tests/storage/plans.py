"""Meetings for tests, written straight into their tables; who may plan them is tested elsewhere."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update
from sqlmodel import SQLModel, col

from flows.occasions.afterwards import About, RateOccasion, RemarkOn
from flows.occasions.check_in import CheckIn
from flows.occasions.occasions import Answered, AnswerOccasion, Says
from flows.occasions.registration import ReplyAtRegistration
from flows.occasions.wishes import DescribeBarrier, NameGuests
from flows.words.statements import Words
from storage.occasions.attendance import door_payload
from storage.occasions.attended import Turnout
from storage.occasions.planned import Answer, Occasion, OccasionQuestion, OccasionText, Post, PostText
from storage.tables import table
from tests.storage.town import KEYS, Town

RIGA: Final = "Europe/Riga"


def call_meeting(
    connection: Connection,
    id: int,
    *,
    now: datetime,
    begins: timedelta = timedelta(days=5),
    lasts: timedelta = timedelta(hours=2),
    seats: int | None = None,
    titles: dict[str, str] | None = None,
    **columns: Any,
) -> None:
    """A meeting for everybody in Riverside, with one post of the number 10 * id."""
    row = {
        "sort": "meeting",
        "kind": "assembly",
        "state": "planned",
        "territory": "riverside",
        "zone": RIGA,
        **_times(now + begins, lasts),
        "most_party": 9,
        "sequence": 0,
        "planner": "somebody",
        "created_at": now,
        "changed_at": now,
        **columns,
    }
    add(connection, Occasion, id=id, **row)
    add(connection, Post, id=10 * id, occasion_id=id, number=1, seats=seats)
    called = {"en": f"Meeting {id}"} if titles is None else titles
    for language, title in called.items():
        add(connection, OccasionText, occasion_id=id, language=language, title=title)


def call_often(
    connection: Connection,
    first: int,
    *,
    now: datetime,
    dates: int,
    begins: timedelta = timedelta(days=5),
    every: timedelta = timedelta(weeks=1),
    is_series: bool = True,
    **columns: Any,
) -> range:
    """So many meetings with the ids from `first` on, as one series or each by itself; returns their ids."""
    call_meeting(connection, first, now=now, begins=begins, **columns)
    found = connection.execute(select(table(Occasion)).where(col(Occasion.id) == first)).one()
    ids = range(first, first + dates)
    rows = [
        {**found._mapping, "id": id, **_times(now + begins + number * every, timedelta(hours=2))}
        for number, id in enumerate(ids)
    ]
    if len(rows) > 1:
        connection.execute(insert(table(Occasion)), rows[1:])
        posts = [{"id": 10 * id, "occasion_id": id, "number": 1, "seats": None} for id in ids[1:]]
        connection.execute(insert(table(Post)), posts)
    if is_series:
        connection.execute(update(table(Occasion)).where(col(Occasion.id).in_(ids)).values(series=first))
    return ids


def move(connection: Connection, id: int, starts_at: datetime) -> None:
    """Another time for a meeting."""
    change(connection, id, **_times(starts_at, timedelta(hours=2)))


def _times(starts_at: datetime, lasts: timedelta) -> dict[str, Any]:
    starts, ends = (moment.astimezone(ZoneInfo(RIGA)) for moment in (starts_at, starts_at + lasts))
    return {
        "starts": f"{starts:%Y-%m-%dT%H:%M}",
        "ends": f"{ends:%Y-%m-%dT%H:%M}",
        "starts_at": starts_at.astimezone(UTC),
        "ends_at": (starts_at + lasts).astimezone(UTC),
    }


def prepare_meeting(connection: Connection, id: int, *, now: datetime) -> None:
    """A meeting that leaves a row in every table of planning; it has begun."""
    call_meeting(connection, id, now=now, begins=timedelta(hours=-1))
    ask_at_registration(connection, id, 1, en="Do you eat with us?")
    add(connection, PostText, post_id=10 * id, language="en", name="Participant")
    add(connection, Turnout, occasion_id=id, says="yes", answers=1, people=1, came=1)


async def goes_to_a_meeting(town: Town, telegram: int, words: str) -> None:
    """A person who was at meeting 1, and left their words wherever it has room for them."""
    code = door_payload(KEYS, 1).removeprefix("c_")
    said = [RemarkOn(1, about, Words(words, 1, "en", 0.9)) for about in (About.GOOD, About.BETTER)]
    own = (NameGuests(1, words), DescribeBarrier(1, words), ReplyAtRegistration(1, 1, words))
    await town.acts(telegram, CheckIn(code), *own, RateOccasion(1, 2), *said)


def ask_at_registration(connection: Connection, occasion: int, number: int, **texts: str) -> None:
    """A question to those who come, by language."""
    for language, text in texts.items():
        add(connection, OccasionQuestion, occasion_id=occasion, number=number, language=language, text=text)


def write_text(connection: Connection, id: int, language: str, **columns: str) -> None:
    """More words of a meeting in one language."""
    key = {"occasion_id": id, "language": language}
    there = (col(OccasionText.occasion_id) == id, col(OccasionText.language) == language)
    if not connection.execute(update(table(OccasionText)).where(*there).values(**columns)).rowcount:
        add(connection, OccasionText, **key, **columns)


def add(connection: Connection, model: type[SQLModel], **row: Any) -> None:
    """One row."""
    connection.execute(insert(table(model)), row)


def change(connection: Connection, id: int, **values: Any) -> None:
    """Other columns for a meeting."""
    connection.execute(update(table(Occasion)).where(col(Occasion.id) == id).values(**values))


def seats_of(connection: Connection, id: int, seats: int) -> None:
    """Another number of seats for a meeting."""
    connection.execute(update(table(Post)).where(col(Post.occasion_id) == id).values(seats=seats))


async def says(town: Town, telegram: int, says: Says = Says.YES, *, party: int = 1, of: int = 1) -> Answered:
    """What comes of a person's answer to a meeting."""
    (answered,) = await town.acts(telegram, AnswerOccasion(of, says, party=party))
    assert isinstance(answered, Answered)
    return answered


async def standings(town: Town) -> dict[int, str]:
    """What each person has, by citizen."""
    return {row.citizen_id: row.standing for row in await town.rows(Answer)}
