"""Every conversation times every role, by every door: for whom one is not meant, it does not exist.

The doors: its command, its name typed as words, a button of the menu or the desk that was forged, a button
that was shown before the role was withdrawn.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Final

import pytest

from flows.conversations import Conversation, conversations, effects
from flows.events import Opened, Pressed
from flows.moves import Effect, Say
from flows.panels.rooms import NOT_YOURS, Handler, handlers
from flows.people.roles import EVERYWHERE, Holding, Permission, Role, Scope
from tests.flows.acts import press
from tests.flows.talking import Talking
from tests.flows.world import World

ROLES: Final = {
    Role.NETWORK: EVERYWHERE,
    Role.TERRITORY: Scope("riverside"),
    Role.FACILITATOR: Scope("riverside", "youth"),
    Role.PANEL: Scope("riverside"),
}
MAY: Final[dict[Permission, set[Role]]] = {
    Permission.COORDINATE: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.SEE_ROLES: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.GRANT_ROLES: {Role.NETWORK, Role.TERRITORY},
    Permission.PLAN: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.SEE_ANSWERS: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.KEEP_ROOMS: {Role.NETWORK, Role.TERRITORY},
    Permission.SEE_PANEL: {Role.NETWORK, Role.TERRITORY, Role.PANEL},
    Permission.CLASSIFY: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.REVIEW: {Role.NETWORK, Role.TERRITORY},
    Permission.ANNOUNCE: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.ATTEND_INQUIRIES: {Role.NETWORK, Role.TERRITORY},
    Permission.READ_DIGESTS: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR, Role.PANEL},
}
GUARDED: Final = [each for each in conversations().values() if each.needs is not None]


def somebody(role: Role | None) -> Talking:
    """A citizen of Riverside with that role."""
    return deepcopy(_somebody(role))


@cache
def _somebody(role: Role | None) -> Talking:
    me = World()
    me.arrives()
    if role:
        me.appointed(Holding(role, ROLES[role]), "Me")
    return Talking(me)


def is_meant_for(conversation: Conversation, role: Role | None) -> bool:
    return conversation.needs is None or role in MAY[conversation.needs]


def by_command(talking: Talking, wanted: Conversation) -> None:
    talking.opens(wanted.command or wanted.name)


def by_words(talking: Talking, wanted: Conversation) -> None:
    talking.opens("menu")
    talking.writes(wanted.name)
    talking.writes(f"/{wanted.command}")


def by_a_forged_button_of_the_menu(talking: Talking, wanted: Conversation) -> None:
    talking.opens("menu")
    talking.presses(wanted.name)


def by_a_forged_button_of_the_desk(talking: Talking, wanted: Conversation) -> None:
    talking.opens("coordinate")
    talking.presses(wanted.name)


def by_any_forged_button(talking: Talking, wanted: Conversation) -> None:
    talking.opens("menu")
    asked = talking.asked[-1]
    for talk in range(asked.talk - 2, asked.talk + 3):
        for step in range(3):
            talking.meets(Pressed(talking.now, talk, step, wanted.name))


DOORS: Final = (
    by_command, by_words, by_a_forged_button_of_the_menu, by_a_forged_button_of_the_desk,
    by_any_forged_button,
)  # fmt: skip


@pytest.mark.parametrize("enter", DOORS)
@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("wanted", GUARDED, ids=lambda each: each.name)
def test_no_door_leads_to_a_conversation_that_is_not_meant_for_a_role(
    wanted: Conversation, role: Role | None, enter: Callable[[Talking, Conversation], None]
) -> None:
    talking = somebody(role)

    enter(talking, wanted)

    if not is_meant_for(wanted, role):
        assert wanted.name not in {talk.flow for talk in talking.talks}
        assert not any(effect.needs == wanted.needs for effect, _ in talking.world.done)


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("wanted", [each for each in GUARDED if each.command], ids=lambda each: each.name)
def test_a_command_exists_for_those_it_is_meant_for_alone(wanted: Conversation, role: Role | None) -> None:
    talking, stranger = somebody(role), Talking()

    reply = talking.opens(wanted.command or "")
    unknown = somebody(role).opens("no_such_command")

    if is_meant_for(wanted, role):
        assert [talk.flow for talk in reply.stack] == [wanted.name]
    else:
        assert (reply.said, reply.asked) == (unknown.said, unknown.asked)
    assert stranger.opens(wanted.command or "").said[0] == Say("reception.unknown_command")


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("place", ["menu", "coordinate"])
def test_menu_and_desk_offer_exactly_what_is_meant_for_a_role(role: Role | None, place: str) -> None:
    talking = somebody(role)
    if not is_meant_for(conversations()[place], role):
        return

    reply = talking.opens(place)

    assert reply.asked is not None
    listed = [
        each.name
        for each in conversations().values()
        if (each.menu if place == "menu" else each.desk) is not None and is_meant_for(each, role)
    ]
    assert sorted(choice.value for choice in reply.asked.ask.choices) == sorted(listed)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PANEL])
def test_once_a_role_is_withdrawn_no_button_of_before_leads_anywhere(role: Role) -> None:
    talking = somebody(role)
    for wanted in GUARDED:
        talking.opens("coordinate")
        by_a_forged_button_of_the_desk(talking, wanted)
        press(talking, len(talking.asked) - 1, 0)
    shown, done = list(talking.asked), len(talking.world.done)
    talking.world.dismissed()

    for asked in shown:
        for choice in asked.ask.choices:
            talking.meets(Pressed(talking.now, asked.talk, asked.step, choice.value))
    talking.meets(Opened(talking.now, "coordinate"))

    assert [effect for effect, _ in talking.world.done[done:] if effect.needs is not None] == []
    assert all(conversations()[talk.flow].needs is None for talk in talking.stack)


@pytest.mark.parametrize("choice", ["panel", "coordinators", "cards", "p_riverside", "yes", "1"])
@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize(
    "handler", [each for each in handlers().values() if each.needs], ids=lambda one: one.name
)
def test_a_press_in_a_group_chat_does_something_for_those_alone_who_may(
    handler: Handler, role: Role | None, choice: str
) -> None:
    talking = somebody(role)
    assert handler.needs is not None

    answered = talking.presses_in_chat(f"~{handler.name}:1:{choice}")

    if role not in MAY[handler.needs]:
        assert answered == NOT_YOURS
        assert talking.world.done == []


@pytest.mark.parametrize("handler", handlers().values(), ids=lambda one: one.name)
def test_a_stranger_changes_nothing_by_pressing_in_a_group_chat(handler: Handler) -> None:
    stranger = Talking()

    answered = stranger.presses_in_chat(f"~{handler.name}:1:yes")

    assert answered == NOT_YOURS
    assert stranger.world.done == []


def test_an_effect_that_lives_beside_a_conversation_which_needs_a_permission_needs_one_too() -> None:
    guarded = (*GUARDED, *(each for each in handlers().values() if each.needs is not None))
    beside = {each.start.__module__ for each in guarded}

    open_ones = [effect for effect in effects() if effect.__module__ in beside and effect.needs is None]

    assert beside
    assert open_ones == []


def test_an_effect_that_needs_a_permission_says_where() -> None:
    """Without a scope of its own only those could do it who may everywhere."""
    silent = [
        effect.__name__ for effect in effects() if effect.needs is not None and effect.scope is Effect.scope
    ]

    assert silent == []
