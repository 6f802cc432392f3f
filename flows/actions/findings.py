"""What came of the feedback to an action: figures about many, given back to those who gave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.actions.actions import ComponentNames
from flows.actions.feedback import Steps, title_of
from flows.actions.impact import Scale
from flows.moves import Arg, Flow, Key, Known, Lines, Names, Say, glance, look
from flows.small_cells import SMALLEST


class Cell(StrEnum):
    """Whose scores a figure is about; besides there is one for each side, by the side's name."""

    ALL = "all"
    BEFORE = "before"  # what those said first who answered in this wave, too
    AFTER = "after"  # in this wave, of the same


@dataclass(frozen=True, slots=True)
class Figure:
    """A count and a mean."""

    people: int
    mean: float  # of the scale's values


@dataclass(frozen=True, slots=True)
class Findings(Known):
    """What may be shown of the last wave that was closed; looked at with an action's id."""

    wave: int | None  # None: none was closed yet
    components: tuple[str, ...] = ()  # codes, in order
    figures: Mapping[str, Mapping[str, Figure]] | None = None  # by component and cell, without hidden ones
    smallest: int = SMALLEST  # people of whom a figure is told, at the least

    def figure(self, component: str, cell: str) -> Figure | None:
        """One figure, if it may be shown."""
        return (self.figures or {}).get(component, {}).get(cell)


def findings(action: int) -> Flow[None]:
    """Say what came of the last wave of feedback to an action, and how that is to be read."""
    found = yield from look(Findings, action)
    if found.wave is None:
        yield Say("findings.none")
        return
    title = yield from title_of(action)
    names = yield from glance(ComponentNames)
    steps = yield from glance(Steps, action, found.wave)
    scale = steps.scale if steps else Scale("")
    called = names.names if names else {}
    lines = [line for code in found.components for line in _lines(found, code, called.get(code), scale)]
    yield Say("findings.all", title=title, n=found.wave, lines=Lines(tuple(lines)), smallest=found.smallest)


def _lines(found: Findings, code: str, name: Names | None, scale: Scale) -> list[Key]:
    """What can be said of one component."""
    component: Arg = name or code
    whole = found.figure(code, Cell.ALL)
    before, after = found.figure(code, Cell.BEFORE), found.figure(code, Cell.AFTER)
    lines = []
    if whole is None:
        lines.append(Key("findings.hidden", {"component": component}))
    else:
        step, mean = _nearest(whole.mean, scale), whole.mean
        args: dict[str, Arg] = {"component": component, "step": step, "mean": mean, "n": whole.people}
        lines.append(Key("findings.line", args))
    if before is not None and after is not None:
        lines.append(Key("findings.change", {"n": after.people, "before": before.mean, "after": after.mean}))
    return lines


def _nearest(mean: float, scale: Scale) -> Names:
    """The step of the scale that is nearest, the milder one of two."""
    value = min(scale.steps, key=lambda step: (abs(step - mean), abs(step)), default=0)
    return scale.steps.get(value, {})
