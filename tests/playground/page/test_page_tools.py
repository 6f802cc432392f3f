"""The page's own controls, its languages, and its line to the playground, in a real browser."""

import pytest
from playwright.async_api import Page, expect

from tests.playground.page.conftest import Open
from tests.playground.page.stage import AMELIE, CLAIRE, EMMA, SAMIR, Stage
from tests.processes.citizens import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DAY = 86_400

NAMELESS = """() => [...document.querySelectorAll("button, a, input, textarea, [role=log], [role=region]")]
    .filter((node) => node.checkVisibility() && !node.textContent.trim() && !node.getAttribute("aria-label")
                      && !node.labels?.length && !node.querySelector("img")?.alt)
    .map((node) => node.outerHTML)"""

# WCAG 2.2 contrast of a node's text on the ground behind it; of a gradient the worst colour counts.
CONTRAST = """(node) => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const mixed = ([r, g, b, a = 1], under) => [r, g, b].map((v, i) => v * a + under[i] * (1 - a));
  const light = (rgb) => rgb.map((v) => v / 255)
    .map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const layers = [];
  for (let at = node; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    const stops = style.backgroundImage.match(/rgba?\\([^)]*\\)/g);
    layers.push(stops ? stops.map(numbers) : [numbers(style.backgroundColor)]);
  }
  let grounds = [[255, 255, 255]];
  for (const layer of layers.reverse()) {
    grounds = layer.flatMap((top) => grounds.map((under) => mixed(top, under)));
  }
  const ink = numbers(getComputedStyle(node).color);
  const ratio = (ground) => {
    const [a, b] = [light(mixed(ink, ground)), light(ground)].sort((x, y) => y - x);
    return (a + .05) / (b + .05);
  };
  return Math.min(...grounds.map(ratio));
}"""

# Where there is text to read.
PLACES = (
    ".tool",
    ".chip",
    ".bot-state",
    ".clock-face",
    ".table-caption",
    "th",
    "td",
    ".count",
    ".pick>span",
    ".pick>small",
    ".who>span>strong",
    ".who>span>small",
    ".state",
    ".who>.avatar",
    ".chat-head>span>strong",
    ".subtitle",
    ".day>span",
    ".key",
    ".wide-button",
    ".welcome>*",
    ".mine>.stack>.bubble>.text",
    ".mine>.stack>.bubble>.text>.linkish",
    ".mine>.stack>.bubble>.meta",
    ".theirs>.stack>.bubble>.text",
    ".theirs>.stack>.bubble>.text>.linkish",
    ".theirs>.stack>.bubble>.meta",
    "code",
)


async def test_a_moved_clock_moves_in_every_browser(stage: Stage, opened: Open) -> None:
    first, second = await opened(), await opened()
    before = stage.emulator.clock.offset

    await first.get_by_role("button", name="+1 day").click()

    await expect(second.locator("#clock-face")).to_have_class("clock-face moved")
    assert stage.emulator.clock.offset == pytest.approx(before + DAY)
    await second.get_by_role("button", name="Now", exact=True).click()
    await expect(first.get_by_role("button", name="Now", exact=True)).to_be_hidden()
    assert stage.emulator.clock.offset == pytest.approx(0)


async def test_the_clock_can_be_moved_by_any_time(stage: Stage, opened: Open) -> None:
    page = await opened()

    await page.get_by_role("button", name="Move…").click()
    await page.get_by_label("Days").fill("2")
    await page.get_by_label("Minutes").fill("30")
    await page.get_by_label("Minutes").press("Enter")

    await expect(page.locator("#clock-face")).to_have_class("clock-face moved")
    assert stage.emulator.clock.offset == pytest.approx(2 * DAY + 1800)


async def test_who_is_shown_is_chosen_and_remembered(stage: Stage, opened: Open) -> None:
    page = await opened()
    await page.get_by_role("checkbox", name="Amélie").uncheck()
    await expect(page.locator(f'[data-person="{AMELIE}"]')).to_be_hidden()

    await page.reload()

    await expect(page.locator(f'[data-person="{SAMIR}"]')).to_be_visible()
    await expect(page.locator(f'[data-person="{AMELIE}"]')).to_be_hidden()


