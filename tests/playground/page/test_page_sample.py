"""The sample data: who is in it, that the real bot hears them all, and that nothing comes twice."""

import csv
import io
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.playground import invitations, sample, view
from bot.playground.cast import CAST, NEIGHBOURS
from bot.playground.emulator import Emulator
from bot.playground.sample import parts, run_sample
from config.territories import load_territories
from flows.people.person import Purpose
from tests.playground.page.stage import AMELIE
from tests.processes.bot_process import Bot

SHOWN = {persona.id: persona for persona in CAST}


@pytest_asyncio.fixture
async def emulator() -> AsyncIterator[Emulator]:
    emulator = Emulator()
    emulator.limits = None
    await emulator.start()
    yield emulator
    await emulator.stop()


async def play(bot: Bot, emulator: Emulator) -> None:
    """Let everybody play their part, as fast as the clock that is moved for each step lets them."""

    async def invite(territory: str) -> str:
        return await invitations.invite(bot.database, territory)

    async def breathe() -> None:
        emulator.clock.advance(sample.BREATH)

    await run_sample(emulator, invite, breathe)


async def kept(bot: Bot) -> Counter[tuple[str, str, str]]:
    """(territory, question, text) of every statement the bot would give back."""
    done = await bot.command("export", "statements", "--format", "csv")
    assert done.code == 0, done.err
    rows = csv.DictReader(io.StringIO(done.out))
    return Counter((row["territory"], row["question"], row["text"]) for row in rows)


def said(*ids: int) -> Counter[tuple[str, str, str]]:
    """What these people say in the sample."""
    return Counter(
        (part.territory, str(question), text)
        for part in parts()
        if part.id in ids
        for question, texts in part.statements.items()
        for text in texts
    )


EVERYBODY = tuple(part.id for part in parts())


@pytest.mark.process
async def test_what_everybody_says_is_kept_once(emulator: Emulator, tmp_path: Path) -> None:
    async with Bot(emulator, tmp_path) as bot:
        await play(bot, emulator)
        first = await kept(bot)
        await play(bot, emulator)

        assert first == said(*EVERYBODY)
        assert await kept(bot) == first


@pytest.mark.process
async def test_something_is_planned_wherever_people_live(emulator: Emulator, tmp_path: Path) -> None:
    async with Bot(emulator, tmp_path) as bot:
        await play(bot, emulator)
        with sqlite3.connect(bot.database) as database:
            occasions = database.execute(
                "SELECT sort, territory, state, count(*) FROM occasion GROUP BY 1, 2, 3"
            )
            waves = database.execute("SELECT territory FROM action JOIN wave ON wave.action_id = action.id")
            answers = database.execute("SELECT standing, count(*) FROM answer GROUP BY 1")
            planned, asking, coming = Counter(occasions), Counter(waves), dict(answers)
        database.close()

    assert set(planned) == {
        ("meeting", "mulhouse", "planned", 2),
        ("meeting", "kavala", "planned", 1),
        ("meeting", "salaspils", "planned", 1),
        ("activity", "mulhouse", "planned", 6),
        ("activity", "kavala", "planned", 4),
        ("activity", "salaspils", "planned", 4),
    }
    assert set(asking) == {("mulhouse",), ("kavala",), ("salaspils",)}
    assert coming == {"seated": 3}


@pytest.mark.process
async def test_who_has_begun_by_hand_is_left_alone(emulator: Emulator, tmp_path: Path) -> None:
    amelie = emulator.person(AMELIE)
    amelie.opens("t_mulhouse")
    async with Bot(emulator, tmp_path) as bot:
        await amelie.hears()

        await play(bot, emulator)

        assert await kept(bot) == said(*(id for id in EVERYBODY if id != AMELIE))
        assert len(amelie.said) == 1


async def refuse(territory: str) -> str:
    raise AssertionError(f"{territory} needs nobody yet")


async def test_a_silent_bot_is_told(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "ANSWERED_WITHIN", 0.01)

    with pytest.raises(TimeoutError, match=f"{len(EVERYBODY)} of {len(EVERYBODY)} people"):
        await run_sample(emulator, refuse)


async def test_neighbours_have_no_phone_on_the_page(emulator: Emulator) -> None:
    told = emulator.watch()

    emulator.person(NEIGHBOURS[0]).opens()
    emulator.person(AMELIE).opens()

    assert [person["id"] for person in view.snapshot(emulator)["people"]] == [AMELIE]
    assert view.event(emulator, await anext(told)) is None
    assert view.event(emulator, await anext(told)) is not None


def test_everybody_is_of_the_cast_or_a_neighbour() -> None:
    assert len(set(EVERYBODY)) == len(EVERYBODY)
    for part in parts():
        persona = SHOWN.get(part.id)
        if persona is None:
            assert part.id in NEIGHBOURS
        else:
            assert (part.first_name, part.language) == (persona.first_name, persona.language_code)
            assert f"t_{part.territory}" == persona.payload
    assert set(SHOWN) < set(EVERYBODY)


def test_everybody_fits_where_they_take_part() -> None:
    places = load_territories()
    for part in parts():
        place = places[part.territory]
        assert part.language in place.languages
        assert part.group is None or place.group(part.group)
        assert Purpose.STATEMENTS in part.agrees_to


def test_neighbours_live_in_every_place_and_speak_every_language() -> None:
    spoken = {(part.territory, part.language) for part in parts() if part.id in NEIGHBOURS}

    assert {language for _, language in spoken} == {"fr", "ar", "el", "lv", "ru", "en"}
    assert {place for place, _ in spoken} == set(load_territories())
