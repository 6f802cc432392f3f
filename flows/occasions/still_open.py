"""Whether an occasion can be answered to still, for who is asked several things about it in a row."""

from dataclasses import dataclass

from flows.moves import Flow, Known, Say, look
from flows.occasions.occasions import Answered


@dataclass(frozen=True, slots=True)
class Closed(Known):
    """Whether an occasion can be answered to; looked at with its id."""

    why: Answered | None  # what an answer would come to: OVER, CANCELLED or GONE; None: it can


def still_open(occasion: int, answered: str = "meeting.answered") -> Flow[bool]:
    """Whether the person can answer to it; who cannot (any more) is told why.

    answered  what the keys begin with that say it
    """
    closed = yield from look(Closed, occasion)
    if closed.why is not None:
        yield Say(f"{answered}.{closed.why}")
    return closed.why is None
