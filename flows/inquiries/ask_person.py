"""Asking a person: a citizen writes to those who coordinate their territory, and reads what they answer."""

from typing import Final

from flows.choices import CLOSE
from flows.conversations import Next, conversation
from flows.events import Wrote
from flows.inquiries.inquiries import (
    AskPerson,
    CloseOwn,
    Office,
    OwnExchange,
    OwnFirstWords,
    OwnInquiries,
    OwnInquiry,
    Reopen,
    SayMore,
    State,
    WithdrawInquiry,
    written,
)
from flows.moves import Arg, Ask, Choice, Flow, Key, Reading, Say, do, glance, look, pick
from flows.paging import Listing, page_by_page
from flows.words.rewording import shortened
from flows.words.statements import said_in

NEW: Final = Choice("new", Key("ask.new"))
LEAVE: Final = Choice("leave", Key("ask.leave"))
TRANSLATED: Final = Choice("yes", Key("ask.translated"))
AS_WRITTEN: Final = Choice("no", Key("ask.as_written"))
SETTLED: Final = Choice("settled", Key("ask.settled"))
WITHDRAW: Final = Choice("withdraw", Key("ask.withdraw"))
REOPEN: Final = Choice("reopen", Key("ask.reopen"))
DONE: Final = Choice("done", Key("ask.done"))
ERASE: Final = Choice("erase", Key("ask.erase"))
KEEP: Final = Choice("keep", Key("ask.keep"))


@conversation("person", command="ask", menu=36)
def ask_a_person() -> Flow[Next]:
    """A citizen asks a person, or goes on with what they have asked.

    who reads it and when -> whether a machine may translate -> their words -> what happens next -> more words
    """
    picked = yield from which()
    if picked == CLOSE:
        return None
    inquiry = picked.id if isinstance(picked, OwnInquiry) else (yield from ask())
    if inquiry is not None:
        yield from one_own(inquiry)
    return None


def which() -> Flow[OwnInquiry | Choice | None]:
    """One of one's own inquiries, NEW or CLOSE; None: there are none."""

    def list_now() -> Flow[Listing[OwnInquiry]]:
        mine = yield from look(OwnInquiries)
        known = yield from glance(OwnFirstWords)

        def line(number: int, one: OwnInquiry) -> Key:
            text = shortened(known.texts.get(str(one.id), "")) if known else ""
            return Key("ask.line", {"number": number, "words": text, "state": state_of(one)})

        return Listing(mine.inquiries, line)

    return (yield from page_by_page("ask.list", list_now, (NEW, CLOSE)))


def state_of(one: OwnInquiry) -> Key:
    """How an inquiry stands, in a word."""
    if one.state is not State.CLOSED and one.is_answered:
        return Key("ask.state.answered")
    return Key(f"ask.state.{one.state}")


def ask() -> Flow[int | None]:
    """A new inquiry; None where the person left it, or has too many open."""
    office = yield from look(Office)
    if not office.left:
        yield Say("ask.enough")
        return None
    yield Say("ask.who_reads", territory=office.territory)
    translate = False
    if office.translates:
        picked = yield from pick("ask.translate", (TRANSLATED, AS_WRITTEN), columns=2)
        translate = picked == TRANSLATED.value

    def read(words: Wrote) -> Reading:
        return AskPerson(said_in(words), translate)

    asked: int | str | None = yield Ask(
        "ask.words", {"when": likely(office)}, (LEAVE,), reads=read, does=AskPerson
    )
    if isinstance(asked, str):
        yield Say("ask.left")
        return None
    yield Say("ask.enough") if asked is None else Say("ask.asked", when=likely(office))
    return asked


def likely(office: Office) -> Key:
    """When somebody is likely to answer."""
    if office.opens is None or office.closes is None:
        return Key("office.unknown")
    if office.is_open:
        return Key("office.open", {"closes": office.closes})
    return Key("office.closed", {"opens": office.opens})


def one_own(inquiry: int) -> Flow[None]:
    """One of one's own inquiries: what was written, to add to it, to close it, to withdraw it."""
    while True:
        mine = yield from look(OwnInquiries)
        one = next((each for each in mine.inquiries if each.id == inquiry), None)
        if one is None:
            yield Say("ask.gone")
            return
        answer = yield from shown(one)
        if answer is True:
            yield Say("ask.passed_on")
        elif answer is False:
            yield Say("ask.gone")
            return
        elif answer == SETTLED.value:
            yield from do(CloseOwn(inquiry))
            yield Say("ask.closed")
            return
        elif answer == REOPEN.value:
            opened = yield from do(Reopen(inquiry))
            yield Say("ask.reopened" if opened else "ask.not_reopened")
        elif answer == WITHDRAW.value:
            if (yield from withdraw(inquiry)):
                return
        else:
            return


def shown(one: OwnInquiry) -> Flow[bool | str]:
    """One inquiry as it stands; returns the choice, or whether the words that were added were kept."""
    known = yield from glance(OwnExchange, one.id)
    lines = known.lines if known else ()
    said = written(lines, by_asker="ask.own_line", by_person="inquiry.line.person")
    if one.state is State.CLOSED:
        again = (REOPEN,) if one.reopens_until else ()
        return (yield from pick("ask.one.closed", (*again, WITHDRAW, DONE), back=False, lines=said))

    def read(words: Wrote) -> Reading:
        return SayMore(one.id, said_in(words))

    args: dict[str, Arg] = {"lines": said, "next": (yield from what_is_next(one, known))}
    answer: bool | str = yield Ask(
        "ask.one.open", args, (SETTLED, WITHDRAW, DONE), reads=read, does=SayMore, numbered=False, back=False
    )
    return answer


def what_is_next(one: OwnInquiry, known: OwnExchange | None) -> Flow[Key]:
    """Who has it, or when an answer is likely."""
    if one.state is State.TAKEN:
        return Key("ask.next.taken", {"name": known.name if known else ""})
    office = yield from look(Office)
    return Key("ask.next.waiting", {"when": likely(office)})


def withdraw(inquiry: int) -> Flow[bool]:
    """Delete it once the person is sure; returns whether they were."""
    sure = yield from pick("ask.sure", (ERASE, KEEP), columns=2, back=False)
    if sure == KEEP.value:
        return False
    yield from do(WithdrawInquiry(inquiry))
    yield Say("ask.withdrawn")
    return True
