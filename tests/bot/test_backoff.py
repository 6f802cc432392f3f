"""What fails is tried again later and later, and at once after it has not."""

from datetime import timedelta

from bot.backoff import FIRST, LONGEST, Backoff
from tests.bot.house import NOON


def test_pauses_double_up_to_the_longest_and_never_end() -> None:
    backoff, now = Backoff(), NOON
    pauses = []
    for _ in range(50):
        backoff.failed("it", now)
        began = now
        while not backoff.may_try("it", now):
            now += timedelta(seconds=5)
        pauses.append(now - began)

    assert pauses[:3] == [FIRST, 2 * FIRST, 4 * FIRST]
    assert pauses[-1] == LONGEST
    assert pauses == sorted(pauses)


def test_each_thing_waits_by_itself_and_begins_anew_when_it_was_done() -> None:
    backoff = Backoff()
    backoff.failed("it", NOON)
    backoff.failed("it", NOON + FIRST)

    assert backoff.may_try("another", NOON + FIRST)
    assert not backoff.may_try("it", NOON + 2 * FIRST)
    backoff.done("it")
    assert backoff.may_try("it", NOON + FIRST)
    backoff.failed("it", NOON + FIRST)
    assert backoff.may_try("it", NOON + 2 * FIRST)


def test_a_clock_set_back_keeps_nothing_waiting() -> None:
    backoff = Backoff()
    backoff.failed("it", NOON)

    assert backoff.may_try("it", NOON - timedelta(days=1))


def test_what_is_gone_is_not_remembered() -> None:
    backoff = Backoff()
    for number in range(100):
        backoff.failed(number, NOON + number * LONGEST)

    assert len(backoff._failed) < 10
