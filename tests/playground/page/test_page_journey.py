"""Three citizens at once with the real bot, in their browsers: all they say, and what is left of it."""

import asyncio
import csv
import io
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.playground.demo import BOT, CODE, Demo
from bot.playground.kept import Data
from config.texts import Texts
from flows.moves import Arg, Key
from tests.playground.page.stage import AMELIE, LIGA, SAMIR
from tests.playground.page.standin import Told, free_port

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.asyncio(loop_scope="session")]

ANSWERED_WITHIN = 60_000  # ms; a bot that is starting included
TEXTS = Texts.load()


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody, their screen, and what they say."""

    id: int
    territory: str
    language: str
    other_language: str  # the one they go on in
    width: int
    edited: str  # the first idea, once edited
    ideas: tuple[str, str, str]  # edited later, withdrawn later, left as it is


FRENCH = Citizen(
    AMELIE,
    "mulhouse",
    "fr",
    "ar",
    1400,
    "Deux bancs à l'ombre",
    ("Un banc à l'ombre", "Un bus le dimanche", "Le bruit la nuit"),
)
ARABIC = Citizen(
    SAMIR,
    "mulhouse",
    "ar",
    "fr",
    1400,
    "مقعدان في الظل",
    ("مقعد في الظل", "حافلة يوم الأحد", "ضجيج في الليل"),
)
ON_A_PHONE = Citizen(
    LIGA,
    "salaspils",
    "lv",
    "ru",
    360,
    "Divi soliņi ēnā",
    ("Soliņš ēnā", "Autobuss svētdienās", "Troksnis naktī"),
)
CITIZENS = (FRENCH, ARABIC, ON_A_PHONE)


class Chat:
    """What a citizen does and sees on the page, one thing after the other."""

    def __init__(self, page: Page, demo: Demo, citizen: Citizen) -> None:
        self._person = demo.emulator.person(citizen.id)
        self.phone = page.locator(f'[data-person="{citizen.id}"]')
        self.answers = self.phone.locator(".row.theirs .text")
        self.seen = len(self._person.said)

    async def arrive(self) -> None:
        await self.phone.locator(".wide-button").click()
        await self.answered()

    async def write(self, text: str) -> Locator:
        """Gives the row of what was written."""
        await self.phone.locator("textarea").fill(text)
        await self.phone.locator("textarea").press("Enter")
        await self.answered()
        return self.phone.locator(".row.mine").last

    async def edit(self, row: Locator, text: str) -> None:
        await row.locator(".more").click()
        await self.phone.get_by_role("menuitem").nth(1).click()
        await self.phone.locator("textarea").fill(text)
        await self.phone.locator("textarea").press("Enter")
        await expect(row.locator(".text")).to_have_text(text)
        await self.answered()

    async def press(self, *choices: str) -> None:
        """Press the newest buttons that stand for these choices, whatever is written on them."""
        for choice in choices:
            place = [data.split(":")[2] for _, data in self._person.buttons].index(choice)
            await self.phone.locator(".keys").last.locator(".key").nth(place).click()
            await self.answered()

    async def answered(self) -> None:
        self.seen += 1
        await expect(self.answers).to_have_count(self.seen, timeout=ANSWERED_WITHIN)

    async def says(self, language: str, key: str, **args: Arg) -> None:
        """The newest answer holds this text."""
        said = TEXTS.plain(language, key, args)
        await expect(self.answers.last).to_contain_text(said.strip())


async def test_what_citizens_leave_of_their_words_is_given_back(chromium: Browser, tmp_path: Path) -> None:
    data = Data(tmp_path)

    await in_a_demo(data, chromium, speak)
    await in_a_demo(data, chromium, come_back)

    assert await exported(data) == sorted(
        (citizen.territory, question, text)
        for citizen in CITIZENS
        for question, text in (("well-being", citizen.edited), ("ill-being", citizen.ideas[2]))
    )


async def speak(chat: Chat, citizen: Citizen) -> None:
    """Arrive, say three things, withdraw one, change one, and go on in another language."""
    keep, withdrawn, later = citizen.ideas
    await chat.arrive()
    await chat.press(citizen.language, "-", "ready", "yes", "yes", "no", "yes", "no")
    await chat.says(citizen.language, "wellbeing.ask.well-being", number=1, total=3)
    first = await chat.write(keep)
    mine = first.page.locator(
        f'[data-person="{citizen.id}"] [data-id="{await first.get_attribute("data-id")}"]'
    )
    await chat.write(withdrawn)
    await chat.press("withdraw")
    await chat.says(citizen.language, "statement.withdrawn")
    await chat.press("next")
    await chat.write(later)
    await chat.edit(mine, citizen.edited)
    await chat.says(citizen.language, "statement.changed")
    await chat.write("/language")
    await chat.press(citizen.other_language)
    await chat.says(citizen.other_language, "language.set")


async def come_back(chat: Chat, citizen: Citizen) -> None:
    """Everything said is still there, and so is the place where they were, in the language they chose."""
    language = citizen.other_language
    await chat.write("/start")
    await chat.says(language, "reception.welcome_back", where=Key("menu.wellbeing"))
    await chat.says(language, "wellbeing.more", about=Key("question.ill-being"))
    await expect(chat.phone.locator(".keys").last.locator(".key")).to_have_text(
        [
            TEXTS.plain(language, key)
            for key in ("wellbeing.next", "wellbeing.change_last", "wellbeing.withdraw_last")
        ]
    )


async def in_a_demo(data: Data, chromium: Browser, act: Callable[[Chat, Citizen], Awaitable[None]]) -> None:
    """Start the demo over what is kept, let everybody act in a browser of their own, close it all."""
    demo = Demo(data, BOT, Told())
    root = await demo.start(free_port())
    try:
        async with asyncio.TaskGroup() as browsers:
            for citizen in CITIZENS:
                browsers.create_task(in_a_browser(chromium, root, demo, citizen, act))
    finally:
        await demo.stop()


async def in_a_browser(
    chromium: Browser,
    root: str,
    demo: Demo,
    citizen: Citizen,
    act: Callable[[Chat, Citizen], Awaitable[None]],
) -> None:
    narrow = citizen.width < 500
    async with await chromium.new_context(
        viewport={"width": citizen.width, "height": 740},
        locale=citizen.language,
        has_touch=narrow,
        is_mobile=narrow,
    ) as context:
        page = await context.new_page()
        await page.goto(root)
        if narrow:
            await page.locator(f'[data-tab="{citizen.id}"]').click()
        await act(Chat(page, demo, citizen), citizen)
        assert await page.evaluate("document.documentElement.scrollWidth") == citizen.width


async def exported(data: Data) -> list[tuple[str, str, str]]:
    """(territory, question, text) of what `together export` gives, by the alphabet."""
    settings = {
        "TOGETHER_BOT_TOKEN": "42:NOBODY",
        "TOGETHER_DATABASE_URL": f"sqlite+aiosqlite:///{data.database}",
        "PYTHONPATH": str(CODE),
    }
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "export", "statements", "--format", "csv"),
        cwd=data.folder,
        env=os.environ | settings,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await command.communicate()
    assert command.returncode == 0
    rows = csv.DictReader(io.StringIO(out.decode()))
    return sorted((row["territory"], row["question"], row["text"]) for row in rows)
