"""Changing and withdrawing one's own statement: by button, or by editing the message in the chat."""

from typing import Final

from flows.actions.feedback import RewordWhy
from flows.conversations import REST, Next, conversation
from flows.events import Edited, Wrote
from flows.moves import Ask, Choice, Flow, Key, Say, do, glance
from flows.words.hints import hints
from flows.words.statements import (
    Kept,
    OwnWords,
    Receipt,
    RewordMessage,
    RewordStatement,
    Voice,
    WithdrawStatement,
    said_in,
)

CHANGE: Final = Choice("change", Key("statement.change"))
LANGUAGE: Final = Choice("language", Key("statement.language"))
WITHDRAW: Final = Choice("withdraw", Key("statement.withdraw"))
LEAVE: Final = Choice("leave", Key("statement.leave"))


def change(statement: int, voice: Voice) -> Flow[None]:
    """Ask for new words for one statement; the person may leave it as it is."""
    words = yield from glance(OwnWords)
    before = words.texts.get(str(statement), "") if words else ""

    def read(new: Wrote) -> RewordStatement:
        return RewordStatement(statement, said_in(new), hints(new.text, voice.conjunctions))

    answer: Receipt | str = yield Ask(
        "statement.new_words", {"words": before}, (LEAVE,), reads=read, does=RewordStatement
    )
    if isinstance(answer, Receipt):
        yield from acknowledge(answer)
    else:
        yield Say("statement.left")


def withdraw(statement: int) -> Flow[None]:
    """Delete one statement; it is said once it is done."""
    kept = yield from do(WithdrawStatement(statement))
    yield Say("statement.gone" if kept is Kept.GONE else "statement.withdrawn")


def acknowledge(receipt: Receipt) -> Flow[None]:
    """Tell the author what became of their words, and hint at what they may want to change."""
    yield Say(f"statement.{receipt.kept}", n=receipt.number)
    for hint in receipt.hints:
        yield Say(f"hint.{hint}")


@conversation("amend")
def amend(edited: Edited) -> Flow[Next]:
    """A citizen edited a message in the chat: a statement, or a sentence on an action, takes the new words.

    An edit of any other message, or one that changed no word, is none of our business.
    """
    words = said_in(edited)
    receipt = yield from do(RewordMessage(words, hints(words.text, ())))
    if receipt.kept is Kept.CHANGED:
        yield from acknowledge(receipt)
    elif receipt.kept is Kept.GONE and (yield from do(RewordWhy(words))):
        yield Say("feedback.reworded")
    return REST


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text, on one line, for a list."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rstrip()}\N{HORIZONTAL ELLIPSIS}"
