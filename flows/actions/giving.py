"""Giving: saying what one can give, and answering those who ask for it."""

from collections.abc import Sequence
from typing import Final

from flows.actions.gifts import (
    AnswerPlea,
    Cause,
    Give,
    GiveStatement,
    Giving,
    OwnPleas,
    Plea,
    PleaWords,
    TakeBack,
)
from flows.events import Wrote
from flows.moves import (
    Ask,
    Choice,
    Flow,
    Key,
    Live,
    Reading,
    Refused,
    Say,
    choose,
    do,
    glance,
    labelled,
    look,
    pick,
)
from flows.words.statements import OwnWords, said_in

LONGEST_REPLY: Final = 500  # characters

NOTHING: Final = Choice("leave", Key("give.nothing"))
UNDO: Final = Choice("undo", Key("give.undo"))
FINE: Final = Choice("fine", Key("give.fine"))
NOT_THIS: Final = Choice("no", Key("give.not_this"))
NOBODY: Final = Choice("no", Key("give.nobody"))
SOMEBODY: Final = Choice("yes", Key("give.somebody"))
REFUSE: Final = Choice("no", Key("plea.refuse"))
LATER: Final = Choice("later", Key("plea.later"))


def give(cause: Cause | None) -> Flow[None]:
    """A person says what they can give: which kind, and in their words.

    cause  what they thought of; None: whatever needs it
    """
    giving = yield from choose("give.kind", Giving, columns=2)

    def read(words: Wrote) -> Give:
        return Give(giving, said_in(words), cause)

    gift: int | str = yield Ask(f"give.words.{giving}", choices=(NOTHING,), reads=read, does=Give)
    if isinstance(gift, str):
        yield Say("give.left")
        return
    if (yield from pick("give.kept", (FINE, UNDO), columns=2, back=False)) == UNDO.value:
        yield from do(TakeBack(gift))
        yield Say("give.taken_back")


def offer_answers(statements: Sequence[int]) -> Flow[None]:
    """After the three questions: whether what the person could do may be found by those who need it.

    statements  their answers to the third question, just given
    """
    if not statements:
        return
    if (yield from pick("give.after", (SOMEBODY, NOBODY), columns=2, back=False)) == NOBODY.value:
        return
    given = False
    for statement in statements:
        words = yield from glance(OwnWords)
        text = words.texts.get(str(statement), "") if words else ""
        kinds = labelled("give.kind", Giving)
        picked = yield from pick("give.which", (*kinds, NOT_THIS), columns=2, words=text)
        if picked != NOT_THIS.value:
            given |= yield from do(GiveStatement(Giving(picked), statement))
    yield Say("give.found" if given else "give.left")


def hear_pleas() -> Flow[bool]:
    """A giver sees who asks for what they can give, and says yes or no to each; False where nobody asks."""
    pleas = yield from look(OwnPleas)
    for plea in pleas.pleas:
        yield from one_plea(plea)
    return bool(pleas.pleas)


def one_plea(plea: Plea) -> Flow[None]:
    """One who asks: yes, with words that only they will read; no; or not now."""
    known = yield from glance(PleaWords)
    id = str(plea.id)
    name = known.names.get(id, "") if known else ""
    title = known.titles.get(id, {}) if known else {}
    text = known.texts.get(id, "") if known else ""

    def read(words: Wrote) -> Reading:
        if len(words.text) > LONGEST_REPLY:
            return Refused(Say("plea.too_long", n=len(words.text), most=LONGEST_REPLY))
        return AnswerPlea(plea.id, said_in(words))

    kind = Key(f"give.kind.{plea.giving}")
    answer: bool | str = yield Ask(
        "plea.ask",
        {"name": name, "title": title, "kind": kind, "words": Live(text)},
        (REFUSE, LATER),
        reads=read,
        does=AnswerPlea,
    )
    if answer == REFUSE.value:
        refused = yield from do(AnswerPlea(plea.id, None))
        yield Say("plea.refused" if refused else "plea.gone")
    elif isinstance(answer, bool):
        yield Say("plea.agreed" if answer else "plea.gone")
