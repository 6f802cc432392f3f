"""Kills the bot for as long as wanted: python -m tests.campaigns.chaos --kills 640 --minutes 30 --seed 7

Rounds of 100 kills follow each other, each in a fresh world with a seed of its own; the first broken promise
ends it, with status 1 and everything that round left behind: database, log, ledger.
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from random import Random, SystemRandom
from typing import Final

from tests.campaigns.kills.campaign import Campaign, Plan, Verdict, confidence

ROUND: Final = 100  # kills
COLD: Final = 2  # of a round's processes are started as operators do


def main() -> int:
    """Run it; 0: every promise was kept."""
    arguments = _arguments()
    seed = SystemRandom().getrandbits(32) if arguments.seed is None else arguments.seed
    ends = time.monotonic() + 60 * arguments.minutes
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="chaos-"))
    _say(f"seed {seed}, {_versions()}; everything is kept in {folder}")
    seeds, verdicts = Random(seed), list[Verdict]()
    left = arguments.kills
    while left > 0 and time.monotonic() < ends:
        plan = Plan(seeds.getrandbits(32), kills=min(left, ROUND), stops=5, cold=COLD)
        verdict = asyncio.run(Campaign(plan, folder / str(len(verdicts) + 1)).run())
        verdicts.append(verdict)
        left -= plan.kills
        _say(f"\nround {len(verdicts)}: {verdict}")
        if verdict.findings:
            return 1
    _say(f"\n{confidence(verdicts)}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="chaos", description="Kill the bot under load, check every promise."
    )
    parser.add_argument("--kills", type=int, default=640, help="how many at most (640)")
    parser.add_argument("--minutes", type=float, default=60, help="how long at most (60)")
    parser.add_argument("--seed", type=int, help="repeat a run; otherwise each is another")
    parser.add_argument("--folder", help="where to keep databases, logs and ledgers")
    return parser.parse_args()


def _versions() -> str:
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("aiogram", "python-telegram-bot", "sqlalchemy")
    )
    return f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {packages}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
