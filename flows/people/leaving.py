"""Leaving: no more messages, or nothing kept at all."""

from enum import StrEnum

from flows.conversations import REST, Next, conversation
from flows.moves import Flow, Say, choose, do
from flows.people.person import Forget, StopPushes


class Sure(StrEnum):
    """Whether to go through with what cannot be undone."""

    ERASE = "erase"
    KEEP = "keep"


@conversation("stop", command="stop", before_consent=True)
def stop() -> Flow[Next]:
    """A person wants no more messages; what they said stays."""
    yield from do(StopPushes())
    yield Say("stop.done")
    return REST


@conversation("forget", command="forget", menu=50, before_consent=True)
def forget() -> Flow[Next]:
    """A person has everything kept about them erased, once they have said so twice.

    what will be gone -> that it is for good -> gone
    """
    sure = yield from choose("forget.ask", Sure)
    if sure is Sure.ERASE:
        sure = yield from choose("forget.sure", Sure)
    if sure is Sure.KEEP:
        yield Say("forget.kept")
        return None
    yield from do(Forget())
    yield Say("forget.done")
    return REST
