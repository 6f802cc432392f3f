"""The tables of what the bot stored, as the page shows them, in a real browser."""

import sqlite3

import pytest
from playwright.async_api import expect

from tests.playground.page.conftest import Open
from tests.playground.page.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_the_bot_stored_is_shown_newest_first_and_stays_fresh(stage: Stage, opened: Open) -> None:
    page = await opened()
    await page.get_by_role("button", name="What the bot stored").click()
    await expect(page.locator(".table-caption")).to_have_text("The bot has not stored anything yet.")

    stage.store("A park", "A bus")
    await page.get_by_role("button", name="statement, 2 rows").click()
    await expect(page.locator("tbody td.words")).to_have_text(["A bus", "A park"])
    stage.store("<b>A bench</b>")

    await expect(page.locator("tbody td.words")).to_have_text(["<b>A bench</b>", "A bus", "A park"])


async def test_keys_are_cut_short_so_that_words_have_room(stage: Stage, opened: Open) -> None:
    with sqlite3.connect(stage.database) as database:
        database.execute("CREATE TABLE statement (author TEXT, probability REAL, text TEXT)")
        database.execute("INSERT INTO statement VALUES (?, 0.99999826, 'A park')", ["0af1" * 8])
    database.close()
    page = await opened()

    await page.get_by_role("button", name="What the bot stored").click()
    await page.get_by_role("button", name="statement, 1 rows").click()

    await expect(page.locator("tbody td")).to_have_text(["A park", "0af1" * 8, "1"])
    key = page.locator("tbody td.code")
    assert await key.evaluate("node => node.scrollWidth > node.clientWidth")
    assert await key.get_attribute("title") == "0af1" * 8


async def test_tables_that_hold_something_come_first(stage: Stage, opened: Open) -> None:
    with sqlite3.connect(stage.database) as database:
        database.execute("CREATE TABLE answer (text TEXT)")
    database.close()
    stage.store("A park")
    page = await opened()

    await page.get_by_role("button", name="What the bot stored").click()

    await expect(page.locator(".table-names button")).to_have_text(["statement1", "answer0"])


async def test_all_tables_are_in_sight_and_the_picked_one_stays_there(stage: Stage, opened: Open) -> None:
    with sqlite3.connect(stage.database) as database:
        for number in range(10, 60):
            database.execute(f"CREATE TABLE statement_{number} (text TEXT)")
    database.close()
    page = await opened(width=1280, height=800)
    await page.get_by_role("button", name="What the bot stored").click()
    first, last = (page.locator(".table-names button", has_text=f"statement {n}") for n in (10, 59))
    await expect(first).to_be_in_viewport(ratio=1)
    await expect(last).to_be_in_viewport(ratio=1)

    await last.click()

    await expect(page.locator(".table-caption")).to_have_text("This table is empty.")
    await expect(last).to_be_in_viewport(ratio=1)
    await expect(first).not_to_be_in_viewport()
