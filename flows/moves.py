"""The moves a flow can yield, and the short words for yielding them."""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar, get_args

from flows.events import Point, Shared, Wrote
from flows.people.roles import EVERYWHERE, Permission, Scope

T = TypeVar("T")
R = TypeVar("R")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Key:
    """A catalogue text used inside another one."""

    key: str
    args: "Mapping[str, Arg]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """Several catalogue texts inside another one, each on a line of its own."""

    texts: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class In:
    """Catalogue texts as a person reads them who reads in that language, whoever sees them here."""

    language: str
    texts: Lines


Names = Mapping[str, str]
"""A proper name in several languages, from a territory's file."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address, said exactly as it is so that it can be copied."""

    address: str


@dataclass(frozen=True, slots=True)
class Live:
    """Words of somebody who answers for them by a role: an address in them can be tapped. In no others."""

    words: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A language, called as the reader's language calls it; a code that means nothing is said as it is."""

    code: str  # BCP 47


Arg = str | int | float | date | Key | Lines | In | Link | Live | Tag | Names | tuple[str | Key, ...]


@dataclass(frozen=True, slots=True, init=False)
class Say:
    """A message: a catalogue key and its arguments, never a sentence."""

    key: str
    args: Mapping[str, Arg]

    def __init__(self, key: str, /, **args: Arg) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "args", args)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer offered with a question."""

    value: str  # what the flow receives and the log keeps; [a-z0-9_-], short: it travels in a button
    label: Arg  # a Key for a text of ours, a str or Names for a name that is data


class Effect(Generic[R]):
    """A change of the world, imperative and frozen, carried out once; `R` is what comes of it."""

    final: ClassVar[bool] = False  # True: *back* never goes behind it
    needs: ClassVar[Permission | None] = None  # asked for in its scope, in the transaction that does it

    def scope(self) -> Scope:
        """Where it takes place; only who may everywhere may what does not say."""
        return EVERYWHERE


@dataclass(frozen=True, slots=True)
class Placed(Effect[R]):
    """A change in one scope, in which the permission it needs is asked for."""

    where: Scope

    def scope(self) -> Scope:
        return self.where


@dataclass(frozen=True, slots=True)
class Proposable(Placed[R]):
    """A change of something that people see; as a proposal it waits until it has been looked at.

    What comes of a proposal is what would come of the change, after all that the person has proposed before.
    """

    proposed: bool = field(default=False, kw_only=True)

    @property
    def about(self) -> int:
        """The id of what is changed."""
        raise NotImplementedError


class Known:
    """What can be looked at: a frozen dataclass, answered by its loader and kept in the log."""

    needs: ClassVar[Permission | None] = None  # asked for in the scope that the look is about first


class Passing(Known):
    """What is looked at only in the present and never kept: for words that must not enter a log.

    While a flow is replayed up to the present, it receives None instead; so nothing may be decided by it. The
    present begins after the last answer: what is shown with a later question must be looked at anew for it.
    """


@dataclass(frozen=True, slots=True)
class Look:
    """The question "what is known about this now?", or would be once something was done."""

    what: type[Known]
    about: tuple[Any, ...] = ()
    after: Effect[Any] | None = None  # what is not done, only thought of

    @property
    def key(self) -> str:
        return self.what.__name__

    @property
    def needs(self) -> Permission | None:
        return self.what.needs

    def scope(self) -> Scope:
        """Where it looks; everywhere, where it is not about a scope."""
        first = self.about[0] if self.about else None
        return first if isinstance(first, Scope) else EVERYWHERE


@dataclass(frozen=True, slots=True)
class Refused:
    """Words that are no answer, and why; the question is asked again."""

    why: Say


Reading = str | int | Effect[Any] | Refused
"""What open words are read as. An effect is carried out at once, and its result is what the flow receives."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: its text, the choices shown with it, and how words are read where they are welcome."""

    key: str
    args: Mapping[str, Arg] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    reads: Callable[[Wrote], Reading] | None = None  # None: only the choices answer
    takes: Callable[[Shared], Effect[Any] | Refused] | None = None  # of a picture or file, where one answers
    pins: Callable[[Point], Effect[Any] | Refused] | None = None  # of a place on the map, where one answers
    does: type[Effect[Any]] | None = None  # the effect that words, a file or a place become, if they do
    columns: int = 1  # buttons in a row
    numbered: bool = True  # False where a typed number is an answer of its own
    back: bool = True  # False where one of the choices leads back already

    def choice(self, value: str) -> Choice | None:
        """The choice of that value, or None if it was never offered."""
        return next((choice for choice in self.choices if choice.value == value), None)


