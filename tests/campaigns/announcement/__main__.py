"""An announcement to many, counted: python -m tests.campaigns.announcement --seed 7

10,000 people, a tenth of whom have blocked the bot, one send in twenty going wrong, a kill every 500
messages; then every seeded bug with fewer. Status 1: a promise was broken, or a bug was not caught.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from tests.campaigns.announcement.bugs import CAUGHT_AS, is_caught
from tests.campaigns.announcement.sending import Campaign, Plan


def main() -> int:
    """Send it; 0: every promise was kept."""
    arguments = _arguments()
    seed = SystemRandom().getrandbits(32) if arguments.seed is None else arguments.seed
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="announcement-"))
    _say(f"seed {seed}; everything is kept in {folder}")
    verdict = asyncio.run(
        Campaign(Plan(seed, arguments.people, arguments.kill_every), folder / "whole").run()
    )
    _say(f"\n{verdict}")
    missed = [] if arguments.no_bugs else asyncio.run(_missed(folder, seed))
    return int(bool(verdict.findings or missed))


async def _missed(folder: Path, seed: int) -> list[str]:
    """The seeded bugs that the checker does not see."""
    missed = []
    for bug in CAUGHT_AS:
        verdict = await Campaign(bugged(bug, seed), folder / bug).run()
        if not is_caught(bug, verdict):
            missed.append(bug)
            _say(f"\nnot caught: {bug}: {verdict}")
    _say(f"\n{len(CAUGHT_AS) - len(missed)} of {len(CAUGHT_AS)} seeded bugs caught")
    return missed


def bugged(bug: str, seed: int) -> Plan:
    """A small campaign for a bug."""
    return Plan(seed, 300, 100, bug=bug, most_kills=2)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="announcement", description="Send an announcement to many.")
    parser.add_argument("--seed", type=int, help="repeat a campaign; otherwise each is another")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--kill-every", type=int, default=500, help="messages between two kills (500)")
    parser.add_argument("--folder", help="where everything is kept; otherwise a temporary one")
    parser.add_argument("--no-bugs", action="store_true", help="leave the seeded bugs out")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
