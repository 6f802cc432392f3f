"""The figures of a whole run: what was done, what came of it, and what can be said from it."""

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.campaigns.kills.seeded import SEEDED
from tests.campaigns.kills.verdict import Verdict, confidence, together
from tests.campaigns.kills.worlds import ONCE, WORLDS, World
from tests.storage.server import version_of_server

BEGIN: Final = "<!-- figures: make chaos PUBLISH=docs/reliability.md -->"
END: Final = "<!-- end of figures -->"

AT_EACH_POINT: Final = 5  # in each world
LEAST: Final[Mapping[str, int]] = {
    "kills at random moments": 300,
    "faults of the Bot API": 20_000,
    "faults of the database": 200,
    "updates": 50_000,
    "SIGTERMs": 50,
}
"""How much a run must have done, so that its verdict is worth publishing."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run."""

    seed: int
    campaigns: Mapping[str, Verdict]
    seeded: Mapping[str, Verdict]

    @property
    def good(self) -> bool:
        """Whether every promise was kept, every bug caught, and all often enough."""
        return not (any(v.findings for v in self.campaigns.values()) or self.missed or self.short)

    @property
    def missed(self) -> list[str]:
        """Seeded bugs that were not caught."""
        return [bug for bug, verdict in self.seeded.items() if not _is_caught(bug, verdict)]

    @property
    def short(self) -> list[str]:
        """What was not done often enough."""
        found = [f"{done:,} {what}" for what, done in self._done().items() if done < LEAST[what]]
        for world in WORLDS:
            kills = self._of(world).kills_at_points
            found += [
                f"{kills[point]} kills at {point} in {world.name}"
                for point in (*world.points, *ONCE)
                if kills[point] < AT_EACH_POINT
            ]
        return found if self.seeded else [*found, "no seeded bugs"]

    def _done(self) -> dict[str, int]:
        all_of_them = together("all", [*self.campaigns.values()])
        return {
            "kills at random moments": sum(all_of_them.kills[at] for at in ("random", "early", "cold")),
            "faults of the Bot API": all_of_them.faults.total(),
            "faults of the database": all_of_them.database_faults,
            "updates": all_of_them.counts["updates"],
            "SIGTERMs": all_of_them.stops,
        }

    def _minutes(self) -> float:
        """Those of a run that was broken off and gone on with included."""
        return sum(verdict.seconds for verdict in (*self.campaigns.values(), *self.seeded.values())) / 60

    def _of(self, world: World) -> Verdict:
        mine = [verdict for name, verdict in self.campaigns.items() if name.startswith(world.name)]
        return together(world.name, mine)

    def __str__(self) -> str:
        return "\n".join([*self.table(), "", *self._conclusions()])

    def _conclusions(self) -> Iterator[str]:
        broken = sum(len(verdict.findings) for verdict in self.campaigns.values())
        told = confidence([*self.campaigns.values()])
        yield f"{broken} promises broken." if broken else f"{told[0].upper()}{told[1:]}."
        if self.seeded:
            yield f"{len(self.seeded) - len(self.missed)} of {len(self.seeded)} seeded bugs caught."
        if self.missed:
            yield f"Not caught: {', '.join(self.missed)}."
        if self.short:
            yield f"Too little for acceptance: {', '.join(self.short)}."

    def table(self) -> Iterator[str]:
        """The figures as a Markdown table, one column for each world that was tried."""
        tried = (world for world in WORLDS if any(name.startswith(world.name) for name in self.campaigns))
        columns = [self._of(world) for world in tried]
        columns.append(together("together", [*self.campaigns.values()]))
        yield f"| | {' | '.join(column.name for column in columns)} |"
        yield f"|---|{'---:|' * len(columns)}"
        for name, figures in _rows(columns):
            yield f"| {name} | {' | '.join(figures)} |"

    def publish(self, document: Path) -> None:
        """Put the figures between their two marks in a document."""
        text = document.read_text()
        before, _, rest = text.partition(BEGIN)
        _, _, after = rest.partition(END)
        lines = [
            f"Seed {self.seed}, {self._minutes():.0f} minutes of campaigns, two at a time. {versions()}.",
            "",
            *self.table(),
            "",
            " ".join(self._conclusions()),
        ]
        document.write_text("\n".join([before + BEGIN, "", *lines, "", END + after]))


def _rows(columns: list[Verdict]) -> Iterator[tuple[str, list[str]]]:
    def row(name: str, figures: list[int]) -> tuple[str, list[str]]:
        return name, [f"{figure:,}" for figure in figures]

    yield row("SIGKILLs", [c.kills.total() for c in columns])
    yield row("… at a named point", [c.kills_at_points.total() for c in columns])
    yield row("SIGTERMs", [c.stops for c in columns])
    yield "slowest end after one, seconds", [f"{c.slowest_stop:.1f}" for c in columns]
    yield row("updates", [c.counts["updates"] for c in columns])
    yield row("… delivered again", [c.counts["deliveries of them"] - c.counts["updates"] for c in columns])
    yield row("… overtaken by another queue", [c.faults["reorder_across_queues"] for c in columns])
    yield row("messages sent", [c.counts["sends"] for c in columns])
    yield row("faults of the Bot API", [c.faults.total() for c in columns])
    yield row("faults of the database", [c.database_faults for c in columns])
    yield row("statements said", [c.counts["statements said"] for c in columns])
    yield row("messages that came twice", [c.twice.repeated for c in columns])
    yield row("… promised were at most", [c.twice.bound for c in columns])
    yield row("promises broken", [len(c.findings) for c in columns])


def _is_caught(bug: str, verdict: Verdict) -> bool:
    return bool({finding.invariant for finding in verdict.findings} & {*SEEDED[bug].caught_as})


def versions() -> str:
    """Of what the run depends on."""
    packages = ("aiogram", "python-telegram-bot", "sqlalchemy", "asyncpg")
    named = ", ".join(f"{name} {version(name)}" for name in packages)
    python = sys.version.split()[0]
    return f"Python {python}, SQLite {sqlite3.sqlite_version}, {version_of_server()}, {named}"
