"""What happens in a season: planned from a seed, the same for the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from tests.campaigns.season.oracle import DAY, HOUR, Quiet, Wants, moment
from tests.flows.clocks import utc

BEGINS: Final = utc("2027-02-20").timestamp()
"""Clocks change on 14 March in St John's, on 28 March in Europe, on 4 April on Lord Howe Island."""

SPRING: Final = utc("2027-03-23").timestamp()

ZONES: Final = (
    "Europe/Paris", "Europe/Riga", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe",
)  # fmt: skip
"""Of the five places: hours, halves and quarters from UTC, by clocks that change by an hour or a half."""

USUAL: Final = (time(21), time(8))
QUIETS: Final[tuple[Quiet, ...]] = (
    (time(22), time(7)), (time(20, 30), time(9)), (time(13), time(15)), None,
)  # fmt: skip
LEADS: Final = ((), ("2h",), ("3d", "1d"), ("1d", "1h"), ("2d", "30m"))

SLOTS: Final = (2, 6, 10, 13, 17, 20)
"""Hours of UTC in which citizens do something, somewhere in them; no push is due on half a minute."""

ANSWERS: Final = ("yes",) * 12 + ("maybe",) * 3 + ("no", "cannot")
SECOND: Final = ("no", "no", "yes", "maybe", "cannot")
"""What somebody says who thinks again."""


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person and what they want of reminders."""

    number: int  # from 1 on
    place: int  # in ZONES
    own_zone: str | None
    quiet: Quiet | str  # "": as most
    leads: tuple[str, ...] | None
    off: str  # a topic
    consented: bool

    @property
    def wants(self) -> Wants:
        """For the oracle."""
        quiet = USUAL if isinstance(self.quiet, str) else self.quiet
        return Wants(self.own_zone or ZONES[self.place], quiet, self.leads)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A meeting or an activity as it was planned first."""

    number: int  # from 1 on
    sort: str
    place: int
    starts: datetime  # naive
    ends: datetime
    seats: int | None
    most_party: int


