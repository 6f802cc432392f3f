"""The method's three questions: open, in order, one idea per message, nobody sees others' words first."""

from typing import Final

from flows.conversations import Next, conversation
from flows.moves import Choice, Flow, Key, Say, look, pick
from flows.rewording import CHANGE, WITHDRAW, acknowledge, change, withdraw
from flows.statements import Kept, Question, Receipt, Voice, collect

NEXT: Final = Choice("next", Key("wellbeing.next"))
FINISH: Final = Choice("next", Key("wellbeing.finish"))


@conversation("wellbeing", command="wellbeing", menu=10)
def well_being() -> Flow[Next]:
    """A citizen says what well-being and ill-being mean to them, and what they do or could do for all.

    for each question: idea -> receipt -> another idea, change, withdraw or next
    """
    yield Say("wellbeing.intro")
    for number, question in enumerate(Question, start=1):
        yield from gather(question, number)
    yield Say("wellbeing.thanks")
    return None


def gather(question: Question, number: int) -> Flow[None]:
    """As many ideas to one question as the person likes, within their equal voice."""
    voice = yield from look(Voice, question)
    if not voice.left:
        yield Say("wellbeing.enough", about=Key(f"question.{question}"), n=voice.said)
        return
    onward = FINISH if question is tuple(Question)[-1] else NEXT
    last: Receipt | None = None
    while True:
        answer = yield from next_idea(question, number, voice, last, onward)
        if isinstance(answer, Receipt):
            yield from acknowledge(answer)
            if answer.kept is Kept.ENOUGH:
                return
            last = answer
        elif answer == onward.value or last is None or last.statement is None:
            return
        elif answer == CHANGE.value:
            yield from change(last.statement, voice)
        else:
            yield from withdraw(last.statement)
            last = None


def next_idea(
    question: Question, number: int, voice: Voice, last: Receipt | None, onward: Choice
) -> Flow[Receipt | str]:
    """The question itself, or after an idea: another one, or what to do with the last."""
    about = Key(f"question.{question}")
    if last is None:
        key = f"wellbeing.ask.{question}"
        return (
            yield from collect(key, question, voice, choices=(onward,), number=number, total=len(Question))
        )
    choices = (onward, CHANGE, WITHDRAW)
    if last.left:
        return (yield from collect("wellbeing.more", question, voice, choices=choices, about=about))
    return (yield from pick("wellbeing.full", choices, about=about))
