"""What holds after any event, whatever a person does: drawn walks through all conversations at once.

Every walk is made by the real flows in a small real world. Between two acts the conversations are nothing
but their logs, so each rule is also a rule about what is stored.
"""

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.codec import encode
from flows.conversations import conversations
from flows.engine import Entry, Heard, Kind, Log, back
from flows.events import Pressed, Shared, Thing
from flows.talks import BACK, Asked, Reply, Talk
from flows.words.statements import RecordStatement, RewordStatement
from tests.flows.acts import Act, perform
from tests.flows.drawn import ACTS, CANARY, PEOPLE, carried, person, shown, stored, walk
from tests.flows.talking import Talking


@given(PEOPLE, ACTS)
def test_conversations_come_back_from_their_store_as_they_were(who: str, acts: list[Act]) -> None:
    def comes_back(talking: Talking) -> None:
        assert stored(talking.stack) == talking.stack

    walk(who, acts, comes_back)


@given(PEOPLE, ACTS)
def test_every_open_question_is_asked_again_from_its_log_alone(who: str, acts: list[Act]) -> None:
    def asks_again(talking: Talking) -> None:
        last = {(asked.talk, asked.step): asked for asked in talking.asked}
        for talk in stored(talking.stack):
            done = len(talking.world.done)
            turn = carried(talk, None, talking.world)
            assert turn.asked is not None
            again = Asked(turn.asked, talk.id, talk.step, turn.asked.back and back(turn.log) is not None)
            assert shown(again) == shown(last[talk.id, talk.step])
            assert turn.log == talk.log
            assert turn.heard is Heard.NOTHING
            assert len(talking.world.done) == done

    walk(who, acts, asks_again)


@given(PEOPLE, ACTS)
def test_who_comes_back_keeps_what_they_answered_and_finds_the_same_a_second_time(
    who: str, acts: list[Act]
) -> None:
    def comes_back(talking: Talking) -> None:
        for talk in stored(talking.stack):
            first = carried(talk, None, talking.world, afresh=True)
            kept = answered(talk.log)
            assert answered(first.log)[: len(kept)] == kept
            if first.asked is not None:
                second = carried(replace(talk, log=first.log), None, talking.world, afresh=True)
                assert (second.heard, second.said, second.log) == (Heard.NOTHING, (), first.log)

    walk(who, acts, comes_back)


def answered(log: Log) -> list[Entry]:
    """What a person has answered and done in a conversation."""
    return [entry for entry in log if entry.kind not in (Kind.LOOK, Kind.ASKED)]


@given(PEOPLE, ACTS)
def test_an_event_carried_through_twice_comes_to_the_same(who: str, acts: list[Act]) -> None:
    def attempt(talking: Talking, act: Act) -> Any:
        reply = perform(talking, act)
        return reply and (reply.stack, reply.said, shown(reply.asked), reply.notice), talking.world.done

    talking = person(who)
    for act in acts:
        lost = deepcopy(talking)
        lost.stack = stored(lost.stack)
        assert attempt(lost, act) == attempt(talking, act)


@given(PEOPLE, ACTS)
def test_what_a_question_refuses_changes_nothing(who: str, acts: list[Act]) -> None:
    def refuses(talking: Talking) -> None:
        done = len(talking.world.done)
        for talk in talking.stack:
            for event, heard in (
                (Shared(talking.now, Thing.VOICE), Heard.REFUSED),
                (Pressed(talking.now, talk.id, talk.step, "never offered"), Heard.NOT_OFFERED),
            ):
                turn = carried(talk, event, talking.world)
                assert turn.heard is heard
                assert turn.log == talk.log
                assert turn.asked is not None
        assert len(talking.world.done) == done

    walk(who, acts, refuses)


