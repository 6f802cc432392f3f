"""Puts the figures of a bench into docs/performance.md, between two marks."""

import platform
import sqlite3
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.bench import machine
from tests.bench.contestants import ROOT

PAGE: Final = ROOT / "docs" / "performance.md"
BEGIN: Final = "<!-- figures: make bench PUBLISH=1 -->\n"
END: Final = "<!-- end of figures -->\n"
PACKAGES: Final = ("aiogram", "python-telegram-bot", "SQLAlchemy", "aiohttp", "httpx", "asyncpg", "aiosqlite")


def publish(lines: Iterable[str], page: Path = PAGE) -> None:
    """Replace what stands between the marks. Raises ValueError where they are missing."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page.name} has no marks for figures")
    page.write_text("".join([before, begin, *(f"{line}\n" for line in lines), end, after]), encoding="utf-8")


def circumstances(*, times: int, seconds: float, patience: int) -> str:
    """When, on what, of which versions and from how many runs the figures are.

    times     runs of each bot in each scenario
    seconds   of the window of each
    patience  how often a disturbed run was made again at most
    """
    with Path("/proc/cpuinfo").open() as file:
        processor = next(
            (line.partition(": ")[2].strip() for line in file if "model name" in line), "unknown"
        )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit or 'unknown'}; {processor}, {platform.system()} "
        f"{platform.release()}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{packages}. Runs of each: {times}, of {seconds:g} s; disturbed ones were made again at most "
        f"{patience} times{', all at real-time priority' if machine.is_real_time() else ''}."
    )
