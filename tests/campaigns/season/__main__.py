"""A season, counted: python -m tests.campaigns.season --seed 7

90 days of 2,000 citizens and 300 occasions, once with kills and faults of the Bot API and once without. The
same seed plans the same season. Status 1: a promise was broken, or hardly anything happened.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from random import SystemRandom
from typing import Final

from tests.campaigns.season.bugs import CAUGHT_AS, is_caught
from tests.campaigns.season.plan import Plan, bugged
from tests.campaigns.season.report import publish
from tests.campaigns.season.season import Season
from tests.campaigns.season.verdict import Verdict

CROWD: Final = 26
"""People who answer to one occasion of a whole season, at the most."""

LEAST: Final = {"reminders due": 5_000, "notices due": 300, "seats offered": 100}
"""How much must have happened in a whole season, so that its verdict says something."""


def main() -> int:
    """Live through it; 0: every promise was kept, and often enough."""
    arguments = _arguments()
    seed = SystemRandom().getrandbits(32) if arguments.seed is None else arguments.seed
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="season-"))
    _say(f"seed {seed}; everything is kept in {folder}")
    verdicts: list[Verdict] = []
    for name, trouble in (("trouble", True), ("calm", False)):
        if arguments.only in (None, name):
            plan = Plan(seed, arguments.days, arguments.citizens, arguments.occasions, trouble, crowd=CROWD)
            verdicts.append(asyncio.run(Season(plan, folder / name).run()))
            _say(f"\n{name}: {verdicts[-1]}")
    missed = [] if arguments.no_bugs else asyncio.run(_missed(folder))
    if arguments.publish:
        publish(Path(arguments.publish), verdicts)
    whole = arguments.days >= 90
    short = [f"{name}: only {what}" for v in verdicts for name, what in _short(v)] if whole else []
    for line in short:
        _say(line)
    return int(bool(short or missed) or any(verdict.findings for verdict in verdicts))


async def _missed(folder: Path) -> list[str]:
    """The seeded bugs that the checker does not see."""
    missed = []
    for bug in CAUGHT_AS:
        verdict = await Season(bugged(bug), folder / bug).run()
        if not is_caught(bug, verdict):
            missed.append(bug)
            _say(f"\nnot caught: {bug}: {verdict}")
    _say(f"\n{len(CAUGHT_AS) - len(missed)} of {len(CAUGHT_AS)} seeded bugs caught")
    return missed


def _short(verdict: Verdict) -> list[tuple[str, str]]:
    return [
        (verdict.name, f"{verdict.counts[what]} {what}")
        for what, least in LEAST.items()
        if verdict.counts[what] < least
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="season", description="Live through a season.")
    parser.add_argument("--seed", type=int, help="repeat a season; otherwise each is another")
    parser.add_argument("--days", type=int, default=90, help="virtual ones (90)")
    parser.add_argument("--citizens", type=int, default=2000, help="who take part (2000)")
    parser.add_argument("--occasions", type=int, default=300, help="meetings and activities (300)")
    parser.add_argument("--only", choices=("trouble", "calm"), help="one of both")
    parser.add_argument("--no-bugs", action="store_true", help="leave the seeded bugs out")
    parser.add_argument("--folder", help="where to keep everything")
    parser.add_argument("--publish", metavar="FILE", help="put the figures into this document")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
