"""People who ask a person, and those who answer, for tests of what is kept."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert

from flows.inquiries.inquiries import (
    AnswerInquiry,
    AskPerson,
    Exchange,
    NewLines,
    OwnExchange,
    PassOn,
    TakeInquiry,
)
from flows.panels.rooms import Purpose
from flows.people.roles import Role, Scope
from flows.words.statements import Words
from storage.panels.roomed import Room
from storage.people import people
from storage.pushes.pushed import Push
from storage.pushes.pushing import Portion, claim
from storage.pushes.settling import settle
from storage.tables import Contact, table
from tests.storage.town import BOT, CONTEXT, Town, words

ADA, BEN, CLEO, DAN = 4_000_000_001, 4_000_000_002, 4_000_000_003, 4_000_000_004
CHAT, ROOM = -100_500, 77  # Telegram's id of the room, and ours of the way to it
RIVERSIDE: Final = Scope("riverside")
MONTBELL: Final = Scope("montbell")


async def settled(town: Town) -> None:
    """Ada and Cleo coordinate Riverside; Ben lives there; Dan coordinates Montbell."""
    for telegram, name in ((ADA, "Ada"), (CLEO, "Cleo")):
        await town.arrives(telegram, group=None)
        await town.appoints(telegram, Role.TERRITORY, RIVERSIDE, name=name)
    await town.arrives(BEN)
    await town.arrives(DAN, territory="montbell", group=None)
    await town.appoints(DAN, Role.TERRITORY, MONTBELL, name="Dan")


def bind_room(connection: Connection, now: datetime) -> None:
    """Those who coordinate Riverside have a room."""
    connection.execute(insert(table(Contact)).values(id=ROOM, bot=BOT, telegram=CHAT, reach="open"))
    room = {"contact_id": ROOM, "territory": "riverside", "purpose": Purpose.COORDINATORS, "topic": 3}
    connection.execute(insert(table(Room)).values(id=1, since=now, **room))


async def asks(town: Town, text: str = "Where do I find help?", *, who: int = BEN) -> int:
    """Somebody asks a person; returns the inquiry."""
    (id,) = await town.acts(who, AskPerson(words(text), translate=True))
    return int(id)


async def takes(town: Town, inquiry: int, *, who: int = ADA) -> Any:
    """Somebody takes it; returns what came of it."""
    (taken,) = await town.acts(who, TakeInquiry(RIVERSIDE, inquiry))
    return taken


async def answers(town: Town, inquiry: int, text: str, *, who: int = ADA, last: bool = False) -> Any:
    """Somebody answers; returns what came of it."""
    (answered,) = await town.acts(who, AnswerInquiry(RIVERSIDE, inquiry, Words(text, 1, "en", 0.9), last))
    return answered


async def read(town: Town, inquiry: int, *, who: int) -> list[str]:
    """What somebody reads when they look at it."""
    known = (
        await town.look(who, OwnExchange, inquiry)
        if who == BEN
        else await town.look(who, Exchange, RIVERSIDE, inquiry)
    )
    return [line.text for line in known.lines]


async def told(town: Town) -> dict[int, list[str]]:
    """What is said to whom now, by Telegram id; new words are passed on with it."""
    everybody = (ADA, BEN, CLEO, DAN)
    found = await town.do(lambda connection: people.find(connection, BOT, everybody))
    names = {person.citizen: telegram for telegram, person in found.items()}
    kinds = {row.id: row for row in await town.rows(Push)}
    portions = await town.do(_claimed, town.now)
    said: dict[int, list[str]] = {}
    for portion in portions:
        who = names[portion.person.citizen]
        for item in portion.said:
            said.setdefault(who, []).append(kinds[item.id].kind)
            if item.kind in ("inquiry_words", "inquiry_handed"):
                new = await town.look(who, NewLines, item.about)
                said[who] += [line.text for line in new.lines]
                await town.acts(who, PassOn(item.about))
    return said


def _claimed(connection: Connection, now: datetime) -> list[Portion]:
    portions = claim(connection, CONTEXT, bot=BOT, now=now, most=100)
    for portion in portions:
        settle(connection, portion.decisions, now)
    return portions
