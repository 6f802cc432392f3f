"""A panel in numbers: how many sit in each of its colleges, and how many of them come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flows.moves import Key, Known, Names
from flows.panels.balance import shares
from flows.panels.colleges import College
from flows.panels.settings import PanelSettings
from flows.people.roles import Permission


@dataclass(frozen=True, slots=True)
class Gathering:
    """A meeting of the panel that is still to come."""

    id: int
    kind: str
    starts: datetime  # naive, by the clocks where it takes place


@dataclass(frozen=True, slots=True)
class PanelSheet(Known):
    """What is known of a panel, in numbers; `settings` is None where the territory has none."""

    needs: ClassVar[Permission | None] = Permission.SEE_PANEL

    names: Names
    colleges: tuple[College, ...]
    members: Mapping[str, int]  # by slug of the college
    elsewhere: int  # members of whom it is not said, or of no college that there is
    gap: int  # percentage points
    settings: PanelSettings | None
    meetings: int  # that were held of late, and of which it is known who was there
    came: Mapping[str, int]  # members who were there, in those meetings together, by slug of the college
    next: Gathering | None


def members(sheet: PanelSheet) -> Iterator[Key]:
    """How many members there are in each college, and how many are missing for balance."""
    found = shares(sheet.members, sheet.gap)
    yield Key("panel.members", {"n": sum(sheet.members.values()) + sheet.elsewhere})
    for college in sheet.colleges:
        share = found[college.slug]
        yield Key("panel.college", {"college": college.called, "n": share.people, "percent": share.percent})
    if sheet.elsewhere:
        yield Key("panel.elsewhere", {"n": sheet.elsewhere})
    for college in sheet.colleges:
        if missing := found[college.slug].missing:
            yield Key("panel.missing", {"college": college.called, "n": missing})


def attendance(sheet: PanelSheet) -> Iterator[Key]:
    """The share of each college among those who came of late."""
    if not sum(sheet.came.values()):
        return
    found = shares(sheet.came, sheet.gap)
    yield Key("panel.attendance", {"n": sheet.meetings})
    for college in sheet.colleges:
        args = {"college": college.called, "percent": found[college.slug].percent}
        yield Key("panel.attended", args)
