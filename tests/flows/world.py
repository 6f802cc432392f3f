"""The real storage as the conversations of one person see it, and what they did and looked at there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from flows.moves import Arg, Effect, Key, Known, Look
from flows.people.invitation import TakeRole
from flows.people.person import ConfirmAge, GiveConsent, Join, Purpose, SpeakLanguage
from flows.people.roles import Holding
from flows.people.territory import name_in
from flows.words.statements import OwnWords
from storage.context import Context
from storage.registry import appliers, carry_out, loaders
from storage.tables import Appointment, table
from storage.unit import Person, Unit
from tests.flows.village import LONG_IDS, Village


@dataclass(eq=False)
class World:
    """One person in a village."""

    village: Village = field(default_factory=Village)
    telegram: int = 0  # 0: a newcomer
    done: list[tuple[Effect[Any], Any]] = field(default_factory=list)  # with its result, in order
    looked: set[type[Known]] = field(default_factory=set)
    _unit: Unit | None = None

    def __post_init__(self) -> None:
        self.telegram = self.telegram or self.village.newcomer()

    @contextmanager
    def turn(self, context: Context | None = None) -> Iterator[Unit]:
        """One transaction of this person; within another one it is a part of that."""
        if self._unit is not None:
            yield self._unit
            return
        with self.village.turn(self.telegram, context) as self._unit:
            try:
                yield self._unit
            finally:
                self._unit = None

    @property
    def person(self) -> Person:
        """The person as they are now."""
        return self._unit.person if self._unit else self.village.person(self.telegram)

    @property
    def arrived(self) -> bool:
        """Whether the person has agreed that their statements be kept."""
        return self.person.arrived_at is not None

    @property
    def statements(self) -> dict[str, str]:
        """The words of the person's statements, by id."""
        (own,) = self.given(Look(OwnWords))
        return dict(own.texts)

    def label(self, label: Arg) -> str:
        """A label as the person reads it: the end of a text's key, or a name in their language."""
        match label:
            case Key():
                return label.key.rpartition(".")[2]
            case dict():
                return name_in(label, self.person.language) if label else ""
            case _:
                return str(label)

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        """Answer a look, or carry out an effect and note what came of it."""
        with self.turn() as unit:
            result = carry_out(unit, move)
        if isinstance(move, Look):
            self.looked.add(move.what)
        else:
            self.done.append((move, result))
        return result

    def new_id(self) -> int:
        """An id for a new row."""
        with self.turn() as unit:
            return unit.new_id()

    def given(self, *moves: Effect[Any] | Look, context: Context | None = None) -> list[Any]:
        """What comes of what has happened before a test begins: nobody is asked whether they may."""
        with self.turn(context) as unit:
            return [_given(unit, move) for move in moves]

    def arrives(self, territory: str = "riverside", group: str | None = "youth") -> None:
        """The person takes part, with every consent."""
        consents = [GiveConsent(purpose, f"consent.{purpose}") for purpose in Purpose]
        self.given(SpeakLanguage(self.person.language))
        self.given(Join(territory, group), ConfirmAge(), *consents, context=LONG_IDS)

    def appointed(self, holding: Holding, name: str) -> None:
        """The person takes a role by an invitation from the console."""
        token = f"{holding} of {self.telegram} at {self.village.updates}"
        self.given(TakeRole(self.village.invites(token, holding), name))

    def dismissed(self) -> None:
        """All roles of the person end."""
        own = col(Appointment.citizen_id) == self.person.citizen
        with self.village.transaction() as connection:
            connection.execute(
                update(table(Appointment))
                .where(own, col(Appointment.until).is_(None))
                .values(until=self.village.now)
            )


def _given(unit: Unit, move: Effect[Any] | Look) -> Any:
    if isinstance(move, Look):
        return loaders()[move.what](unit, *move.about)
    return appliers()[type(move)](unit, move)
