"""The method's three questions: open, in order, one idea per message, nobody sees others' words first."""

from typing import Final

from flows.actions.giving import offer_answers
from flows.conversations import Next, conversation
from flows.moves import Choice, Flow, Key, Say, look, pick
from flows.people.tongues import settle
from flows.words.rewording import acknowledge, change, withdraw
from flows.words.statements import Question, Receipt, Voice, collect

NEXT: Final = Choice("next", Key("wellbeing.next"))
FINISH: Final = Choice("next", Key("wellbeing.finish"))
CHANGE_LAST: Final = Choice("change", Key("wellbeing.change_last"))
WITHDRAW_LAST: Final = Choice("withdraw", Key("wellbeing.withdraw_last"))


@conversation("wellbeing", command="wellbeing", menu=10)
def well_being() -> Flow[Next]:
    """A citizen says what well-being and ill-being mean to them, and what they do or could do for all.

    for each question: idea -> receipt -> another idea, change, withdraw or next
    """
    yield Say("wellbeing.intro")
    ideas: tuple[int, ...] = ()
    for number, question in enumerate(Question, start=1):
        ideas = yield from gather(question, number)
    yield Say("wellbeing.thanks")
    yield from offer_answers(ideas)  # those to the last question, on what each can do
    return None


def gather(question: Question, number: int) -> Flow[tuple[int, ...]]:
    """As many ideas to one question as the person likes, within their equal voice; returns what was kept."""
    voice = yield from look(Voice, question)
    if not voice.left:
        yield Say("wellbeing.enough", about=Key(f"question.{question}"), n=voice.said)
        return ()
    onward = FINISH if question is tuple(Question)[-1] else NEXT
    key = f"wellbeing.ask.{question}"
    answer = yield from collect(key, question, voice, choices=(onward,), number=number, total=len(Question))
    last: Receipt | None = None
    kept: list[int] = []
    may_ask = True  # about the language; who writes on instead of answering is left alone
    while answer != onward.value:
        if isinstance(answer, Receipt):
            yield from acknowledge(answer)
            if answer.statement is None:
                return tuple(kept)
            last = answer
            kept.append(answer.statement)
            if may_ask and (written := (yield from settle(answer, question, voice))):
                answer, may_ask = written, False
                continue
        elif last is not None and last.statement is not None:
            statement = last.statement
            last = yield from revise(answer, last, statement, voice)
            if last is None:
                kept.remove(statement)
        answer = yield from another(question, voice, last, onward)
    return tuple(kept)


def another(question: Question, voice: Voice, last: Receipt | None, onward: Choice) -> Flow[Receipt | str]:
    """After an idea: another one, or what to do with the last."""
    about = Key(f"question.{question}")
    choices = (onward,) if last is None else (onward, CHANGE_LAST, WITHDRAW_LAST)
    if last is None or last.left:
        return (yield from collect("wellbeing.more", question, voice, choices=choices, about=about))
    return (yield from pick("wellbeing.full", choices, about=about))


def revise(wish: str, last: Receipt, statement: int, voice: Voice) -> Flow[Receipt | None]:
    """Change or withdraw the last idea; returns what the last one is then."""
    if wish == CHANGE_LAST.value:
        yield from change(statement, voice)
        return last
    yield from withdraw(statement)
    return None
