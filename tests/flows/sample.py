"""Two small flows for tests of the engine, and one flow carried from event to event by its log alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flows.engine import Log, Turn, advance
from flows.events import Pressed, Shared, Wrote
from flows.moves import Choice, Effect, Flow, Say, choose, do, look, pick
from flows.people.person import Myself, SpeakLanguage
from flows.words.statements import Question, Receipt, Voice, collect
from tests.flows.world import World

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Season(StrEnum):
    """Two choices."""

    SPRING = "spring"
    AUTUMN = "autumn"


def visit() -> Flow[str]:
    """Two questions with choices, a look before them and an effect between."""
    yield Say("visit.hello")
    me = yield from look(Myself)
    season = yield from choose("visit.season", Season)
    yield from do(SpeakLanguage("fr"))
    yield Say("visit.noted", language=me.language)
    slug = yield from pick("visit.place", (Choice("riverside", "Riverside"), Choice("montbell", "Montbell")))
    yield Say("visit.thanks")
    return f"{season} in {slug}"


def idea() -> Flow[Receipt | str]:
    """One idea, between two questions with choices."""
    yield from choose("idea.season", Season)
    voice = yield from look(Voice, Question.WELL_BEING)
    receipt = yield from collect("idea.ask", Question.WELL_BEING, voice, choices=(Choice("skip", "Skip"),))
    yield from choose("idea.again", Season)
    return receipt


def wrote(text: str) -> Wrote:
    return Wrote(NOW, text, message=1)


def pressed(choice: str) -> Pressed:
    return Pressed(NOW, 1, 0, choice)


class OneFlow:
    """One flow and what came of its last event; between two events there is nothing but the log."""

    def __init__(self, flow: Callable[[], Flow[Any]], world: World | None = None, log: Log = ()) -> None:
        self.flow, self.world = flow, world or World()
        self.turn: Turn[Any] = self.carry(log, None)

    def carry(self, log: Log, event: Wrote | Pressed | Shared | None, *, afresh: bool = False) -> Turn[Any]:
        with self.world.turn():
            return advance(self.flow(), log, event, self.world.carry_out, self.world.label, afresh=afresh)

    def hears(self, event: Wrote | Pressed | Shared | None) -> Turn[Any]:
        self.turn = self.carry(self.turn.log, event)
        return self.turn

    def comes_back(self) -> Turn[Any]:
        """The person looks at their open question again, after something else."""
        self.turn = self.carry(self.turn.log, None, afresh=True)
        return self.turn

    def changes(self, flow: Callable[[], Flow[Any]]) -> None:
        """A release puts another flow in the place of this one, while somebody is in it."""
        self.flow = flow

    @property
    def asked(self) -> str | None:
        return self.turn.asked.key if self.turn.asked else None

    @property
    def said(self) -> list[str]:
        return [say.key for say in self.turn.said]

    @property
    def done(self) -> list[Effect[Any]]:
        return [effect for effect, _ in self.world.done]
