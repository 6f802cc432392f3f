"""Whoever sends more than a person can mean is told so once, and nobody else ever is."""

from datetime import UTC, datetime, timedelta

from bot.listening.flood import MOST, REMEMBERED, WITHIN, Flood, Verdict

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TAKE, TELL, DROP = Verdict.TAKE, Verdict.TELL, Verdict.DROP


def seconds(number: float) -> datetime:
    return NOON + timedelta(seconds=number)


def flooded() -> Flood:
    """A flood in which person 1 has sent all that is taken, as updates 0 to MOST - 1."""
    flood = Flood()
    assert [flood.judge(1, update, NOON) for update in range(MOST)] == [TAKE] * MOST
    return flood


def test_thirty_at_once_are_taken_and_of_the_rest_the_first_is_told() -> None:
    flood = flooded()

    verdicts = [flood.judge(1, MOST + number, NOON) for number in range(50)]

    assert verdicts == [TELL] + [DROP] * 49


def test_after_half_a_minute_the_person_is_heard_again() -> None:
    flood = flooded()
    flood.judge(1, 500, seconds(1))

    assert flood.judge(1, 501, NOON + WITHIN) is TAKE


def test_a_flood_that_goes_on_is_told_once_and_the_next_one_again() -> None:
    flood = Flood()
    update = 0
    told: list[float] = []
    for second in range(300):
        for _ in range(20):
            update += 1
            told += [second] * (flood.judge(1, update, seconds(second)) is TELL)
    for _ in range(MOST + 1):
        update += 1
        told += [1000] * (flood.judge(1, update, seconds(1000)) is TELL)

    assert told == [1, 1000]


def test_nobody_is_dropped_for_what_others_send() -> None:
    flood = flooded()

    assert flood.judge(2, 500, NOON) is TAKE


def test_what_waited_through_an_outage_is_taken_however_fast_it_comes() -> None:
    flood = Flood()

    verdicts = [flood.judge(1, update, seconds(2 * update)) for update in range(1000)]

    assert set(verdicts) == {TAKE}


def test_a_press_that_comes_now_does_not_count_among_words_of_yesterday() -> None:
    flood = Flood()
    for update in range(0, 2 * MOST, 2):
        assert flood.judge(1, update, NOON - timedelta(days=1) + timedelta(seconds=update)) is TAKE
        assert flood.judge(1, update + 1, seconds(update)) is TAKE


def test_what_comes_again_is_judged_as_before_and_does_not_count_twice() -> None:
    flood = Flood()
    sent = [(update, seconds(update / 10)) for update in range(MOST + 20)]
    first = [flood.judge(1, *one) for one in sent]

    again = [flood.judge(1, *one) for _ in range(3) for one in sent]

    assert again == 3 * first
    assert first == [TAKE] * MOST + [TELL] + [DROP] * 19


def test_who_floods_is_remembered_while_a_crowd_talks_and_the_crowd_is_forgotten() -> None:
    flood = flooded()
    update = MOST
    for citizen in range(2, 5 * REMEMBERED):
        flood.judge(citizen, update + citizen, NOON)
        if citizen % 100 == 0:
            assert flood.judge(1, update, NOON) is not TAKE

    assert len(flood._people) == REMEMBERED
