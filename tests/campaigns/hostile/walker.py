"""A person at the keyboard who finds a way through the conversations by what the buttons offer."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.playground.emulator import Emulator, Person
from config.languages import our_languages
from tests.campaigns.hostile.database import is_being_told
from tests.campaigns.hostile.phrases import keys_of, masked, question_in
from tests.processes.citizens import until

Json = dict[str, Any]

PATIENCE: Final = 20.0  # seconds a person waits for an answer at most

_CONTROLS: Final = {*range(0x20), 0x7F} - {0x0A}
_DIRECTIONS: Final = range(0x2028, 0x202F)


def kept_as(text: str) -> str:
    """How a text is kept, said again independently of the bot: Telegram's cleaning, no lone surrogates."""
    kept = []
    for character in text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"):
        code = ord(character)
        if character == "\r" or code in _DIRECTIONS:
            continue
        if code in _CONTROLS:
            character = " "
        elif 0xD800 <= code < 0xE000:
            character = "\ufffd"
        kept.append(character)
    return "".join(kept[:4096]).strip()


def can_be_read(text: str) -> bool:
    """Whether a text holds anything that can be seen."""
    return any(not (character.isspace() or not character.isprintable()) for character in text)


@dataclass(frozen=True, slots=True)
class Idea:
    """A statement that the bot said it has kept."""

    question: str
    text: str


