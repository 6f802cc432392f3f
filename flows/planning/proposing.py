"""Changes of what people see: proposed one after the other, carried out together once they were looked at."""

from dataclasses import dataclass
from typing import ClassVar

from flows.moves import Known, Placed
from flows.people.roles import Permission


@dataclass(frozen=True, slots=True)
class Proposals(Known):
    """What the person has proposed about something and not carried out; looked at with its scope and id."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    waiting: int  # changes
    impossible: int = 0  # of these, now


@dataclass(frozen=True, slots=True)
class ToBeTold(Known):
    """How many people are told soon of a change; looked at with the scope and id, after that change."""

    needs: ClassVar[Permission | None] = Permission.PLAN

    people: int


@dataclass(frozen=True, slots=True)
class CarryOut(Placed[int]):
    """Carry out what the person has proposed about something; returns how many changes could not be.

    They end at the first of which something else would come than was foreseen: others may rest on it.
    """

    needs: ClassVar[Permission | None] = Permission.PLAN
    final: ClassVar[bool] = True

    about: int


@dataclass(frozen=True, slots=True)
class GiveUp(Placed[None]):
    """Forget what the person has proposed about something."""

    needs: ClassVar[Permission | None] = Permission.PLAN
    final: ClassVar[bool] = True

    about: int
