"""A deadline: nobody comes to it. People are reminded, say that it is done, or that it is not for them."""

from collections.abc import Iterable
from typing import Final

from flows.moves import Choice, Flow, Key, Say, do, labelled
from flows.occasions.occasions import Answered, AnswerOccasion, Says

ANSWERS: Final[tuple[Choice, ...]] = labelled("deadline.ask", (Says.YES, Says.DONE, Says.NO))
"""What can be said to it: remind me, done, not for me."""

AFTER_REMINDER: Final = ANSWERS[1:]

_SAID: Final = {Says.MAYBE: Says.YES, Says.CANNOT: Says.NO}
"""What is meant by what could be said to it as to a meeting, once."""

_NOT_NOTED: Final = {
    Answered.OVER: "deadline.answered.over",
    Answered.CANCELLED: "push.answered.cancelled",
    Answered.GONE: "meeting.gone",
}


def answer(occasion: int, says: Says) -> Flow[None]:
    """Note what somebody says to it, and tell them whether they will be reminded."""
    answered = yield from do(AnswerOccasion(occasion, says))
    noted = "deadline.answered.yes" if says is Says.YES else "deadline.answered.no_more"
    yield Say(_NOT_NOTED.get(answered, noted))


def own_answer(says: Says) -> Key:
    """A line with what the person has said to it."""
    return Key("deadline.own", {"answer": label(says)})


def label(says: Says) -> Key:
    """What the button says by which that is answered."""
    return Key(f"deadline.ask.{_SAID.get(says, says)}")


def as_of_deadline(said: Iterable[tuple[Says, int]]) -> dict[Says, int]:
    """How many said what to it, in the order of its answers."""
    counts = dict.fromkeys((Says.YES, Says.DONE, Says.NO), 0)
    for says, n in said:
        counts[_SAID.get(says, says)] += n
    return {says: n for says, n in counts.items() if n}
