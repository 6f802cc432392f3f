"""Sample data: people arrive and speak with the real bot, as citizens do; nothing is put in past it."""

import asyncio
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.button import read_button
from bot.playground.emulator import Emulator, Person
from flows.arrival import NO_GROUP
from flows.consent import YesNo
from flows.person import Purpose
from flows.statements import Question
from flows.well_being import NEXT

SAMPLE: Final = Path(__file__).with_name("sample.toml")
ANSWERED_WITHIN: Final = 30.0  # seconds; it covers a bot that is still starting, or busy with all of them
READ: Final = "ready"


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


def parts() -> list[Part]:
    """Everybody in the sample."""
    return [_part(entry) for entry in tomllib.loads(SAMPLE.read_text(encoding="utf-8"))["people"]]


async def run_sample(emulator: Emulator) -> None:
    """Let everybody play their part, all at once; who has begun before is left alone.

    Raises TimeoutError, telling how many, if there are people the bot does not answer.
    """
    cast = [(emulator.person(part.id, part.first_name, part.language), part) for part in parts()]
    newcomers = [(person, part) for person, part in cast if person.chat.standing == "new"]
    answered = await asyncio.gather(*(_is_answered(person, part) for person, part in newcomers))
    if not all(answered):
        raise TimeoutError(
            f"the bot left {answered.count(False)} of {len(answered)} people without an answer"
        )


async def _is_answered(person: Person, part: Part) -> bool:
    """Let somebody play their part; False if the bot did not answer them."""
    try:
        await _play(person, part)
    except TimeoutError:
        return False
    except (LookupError, RuntimeError):
        return True  # somebody has taken over their phone on the page, and may keep it
    return True


async def _play(person: Person, part: Part) -> None:
    """Arrive, agree, and speak up to the first question they have no words for."""
    person.opens(f"t_{part.territory}")
    await _hear(person)
    for choice in (part.language, part.group or NO_GROUP.value, READ, YesNo.YES):
        await _press(person, choice)
    for purpose in Purpose:
        await _press(person, YesNo.YES if purpose in part.agrees_to else YesNo.NO)
    for question in Question:
        if question not in part.statements:
            return
        for text in part.statements[question]:
            person.writes(text)
            await _hear(person)
        await _press(person, NEXT.value)


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
    )