async def test_a_person_can_be_added_and_has_a_phone(stage: Stage, opened: Open) -> None:
    page = await opened()

    await page.get_by_role("button", name="Add a person").click()
    await page.get_by_label("First name").fill("Zoé")
    await page.get_by_label("Language code").fill("nb-no")
    await page.get_by_role("button", name="Add", exact=True).click()

    await expect(page.get_by_role("region", name="Zoé’s phone")).to_be_visible()
    assert stage.emulator.people[-1].user["language_code"] == "nb-no"


@pytest.mark.parametrize("code", ["x", "zz-ZZ-zz", "🙂", "en_US.UTF-8"])
async def test_a_garbage_language_code_still_gets_a_phone(stage: Stage, opened: Open, code: str) -> None:
    stage.emulator.person(3000, first_name="Odd", language_code=code).opens()

    page = await opened()

    await expect(page.locator('[data-person="3000"] .row.mine')).to_have_count(1)


async def test_a_pasted_link_opens_as_the_chosen_person(stage: Stage, opened: Open) -> None:
    page = await opened()

    await page.get_by_role("button", name="Open a link").click()
    await page.get_by_label("A t.me link").fill("https://t.me/together_bot?start=m_12")
    await page.get_by_label("Open it as").select_option("Claire")
    await page.get_by_role("button", name="Open", exact=True).click()

    await expect(page.locator(f'[data-person="{CLAIRE}"] .row.mine .text')).to_have_text("/start m_12")


async def test_a_link_to_another_bot_is_refused(stage: Stage, opened: Open) -> None:
    page = await opened()

    await page.get_by_role("button", name="Open a link").click()
    await page.get_by_label("A t.me link").fill("https://t.me/someone_else?start=m_12")
    await page.get_by_role("button", name="Open", exact=True).click()

    await expect(page.get_by_role("alert")).to_contain_text("does not lead to the bot")
    assert await stage.updates(timeout=0) == []


async def test_a_fresh_start_asks_before_it_deletes(stage: Stage, opened: Open) -> None:
    page = await opened()

    await page.get_by_role("button", name="Fresh start").click()
    await page.get_by_role("button", name="Cancel").click()
    assert stage.resets == 0
    await page.get_by_role("button", name="Fresh start").click()
    async with page.expect_response("**/playground/reset"):
        await page.get_by_role("button", name="Delete and start anew").click()

    assert stage.resets == 1


async def test_a_fresh_start_empties_the_chats_on_the_page(stage: Stage, opened: Open) -> None:
    stage.emulator.save(stage.database.with_name("untouched.json"))
    stage.begun(EMMA)
    page = await opened()
    await expect(page.locator(f'[data-person="{EMMA}"] .row')).to_have_count(1)

    stage.emulator.load(stage.database.with_name("untouched.json"))
    stage.site.tell_everything()

    await expect(page.locator(f'[data-person="{EMMA}"] .row')).to_have_count(0)
    await expect(page.locator(f'[data-person="{EMMA}"]').get_by_role("button", name="Start")).to_be_visible()


async def test_a_dead_bot_is_told_with_its_last_lines(stage: Stage, opened: Open) -> None:
    page = await opened()

    stage.site.tell_process({"state": "failed", "seconds": 4, "lines": ["TOGETHER_BOT_TOKEN is missing"]})
    await expect(page.get_by_role("alert")).to_contain_text("next try in 4 s")
    await expect(page.get_by_role("alert")).to_contain_text("TOGETHER_BOT_TOKEN is missing")
    stage.site.tell_process({"state": "running", "seconds": 0, "lines": []})

    await expect(page.locator("#notice")).to_be_hidden()


@pytest.mark.parametrize(
    ("locale", "reset"),
    [
        ("en-GB", "Fresh start"),
        ("fr-FR", "Repartir de zéro"),
        ("el", "Από την αρχή"),
        ("lv", "Sākt no jauna"),
        ("ru", "Начать заново"),
        ("ar", "بداية جديدة"),
        ("de", "Neu anfangen"),
        ("nb", "Fresh start"),
    ],
)
async def test_the_tools_speak_the_language_of_the_browser(
    stage: Stage, opened: Open, locale: str, reset: str
) -> None:
    page = await opened(locale=locale)

    await expect(page.get_by_role("button", name=reset)).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl" if locale == "ar" else "ltr")


