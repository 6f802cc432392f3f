"""What is known of a season: what people heard and said, when what held, and when nobody could be told."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tests.campaigns.season import oracle, town
from tests.campaigns.season.diary import NEVER, Diary, Push, Said, Version
from tests.campaigns.season.heard import Heard
from tests.campaigns.season.oracle import Wants
from tests.campaigns.season.plan import ZONES, Citizen, Occasion, Plan

SOON: Final = 120.0  # seconds in which what is due must be delivered
EARLY: Final = 1.0  # seconds by which clocks may differ
AWAKE: Final = 5.0  # seconds of quiet hours in which something may still be on its way


@dataclass
class Known:
    """The plan, what was seen in the database from outside, and what came to people's phones."""

    plan: Plan
    diary: Diary
    heard: list[Heard]

    @cached_property
    def heard_of(self) -> dict[tuple[int, int], list[Heard]]:
        found = defaultdict(list)
        for each in self.heard:
            found[each.citizen, each.occasion].append(each)
        return found

    @cached_property
    def heard_by(self) -> dict[int, list[Heard]]:
        found = defaultdict(list)
        for each in self.heard:
            found[each.citizen].append(each)
        return found

    @cached_property
    def rows(self) -> dict[tuple[int, int], list[Push]]:
        found = defaultdict(list)
        for push in self.diary.pushes.values():
            found[push.citizen, push.about].append(push)
        return found

    def citizen(self, citizen: int) -> Citizen:
        return self.plan.people[citizen - town.FIRST - 1]

    def event(self, occasion: int) -> Occasion:
        return self.plan.events[occasion - 1]

    def zone(self, occasion: int) -> str:
        return ZONES[self.event(occasion).place]

    def versions(self, occasion: int) -> Iterator[tuple[Version, float]]:
        """When it was to take place, and until when that surely held."""
        known = self.diary.versions[occasion]
        for version, after in zip(known, [*known[1:], None], strict=True):
            yield version, after.begun if after else NEVER

    def answers(self, citizen: int, occasion: int) -> Iterator[tuple[Said, float]]:
        """What somebody said, and until when that surely held."""
        known = self.diary.answers[citizen, occasion]
        for said, after in zip(known, [*known[1:], None], strict=True):
            yield said, after.begun if after else NEVER

    def is_blocked(self, citizen: int, since: float, until: float) -> bool:
        return any(begun - 1 <= until and since <= ended for begun, ended in self.diary.blocked[citizen])

    def stopped(self, citizen: int) -> float:
        return self.diary.stopped.get(citizen, NEVER)

    def say_by(self, at: float) -> float:
        """Then, or when there is a bot again."""
        for down, up in self.diary.outages:
            if down - 1 <= at <= up:
                at = up
        return at

    def hears_by(self, at: float, wants: Wants) -> float:
        """When somebody hears what is due then: after an outage once they are awake."""
        by = self.say_by(at)
        while by > at and oracle.is_quiet(by, wants):
            by = self.say_by(oracle.awake_after(by, wants))
        return by
