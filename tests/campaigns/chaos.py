"""The whole campaign, counted: python -m tests.campaigns.chaos --seed 7

Each of the five worlds lives through rounds of kills, faults and load; then every seeded bug must be caught.
Two rounds run at a time, each in a process of its own, with a seed derived from the run's. What a round
leaves, verdict, log and ledger, is kept in the folder; a run that is called again with the same folder goes
on where it was. Status 1: a promise was broken, a bug was not caught, or the run was too small to say so.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from random import SystemRandom
from typing import Final

from tests.campaigns.kills import report
from tests.campaigns.kills.rounds import Round, broken_pages, bugs, carried_out, rounds
from tests.campaigns.kills.verdict import Verdict
from tests.campaigns.kills.worlds import WORLDS

ROUNDS: Final = 6  # of each world
AT_ONCE: Final = 2


def main() -> int:
    """Run it; 0: every promise was kept, and often enough."""
    arguments = _arguments()
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="chaos-"))
    seed = _seed(arguments.seed, folder)
    _say(f"seed {seed}; {report.versions()}; everything is kept in {folder}")
    worlds = [world for world in WORLDS if arguments.worlds is None or world.name in arguments.worlds]
    planned = [broken_pages(seed), *rounds(seed, worlds, arguments.rounds)]
    campaigns = _carry_out(planned, folder, arguments.at_once)
    seeded = {} if arguments.no_bugs else _carry_out([*bugs()], folder, arguments.at_once)
    told = report.Report(seed, campaigns, seeded)
    _say(f"\n{told}")
    if arguments.publish:
        told.publish(Path(arguments.publish))
    return 0 if told.good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="chaos", description="Kill the bot under load and in trouble, check every promise."
    )
    names = [world.name for world in WORLDS]
    parser.add_argument("--seed", type=int, help="repeat a run; otherwise each is another")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"of each world ({ROUNDS})")
    parser.add_argument("--worlds", nargs="+", choices=names, help="only these")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help=f"rounds at a time ({AT_ONCE})")
    parser.add_argument("--no-bugs", action="store_true", help="leave the seeded bugs out")
    parser.add_argument("--folder", help="where to keep everything; again the same: go on")
    parser.add_argument("--publish", metavar="FILE", help="put the figures into this document")
    return parser.parse_args()


def _seed(wanted: int | None, folder: Path) -> int:
    """The run's seed; a folder that was used before has its own."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "seed"
    if kept.exists():
        return int(kept.read_text())
    seed = SystemRandom().getrandbits(32) if wanted is None else wanted
    kept.write_text(str(seed))
    return seed


def _carry_out(planned: Sequence[Round], folder: Path, at_once: int) -> dict[str, Verdict]:
    """Verdicts by name, in the order of the rounds; each is told as soon as it is there."""
    verdicts: dict[str, Verdict] = {}
    with ProcessPoolExecutor(at_once, mp_context=get_context("spawn")) as processes:
        futures: dict[Future[Verdict], Round] = {
            processes.submit(carried_out, one, folder): one for one in planned
        }
        for future in as_completed(futures):
            one = futures[future]
            verdicts[one.name] = future.result()
            _say(f"\n{one.name}: {verdicts[one.name]}")
    return {one.name: verdicts[one.name] for one in planned}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
