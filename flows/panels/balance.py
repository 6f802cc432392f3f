"""The balance of a panel: a third of its people in each of the three colleges, and who is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

THIRD = 100 / 3


@dataclass(frozen=True, slots=True)
class Share:
    """One college among all."""

    people: int
    percent: int  # rounded; 0 where there is nobody at all
    missing: int  # people who would make it as large as the largest; 0 where the panel is in balance


def shares(people: Mapping[str, int], gap: int) -> dict[str, Share]:
    """The share of each college.

    people  by college, every college included
    gap     percentage points away from a third, from which on the panel counts as out of balance
    """
    total, largest = sum(people.values()), max(people.values(), default=0)
    parts = {college: 100 * n / total if total else 0.0 for college, n in people.items()}
    uneven = bool(total) and any(abs(part - THIRD) >= gap for part in parts.values())
    return {
        college: Share(n, round(parts[college]), largest - n if uneven else 0)
        for college, n in people.items()
    }
