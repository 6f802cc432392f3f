"""What is kept of a person's answers to meetings and activities, shown to them; they can withdraw it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flows.choices import TO_OWN_LIST
from flows.moves import Choice, Flow, Key, Known, Lines, Names, Passing, Say, do, glance, look, pick
from flows.occasions.afterwards import Aftermath, WithdrawEvaluation
from flows.occasions.lists import one_listed
from flows.occasions.occasions import Listed, WithdrawAnswer
from flows.occasions.sheet import in_hours
from flows.paging import Leaf

ANSWER: Final = Choice("answer", Key("mydata.meeting.withdraw_answer"))
WORDS: Final = Choice("words", Key("mydata.meeting.withdraw_words"))


@dataclass(frozen=True, slots=True)
class KeptAnswers(Known):
    """Everything the person has answered to, or said something of, and that is kept still; newest first."""

    occasions: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class OwnNotes(Passing):
    """Their words with an answer, and of the occasion afterwards; looked at with its id."""

    guests: str | None = None
    barrier: str | None = None
    replies: tuple[str, ...] = ()
    rating: Names | None = None  # the step of the scale
    good: str | None = None
    better: str | None = None
    helping: str | None = None
    minutes: int | None = None  # of work


def my_meetings() -> Flow[None]:
    """One's answers, listed, until the person goes back."""
    leaf = Leaf()
    while True:
        picked = yield from one_listed("mydata.meetings", (TO_OWN_LIST,), KeptAnswers, leaf=leaf)
        if not isinstance(picked, Listed):
            return
        yield from one_kept(picked.id)


def one_kept(id: int) -> Flow[None]:
    """What is kept of one, to withdraw it."""
    known = yield from look(Aftermath, id)
    notes = yield from glance(OwnNotes, id)
    lines = Lines(tuple(_lines(notes or OwnNotes())) or (Key("mydata.meeting.no_words"),))
    choices = (ANSWER, WORDS, TO_OWN_LIST) if known.has_said else (ANSWER, TO_OWN_LIST)
    picked = yield from pick("mydata.meeting", choices, back=False, notes=lines)
    if picked == ANSWER.value:
        yield from do(WithdrawAnswer(id))
        yield Say("mydata.meeting.answer_withdrawn")
    elif picked == WORDS.value:
        yield from do(WithdrawEvaluation(id))
        yield Say("mydata.meeting.words_withdrawn")


def _lines(notes: OwnNotes) -> Iterator[Key]:
    if notes.guests:
        yield Key("mydata.meeting.guests", {"words": notes.guests})
    if notes.barrier:
        yield Key("mydata.meeting.barrier", {"words": notes.barrier})
    for reply in notes.replies:
        yield Key("mydata.meeting.reply", {"words": reply})
    if notes.rating:
        yield Key("mydata.meeting.rating", {"rating": notes.rating})
    if notes.good:
        yield Key("mydata.meeting.good", {"words": notes.good})
    if notes.better:
        yield Key("mydata.meeting.better", {"words": notes.better})
    if notes.minutes:
        yield Key("mydata.meeting.hours", {"hours": in_hours(notes.minutes)})
    if notes.helping:
        yield Key("mydata.meeting.helping", {"words": notes.helping})
