"""Whether what is due is said: decided from what holds at that moment, not when it was planned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from flows.inquiries.inquiries import LIVE
from flows.occasions.occasions import Says, Standing
from flows.occasions.occasions import State as OccasionState
from flows.pushes.pushed import (
    ANSWERS,
    BY_DAY,
    FOR_PLANNERS,
    NOTICES,
    OF_GIFTS,
    UNCAPPED,
    WEIGHT,
    WHETHER_AND_WHEN,
    Notice,
    Reason,
    State,
    asks_consent,
    is_switched,
)
from flows.times.cadence import Cap, Due, Habits, Kind
from flows.times.quiet import is_quiet, night

_INVOLVED: Final = (Standing.SEATED, Standing.WAITING, Standing.OFFERED)
_STANDING: Final[Mapping[str, Standing]] = {Notice.LAPSED: Standing.LAPSED, Notice.NO_SEAT: Standing.WAITING}


@dataclass(frozen=True, slots=True)
class Item:
    """One push whose moment has come."""

    id: int
    kind: str
    topic: str
    about: int
    lead: str
    at: datetime  # aware UTC
    not_after: datetime  # aware UTC
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How full an occasion is, for those who plan it."""

    is_full: bool = False  # nobody can be seated any more
    are_few: bool = False  # those who have answered, and it begins soon
    missing: frozenset[int] = frozenset()  # the numbers of the posts at which somebody is missing


@dataclass(frozen=True, slots=True)
class Fact:
    """What holds now of an occasion and a person's answer to it."""

    state: OccasionState
    starts_at: datetime  # aware UTC
    says: Says | None = None  # None: nothing yet
    standing: Standing = Standing.NONE
    offered_until: datetime | None = None  # aware UTC
    was_there: bool | None = None
    seeks: bool = False  # somebody in their place
    occupancy: Occupancy | None = None  # looked at where it is to be told; None: they do not plan it
    gifts: frozenset[str] = frozenset()  # what holds of OF_GIFTS for them, for this activity

    @property
    def comes(self) -> bool:
        """Whether they come, or might."""
        return self.says is Says.MAYBE or self.standing is Standing.SEATED


@dataclass(frozen=True, slots=True)
class Pause:
    """A conversation in which a person has fallen silent."""

    due: Mapping[str, Due]  # the nudges of the cadence as they are due now, by lead


@dataclass(frozen=True, slots=True)
class Asks:
    """A pilot action or an inquiry, and what can still be told of it to a person."""

    kinds: frozenset[str]
    wrote_at: datetime | None = None  # aware UTC, when the person last wrote in it; None: never


