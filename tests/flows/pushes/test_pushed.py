"""Pushes beside what a person is doing: the open question stays theirs, and old buttons die kindly."""

from datetime import timedelta
from typing import Final

import pytest

from flows import reception
from flows.events import Thing
from flows.moves import Say
from flows.occasions.occasions import AnswerOccasion, Says
from flows.people.roles import NotAllowed, Permission
from flows.pushes.pushed import Notice
from flows.reception import MOST_ASIDE, begin, push
from flows.talks import Reply
from storage.pushes.notices import tell
from tests.flows.talking import Talking
from tests.flows.ticking import tick
from tests.storage import plans

SEVEN: Final = 7
LABEL: Final = "comes"
"""What stands on the button of a notice for who comes."""


def somebody(*meetings: int, says: Says = Says.YES) -> Talking:
    """A person who has arrived and comes to some meetings, or might."""
    talking = Talking()
    talking.world.arrives()
    for number in meetings:
        with talking.world.village.transaction() as connection:
            plans.call_meeting(connection, number, now=talking.now, begins=timedelta(days=30))
        talking.world.given(AnswerOccasion(number, says))
    return talking


def is_told(talking: Talking, number: int = SEVEN, notice: Notice = Notice.MOVED) -> Reply:
    """Something has changed, and the ticker tells them."""
    talking.falls_silent(timedelta(minutes=1))
    village = talking.world.village
    with village.transaction() as connection:
        tell(connection, village.context, number, notice, village.now, details={"was": talking.now})
    ((who, reply),) = tick([talking])
    assert who is talking
    return reply


def flows(talking: Talking) -> list[str]:
    return [talk.flow for talk in talking.stack]


def test_a_push_lies_below_the_open_question() -> None:
    talking = somebody(SEVEN)
    talking.opens("wellbeing")

    is_told(talking)
    talking.writes("A path along the river")

    assert flows(talking) == ["push", "wellbeing"]
    assert talking.said[-1].key == "statement.kept"


@pytest.mark.parametrize("command", [None, "menu"])
def test_a_push_lies_on_top_where_nothing_else_is_open(command: str | None) -> None:
    talking = somebody(SEVEN)
    if command:
        talking.opens(command)

    is_told(talking)

    assert flows(talking)[-1] == "push"


def test_words_that_do_not_answer_a_push_are_for_what_lies_below_it() -> None:
    talking = somebody(SEVEN)
    talking.opens("menu")
    is_told(talking)

    talking.writes("what is this?")

    assert flows(talking) == ["push", "menu"]
    assert talking.asked[-1].ask.key == "menu.ask"


@pytest.mark.parametrize("thing", [Thing.PHOTO, Thing.VOICE])
def test_what_is_no_words_is_for_what_lies_below_too(thing: Thing) -> None:
    talking = somebody(SEVEN)
    is_told(talking)

    talking.shares(thing)

    assert flows(talking) == ["push", "menu"]


def test_its_button_works_after_all_that_and_the_open_question_is_not_asked_again() -> None:
    talking = somebody(SEVEN, says=Says.MAYBE)
    talking.opens("wellbeing")
    is_told(talking)
    talking.writes("A path along the river")

    reply = talking.presses("yes", under="push.moved")

    assert reply.said == (Say("push.answered.seated"),)
    assert reply.asked is None
    assert flows(talking) == ["wellbeing"]
    assert talking.world.done[-1][0] == AnswerOccasion(SEVEN, Says.YES)


def test_the_words_on_its_button_are_for_it_whatever_question_is_open() -> None:
    talking = somebody(SEVEN, says=Says.MAYBE)
    talking.opens("wellbeing")
    is_told(talking)

    reply = talking.writes(LABEL)

    assert reply.said == (Say("push.answered.seated"),)
    assert flows(talking) == ["wellbeing"]
    assert talking.world.done[-1][0] == AnswerOccasion(SEVEN, Says.YES)


def test_the_words_on_the_buttons_of_several_are_for_the_one_that_came_last() -> None:
    talking = somebody(SEVEN, 8, says=Says.MAYBE)
    talking.opens("wellbeing")
    is_told(talking)
    is_told(talking, 8)

    talking.writes(LABEL)

    assert talking.world.done[-1][0] == AnswerOccasion(8, Says.YES)
    assert flows(talking) == ["push", "wellbeing"]


def test_a_number_is_for_the_open_question() -> None:
    talking = somebody(SEVEN)
    talking.opens("wellbeing")
    is_told(talking)

    talking.writes("1")

    assert [(talk.flow, talk.step) for talk in talking.stack] == [("push", 0), ("wellbeing", 1)]


