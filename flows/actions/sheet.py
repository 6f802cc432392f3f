"""How a pilot action reads, the same for whoever plans it as for those whom it is for."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.actions.actions import (
    FINDINGS,
    IN_SHORT,
    Action,
    ComponentNames,
    Progress,
    Section,
    Station,
    Stations,
)
from flows.moves import Arg, Effect, Flow, Key, Lines, Names, glance
from flows.occasions.sheet import Tongue, live, said
from flows.people.themes import ThemeNames

Sheet = Mapping[str, Names]
"""What is written of an action, by part."""


EARLIER: Final = 4
"""Of where an action stood before, so much is told."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of an action beside itself, only to be shown; nothing where it was shown already."""

    sheet: Sheet
    components: Mapping[str, Names]
    themes: Mapping[str, Names]
    stations: tuple[Station, ...]


def known_of(sheet: Sheet, id: int, after: Effect[Any] | None = None) -> Flow[Shown]:
    """Glance at it.

    after  what is not carried out yet
    """
    named = yield from glance(ComponentNames)
    themes = yield from glance(ThemeNames)
    stood = yield from glance(Stations, id, after=after)
    return Shown(
        sheet,
        named.names if named else {},
        themes.names if themes else {},
        stood.stations if stood else (),
    )


def title(sheet: Sheet, tongue: Tongue) -> Arg:
    """What an action is called."""
    return said(sheet[Section.TITLE], tongue) if sheet.get(Section.TITLE) else Key("action.untitled")


def in_short(action: Action, known: Shown, tongue: Tongue) -> Lines:
    """What matters most, in a few lines."""
    return Lines(tuple(_lines(action, known, tongue, IN_SHORT)))


def in_full(action: Action, known: Shown, tongue: Tongue) -> Lines:
    """All that there is to read."""
    return Lines(tuple(_lines(action, known, tongue, Section)))


def news(action: Action | None, new: Collection[str], sheet: Sheet, tongue: Tongue) -> Lines:
    """What those read who follow an action: where it stands, and what there is new to read about it.

    action  None: the person does not see it any more
    new     some of NEWS
    """
    lines = [_status(action)] if action is not None else []
    if Section.RESULTS in new and sheet.get(Section.RESULTS):
        lines.append(_part(Section.RESULTS, sheet, tongue))
    if FINDINGS in new:
        lines.append(Key("push.progress.findings"))
    return Lines(tuple(lines))


def _status(action: Action) -> Key:
    return Key("action.status", {"status": _name(action.progress)})


def _name(progress: Progress) -> Key:
    return Key(f"action.progress.{progress}")


def _stood(action: Action, stations: Sequence[Station]) -> Iterator[Key]:
    """Where it stands and since when, and where it stood before, the newest first."""
    if not stations:
        yield _status(action)
        return
    now, *earlier = stations
    yield Key("action.status_on", {"status": _name(action.progress), "on": now.on})
    if earlier:
        lines = (Key("action.stood", {"on": each.on, "status": _name(each.progress)}) for each in earlier)
        yield Key("action.stood_before", {"lines": Lines(tuple(lines)[:EARLIER])})


def _part(part: Section, sheet: Sheet, tongue: Tongue) -> Key:
    return Key("action.part", {"part": Key(f"action.part.{part}"), "text": live(sheet[part], tongue)})


def _lines(action: Action, known: Shown, tongue: Tongue, parts: Iterable[Section]) -> Iterator[Key]:
    yield Key("action.title", {"title": title(known.sheet, tongue)})
    yield from _stood(action, known.stations)
    if action.theme:
        yield Key("action.theme", {"theme": known.themes.get(action.theme) or action.theme})
    for part in parts:
        if part is not Section.TITLE and known.sheet.get(part):
            yield _part(part, known.sheet, tongue)
    if action.components:
        called = (known.components.get(code) or code for code in action.components)
        names = Lines(tuple(Key("action.component", {"name": name}) for name in called))
        yield Key("action.components", {"names": names})
    if action.wanted:
        kinds = (Key(f"give.kind.{giving}") for giving in action.wanted)
        listed = Lines(tuple(Key("action.component", {"name": kind}) for kind in kinds))
        yield Key("action.wanted", {"kinds": listed})
