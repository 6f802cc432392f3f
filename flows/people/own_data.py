"""Everything that is kept about a person, as a file that another program can read."""

from dataclasses import dataclass

from flows.files import DataFile, Hand
from flows.moves import Flow, Passing, glance


@dataclass(frozen=True, slots=True)
class OwnData(Passing):
    """All that there is about the person, made at the moment of looking."""

    file: DataFile


def hand_over_everything() -> Flow[None]:
    """The file, at once."""
    own = yield from glance(OwnData)
    if own is not None:
        yield Hand("mydata.file", own.file)
