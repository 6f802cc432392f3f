"""People on the page who press what it shows, and the clock they live by."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from bot.playground import invitations
from bot.playground.cast import CAST, CIRCLE
from bot.playground.emulator import Emulator
from bot.playground.site import Site
from tests.playground.page.stage import AMELIE, CLAIRE, EMMA, SAMIR, nobody_comes
from tests.processes.bot_process import Bot
from tests.processes.citizens import ARRIVING, answer, arrive, say

BEGINS = "2027-03-16T10:00"  # UTC; the clocks of Europe go forward on 28 March
TOLD_WITHIN = 15_000  # ms


class Walk:
    """The people on the page, and the clock they live by."""

    def __init__(self, emulator: Emulator, page: Page) -> None:
        self.emulator = emulator
        self._page = page

    async def does(self, id: int, *steps: str) -> None:
        """Press [choices] and write words on somebody's phone, and hear an answer to each."""
        person, phone = self.emulator.person(id), self._page.locator(f'[data-person="{id}"]')
        for step in steps:
            self.emulator.clock.advance(1.5)  # nobody is that fast
            heard = len(person.said)
            if step.startswith("["):
                place = [data.split(":")[2] for _, data in person.buttons].index(step.strip("[]"))
                await phone.locator(".keys").last.locator(".key").nth(place).click()
            else:
                await phone.locator("textarea").fill(step)
                await phone.locator("textarea").press("Enter")
            await expect(phone.locator(".row.theirs .text")).not_to_have_count(heard, timeout=TOLD_WITHIN)

    async def at(self, moment: str) -> None:
        """Move the clock to a moment, UTC."""
        to = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
        self.emulator.clock.advance(to - self.emulator.clock.now())

    async def reads(self, id: int, *words: str) -> None:
        """Wait until the last message on somebody's phone, or in the group chat, has these words."""
        last = self._page.locator(f'[data-person="{id}"] .row.theirs .text').last
        for word in words:
            await expect(last).to_contain_text(word, timeout=TOLD_WITHIN)

    async def shows(self, file: Path) -> None:
        """Keep a picture of the page as it is."""
        await self._page.screenshot(path=file)

    def heard(self, id: int) -> int:
        return len(self.emulator.person(id).said)


@asynccontextmanager
async def walking(chromium: Browser, folder: Path) -> AsyncIterator[Walk]:
    """Everybody has arrived, Claire coordinates, and the page shows them and their group chat."""
    emulator = Emulator()
    emulator.limits = None
    members = [
        emulator.person(one.id, first_name=one.first_name, language_code=one.language_code)
        for one in CAST
        if one.id in CIRCLE.members
    ]
    emulator.group(CIRCLE.id, CIRCLE.title, members=members)
    site = Site(emulator, database=folder / "together.db", reset=nothing, sample=nobody_comes)
    site.attach(emulator.app)
    root = await emulator.start()
    emulator.clock.set(datetime.fromisoformat(BEGINS).replace(tzinfo=UTC).timestamp())
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        languages = {AMELIE: "fr", SAMIR: "ar", EMMA: "en", CLAIRE: "fr"}
        await asyncio.gather(
            *(arrive(emulator.person(id), choices=(one, *ARRIVING[1:])) for id, one in languages.items())
        )
        claire = emulator.person(CLAIRE)
        claire.opens(await invitations.invite(bot.database, "mulhouse"))
        await claire.hears()
        await answer(claire, "take")
        await say(claire, "Claire")
        async with await chromium.new_context(
            viewport={"width": 1800, "height": 900}, locale="en"
        ) as context:
            page = await context.new_page()
            await page.goto(root)
            for box in await page.locator(".pick input").all():
                await box.set_checked(True, force=True)
            yield Walk(emulator, page)
    await emulator.stop()


async def nothing() -> None:
    """Nobody starts anew here."""
