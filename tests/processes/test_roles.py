"""Several processes share the work: everybody is heard and answered in order, whichever of them ends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.emulator import Emulator
from tests.processes.citizens import arrive_all, until
from tests.processes.several import HASTE, Several
from tests.storage.places import PostgresPlace

pytestmark = pytest.mark.process


@pytest.fixture
async def several(emulator: Emulator, folder: Path, postgres_place: PostgresPlace) -> AsyncIterator[Several]:
    url = await postgres_place.make()
    yield Several(emulator, folder, url)
    await postgres_place.give_back(url)


async def test_two_listeners_serve_a_crowd_in_order_and_nothing_is_said_twice(several: Several) -> None:
    people = [several.emulator.person(1000 + n, language_code="fr") for n in range(30)]
    async with (
        several.listener(hook=HASTE) as one,
        several.listener(hook=HASTE) as two,
        several.pusher(hook=HASTE) as push,
    ):
        for bot in (one, two, push):
            await bot.ready()
        await arrive_all(people)
        for round_ in range(3):
            for person in people:
                person.writes(f"Une idée {round_} de {person.id}")
        await until(lambda: all(len(person.said) == 11 for person in people), "everybody is answered")
        carried = [(await bot.metrics())['together_updates_total{outcome="carried"}'] for bot in (one, two)]
        ends = [await bot.stopped() for bot in (one, two, push)]

    for person in people:
        assert [f"{n} idée" in said for n, said in enumerate(person.said[8:], 1)] == [True] * 3
    assert min(carried) > 100
    assert ends == [0, 0, 0]
