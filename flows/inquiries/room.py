"""An inquiry in the room of those who coordinate: all of them see it, one takes it there."""

from dataclasses import dataclass
from typing import Final

from flows.inquiries.inquiries import Exchange, Line, State, TakeInquiry, Taken, Whose, written
from flows.moves import Choice, Flow, Key, Say, do, glance, look
from flows.panels.rooms import Board, Button, in_room
from flows.people.roles import Permission

HANDLER: Final = "inquiry"
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
            lines = written(posted.lines, by_asker="inquiry.line.asker", by_person="inquiry.line.person")
            return Board(key, (Button(HANDLER, posted.inquiry, TAKE),), lines=lines)
        case State.TAKEN:
            return Board("inquiry.room.taken", (), name=posted.name)
        case State.CLOSED:
            return Board("inquiry.room.over", ())


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
