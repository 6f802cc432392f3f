"""Under which circumstances each seeded bug shows, and which of the promises it breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.playground.emulator import Fault
from tests.campaigns.kills.citizens import USUAL, Habits
from tests.campaigns.kills.plan import Plan
from tests.campaigns.kills.worlds import (
    POLLING_POSTGRES,
    POLLING_SQLITE,
    SEVERAL,
    WEBHOOK_POSTGRES,
    WEBHOOK_SQLITE,
    World,
)

_LOST: Final = Fault("accept_then_drop", "sendMessage", probability=0.4)
_MAIMED: Final = Fault("missing_required_field", probability=0.2)
_PAUSE: Final = Fault("429", "sendMessage", probability=0.1, args={"retry_after": 2})
_SLOW: Final = Fault("delay", "sendMessage", probability=0.3, args={"seconds": 0.1})
_SLOWER: Final = Fault("delay", "sendMessage", probability=0.5, args={"seconds": 0.2})
_TWICE: Final = Fault("duplicate_update", probability=0.2)


@dataclass(frozen=True, slots=True)
class Seeded:
    """One bug, and what brings it to light."""

    caught_as: tuple[str, ...]  # invariants; the checker must find one of them broken
    trouble: tuple[Fault, ...] = ()
    kills: int = 1
    points: tuple[str, ...] = ()  # where half of the kills are; none: all are at random moments
    world: World = POLLING_SQLITE
    stops: int = 0
    hardships: Sequence[str] = ()
    last: Sequence[str] = ()
    change: str | None = None
    habits: Habits = USUAL
    updates: int = 400  # at least so many come: most bugs show only with people who have arrived

    def plan(self, bug: str) -> Plan:
        """A short campaign with the bug of that name."""
        return Plan(
            seed=Random(bug).getrandbits(32),
            world=self.world,
            points=self.points,
            at_each_point=self.kills // (2 * len(self.points)) if self.points else 0,
            at_random=self.kills // 2 if self.points else self.kills,
            stops=self.stops,
            hardships=self.hardships,
            citizens=12,
            trouble=self.trouble,
            nth=6,
            lively=60 if self.kills > 1 or self.stops else 300,
            bug=bug,
            last=self.last,
            change=self.change,
            habits=self.habits,
            updates=self.updates,
            drain=1.5,
            stop_within=2.0,
        )


SEEDED: Final[Mapping[str, Seeded]] = {
    "acknowledged_before_the_commit": Seeded(("I3 committed",), (), 8, ("before_commit", "after_dedupe")),
    "dedupe_forgotten": Seeded(("I2 once", "counted"), (_TWICE,)),
    "dedupe_in_a_transaction_of_its_own": Seeded(("I1 kept",), (), 24, ("after_state", "before_commit")),
    "statements_twice": Seeded(("I2 once",), world=WEBHOOK_POSTGRES),
    "history_forgotten": Seeded(("I1 kept",), world=POLLING_POSTGRES),
    "unsure_without_bound": Seeded(("I4 repeated",), (_LOST,)),
    "left_behind_without_bound": Seeded(("I4 repeated",), (), 6, ("after_response_before_sent",)),
    "sending_not_noted": Seeded(("I4 repeated", "I6 ended")),
    "spoken_past_the_outbox": Seeded(("I4 repeated",), world=WEBHOOK_SQLITE),
    "places_free_before_the_commit": Seeded(("I4 repeated", "I7 in order"), (), 4),
    "order_ignored": Seeded(("I7 in order",), (_SLOW,)),
    "pause_ignored": Seeded(("paused",), (_PAUSE,)),
    "quarantine_without_a_row": Seeded(("counted",), (_MAIMED,)),
    "log_of_a_conversation_cut": Seeded(("I8 replays",), world=WEBHOOK_SQLITE),
    "fence_used_again": Seeded(("I9 fenced",), (), 2),
    "words_in_the_log": Seeded(("I12 discreet",)),
    "block_forgotten": Seeded(
        ("I5 left alone",),
        (_SLOWER,),  # or the bot would be away before a block is so long known that nobody may be written to
        hardships=("away 600",),
        habits=Habits(questions=1, erasing=0.0, blocking=1.0),
    ),
    "erased_words_stay": Seeded(
        ("I14 erased",), world=POLLING_POSTGRES, habits=Habits(questions=1, erasing=1.0)
    ),
    "answered_before_the_commit": Seeded(
        ("I3 committed",), (), 8, ("before_commit", "after_dedupe"), WEBHOOK_SQLITE
    ),
    "answered_in_trouble": Seeded(
        ("I1 kept", "I3 committed"), world=WEBHOOK_POSTGRES, hardships=("stopped 1", "stopped 1")
    ),
    "batch_given_up_in_trouble": Seeded(
        ("I1 kept", "I3 committed"), world=POLLING_POSTGRES, hardships=("stopped 1", "stopped 1")
    ),
    "commit_in_doubt_forgotten": Seeded(
        ("I6 ended",), world=WEBHOOK_POSTGRES, last=("unanswered 3",), updates=500
    ),
    "inbox_without_its_key": Seeded(
        ("I2 once",), (_TWICE,), world=POLLING_POSTGRES, change="ALTER TABLE inbox DROP CONSTRAINT inbox_pkey"
    ),
    "lock_of_the_file_ignored": Seeded(("I9 fenced",), hardships=("rival",)),
    "lock_of_the_server_ignored": Seeded(("I9 fenced",), world=POLLING_POSTGRES, hardships=("rival",)),
    "left_behind_forgotten": Seeded(("I6 ended",), (_SLOW,), 4),
    "notes_lost_at_the_end": Seeded(("I4 repeated",), (_SLOW,), stops=3),
    "lease_ignored": Seeded(("I9 fenced",), world=WEBHOOK_POSTGRES, hardships=("rival 2",)),
    "nothing_locked": Seeded(
        ("I1 kept", "I4 repeated", "I7 in order", "I8 replays"),
        (_LOST, _SLOW),
        2,
        world=SEVERAL,
        updates=500,
    ),
    "deaf_to_sigterm": Seeded(("stops",)),
}