@given(PEOPLE, ACTS)
def test_back_never_goes_behind_a_statement_and_never_undoes_an_effect(who: str, acts: list[Act]) -> None:
    def goes_back(talking: Talking) -> None:
        for talk in talking.stack:
            log, steps = back(talk.log), 0
            while log is not None:
                assert [e for e in log if e.kind is Kind.KEPT] == [e for e in talk.log if e.kind is Kind.KEPT]
                done = len(talking.world.done)
                turn = carried(Talk(talk.id, talk.flow, talk.args, log), None, talking.world)
                assert turn.asked is not None
                assert len(talking.world.done) == done
                log, steps = back(log), steps + 1
            assert steps <= sum(entry.kind in (Kind.ANSWER, Kind.WRITTEN) for entry in talk.log)

    walk(who, acts, goes_back)


@given(PEOPLE, ACTS)
def test_words_never_enter_what_is_stored_of_a_conversation(who: str, acts: list[Act]) -> None:
    def keeps_no_words(talking: Talking) -> None:
        assert CANARY not in json.dumps(encode(talking.stack))

    walk(who, acts, keeps_no_words)


@given(PEOPLE, ACTS)
def test_no_message_becomes_two_statements_or_two_wordings(who: str, acts: list[Act]) -> None:
    def used_once(talking: Talking) -> None:
        effects = (effect for effect, _ in talking.world.done)
        used = [e.words.message for e in effects if isinstance(e, RecordStatement | RewordStatement)]
        assert len(used) == len(set(used))

    walk(who, acts, used_once)


@given(PEOPLE, ACTS)
def test_a_person_is_in_each_conversation_at_most_once(who: str, acts: list[Act]) -> None:
    def at_most_once(talking: Talking) -> None:
        names = [talk.flow for talk in talking.stack]
        assert len(names) == len(set(names))

    walk(who, acts, at_most_once)


@given(PEOPLE, ACTS)
def test_nothing_is_recorded_of_a_person_who_has_not_consented(who: str, acts: list[Act]) -> None:
    def consented(talking: Talking) -> None:
        assert talking.world.arrived or not talking.world.statements
        needs_consent = {each.name for each in conversations().values() if not each.before_consent}
        assert talking.world.arrived or not needs_consent & {talk.flow for talk in talking.stack}

    walk(who, acts, consented)


@given(PEOPLE, ACTS, st.integers(-1, 60), st.integers(-2, 60), st.text(max_size=5) | st.just(BACK))
def test_a_forged_button_changes_nothing(who: str, acts: list[Act], id: int, step: int, choice: str) -> None:
    def is_outdated(talking: Talking) -> None:
        if any(is_offered(talking, talk, id, step, choice) for talk in talking.stack):
            return
        done = len(talking.world.done)
        forged = Pressed(talking.now, id, step, choice)
        reply = talking.tries(forged)
        assert (reply.stack, reply.said, reply.asked) == (talking.stack, (), None)
        assert reply.notice is not None
        assert len(talking.world.done) == done

    walk(who, acts, is_outdated)


def is_offered(talking: Talking, talk: Talk, id: int, step: int, choice: str) -> bool:
    if (talk.id, talk.step) != (id, step):
        return False
    asked = carried(talk, None, talking.world).asked
    return bool(asked and asked.choice(choice)) or (choice == BACK and back(talk.log) is not None)


@given(ACTS)
def test_erasing_leaves_no_conversation_and_no_statement(acts: list[Act]) -> None:
    talking = person("citizen")
    for act in acts:
        perform(talking, act)
    talking.opens("forget")

    reply: Reply = talking.presses("erase")
    if reply.stack:  # it was asked for the first time
        reply = talking.presses("erase")

    assert reply.stack == ()
    assert not talking.world.person.known
    assert talking.world.statements == {}


@pytest.mark.parametrize("who", ["stranger", "citizen"])
def test_a_question_is_asked_again_after_any_number_of_restarts(who: str) -> None:
    talking = person(who)
    talking.opens("wellbeing")
    first = shown(talking.asked[-1])

    for _ in range(5):
        talking.stack = stored(talking.stack)
        talking.opens("wellbeing")

    assert shown(talking.asked[-1]) == first
