"""The checker of the kill campaign by itself: what it must find, and what is right and looks odd."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.playground.emulator.ledger import Ledger, Refusal, Send, UpdateRecord
from tests.campaigns.kills import checker, deliveries
from tests.campaigns.kills.evidence import Death, Evidence, Life
from tests.campaigns.kills.scenario import Scenario, Uttered, Wording
from tests.campaigns.kills.stored import Stored

CITIZEN = 7
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
REPLY, REMINDER = 0, 2


def said(message: int, text: str, *, why: bool = False, answered: bool = True) -> Send:
    """A delivery; one with the button of pushes can be asked why it came."""
    choice = "why" if why else "next"
    markup = {"inline_keyboard": [[{"text": choice, "callback_data": f"talk:1:{choice}"}]]}
    return Send(
        message, message, 0.0, 100.0 + message, "sendMessage", CITIZEN, text, [], markup, message,
        answered=answered,
    )  # fmt: skip


def row(id: int, message: int | None, *, lane: int = REPLY, unsure: int = 0) -> dict[str, Any]:
    """A row of the outbox, in the order of `id`."""
    return {
        "id": id, "key": f"row {id}", "contact_id": 1, "lane": lane, "must": True, "state": "sent",
        "unsure": unsure, "worker": 1, "message": message, "reason": None,
        "created_at": NOON, "ended_at": NOON, "not_after": NOON + DAY,
    }  # fmt: skip


def found(
    sends: list[Send],
    rows: list[dict[str, Any]],
    refusals: list[Refusal] | None = None,
    pace: int = 2000,
    *,
    misled: bool = False,
) -> list[str]:
    """What the checker says of them: the names of promises that were broken."""
    given = evidence(sends, rows, pace)
    given.ledger.refusals += refusals or []
    if misled:
        given.scenario.misled[CITIZEN] = "next of fr, en"
    return [finding.invariant for finding in deliveries.check(given)]


def evidence(sends: list[Send], rows: list[dict[str, Any]], pace: int = 2000) -> Evidence:
    """One life that was killed, with those deliveries and rows."""
    ledger = Ledger()
    ledger.sends += sends
    return Evidence(
        ledger=ledger,
        scenario=Scenario(),
        lives=[Life(100.0, 200.0, Death.KILLED, "random", was_ready=True)],
        outages=[],
        stored=Stored({"outbox": rows, "contact": [{"id": 1, "telegram": CITIZEN}], "inbox": []}, ()),
        told="",
        secrets=(),
        places=64,
        several=False,
        pace=pace,
    )


def test_a_reply_that_overtakes_another_is_found() -> None:
    assert found([said(1, "second"), said(2, "first")], [row(1, 2), row(2, 1)]) == ["I7 in order"]


def test_what_it_was_too_late_for_until_the_clock_was_turned_back_is_overtaken() -> None:
    too_late = row(1, 2) | {"not_after": NOON}

    assert found([said(1, "second"), said(2, "first")], [too_late, row(2, 1)]) == []


def test_several_that_were_too_late_come_in_their_own_order() -> None:
    times = {"created_at": NOON - DAY, "not_after": NOON}
    late = [row(id, message) | times for id, message in ((1, 2), (2, 3), (3, 4))]
    sends = [said(1, "overtakes"), *(said(number, f"late {number}") for number in (2, 3, 4))]

    assert found(sends, [*late, row(4, 1)]) == []
    swapped = [late[0] | {"message": 3}, late[1] | {"message": 2}, late[2]]
    assert found(sends, [*swapped, row(4, 1)]) == ["I7 in order"]


def test_who_is_asked_what_could_not_follow_is_found_unless_the_clock_let_something_pass() -> None:
    too_late = row(1, 2) | {"not_after": NOON}
    sends = [said(1, "second"), said(2, "first")]

    assert found(sends, [too_late, row(2, 1)], misled=True) == []
    assert found(sends, [row(1, 1), row(2, 2)], misled=True) == ["I7 in order"]


@pytest.mark.parametrize(("nudge_is_answered", "broken"), [(3, []), (1, ["I1 kept"]), (None, ["I1 kept"])])
def test_words_to_a_question_that_a_late_answer_made_look_open_are_not_lost(
    nudge_is_answered: int | None, broken: list[str]
) -> None:
    """A citizen nudges at 0 and says something at 2: the answer to the nudge may come after that."""
    ledger, scenario = Ledger(), Scenario()
    for update, (message, at) in enumerate([(10, 0.0), (11, 2.0)]):
        scenario.updates["message", message] = update
        ledger.updates[update] = UpdateRecord("message", CITIZEN, at, at, at, at)
    scenario.nudges[CITIZEN] = [("message", 10)]
    scenario.uttered.append(Uttered(CITIZEN, 11, [Wording(("message", 11), "words")]))
    if nudge_is_answered is not None:
        ledger.sends.append(replace(said(1, "which language?"), at=float(nudge_is_answered)))
    outbox = [row(1, 1) | {"key": "u:42:0:5:0"}] if nudge_is_answered else []
    stored = Stored({"outbox": outbox, "statement": [], "wording": [], "pseudonym": [], "contact": []}, ())

    answers = checker._answers(replace(evidence([], []), ledger=ledger, scenario=scenario, stored=stored))

    assert [finding.invariant for finding in answers] == broken


@pytest.mark.parametrize(
    ("acknowledged", "carried", "broken"),
    [(100.2, True, ["I5 left alone"]), (100.4, True, []), (None, True, []), (None, False, ["I5 left alone"])],
)
def test_who_has_blocked_is_left_alone_but_for_what_they_had_pressed_before(
    acknowledged: float | None, carried: bool, broken: list[str]
) -> None:
    """The block is acknowledged at 100.3; a press comes by another queue, before or after that."""
    given = evidence([], [])
    given.scenario.updates["my_chat_member", CITIZEN] = 1
    given.scenario.blocked[CITIZEN] = ("my_chat_member", CITIZEN)
    given.ledger.updates[1] = UpdateRecord("my_chat_member", CITIZEN, 0.0, 0.0, 0.0, 100.3)
    given.ledger.updates[2] = UpdateRecord("callback_query", CITIZEN, 0.0, 0.0, acknowledged, acknowledged)
    given.ledger.refusals.append(Refusal("sendMessage", CITIZEN, 403, "Forbidden: blocked", 0.0, 110.0))
    given.stored.tables["inbox"] = [{"update_id": update} for update in (1, 2)[: 1 + carried]]

    assert [finding.invariant for finding in deliveries.check(given)] == broken


def test_a_push_that_overtakes_another_is_found() -> None:
    sends = [said(1, "second", why=True), said(2, "first", why=True)]

    assert found(sends, [row(1, 2, lane=REMINDER), row(2, 1, lane=REMINDER)]) == ["I7 in order"]


@pytest.mark.parametrize("first", [REPLY, REMINDER])
def test_replies_and_pushes_are_two_lines(first: int) -> None:
    second = REMINDER - first
    sends = [said(1, "second", why=second == REMINDER), said(2, "first", why=first == REMINDER)]

    assert found(sends, [row(1, 2, lane=first), row(2, 1, lane=second)]) == []


def test_a_push_that_was_repeated_is_no_repetition_of_the_reply_after_it() -> None:
    sends = [said(1, "push", why=True, answered=False), said(2, "reply"), said(3, "push", why=True)]
    rows = [row(1, 2), row(2, 3, lane=REMINDER, unsure=1)]

    assert found(sends, rows) == []
    assert found(sends, [rows[0], row(2, 3, lane=REMINDER)]) == ["I4 repeated"]


def test_a_message_that_another_took_over_before_its_first_delivery_was_noted_may_follow_it() -> None:
    sends = [said(1, "reply"), said(2, "reply", answered=False), said(3, "next")]

    assert found(sends, [row(1, 1, unsure=1), row(2, 3)]) == []
    assert found(sends, [row(1, 1), row(2, 3)]) == ["I4 repeated"]


def test_a_delivery_that_nobody_noted_is_of_the_next_message_where_that_says_the_same() -> None:
    sends = [said(number, "the same", answered=number % 2 == 0) for number in (1, 2, 3, 4)]

    assert found(sends, [row(1, 2, unsure=1), row(2, 4, unsure=1)]) == []
    assert found(sends, [row(1, 2, unsure=1), row(2, 4)]) == ["I4 repeated"]


@pytest.mark.parametrize("first", ["reply", "push"])
def test_a_delivery_that_no_row_explains_is_found(first: str) -> None:
    sends = [said(1, first, why=first == "push", answered=False), said(2, "reply")]

    assert found(sends, [row(1, 2)]) == ["I4 repeated"]


@pytest.mark.parametrize(("method", "broken"), [("sendMessage", ["paused"]), ("setWebhook", [])])
def test_a_pause_is_asked_for_by_what_was_a_message(method: str, broken: list[str]) -> None:
    refused = Refusal(method, 0, 429, "Too Many Requests: retry after 3", 0.0, 100.5)

    assert found([said(1, "too early")], [row(1, 1)], [refused]) == broken


def test_a_pause_that_only_a_dead_process_was_told_of_holds_for_nobody() -> None:
    refused = Refusal("sendMessage", CITIZEN, 429, "Too Many Requests: retry after 3", 0.0, 99.5)

    assert found([said(1, "not too early")], [row(1, 1)], [refused]) == []


def test_a_copy_maimed_on_the_way_is_nobodys_deed() -> None:
    scenario = Scenario()
    scenario.queued(b'{"update_id": 1, "callback_query": {"id": "5", "data": "talk:1:next"}}')
    assert scenario.update(("callback_query", "5")) is None

    scenario.queued(
        b'{"update_id": 2, "callback_query": {"id": "5", "from": {"id": 7}, "data": "talk:1:next"}}'
    )
    assert scenario.update(("callback_query", "5")) == 2


def test_twice_the_pace_is_found_and_a_moment_of_it_that_a_busy_machine_held_up_is_not() -> None:
    def spread(times: float) -> list[Send]:
        """150 messages, so many times as fast as may be; those of a fifth of a second come at its end."""
        moments = [number / 50 / times for number in range(150)]
        late = [max(moment, 1.2) if 1 <= moment < 1.2 else moment for moment in moments]
        return [
            replace(said(number, str(number)), real=100.0 + moment) for number, moment in enumerate(late, 1)
        ]

    rows = [row(number, number) for number in range(1, 151)]

    assert found(spread(1), rows, pace=50) == []
    assert found(spread(2), rows, pace=50) == ["paced"]
