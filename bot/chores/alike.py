"""What many are told alike: gone through and put into words once, for all of them."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from bot.rendering.render import Rendered, Worded
from bot.rendering.voice import Voice
from bot.turns.world import World
from flows.moves import Effect, Look, Say
from flows.pushes.things import Things, ThingWords
from flows.reception import Opening, begin
from flows.talks import Reply
from storage.pushes.pushing import Portion
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """A push up to its first question, and its words, before it is with anybody."""

    opening: Opening
    worded: Worded

    def within(self, reply: Reply) -> tuple[Rendered, ...]:
        """Its messages, with buttons of the conversation in which somebody has it."""
        asked = reply.asked
        return self.worded.within(asked.talk, asked.step) if asked else self.worded.messages


class Alike:
    """The pushes of one transaction. Hundreds may be reminded of one meeting, most of them word for word."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._told: dict[Hashable, Told] = {}

    def told(self, unit: Unit, portion: Portion) -> Told:
        """What the person is told: as somebody before them, where nothing in it could be another's."""
        items = [[item.kind, item.topic, item.about, dict(item.details)] for item in portion.said]
        person, things = portion.person, portion.things.by_id.values()
        same = (person.language, person.territory, person.called, repr(items), *things)
        told = self._told.get(same)
        if told is None:
            world = _World(unit, self._voice, portion)
            told = self._begun(world, portion, items)
            if not world.is_own:
                self._told[same] = told
        return told

    def _begun(self, world: "_World", portion: Portion, items: list[list[Any]]) -> Told:
        opening, person = begin(world, "push", items), portion.person
        said = opening.turn.said
        if person.called is not None:
            said = (Say("profiles.for", name=person.called), *said)
        return Told(opening, self._voice.worded(person, said, opening.turn.asked))


class _World(World):
    """The world of one push: what it looks at was read for all pushes of the transaction at once."""

    def __init__(self, unit: Unit, voice: Voice, portion: Portion) -> None:
        super().__init__(unit, voice)
        self._known = {Things: portion.things, ThingWords: portion.words}
        self.is_own = False  # whether anything else was looked at or done, which is this person's alone

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        known = self._known.get(move.what) if isinstance(move, Look) else None
        if known is not None:
            return known
        self.is_own = True
        return super().carry_out(move)
