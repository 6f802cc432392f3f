"""A pilot action on the page: its sheet, what people say it does in two waves, and what came of that."""

import asyncio

import pytest

from bot.playground.emulator import Person
from tests.playground.page.stage import AMELIE, CLAIRE, SAMIR
from tests.playground.page.walking import Walk
from tests.processes.citizens import answer, arrive, press, say, until

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.asyncio(loop_scope="session")]

SHEET = ("/coordinate", "[pilots]", "[new]", "Un jardin partagé", "A shared garden", "حديقة مشتركة", "[rest]")
TOUCHES = ("[add]", "[b]", "[b05]", "[enough]", "[running]", "[publish]")
OTHERS = range(7_001, 7_011)


async def test_what_a_pilot_action_does_for_people_is_asked_twice_and_given_back(walk: Walk) -> None:
    await walk.does(CLAIRE, *SHEET, *TOUCHES)
    others = [walk.emulator.person(id, first_name=f"N. {id}", language_code="fr") for id in OTHERS]
    await asyncio.gather(*map(arrive, others))
    for one in (AMELIE, SAMIR):
        await walk.does(one, "/actions", "[0]", "[join]")

    await walk.does(CLAIRE, "[open]")
    await walk.reads(AMELIE, "voudrait savoir ce qu’elle apporte")
    await walk.does(AMELIE, "[answer]", "[participant]", "[-1]", "Il n’y a pas de banc.")
    await walk.reads(SAMIR, "يودّ أن يعرف")
    await walk.does(SAMIR, "[answer]", "[neighbour]", "[-1]", "[skip]")
    await asyncio.gather(*(scores(one, "-1") for one in others))
    await walk.does(CLAIRE, "[shut]")
    await walk.reads(AMELIE, "Vous pouvez maintenant voir")

    await walk.does(CLAIRE, "[open]")
    await walk.reads(AMELIE, "voudrait savoir ce qu’elle apporte")
    await walk.does(AMELIE, "[answer]", "[participant]", "[2]", "On s’assied à l’ombre.")
    await walk.reads(SAMIR, "يودّ أن يعرف")
    await walk.does(SAMIR, "[answer]", "[neighbour]", "[1]", "[skip]")
    await asyncio.gather(*(scores_again(one, "1") for one in others))
    await walk.does(CLAIRE, "[shut]")
    await walk.reads(AMELIE, "Vous pouvez maintenant voir")
    await walk.does(AMELIE, "[see]")
    await walk.reads(AMELIE, "Un jardin partagé", "12")
    await walk.shows("pilot-two-waves", AMELIE, SAMIR)


async def scores(person: Person, score: str) -> None:
    """Somebody gives feedback in less than a minute."""
    await say(person, "/actions")
    await answer(person, "0", "feedback", "neighbour", score, "skip")


async def scores_again(person: Person, score: str) -> None:
    """The same once more, asked for it."""
    await until(lambda: "voudrait savoir" in person.said[-1], "they are asked again")
    for choice in ("answer", "neighbour", score, "skip"):
        heard = len(person.said)
        press(person, choice)
        await until(lambda heard=heard: len(person.said) > heard, f"an answer to {choice}")
