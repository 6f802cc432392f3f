"""All transcripts, each played once in a process: what was said, asked and done in them, which lines ran."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, TypeVar
from unittest.mock import patch

import flows
from flows import engine
from flows.moves import Say
from flows.talks import Asked, Reply
from tests.flows.drawn import carried
from tests.flows.talking import Talking
from tests.flows.transcript import Stage, cases, question

T = TypeVar("T")

ROOM: Final = Path(flows.__file__).parent

Line = tuple[str, int]
"""A file of the room, by its path there, and a line of it."""


@dataclass(frozen=True, slots=True)
class Played:
    """A transcript as it goes today, and what it comes by."""

    today: str
    replies: tuple[Reply, ...]  # as people got them
    said: tuple[Say, ...]  # notices and what stands in group chats included
    asked: tuple[Asked, ...]
    changed: tuple[str, ...]  # questions that were asked in other words when they were asked again
    moves: frozenset[type]  # looks and effects


class Retold(Stage):
    """A stage on which each question is asked again from its log alone, as soon as it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: list[str] = []

    def print(self, who: Talking, reply: Reply) -> None:
        super().print(who, reply)
        if reply.asked is not None:
            talk = next(each for each in reply.stack if each.id == reply.asked.talk)
            turn = carried(talk, None, who.world)
            again = replace(reply.asked, ask=turn.asked) if turn.asked else None
            if again is None or question(who, again) != question(who, reply.asked):
                self.changed.append(reply.asked.ask.key)


@cache
def played(path: Path) -> Played:
    """Play one transcript."""
    stage = Retold()
    with _watching():
        today = stage.replay(path.read_text(encoding="utf-8"))
    everybody = stage.everybody
    return Played(
        today,
        tuple(stage.replies),
        tuple(say for who in everybody for say in who.said),
        tuple(asked for who in everybody for asked in who.asked),
        tuple(stage.changed),
        frozenset(
            move
            for who in everybody
            for move in (*who.world.looked, *(type(effect) for effect, _ in who.world.done))
        ),
    )


@cache
def all_played() -> tuple[Played, ...]:
    """Every transcript, in their order."""
    return tuple(played(path) for path in cases())


def lines() -> set[Line]:
    """The lines of the flows that run in any transcript."""
    all_played()
    return _LINES


_LINES: Final[set[Line]] = set()


def _watching() -> AbstractContextManager[object]:
    """Note every line of the flows that runs; while the world is asked, nothing is watched, which costs."""
    run = engine._Run
    return patch.multiple(
        run, through=_under(_enter, run.through), know=_under(None, run.know), done=_under(None, run.done)
    )


def _under(
    watch: Callable[[FrameType, str, object], Any] | None, function: Callable[..., T]
) -> Callable[..., T]:
    """The function, watched like that and by nothing else while it runs."""

    def watched(*arguments: Any) -> T:
        before = sys.gettrace()
        sys.settrace(watch)
        try:
            return function(*arguments)
        finally:
            sys.settrace(before)

    return watched


def _enter(frame: FrameType, _event: str, _arg: object) -> Any:
    """What has run from end to end is left alone from then on."""
    unseen = _unseen(frame.f_code)
    unseen.discard(frame.f_lineno)
    return _note if unseen else None


def _note(frame: FrameType, event: str, _arg: object) -> Any:
    if event == "line":
        _unseen(frame.f_code).discard(frame.f_lineno)
        _LINES.add((_file(frame.f_code), frame.f_lineno))
    return _note


@cache
def _unseen(code: CodeType) -> set[int]:
    """The lines of a function that have not run yet; none of what is no flow."""
    if not Path(code.co_filename).is_relative_to(ROOM):
        return set()
    return {line for _, _, line in code.co_lines() if line is not None}


@cache
def _file(code: CodeType) -> str:
    return Path(code.co_filename).relative_to(ROOM).as_posix()
