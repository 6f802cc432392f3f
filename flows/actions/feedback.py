"""Feedback to a pilot action: as whom, one score for each component it touches, one sentence; in waves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from flows.actions.actions import ActionWords, ComponentNames
from flows.actions.impact import Scale
from flows.events import Wrote
from flows.moves import (
    Arg,
    Ask,
    Choice,
    Effect,
    Flow,
    Key,
    Known,
    Passing,
    Say,
    choose,
    do,
    glance,
    look,
    pick,
)
from flows.occasions.sheet import said
from flows.planning.drafting import OwnTongue
from flows.words.statements import Words, said_in

CANNOT_TELL: Final = Choice("unknown", Key("feedback.cannot_tell"))
NO_SENTENCE: Final = Choice("skip", Key("feedback.no_sentence"))


class Side(StrEnum):
    """From which side somebody knows an action."""

    PARTICIPANT = "participant"
    BENEFICIARY = "beneficiary"
    ORGANISER = "organiser"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True, slots=True)
class Rating:
    """What an action did for one component."""

    component: str
    value: int  # a step of the scale


@dataclass(frozen=True, slots=True)
class Survey(Known):
    """What feedback to an action is asked for now; looked at with its id."""

    wave: int | None  # None: none is, or the action is not there for the person
    components: tuple[str, ...] = ()
    values: tuple[int, ...] = ()  # the steps of the scale
    answered: bool = False  # the person, in this wave


@dataclass(frozen=True, slots=True)
class Steps(Passing):
    """A scale with which feedback to an action is asked for.

    Looked at with the action's id, and the number of a wave; without one, it is the last wave.
    """

    scale: Scale


@dataclass(frozen=True, slots=True)
class WaveNow(Passing):
    """Which wave of an action is open, only to say it; looked at with its id."""

    wave: int | None  # as in `Survey`


@dataclass(frozen=True, slots=True)
class GiveFeedback(Effect[int | None]):
    """Keep scores, in the place of earlier ones of this wave; the result is their id, None: it has closed."""

    action: int
    side: Side
    ratings: tuple[Rating, ...]


@dataclass(frozen=True, slots=True)
class SayWhy(Effect[bool]):
    """Keep one sentence with one's scores; False where they are no more."""

    feedback: int
    words: Words


@dataclass(frozen=True, slots=True)
class RewordWhy(Effect[bool]):
    """New words for a sentence, where the citizen edited the message itself; False where it was none."""

    words: Words


@dataclass(frozen=True, slots=True)
class WithdrawFeedback(Effect[bool]):
    """Delete one's scores and sentence of one wave; False where they were gone."""

    final: ClassVar[bool] = True

    feedback: int


@dataclass(frozen=True, slots=True)
class Given:
    """Feedback that the person has given."""

    id: int
    action: int
    wave: int
    is_open: bool  # the wave is, so it can still be changed


@dataclass(frozen=True, slots=True)
class OwnFeedback(Known):
    """All feedback that the person has given, oldest first."""

    given: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class OwnOpinions(Passing):
    """What it says."""

    sides: Mapping[str, Side]  # by id
    ratings: Mapping[str, tuple[Rating, ...]]
    sentences: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]  # of the action, by id of the feedback


def give_feedback(action: int) -> Flow[None]:
    """A citizen says what an action did.

    as whom -> one score for each component -> one sentence, or none
    """
    survey = yield from look(Survey, action)
    if survey.wave is None:
        yield Say("feedback.closed")
        return
    title = yield from title_of(action)
    side = yield from choose("feedback.side", Side, columns=2, title=title)
    ratings: list[Rating] = []
    for number, code in enumerate(survey.components, start=1):
        ratings += yield from one_score(action, survey, code, number)
    feedback = yield from do(GiveFeedback(action, side, tuple(ratings)))
    if feedback is None:
        yield Say("feedback.closed")
        return
    if not (yield from one_sentence(feedback, survey.answered)):
        yield Say("feedback.gone")
        return
    title = yield from title_of(action)  # anew: words are known in the present alone
    now = yield from glance(WaveNow, action)
    if now is not None and now.wave == survey.wave:
        yield Say("feedback.thanks", title=title, n=survey.wave)
    else:
        yield Say("feedback.thanks_late", n=survey.wave)


def title_of(action: int) -> Flow[Arg]:
    """What an action is called, to the person."""
    own = yield from look(OwnTongue)
    words = yield from glance(ActionWords, (action,))
    names = words.sheet(action).get("title") if words else None
    return said(names, own.tongue) if names else Key("action.untitled")


def one_score(action: int, survey: Survey, code: str, number: int) -> Flow[tuple[Rating, ...]]:
    """The score for one component; () from somebody who cannot tell."""
    steps = yield from glance(Steps, action)
    named = yield from glance(ComponentNames)
    names = steps.scale.steps if steps else {}
    choices = (Choice(str(value), names.get(value, {})) for value in survey.values)
    component: Arg = (named.names.get(code) if named else None) or code
    value = yield from pick(
        "feedback.score",
        (*choices, CANNOT_TELL),
        component=component,
        number=number,
        total=len(survey.components),
    )
    return () if value == CANNOT_TELL.value else (Rating(code, int(value)),)


def one_sentence(feedback: int, answered: bool) -> Flow[bool]:
    """One sentence beside the scores, if the person likes; False where the scores are gone meanwhile."""

    def read(words: Wrote) -> SayWhy:
        return SayWhy(feedback, said_in(words))

    key = "feedback.sentence_again" if answered else "feedback.sentence"
    answer: bool | str = yield Ask(key, choices=(NO_SENTENCE,), reads=read, does=SayWhy)
    return answer is not False
