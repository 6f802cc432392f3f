"""The campaign: everything hostile goes to a running bot, while honest people talk with it."""

import asyncio
import os
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.playground.emulator import Emulator
from tests.campaigns.hostile.corpus import texts
from tests.campaigns.hostile.database import arguments_of, differences, picture, rights_of
from tests.campaigns.hostile.forgeries import links, presses
from tests.campaigns.hostile.mutations import Mutator, no_limits
from tests.campaigns.hostile.phrases import phrases
from tests.campaigns.hostile.walker import PATIENCE, Walker, kept_as
from tests.processes.bot_process import Bot
from tests.processes.citizens import until
from tests.processes.ways import Way

Json = dict[str, Any]

HONEST: Final = range(6_100_000_001, 6_100_000_011)
WRITERS: Final = range(6_200_000_001, 6_200_000_031)
NEWCOMERS: Final = range(6_300_000_001, 6_300_000_011)
SENDERS: Final = range(6_400_000_001, 6_400_000_041)  # of mutated updates; half of them arrive before
STRANGERS: Final = range(6_500_000_001, 6_500_000_011)  # who come by forged links

_AHEAD: Final = 30  # updates that may wait for the bot
_ENOUGH: Final = 10  # ideas to one question, below the equal voice of every territory


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything hostile is sent."""

    texts: int
    updates: int
    presses: int
    links: int


POLLING: Final = Size(texts=2_000, updates=5_000, presses=500, links=500)
WEBHOOK: Final = Size(texts=500, updates=1_000, presses=100, links=100)
FULL: Final = Size(texts=5_000, updates=20_000, presses=2_000, links=2_000)
IS_FULL: Final = bool(os.environ.get("CAMPAIGN_FULL"))


@dataclass(slots=True)
class Outcome:
    """What the campaign left behind."""

    seed: str
    way: Way
    size: Size
    emulator: Emulator
    bot: Bot
    counts: Counter[str] = field(default_factory=Counter)
    honest: list[Walker] = field(default_factory=list)
    hostile: list[Walker] = field(default_factory=list)
    mutated: dict[int, Json] = field(default_factory=dict)  # by update id
    notices: list[str | None] = field(default_factory=list)  # what forged presses were answered with
    changed_by_presses: list[str] = field(default_factory=list)
    changed_by_links: list[str] = field(default_factory=list)
    kept_of_links: list[str] = field(default_factory=list)  # what is no link, and yet stands in a log
    finished: set[int] = field(default_factory=set)
    memory: list[int] = field(default_factory=list)  # bytes, before and after
    exit_code: int | None = None
    lived: bool = False  # the process that began is the one that was stopped
    seconds: float = 0.0


async def campaign(seed: str, folder: Path, way_name: str, size: Size) -> Outcome:
    """Run all of it. Raises AssertionError where somebody gets no answer or the bot stands still."""
    emulator = Emulator()
    emulator.limits = None
    await emulator.start()
    began = time.monotonic()
    way = Way(way_name, emulator, folder, f"sqlite+aiosqlite:///{folder / 'together.db'}")
    try:
        async with way.bot(max_per_second=3000) as bot:
            await bot.ready()
            outcome = Outcome(seed, way, size, emulator, bot)
            await _Campaign(outcome, emulator).run()
            outcome.lived = bot.exit_code is None
            outcome.exit_code = await bot.stopped()
    finally:
        await emulator.stop()
    outcome.seconds = time.monotonic() - began
    return outcome


class _Campaign:
    def __init__(self, outcome: Outcome, emulator: Emulator) -> None:
        self.outcome = outcome
        self.emulator = emulator
        self.size = outcome.size
        self.texts = texts(self.random("texts"), self.size.texts)
        self.walkers = {id: self.walker(id) for id in (*HONEST, *WRITERS, *NEWCOMERS, *SENDERS, *STRANGERS)}
        outcome.honest = [self.walkers[id] for id in HONEST]
        outcome.hostile = [walker for id, walker in self.walkers.items() if id not in HONEST]

    def random(self, name: object) -> Random:
        """A source of its own for each part, so that a part can be changed without the others."""
        return Random(f"{self.outcome.seed}/{name}")

    def walker(self, id: int) -> Walker:
        person = self.emulator.person(id, first_name="<b>@admin</b> /forget {n}", language_code="fr")
        person.chat.standing = "active"
        return Walker(self.emulator, person, self.outcome.bot.database, self.random(id))

    async def run(self) -> None:
        phrases()  # 34,000 of them: read before anybody waits
        await self.arrive([*HONEST, *WRITERS, *SENDERS[::2]])
        self.outcome.memory.append(self.memory())
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as talking:
            for walker in self.outcome.honest:
                talking.create_task(self.talk(walker, stop))
            for part in (self.write, self.mutate, self.press, self.link, self.finish):
                part_began = time.monotonic()
                await part()
                self.outcome.counts[f"seconds of {part.__name__}"] = round(time.monotonic() - part_began)
            stop.set()
        await asyncio.gather(*(self.end(walker) for walker in self.outcome.honest))
        await self.quiet(0)
        self.outcome.memory.append(self.memory())

    async def arrive(self, ids: Iterable[int]) -> None:
        async def one(walker: Walker) -> None:
            await walker.opens("t_mulhouse")
            await walker.comes_to_a_question()

        await asyncio.gather(*(one(self.walkers[id]) for id in ids))

    async def talk(self, walker: Walker, stop: asyncio.Event) -> None:
        """An honest person gives ideas, changes and withdraws them, and goes on to the next question."""
        number = 0
        while not stop.is_set():
            number += 1
            idea = f"Une idée honnête, la {number}e de {HONEST.index(walker.person.id)}"
            await walker.comes_to_a_question()
            await walker.writes(idea)
            if number % 5 == 1:
                await walker.presses("change")
                await walker.writes(f"{idea}, mieux dite")
            elif number % 5 == 3:
                await walker.edits(f"{idea}, corrigée")
            if number % 5 == 4 or self.full(walker):
                await walker.withdraws()
            if number % 9 == 0 and "next" in walker.keyboard:
                await walker.presses("next")
            await asyncio.sleep(walker.random.uniform(0.1, 0.4))

    def full(self, walker: Walker) -> bool:
        ideas = [idea for idea in walker.ideas.values() if idea.question == walker.question]
        return len(ideas) >= _ENOUGH

    # ---- hostile texts

    async def write(self) -> None:
        """Every text goes to one of the places where a person can write."""
        tenth = len(self.texts) // 10
        early, late = self.texts[:tenth], self.texts[tenth:]
        await asyncio.gather(
            *(
                self.write_early(self.walkers[id], early[n :: len(NEWCOMERS)])
                for n, id in enumerate(NEWCOMERS)
            ),
            *(self.write_late(self.walkers[id], late[n :: len(WRITERS)]) for n, id in enumerate(WRITERS)),
        )
        self.outcome.counts["texts"] += len(self.texts)

    async def write_early(self, walker: Walker, mine: list[str]) -> None:
        """Before any consent: on the way, where only buttons answer."""
        await walker.opens()
        for text in mine:
            await walker.writes(text)
            if walker.random.random() < 0.2 and not walker.takes_words:
                await walker.goes_on()

    async def write_late(self, walker: Walker, mine: list[str]) -> None:
        """As an idea, as its new words, as an edit; each is shown to its author now and then."""
        waiting = list(mine)
        while waiting:
            await walker.comes_to_a_question()
            await walker.writes(waiting.pop())
            if "statement.kept" not in walker.told:
                continue
            if waiting and walker.random.random() < 0.6:
                await walker.presses("change")
                await walker.writes(waiting.pop())
            if waiting and walker.last is not None and walker.random.random() < 0.4:
                await walker.edits(waiting.pop())
            if self.full(walker) and "withdraw" in walker.keyboard:
                await walker.withdraws()
            if walker.random.random() < 0.1 and "next" in walker.keyboard:
                await walker.presses("next")
            if walker.random.random() < 0.15:
                await walker.looks_at_ideas()

    # ---- malformed updates

    async def mutate(self) -> None:
        """Malformed updates, as fast as the bot takes them."""
        random = self.random("mutations")
        messages = [message for id in (*HONEST, *WRITERS) for message in self.walkers[id].ideas]
        mutator = Mutator(
            random,
            self.texts,
            senders=[*SENDERS],
            others=[*HONEST],
            messages=messages,
            readable=self.outcome.way.by_webhook,
        )
        for _ in range(self.size.updates):
            update_id = None
            with no_limits():
                while update_id is None:  # over half a megabyte: Telegram would not deliver it either
                    update = mutator.update()
                    update_id = self.emulator.inject(update)
                if random.random() < 0.02:
                    self.emulator.inject(update, update_id=update_id)  # once more, under the same number
            self.outcome.mutated[update_id] = update
            await self.quiet(_AHEAD)
        await self.quiet(0)
        self.outcome.counts["mutated updates"] += self.size.updates

    async def quiet(self, most: int) -> None:
        """Wait until at most so many updates wait."""
        by = time.monotonic() + 20
        while self.emulator.pending > most:
            waiting, log = self.emulator.pending, self.outcome.bot.log_text[-2000:]
            assert time.monotonic() < by, f"the bot stands still before {waiting} updates:\n{log}"
            await asyncio.sleep(0.003)

    # ---- forged buttons and links

    async def press(self) -> None:
        """Forged button data, of which nothing at all may come."""
        await asyncio.gather(*(self.walkers[id].comes_to_a_question() for id in WRITERS))
        before = picture(self.outcome.bot.database, HONEST)
        share = self.size.presses // len(WRITERS) + 1
        await asyncio.gather(*(self.press_one(self.walkers[id], share) for id in WRITERS))
        self.outcome.changed_by_presses = differences(before, picture(self.outcome.bot.database, HONEST))

    async def press_one(self, walker: Walker, count: int) -> None:
        message, own = next(iter(walker.keyboard.values()))
        said = len(walker.person.said)
        old, others = _answered(walker, own), self.of_others(walker)
        for data in presses(walker.random, count, own=own, old=old, others=others):
            self.outcome.notices.append(await self.notice(walker, message, data))
        assert len(walker.person.said) == said, f"a forged button is answered by {walker.person.said[said:]}"
        self.outcome.counts["forged buttons"] += count

    async def notice(self, walker: Walker, message: int, data: str) -> str | None:
        """Press, and give what is shown over the chat."""
        answers = walker.person.callback_answers
        known = len(answers)
        walker.person.presses(message, data)
        await until(lambda: len(answers) > known, f"{data!r} is answered", PATIENCE)
        return answers[-1].get("text")

    def of_others(self, walker: Walker) -> list[str]:
        """Data of the buttons that other people have before them."""
        everybody = (self.walkers[id] for id in (*HONEST, *WRITERS))
        return [data for other in everybody if other is not walker for _, data in other.keyboard.values()]

    async def link(self) -> None:
        """Forged links: people who arrived stay where they are, strangers become nothing by them."""
        database, newcomers = self.outcome.bot.database, (*HONEST, *STRANGERS)
        before = picture(database, newcomers)
        ids = [*WRITERS, *STRANGERS]
        forged = links(self.random("links"), self.size.links, [*HONEST, *WRITERS])
        await asyncio.gather(
            *(self.follow(self.walkers[id], forged[n :: len(ids)]) for n, id in enumerate(ids))
        )
        changes = differences(before, picture(database, newcomers))
        self.outcome.changed_by_links = [
            *(change for change in changes if not change.startswith("conversation")),
            *map(str, rights_of(database, STRANGERS)),
        ]
        self.outcome.counts["forged links"] += self.size.links

    async def follow(self, walker: Walker, forged: list[str]) -> None:
        for payload in forged:
            await walker.sends({"text": f"/start {payload}"})
            words = kept_as(payload)[:200]
            if re.search(r"[^A-Za-z0-9_-]", words):
                begun_with = arguments_of(self.outcome.bot.database, walker.person.id)
                self.outcome.kept_of_links += [text for text in begun_with if words in text]

    # ---- the end

    async def finish(self) -> None:
        """Everybody hostile can still go through a whole conversation."""
        await asyncio.gather(*(self.end(walker) for walker in self.outcome.hostile))

    async def end(self, walker: Walker) -> None:
        is_stranger = walker.person.id in STRANGERS  # they come with the group of another territory
        await walker.opens("t_mulhouse_newcomers" if is_stranger else "t_mulhouse")
        await walker.finishes()
        self.outcome.finished.add(walker.person.id)

    def memory(self) -> int:
        """Of the bot's process, in bytes."""
        status = Path(f"/proc/{self.outcome.bot.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) * 1024


def _answered(walker: Walker, own: str) -> list[str]:
    """Data of buttons that the person had before them, at other steps than that of `own`."""
    place = own.rpartition(":")[0] + ":"
    shown = [
        button["callback_data"]
        for said in walker.person.messages
        for row in said.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]
    return [data for data in shown if not data.startswith(place)]
