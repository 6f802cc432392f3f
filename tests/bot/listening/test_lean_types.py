"""Types that are ready for reading updates alone read them as the others do, and take little memory."""

import subprocess
import sys

LEAN = """
import sys
import pytest
from bot.listening.lean_types import only_read

only_read()
{then}
"""
ALL_ABOUT_UPDATES = (
    'sys.exit(pytest.main(["-n0", "-p", "no:cacheprovider", "tests/bot/listening/test_updates.py"]))'
)
WHAT_IS_READY = """
from aiogram import types
from pydantic import BaseModel

class Later(BaseModel):
    number: int

assert Later(number="1").number == 1
kinds = {kind for kind in vars(types).values() if isinstance(kind, type) and issubclass(kind, BaseModel)}
print(*(kind.__name__ for kind in kinds if kind.__pydantic_complete__))
"""


def run(then: str) -> subprocess.CompletedProcess[str]:
    """What a process of its own says that has begun with those types."""
    return subprocess.run(
        [sys.executable, "-c", LEAN.format(then=then)], capture_output=True, text=True, check=False
    )


def test_updates_are_read_all_the_same() -> None:
    done = run(ALL_ABOUT_UPDATES)

    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_of_all_types_only_the_one_for_updates_is_ready() -> None:
    done = run(WHAT_IS_READY)

    assert done.stdout.split() == ["Update"], done.stdout + done.stderr
