"""In which order several things are told in one message."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flows.pushes.deciding import Fact, Item


def in_order(said: Iterable[Item], facts: Mapping[int, object], now: datetime) -> tuple[Item, ...]:
    """What begins first comes first; what has begun follows, then all that is no occasion, as it was due.

    facts  by what pushes are about
    now    aware
    """

    def place(item: Item) -> tuple[int, datetime]:
        fact = facts.get(item.about)
        return (int(fact.starts_at <= now), fact.starts_at) if isinstance(fact, Fact) else (2, now)

    return tuple(sorted(said, key=place))
