"""Carries one event through a flow: replays its log, then takes the answer. Knows nothing of storage."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final, Generic, TypeVar

from flows.codec import Json, decode, encode
from flows.events import Pressed, Shared, Wrote
from flows.moves import Arg, Ask, Effect, Flow, Look, Passing, Refused, Say, result_type

T = TypeVar("T")

CarryOut = Callable[[Look | Effect[Any]], Any]
"""Answers looks and carries out effects: storage, or a world made for a test."""

MOST_BYTES: Final = 20_000_000
"""Of a file that is passed on: whoever gets it pays for what they load."""

LabelOf = Callable[[Arg], str]
"""The words on a choice as this person reads them, so that typing them works like pressing."""


class Kind(StrEnum):
    """What kind of thing entered a conversation."""

    ANSWER = "a"
    LOOK = "l"
    DONE = "d"  # the result of an effect
    WRITTEN = "w"  # the result of an effect that an answer became; in older logs such an answer is a DONE
    KEPT = "k"  # the result of an effect that *back* never goes behind
    ASKED = "q"  # the open question; always last


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
    OVERTAKEN = (
        "overtaken"  # what is asked here is no longer what was: the flow has changed, or what is known
    )


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
    *,
    afresh: bool = False,
) -> Turn[T]:
    """Replay `log` through a fresh `flow`, then answer with `event`, up to the next question or the end.

    afresh  without an event: what was looked at for the open question is looked at once more

    Without an event the flow is begun, or its open question asked again. Where a changed flow makes other
    moves than its log has, the replay stops and goes on from there, and the event is not heard: it was meant
    for a question that the person can see, not for the one that now comes first.
    """
    return _Run(log, event, carry_out, label_of, afresh).through(flow)


def has_button(flow: Flow[T], log: Log, text: str, carry_out: CarryOut, label_of: LabelOf) -> bool:
    """Whether words are those on a button of the open question. A number alone names no question."""
    asked = advance(flow, log, None, carry_out, label_of).asked
    return asked is not None and not text.strip().isdecimal() and bool(_labelled(asked, text, label_of))


def back(log: Log) -> Log | None:
    """The log before its last answer, or None where there is none to go back to.

    Never goes behind a recorded statement: what was recorded can be changed or withdrawn, not unsaid.
    """
    for place in range(len(log) - 1, -1, -1):
        if log[place].kind is Kind.KEPT:
            return None
        if log[place].kind in (Kind.ANSWER, Kind.WRITTEN):
            return log[:place]
    return None


class _Run:
    def __init__(
        self,
        log: Log,
        event: Wrote | Pressed | Shared | None,
        carry_out: CarryOut,
        label_of: LabelOf,
        afresh: bool,
    ) -> None:
        self.past = deque(entry for entry in log if entry.kind is not Kind.ASKED)
        self.once_known: deque[Entry] = deque()  # what the open question was asked by, and is looked at anew
        while afresh and self.past and self.past[-1].kind is Kind.LOOK:
            self.once_known.appendleft(self.past.pop())
        self.of_open = _looks_at_the_end(self.past)  # what the open question was asked by: the present
        self.seen = log[-1].key if log and log[-1].kind is Kind.ASKED else None  # the question on the screen
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
                        self.kept.append(Entry(Kind.ASKED, move.key, None))
                        return self.turn(move)
                else:
                    answer = self.know(move)
        except StopIteration as end:
            return self.turn(None, end.value)

    def turn(self, asked: Ask | None, result: T | None = None) -> Turn[T]:
        return Turn(tuple(self.said), asked, tuple(self.kept), self.heard, result)

    def ask(self, ask: Ask) -> tuple[bool, Any]:
        """Whether the question stays open, and the answer if not."""
        answers = (Kind.ANSWER, Kind.WRITTEN, Kind.DONE, Kind.KEPT)
        past = self.recall(answers, ask.key, lambda kept: _answer(ask, kept))
        if past is not None:
            return False, past[0]
        if self.seen not in (None, ask.key):
            self.overtake()
        self.seen = None
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
            if type(reading) is not ask.does:
                raise TypeError(
                    f"the question '{ask.key}' reads words as {type(reading).__name__}; say so in `does`"
                )
            return False, self.done(Kind.WRITTEN, ask.key, reading)
        self.kept.append(Entry(Kind.ANSWER, ask.key, reading))
        return False, reading

    def read(self, ask: Ask, event: Wrote | Pressed | Shared) -> str | int | Effect[Any] | Refused | None:
        if isinstance(event, Shared):
            return _taken(ask, event)
        if isinstance(event, Pressed):
            return event.choice if ask.choice(event.choice) else None
        typed = _typed_choice(ask, event.text, self.label_of)
        if typed is not None:
            return typed
        return ask.reads(event) if ask.reads else Refused(Say("asked.choose"))

    def know(self, move: Look | Effect[Any]) -> Any:
        if isinstance(move, Effect):
            key, shape = type(move).__name__, result_type(type(move))
            past = self.recall((Kind.DONE, Kind.KEPT), key, lambda kept: decode(shape, kept.value))
            return self.done(Kind.DONE, key, move) if past is None else past[0]
        if issubclass(move.what, Passing):
            return None if len(self.past) > self.of_open else self.carry_out(move)
        past = self.recall((Kind.LOOK,), move.key, lambda kept: decode(move.what, kept.value))
        if past is not None:
            return past[0]
        known = self.carry_out(move)
        seen = Entry(Kind.LOOK, move.key, encode(known))
        self.kept.append(seen)
        if self.once_known and self.once_known.popleft() != seen:
            self.once_known.clear()
            self.said.clear()  # that was said before the open question, of what was the same then
            self.overtake()
        return known

    def done(self, kind: Kind, key: str, effect: Effect[Any]) -> Any:
        result = self.carry_out(effect)
        self.kept.append(Entry(Kind.KEPT if effect.final else kind, key, encode(result)))
        return result

    def recall(self, kinds: tuple[Kind, ...], key: str, read: Callable[[Entry], Any]) -> tuple[Any] | None:
        """What the log holds for this move, alone in a tuple; something else ends the past."""
        if not self.past:
            return None
        entry = self.past.popleft()
        try:
            if entry.key != key or entry.kind not in kinds:
                raise ValueError(f"the log has '{entry.key}' where the flow now has '{key}'")
            value = read(entry)
        except (TypeError, ValueError):
            self.overtake()
            return None
        self.kept.append(entry)
        self.said.clear()
        return (value,)

    def overtake(self) -> None:
        """The flow goes another way than its log, or may: what it says and asks from here on is new."""
        self.past.clear()
        self.resumed = False
        self.heard = Heard.OVERTAKEN


def _looks_at_the_end(past: Sequence[Entry]) -> int:
    """How many looks there are since the last answer."""
    return sum(1 for _ in takewhile(lambda entry: entry.kind is Kind.LOOK, reversed(past)))


def _answer(ask: Ask, entry: Entry) -> Any:
    """The answer that a log holds for a question; ValueError where a changed question cannot have it."""
    if entry.kind is Kind.ANSWER:
        only_choices = ask.reads is None or ask.does is not None
        if only_choices and ask.choice(entry.value) is None:
            raise ValueError(f"'{entry.value}' is no longer a choice of '{ask.key}'")
        return entry.value
    if ask.does is None:
        raise ValueError(f"'{ask.key}' no longer turns words into an effect")
    return decode(result_type(ask.does), entry.value)


def _taken(ask: Ask, event: Shared) -> Effect[Any] | Refused:
    """What something that is not words is as an answer."""
    if ask.pins is not None and event.place is not None:
        return ask.pins(event.place)
    if ask.takes is None:
        return Refused(Say(f"asked.not_words.{event.thing}"))
    if event.file is None:
        return Refused(Say("asked.one_file"))
    if event.size > MOST_BYTES:
        return Refused(Say("asked.file_too_large", most=MOST_BYTES // 1_000_000))
    return ask.takes(event)


def _typed_choice(ask: Ask, text: str, label_of: LabelOf) -> str | None:
    """The choice that typed words mean: its number in the list, or its label."""
    said = text.strip()
    if ask.numbered and said.isdecimal() and len(said) < 4 and 1 <= int(said) <= len(ask.choices):
        return ask.choices[int(said) - 1].value
    return _labelled(ask, said, label_of)


def _labelled(ask: Ask, text: str, label_of: LabelOf) -> str | None:
    """The choice on whose button these words stand."""
    folded = _folded(text)
    return next((c.value for c in ask.choices if _folded(label_of(c.label)) == folded), None)


def _folded(words: str) -> str:
    """Words to compare: letters whatever their case, i with a dot or without, any apostrophe, any space.

    Turkish has four of them, i İ and ı I; of the capital with a dot `casefold` leaves an i and a dot. Labels
    have the apostrophe and the spaces of print, and most keyboards the straight one and the common ones.
    """
    folded = words.casefold().replace("i\N{COMBINING DOT ABOVE}", "i").replace("ı", "i")
    return " ".join(folded.translate(_APOSTROPHES).split())


_APOSTROPHES: Final = str.maketrans(
    {"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{MODIFIER LETTER APOSTROPHE}": "'"}
)
