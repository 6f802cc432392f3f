"""Walks through all conversations as hypothesis draws them, and what is looked at on the way."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from flows.codec import decode, encode
from flows.conversations import commands, conversations
from flows.engine import Turn, advance
from flows.events import Pressed, Shared, Thing, Wrote
from flows.people.roles import EVERYWHERE, Holding, Role, Scope
from flows.talks import BACK, Asked, Stack, Talk
from flows.words.statements import Question, RecordStatement, Words
from tests.flows.acts import (
    PAYLOADS,
    WORDS,
    Act,
    Block,
    Edit,
    Forge,
    Open,
    Press,
    PressOld,
    Share,
    Wait,
    Write,
    perform,
)
from tests.flows.talking import Talking
from tests.flows.village import Village
from tests.flows.world import World
from tests.storage.plans import ask_at_registration, call_meeting

CANARY: Final = "canary"
"""A word that every drawn text holds, so that it is found wherever words go."""

PRESSES = st.builds(Press, st.integers(-1, 6))
WRITES = st.builds(Write, st.sampled_from(WORDS) | st.just(f"a {CANARY} in the park"))
OPENS = st.builds(Open, st.just("start"), st.sampled_from((*PAYLOADS, f"a {CANARY} I am"))) | st.builds(
    Open, st.sampled_from((*commands(), "cancel", "dance"))
)
OTHERS = st.one_of(
    st.builds(PressOld, st.integers(0, 40), st.integers(0, 6)),
    st.builds(Forge, st.integers(0, 9), st.integers(-1, 9), st.sampled_from(("yes", "next", BACK, "1"))),
    st.builds(Edit, st.integers(0, 9), st.just(f"another {CANARY}")),
    st.builds(Share, st.sampled_from(Thing)),
    st.builds(Wait, st.integers(0, 30)),
    st.builds(Block, st.booleans()),
)
ACTS = st.lists(st.one_of(PRESSES, PRESSES, PRESSES, WRITES, WRITES, OPENS, OTHERS), min_size=5, max_size=40)
PEOPLE = st.sampled_from(("stranger", "citizen", "coordinator"))


def person(who: str) -> Talking:
    """A stranger, a citizen of Riverside with two statements, or one who coordinates the network, too."""
    return deepcopy(_person(who))


@cache
def _person(who: str) -> Talking:
    village = Village()
    me = World(village)
    village.invites("secret", Holding(Role.PANEL, Scope("riverside")))
    plan_meetings(village)
    if who == "stranger":
        return Talking(me)
    me.arrives()
    for number in (1, 2):
        words = Words(f"a {CANARY} of {number}", number, None, 0.0)
        me.given(RecordStatement(Question.WELL_BEING, words, ()))
    if who == "coordinator":
        me.appointed(Holding(Role.NETWORK, EVERYWHERE), f"the {CANARY} itself")
        friend = Holding(Role.FACILITATOR, Scope("riverside", "youth"))
        World(village).appointed(friend, f"a {CANARY} friend")
    return Talking(me, messages=2)


def plan_meetings(village: Village) -> None:
    """A meeting with a single seat, whose link is among the drawn ones; and one at whose door people are."""
    titles = {"en": f"a {CANARY} meeting"}
    with village.transaction() as connection:
        call_meeting(connection, 7, now=village.now, seats=1, most_party=3, titles=titles)
        call_meeting(connection, 8, now=village.now, begins=timedelta(hours=1), titles=titles)
        ask_at_registration(connection, 7, 1, fr=f"a {CANARY} question?")


def walk(who: str, acts: list[Act], check: Callable[[Talking], None]) -> None:
    """Do all `acts`, and `check` what holds after each."""
    talking = person(who)
    for act in acts:
        perform(talking, act)
        check(talking)


def carried(
    talk: Talk, event: Wrote | Pressed | Shared | None, world: World, *, afresh: bool = False
) -> Turn[Any]:
    flow = conversations()[talk.flow].start(*talk.args)
    with world.turn():
        return advance(flow, talk.log, event, world.carry_out, world.label, afresh=afresh)


def stored(stack: Stack) -> Stack:
    """A stack as it comes back from where it was stored."""
    again: Stack = decode(Stack, json.loads(json.dumps(encode(stack))))
    return again


def shown(asked: Asked | None) -> Any:
    """What a person sees of a question, and what its buttons carry."""
    if asked is None:
        return None
    values = [choice.value for choice in asked.ask.choices]
    return asked.ask.key, values, asked.talk, asked.step, asked.can_go_back
