"""Whoever was in the middle of a conversation when a release was installed goes on where they were."""

from typing import Final

import pytest

from flows.engine import Heard
from flows.events import Pressed
from tests.flows.drawn import carried, person
from tests.flows.stored_logs import FOLDER, Kept, kept
from tests.flows.village import BEGINNING

ASKED_ANEW: Final[dict[tuple[str, str, str], str]] = {}
"""(release, conversation, its open question): the question that is asked now, where a change was meant."""


def name(log: Kept) -> str:
    return f"{log.release}-{log.talk.flow}-{log.asked}"


def test_there_are_stored_logs() -> None:
    assert kept(), f"no stored logs in {FOLDER}"


@pytest.mark.parametrize("log", kept(), ids=name)
def test_a_stored_log_asks_what_was_open(log: Kept) -> None:
    world = person("citizen").world

    turn = carried(log.talk, None, world)

    anew = ASKED_ANEW.get((log.release, log.talk.flow, log.asked))
    assert turn.asked is not None
    assert turn.asked.key == (anew or log.asked)
    assert turn.heard is (Heard.OVERTAKEN if anew else Heard.NOTHING)
    assert world.done == []


@pytest.mark.parametrize("log", [each for each in kept() if each.choices], ids=name)
def test_a_stored_log_takes_the_buttons_that_were_shown(log: Kept) -> None:
    if (log.release, log.talk.flow, log.asked) in ASKED_ANEW:
        return
    for choice in log.choices:
        pressed = Pressed(BEGINNING, log.talk.id, log.talk.step, choice)

        turn = carried(log.talk, pressed, person("citizen").world)

        assert turn.heard is Heard.TAKEN
