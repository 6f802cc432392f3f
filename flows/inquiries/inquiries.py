"""Inquiries: a citizen's question for a person, and what both write to each other.

Words are looked at only in the present, so no log keeps them. Who asks is known to nobody who answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, TypeVar

from flows.moves import Arg, Effect, Key, Known, Lines, Live, Names, Passing, Placed, Tag
from flows.people.roles import EVERYWHERE, Permission, Scope
from flows.words.statements import Words

R = TypeVar("R")

SHOWN: Final = 6
"""So many of the last messages are shown when somebody looks at an inquiry."""

LIVE: Final = timedelta(hours=1)
"""So long after their last message somebody waits for the answer, and is told of it in quiet hours, too.

Whoever writes at night is awake; after an hour without an answer they may have gone to bed.
"""


class State(StrEnum):
    """Where an inquiry stands."""

    WAITING = "waiting"  # for somebody to take it
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Office(Known):
    """Who answers in the person's territory, and when they are likely to be there."""

    territory: Names
    opens: datetime | None  # aware UTC, the next time; None: nobody says when
    closes: datetime | None
    is_open: bool
    translates: bool  # a machine can translate what is written
    left: int  # how many more inquiries the person can have open


@dataclass(frozen=True, slots=True)
class OwnInquiry:
    """One inquiry of the person."""

    id: int
    state: State
    asked_at: datetime  # aware UTC
    is_answered: bool  # the last word is not the person's own
    reopens_until: datetime | None  # aware UTC; None: it is open, or closed for good


@dataclass(frozen=True, slots=True)
class OwnInquiries(Known):
    """All of them, the newest first."""

    inquiries: tuple[OwnInquiry, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One message of an inquiry as its reader sees it."""

    is_asker: bool  # written by whoever asks
    name: str  # by which others with a role know whoever answers; empty for who asks
    text: str
    language: str | Tag  # it is written in, as far as that is known; one of ours by its own name
    translation: str | None  # by a machine
    is_untranslated: bool  # a translation was wanted, and could not be had


@dataclass(frozen=True, slots=True)
class OwnExchange(Passing):
    """The last messages of one inquiry of the person; looked at with its id."""

    lines: tuple[Line, ...]
    name: str  # of who has taken it; empty: nobody, or they are gone


@dataclass(frozen=True, slots=True)
class OwnFirstWords(Passing):
    """What each inquiry of the person begins with, by id."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AskPerson(Effect[int | None]):
    """Ask those who coordinate the person's territory; the result is the inquiry, None: too many are open."""

    final: ClassVar[bool] = True

    words: Words
    translate: bool  # whether the person wants the exchange to be translated by a machine


@dataclass(frozen=True, slots=True)
class SayMore(Effect[bool]):
    """Add a message to one's own inquiry; False where it is closed or gone."""

    final: ClassVar[bool] = True

    inquiry: int
    words: Words


@dataclass(frozen=True, slots=True)
class CloseOwn(Effect[None]):
    """Close one's own inquiry: it is answered, or needs no answer any more."""

    final: ClassVar[bool] = True

    inquiry: int


@dataclass(frozen=True, slots=True)
class Reopen(Effect[bool]):
    """Open one's own inquiry once more; False where it has been closed for too long, or too many are open."""

    final: ClassVar[bool] = True

    inquiry: int


@dataclass(frozen=True, slots=True)
class WithdrawInquiry(Effect[None]):
    """Delete one's own inquiry with everything that was written there."""

    final: ClassVar[bool] = True

    inquiry: int


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One open inquiry, without words and without who asks."""

    id: int
    state: State
    is_mine: bool  # taken by the person who looks
    waits_since: datetime | None  # aware UTC; None: the last word is that of whoever answers


@dataclass(frozen=True, slots=True)
class Inquiries(Known):
    """The open inquiries of a territory: what waits longest first."""

    needs: ClassVar[Permission | None] = Permission.ATTEND_INQUIRIES

    inquiries: tuple[Inquiry, ...]


@dataclass(frozen=True, slots=True)
class InquiryWords(Passing):
    """What each of them begins with, and who has taken it; by id."""

    needs: ClassVar[Permission | None] = Permission.ATTEND_INQUIRIES

    texts: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exchange(Passing):
    """The last messages of one inquiry; looked at with its territory and its id."""

    needs: ClassVar[Permission | None] = Permission.ATTEND_INQUIRIES

    lines: tuple[Line, ...]
    name: str  # of who has taken it


@dataclass(frozen=True, slots=True)
class Whose(Known):
    """What an inquiry is to the person; looked at with its id. One that is gone is closed, too."""

    where: Scope = EVERYWHERE
    state: State = State.CLOSED
    asks: bool = False
    attends: bool = False


@dataclass(frozen=True, slots=True)
class NewLines(Passing):
    """What is to be passed on to the person of one inquiry, oldest first; looked at with its id."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PassOn(Effect[None]):
    """What `NewLines` shows has been passed on to the person."""

    inquiry: int


class Taken(StrEnum):
    """What came of taking an inquiry."""

    TAKEN = "taken"
    MINE = "mine"  # already
    OTHERS = "others"  # somebody was faster
    GONE = "gone"  # closed or withdrawn meanwhile


@dataclass(frozen=True, slots=True)
class Attend(Placed[R]):
    """A change of one inquiry, looked for in that territory alone."""

    needs: ClassVar[Permission | None] = Permission.ATTEND_INQUIRIES

    inquiry: int


@dataclass(frozen=True, slots=True)
class TakeInquiry(Attend[Taken]):
    """Take an inquiry: from then on the person answers it."""

    elsewhere: bool = False  # taken where its words are not read: they are sent to the person


class Answered(StrEnum):
    """What came of answering."""

    PASSED = "passed"
    KEPT = "kept"  # whoever asked cannot be told now, and finds it when they come back
    GONE = "gone"  # closed or withdrawn, or not the person's any more


@dataclass(frozen=True, slots=True)
class AnswerInquiry(Attend[Answered]):
    """Write to whoever asked, by the name others with a role know the person by."""

    final: ClassVar[bool] = True

    words: Words
    last: bool = False  # it is closed with these words


@dataclass(frozen=True, slots=True)
class CloseInquiry(Attend[Answered]):
    """Close an inquiry without another word."""

    final: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class HandOver(Attend[bool]):
    """Give an inquiry to somebody else, or back to all; False where it was not the person's, or they left."""

    final: ClassVar[bool] = True

    to: int | None  # id of the role of who gets it; None: whoever takes it


def written(lines: tuple[Line, ...], *, by_asker: str, by_person: str) -> Lines:
    """An exchange as it is read: the words as they were written, and below them what a machine made of them.

    by_asker, by_person  keys of the lines of either side
    """
    texts: list[Key] = []
    for line in lines:
        words = line.text if line.is_asker else Live(line.text)
        args: dict[str, Arg] = {"name": line.name, "words": words, "language": line.language}
        texts.append(Key(by_asker if line.is_asker else by_person, args))
        if line.translation is not None:
            made = line.translation if line.is_asker else Live(line.translation)
            texts.append(Key("inquiry.line.translation", {"words": made}))
        elif line.is_untranslated:
            texts.append(Key("inquiry.line.untranslated"))
    return Lines(tuple(texts))