async def test_nothing_is_missed_while_the_line_was_down(stage: Stage, opened: Open) -> None:
    stage.begun(EMMA)
    page = await opened()
    await stage.say(EMMA, "before")
    await expect(page.get_by_text("before")).to_be_visible()

    await page.context.set_offline(True)
    await page.evaluate("window.dispatchEvent(new Event('offline'))")
    stage.site.hang_up()
    gone = await stage.say(EMMA, "taken back")
    await stage.bot("deleteMessage", chat_id=EMMA, message_id=gone)
    await stage.say(EMMA, "meanwhile")
    await expect(page.get_by_role("alert")).to_contain_text("No connection")
    await page.context.set_offline(False)
    await stage.say(EMMA, "after")

    texts = page.locator(f'[data-person="{EMMA}"] .row.theirs .text')
    await expect(texts).to_have_text(["before", "meanwhile", "after"])
    await expect(page.locator("#notice")).to_be_hidden()


async def test_every_browser_shows_the_same_order(stage: Stage, opened: Open) -> None:
    emma = stage.begun(EMMA)
    pages = [await opened() for _ in range(3)]

    for number in range(20):
        emma.writes(f"from {number}")
        await stage.say(EMMA, f"to {number}")

    wanted = ["/start", *(f"{way} {number}" for number in range(20) for way in ("from", "to"))]
    for page in pages:
        await expect(page.locator(f'[data-person="{EMMA}"] .row .text')).to_have_text(wanted)


async def test_the_page_asks_nobody_but_the_playground(stage: Stage, opened: Open) -> None:
    page = await opened()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    await page.reload()
    await page.wait_for_selector("[data-person]")

    assert asked
    assert [url for url in asked if not url.startswith(stage.root)] == []


async def test_a_first_conversation_needs_no_mouse(stage: Stage, opened: Open) -> None:
    await stage.bot("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    page = await opened()
    await page.locator(f'[data-person="{EMMA}"] .wide-button').focus()

    await page.keyboard.press("Enter")
    await expect(page.locator(f'[data-person="{EMMA}"] .row.mine')).to_have_count(1)
    keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await stage.say(EMMA, "Coming?", reply_markup=keys)
    await expect(page.locator(f'[data-person="{EMMA}"] .key')).to_be_visible()
    await page.locator(f'[data-person="{EMMA}"] .messages').focus()
    for _ in range(4):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.className") == "key":
            break
    await page.keyboard.press("Enter")

    await until(lambda: stage.emulator.world.presses, "a button pressed")


async def test_every_control_has_a_name(stage: Stage, opened: Open) -> None:
    for person in (AMELIE, SAMIR, EMMA):
        stage.begun(person).sends("photo")
    await stage.say(EMMA, "Which?", reply_markup={"keyboard": [[{"text": "A garden"}]]})
    page = await opened()
    await page.get_by_role("button", name="What the bot stored").click()
    await expect(page.get_by_role("log", name="Messages of Emma")).to_have_attribute("aria-live", "polite")

    assert await page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_texts_can_be_read_on_their_ground(stage: Stage, opened: Open, scheme: str) -> None:
    stage.begun(EMMA)
    keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await stage.say(EMMA, "See <code>7</code> at /menu", parse_mode="HTML", reply_markup=keys)
    stage.person(EMMA).writes("/menu")
    stage.store("A park")
    page = await opened(color_scheme=scheme, width=1800)
    await page.get_by_role("button", name="What the bot stored").click()
    await page.get_by_role("button", name="statement, 1 rows").click()

    faint = await too_faint(page)
    assert faint == [], "\n".join(faint)


async def too_faint(page: Page) -> list[str]:
    """Visible texts below 4.5 : 1, the AA level of WCAG."""
    faint = []
    for place in PLACES:
        nodes = await page.locator(f"{place} >> visible=true").all()
        assert nodes, f"nothing to look at in {place}"
        for node in nodes:
            contrast = await node.evaluate(CONTRAST)
            if contrast < 4.5:
                faint.append(f"{place}: {contrast:.2f}")
    return sorted(set(faint))
