"""Several things in one message stand in the order in which they begin."""

from datetime import UTC, datetime, timedelta
from typing import Final

from flows.occasions.occasions import State
from flows.pushes.deciding import Asks, Fact, Item
from flows.pushes.order import in_order
from flows.pushes.pushed import Notice
from flows.times.cadence import Kind

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)


def due(about: int, kind: str = Kind.REMINDER) -> Item:
    return Item(about, kind, "meeting", about, "", NOW, NOW + timedelta(days=1))


def begins(hours: int) -> Fact:
    return Fact(State.PLANNED, NOW + timedelta(hours=hours))


def order(items: list[Item], facts: dict[int, object]) -> list[int]:
    return [item.about for item in in_order(items, facts, NOW)]


def test_what_begins_first_stands_first_however_it_was_due() -> None:
    assert order([due(1), due(2), due(3)], {1: begins(48), 2: begins(2), 3: begins(24)}) == [2, 3, 1]


def test_what_has_begun_follows_and_what_has_no_time_comes_last_as_it_was_due() -> None:
    items = [due(1, Notice.FEEDBACK), due(2, Kind.AFTERWARDS), due(3, Kind.NUDGE), due(4)]

    assert order(items, {1: Asks(frozenset()), 2: begins(-3), 4: begins(2)}) == [4, 2, 1, 3]
