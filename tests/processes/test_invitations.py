"""A role from the command line to the desk: the bot runs, an operator invites, a citizen takes it."""

import pytest

from bot.playground.emulator import Emulator
from tests.processes.citizens import ARRIVING, answer, arrive, press, say
from tests.processes.ways import WAYS, Way

pytestmark = pytest.mark.process

TO_MULHOUSE = ("invite", "--role", "territory", "--territory", "mulhouse")


async def test_an_operator_invites_beside_the_running_bot_and_a_citizen_coordinates(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    bruno = emulator.person(1002, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        await arrive(bruno)
        done = await bot.command(*TO_MULHOUSE)
        address, _, payload = done.out.splitlines()[0].partition("?start=")
        amelie.opens(payload)
        await amelie.hears()
        offered = await answer(amelie, "fr", "mulhouse", *ARRIVING[1:])
        await answer(amelie, "take")
        taken = await say(amelie, "Amélie de la Doller")
        desk = await say(amelie, "/coordinate")
        team = await answer(amelie, "team")
        bruno.opens(payload)
        [refused] = await bruno.hears()
        unknown = await say(bruno, "/coordinate")
        log = bot.log_text
        await bot.stopped()

    token = payload.removeprefix("i_")
    assert (done.code, len(token)) == (0, 22)
    assert address.startswith("https://t.me/")
    assert "coordination" in offered
    assert "Mulhouse" in offered
    assert "Merci" in taken
    assert "Que voulez-vous faire" in desk
    assert "Amélie de la Doller" in team
    assert "ne peut pas" in refused
    assert "Je ne connais pas cette commande" in unknown
    assert token not in log
    assert token not in await way.content()
    assert await way.rows("SELECT what FROM audit ORDER BY id") == [("invited",), ("taken",)]


async def test_a_coordinator_invites_in_the_chat_and_the_link_works_once(
    emulator: Emulator, way: Way
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    bruno = emulator.person(1002, language_code="fr")
    async with way.bot() as bot:
        await bot.ready()
        done = await bot.command("invite", "--role", "network")
        await arrive(amelie)
        await arrive(bruno)
        amelie.opens(done.out.splitlines()[0].partition("?start=")[2])
        await amelie.hears()
        await answer(amelie, "take")
        await say(amelie, "Amélie")
        await say(amelie, "/coordinate")
        made = await answer(amelie, "invite", "facilitator", "1", "0")
        payload = made.partition("?start=")[2].split()[0]
        bruno.opens(payload)
        offered = (await bruno.hears())[0]
        press(bruno, "take")
        await bruno.hears()
        await say(bruno, "Bruno")
        await bot.stopped()

    assert "animation d’un groupe" in offered
    assert await way.rows("SELECT role FROM appointment ORDER BY role") == [("facilitator",), ("network",)]


@pytest.mark.parametrize("way", WAYS[:1], indirect=True)
@pytest.mark.parametrize(
    ("command", "told"),
    [
        ((), "name the territory"),
        (("--role", "territory"), "--role territory is had in a whole territory"),
        (("--role", "network", "--territory", "mulhouse"), "--role network is had everywhere"),
        (("--role", "facilitator", "--territory", "mulhouse"), "--role facilitator is had in a group"),
        (("--role", "panel", "--territory", "mulhouse", "--group", "youth"), "in a whole territory"),
        (("--role", "panel", "--territory", "nowhere"), "there is no territory 'nowhere'"),
        (("--group", "youth"), "--group needs the --territory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
async def test_an_invitation_that_makes_no_sense_is_refused_and_nothing_is_made(
    emulator: Emulator, way: Way, command: tuple[str, ...], told: str
) -> None:
    way.folder.mkdir(parents=True, exist_ok=True)

    done = await way.bot().command("invite", *command)

    assert done.code == 1
    assert told in done.err
    assert done.out == ""
