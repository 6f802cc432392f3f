"""The world as the conversations of one person see it, in one transaction."""

from typing import Any

from bot.rendering.voice import Voice
from flows.moves import Arg, Effect, Look
from storage.registry import carry_out
from storage.unit import Unit


class World:
    """The world as one person's conversations see it."""

    def __init__(self, unit: Unit, voice: Voice) -> None:
        self._unit = unit
        self._voice = voice

    @property
    def arrived(self) -> bool:
        return self._unit.person.arrived_at is not None

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        return carry_out(self._unit, move)

    def label(self, label: Arg) -> str:
        return self._voice.label(self._unit.person, label)

    def new_id(self) -> int:
        return self._unit.new_id()
