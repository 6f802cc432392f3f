"""Wanting another post of a date than the one somebody waits for, or is kept: there one has one at a time."""

from typing import Final

from flows.moves import Choice, Flow, Key, glance, look, pick
from flows.occasions.occasions import Sheets, Standing
from flows.occasions.sheet import name_of_post
from flows.occasions.still_open import still_open
from flows.planning.drafting import OwnTongue

SWAP: Final = Choice("swap", Key("activity.instead.swap"))
STAY: Final = Choice("stay", Key("activity.instead.stay"))


def swaps(occasion: int, standing: Standing, had: int, wanted: int) -> Flow[bool]:
    """Whether somebody wants a post though they lose their place in line for another one, or an offer of it.

    standing, had  what they have there, and of which post, by its number
    wanted         the number of the one they want

    Not asked where they have a post: the button says that they swap it.
    """
    if had == wanted or standing not in (Standing.WAITING, Standing.OFFERED):
        return True
    if not (yield from still_open(occasion, "activity.answered")):
        return False
    own = yield from look(OwnTongue)
    words = yield from glance(Sheets, (occasion,))
    name = name_of_post(had, words.by_id.get(str(occasion)) if words else None, own.tongue)
    waits = standing is Standing.WAITING
    key = "activity.instead.waiting" if waits else "activity.instead.offered"
    return (yield from pick(key, (SWAP, STAY), post=name)) == SWAP.value