@dataclass(frozen=True, slots=True)
class Listener:
    """What a person wants of pushes, and what they have had of them."""

    habits: Habits
    reachable: bool
    stopped: bool
    consented: bool
    off: frozenset[str] = frozenset()  # topics
    muted: frozenset[int] = frozenset()  # what they want to hear no more about
    most: int | None = None  # reminders in the days of the cap; None: as most people
    recent: int = 0  # reminders said in those days
    unheard: int = 0  # reminders said since there was a sign of them


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a push that is due."""

    state: State  # DUE: it is put off
    reason: Reason | None = None
    again_at: datetime | None = None  # aware UTC; until when it is put off
    not_after: datetime | None = None  # aware UTC; then it will be too late for it; None: as it was


SAY: Final = Decision(State.SAID)


def decide(
    items: Sequence[Item],
    person: Listener,
    facts: Mapping[int, Fact | Pause | Asks],
    cap: Cap,
    now: datetime,
) -> dict[int, Decision]:
    """What becomes of all that is due to one person, by id.

    facts  by what pushes are about; of what is gone there is none

    What is said at once is one message, so the cap takes back reminders only where nothing else is said.
    """
    decisions = {item.id: _alone(item, person, facts.get(item.about), now) for item in items}
    said = [item for item in items if decisions[item.id] == SAY]
    for item in _outweighed(said):
        decisions[item.id] = Decision(State.SKIPPED, Reason.MERGED)
        said.remove(item)
    if said and all(item.kind not in UNCAPPED for item in said) and _is_enough(person, cap):
        decisions.update({item.id: Decision(State.SKIPPED, Reason.CAP) for item in said})
    return decisions


def _alone(item: Item, person: Listener, fact: Fact | Pause | Asks | None, now: datetime) -> Decision:
    if item.kind not in WEIGHT:
        return Decision(State.SKIPPED, Reason.TROUBLE)  # a newer release has planned it
    reason = _unwelcome(item, person) or _unfounded(item, fact, now)
    if reason is not None:
        return Decision(State.SKIPPED, reason)
    if isinstance(fact, Pause) and (nudge := fact.due[item.lead]).at > now:
        return Decision(State.DUE, again_at=nudge.at, not_after=nudge.not_after)
    if now > item.not_after or _has_begun(item, fact, now):
        return Decision(State.MISSED)
    return SAY if _is_waited_for(item, fact, now) else _awake(item, person.habits, now)


def _unwelcome(item: Item, person: Listener) -> Reason | None:
    """Why the person does not want it, if they do not; notices of changes come until they stop everything."""
    if person.stopped and item.kind not in ANSWERS:
        return Reason.STOPPED
    if not person.reachable:
        return Reason.BLOCKED
    unwanted = is_switched(item.kind, item.topic) and item.topic in person.off
    if asks_consent(item.kind, item.topic):
        unwanted |= not person.consented or item.about in person.muted
    return Reason.UNWANTED if unwanted else None


def _unfounded(item: Item, fact: Fact | Pause | Asks | None, now: datetime) -> Reason | None:
    """Why there is nothing (any more) to be told, if so."""
    if not isinstance(fact, Fact):
        return _unfounded_elsewhere(item, fact)
    if item.kind in OF_GIFTS:  # of a series other dates can be left
        return None if item.kind in fact.gifts else Reason.ANSWERED
    is_cancelled = fact.state is OccasionState.CANCELLED
    if item.kind == Kind.NUDGE or is_cancelled is not (item.kind == Notice.CANCELLED):
        return Reason.GONE
    if item.kind in FOR_PLANNERS:
        return _unfounded_for_planners(item, fact.occupancy)
    return None if _is_founded(item, fact, now) else Reason.ANSWERED


def _is_founded(item: Item, fact: Fact, now: datetime) -> bool:
    """Whether it still holds for who comes, could come or waits."""
    match item.kind:
        case Kind.REMINDER | Kind.STILL_COMING:
            return fact.comes
        case Kind.AFTERWARDS:
            return fact.comes and fact.was_there is None
        case Notice.OFFER:
            until = fact.offered_until
            return fact.standing is Standing.OFFERED and until is not None and now < until
        case Notice.LAPSED | Notice.NO_SEAT:
            return fact.standing is _STANDING[item.kind]
        case Notice.MOVED | Notice.CHANGED | Notice.CANCELLED:
            return fact.comes or fact.standing in _INVOLVED
        case Notice.UNRELIEVED:
            return fact.seeks and fact.standing is Standing.SEATED
        case Notice.ANOTHER_TIME:
            return fact.says is Says.CANNOT and now < fact.starts_at
        case Notice.STAND_IN:
            return not fact.comes and fact.standing is not Standing.OFFERED and now < fact.starts_at
        case _:
            return True


def _unfounded_for_planners(item: Item, occupancy: Occupancy | None) -> Reason | None:
    """The same of what is told to those who plan it, as long as they may."""
    if occupancy is None:
        return Reason.GONE
    match item.kind:
        case Notice.FULL:
            founded = occupancy.is_full
        case Notice.FEW:
            founded = occupancy.are_few
        case _:  # MISSING
            post = item.details.get("post")  # none: at several
            founded = bool(occupancy.missing) if post is None else post in occupancy.missing
    return None if founded else Reason.ANSWERED


def _unfounded_elsewhere(item: Item, fact: Pause | Asks | None) -> Reason | None:
    """The same of what is no occasion."""
    if isinstance(fact, Asks):
        return None if item.kind in fact.kinds else Reason.ANSWERED
    return None if isinstance(fact, Pause) and item.lead in fact.due else Reason.GONE


def _has_begun(item: Item, fact: object, now: datetime) -> bool:
    """Whether it is too late to remind of it, whatever was planned."""
    return (
        item.kind in (Kind.REMINDER, Kind.STILL_COMING) and isinstance(fact, Fact) and fact.starts_at <= now
    )


def _is_waited_for(item: Item, fact: object, now: datetime) -> bool:
    """Whether it is the answer to what the person has just written to somebody."""
    wrote_at = fact.wrote_at if isinstance(fact, Asks) and item.kind == Notice.INQUIRY_WORDS else None
    return wrote_at is not None and now - wrote_at <= LIVE


def _awake(item: Item, habits: Habits, now: datetime) -> Decision:
    """Said now, or after quiet hours; where that is too late, only notices of changes are said in them."""
    if not is_quiet(now, habits.zone, habits.quiet):
        return SAY
    assert habits.quiet is not None
    _, ends = night(now, habits.zone, habits.quiet)
    if ends < item.not_after:
        return Decision(State.DUE, Reason.QUIET, ends)
    return SAY if _is_urgent(item, ends) else Decision(State.SKIPPED, Reason.QUIET)


def _is_urgent(item: Item, ends: datetime) -> bool:
    """Whether it is said in quiet hours that end then."""
    return item.not_after <= ends and item.kind in NOTICES and item.kind not in BY_DAY


def awake_until(said: Iterable[Item], habits: Habits, now: datetime) -> datetime | None:
    """When it is too late today for what is said together, aware UTC: when quiet hours begin, or have begun.

    None where there are none, or all of it is said in them.
    """
    if habits.quiet is None:
        return None
    begins, ends = night(now, habits.zone, habits.quiet)
    return None if all(_is_urgent(item, ends) for item in said) else begins


def _outweighed(items: Iterable[Item]) -> list[Item]:
    """Those of several pushes about one thing that another one tells already."""
    told: set[tuple[int, str]] = set()
    lighter = []
    for item in sorted(items, key=lambda item: (WEIGHT[item.kind], -item.at.timestamp())):
        matter = item.about, "" if item.kind in WHETHER_AND_WHEN else item.kind
        if matter in told:
            lighter.append(item)
        told.add(matter)
    return lighter


def _is_enough(person: Listener, cap: Cap) -> bool:
    """Whether the person has had all the reminders of these days."""
    most = cap.most if person.most is None else person.most
    if person.unheard >= cap.unheard:
        most = min(most, cap.then)
    return person.recent >= most
