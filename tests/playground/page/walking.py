"""People on the page who press what it shows, and the clock they live by."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, FloatRect, Locator, Page, expect

from bot.chores.errands import Errands, InvitationOrder
from bot.playground.cast import CAST, CIRCLE, Circle
from bot.playground.emulator import Emulator
from bot.playground.site import Site
from flows.links import INVITATION, token_hash
from flows.people.roles import Role, Scope
from storage.occasions.cards import EVERY
from storage.people.roles import new_token
from tests.playground.page.stage import CLAIRE, nobody_comes
from tests.processes.bot_process import Bot
from tests.processes.citizens import ARRIVING, arrive, press, until

BEGINS = "2027-03-16T10:00"  # UTC; the clocks of Europe go forward on 28 March
TOLD_WITHIN = 15_000  # ms
EDITED_WITHIN = TOLD_WITHIN + 1000 * int(EVERY.total_seconds())
"""Milliseconds until a card in a group chat says what is true: it may have been edited just before."""

PICTURES = os.environ.get("PICTURES")
"""The folder where pictures for the documents are kept; without one, none are taken."""

PHONE = 398  # pixels from one phone to the next
MARGIN = 7


class Walk:
    """The people on the page, and the clock they live by."""

    def __init__(self, emulator: Emulator, page: Page, bot: Bot) -> None:
        self.emulator = emulator
        self._page = page
        self._bot = bot

    def phone(self, id: int) -> Locator:
        """Somebody's phone, or the group chat."""
        return self._page.locator(f'[data-person="{id}"]')

    async def does(self, id: int, *steps: str) -> None:
        """Press [choices] and write words on somebody's phone, and hear an answer to each."""
        person, phone = self.emulator.person(id), self.phone(id)
        for step in steps:
            self.emulator.clock.advance(1.5)  # nobody is that fast
            heard, rows = len(person.said), phone.locator(".row.theirs")
            await expect(rows).to_have_count(heard, timeout=TOLD_WITHIN)
            if step.startswith("["):
                offered = [data.split(":")[2] for _, data in person.buttons]
                assert step.strip("[]") in offered, f"{step} is not offered: {person.said[-1]} {offered}"
                place = offered.index(step.strip("[]"))
                await phone.locator(".keys").last.locator(".key").nth(place).click()
            else:
                await phone.locator("textarea").fill(step)
                await phone.locator("textarea").press("Enter")
            await expect(rows).not_to_have_count(heard, timeout=TOLD_WITHIN)

    async def hurries(self, id: int, *steps: str) -> None:
        """The same past the page, for what no walk is about."""
        person = self.emulator.person(id)
        for step in steps:
            self.emulator.clock.advance(1.5)
            heard = len(person.said)
            press(person, step.strip("[]")) if step.startswith("[") else person.writes(step)
            await until(lambda heard=heard: len(person.said) > heard, f"an answer to {step}")

    async def writes_in_chat(self, id: int, text: str) -> None:
        """Somebody writes in the group chat, and the bot says something there."""
        chat = self.phone(CIRCLE.id)
        heard = len(self.emulator.group(CIRCLE.id).said)
        await chat.locator("select").select_option(str(id))
        await chat.locator(".group-line input").fill(text)
        await chat.locator(".group-line input").press("Enter")
        await until(lambda: len(self.emulator.group(CIRCLE.id).said) > heard, f"an answer to {text}")

    async def presses_in_chat(self, id: int, label: str) -> None:
        """Somebody presses the newest button with these words in the group chat."""
        chat = self.phone(CIRCLE.id)
        await chat.locator("select").select_option(str(id))
        await chat.locator(".key", has_text=label).last.click()

    async def at(self, moment: str) -> None:
        """Move the clock to a moment, UTC."""
        to = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
        self.emulator.clock.advance(to - self.emulator.clock.now())

    async def reads(self, id: int, *words: str) -> None:
        """Wait until the last message on somebody's phone, or in the group chat, has these words."""
        last = self.phone(id).locator(".row.theirs .text").last
        for word in words:
            await expect(last).to_contain_text(word, timeout=_patience(id))

    async def finds(self, id: int, *words: str) -> None:
        """Wait until one message on somebody's phone, or in the group chat, has all of these words."""
        found = self.phone(id).locator(".row.theirs .text")
        for word in words:
            found = found.filter(has_text=word)
        await expect(found).not_to_have_count(0, timeout=_patience(id))

    async def appoint(self, id: int, role: Role, where: Scope) -> None:
        """Somebody takes a role to which the server invites them."""
        person, token = self.emulator.person(id), new_token()
        await Errands(self._bot.database).leave(InvitationOrder(token_hash(token), role, where))
        heard = len(person.said)
        person.opens(f"{INVITATION}_{token}")
        await until(lambda: len(person.said) > heard, "somebody reads to what they are invited")
        await self.hurries(id, "[take]", person.user["first_name"])

    async def shows(self, name: str, *ids: int, height: int = 830, top: Locator | None = None) -> None:
        """Keep a picture of these phones, where pictures are kept.

        height  of the page, in pixels
        top     what stands at the top of its chat; None: everybody sees the end of theirs
        """
        if PICTURES is None:
            return
        page, before = self._page, self._page.viewport_size
        await self._tick(*ids)
        await page.set_viewport_size({"width": PHONE * max(len(ids), 2) + 32, "height": height})
        await page.evaluate("document.querySelectorAll('.messages').forEach((one) => one.scrollTo(0, 1e6))")
        if top is not None:
            await top.evaluate("one => one.scrollIntoView({block: 'start'})")
        await page.wait_for_timeout(400)  # what is scrolled to fades in
        boxes = [await self.phone(id).bounding_box() for id in ids]
        png = await page.screenshot(clip=_around([box for box in boxes if box is not None]))
        Image.open(BytesIO(png)).convert("RGB").quantize(256).save(
            Path(PICTURES) / f"{name}.png", optimize=True
        )
        assert before is not None
        await page.set_viewport_size(before)
        await self.tick_all()

    async def _tick(self, *ids: int) -> None:
        for box in await self._page.locator(".pick input").all():
            await box.set_checked(int(await box.input_value()) in ids, force=True)

    async def tick_all(self) -> None:
        """Everybody's phone is on the page."""
        await self._tick(*(one.id for one in CAST), CIRCLE.id)

    def heard(self, id: int) -> int:
        return len(self.emulator.person(id).said)


