"""The desk that receives every event: rules that are easier to say here than in a transcript."""

from dataclasses import replace

import pytest

from flows.conversations import conversation, conversations
from flows.engine import Entry, Kind
from flows.moves import Say
from flows.reception import remind
from tests.flows.drawn import person, shown
from tests.flows.talking import Talking


def in_a_changed_conversation() -> Talking:
    """A citizen whose open question has another key in today's flow."""
    talking = person("citizen")
    talking.opens("wellbeing")
    (talk,) = talking.stack
    before = Entry(Kind.ASKED, "wellbeing.ask.happiness", None)
    talking.stack = (replace(talk, log=(*talk.log[:-1], before)),)
    return talking


def test_words_for_a_question_that_is_no_longer_asked_are_not_taken_for_another_one() -> None:
    talking = in_a_changed_conversation()

    reply = talking.writes("Laughing children")

    assert reply.asked is not None
    assert reply.asked.ask.key == "wellbeing.ask.well-being"
    assert talking.world.done == []


def test_a_button_of_a_question_that_is_no_longer_asked_answers_nothing_however_often_it_is_pressed() -> None:
    talking = in_a_changed_conversation()

    first = talking.presses("next", number=0)
    second = talking.presses("next", number=0)

    assert first.asked is not None
    assert first.asked.ask.key == "wellbeing.ask.well-being"
    assert second.notice == Say("notice.outdated")
    assert second.stack == first.stack


def test_after_a_step_back_the_buttons_of_the_question_left_behind_answer_nothing() -> None:
    talking = person("citizen")
    talking.opens("wellbeing")
    talking.presses("next")
    left = len(talking.asked) - 1
    before = talking.presses("back").stack

    reply = talking.presses("next", number=left)

    assert reply.notice == Say("notice.outdated")
    assert reply.stack == before


def test_a_button_that_leads_back_where_there_is_no_back_does_not_even_reorder_conversations() -> None:
    talking = person("citizen")
    talking.opens("wellbeing")
    talking.opens("language")
    before = talking.stack

    reply = talking.presses("back", under="wellbeing.ask.well-being")

    assert reply.stack == before
    assert reply.notice == Say("notice.outdated")


def test_after_an_outage_the_open_question_is_asked_again_with_the_reason_and_nothing_else_changes() -> None:
    talking = person("citizen")
    talking.opens("wellbeing")
    talking.writes("A path along the river")

    reply = remind(talking.stack, talking.world, Say("trouble.away"))

    assert reply.said == (Say("trouble.away"),)
    assert shown(reply.asked) == shown(talking.asked[-1])
    assert reply.stack == talking.stack
    assert len(talking.world.done) == 1


def test_a_round_of_sorting_begins_a_new_record_at_the_place_of_the_last_one() -> None:
    talking = person("coordinator")
    talking.opens("coordinate")
    talking.presses("statements")
    talking.presses("0")

    reply = talking.presses("rules")

    assert reply.asked is not None
    assert reply.asked.ask.key == "sorting.ask"
    assert reply.stack[-1].args == ("riverside", None)
    assert all(entry.kind is not Kind.ANSWER for entry in reply.stack[-1].log)


@pytest.mark.parametrize("typed", ["I am Ada, 0612345678", "a" * 65, "a b", "t_riverside\n", "é"])
def test_what_is_typed_after_start_is_kept_only_if_it_may_be_a_link(typed: str) -> None:
    talking = Talking()

    reply = talking.opens("start", typed)

    assert reply.stack[0].args == ("-",)


def test_two_conversations_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two conversations are called 'menu'"):
        conversation("menu")(conversations()["help"].start)
