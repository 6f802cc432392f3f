"""A meeting from its plan to what is said of it, by people in two languages who press what the page shows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.playground import invitations
from bot.playground.cast import CAST, CIRCLE
from bot.playground.emulator import Emulator
from bot.playground.site import Site
from tests.playground.page.stage import AMELIE, CLAIRE, EMMA, SAMIR, nobody_comes
from tests.processes.bot_process import Bot
from tests.processes.citizens import ARRIVING, answer, arrive, say

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.asyncio(loop_scope="session")]

BEGINS = "2027-03-16T10:00"  # UTC; the clocks of Europe go forward on 28 March
TOLD_WITHIN = 15_000  # ms

PLAN = (
    "/coordinate",
    "[plan_meetings]",
    "[new]",
    "[thematic]",
    "[all]",
    "27.3.2027 18:30",
    "[usual]",
    "[once]",
)
TEXTS = ("Le jardin", "The garden", "الحديقة", "Maison", "House", "دار", "2", "[rest]", "[publish]")


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

    async def comes(self, id: int) -> None:
        await self.does(id, "/meetings", "[0]", "[yes]", "[1]", "[done]")

    async def at(self, moment: str) -> None:
        """Move the clock to a moment, UTC."""
        to = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
        self.emulator.clock.advance(to - self.emulator.clock.now())

    async def reads(self, id: int, *words: str) -> None:
        """Wait until the last message on somebody's phone, or in the group chat, has these words."""
        last = self._page.locator(f'[data-person="{id}"] .row.theirs .text').last
        for word in words:
            await expect(last).to_contain_text(word, timeout=TOLD_WITHIN)

    def heard(self, id: int) -> int:
        return len(self.emulator.person(id).said)


@pytest_asyncio.fixture(loop_scope="session")
async def walk(chromium: Browser, tmp_path: Path) -> AsyncIterator[Walk]:
    """Everybody has arrived, Claire coordinates, and the page shows them and their group chat."""
    emulator = Emulator()
    emulator.limits = None
    members = [
        emulator.person(one.id, first_name=one.first_name, language_code=one.language_code)
        for one in CAST
        if one.id in CIRCLE.members
    ]
    emulator.group(CIRCLE.id, CIRCLE.title, members=members)
    site = Site(emulator, database=tmp_path / "together.db", reset=nothing, sample=nobody_comes)
    site.attach(emulator.app)
    root = await emulator.start()
    emulator.clock.set(datetime.fromisoformat(BEGINS).replace(tzinfo=UTC).timestamp())
    async with Bot(emulator, tmp_path) as bot:
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


async def test_a_meeting_of_two_seats_goes_its_way_from_the_plan_to_what_is_said_of_it(walk: Walk) -> None:
    await walk.does(CLAIRE, *PLAN, *TEXTS)
    walk.emulator.group(CIRCLE.id).member_writes(walk.emulator.person(CLAIRE), "/meetings@together_bot")
    await walk.reads(CIRCLE.id, "Le jardin", "2 sur 2")

    await walk.comes(AMELIE)
    await walk.comes(SAMIR)
    await walk.comes(EMMA)
    await walk.reads(CIRCLE.id, "0 sur 2")
    await walk.does(AMELIE, "/meetings", "[0]", "[no]")
    await walk.reads(EMMA, "A seat has become free for you", "The garden")
    await walk.comes(AMELIE)
    await walk.at("2027-03-17T14:00")
    await walk.reads(EMMA, "has passed on")
    await walk.reads(AMELIE, "Une place s’est libérée pour vous")
    await walk.does(AMELIE, "[take]")

    await walk.at("2027-03-24T12:00")
    await walk.reads(SAMIR, "قريباً")
    await walk.does(CLAIRE, "/coordinate", "[plan_meetings]", "[move]", "28.3.2027 18:30", "[usual]")
    await walk.reads(SAMIR, "الأحد، 28 مارس 2027، من 6:30 م")
    await walk.reads(AMELIE, "dimanche 28 mars 2027, de 18:30")
    await walk.reads(CIRCLE.id, "dimanche 28 mars 2027, de 18:30")
    told = walk.heard(AMELIE)
    await walk.at("2027-03-27T17:29")
    await asyncio.sleep(2)
    assert walk.heard(AMELIE) == told
    await walk.at("2027-03-27T17:30")
    await walk.reads(AMELIE, "Venez-vous toujours ?")
    await walk.at("2027-03-28T14:30:01")
    await walk.reads(AMELIE, "Bientôt", "de 18:30 à 20:00")
    assert walk.heard(AMELIE) == told + 2

    await walk.at("2027-03-29T07:00")
    await walk.reads(SAMIR, "هل كنت هناك؟")
    await walk.does(SAMIR, "[yes]", "[2]", "الشاي", "[skip]")
    await walk.does(CLAIRE, "/coordinate", "[answers]", "[0]")
    await walk.reads(CLAIRE, "Étaient là : 1", "الشاي")
