"""Every conversation goes as its transcripts say, and the transcripts reach everything there is.

What there is comes from three sides: the registers name the conversations, effects and looks; the sources of
the flows name every statement, and with it every question and every end; long random walks through the real
flows find the questions whose keys are put together while running. A new conversation is in all three at
once, and fails here until it has transcripts.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest

from flows.conversations import conversations, effects, looks
from flows.panels.rooms import handlers
from tests.flows.acts import chance, perform
from tests.flows.played import ROOM, all_played, lines, played
from tests.flows.talking import Talking
from tests.flows.transcript import FOLDER, cases

pytestmark = pytest.mark.timeout(300)  # the first one plays every transcript

NO_CONVERSATIONS = (
    "engine.py", "moves.py", "reception.py", "small_cells.py", "digests/rows.py", "occasions/cards.py",
    "panels/rooms.py", "people/roles.py", "times/office_hours.py", "times/quiet.py", "times/recurrence.py",
    "words/masks.py",
)  # fmt: skip
"""Their tests are in files of their own."""

PASSED_ON_ONCE = {"push.inquiry_words", "push.inquiry_more", "push.inquiry_last_words"}
"""Questions with words that are told once: a push is not asked again while nobody has answered it."""


def test_there_are_transcripts() -> None:
    assert cases(), f"no transcripts in {FOLDER}"


@pytest.mark.parametrize("path", cases(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_conversation_goes_as_its_transcript_says(path: Path) -> None:
    assert played(path).today == path.read_text(encoding="utf-8")


def test_a_question_is_asked_again_in_the_same_words() -> None:
    changed = {key for transcript in all_played() for key in transcript.changed}

    assert changed - PASSED_ON_ONCE == set()


@pytest.mark.parametrize("name", conversations())
def test_every_conversation_has_transcripts(name: str) -> None:
    assert [path for path in cases() if path.parent.name == name], f"no transcripts in {FOLDER / name}"


@pytest.mark.parametrize("name", handlers())
def test_every_handler_of_presses_in_group_chats_has_transcripts(name: str) -> None:
    assert [path for path in cases() if path.parent.name == name], f"no transcripts in {FOLDER / name}"


def test_every_transcript_belongs_to_a_conversation_a_handler_or_the_reception() -> None:
    assert {path.parent.name for path in cases()} <= {*conversations(), *handlers(), "reception"}


def test_transcripts_reach_every_effect() -> None:
    assert {each.__name__ for each in effects() - moves()} == set()


def test_transcripts_reach_every_look() -> None:
    assert {each.__name__ for each in looks() - moves()} == set()


def test_transcripts_reach_every_question_that_a_long_walk_finds() -> None:
    asked = {each.ask.key for transcript in all_played() for each in transcript.asked}

    assert found_by_walking() - asked == set()


def test_transcripts_reach_every_statement_and_every_end_of_every_flow() -> None:
    missed = [
        f"{file}:{statement.lineno} {ast.unparse(statement).partition(chr(10))[0]}"
        for file, statement in statements()
        if not any((file, line) in lines() for line in own_lines(statement))
    ]

    assert missed == []


@cache
def moves() -> set[type]:
    """The looks and effects that transcripts come by."""
    return {move for transcript in all_played() for move in transcript.moves}


def found_by_walking(walks: int = 60, steps: int = 60) -> set[str]:
    """The questions that a person finds who does this and that for a long time."""
    found: set[str] = set()
    for seed in range(walks):
        random, talking = Random(seed), Talking()
        for _ in range(steps):
            perform(talking, chance(random))
        found.update(asked.ask.key for asked in talking.asked)
    return found


def statements() -> Iterator[tuple[str, ast.stmt]]:
    """Every statement in every generator of the conversations."""
    for path in sorted(ROOM.rglob("*.py")):
        file = path.relative_to(ROOM).as_posix()
        if file not in NO_CONVERSATIONS:
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef) and yields(function):
                    yield from ((file, each) for each in inside(function))


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
