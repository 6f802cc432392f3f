"""Answering inquiries, for those who coordinate a territory: taking one, writing back, handing it over."""

from typing import Final

from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, place_of, somewhere
from flows.events import Wrote
from flows.inquiries.inquiries import (
    Answered,
    AnswerInquiry,
    CloseInquiry,
    Exchange,
    HandOver,
    Inquiries,
    Inquiry,
    InquiryWords,
    State,
    TakeInquiry,
    Taken,
    written,
)
from flows.moves import Ask, Choice, Flow, Key, Reading, Say, do, glance, look, pick
from flows.paging import Leaf, Listing, one_of_many
from flows.people.roles import EVERYWHERE, Permission, Role, Scope, Spot
from flows.people.team import Reach, Team, TeamNames, own_name
from flows.words.rewording import shortened
from flows.words.statements import said_in

TAKE: Final = Choice("take", Key("inquiry.take"))
ANSWER: Final = Choice("answer", Key("inquiry.answer_it"))
HAND_OVER: Final = Choice("hand-over", Key("inquiry.give_away"))
CLOSE: Final = Choice("close", Key("inquiry.close"))
TO_ALL: Final = Choice("all", Key("inquiry.to_all"))
NO_MORE: Final = Choice("none", Key("inquiry.no_last_word"))
NOT_NOW: Final = Choice("later", Key("inquiry.not_now"))


@conversation("inquiries", desk=68, needs=Permission.ATTEND_INQUIRIES)
def attending() -> Flow[Next]:
    """A person who coordinates answers those who asked for one.

    where -> what is open -> one of them -> take it, answer, hand it over, close it -> the list again
    """
    reach = yield from look(Reach, Permission.ATTEND_INQUIRIES)
    spots = [one for one in reach.spots if one.where != EVERYWHERE]
    spot = yield from somewhere("inquiries.where", spots)
    leaf = Leaf()
    while (picked := (yield from which(spot, leaf))) is not None:
        yield from attend(spot.where, picked.id)
    return DESK


def which(spot: Spot, leaf: Leaf) -> Flow[Inquiry | None]:
    """One of the open inquiries; None for none of them."""

    def list_now() -> Flow[Listing[Inquiry]]:
        there = yield from look(Inquiries, spot.where)
        known = yield from glance(InquiryWords, spot.where)

        def line(number: int, one: Inquiry) -> Key:
            text = shortened(known.texts.get(str(one.id), "")) if known else ""
            name = known.names.get(str(one.id), "") if known else ""
            state = Key(f"inquiries.state.{'mine' if one.is_mine else one.state}", {"name": name})
            return Key("inquiries.line", {"number": number, "words": text, "state": state})

        return Listing(there.inquiries, line)

    about = place_of(spot)
    nothing = Say("inquiries.none", about=about)
    return (yield from one_of_many("inquiries.list", list_now, nothing, leaf=leaf, about=about))


def attend(where: Scope, inquiry: int) -> Flow[None]:
    """One inquiry: what was written, and what can be done about it, until the person goes back."""
    while True:
        there = yield from look(Inquiries, where)
        one = next((each for each in there.inquiries if each.id == inquiry), None)
        if one is None:
            yield Say("inquiry.gone")
            return
        match (yield from pick_what(where, one)):
            case TAKE.value:
                yield from take(where, inquiry)
            case ANSWER.value:
                yield from answer(where, inquiry)
            case HAND_OVER.value:
                yield from hand_over(where, inquiry)
            case CLOSE.value:
                if (yield from close(where, inquiry)):
                    return
            case _:
                return


def pick_what(where: Scope, one: Inquiry) -> Flow[str]:
    """What was written, and what the person wants to do about it."""
    known = yield from glance(Exchange, where, one.id)
    lines = written(
        known.lines if known else (), by_asker="inquiry.line.asker", by_person="inquiry.line.person"
    )
    state = Key(
        f"inquiries.state.{'mine' if one.is_mine else one.state}", {"name": known.name if known else ""}
    )
    choices: tuple[Choice, ...] = (ANSWER, HAND_OVER, CLOSE) if one.is_mine else ()
    if one.state is State.WAITING:
        choices = (TAKE,)
    return (yield from pick("inquiry.one", (*choices, TO_LIST), back=False, state=state, lines=lines))


def take(where: Scope, inquiry: int) -> Flow[None]:
    """Take it, unless somebody else was faster."""
    taken = yield from do(TakeInquiry(where, inquiry))
    if taken is Taken.OTHERS:
        known = yield from glance(Exchange, where, inquiry)
        yield Say("inquiry.taken.others", name=known.name if known else "")
    elif taken is not Taken.GONE:  # that is said by whoever looks again
        yield Say("inquiry.taken.mine")


def answer(where: Scope, inquiry: int) -> Flow[None]:
    """Write back once: what is written later goes to nobody unless it is asked for again."""
    name = yield from own_name()

    def read(words: Wrote) -> Reading:
        return AnswerInquiry(where, inquiry, said_in(words))

    answered: Answered | str = yield Ask(
        "inquiry.answer",
        {"name": name},
        (NOT_NOW,),
        reads=read,
        does=AnswerInquiry,
        numbered=False,
        back=False,
    )
    if isinstance(answered, Answered):
        yield Say(f"inquiry.answered.{answered}")


def close(where: Scope, inquiry: int) -> Flow[bool]:
    """Close it, with a last word or without; returns whether it was closed."""
    name = yield from own_name()

    def read(words: Wrote) -> Reading:
        return AnswerInquiry(where, inquiry, said_in(words), last=True)

    answered: Answered | str = yield Ask(
        "inquiry.last_word", {"name": name}, (NO_MORE, NOT_NOW), reads=read, does=AnswerInquiry, back=False
    )
    if answered == NOT_NOW.value:
        return False
    if answered == NO_MORE.value:
        answered = yield from do(CloseInquiry(where, inquiry))
    if answered is Answered.GONE:
        return False  # that is said by whoever looks again
    yield Say("inquiry.closed")
    return True


def hand_over(where: Scope, inquiry: int) -> Flow[None]:
    """Give it to somebody else who coordinates the territory, or back to all of them."""
    team = yield from look(Team, where)
    others = [one for one in team.members if one.role is Role.TERRITORY and not one.is_me]
    known = yield from glance(TeamNames, where)
    names = known.names if known else {}
    colleagues = (Choice(str(number), names.get(str(one.id), "")) for number, one in enumerate(others))
    picked = yield from pick("inquiry.to_whom", (*colleagues, TO_ALL, NOT_NOW), back=False)
    if picked == NOT_NOW.value:
        return
    to = None if picked == TO_ALL.value else others[int(picked)].id
    handed = yield from do(HandOver(where, inquiry, to))
    yield Say("inquiry.handed_over" if handed else "inquiry.not_handed_over")
