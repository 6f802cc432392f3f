"""The bot never speaks faster than it may: all together, in a chat, in a group."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speaking.pacing import CHAT_BURST, UNPACED, Pace


class Watch:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time


def sends(pace: Pace, watch: Watch, chats: list[int], rests: list[float]) -> list[float]:
    """Moments at which somebody sends who always goes on as soon as it is allowed, and rests at times."""
    moments = []
    for number, chat in enumerate(chats):
        watch.time += rests[number % len(rests)]
        while (wait := max(pace.wait_all(), pace.wait_chat(chat))) > 0:
            watch.time += wait + 1e-9
        pace.take(chat)
        moments.append(watch.time)
    return moments


def most_within(moments: list[float], seconds: float) -> int:
    """The most of them that lie in any window so long."""
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


@given(
    st.sampled_from([1, 2, 5, 6, 11, 12, 29, 30, 60, 1000]),
    st.lists(st.sampled_from([0.0, 0.001, 0.2, 3.0]), min_size=1, max_size=5),
)
def test_in_no_second_more_is_sent_than_is_allowed(per_second: int, rests: list[float]) -> None:
    watch = Watch()
    chats = list(range(1, 2 * per_second + 20))

    moments = sends(Pace(per_second, watch.now), watch, chats, rests)

    assert most_within(moments, 1.0) <= per_second


@pytest.mark.parametrize("per_second", [1, 6, 30, 300])
def test_what_is_allowed_is_nearly_used(per_second: int) -> None:
    watch = Watch()

    moments = sends(Pace(per_second, watch.now), watch, list(range(1, 10 * per_second)), [0.0])

    assert moments[-1] - moments[0] <= 10.3


def test_moments_in_which_the_process_computes_are_made_up_for() -> None:
    watch = Watch()
    pace = Pace(30, watch.now)
    sends(pace, watch, list(range(1, 60)), [0.0])

    moments = sends(pace, watch, list(range(100, 1000)), [0.12] + [0.0] * 29)

    assert len(moments) / (moments[-1] - moments[0]) >= 0.97 * 30
    assert most_within(moments, 1.0) <= 30


def all_speak(paces: list[Pace], watch: Watch, seconds: float) -> list[float]:
    """Moments at which several send who share a pace, each as soon as it is allowed."""
    moments, end, chat = [], watch.time + seconds, 0
    while watch.time < end:
        for pace in paces:
            while pace.wait_all() == 0:
                chat += 1
                pace.take(chat)
                moments.append(watch.time)
        watch.time += min(pace.wait_all() for pace in paces) + 1e-9
    return moments


@given(st.sampled_from([8, 12, 29, 30, 60]), st.integers(1, 8))
def test_however_many_share_the_pace_they_never_exceed_it_together(per_second: int, speakers: int) -> None:
    watch = Watch()
    paces = [Pace(per_second, watch.now) for _ in range(speakers)]
    for pace in paces:
        pace.share(speakers)

    moments = all_speak(paces, watch, 2)

    assert most_within(moments, 1.0) <= per_second
    assert len(moments) >= 2 * 0.75 * (per_second // speakers) * speakers - speakers


@given(st.sampled_from([12, 30, 60]), st.integers(1, 4), st.floats(0, 1))
def test_one_who_joins_or_leaves_does_not_make_the_rest_too_fast(
    per_second: int, speakers: int, since: float
) -> None:
    watch = Watch()
    paces = [Pace(per_second, watch.now) for _ in range(speakers + 1)]
    for pace in paces[1:]:
        pace.share(speakers)
    moments = all_speak(paces[1:], watch, 1.5)
    for pace in paces[1:]:
        pace.share(speakers + 1)
    moments += all_speak(paces[1:], watch, since)
    paces[0].share(speakers + 1)
    moments += all_speak(paces, watch, 1.5)
    for pace in paces[1:]:
        pace.share(speakers)
    moments += all_speak(paces[1:], watch, 1)

    assert most_within(moments, 1.0) <= per_second


def test_one_chat_hears_a_burst_and_then_one_message_a_second() -> None:
    watch = Watch()

    moments = sends(Pace(1000, watch.now), watch, [7] * 10, [0.0])

    gaps = [round(later - earlier, 3) for earlier, later in pairwise(moments)]
    assert gaps[: CHAT_BURST - 1] == [0.0] * (CHAT_BURST - 1)
    assert gaps[CHAT_BURST - 1 :] == [1.0] * (10 - CHAT_BURST)


def test_one_group_hears_at_most_twenty_messages_a_minute() -> None:
    watch = Watch()

    moments = sends(Pace(1000, watch.now), watch, [-7] * 45, [0.0])

    assert most_within(moments, 60.0) == 20


def test_one_chat_that_waits_keeps_no_other_waiting() -> None:
    watch = Watch()
    pace = Pace(30, watch.now)
    sends(pace, watch, [7] * CHAT_BURST, [0.0])
    watch.time += 0.1

    assert pace.wait_chat(7) > 0
    assert pace.wait_chat(8) == 0
    assert pace.wait_all() == 0


def test_a_server_of_ones_own_is_not_paced_by_chat() -> None:
    watch = Watch()
    pace = Pace(UNPACED + 1, watch.now)

    sends(pace, watch, [7] * 50, [0.01])

    assert pace.wait_chat(7) == 0


def test_a_clock_that_stands_still_or_goes_back_gives_nothing_away() -> None:
    watch = Watch()
    pace = Pace(1, watch.now)
    pace.take(7)
    watch.time -= 100

    assert pace.wait_all() > 0
