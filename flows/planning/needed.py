"""What something planned needs of what people can give: time, a tool, a room, a skill."""

from dataclasses import dataclass
from typing import Final

from flows.actions.gifts import Cause, Giving, Want
from flows.moves import Choice, Flow, Key, Known, do, labelled, look, pick
from flows.people.roles import Scope

DONE: Final = Choice("done", Key("needed.done"))


@dataclass(frozen=True, slots=True)
class Needed(Known):
    """The kinds of gifts that something planned needs; looked at with its cause."""

    kinds: tuple[Giving, ...]


def ask_needed(where: Scope, cause: Cause) -> Flow[None]:
    """Which kinds it needs: pressed once it does, pressed again it does not."""
    while True:
        needed = (yield from look(Needed, cause)).kinds
        picked = yield from pick("needed.which", (*_ticked(needed), DONE), back=False)
        if picked == DONE.value:
            return
        giving = Giving(picked)
        yield from do(Want(where, cause, giving, giving not in needed))


def _ticked(needed: tuple[Giving, ...]) -> tuple[Choice, ...]:
    return tuple(
        Choice(each.value, Key("choice.ticked", {"choice": each.label})) if each.value in needed else each
        for each in labelled("give.kind", Giving)
    )
