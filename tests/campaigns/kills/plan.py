"""What happens in a campaign: planned from a seed, the same for the same."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.playground.emulator import Fault
from tests.campaigns.kills.citizens import USUAL, Habits
from tests.campaigns.kills.seats import LISTENERS
from tests.campaigns.kills.worlds import EACH_CALL, EACH_LIFE, POLLING_SQLITE, World

TROUBLE: Final = (
    Fault("duplicate_update", probability=0.2),
    Fault("reorder_across_queues", "callback_query", 0.2, args={"seconds": 0.05, "same_chat": True}),
    Fault("reorder_across_queues", "message", 0.2, args={"seconds": 0.05, "same_chat": True}),
    Fault("reorder_across_queues", "edited_message", 0.2, args={"seconds": 0.05}),
    Fault("missing_required_field", probability=0.01),
    Fault("unknown_update_type", probability=0.01),
    Fault("skip_update_ids", probability=0.01),
    Fault("random_update_id_restart", probability=0.002),
    Fault("expire_callbacks", probability=0.002),
    Fault("delay", "sendMessage", probability=0.02, args={"seconds": 0.05}),
    Fault("accept_then_drop", "sendMessage", probability=0.01),
    Fault("drop_before_accept", "sendMessage", probability=0.01),
    Fault("accept_then_garbage", "sendMessage", probability=0.005),
    Fault("half_body", "sendMessage", probability=0.005),
    Fault("5xx", "sendMessage", probability=0.01, args={"body": "html"}),
    Fault("5xx", "sendMessage", probability=0.005, args={"body": "json", "status": 500}),
    Fault("4xx", "sendMessage", probability=0.005, args={"status": 403}),
    Fault("4xx", "sendMessage", probability=0.005, args={"status": 401}),
    Fault("accept_then_oddity", "sendMessage", probability=0.005),
    Fault("429", "sendMessage", probability=0.005, args={"retry_after": 1}),
    Fault("drop_before_accept", "getMe", probability=0.02),
    *(
        Fault(kind, method, probability=0.08)
        for method in ("answerCallbackQuery", "editMessageReplyMarkup", "setMyCommands", "setMyDescription")
        for kind in ("accept_then_drop", "accept_then_garbage", "half_body", "5xx", "drop_before_accept")
    ),
)
"""One update in five comes twice, one in five is overtaken where it can be. One send in twelve goes wrong,
in one of eleven ways, and two in five of the requests on which nothing depends."""

WHERE_POLLED: Final = (
    Fault("accept_then_drop", "getUpdates", probability=0.01),
    Fault("half_body", "getUpdates", probability=0.01),
    Fault("5xx", "getUpdates", probability=0.01),
    Fault("second_poller", "getUpdates", probability=0.005),
)
WHERE_CALLED: Final = (
    Fault("hang_up", probability=0.03, args={"seconds": 0.004}),
    Fault("5xx", "setWebhook", probability=0.05),
    Fault("accept_then_drop", "setWebhook", probability=0.05),
)


def trouble(world: World) -> tuple[Fault, ...]:
    """What the Bot API stumbles over in a world."""
    return TROUBLE + (WHERE_CALLED if world.webhook else WHERE_POLLED)


@dataclass(frozen=True, slots=True)
class Fate:
    """What one process of the bot goes through, and how it dies."""

    death: str  # "point:n", "random", "early", "stop", "cold", "revoked" or "drain"
    hardships: Sequence[str] = ()  # each a name of hardships.py and perhaps a number; one after the other
    interrupted: bool = False  # death may come in the middle of them


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens in a campaign."""

    seed: int
    world: World = POLLING_SQLITE
    points: Sequence[str] | None = None  # where processes are killed; None: wherever one passes
    at_each_point: int = 1  # SIGKILLs
    at_random: int = 10  # SIGKILLs at random moments
    stops: int = 0  # SIGTERMs
    pushers: int = 0  # deaths of each process that leads or stands by, where several share the work
    schema: int = 0  # further SIGKILLs while the schema is made
    cold: int = 0  # further SIGKILLs, of processes that were started as an operator does
    revoked: int = 0  # times that the token is revoked under the running bot
    hardships: Sequence[str] = ()  # in processes that die at random moments
    last: Sequence[str] = ()  # what the last process has to endure
    citizens: int = 32  # at a time
    updates: int = 0  # at least so many come before the last process ends
    trouble: Sequence[Fault] = ()
    nth: int = 12  # a point is deadly when it is reached for the nth time, from 1 to this
    alive: tuple[float, float] = (0.03, 0.35)  # seconds from being ready to a random death
    lively: int = 0  # further updates for which a random death waits, however slow the machine is
    bug: str | None = None  # a function of bugs.py, done in each process
    change: str | None = None  # of the schema, for a seeded bug: a statement for PostgreSQL
    habits: Habits = USUAL
    drain: float = 30.0  # seconds in which a sound bot has said everything
    stop_within: float = 10.0  # seconds in which a sound bot has ended after SIGTERM
    pace: int = 2000  # messages a second; above 1000 nobody is paced

    def fates(self, seats: int = 1) -> list[list[Fate]]:
        """For each seat, one for each process but for those that die while the schema is made and the last.

        Where several share the work, those that listen have the fates of one that does everything between
        them; the others die at random moments.
        """
        random = Random(self.seed)
        fates = self._fates(random)
        if seats == 1:
            return [fates]
        listeners = [fates[number::LISTENERS] for number in range(LISTENERS)]
        others = [
            [Fate(random.choice(("random", "stop"))) for _ in range(self.pushers)]
            for _ in range(seats - LISTENERS)
        ]
        return [*listeners, *others]

    def _fates(self, random: Random) -> list[Fate]:
        points = self.world.points if self.points is None else self.points
        hard = self._hard(random)
        fates = [
            Fate(f"{point}:{random.randint(1, self._often(point))}")
            for point in points
            for _ in range(self.at_each_point)
        ]
        fates += [next(hard, Fate(random.choice(_MOMENTS))) for _ in range(self.at_random)]
        fates += [
            *hard,
            *(Fate("stop") for _ in range(self.stops)),
            *(Fate("cold") for _ in range(self.cold)),
        ]
        random.shuffle(fates)
        for _ in range(self.revoked):
            fates.insert(random.randint(0, len(fates)), Fate("revoked"))
        return fates

    def _often(self, point: str) -> int:
        """How often a point may be passed before it is deadly; calls pass some by the update."""
        if point in EACH_LIFE:
            return 1
        return self.nth * (8 if self.world.webhook and point in EACH_CALL else 1)

    def _hard(self, random: Random) -> Iterator[Fate]:
        """Processes that have to endure something, up to three things each."""
        hardships = [*self.hardships]
        random.shuffle(hardships)
        while hardships:
            some = [hardships.pop() for _ in range(min(len(hardships), random.randint(1, 3)))]
            some.sort(key=lambda hardship: not hardship.startswith("rival"))  # while the lock is surely held
            calm = any(hardship.startswith(("rival", "export")) for hardship in some)
            yield Fate("random", some, interrupted=not calm and random.random() < 0.5)


