"""Together and its peers, side by side: python -m tests.bench --help.

Each bot runs alone on the first core; who walks with it, the Bot API and the database's server share the
others. The runs of all contestants alternate, so that a slow minute of the machine hits all of them.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from tests.bench import machine, report
from tests.bench.contestants import ALL, TOGETHER, Contestant
from tests.bench.databases import Databases, DurableServer, PostgresDatabases, SqliteFiles
from tests.bench.run import Figures, Length, Scenario, run

KNOWN: Final = 100_000
LATENCY: Final = 0.040

BASE: Final = Scenario()
FIXED: Final = Scenario("fixed")
MANY: Final = Scenario(known=KNOWN)
SERVED: Final = Scenario(database="postgres")
SERVED_MANY: Final = Scenario(database="postgres", known=KNOWN)
PLAN: Final = (
    BASE,
    MANY,
    FIXED,
    Scenario(latency=LATENCY),
    SERVED,
    SERVED_MANY,
    Scenario("fixed", database="postgres"),
    Scenario(database="postgres", latency=LATENCY),
)

All = Mapping[Scenario, Mapping[str, list[Figures]]]


class Bench:
    """All runs."""

    def __init__(self, arguments: argparse.Namespace, folder: Path, core: int) -> None:
        self._arguments = arguments
        self._folder = folder
        self._core = core
        self._length = Length(2, 4) if arguments.quick else Length(3, arguments.seconds)
        self._databases: dict[str, Databases] = {"sqlite": SqliteFiles(folder)}

    async def runs(self, scenarios: Sequence[Scenario], contestants: Sequence[Contestant]) -> All:
        """Every contestant in every scenario, as often as wanted, alternating."""
        found: dict[Scenario, dict[str, list[Figures]]] = {
            scenario: {one.name: [] for one in contestants} for scenario in scenarios
        }
        async with AsyncExitStack() as held:
            if any(scenario.database == "postgres" for scenario in scenarios):
                server = DurableServer()
                server.start()
                held.callback(server.remove)
                self._databases["postgres"] = PostgresDatabases(server)
            for number in range(1 if self._arguments.quick else self._arguments.runs):
                for scenario in scenarios:
                    for one in contestants:
                        figures = await self._run(one, scenario)
                        found[scenario][one.name].append(figures)
                        say(f"run {number + 1}, {scenario}, {one.name}: {figures.per_s:.0f} turns/s")
        return found

    async def _run(self, contestant: Contestant, scenario: Scenario) -> Figures:
        return await run(
            contestant,
            scenario,
            self._length,
            self._databases[scenario.database],
            self._folder / contestant.name,
            core=self._core,
            profile=self._arguments.profile,
        )


def told(found: All) -> Iterator[str]:
    """Everything that was found."""
    for scenario, runs in found.items():
        yield f"\n{report.table(scenario, runs)}\n"
        yield from (f"- {line}" for line in report.ratios(scenario, runs))
        if scenario == BASE:
            yield from (f"- {line}" for line in report.qualified(runs))
    ours = {scenario: runs[TOGETHER.name] for scenario, runs in found.items() if TOGETHER.name in runs}
    for what, before, after in (("SQLite", BASE, MANY), ("PostgreSQL", SERVED, SERVED_MANY)):
        if before in ours and after in ours:
            yield "- " + report.compared(f"{KNOWN:,} known, {what}", ours[before], ours[after])


def say(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run it; 1: something was lost, doubled or refused."""
    arguments = read_arguments()
    core, *others = machine.cores()
    os.sched_setaffinity(0, others)
    scenarios: Sequence[Scenario] = PLAN
    if arguments.quick or arguments.profile:
        scenarios = (BASE,) if arguments.profile else (BASE, FIXED)
    contestants = [ALL[name] for name in arguments.only or ALL]
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.folder) as folder:
        found = asyncio.run(Bench(arguments, Path(folder), core).runs(scenarios, contestants))
    for line in told(found):
        say(line)
    return int(any(one.errors for runs in found.values() for each in runs.values() for one in each))


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="once, two scenarios, shorter")
    parser.add_argument("--only", nargs="+", choices=ALL, metavar="BOT", help=", ".join(ALL))
    parser.add_argument("--runs", type=int, default=3, help="of each bot in each scenario (3)")
    parser.add_argument("--seconds", type=float, default=6, help="that are measured of each run (6)")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="profile saturation into FILE instead")
    parser.add_argument("--folder", type=Path, help="on the disk where databases are to be")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