Move = Say | Ask | Look | Effect[Any]
Flow = Generator[Move, Any, T]


def result_type(effect: type[Effect[Any]]) -> Any:
    """The declared result of an effect class: `Effect[Receipt]` gives `Receipt`."""
    of: Any = effect  # a class can be hashed, which mypy denies where its objects cannot
    return _result_type(of)


@cache
def _result_type(effect: Any) -> Any:
    for base in getattr(effect, "__orig_bases__", ()):
        if issubclass(getattr(base, "__origin__", object), Effect):
            return get_args(base)[0]
    raise TypeError(f"{effect.__name__} must say what comes of it: class {effect.__name__}(Effect[...])")


def look(what: type[T], *about: Any, after: Effect[Any] | None = None) -> Flow[T]:
    """What is known now about `about`, as a `what`; or would be after an effect, which is not carried out."""
    known: T = yield Look(what, about, after)  # type: ignore[arg-type]
    return known


def glance(what: type[T], *about: Any, after: Effect[Any] | None = None) -> Flow[T | None]:
    """The same in the present, for showing only; None for what is past."""
    known: T | None = yield Look(what, about, after)  # type: ignore[arg-type]
    return known


def do(effect: Effect[R]) -> Flow[R]:
    """Carry out `effect` and receive what came of it."""
    result: R = yield effect
    return result


def choose(key: str, options: type[E], *, columns: int = 1, **args: Arg) -> Flow[E]:
    """One of a closed set; the labels are the texts `<key>.<option>`."""
    value = yield Ask(key, args, labelled(key, options), columns=columns)
    return options(value)


def pick(
    key: str, choices: Iterable[Choice], *, columns: int = 1, back: bool = True, **args: Arg
) -> Flow[str]:
    """One of several choices known only now, such as places; returns its value."""
    value: str = yield Ask(key, args, tuple(choices), columns=columns, back=back)
    return value


def choose_many(key: str, options: type[E], before: Iterable[E] = (), **args: Arg) -> Flow[tuple[E, ...]]:
    """Any number of a closed set, one press each; pressing again takes back; `<key>.done` ends.

    before  what is chosen already
    """
    chosen = list(before)
    while True:
        choices = (*_ticked(key, options, chosen), Choice("done", Key(f"{key}.done")))
        value: str = yield Ask(key, args, choices)
        if value == "done":
            return tuple(option for option in options if option in chosen)
        option = options(value)
        chosen.remove(option) if option in chosen else chosen.append(option)


def _ticked(key: str, options: type[E], chosen: list[E]) -> Iterable[Choice]:
    for choice in labelled(key, options):
        yield Choice(choice.value, ticked(choice.label, choice.value in chosen))


def ticked(label: Arg, is_chosen: bool) -> Arg:
    """A label, marked where its choice is chosen."""
    return Key("choice.ticked", {"choice": label}) if is_chosen else label


def number(key: str, *, between: tuple[int, int], **args: Arg) -> Flow[int]:
    """A whole number within bounds, both included; digits of any script are read."""
    low, high = between

    def read(words: Wrote) -> int | Refused:
        try:
            value = int(words.text.strip())
        except ValueError:
            return Refused(Say("number.not_a_number", low=low, high=high))
        return value if low <= value <= high else Refused(Say("number.out_of_bounds", low=low, high=high))

    answer: int = yield Ask(key, {**args, "low": low, "high": high}, reads=read, numbered=False)
    return answer


def labelled(key: str, options: Iterable[StrEnum]) -> tuple[Choice, ...]:
    """Choices whose labels are the texts `<key>.<option>`."""
    return tuple(Choice(option.value, Key(f"{key}.{option.value}")) for option in options)
