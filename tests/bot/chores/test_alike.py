"""Who is told the same hears it in words found once; what is one person's is said to nobody else."""

from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import ColumnElement, Connection, select, update
from sqlmodel import col

from bot.chores.alike import Alike
from bot.chores.pushing import push_due
from bot.rendering.render import without_tags
from bot.turns import world
from flows.moves import Look
from flows.occasions.occasions import Says
from flows.pushes.deciding import Item
from flows.pushes.pushed import Notice, Topic
from flows.pushes.things import Things
from flows.words.course import Contribution, Moved, OwnGivenWords, TellMoves, Told
from storage.database import Database
from storage.messages.outbox import State
from storage.occasions.planned import Answer
from storage.pushes.pushed import Habit, Push
from storage.pushes.pushes import replan
from storage.pushes.pushing import Portion
from storage.pushes.things import words_for
from storage.tables import Citizen, Contact, Outbox, table
from storage.unit import Book, Origin, Person, Unit
from tests.bot.house import BOT, NOON, House
from tests.storage import plans

BEGINS: Final = timedelta(days=30, hours=1)

TITLES: Final = {"lv": "Sapulce", "fr": "Réunion"}
"""Who reads neither sees the one that comes first where they live."""

DIFFERENCES: Final[tuple[dict[str, Any], ...]] = (
    {},
    {},
    {"language": "fr"},
    {"language": "fr"},
    {"language": "ar"},
    {"called": "Ada"},
    {"territory": "montbell", "zone": "Europe/Riga"},
    {"says": Says.MAYBE},
    {"kind": "reminder"},
    {"zone": "America/New_York"},
    {"zone": "America/New_York", "language": "fr"},
    {"meetings": (7, 8)},
    {"meetings": (7, 8)},
    {"meetings": (7, 8), "language": "fr"},
)
"""In what the people differ who are reminded of one meeting."""


@pytest.fixture
async def house(database: Database) -> House:
    """The people, a day before they meet."""
    house = House(database)
    await house.arrive(*range(1, len(DIFFERENCES) + 1))
    await house.database.write(lambda connection: live(connection, house))
    house.now += BEGINS - timedelta(days=1)
    return house


class RolledBackError(Exception):
    """Nothing of it has happened."""


def live(connection: Connection, house: House) -> None:
    """The people come to a meeting, some of them to another one at the same time, and are to be reminded."""
    contacts = connection.execute(select(table(Contact)).order_by(col(Contact.telegram))).all()
    people = dict(zip((row.citizen_id for row in contacts), DIFFERENCES, strict=True))
    for id in (7, 8):
        plans.call_meeting(connection, id, now=house.now, begins=BEGINS, territory=None, titles=TITLES)
    for citizen, differs in people.items():
        comes(connection, house, citizen, **differs)
    replan(connection, house.context, occasions=[7, 8], now=house.now)
    settle(connection, col(Push.lead) == "7d", state="said", settled_at=house.now)
    for citizen, differs in people.items():
        if "kind" in differs:
            settle(connection, col(Push.citizen_id) == citizen, kind=differs["kind"])


def comes(
    connection: Connection, house: House, citizen: int, *,
    meetings: tuple[int, ...] = (7,), says: Says = Says.YES, zone: str | None = None, kind: str = "",
    **own: str,
) -> None:  # fmt: skip
    """One person says that they come, or might."""
    for id in meetings:
        plans.add(
            connection, Answer, occasion_id=id, citizen_id=citizen, post_id=10 * id, says=says,
            standing="seated" if says is Says.YES else "none", party=1, barriers="", needs="",
            answered_at=house.now,
        )  # fmt: skip
    plans.add(connection, Habit, citizen_id=citizen, zone=zone, topics_off="")
    if own:
        connection.execute(update(table(Citizen)).where(col(Citizen.id) == citizen).values(own))


def settle(connection: Connection, which: ColumnElement[bool], **values: Any) -> None:
    """Have some of the pushes be otherwise."""
    connection.execute(update(table(Push)).where(which).values(values))


async def told(house: House, together: int) -> dict[str, str]:
    """What would be said now, by key, so many pushes in one go."""
    found: dict[str, str] = {}

    def work(connection: Connection) -> None:
        while push_due(
            connection, house.context, house.voice, bot=BOT, now=house.now, most=together
        ).looked_at:
            pass
        waiting = select(col(Outbox.key), col(Outbox.payload)).where(col(Outbox.state) == State.PENDING)
        found.update({row.key: row.payload for row in connection.execute(waiting)})
        raise RolledBackError

    with pytest.raises(RolledBackError):
        await house.database.write(work)
    return found


async def test_together_everybody_is_told_what_each_would_be_told_alone(house: House) -> None:
    together, alone = await told(house, 100), await told(house, 1)

    assert together == alone
    assert len(together) == len(set(together.values())) == len(DIFFERENCES), "each has buttons of their own"


async def test_what_many_are_told_alike_is_put_into_words_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded, ours = [], house.voice.worded
    monkeypatch.setattr(house.voice, "worded", lambda *all: worded.append(all) or ours(*all))

    await told(house, 100)

    assert len(worded) == len({repr(sorted(each.items())) for each in DIFFERENCES})


def test_what_became_of_ones_words_is_told_to_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere: Any = None
    house = House(nowhere)
    alike = Alike(house.voice)
    monkeypatch.setattr(world, "carry_out", secret)

    said = [text_to(house, alike, citizen) for citizen in (1, 2)]

    assert ["secret 1" in text for text in said] == [True, False]
    assert ["secret 2" in text for text in said] == [False, True]


def secret(unit: Unit, move: Any) -> Any:
    """A world in which everybody has given one thing, and it has just got further."""
    if isinstance(move, TellMoves):
        return Told((Moved(Contribution.STATEMENT, 1),))
    return OwnGivenWords({"statement-1": f"secret {unit.person.citizen}"}) if asks_for_words(move) else None


def asks_for_words(move: Any) -> bool:
    """Whether the words of what somebody gave are looked at."""
    return isinstance(move, Look) and move.what is OwnGivenWords


def text_to(house: House, alike: Alike, citizen: int) -> str:
    """What one person is told of their words."""
    person = Person(citizen, citizen, citizen, "en", territory="riverside")
    item = Item(citizen, Notice.COURSE, Topic.COURSE, 0, "", NOON, NOON)
    words = words_for(house.context, person, {})
    portion = Portion(person, (), {}, (item,), None, Things({}), words)
    nowhere: Any = None
    unit = Unit(nowhere, Book(nowhere), house.context, person, Origin(BOT, citizen, -1), NOON, NOON)
    return without_tags(alike.told(unit, portion).worded.messages[-1].text)
