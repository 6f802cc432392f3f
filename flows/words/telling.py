"""What became of one's words, told without having been asked for."""

from typing import Final

from flows.choices import WHY
from flows.conversations import REST, Next
from flows.moves import Choice, Flow, Key, Lines, Say, do, look, pick
from flows.pushes.why import why
from flows.words.course import MOST_TOLD, Moved, TellMoves, lines_told
from flows.words.rewording import change
from flows.words.statements import OwnStatements, Voice

REWORD: Final = Choice("reword", Key("course.reword"))
OWN: Final = Choice("own", Key("course.see_all"))


def tell_course(kind: str, topic: str, about: int) -> Flow[Next]:
    """A person hears where their words stand now; what is held back they can word anew.

    what moved -> see all of it, or new words for what is held back
    """
    told = yield from do(TellMoves())
    if not told.moved:
        yield Say("course.nothing_new")
        return REST
    lines = yield from lines_told(told)
    more = len(told.moved) - MOST_TOLD
    rest = (Key("course.more", {"n": more}),) if more > 0 else ()
    held = tuple(one for one in told.moved if one.is_held)
    choices = (*((REWORD,) if held else ()), OWN, WHY)
    picked = yield from pick("push.course", choices, back=False, lines=Lines((*lines.texts, *rest)))
    if picked == WHY.value:
        return (yield from why(kind, topic, about))
    if picked == OWN.value:
        return "mydata"
    for one in held:
        yield from reword(one)
    return REST


def reword(one: Moved) -> Flow[None]:
    """New words for what is held back, one after the other; each can be left as it is."""
    mine = yield from look(OwnStatements)
    question = mine.questions.get(str(one.id))
    if question is None:
        yield Say("statement.gone")
        return
    voice = yield from look(Voice, question)
    yield from change(one.id, voice)
