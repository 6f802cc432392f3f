"""Several processes share the work: everybody is heard and answered in order, whichever of them ends."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.playground.emulator import Emulator, Person
from tests.processes.bot_process import Bot
from tests.processes.citizens import ARRIVED, arrive, arrive_all, say, until
from tests.processes.several import FREEZES, HAPLESS, HASTE, Several
from tests.storage.places import PostgresPlace
from tests.storage.server import Server

pytestmark = pytest.mark.process

CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1"


@pytest.fixture
async def several(emulator: Emulator, folder: Path, postgres_place: PostgresPlace) -> AsyncIterator[Several]:
    url = await postgres_place.make()
    yield Several(emulator, folder, url)
    await postgres_place.give_back(url)


async def all_ready(bots: Iterable[Bot]) -> None:
    """Wait until each is ready."""
    await asyncio.gather(*(bot.ready() for bot in bots))


def people_of(several: Several, number: int) -> list[Person]:
    """People who speak French."""
    return [several.emulator.person(1000 + n, language_code="fr") for n in range(number)]


def said_so_far(several: Several) -> int:
    """How many messages everybody has got."""
    return sum(len(person.said) for person in several.emulator.people)


def ideas(person: Person) -> list[int]:
    """How many ideas were kept, as a person was told each time; what was repeated counts once."""
    found = (re.search(r"fait (\d+) idée", said) for said in dict.fromkeys(person.said))
    return [int(match[1]) for match in found if match]


async def test_two_listeners_serve_a_crowd_in_order_and_nothing_is_said_twice(several: Several) -> None:
    people = people_of(several, 30)
    one, two, push = several.listener(hook=HASTE), several.listener(hook=HASTE), several.pusher()
    async with one, two, push:
        await all_ready([one, two, push])
        await arrive_all(people)
        for round_ in range(3):
            for person in people:
                person.writes(f"Une idée {round_} de {person.id}")
        await until(
            lambda: said_so_far(several) >= (ARRIVED + 3) * len(people), "everybody is answered", within=30
        )
        carried = [(await bot.metrics())['together_updates_total{outcome="carried"}'] for bot in (one, two)]
        ends = [await bot.stopped() for bot in (one, two, push)]

    for person in people:
        assert len(person.said) == ARRIVED + 3
        assert ideas(person) == [1, 2, 3]
    assert min(carried) > 100
    assert ends == [0, 0, 0]


async def test_what_a_killed_listener_was_saying_arrives_after_all(several: Several) -> None:
    people = people_of(several, 12)
    arrivals = ARRIVED * len(people)  # over before the kill: somebody who arrives would answer a repetition
    killed = several.listener(hook=HASTE, kill_at=f"after_response_before_sent:{arrivals + 6}")
    push = several.pusher(hook=HASTE)
    async with killed, push:
        await all_ready([killed, push])
        await arrive_all(people)
        async with several.listener(hook=HASTE) as other:
            await other.ready()
            for number in range(6):
                for person in people:
                    person.writes(f"Idée {number}")
            assert await killed.ended() == -9
            await until(
                lambda: all(len(set(person.said)) == ARRIVED + 6 for person in people),
                "everybody is answered",
                within=30,
            )
    assert said_so_far(several) - (ARRIVED + 6) * len(people) in range(1, 13)
    for person in people:
        assert ideas(person) == [1, 2, 3, 4, 5, 6]


async def test_a_standby_leads_when_the_leader_is_killed_and_when_it_ends(several: Several) -> None:
    """With the true figures: a process that ends in whichever way loses its lock with its connection."""
    took, left = [], [several.pusher() for _ in range(3)]
    async with left[0], left[1], left[2]:
        await all_ready(left)
        for end in (Bot.kill, Bot.terminate):
            leader = await who_leads(left)
            left.remove(leader)
            began = time.monotonic()
            end(leader)
            await until(lambda: any('"running"' in bot.log_text for bot in left), "another leads", within=30)
            took.append(time.monotonic() - began)
            assert await leader.ended() in (-9, 0)
        [last] = left
        await until(lambda: '"introduced"' in last.log_text, "the last keeps house")

    assert max(took) < 3, f"took {took} seconds"


async def who_leads(bots: list[Bot]) -> Bot:
    """The one of them that says so, which it does a moment after it has begun."""
    async with asyncio.timeout(20):
        while True:
            for bot in bots:
                if (await bot.get("/readyz"))[1] == "ready\n":
                    return bot
            await asyncio.sleep(0.05)


async def succeeded(frozen: Bot, heir: Bot) -> list[str]:
    """The heir leads, and the other goes on; returns what each says of itself then."""
    await until(lambda: '"running"' in heir.log_text, "the heir leads", within=20)
    frozen.thaw()
    await until(lambda: frozen.log_text.count('"standing by"') == 2, "the first stands by", within=20)
    return [(await bot.get("/readyz"))[1] for bot in (frozen, heir)]


async def test_a_leader_that_is_frozen_is_succeeded_and_stands_by_when_it_goes_on(several: Several) -> None:
    frozen, heir = several.pusher(hook=HASTE), several.pusher(hook=HASTE)
    async with frozen:
        await until(lambda: '"running"' in frozen.log_text, "the first leads")
        async with heir:
            await heir.ready()
            frozen.freeze()
            words = await succeeded(frozen, heir)

    assert words == ["standby\n", "ready\n"]


async def test_a_leader_that_is_frozen_while_it_holds_what_the_heir_needs_is_succeeded_as_soon(
    several: Several,
) -> None:
    frozen, heir = several.pusher(hook=FREEZES), several.pusher(hook=HASTE)
    async with frozen:
        await until(lambda: '"running"' in frozen.log_text, "the first leads")
        async with heir:
            words = await succeeded(frozen, heir)

    assert words == ["standby\n", "ready\n"]


async def test_a_leader_that_loses_the_lead_before_its_run_begins_stands_by_and_leads_again(
    several: Several,
) -> None:
    async with several.pusher(hook=HAPLESS) as pusher:
        await until(lambda: '"running"' in pusher.log_text, "it leads", within=30)

        assert pusher.log_text.count('"standing by"') == 2
        assert (await pusher.get("/readyz"))[1] == "ready\n"


async def test_who_does_everything_and_who_shares_refuse_each_other(several: Several) -> None:
    async with several.listener() as listener:
        await listener.ready()
        async with several.alone() as late:
            beside_a_listener = await late.ended()
        up_to_date = await listener.command("db", "upgrade")
        assert await listener.stopped() == 0
    async with several.alone() as alone:
        await alone.ready()
        async with several.listener() as listener, several.pusher() as push:
            beside_one_alone = await listener.ended(), await push.ended()

    assert beside_a_listener == 3
    assert up_to_date.code == 0
    assert beside_one_alone == (3, 3)
    assert "another instance works with this database" in late.log_text


@pytest.mark.parametrize("role", ["listen", "push"])
async def test_roles_need_a_database_that_can_be_shared_and_a_webhook(
    emulator: Emulator, folder: Path, role: str
) -> None:
    async with Bot(emulator, folder, role=role, webhook_url="http://127.0.0.1:1/hook") as bot:
        code = await bot.ended()

    assert code == 1
    assert "PostgreSQL" in bot.log_text
    assert "Traceback" not in bot.log_text


async def test_a_listener_that_was_frozen_says_nothing_that_others_have_taken_over(several: Several) -> None:
    people = people_of(several, 8)
    frozen = several.listener(hook=HASTE)
    other, push = several.listener(hook=HASTE), several.pusher(hook=HASTE)
    async with frozen, other, push:
        await all_ready([frozen, other, push])
        await arrive_all(people)
        for number in range(3):
            for person in people:
                person.writes(f"Idée {number}")
        await asyncio.sleep(0.02)
        frozen.freeze()
        await asyncio.sleep(4.5)  # more than its lease and the grace: what it held is settled
        frozen.thaw()
        await until(
            lambda: all(len(set(person.said)) == ARRIVED + 3 for person in people),
            "everybody is answered",
            within=30,
        )
        repeated = said_so_far(several) - (ARRIVED + 3) * len(people)
        await frozen.ready()
        for person in people:
            person.writes("Encore une idée")
        await until(lambda: all("4 idées" in person.said[-1] for person in people), "both go on")

    assert repeated <= len(people)
    for person in people:
        assert ideas(person) == [1, 2, 3, 4]


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "shared"])
async def test_sessions_that_are_cut_are_taken_up_again_without_a_restart(
    several: Several, postgres_place: PostgresPlace, shared: bool
) -> None:
    amelie = several.emulator.person(1001, language_code="fr")
    bots = [several.listener(hook=HASTE), several.pusher(hook=HASTE)] if shared else [several.alone()]
    async with AsyncExitStack() as running:
        for bot in bots:
            await running.enter_async_context(bot)
        await all_ready(bots)
        await arrive(amelie)
        await postgres_place.run(CUT, make_url(several.url).database)
        answers = [await say(amelie, f"Idée {number}") for number in range(1, 4)]
        await all_ready(bots)
        ends = [await bot.stopped() for bot in bots]

    assert [f"{number} idée" in answer for number, answer in enumerate(answers, 1)] == [True] * 3
    assert len(amelie.said) == ARRIVED + 3
    assert ends == [0] * len(bots)


async def test_a_database_server_that_stops_and_starts_again_needs_no_operator(
    emulator: Emulator, folder: Path, server: Server
) -> None:
    place = PostgresPlace(server.url("postgres"))
    several = Several(emulator, folder, await place.make())
    people = people_of(several, 6)
    bots = [several.listener(hook=HASTE), several.listener(hook=HASTE), several.pusher(hook=HASTE)]
    async with bots[0], bots[1], bots[2]:
        await all_ready(bots)
        await arrive_all(people)
        server.stop()
        try:
            for person in people:
                person.writes("Un banc au soleil")
            await asyncio.sleep(5)
            during = [(await bot.get("/readyz"))[0] for bot in bots], emulator.pending
        finally:
            server.start()
        await until(
            lambda: all(len(set(person.said)) == 9 for person in people), "everybody is answered", within=30
        )
        await all_ready(bots)
        for person in people:
            person.writes("Encore une idée")
        await until(lambda: all("2 idées" in person.said[-1] for person in people), "all is as before")
        ends = [await bot.stopped() for bot in bots]

    assert during == ([503] * 3, len(people))
    assert ends == [0, 0, 0]
    await place.clear()
