"""The three colleges of a panel: which they are, and to which of them a member belongs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Final

from flows.moves import Arg, Choice, Flow, Key, Known, Names, Placed, look, pick
from flows.people.roles import Permission, Scope

USUAL: Final = ("citizens", "associations", "institutions")
"""Colleges that have a name in every language; others have one where their territory's file gives it."""

LATER: Final = Choice("-", Key("college.later"))


@dataclass(frozen=True, slots=True)
class College:
    """One of the three."""

    slug: str
    names: Names = field(default_factory=dict)  # by language, from the territory's file; {}: none there

    @property
    def called(self) -> Arg:
        """What it is called."""
        if self.names or self.slug not in USUAL:
            return self.names or self.slug
        return Key(f"college.{self.slug}")


@dataclass(frozen=True, slots=True)
class Colleges(Known):
    """The colleges of the panel of a territory, in their order; none where it has no panel."""

    colleges: tuple[College, ...]


@dataclass(frozen=True, slots=True)
class AssignCollege(Placed[bool]):
    """A member of the panel of that scope is of another college. False: their role has ended meanwhile."""

    needs: ClassVar[Permission | None] = Permission.GRANT_ROLES

    id: int  # of the role
    college: str | None  # slug; None: it is not said yet


def which_college(where: Scope) -> Flow[str | None]:
    """The college of a member of the panel there; None: to be said later."""
    there = yield from look(Colleges, where)
    if not there.colleges:
        return None
    picked = yield from pick("college.ask", (*choices(there.colleges), LATER))
    return None if picked == LATER.value else picked


def choices(colleges: Iterable[College]) -> Iterable[Choice]:
    """The colleges as they can be chosen."""
    return (Choice(college.slug, college.called) for college in colleges)
