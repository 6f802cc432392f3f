"""Together and its peers, side by side: python -m tests.bench --help.

Each bot runs alone on the first core; who walks with it, the Bot API and the database's server share the
second. The runs of all contestants alternate, so that a slow minute of the machine hits all of them.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.bench import machine
from tests.bench.contestants import ALL
from tests.bench.plan import QUICK, SCENARIOS, Bench, Found
from tests.bench.publish import circumstances, publish
from tests.bench.report import report, stages
from tests.bench.run import Length


def main() -> int:
    """Run it; 1: something was lost, doubled or refused."""
    arguments = read_arguments()
    cores = machine.cores()
    os.sched_setaffinity(0, cores[1:])
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.folder) as folder:
        length = Length(2, 4) if arguments.quick else Length(3, arguments.seconds)
        found, lines = asyncio.run(
            measured(Bench(Path(folder), cores, length, arguments.patience), arguments)
        )
    if arguments.publish:
        publish(lines)
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any(one.errors for runs in found.values() for each in runs.values() for one in each))


async def measured(bench: Bench, arguments: argparse.Namespace) -> tuple[Found, list[str]]:
    """All runs that were asked for, and what is to be said of them."""
    contestants = [ALL[name] for name in arguments.only or ALL]
    if arguments.profile:
        await bench.profile(contestants[0], arguments.profile)
        return {}, [f"{arguments.profile}: look at it with python -m pstats"]
    names = arguments.scenario or (QUICK if arguments.quick else SCENARIOS)
    times = 1 if arguments.quick else arguments.runs
    found = await bench.runs([SCENARIOS[name] for name in names], contestants, times)
    how = circumstances(times=times, seconds=bench.length.window, patience=bench.patience)
    lines = [how, *report(found)]
    if arguments.stages:
        lines += ["", "### Where a turn's time goes", "", *stages(await bench.stages(contestants))]
    return found, lines


def absolute(path: str) -> Path:
    """A path that stays the same in another folder."""
    return Path(path).absolute()


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"once, shorter, only {' and '.join(QUICK)}")
    parser.add_argument("--scenario", nargs="+", choices=SCENARIOS, metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--only", nargs="+", choices=ALL, metavar="BOT", help=", ".join(ALL))
    parser.add_argument("--runs", type=int, default=3, help="of each bot in each scenario (3)")
    parser.add_argument("--patience", type=int, default=2, help="times a disturbed run is made again (2)")
    parser.add_argument("--seconds", type=float, default=6, help="that are measured of each run (6)")
    parser.add_argument("--stages", action="store_true", help="say also where a turn's time goes")
    parser.add_argument("--publish", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument("--profile", type=absolute, metavar="FILE", help="only profile the first bot")
    parser.add_argument("--folder", type=Path, help="on the disk where databases are to be")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
