"""What citizens do in these tests, and waiting for what comes of it."""

import asyncio
import time
from collections.abc import Callable, Iterable

from bot.playground.emulator import Person

ARRIVING = ("fr", "-", "ready", "yes", "yes", "yes", "yes", "yes")
"""Choices from a link to the first question: language, no group, read, age, four consents."""

ARRIVED = len(ARRIVING) + 1
"""Messages that somebody has been sent who has arrived."""


def press(person: Person, choice: str) -> None:
    """Press the button of the newest message with buttons that stands for `choice`."""
    [(message, data)] = [
        (message["message_id"], button["callback_data"])
        for message in [next(m for m in reversed(person.messages) if "reply_markup" in m)]
        for row in message["reply_markup"]["inline_keyboard"]
        for button in row
        if button["callback_data"].split(":")[2] == choice
    ]
    person.presses(message, data)


async def answer(person: Person, *choices: str) -> str:
    """Press one choice after the other, waiting for what the bot says to each; returns the last of it."""
    for choice in choices:
        press(person, choice)
        [said] = await person.hears()
    return said


async def say(person: Person, text: str) -> str:
    """Write something; returns what the bot says to it."""
    person.writes(text)
    return (await person.hears())[0]


async def arrive(person: Person, link: str = "t_mulhouse", choices: Iterable[str] = ARRIVING) -> str:
    """Come by a link, agree to everything; returns the first question."""
    person.opens(link)
    await person.hears()
    return await answer(person, *choices)


async def arrive_all(people: Iterable[Person]) -> None:
    """Let many arrive at once."""
    await asyncio.gather(*(arrive(person) for person in people))


async def until(happened: Callable[[], object], what: str, within: float = 10.0) -> None:
    """Wait for something to be true. Raises AssertionError, naming it, after `within` seconds."""
    by = time.monotonic() + within
    while not happened():
        assert time.monotonic() < by, f"in {within} s this did not happen: {what}"
        await asyncio.sleep(0.01)