def _patience(id: int) -> int:
    """Milliseconds to wait for words on somebody's phone, or in the group chat."""
    return EDITED_WITHIN if id == CIRCLE.id else TOLD_WITHIN


def _around(boxes: Sequence[FloatRect]) -> FloatRect:
    """All of these rectangles, and what little lies around them."""
    left, top = (min(box[side] for box in boxes) - MARGIN for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes) + MARGIN
    bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


@asynccontextmanager
async def walking(
    chromium: Browser,
    folder: Path,
    role: Role = Role.TERRITORY,
    where: Scope = Scope("mulhouse"),  # noqa: B008 (frozen)
    circle: Circle = CIRCLE,
) -> AsyncIterator[Walk]:
    """Everybody has arrived, nothing is open, Claire coordinates; the page shows them and their chat."""
    emulator = Emulator()
    emulator.limits = None
    people = {
        one.id: emulator.person(one.id, first_name=one.first_name, language_code=one.language_code)
        for one in CAST
    }
    emulator.group(CIRCLE.id, circle.title, members=[people[id] for id in circle.members])
    site = Site(emulator, database=folder / "together.db", reset=nothing, sample=nobody_comes)
    site.attach(emulator.app)
    root = await emulator.start()
    emulator.clock.set(datetime.fromisoformat(BEGINS).replace(tzinfo=UTC).timestamp())
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        await asyncio.gather(
            *(arrive(people[one.id], one.payload, (one.language_code, *ARRIVING[1:])) for one in CAST)
        )
        async with await chromium.new_context(
            viewport={"width": 1800, "height": 900}, locale="en"
        ) as context:
            page = await context.new_page()
            walk = Walk(emulator, page, bot)
            for one in CAST:
                await walk.hurries(one.id, "/cancel")  # or they are asked to go on with their ideas
            await walk.appoint(CLAIRE, role, where)
            await page.goto(root)
            await walk.tick_all()
            yield walk
    await emulator.stop()


async def nothing() -> None:
    """Nobody starts anew here."""
