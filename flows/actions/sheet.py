"""How a pilot action reads, the same for whoever plans it as for those whom it is for."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from flows.actions.actions import FINDINGS, IN_SHORT, Action, Section
from flows.moves import Arg, Key, Lines, Names
from flows.occasions.sheet import Tongue, live, said

Sheet = Mapping[str, Names]
"""What is written of an action, by part."""


def title(sheet: Sheet, tongue: Tongue) -> Arg:
    """What an action is called."""
    return said(sheet[Section.TITLE], tongue) if sheet.get(Section.TITLE) else Key("action.untitled")


def in_short(action: Action, sheet: Sheet, components: Mapping[str, Names], tongue: Tongue) -> Lines:
    """What matters most, in a few lines."""
    return Lines(tuple(_lines(action, sheet, components, tongue, IN_SHORT)))


def in_full(action: Action, sheet: Sheet, components: Mapping[str, Names], tongue: Tongue) -> Lines:
    """All that there is to read."""
    return Lines(tuple(_lines(action, sheet, components, tongue, Section)))


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
    return Key("action.status", {"status": Key(f"action.progress.{action.progress}")})


def _part(part: Section, sheet: Sheet, tongue: Tongue) -> Key:
    return Key("action.part", {"part": Key(f"action.part.{part}"), "text": live(sheet[part], tongue)})


def _lines(
    action: Action, sheet: Sheet, components: Mapping[str, Names], tongue: Tongue, parts: Iterable[Section]
) -> Iterator[Key]:
    yield Key("action.title", {"title": title(sheet, tongue)})
    yield _status(action)
    for part in parts:
        if part is not Section.TITLE and sheet.get(part):
            yield _part(part, sheet, tongue)
    if action.components:
        called = (components.get(code) or code for code in action.components)
        names = Lines(tuple(Key("action.component", {"name": name}) for name in called))
        yield Key("action.components", {"names": names})
    if action.wanted:
        kinds = (Key(f"give.kind.{giving}") for giving in action.wanted)
        listed = Lines(tuple(Key("action.component", {"name": kind}) for kind in kinds))
        yield Key("action.wanted", {"kinds": listed})
