"""How a pilot action reads, the same for whoever plans it as for those whom it is for."""

from collections.abc import Iterable, Iterator, Mapping

from flows.actions.actions import IN_SHORT, Action, Section
from flows.moves import Arg, Key, Lines, Names
from flows.occasions.sheet import Tongue, said

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


def _lines(
    action: Action, sheet: Sheet, components: Mapping[str, Names], tongue: Tongue, parts: Iterable[Section]
) -> Iterator[Key]:
    yield Key("action.title", {"title": title(sheet, tongue)})
    yield Key("action.status", {"status": Key(f"action.progress.{action.progress}")})
    for part in parts:
        if part is not Section.TITLE and sheet.get(part):
            yield Key("action.part", {"part": Key(f"action.part.{part}"), "text": said(sheet[part], tongue)})
    if action.components:
        called = (components.get(code) or code for code in action.components)
        names = Lines(tuple(Key("action.component", {"name": name}) for name in called))
        yield Key("action.components", {"names": names})
    if action.wanted:
        kinds = (Key(f"give.kind.{giving}") for giving in action.wanted)
        listed = Lines(tuple(Key("action.component", {"name": kind}) for kind in kinds))
        yield Key("action.wanted", {"kinds": listed})
