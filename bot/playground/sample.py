"""Sample data: people arrive and speak with the real bot, as citizens do; nothing is put in past it."""

import asyncio
import re
import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.playground.emulator import Emulator, Person
from bot.rendering.button import read_button
from flows.people.arrival import NO_GROUP
from flows.people.consent import YesNo
from flows.people.invitation import Answer
from flows.people.person import Purpose
from flows.words.statements import Question
from flows.words.well_being import NEXT

SAMPLE: Final = tuple(Path(__file__).with_name(name) for name in ("sample.toml", "sample_plans.toml"))
ANSWERED_WITHIN: Final = 30.0  # seconds; it covers a bot that is still starting, or busy with all of them
BREATH: Final = 1.3  # seconds from step to step: the bot takes thirty messages of one person in half a minute
READ: Final = "ready"

Invite = Callable[[str], Awaitable[str]]
"""Makes an invitation to coordinate a territory; gives what its link carries."""

Breathe = Callable[[], Awaitable[None]]
"""What a person does from step to step who does more than to arrive and to speak."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one person does."""

    id: int  # Telegram user id
    first_name: str
    language: str
    territory: str
    group: str | None  # None: none of them
    agrees_to: frozenset[Purpose]
    statements: Mapping[Question, tuple[str, ...]]  # by question, as far as they have got
    coordinates: bool  # their territory
    does: tuple[
        str, ...
    ]  # what else: a choice to press in brackets, or words, with a date as {days from now}


def parts() -> list[Part]:
    """Everybody in the sample."""
    return [_part(entry) for file in SAMPLE for entry in tomllib.loads(file.read_text("utf-8"))["people"]]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What everybody shares."""

    invite: Invite
    breathe: Breathe
    today: datetime


async def take_a_breath() -> None:
    await asyncio.sleep(BREATH)


async def run_sample(emulator: Emulator, invite: Invite, breathe: Breathe = take_a_breath) -> None:
    """Let everybody play their part, all at once; who has begun before is left alone.

    What coordinators do comes first, as the others answer to it.
    Raises TimeoutError, telling how many, if there are people the bot does not answer.
    """
    cast = [(emulator.person(part.id, part.first_name, part.language), part) for part in parts()]
    newcomers = [(person, part) for person, part in cast if person.chat.standing == "new"]
    scene = _Scene(invite, breathe, datetime.fromtimestamp(emulator.clock.now(), UTC))
    await _all_answered(_play(person, part, scene) for person, part in newcomers)
    guests = [(person, part) for person, part in newcomers if not part.coordinates]
    await _all_answered(_do(person, part.does, scene) for person, part in guests)


async def _all_answered(plays: Iterable[Awaitable[None]]) -> None:
    answered = await asyncio.gather(*map(_is_answered, plays))
    if not all(answered):
        raise TimeoutError(
            f"the bot left {answered.count(False)} of {len(answered)} people without an answer"
        )


async def _is_answered(play: Awaitable[None]) -> bool:
    """Let somebody play their part; False if the bot did not answer them."""
    try:
        await play
    except TimeoutError:
        return False
    except (LookupError, RuntimeError):
        return True  # somebody has taken over their phone on the page, and may keep it
    return True


async def _play(person: Person, part: Part, scene: _Scene) -> None:
    """Arrive, agree, coordinate if they do, and speak."""
    person.opens(f"t_{part.territory}")
    await _hear(person)
    for choice in (part.language, part.group or NO_GROUP.value, READ, YesNo.YES):
        await _press(person, choice)
    for purpose in Purpose:
        await _press(person, YesNo.YES if purpose in part.agrees_to else YesNo.NO)
    if part.coordinates:
        person.opens(await scene.invite(part.territory))
        await _hear(person)
        await _press(person, Answer.TAKE)
        person.writes(part.first_name)
        await _hear(person)
        await _do(person, part.does, scene)
    else:
        await _speak(person, part)


async def _speak(person: Person, part: Part) -> None:
    """Answer the questions up to the first one they have no words for."""
    for question in Question:
        if question not in part.statements:
            return
        for text in part.statements[question]:
            person.writes(text)
            await _hear(person)
        await _press(person, NEXT.value)


async def _do(person: Person, steps: Iterable[str], scene: _Scene) -> None:
    """Press choices and write words, one after the other."""
    for step in steps:
        await scene.breathe()
        if step.startswith("["):
            await _press(person, step.strip("[]"))
        else:
            person.writes(re.sub(r"\{(\d+)\}", lambda days: _day(scene.today, int(days[1])), step))
            await _hear(person)


def _day(today: datetime, days: int) -> str:
    return f"{today + timedelta(days=days):%d.%m.%Y}"


async def _press(person: Person, choice: str) -> None:
    """Press the newest button that stands for `choice`, and hear what comes of it."""
    message = [message for message in person.messages if "reply_markup" in message][-1]
    offered = {
        read_button(button["callback_data"])[2]: button["callback_data"]
        for row in message["reply_markup"]["inline_keyboard"]
        for button in row
    }
    person.presses(message["message_id"], offered[choice])
    await _hear(person)


async def _hear(person: Person) -> None:
    await person.hears(timeout=ANSWERED_WITHIN)


def _part(entry: dict[str, Any]) -> Part:
    return Part(
        id=entry["id"],
        first_name=entry["first_name"],
        language=entry["language"],
        territory=entry["territory"],
        group=entry.get("group"),
        agrees_to=frozenset(map(Purpose, entry["agrees_to"])),
        statements={question: tuple(entry[question]) for question in Question if question in entry},
        coordinates=entry.get("coordinates", False),
        does=tuple(entry.get("does", ())),
    )
