"""Carries one event through a flow: replays its log, then takes the answer. Knows nothing of storage."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from flows.codec import Json, decode, encode
from flows.events import Pressed, Shared, Wrote
from flows.moves import Arg, Ask, Effect, Flow, Look, Passing, Refused, Say, result_type

T = TypeVar("T")

CarryOut = Callable[[Look | Effect[Any]], Any]
"""Answers looks and carries out effects: storage, or a world made for a test."""

LabelOf = Callable[[Arg], str]
"""The words on a choice as this person reads them, so that typing them works like pressing."""


class Kind(StrEnum):
    """What kind of thing entered a conversation."""

    ANSWER = "a"
    LOOK = "l"
    DONE = "d"  # the result of an effect
    KEPT = "k"  # the result of an effect that *back* never goes behind


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that entered a conversation, under the key of the move it answers."""

    kind: Kind
    key: str
    value: Json


Log = tuple[Entry, ...]


class Heard(StrEnum):
    """What became of the event a flow was given."""

    NOTHING = "nothing"  # there was none
    TAKEN = "taken"
    REFUSED = "refused"  # asked again, with the reason
    NOT_OFFERED = "not_offered"  # a choice that this question does not have; nothing changed


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """One event carried through a flow."""

    said: tuple[Say, ...]
    asked: Ask | None  # None: the conversation is over
    log: Log
    heard: Heard
    result: T | None = None  # what the flow returned


def advance(
    flow: Flow[T],
    log: Log,
    event: Wrote | Pressed | Shared | None,
    carry_out: CarryOut,
    label_of: LabelOf = str,
) -> Turn[T]:
    """Replay `log` through a fresh `flow`, then answer with `event`, up to the next question or the end.

    Without an event the flow is begun, or its open question asked again. Where a changed flow makes other
    moves than its log has, the replay stops and goes on from there.
    """
    return _Run(log, event, carry_out, label_of).through(flow)


def back(log: Log) -> Log | None:
    """The log before its last answer, or None where there is none to go back to.

    Never goes behind a recorded statement: what was recorded can be changed or withdrawn, not unsaid.
    """
    for place in range(len(log) - 1, -1, -1):
        if log[place].kind is Kind.KEPT:
            return None
        if log[place].kind is Kind.ANSWER:
            return log[:place]
    return None


class _Run:
    def __init__(
        self, log: Log, event: Wrote | Pressed | Shared | None, carry_out: CarryOut, label_of: LabelOf
    ) -> None:
        self.past = deque(log)
        self.event = event
        self.carry_out = carry_out
        self.label_of = label_of
        self.said: list[Say] = []
        self.kept: list[Entry] = []
        self.heard = Heard.NOTHING
        self.resumed = bool(log)  # what is said before the open question was said in an earlier turn

    def through(self, flow: Flow[T]) -> Turn[T]:
        answer: Any = None
        try:
            while True:
                move = flow.send(answer)
                answer = None
                if isinstance(move, Say):
                    self.said.append(move)
                elif isinstance(move, Ask):
                    waits, answer = self.ask(move)
                    if waits:
                        flow.close()
                        return self.turn(move)
                else:
                    answer = self.know(move)
        except StopIteration as end:
            return self.turn(None, end.value)

    def turn(self, asked: Ask | None, result: T | None = None) -> Turn[T]:
        return Turn(tuple(self.said), asked, tuple(self.kept), self.heard, result)

    def ask(self, ask: Ask) -> tuple[bool, Any]:
        """Whether the question stays open, and the answer if not."""
        if self.past and not _still_offered(ask, self.past[0]):
            self.past.clear()
        entry = self.from_past((Kind.ANSWER, Kind.DONE, Kind.KEPT), ask.key)
        if entry is not None:
            return False, entry.value if entry.kind is Kind.ANSWER else decode(
                result_type(_does(ask)), entry.value
            )
        if self.event is None or self.heard is not Heard.NOTHING:
            if self.resumed:
                self.said.clear()
            return True, None
        self.said.clear()
        reading = self.read(ask, self.event)
        if reading is None:
            self.heard = Heard.NOT_OFFERED
            return True, None
        if isinstance(reading, Refused):
            self.heard = Heard.REFUSED
            self.said.append(reading.why)
            return True, None
        self.heard = Heard.TAKEN
        self.resumed = False
        if isinstance(reading, Effect):
            return False, self.done(ask.key, reading)
        self.kept.append(Entry(Kind.ANSWER, ask.key, reading))
        return False, reading

    def read(self, ask: Ask, event: Wrote | Pressed | Shared) -> str | int | Effect[Any] | Refused | None:
        if isinstance(event, Shared):
            return Refused(Say(f"asked.not_words.{event.thing}"))
        if isinstance(event, Pressed):
            return event.choice if ask.choice(event.choice) else None
        typed = _typed_choice(ask, event.text, self.label_of)
        if typed is not None:
            return typed
        return ask.reads(event) if ask.reads else Refused(Say("asked.choose"))

    def know(self, move: Look | Effect[Any]) -> Any:
        if isinstance(move, Effect):
            entry = self.from_past((Kind.DONE, Kind.KEPT), type(move).__name__)
            return self.done(type(move).__name__, move) if entry is None else _result(move, entry)
        if issubclass(move.what, Passing):
            return None if self.past else self.carry_out(move)
        entry = self.from_past((Kind.LOOK,), move.key)
        if entry is not None:
            return decode(move.what, entry.value)
        known = self.carry_out(move)
        self.kept.append(Entry(Kind.LOOK, move.key, encode(known)))
        return known

    def done(self, key: str, effect: Effect[Any]) -> Any:
        result = self.carry_out(effect)
        self.kept.append(Entry(Kind.KEPT if effect.final else Kind.DONE, key, encode(result)))
        return result

    def from_past(self, kinds: tuple[Kind, ...], key: str) -> Entry | None:
        """The next entry of the log, if it answers this move; if not, the past is over."""
        if not self.past:
            return None
        if self.past[0].key != key or self.past[0].kind not in kinds:
            self.past.clear()
            return None
        entry = self.past.popleft()
        self.kept.append(entry)
        self.said.clear()
        return entry


def _result(effect: Effect[Any], entry: Entry) -> Any:
    return decode(result_type(type(effect)), entry.value)


def _does(ask: Ask) -> type[Effect[Any]]:
    if ask.does is None:
        raise TypeError(f"the question '{ask.key}' has a result in its log, but declares no effect in `does`")
    return ask.does


def _still_offered(ask: Ask, entry: Entry) -> bool:
    """False where a changed flow no longer has the choice that its log holds."""
    closed = entry.kind is Kind.ANSWER and ask.choices and ask.reads is None
    return not closed or ask.choice(entry.value) is not None


def _typed_choice(ask: Ask, text: str, label_of: LabelOf) -> str | None:
    """The choice that typed words mean: its number in the list, or its label."""
    said = text.strip()
    if ask.numbered and said.isdecimal() and 1 <= int(said) <= len(ask.choices):
        return ask.choices[int(said) - 1].value
    return next((c.value for c in ask.choices if label_of(c.label).casefold() == said.casefold()), None)
