"""An inquiry in the room of those who coordinate: all of them see it, one takes it there."""

from dataclasses import dataclass, replace
from typing import Final

from flows.inquiries.inquiries import Exchange, Line, State, TakeInquiry, Taken, Whose, written
from flows.moves import Choice, Flow, Key, Lines, Say, do, glance, look
from flows.panels.rooms import Board, Button, in_room
from flows.people.roles import Permission

HANDLER: Final = "inquiry"
MOST: Final = 1500
"""Characters of what was written that stand in a room: a message has room for them whatever they grow to in
being shown. The rest comes in private to whoever takes it."""

TAKE: Final = Choice("take", Key("inquiry.take"))


@dataclass(frozen=True, slots=True)
class Posted:
    """What a message in a room has to say of an inquiry."""

    inquiry: int
    state: State
    name: str = ""  # of who has taken it
    is_late: bool = False  # nobody has answered for long
    lines: tuple[Line, ...] = ()  # while nobody has taken it; afterwards its words are gone from the room


def board(posted: Posted) -> Board:
    """The message."""
    match posted.state:
        case State.WAITING:
            key = "inquiry.room.late" if posted.is_late else "inquiry.room.waiting"
            return Board(key, (Button(HANDLER, posted.inquiry, TAKE),), lines=beginning(posted.lines))
        case State.TAKEN:
            return Board("inquiry.room.taken", (), name=posted.name)
        case State.CLOSED:
            return Board("inquiry.room.over", ())


def beginning(lines: tuple[Line, ...]) -> Lines:
    """What was written, as far as a room has place for it; what is cut is marked, and said to be."""
    kept: list[Line] = []
    left = MOST
    for line in lines:
        text = cut(line.text, left if line.translation is None else left // 2)
        left -= len(text)
        made = None if line.translation is None else cut(line.translation, left)
        left -= len(made or "")
        kept.append(replace(line, text=text, translation=made))
        if left <= 0:
            break
    said = written(tuple(kept), by_asker="inquiry.line.asker", by_person="inquiry.line.person")
    return said if tuple(kept) == lines else Lines((*said.texts, Key("inquiry.line.more")))


def cut(text: str, most: int) -> str:
    """A text, or its beginning with three dots."""
    return text if len(text) <= most else f"{text[: max(0, most)].rstrip()}\N{HORIZONTAL ELLIPSIS}"


@in_room(HANDLER, needs=Permission.ATTEND_INQUIRIES)
def take_in_room(inquiry: int, choice: str) -> Flow[None]:
    """Somebody takes it, unless somebody else was faster; the words come to them in private."""
    whose = yield from look(Whose, inquiry)
    if choice != TAKE.value or whose.state is State.CLOSED:
        yield Say("inquiry.gone")
        return
    taken = yield from do(TakeInquiry(whose.where, inquiry, elsewhere=True))
    if taken is Taken.OTHERS:
        known = yield from glance(Exchange, whose.where, inquiry)
        yield Say("inquiry.taken.others", name=known.name if known else "")
    else:
        yield Say("inquiry.taken.mine")
