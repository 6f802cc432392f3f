"""After an outage: presses that Telegram dropped meanwhile are gone, so open questions are asked again."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.group import World
from bot.voice import Voice
from flows.moves import Say
from flows.reception import Stack, remind
from storage.context import Context
from storage.instance import Run
from storage.messages import outbox, stacks
from storage.people import people
from storage.unit import Book, Origin, Unit

SHORT: Final = timedelta(seconds=120)
"""An outage in which Telegram kept every press."""

ACTIVE: Final = timedelta(minutes=10)
"""Who was heard so shortly before the outage may have pressed a button in it."""


def ask_again(
    connection: Connection, context: Context, voice: Voice, *, bot: int, run: Run, now: datetime
) -> int:
    """Put the open question of everybody whose press may be lost in the outbox; returns of how many."""
    if run.away is None or run.away <= SHORT:
        return 0
    open_stacks = stacks.left_waiting(connection, now - run.away - ACTIVE)
    asked = {telegram: stack for telegram, stack in open_stacks.items() if stack[-1].flow != "menu"}
    book, after = Book(connection), dict[int, Stack]()
    for telegram, person in people.find(connection, bot, asked).items():
        unit = Unit(connection, book, context, person, Origin(bot, 0, run.fence), now, now)
        reply = remind(asked[telegram], World(unit, voice), Say("trouble.away"))
        after[person.citizen] = reply.stack
        for message in voice.messages(person, reply, f"o:{run.fence}:{person.citizen}"):
            outbox.put(book, message, now=now, worker=None)
    book.flush()
    stacks.save(connection, after, now)
    return len(after)