@dataclass(frozen=True, slots=True)
class Act:
    """What one person does."""

    at: float
    citizen: int
    does: str  # an answer, take, let-go, the same under a push, block, return, stop
    occasion: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What a coordinator does while the bot is at rest."""

    occasion: int
    does: str  # move, cancel, seats
    days: int = 0  # by which it is moved
    hours: int = 0
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Rest:
    """The bot ends, and is started again some time later."""

    at: float
    killed: bool
    away: float  # seconds
    changes: Sequence[Change]


@dataclass(frozen=True)
class Plan:
    """A season."""

    seed: int
    days: int = 90
    citizens: int = 2000
    occasions: int = 300
    trouble: bool = True  # SIGKILLs, faults of the Bot API, hours without a bot
    bug: str | None = None
    begins: float = BEGINS
    changing: float = 0.33  # of what is planned is moved, cancelled or widened
    crowd: int = 20  # people who answer to one occasion, at the most
    people: Sequence[Citizen] = field(init=False)
    events: Sequence[Occasion] = field(init=False)
    acts: Sequence[Act] = field(init=False)
    rests: Sequence[Rest] = field(init=False)

    def __post_init__(self) -> None:
        random = Random(self.seed)
        people = [_citizen(random, number) for number in range(1, self.citizens + 1)]
        events = [self._occasion(random, number) for number in range(1, self.occasions + 1)]
        acts = sorted([*self._answers(random, people, events), *self._moods(random)], key=lambda act: act.at)
        for name, value in (("people", people), ("events", events), ("acts", acts)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "rests", [*self._rests(random, events)])

    @property
    def ends(self) -> float:
        """When it is over."""
        return self.begins + self.days * DAY

    def _occasion(self, random: Random, number: int) -> Occasion:
        place = random.randrange(len(ZONES))
        day = random.uniform(1, self.days - 2)
        hour = random.choice((7, 9, 10, 14, 17, 18, 18, 19, 20, 22))
        date = datetime.fromtimestamp(self.begins + day * DAY, tz=utc("2027-01-01").tzinfo).replace(
            tzinfo=None
        )
        starts = date.replace(hour=hour, minute=random.choice((0, 15, 30)), second=0, microsecond=0)
        lasts = timedelta(hours=random.choice((1, 2, 2, 3, 26)))
        sort = "meeting" if random.random() < 0.65 else "activity"
        limited = sort == "activity" or random.random() < 0.5
        seats = random.randint(1, 6) if limited else None
        party = 3 if sort == "meeting" and random.random() < 0.3 else 1
        return Occasion(number, sort, place, starts, starts + lasts, seats, party)

    def _slot(self, random: Random, since: float, until: float) -> float:
        """A moment at which people are about; they share it with others."""
        at = random.uniform(since, until)
        midnight = at // DAY * DAY
        hour = max((hour for hour in SLOTS if midnight + hour * HOUR <= at), default=SLOTS[0])
        minute = 7 * int(midnight // DAY + hour) % 60
        return max(midnight + hour * HOUR + minute * 60, self.begins) + 30.0

    def _answers(
        self, random: Random, people: Sequence[Citizen], events: Sequence[Occasion]
    ) -> Iterator[Act]:
        by_place: list[list[Citizen]] = [[] for _ in ZONES]
        for citizen in people:
            by_place[citizen.place].append(citizen)
        for event in events:
            begins = moment(event.starts, ZONES[event.place])
            there = by_place[event.place]
            for citizen in random.sample(there, min(len(there), random.randint(4, self.crowd))):
                first = self._slot(random, max(self.begins, begins - 20 * DAY), begins - HOUR)
                says = random.choice(ANSWERS)
                if event.sort == "activity":
                    says = "yes"
                yield Act(first, citizen.number, says, event.number)
                if random.random() < 0.3:
                    then = self._slot(random, first, begins)
                    again = "no" if event.sort == "activity" else random.choice(SECOND)
                    yield Act(then, citizen.number, again, event.number)

    def _moods(self, random: Random) -> Iterator[Act]:
        """Some block the bot, most of them for a while; some want no pushes any more."""
        for citizen in range(1, self.citizens + 1):
            if random.random() < 0.06:
                at = self._slot(random, self.begins + DAY, self.ends)
                yield Act(at, citizen, "block")
                if random.random() < 0.8:
                    yield Act(at + random.randint(1, 10) * DAY, citizen, "return")
            elif random.random() < 0.03:
                yield Act(self._slot(random, self.begins + DAY, self.ends), citizen, "stop")

    def _rests(self, random: Random, events: Sequence[Occasion]) -> Iterator[Rest]:
        """Once a day; what coordinators change is changed then, a while before it begins."""
        changes: dict[int, list[Change]] = {}
        for event in events:
            dice = random.random()
            day = int((moment(event.starts, ZONES[event.place]) - self.begins) // DAY) - random.randint(0, 6)
            if dice < 0.42 * self.changing:
                change = Change(
                    event.number, "move", random.choice((-2, -1, 1, 2, 5)), random.choice((-3, 0, 0, 2))
                )
            elif dice < 0.7 * self.changing:
                change = Change(event.number, "cancel")
            elif dice < self.changing and event.seats is not None:
                change = Change(event.number, "seats", seats=event.seats + random.randint(1, 3))
            else:
                continue
            changes.setdefault(day, []).append(change)
        for day in range(self.days):
            at = self.begins + day * DAY + random.choice((4, 8, 12, 16)) * HOUR + 30 * 60 + 31.0
            killed = self.trouble and random.random() < 0.5
            away = random.choice((0, 0, 0, 600, 3 * HOUR, 14 * HOUR)) if self.trouble else 0
            if day in changes or random.random() < 0.5:
                yield Rest(at, killed, away, changes.get(day, ()))


def short(seed: int) -> Plan:
    """Ten days in which clocks go forward in Europe."""
    return Plan(seed, days=10, citizens=60, occasions=20, begins=SPRING)


def bugged(bug: str) -> Plan:
    """A season without trouble but with that bug, in which much is changed."""
    return replace(short(92), trouble=False, bug=bug, changing=0.8)


def _citizen(random: Random, number: int) -> Citizen:
    return Citizen(
        number=number,
        place=random.randrange(len(ZONES)),
        own_zone=random.choice(ZONES) if random.random() < 0.1 else None,
        quiet=random.choice(QUIETS) if random.random() < 0.3 else "",
        leads=random.choice(LEADS) if random.random() < 0.15 else None,
        off=random.choice(("meeting", "activity")) if random.random() < 0.04 else "",
        consented=random.random() > 0.04,
    )
