"""What becomes of a push whose moment has come: said, skipped for a reason, missed, or put off."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.occasions.occasions import Says, Standing
from flows.occasions.occasions import State as OccasionState
from flows.pushes.deciding import (
    SAY,
    Asks,
    Decision,
    Fact,
    Item,
    Listener,
    Occupancy,
    Pause,
    awake_until,
    decide,
)
from flows.pushes.pushed import ANSWERS, UNCAPPED, WHETHER_AND_WHEN, WISHED, Notice, Reason, State, Topic
from flows.times.cadence import Cap, Due, Habits, Kind, read_lead
from flows.times.quiet import Quiet, is_quiet

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
MOMENT: Final = timedelta(microseconds=1)
CAP: Final = Cap()
QUIET: Final = Quiet(time(21), time(8))

ANYBODY: Final = Listener(Habits("Europe/Riga", QUIET), reachable=True, stopped=False, consented=True)
COMES: Final = Fact(OccasionState.PLANNED, NOON + 5 * HOUR, Says.YES, Standing.SEATED)

PLANS: Final = Fact(
    OccasionState.PLANNED,
    NOON + 5 * HOUR,
    occupancy=Occupancy(is_full=True, are_few=True, missing=frozenset({1})),
)


def item(kind: str = Kind.REMINDER, id: int = 1, **changed: Any) -> Item:
    """A push that is due at noon about meeting 7, worth saying until that begins."""
    return replace(Item(id, kind, Topic.MEETING, 7, "2h", NOON, NOON + 5 * HOUR), **changed)


def one(push: Item, person: Listener = ANYBODY, fact: Any = COMES, now: datetime = NOON) -> Decision:
    return decide([push], person, {push.about: fact} if fact else {}, CAP, now)[push.id]


def skipped(reason: Reason) -> Decision:
    return Decision(State.SKIPPED, reason)


def test_a_reminder_is_said_at_its_moment():
    assert one(item()) == SAY


@pytest.mark.parametrize("says", [Says.NO, Says.CANNOT])
def test_who_has_answered_otherwise_is_not_reminded(says: Says):
    assert one(item(), fact=replace(COMES, says=says, standing=Standing.NONE)) == skipped(Reason.ANSWERED)


def test_who_waits_in_line_is_not_reminded():
    assert one(item(), fact=replace(COMES, standing=Standing.WAITING)) == skipped(Reason.ANSWERED)


@pytest.mark.parametrize("kind", [Kind.REMINDER, Notice.MOVED, Notice.OFFER, Kind.AFTERWARDS])
def test_nothing_but_the_cancelling_is_told_of_what_is_cancelled(kind: str):
    cancelled = replace(COMES, state=OccasionState.CANCELLED)

    assert one(item(kind), fact=cancelled) == skipped(Reason.GONE)
    assert one(item(Notice.CANCELLED), fact=cancelled) == SAY


def test_a_cancelling_that_was_taken_back_is_not_told():
    assert one(item(Notice.CANCELLED)) == skipped(Reason.GONE)


def test_what_a_newer_release_has_planned_keeps_back_nothing():
    pushes = [item("riddle", 1), item(id=2, about=8)]

    decisions = decide(pushes, ANYBODY, {7: COMES, 8: COMES}, CAP, NOON)

    assert decisions == {1: skipped(Reason.TROUBLE), 2: SAY}


def test_of_what_is_not_there_any_more_nothing_is_said():
    assert one(item(), fact=None) == skipped(Reason.GONE)


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.AFTERWARDS, Notice.CANCELLED, Notice.OFFER])
@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (replace(ANYBODY, stopped=True), Reason.STOPPED),
        (replace(ANYBODY, reachable=False), Reason.BLOCKED),
    ],
)
def test_nothing_is_said_to_who_stopped_everything_or_blocked_the_bot(
    kind: str, person: Listener, reason: Reason
):
    assert one(item(kind), person) == skipped(reason)


@pytest.mark.parametrize(
    "person",
    [
        replace(ANYBODY, consented=False),
        replace(ANYBODY, off=frozenset({Topic.MEETING})),
        replace(ANYBODY, muted=frozenset({7})),
    ],
)
def test_reminders_can_be_switched_off_and_notices_come_still(person: Listener):
    assert one(item(), person) == skipped(Reason.UNWANTED)
    assert one(item(Notice.MOVED), person) == SAY


def test_requests_to_stand_in_can_be_switched_off():
    asked = item(Notice.STAND_IN, topic=Topic.STAND_IN)
    free = Fact(OccasionState.PLANNED, NOON + HOUR)

    assert one(asked, fact=free) == SAY
    assert one(asked, replace(ANYBODY, off=frozenset({Topic.STAND_IN})), free) == skipped(Reason.UNWANTED)
    assert one(asked) == skipped(Reason.ANSWERED)  # who comes is there already


def test_whoever_is_offered_something_there_is_not_asked_to_stand_in():
    asked = item(Notice.STAND_IN, topic=Topic.STAND_IN)
    waits = Fact(OccasionState.PLANNED, NOON + HOUR, Says.YES, Standing.WAITING)

    assert one(asked, fact=waits) == SAY
    assert one(asked, fact=replace(waits, standing=Standing.OFFERED)) == skipped(Reason.ANSWERED)


@pytest.mark.parametrize("kind", [Notice.FULL, Notice.FEW, Notice.MISSING])
def test_what_helps_to_plan_comes_with_the_role_and_can_be_switched_off(kind: Notice):
    told = item(kind, topic=Topic.PLANNING)

    assert one(told, replace(ANYBODY, consented=False, muted=frozenset({7})), PLANS) == SAY
    assert one(told, replace(ANYBODY, off=frozenset({Topic.MEETING})), PLANS) == SAY
    assert one(told, replace(ANYBODY, off=frozenset({Topic.PLANNING})), PLANS) == skipped(Reason.UNWANTED)


@pytest.mark.parametrize("kind", [Notice.FULL, Notice.FEW, Notice.MISSING])
def test_what_helps_to_plan_is_told_only_as_long_as_it_is_so_and_to_who_may_plan(kind: Notice):
    told = item(kind, topic=Topic.PLANNING)

    assert one(told, fact=replace(PLANS, occupancy=Occupancy())) == skipped(Reason.ANSWERED)
    assert one(told, fact=replace(PLANS, occupancy=None)) == skipped(Reason.GONE)


@pytest.mark.parametrize(
    ("details", "missing", "decision"),
    [
        ({"post": 2}, {2}, SAY),
        ({"post": 2}, {1}, Decision(State.SKIPPED, Reason.ANSWERED)),
        ({}, {1}, SAY),  # at several posts
        ({}, set(), Decision(State.SKIPPED, Reason.ANSWERED)),
    ],
)
def test_that_somebody_is_missing_is_told_of_the_post_at_which_they_are(
    details: dict[str, int], missing: set[int], decision: Decision
):
    there = replace(PLANS, occupancy=Occupancy(missing=frozenset(missing)))

    assert one(item(Notice.MISSING, details=details), fact=there) == decision


def test_who_could_not_come_is_asked_as_reminders_come_and_only_while_it_can_be_answered():
    asked = item(Notice.ANOTHER_TIME)
    could_not = replace(COMES, says=Says.CANNOT, standing=Standing.NONE)

    assert one(asked, fact=could_not) == SAY
    assert one(asked) == skipped(Reason.ANSWERED)  # they come by now
    assert one(asked, fact=replace(could_not, says=Says.NO)) == skipped(Reason.ANSWERED)
    assert one(asked, fact=replace(could_not, starts_at=NOON)) == skipped(Reason.ANSWERED)
    for person in (
        replace(ANYBODY, consented=False),
        replace(ANYBODY, off=frozenset({Topic.MEETING})),
        replace(ANYBODY, muted=frozenset({7})),
    ):
        assert one(asked, person, could_not) == skipped(Reason.UNWANTED)


def test_who_could_not_come_is_not_asked_at_night():
    could_not = Fact(OccasionState.PLANNED, MORNING - HOUR, Says.CANNOT)
    asked = item(Notice.ANOTHER_TIME, not_after=MORNING - HOUR)

    assert one(asked, fact=could_not, now=NIGHT) == skipped(Reason.QUIET)


def test_nobody_is_asked_at_night_to_stand_in():
    asked = item(Notice.STAND_IN, topic=Topic.STAND_IN)
    early, later = MORNING - HOUR, MORNING + HOUR

    for starts_at, decision in (
        (early, skipped(Reason.QUIET)),
        (later, Decision(State.DUE, Reason.QUIET, MORNING)),
    ):
        free = Fact(OccasionState.PLANNED, starts_at)
        assert one(replace(asked, not_after=starts_at), fact=free, now=NIGHT) == decision


def test_that_nobody_stands_in_is_told_only_while_somebody_is_sought():
    seeking = replace(COMES, seeks=True)

    assert one(item(Notice.UNRELIEVED), fact=seeking) == SAY
    assert one(item(Notice.UNRELIEVED), fact=COMES) == skipped(Reason.ANSWERED)
    relieved = replace(seeking, standing=Standing.NONE)
    assert one(item(Notice.UNRELIEVED), fact=relieved) == skipped(Reason.ANSWERED)


def test_an_offer_is_told_only_while_it_stands():
    offered = replace(COMES, standing=Standing.OFFERED, offered_until=NOON + HOUR)

    assert one(item(Notice.OFFER), fact=offered) == SAY
    assert one(item(Notice.OFFER), fact=COMES) == skipped(Reason.ANSWERED)
    assert one(item(Notice.OFFER), fact=replace(offered, offered_until=NOON)) == skipped(Reason.ANSWERED)


def test_who_has_said_that_they_were_there_is_not_asked():
    assert one(item(Kind.AFTERWARDS), fact=replace(COMES, was_there=False)) == skipped(Reason.ANSWERED)


def test_what_is_too_late_is_missed():
    late = item(at=NOON - 3 * HOUR, not_after=NOON - timedelta(seconds=1))

    assert one(late) == Decision(State.MISSED)


def test_no_reminder_comes_once_it_has_begun():
    assert one(item(), fact=replace(COMES, starts_at=NOON)) == Decision(State.MISSED)


NIGHT: Final = datetime(2026, 3, 2, 20, tzinfo=UTC)  # ten in the evening in Riga
MORNING: Final = datetime(2026, 3, 3, 6, tzinfo=UTC)


def test_what_comes_late_into_quiet_hours_waits_for_the_morning():
    later = item(not_after=MORNING + HOUR)
    there = replace(COMES, starts_at=MORNING + HOUR)

    assert one(later, fact=there, now=NIGHT) == Decision(State.DUE, Reason.QUIET, MORNING)


def test_what_is_too_late_in_the_morning_is_skipped_and_a_notice_said_at_night():
    soon = replace(COMES, starts_at=MORNING - HOUR)

    assert one(item(not_after=MORNING - HOUR), fact=soon, now=NIGHT) == skipped(Reason.QUIET)
    assert one(item(Notice.MOVED, not_after=MORNING - HOUR), fact=soon, now=NIGHT) == SAY


@pytest.mark.parametrize(
    ("kind", "wrote_at", "decision"),
    [
        (Notice.INQUIRY_WORDS, NIGHT - HOUR, SAY),
        (Notice.INQUIRY_WORDS, NIGHT - HOUR - MOMENT, Decision(State.DUE, Reason.QUIET, MORNING)),
        (Notice.INQUIRY_WORDS, None, Decision(State.DUE, Reason.QUIET, MORNING)),
        (Notice.INQUIRY_ENDED, NIGHT - HOUR, Decision(State.DUE, Reason.QUIET, MORNING)),
    ],
)
def test_who_has_just_written_to_a_person_hears_the_answer_at_night_and_nothing_else(
    kind: Notice, wrote_at: datetime | None, decision: Decision
):
    push = item(kind, not_after=MORNING + 99 * HOUR)

    assert one(push, fact=Asks(frozenset((kind,)), wrote_at), now=NIGHT) == decision


def test_what_can_wait_until_the_morning_is_to_leave_before_quiet_hours():
    evening = NOON + 7 * HOUR
    urgent, patient = item(Notice.MOVED, not_after=MORNING), item(Notice.MOVED, not_after=MORNING + MOMENT)

    assert awake_until([urgent], ANYBODY.habits, NOON) is None
    assert awake_until([patient], ANYBODY.habits, NOON) == evening
    assert awake_until([urgent, patient], ANYBODY.habits, NOON) == evening
    assert awake_until([item(not_after=MORNING)], ANYBODY.habits, NOON) == evening
    assert awake_until([patient], Habits("Europe/Riga", None), NOON) is None


def test_of_several_about_one_thing_the_weightiest_is_said():
    pushes = [item(Notice.CHANGED, 1), item(Notice.MOVED, 2), item(Kind.REMINDER, 3), item(id=4, about=8)]

    decisions = decide(pushes, ANYBODY, {7: COMES, 8: COMES}, CAP, NOON)

    assert [decisions[id] for id in (1, 2, 3, 4)] == [
        skipped(Reason.MERGED), SAY, skipped(Reason.MERGED), SAY,
    ]  # fmt: skip


def test_what_came_of_one_round_of_feedback_does_not_swallow_the_question_of_the_next():
    kinds = (Notice.FINDINGS, Notice.FEEDBACK, Notice.PLEA, Notice.FEEDBACK)
    pushes = [replace(item(kind, id), topic=Topic.ACTION) for id, kind in enumerate(kinds)]

    decisions = decide(pushes, ANYBODY, {7: Asks(frozenset(kinds))}, CAP, NOON)

    assert [decision.state for decision in decisions.values()] == ["said", "said", "said", "skipped"]


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (replace(ANYBODY, recent=CAP.most - 1), True),
        (replace(ANYBODY, recent=CAP.most), False),
        (replace(ANYBODY, recent=3, most=3), False),
        (replace(ANYBODY, recent=9, most=10), True),
        (replace(ANYBODY, recent=CAP.then, unheard=CAP.unheard), False),
        (replace(ANYBODY, recent=CAP.then - 1, unheard=CAP.unheard), True),
        (replace(ANYBODY, recent=CAP.then, unheard=CAP.unheard - 1), True),
    ],
)
def test_enough_reminders_are_enough_and_who_gives_no_sign_gets_fewer(person: Listener, said: bool):
    assert one(item(), person) == (SAY if said else skipped(Reason.CAP))


def test_what_needs_an_answer_is_not_counted_and_takes_the_others_with_it():
    full = replace(ANYBODY, recent=CAP.most)
    pushes = [item(id=1), item(Kind.STILL_COMING, 2, about=8)]

    assert one(item(Kind.STILL_COMING), full) == SAY
    assert decide(pushes, full, {7: COMES, 8: COMES}, CAP, NOON) == {1: SAY, 2: SAY}


def test_a_nudge_moves_with_the_silence_and_dies_with_its_conversation():
    nudge = item(Kind.NUDGE, topic=Topic.CONVERSATION, lead="1d", not_after=NOON + 99 * HOUR)
    later = paused("1d", NOON + HOUR)

    assert one(nudge, fact=paused("1d", NOON)) == SAY
    assert one(nudge, fact=later) == Decision(State.DUE, None, NOON + HOUR, NOON + 9 * HOUR)
    assert one(nudge, fact=None) == skipped(Reason.GONE)
    assert one(nudge, fact=paused("7d", NOON)) == skipped(Reason.GONE)


def paused(lead: str, at: datetime) -> Pause:
    """A conversation in which a nudge is due then, for eight hours."""
    return Pause({lead: Due(Kind.NUDGE, read_lead(lead), at, at + 8 * HOUR)})


FACTS = st.builds(
    Fact,
    state=st.sampled_from((OccasionState.PLANNED, OccasionState.CANCELLED)),
    starts_at=st.sampled_from([NOON + hours * HOUR for hours in (-3, 1, 9, 20, 40)]),
    says=st.sampled_from((None, *Says)),
    standing=st.sampled_from(Standing),
    offered_until=st.sampled_from((None, NOON - HOUR, NOON + 20 * HOUR)),
    was_there=st.sampled_from((None, True, False)),
)
ITEMS = st.builds(
    Item,
    id=st.integers(1, 10**6),
    kind=st.sampled_from((*Kind, *Notice)),
    topic=st.sampled_from((Topic.MEETING, Topic.ACTIVITY)),
    about=st.sampled_from((7, 8)),
    lead=st.just("2h"),
    at=st.just(NOON),
    not_after=st.sampled_from([NOON + hours * HOUR for hours in (-1, 1, 9, 20, 40)]),
)
PEOPLE = st.builds(
    Listener,
    habits=st.builds(Habits, zone=st.sampled_from(("Europe/Riga", "Asia/Tokyo")), quiet=st.just(QUIET)),
    reachable=st.booleans(),
    stopped=st.booleans(),
    consented=st.booleans(),
    off=st.frozensets(st.sampled_from((Topic.MEETING, Topic.ACTIVITY))),
    muted=st.frozensets(st.just(7)),
    most=st.sampled_from((None, 1, 3)),
    recent=st.integers(0, 9),
    unheard=st.integers(0, 9),
)


@given(
    items=st.lists(ITEMS, max_size=6, unique_by=lambda each: each.id),
    person=PEOPLE,
    facts=st.dictionaries(st.sampled_from((7, 8)), FACTS),
    passed=st.integers(0, 23),
)
def test_whatever_is_due_is_settled_and_never_against_what_a_person_wants(
    items: list[Item], person: Listener, facts: dict[int, Fact], passed: int
):
    now = NOON + passed * HOUR

    decisions = decide(items, person, facts, CAP, now)

    said = [each for each in items if decisions[each.id] == SAY]
    quiet = is_quiet(now, person.habits.zone, person.habits.quiet)
    assert decisions.keys() == {each.id for each in items}
    assert all(decision.again_at > now for decision in decisions.values() if decision.state is State.DUE)
    matters = {(each.about, "" if each.kind in WHETHER_AND_WHEN else each.kind) for each in said}
    assert len(matters) == len(said)
    for each in said:
        fact = facts[each.about]
        assert person.reachable
        assert not person.stopped or each.kind in ANSWERS
        assert now <= each.not_after
        if each.kind not in tuple(Notice) or each.kind in WISHED:
            assert person.consented
            assert not quiet
            assert each.topic not in person.off
            assert each.about not in person.muted
            assert fact.state is OccasionState.PLANNED
        if each.kind not in tuple(Notice):
            assert fact.says is Says.MAYBE or fact.standing is Standing.SEATED
    if said and all(each.kind not in UNCAPPED for each in said):
        assert person.recent < (CAP.most if person.most is None else person.most)
