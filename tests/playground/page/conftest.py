"""A stage for each test, and one Chromium for all of them."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.playground.page.stage import Stage
from tests.playground.page.walking import Walk, walking

CHROMIUM = ("chromium-headless-shell", "chromium")  # the first keeps no windows, and takes half the time
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 10_000  # ms

Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path) as stage:
        yield stage


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        missing = f"there is none of {', '.join(CHROMIUM)}"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"{missing}, and REQUIRE_BROWSER=1 asks for one")
        pytest.skip(missing)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def walk(chromium: Browser, tmp_path: Path) -> AsyncIterator[Walk]:
    async with walking(chromium, tmp_path) as walk:
        yield walk


@pytest_asyncio.fixture(loop_scope="session")
async def opened(chromium: Browser, stage: Stage) -> AsyncIterator[Open]:
    """Opens the page in a browser of its own; anything it complains about fails the test."""
    contexts = []
    complaints: list[str] = []

    async def open_page(*, width: int = 1400, height: int = 800, locale: str = "en", **more: Any) -> Page:
        size = {"width": width, "height": height}
        context = await chromium.new_context(viewport=size, locale=locale, **more)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Security" in line.text else None)
        await page.goto(stage.root)
        await page.wait_for_selector("[data-person]", state="attached")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []
