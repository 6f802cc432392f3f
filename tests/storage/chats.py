"""A group chat in which people act, and what happens to it."""

from typing import Any, Final

from sqlalchemy import Connection

from flows.moves import Effect, Look
from storage.messages.inbox import Arrived
from storage.panels import rooms
from storage.panels.rooms import Asking, Joined, Summons
from storage.registry import carry_out
from storage.unit import Chat
from tests.storage.town import BOT, CONTEXT, Town

CHAT: Final = -100_200
HERE: Final = Chat(CHAT, None, 7)


async def presses(
    town: Town, telegram: int, *moves: Look | Effect[Any], chat: Chat | None = HERE
) -> list[Any]:
    """What comes of the moves of one press in a group chat."""
    town.updates += 1
    update = town.updates

    def work(connection: Connection) -> list[Any]:
        unit = town.unit(connection, telegram, update)
        unit.chat = chat
        try:
            return [carry_out(unit, move) for move in moves]
        finally:
            unit.book.flush()

    return await town.database.write(work)


async def brings(town: Town, telegram: int, chat: int = CHAT) -> Asking | None:
    """Somebody brings the bot into a group chat."""
    town.updates += 1
    new = Joined(chat, telegram, "fr")
    asking: Asking | None = await town.do(rooms.joined, CONTEXT, BOT, Arrived(town.updates, 0), new, town.now)
    return asking


async def summons(
    town: Town, telegram: int, *, bot_name: str = "", topic: int | None = None
) -> Asking | None:
    """Somebody writes /panel in the group chat."""
    town.updates += 1
    call = Summons(CHAT, topic, telegram, "fr", bot_name)
    asking: Asking | None = await town.do(rooms.summoned, CONTEXT, BOT, Arrived(town.updates, 0), call)
    return asking
