"""A new meeting or activity, step by step up to its preview; what is left can be added there."""

from typing import Final

from flows.coordinate import place_of
from flows.moves import Choice, Flow, Key, Say, do, look, pick
from flows.occasions.kinds import Kinds, OccasionKind
from flows.occasions.occasions import Sort
from flows.occasions.sheet import Part
from flows.people.person import Place
from flows.people.roles import Scope, Spot
from flows.planning.changing import write_part
from flows.planning.planning import DraftOccasion, Progress, Repeat, Target, Zones
from flows.planning.posts import add_posts, ask_seats
from flows.times.asking_time import ask_end, ask_rule, ask_start

ALL: Final = "all"
FIRST: Final = 1
"""The number of a meeting's only post."""


def new(spot: Spot, sort: Sort) -> Flow[int | None]:
    """Draft something; returns its id, None where nothing came of it.

    kind -> for whom -> from when to when -> again? -> title -> place -> seats, or things to do -> about
    """
    kind = yield from kind_of(sort)
    where = yield from scope_in(spot)
    zone = yield from zone_of(where)
    starts = yield from ask_start("plan.starts" if kind.minutes else "plan.deadline", zone)
    ends = starts
    if kind.minutes:
        ends = yield from ask_end("plan.ends", starts, kind.minutes, zone)
    id = (yield from do(DraftOccasion(where, kind.code, starts, ends, zone))).id
    if id is None:
        yield Say("plan.past")
        return None
    if kind.minutes and not kind.several_days:
        rule = yield from ask_rule(starts, zone)
        if rule is not None:
            yield from do(Repeat(where, id, rule))
    yield from describe(Target(where, id), kind)
    return id


def kind_of(sort: Sort) -> Flow[OccasionKind]:
    """What kind it is; not asked where there is one alone."""
    kinds = (yield from look(Kinds, sort)).kinds
    if len(kinds) == 1:
        return kinds[0]
    code = yield from pick("plan.kind", (Choice(kind.code, kind.names) for kind in kinds))
    return next(kind for kind in kinds if kind.code == code)


def scope_in(spot: Spot) -> Flow[Scope]:
    """For a whole territory, or for one of its groups."""
    slug = spot.where.territory
    if slug is None or spot.where.group is not None:
        return spot.where
    groups = (yield from look(Place, slug)).groups
    if not groups:
        return spot.where
    choices = (Choice(str(number), names) for number, names in enumerate(groups.values()))
    picked = yield from pick(
        "plan.for_whom", (Choice(ALL, Key("plan.for_all")), *choices), about=place_of(spot)
    )
    return spot.where if picked == ALL else Scope(slug, tuple(groups)[int(picked)])


def zone_of(where: Scope) -> Flow[str]:
    """By which clocks it takes place; asked where there are several."""
    zones = (yield from look(Zones, where)).names
    if len(zones) == 1:
        return zones[0]
    picked = yield from pick("plan.zone", (Choice(str(number), zone) for number, zone in enumerate(zones)))
    return zones[int(picked)]


def describe(draft: Target, kind: OccasionKind) -> Flow[None]:
    """What everybody needs to know of it."""
    nothing = Progress(kind.sort)
    yield from write_part(Part.TITLE, draft, nothing)
    if kind.minutes:
        yield from write_part(Part.PLACE, draft, nothing)
        if kind.sort is Sort.ACTIVITY:
            yield from add_posts(draft)
        else:
            yield from ask_seats("plan.seats", draft, FIRST)
    yield from write_part(Part.DESCRIPTION, draft, nothing)