_MOMENTS: Final = ("random", "random", "random", "early")


def hardships(world: World, count: int) -> list[str]:
    """So many faults of a database, those that take long most seldom; and what can happen beside them."""
    kinds = _SEVERAL if world.several else _POSTGRES if world.postgres else _SQLITE
    others = {"frozen 3": 2, "export": 8} if world.several else _BESIDE
    others = others | {"rival 2" if world.postgres else "rival": 8}
    beside = [kind for kind, every in others.items() for _ in range(max(1, count // every))]
    return [*itertools.islice(itertools.cycle(kinds), count), *beside]


_SQLITE: Final = (
    "locked 1.5", "full 0.8", "read_only 0.8", "locked 1", "full 0.5", "read_only 0.5", "locked 3",
    "full 0.8", "read_only 0.8", "locked 1", "locked 2", "locked 12",
)  # fmt: skip
_POSTGRES: Final = (
    "cut", "stopped 0.3", "cut 0.5", "crashed 0.2", "cut", "unanswered 1", "full 0.5", "cut 1",
    "read_only 0.5", "locked 1", "stopped 1", "cut 2", "unanswered 1", "locked 6", "unanswered 2",
)  # fmt: skip
_SEVERAL: Final = ("cut", "stopped 0.3", "cut 0.5", "crashed 0.2", "cut 1", "locked 1")
_BESIDE: Final = {
    "frozen 1": 8,
    "export": 8,
    "away 600": 16,
    "jump 3600": 16,
    "jump -3600": 16,
    "jump 86400": 16,
    "jump -86400": 16,
}
"""And how many faults of a database there are to one of these."""
