"""Standing in: asking for somebody in one's place, being asked, and taking a post over."""

from typing import Final

from flows.moves import Choice, Flow, Key, Say, do
from flows.occasions.occasions import Occasion
from flows.occasions.posts import KeepPost, RefuseToStandIn, SeekStandIn, StandIn, StoodIn
from flows.occasions.registration import ask_who_helps

SEEK: Final = Choice("seek", Key("activity.seek"))
KEEP: Final = Choice("keep", Key("activity.keep"))


def seek(occasion: Occasion) -> Flow[None]:
    """A citizen asks for somebody in their place; until somebody accepts, it stays theirs."""
    came = yield from do(SeekStandIn(occasion.id))
    yield Say(f"activity.seeking.{came}")


def keep(occasion: Occasion) -> Flow[None]:
    """A citizen can come after all, unless somebody has taken their post already."""
    kept = yield from do(KeepPost(occasion.id))
    yield Say("activity.kept" if kept else "activity.relieved")


def stand_in(occasion: int, post: int) -> Flow[None]:
    """A citizen takes a post over; who is not the first is told so.

    post  its number

    the post -> questions of who plans it
    """
    came = yield from do(StandIn(occasion, post))
    yield Say(f"activity.stood_in.{came}")
    if came is StoodIn.TAKEN:
        yield from ask_who_helps(occasion)


def refuse(occasion: int) -> Flow[None]:
    """A citizen who was asked does not want to stand in at that date."""
    yield from do(RefuseToStandIn(occasion))
    yield Say("activity.refused")
