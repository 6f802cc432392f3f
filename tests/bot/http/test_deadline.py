"""A deadline that is put off again and again."""

import asyncio

from bot.http.deadline import Deadline

SOON = 0.02  # seconds


class Told:
    """Counts how often it was too late."""

    def __init__(self) -> None:
        self.times = 0
        self.told = asyncio.Event()
        self.deadline = Deadline(self._too_late)

    def _too_late(self) -> None:
        self.times += 1
        self.told.set()


async def test_it_is_too_late_once() -> None:
    told = Told()
    told.deadline.within(SOON)
    assert told.times == 0
    await asyncio.sleep(4 * SOON)
    assert told.times == 1


async def test_what_is_put_off_is_not_too_late_before_the_new_moment_but_then() -> None:
    told, loop = Told(), asyncio.get_running_loop()
    told.deadline.within(SOON)
    told.deadline.within(10 * SOON)
    new_moment = loop.time() + 10 * SOON
    await told.told.wait()
    assert loop.time() >= new_moment


async def test_a_sooner_moment_takes_the_place_of_a_later_one() -> None:
    told = Told()
    told.deadline.within(60)
    told.deadline.within(SOON)
    await asyncio.sleep(4 * SOON)
    assert told.times == 1


async def test_what_is_off_or_ended_is_never_too_late() -> None:
    off, ended = Told(), Told()
    for told in (off, ended):
        told.deadline.within(SOON)
    off.deadline.off()
    ended.deadline.end()
    await asyncio.sleep(4 * SOON)
    assert off.times == ended.times == 0


async def test_it_can_be_set_again_after_it_was_too_late() -> None:
    told = Told()
    for _ in range(2):
        told.deadline.within(SOON)
        await asyncio.sleep(4 * SOON)
    assert told.times == 2


async def test_putting_it_off_makes_no_timer() -> None:
    told, made = Told(), []
    loop = asyncio.get_running_loop()
    call_at = loop.call_at
    loop.call_at = lambda *how, **named: made.append(how) or call_at(*how, **named)  # type: ignore[method-assign,func-returns-value]
    for _ in range(100):
        told.deadline.within(60)
        told.deadline.off()
    told.deadline.end()
    assert len(made) == 1
