"""Occasions as pushes tell of them: how they stood then, their words, and how they stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.moves import Arg, Flow, Key, Known, Names, Passing, look
from flows.occasions.occasions import Says, Sheet, Sort, Standing, State
from flows.occasions.sheet import Tongue, by_own_clock, title, where_it_is


@dataclass(frozen=True, slots=True)
class Thing:
    """An occasion that something is said about, as it was then."""

    id: int
    sort: Sort
    kind: str
    state: State
    starts: datetime  # naive, by the clocks where it is
    ends: datetime  # naive, by the same clocks
    here: datetime | None  # when it begins by the person's own clock, naive; None: that is the same
    says: Says | None = None  # None: nothing yet
    standing: Standing = Standing.NONE
    party: int = 1
    until: datetime | None = None  # how long a seat is kept, naive, by the person's own clock
    link: str | None = None
    checked_in: bool = False
    post: int | None = None  # the number of the person's post at an activity, or of the one they wait for
    pin: tuple[float, float] | None = None  # latitude and longitude of the place
    has_room: bool = False  # they let an offer lapse, and could have a seat again
    too_few: int | None = None  # seats that are free, where they wait with more people than find one
    has_begun: bool = False
    sought: tuple[int, ...] | None = None  # posts for which a stand-in is; None: that was not looked at

    @property
    def is_deadline(self) -> bool:
        """As of `When`."""
        return self.ends == self.starts

    @property
    def may_come(self) -> bool:
        """Whether they have a seat, or said that they might come."""
        return self.says is Says.MAYBE or self.standing is Standing.SEATED


@dataclass(frozen=True, slots=True)
class Things(Known):
    """The occasions that pushes are about."""

    by_id: Mapping[str, Thing]


@dataclass(frozen=True, slots=True)
class ThingWords(Passing):
    """Their words, and how the person reads."""

    sheets: Mapping[int, Sheet]
    kinds: Mapping[str, Names]  # what each kind of occasion is called, by its code
    tongue: Tongue


def as_they_are(there: Things) -> Flow[Things]:
    """The same occasions now; what is there no more, as it was."""
    now = yield from look(Things, tuple(thing.id for thing in there.by_id.values()))
    return Things({**there.by_id, **now.by_id})


def title_of(thing: Thing, words: ThingWords | None) -> Arg:
    """What an occasion is called."""
    if words is None:
        return ""
    return title(words.sheets.get(thing.id), words.kinds.get(thing.kind, {}), words.tongue)


def sheet(thing: Thing, words: ThingWords | None) -> Sequence[Key]:
    """What to know of an occasion to go there: what, when by the clocks there and by one's own, where."""
    lines = [Key("occasion.title", {"title": title_of(thing, words)}), time_of(thing)]
    lines += by_own_clock(thing.here)
    if words is not None:
        lines += where_it_is(words.sheets.get(thing.id), thing.pin, thing.link, words.tongue)
    return lines


def time_of(thing: Thing) -> Key:
    """When it is, by the clocks where it is."""
    if thing.is_deadline:
        return Key("occasion.until", {"ends": thing.ends})
    key = "occasion.time" if thing.starts.date() == thing.ends.date() else "occasion.days"
    return Key(key, {"starts": thing.starts, "ends": thing.ends})
