"""What a whole bench is made of: scenarios, and the runs of all contestants in them, alternating."""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tests.bench.contestants import ALL, Contestant
from tests.bench.databases import Databases, DurableServer, PostgresDatabases, SqliteFiles
from tests.bench.run import Figures, Length, Scenario, run

KNOWN: Final = 100_000
LATENCY: Final = 0.040  # seconds: about as far away as Telegram is

SCENARIOS: Final = {
    "base": Scenario(),
    "known": Scenario(known=KNOWN),
    "fixed": Scenario("fixed"),
    "latency": Scenario(latency=LATENCY),
    "postgres": Scenario(database="postgres"),
    "postgres-known": Scenario(database="postgres", known=KNOWN),
    "postgres-fixed": Scenario("fixed", database="postgres"),
    "postgres-latency": Scenario(database="postgres", latency=LATENCY),
    "one-listener": Scenario(database="postgres", listeners=1),
    "two-listeners": Scenario(database="postgres", listeners=2),
    "two-listeners-200": Scenario(database="postgres", listeners=2, citizens=200),  # as many for each
}
QUICK: Final = ("base", "fixed")
DISTURBED: Final = 0.15
"""Of a core: with more of it gone to others, a run says little."""

Found = Mapping[Scenario, Mapping[str, Sequence[Figures]]]
"""All runs, by scenario and contestant."""

Stages = Mapping[str, Mapping[str, float]]
"""Where a turn's time goes: ms of CPU, by contestant and stage."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Runs whose bots have the first core to themselves; everything is kept in one folder."""

    folder: Path
    cores: tuple[int, int]
    length: Length
    patience: int  # how often a run is made again in which strangers took too much

    async def runs(
        self, scenarios: Sequence[Scenario], contestants: Sequence[Contestant], times: int
    ) -> Found:
        """Every contestant in every scenario, so many times."""
        found: dict[Scenario, dict[str, list[Figures]]] = {
            scenario: {one.name: [] for one in contestants if one.has_roles or not scenario.listeners}
            for scenario in scenarios
        }
        with ExitStack() as held:
            places: dict[str, Databases] = {"sqlite": SqliteFiles(self.folder)}
            if any(scenario.database == "postgres" for scenario in scenarios):
                server = DurableServer()
                held.callback(server.remove)
                server.start()
                places["postgres"] = PostgresDatabases(server)
            for number in range(times):
                for scenario, runs in found.items():
                    for name in runs:
                        figures = await self._run(ALL[name], scenario, places[scenario.database])
                        runs[name].append(figures)
                        tell(f"{number + 1}/{times} {scenario}: {name} {figures.per_s:.0f} turns/s")
        return found

    async def stages(self, contestants: Sequence[Contestant]) -> Stages:
        """Where a turn's time goes in the first scenario."""
        found = {}
        for one in contestants:
            file = self.folder / f"{one.name}.stages"
            under = ("tests.bench.sampled", str(file))
            figures = await self._run(one, SCENARIOS["base"], SqliteFiles(self.folder), under)
            samples: dict[str, int] = json.loads(file.read_text())
            each = figures.cpu / sum(samples.values())
            found[one.name] = {stage: count * each for stage, count in samples.items()}
            tell(f"sampled: {one.name}")
        return found

    async def profile(self, one: Contestant, file: Path) -> None:
        """Write a profile of the first scenario, for `python -m pstats`; `file` is an absolute path."""
        under = ("tests.bench.profiled", str(file))
        await self._run(one, SCENARIOS["base"], SqliteFiles(self.folder), under)

    async def _run(
        self, one: Contestant, scenario: Scenario, databases: Databases, under: Sequence[str] = ()
    ) -> Figures:
        folder = self.folder / one.name
        once = partial(run, one, scenario, self.length, databases, folder, cores=self.cores, under=under)
        figures = await once()
        for _ in range(self.patience):
            if figures.others <= DISTURBED or figures.errors:
                break
            tell(f"once more, strangers took {figures.others:.2f} cores: {scenario}, {one.name}")
            figures = await once()
        return figures


def tell(line: str) -> None:
    """Say how far it is."""
    sys.stderr.write(f"{line}\n")