def test_words_beside_a_push_that_one_may_not_see_any_more_are_for_the_open_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def may_not(*_: object) -> bool:
        raise NotAllowed(Permission.PLAN)

    talking = somebody(SEVEN)
    talking.opens("wellbeing")
    is_told(talking)
    monkeypatch.setattr(reception, "has_button", may_not)

    talking.writes(LABEL)

    assert [type(effect).__name__ for effect, _ in talking.world.done] == ["RecordStatement"]


def test_words_on_a_button_of_the_open_question_are_for_that_one() -> None:
    talking = somebody(SEVEN, 8)
    for number in (SEVEN, 8):
        with talking.world.village.transaction() as connection:
            tell(connection, talking.world.village.context, number, Notice.CHANGED, talking.now)
    talking.opens("meetings")
    talking.falls_silent(timedelta(minutes=1))
    list(tick([talking]))
    before = flows(talking)

    talking.writes("close")

    assert before == ["push", "meetings"]
    assert flows(talking) == ["push", "menu"]


def test_the_words_on_its_button_after_a_long_silence_do_not_welcome_anybody_back() -> None:
    talking = somebody(SEVEN, says=Says.MAYBE)
    talking.opens("wellbeing")
    is_told(talking)
    talking.falls_silent(timedelta(days=1))

    reply = talking.writes(LABEL)

    assert reply.said == (Say("push.answered.seated"),)


def test_a_push_is_never_asked_again_by_itself() -> None:
    talking = somebody(SEVEN)
    is_told(talking)
    talking.opens("wellbeing")

    talking.opens("cancel")
    again = talking.opens("start")

    assert [say.key for say in again.said] == ["reception.welcome_again"]
    assert again.asked is not None
    assert again.asked.ask.key == "menu.ask"


def test_there_is_nothing_to_cancel_where_only_a_push_waits() -> None:
    talking = somebody(SEVEN)
    is_told(talking)

    reply = talking.opens("cancel")

    assert [say.key for say in reply.said] == ["reception.nothing_to_cancel"]
    assert flows(talking) == ["push"]


def test_a_push_under_way_is_a_conversation_like_others() -> None:
    talking = somebody(SEVEN)
    is_told(talking)
    talking.presses("why")

    reply = talking.opens("cancel")

    assert [say.key for say in reply.said] == ["reception.cancelled"]
    assert flows(talking) == []


def test_another_push_does_not_disturb_one_that_is_under_way() -> None:
    talking = somebody(SEVEN, 8)
    is_told(talking)
    talking.presses("why")

    is_told(talking, 8)

    assert [talk.step for talk in talking.stack] == [0, 1]


def test_the_oldest_pushes_drop_out_and_their_buttons_are_outdated() -> None:
    talking = somebody(SEVEN)
    for _ in range(MOST_ASIDE + 1):
        is_told(talking)

    outdated = talking.presses("yes", number=0)
    works = talking.presses("yes", number=1)

    assert outdated.notice == Say("notice.outdated")
    assert works.said == (Say("push.answered.seated"),)


def test_nobody_is_welcomed_back_by_a_press_on_a_push() -> None:
    talking = somebody(SEVEN)
    talking.opens("wellbeing")
    is_told(talking)
    talking.falls_silent(timedelta(days=2))

    pressed = talking.presses("yes", under="push.moved")
    talking.falls_silent(timedelta(days=2))
    written = talking.writes("A garden")

    assert [say.key for say in pressed.said] == ["push.answered.seated"]
    assert written.said[0].key == "reception.welcome_back"


def test_a_push_that_is_said_anew_takes_the_place_of_what_was_never_heard() -> None:
    talking = somebody(SEVEN)
    is_told(talking)
    *below, unheard = talking.stack

    with talking.world.turn():
        opening = begin(talking.world, "push", unheard.args[0])
    reply = push(talking.stack, opening, unheard.id)

    assert [talk.id for talk in reply.stack] == [talk.id for talk in (*below, unheard)]


def test_what_only_says_something_leaves_no_conversation() -> None:
    talking = somebody(SEVEN)
    talking.opens("wellbeing")
    before = talking.stack

    with talking.world.turn():
        reply = push(talking.stack, begin(talking.world, "help"), talking.world.new_id())

    assert [say.key for say in reply.said] == ["help.text"]
    assert (reply.stack, reply.asked) == (before, None)
