"""Every conversation goes as its transcripts say, and the transcripts reach everything there is.

What there is comes from three sides: the registers name the conversations, effects and looks; the sources of
the flows name every statement, and with it every question and every end; long random walks through the real
flows find the questions whose keys are put together while running. A new conversation is in all three at
once, and fails here until it has transcripts.
"""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, NamedTuple

import pytest

import flows
from flows.conversations import conversations, effects, looks
from flows.panels.rooms import handlers
from tests.flows.acts import chance, perform
from tests.flows.talking import Talking
from tests.flows.transcript import FOLDER, Stage, cases

ROOM = Path(flows.__file__).parent
NO_CONVERSATIONS = (
    "cards.py", "engine.py", "masks.py", "moves.py", "quiet.py", "reception.py", "recurrence.py",
    "small_cells.py",
)  # fmt: skip
"""Their tests are in files of their own."""

Line = tuple[str, int]


class Reach(NamedTuple):
    """What was met on the way through conversations."""

    asked: set[str]
    moves: set[type]
    lines: set[Line]


def test_there_are_transcripts() -> None:
    assert cases(), f"no transcripts in {FOLDER}"


@pytest.mark.parametrize("path", cases(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_conversation_goes_as_its_transcript_says(path: Path) -> None:
    assert played(path).today == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", conversations())
def test_every_conversation_has_transcripts(name: str) -> None:
    assert [path for path in cases() if path.parent.name == name], f"no transcripts in {FOLDER / name}"


@pytest.mark.parametrize("name", handlers())
def test_every_handler_of_presses_in_group_chats_has_transcripts(name: str) -> None:
    assert [path for path in cases() if path.parent.name == name], f"no transcripts in {FOLDER / name}"


def test_every_transcript_belongs_to_a_conversation_a_handler_or_the_reception() -> None:
    assert {path.parent.name for path in cases()} <= {*conversations(), *handlers(), "reception"}


def test_transcripts_reach_every_effect() -> None:
    assert {each.__name__ for each in effects() - reached().moves} == set()


def test_transcripts_reach_every_look() -> None:
    assert {each.__name__ for each in looks() - reached().moves} == set()


def test_transcripts_reach_every_question_that_a_long_walk_finds() -> None:
    assert found_by_walking() - reached().asked == set()


def test_transcripts_reach_every_statement_and_every_end_of_every_flow() -> None:
    missed = [
        f"{file}:{statement.lineno} {ast.unparse(statement).partition(chr(10))[0]}"
        for file, statement in statements()
        if not any((file, line) in reached().lines for line in own_lines(statement))
    ]

    assert missed == []


class Played(NamedTuple):
    """A transcript as it goes today, and what it comes by."""

    today: str
    reach: Reach


@cache
def played(path: Path) -> Played:
    """Play one transcript."""
    stage, lines = Stage(), set[Line]()
    with tracing(lines):
        today = stage.replay(path.read_text(encoding="utf-8"))
    asked = {asked.ask.key for who in stage.everybody for asked in who.asked}
    done = {type(effect) for who in stage.everybody for effect, _ in who.world.done}
    looked = {known for who in stage.everybody for known in who.world.looked}
    return Played(today, Reach(asked, done | looked, lines))


@cache
def reached() -> Reach:
    """What all transcripts together come by."""
    each = [played(path).reach for path in cases()]
    return Reach(*(set[Any]().union(*parts) for parts in zip(*each, strict=True)))


def found_by_walking(walks: int = 60, steps: int = 60) -> set[str]:
    """The questions that a person finds who does this and that for a long time."""
    found: set[str] = set()
    for seed in range(walks):
        random, talking = Random(seed), Talking()
        for _ in range(steps):
            perform(talking, chance(random))
        found.update(asked.ask.key for asked in talking.asked)
    return found


@contextmanager
def tracing(lines: set[Line]) -> Iterator[None]:
    """Note every line of the flows that runs."""

    def enter(frame: FrameType, _event: str, _arg: object) -> Any:
        return note if is_of_a_flow(frame.f_code.co_filename) else None

    def note(frame: FrameType, event: str, _arg: object) -> Any:
        if event == "line":
            lines.add((Path(frame.f_code.co_filename).name, frame.f_lineno))
        return note

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(before)


@cache
def is_of_a_flow(file: str) -> bool:
    return Path(file).parent == ROOM


def statements() -> Iterator[tuple[str, ast.stmt]]:
    """Every statement in every generator of the conversations."""
    for path in sorted(ROOM.glob("*.py")):
        if path.name not in NO_CONVERSATIONS:
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef) and yields(function):
                    yield from ((path.name, each) for each in inside(function))


def yields(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))


def inside(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    for statement in function.body:
        for node in ast.walk(statement):
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if isinstance(node, ast.stmt) and not docstring:
                yield node


def own_lines(statement: ast.stmt) -> range:
    """The lines of a statement without those of the statements inside it."""
    body = getattr(statement, "body", None)
    end = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return range(statement.lineno, max(end, statement.lineno) + 1)
