"""How the page makes use of the room it has, in a real browser."""

import pytest
from playwright.async_api import Page, expect

from tests.playground.page.conftest import Open
from tests.playground.page.stage import AMELIE, EMMA, SAMIR, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_narrow_screen_shows_one_chat_and_fits(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    stage.begun(AMELIE)
    page = await opened(width=360, height=740, has_touch=True, is_mobile=True)
    await expect(page.locator("[data-person]:visible")).to_have_count(1)

    await page.locator(f'[data-tab="{EMMA}"]').click()
    await stage.say(AMELIE, "Bonjour")

    await expect(page.locator(f'[data-person="{EMMA}"]')).to_be_visible()
    await expect(page.locator("[data-person]:visible")).to_have_count(1)
    await expect(page.locator(f'[data-tab="{AMELIE}"] .badge')).to_have_text("1")
    await expect(page.locator(f'[data-person="{EMMA}"] textarea')).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def test_a_narrow_screen_shows_somebody_of_its_language_first(stage: Stage, opened: Open) -> None:
    page = await opened(width=360, height=740, locale="ar")

    await expect(page.locator(f'[data-person="{SAMIR}"]')).to_be_visible()
    await expect(page.locator("[data-person]:visible")).to_have_count(1)


@pytest.mark.parametrize("width", [1024, 1280, 1366, 1400, 1920])
async def test_the_tools_keep_to_one_row(stage: Stage, opened: Open, width: int) -> None:
    page = await opened(width=width, locale="fr-FR")
    await expect(page.get_by_role("button", name="Repartir de zéro")).to_be_in_viewport(ratio=1)
    assert await height_of_tools(page) < 70

    await page.get_by_role("button", name="+1 sem.").click()
    await expect(page.get_by_role("button", name="Maintenant")).to_be_visible()

    assert await height_of_tools(page) < 70
    await expect(page.get_by_role("button", name="Repartir de zéro")).to_be_in_viewport(ratio=1)


async def height_of_tools(page: Page) -> float:
    bar = await page.locator(".bar").bounding_box()
    assert bar is not None
    return bar["height"]


@pytest.mark.parametrize("width", [1280, 1400])
async def test_the_sample_data_keep_their_name_where_others_lose_it(
    stage: Stage, opened: Open, width: int
) -> None:
    page = await opened(width=width, locale="fr-FR")
    sizes = [
        await page.get_by_role("button", name=name).evaluate(
            "node => parseFloat(getComputedStyle(node).fontSize)"
        )
        for name in ("Données d’exemple", "Ouvrir un lien")
    ]

    assert sizes[0] > 10
    assert sizes[1] == 0


async def test_on_a_small_laptop_each_tool_says_its_name(stage: Stage, opened: Open) -> None:
    page = await opened(width=1366)

    sizes = await page.locator(".tool").evaluate_all(
        "nodes => nodes.map((node) => parseFloat(getComputedStyle(node).fontSize))"
    )

    assert len(sizes) == 5
    assert min(sizes) > 10
    assert await height_of_tools(page) < 70


async def test_a_long_name_takes_no_second_line_in_the_tabs(stage: Stage, opened: Open) -> None:
    stage.emulator.person(3001, first_name="Quartier de la Doller et alentours", language_code="fr")
    page = await opened(width=360, height=740)
    names = page.locator(".tab > [dir]")
    await expect(names.last).to_have_text("Quartier de la Doller et alentours")

    heights = await names.evaluate_all("nodes => nodes.map((node) => node.offsetHeight)")

    assert max(heights) == min(heights)
