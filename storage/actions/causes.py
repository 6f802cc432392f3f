"""What people give for: each sort of what is planned signs in with how it is found and what it is called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from flows.actions.gifts import Cause, Sake
from flows.moves import Names
from flows.people.roles import Scope
from storage.unit import Unit


class Plans(Protocol):
    """One sort of what is planned."""

    def open_within(self, unit: Unit, where: Scope) -> Sequence[int]:
        """The ids of those within a scope that can still use something, the newest first."""

    def lies_in(self, unit: Unit, id: int, where: Scope) -> bool:
        """Whether one of them is there, and of exactly that scope or within it."""

    def titles(self, unit: Unit, ids: Sequence[int]) -> Mapping[int, Names]:
        """What those are called; of what has no title, nothing."""


_plans: Final[dict[Sake, Plans]] = {}


def sign_in(sake: Sake, plans: Plans) -> None:
    """From now on gifts can be given for plans of this sort."""
    _plans[sake] = plans


def open_causes(unit: Unit, where: Scope) -> tuple[Cause, ...]:
    """Everything within a scope that can still use something and has a title."""
    found = [
        Cause(sake, id) for sake, plans in sorted(_plans.items()) for id in plans.open_within(unit, where)
    ]
    named = titles(unit, found)
    return tuple(cause for cause in found if cause in named)


def lies_in(unit: Unit, cause: Cause, where: Scope) -> bool:
    """Whether a cause is there, and in that scope."""
    return cause.sake in _plans and _plans[cause.sake].lies_in(unit, cause.id, where)


def titles(unit: Unit, causes: Iterable[Cause]) -> dict[Cause, Names]:
    """What causes are called; of what has no title, nothing."""
    ids: dict[Sake, list[int]] = {}
    for cause in causes:
        ids.setdefault(cause.sake, []).append(cause.id)
    return {
        Cause(sake, id): names
        for sake, some in ids.items()
        if sake in _plans
        for id, names in _plans[sake].titles(unit, some).items()
    }
