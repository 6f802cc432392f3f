"""Runs become tables of medians, and ratios of Together to each peer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from statistics import median
from typing import Final

from tests.bench.contestants import TOGETHER
from tests.bench.plan import SCENARIOS, Found, Stages
from tests.bench.run import Figures, Scenario

REFERENCE: Final = {"aiogram": (326, 380), "python-telegram-bot": (305, 385)}
"""What a turn of independent bots of the same kind costs: CPU/calibration at saturation, see
docs/performance.md. A peer counts only if it is as good, within a quarter."""

COLUMNS: Final = (
    "bot", "turns/s", "p50 ms", "p99 ms", "CPU ms/turn", "CPU/calibration", "bot on its core",
    "generator", "server ms/turn", "lock waits", "others", "RSS MB", "start s", "errors",
)  # fmt: skip

Runs = Mapping[str, Sequence[Figures]]
"""The runs of one scenario, by contestant."""


def middle(runs: Sequence[Figures]) -> Figures:
    """The median of each figure by itself; all errors."""
    names = [each.name for each in fields(Figures) if each.name != "errors"]
    figures = Figures(**{name: median(getattr(one, name) for one in runs) for name in names})
    for one in runs:
        figures.errors += one.errors
    return figures


def report(found: Found) -> Iterator[str]:
    """Everything that was found, line by line."""
    for scenario, runs in found.items():
        yield from [
            "",
            f"### {scenario}",
            "",
            *_table(COLUMNS, (_row(name, runs[name]) for name in runs)),
            "",
        ]
        yield from (f"- {line}" for line in _remarks(scenario, runs, found))


def stages(found: Stages) -> Iterator[str]:
    """Where a turn's time goes, line by line."""
    names = list(found)
    every = {stage: found[names[0]].get(stage, 0.0) for name in names for stage in found[name]}
    rows = [
        [stage, *(f"{found[name].get(stage, 0.0):.3f}" for name in names)]
        for stage in sorted(every, key=every.__getitem__, reverse=True)
    ]
    total = ["all", *(f"{sum(found[name].values()):.3f}" for name in names)]
    yield from _table(["ms of CPU per turn", *names], [*rows, total])


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (columns, ["---"] * len(columns), *rows):
        yield f"| {' | '.join(cells)} |"


def _row(name: str, runs: Sequence[Figures]) -> list[str]:
    one, speeds = middle(runs), [run.per_s for run in runs]
    span = f" ({min(speeds):.0f}..{max(speeds):.0f})" if len(runs) > 1 else ""
    errors = ", ".join(f"{count} {what}" for what, count in one.errors.items()) or "0"
    return [
        name, f"{one.per_s:.0f}{span}", f"{one.p50:.1f}", f"{one.p99:.0f}", f"{one.cpu:.2f}",
        f"{one.cost:.0f}", f"{one.bot_share:.2f}", f"{one.generator_share:.2f}",
        f"{one.server:.2f}", f"{one.locks:.1%}", f"{one.others:.2f}", f"{one.rss:.0f}",
        f"{one.start:.1f}", errors,
    ]  # fmt: skip


def _remarks(scenario: Scenario, runs: Runs, found: Found) -> Iterator[str]:
    ours = runs.get(TOGETHER.name)
    if ours is not None:
        yield from _ratios(scenario, middle(ours), runs)
    if scenario == SCENARIOS["base"]:
        yield from _qualified(runs)
    for what, other in _plainer(scenario).items():
        before = found.get(other, {}).get(TOGETHER.name)
        if ours is not None and before is not None:
            dearer = middle(ours).cost / middle(before).cost
            yield f"a turn costs {TOGETHER.name} {dearer:.2f}x the CPU of one with {what}"


def _plainer(scenario: Scenario) -> dict[str, Scenario]:
    """What a scenario is to be compared with."""
    plainer = {}
    if scenario.known:
        plainer["nobody known"] = replace(scenario, known=0)
    if scenario.listeners:
        plainer["everything in one process"] = SCENARIOS["postgres"]
    if scenario.listeners > 1:
        plainer["one listener"] = SCENARIOS["one-listener"]
    return plainer


def _ratios(scenario: Scenario, ours: Figures, runs: Runs) -> Iterator[str]:
    """Together beside each peer."""
    for name in (name for name in runs if name != TOGETHER.name):
        theirs = middle(runs[name])
        if scenario.load == "fixed":
            yield f"p99 at {ours.p99 / theirs.p99:.2f}x that of {name}, p50 at {ours.p50 / theirs.p50:.2f}x"
        else:
            faster, dearer = ours.per_s / theirs.per_s, theirs.cost / ours.cost
            yield f"{faster:.1f}x the turns/s of {name}, which needs {dearer:.1f}x the CPU for a turn"


def _qualified(runs: Runs) -> Iterator[str]:
    """Whether the peers are as good as others of their kind."""
    for name in (name for name in runs if name in REFERENCE):
        cost, (least, most) = middle(runs[name]).cost, REFERENCE[name]
        counts = 0.75 * least <= cost <= 1.25 * most
        verdict = "counts" if counts else "does not count, it is off by more than a quarter"
        yield f"{name}: CPU/calibration {cost:.0f}, reference {least} to {most}: {verdict}"
