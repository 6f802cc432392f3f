"""The desk of those who coordinate: what they can do for others, and where.

A conversation lies on it that signs in with `desk=` and what it `needs`; it returns DESK to come back here.
"""

from collections.abc import Sequence
from typing import Final

from flows.conversations import Next, Onward, conversation, conversations
from flows.moves import Arg, Choice, Flow, Key, look, pick
from flows.panels.colleges import College
from flows.people.person import OwnRoles
from flows.people.roles import EVERYWHERE, Permission, Role, Scope, Spot, may

DESK: Final = "coordinate"


@conversation(DESK, command="coordinate", menu=25, needs=Permission.COORDINATE)
def coordinate() -> Flow[Next]:
    """What a person with a role can do for others, in the order the conversations ask for."""
    mine = yield from look(OwnRoles)
    desk = [
        (each.desk, each.name)
        for each in conversations().values()
        if each.desk is not None and (each.needs is None or may(mine.held, each.needs))
    ]
    return (
        yield from pick(
            "coordinate.ask", tuple(Choice(name, Key(f"menu.{name}")) for _, name in sorted(desk))
        )
    )


def somewhere(key: str, spots: Sequence[Spot], at: Scope | None = None) -> Flow[Spot]:
    """One of several places; not asked where there is one alone, or the person is at one of them already.

    key  of a question without arguments
    at   where they are; None: nowhere yet
    """
    here = spots if len(spots) == 1 else [spot for spot in spots if spot.where == at]
    if here:
        return here[0]
    choices = (Choice(str(number), place_of(spot)) for number, spot in enumerate(spots))
    picked: str = yield from pick(key, choices)
    return spots[int(picked)]


def place_in(territory: str | None, group: str | None) -> Scope | None:
    """Where a conversation begins, by its arguments as `anew` gives them; None: nowhere yet."""
    return None if territory is None else Scope(territory or None, group)


def anew(name: str, spot: Spot) -> Onward:
    """The conversation of that name from the top, at the same place: its record, which grew, begins anew."""
    return Onward(name, (spot.where.territory or "", spot.where.group))


def place_of(spot: Spot) -> Arg:
    """What a place is called."""
    if spot.where == EVERYWHERE:
        return Key("place.network")
    if spot.where.group is None:
        return spot.territory
    return Key("place.group", {"territory": spot.territory, "group": spot.group})


def title_of(role: Role, spot: Spot, college: College | None = None) -> Key:
    """What a role is called, with the place in which it is had, and the college of a member of a panel."""
    title = Key(f"title.{role}", {"territory": spot.territory, "group": spot.group})
    return title if college is None else Key("title.of_college", {"title": title, "college": college.called})