@dataclass(slots=True)
class Walker:
    """One person: what they wrote, what the bot says it has of it, how long they waited."""

    emulator: Emulator
    person: Person
    database: Path  # of the bot
    random: Random
    wrote: set[str] = field(default_factory=set)  # as it is kept, wherever it was written
    ideas: dict[int, Idea] = field(default_factory=dict)  # by message, as the bot acknowledged them
    last: int | None = None  # the message whose idea can be changed and withdrawn now
    question: str | None = None  # the one asked last
    waits: list[float] = field(default_factory=list)  # seconds for each answer
    keyboard: dict[str, tuple[int, str]] = field(default_factory=dict)  # message and data, by choice
    asking: str = ""  # the text that the keyboard belongs to

    @property
    def takes_words(self) -> bool:
        """Whether an idea or new words for one are asked for now."""
        return "leave" in self.keyboard or question_in(masked(self.asking)) is not None

    @property
    def told(self) -> set[str]:
        """The keys of the texts of the newest answer."""
        return keys_of(self.person.last["text"])

    # ---- one thing at a time

    async def opens(self, payload: str = "") -> None:
        """Follow a link, or just come."""
        await self.sends({"text": f"/start {payload}".strip()})

    async def presses(self, choice: str) -> None:
        """Press the button of the newest message that stands for `choice`."""
        assert choice in self.keyboard, f"no {choice} in {list(self.keyboard)}: {self.person.said[-3:]}"
        message, data = self.keyboard[choice]
        since = self._listen()
        self.person.presses(message, data)
        await self._hears(since)

    async def sends(self, content: Json) -> int:
        """Send a message as it is, also one that no client would; returns its number."""
        since = self._listen()
        message = self.emulator.world.post(self.person.chat, self.person.user, content)
        self.emulator.inject({"message": message})
        await self._hears(since)
        return int(message["message_id"])

    async def writes(self, text: str) -> None:
        """Write something, and note what the bot says it did with it."""
        question = self.question
        last, changing = self.last, "leave" in self.keyboard
        kept = kept_as(text)
        self.wrote.add(kept)
        message = await self.sends({"text": text})
        if "statement.kept" in self.told and question is not None and not changing:
            self.ideas[message] = Idea(question, kept)
            self.last = message
        elif "statement.changed" in self.told and last is not None:
            self.ideas[last] = Idea(self.ideas[last].question, kept)
        elif "statement.withdrawn" in self.told and last is not None:
            del self.ideas[last]
        if self.keyboard and self.keyboard.keys() <= our_languages().keys():
            await self.presses("fr" if "fr" in self.keyboard else min(self.keyboard))

    async def edits(self, text: str) -> None:
        """Edit the message of the last idea in the chat."""
        assert self.last is not None
        kept = kept_as(text)
        before = self.ideas[self.last]
        if kept == before.text or not can_be_read(kept):
            return
        self.wrote.add(kept)
        since = self._listen()
        message = {**self.person.chat.messages[self.last], "text": text}
        self.emulator.inject({"edited_message": {**message, "edit_date": self.emulator.world.today}})
        await self._hears(since, asks=False)
        assert "statement.changed" in self.told, self.person.last["text"]
        self.ideas[self.last] = Idea(before.question, kept)

    async def withdraws(self) -> None:
        """Press the button that takes the last idea back."""
        assert self.last is not None
        del self.ideas[self.last]
        await self.presses("withdraw")

    async def looks_at_ideas(self) -> None:
        """Have one's own ideas listed, and one of them shown in full."""
        await self.sends({"text": "/mydata"})
        asked = [choice for choice in self.keyboard if choice.endswith(("-being", "-responsibility"))]
        if asked:
            await self.presses(self.random.choice(asked))
            ideas = [choice for choice in self.keyboard if choice.isdecimal()]
            await self.presses(self.random.choice(ideas))

    # ---- the way to somewhere

    async def comes_to_a_question(self) -> None:
        """Press on until words are asked for. Raises AssertionError where there is no way.

        Who has said as much as everybody may has everything erased, and arrives anew.
        """
        for step in range(60):
            if self.keyboard and self.takes_words:
                return
            if step == 30:
                await self.starts_over()
            await self.goes_on()
        raise AssertionError(f"{self.person.id} never comes to a question: {self.person.said[-3:]}")

    async def starts_over(self) -> None:
        """Have everything erased."""
        await self.sends({"text": "/forget"})
        await self.presses("erase")
        await self.presses("erase")
        self.ideas.clear()
        self.last = self.question = None

    async def finishes(self) -> None:
        """Go through the three questions to their end. Raises AssertionError where there is no way."""
        for _ in range(60):
            await self.goes_on()
            if "wellbeing.thanks" in self.told:
                return
        raise AssertionError(f"{self.person.id} never comes to an end: {self.person.said[-3:]}")

    async def goes_on(self) -> None:
        """One step towards the three questions and through them."""
        offered = self.keyboard
        for choice in (
            "fr", "mulhouse", "-", "ready", "yes", "keep", "next", "leave", "list", "close", "no",
            "wellbeing",
        ):  # fmt: skip
            if choice in offered:
                return await self.presses(choice)
        await self.opens("t_mulhouse")
        return None

    # ---- waiting

    def _listen(self) -> int:
        return len(self.person.chat.spoken)

    async def _hears(self, since: int, *, asks: bool = True) -> None:
        """Wait for the whole answer: its last page has the buttons, if it asks something."""
        began = time.monotonic()
        chat = self.person.chat
        await until(lambda: len(chat.spoken) > since, f"{self.person.id} is answered", PATIENCE)
        self.waits.append(time.monotonic() - began)
        if asks:
            await until(self._has_heard_all, f"{self.person.id} hears all pages", PATIENCE)
            self.keyboard, self.asking = self._buttons(), self.person.last["text"]
            self.question = question_in(masked(self.asking)) or self.question
        if any(key.startswith("wellbeing.ask.") for key in self.told):
            self.last = None

    def _has_heard_all(self) -> bool:
        return bool(self._buttons()) or not is_being_told(self.database, self.person.id)

    def _buttons(self) -> dict[str, tuple[int, str]]:
        newest = self.person.last
        rows = newest.get("reply_markup", {}).get("inline_keyboard", [])
        found = [button["callback_data"] for row in rows for button in row]
        return {data.rpartition(":")[2]: (newest["message_id"], data) for data in found}
