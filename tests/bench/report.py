"""Runs become tables of medians, and ratios of Together to each peer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from statistics import median
from typing import Final

from tests.bench.contestants import TOGETHER
from tests.bench.run import Figures, Scenario

REFERENCE: Final = {"aiogram": (326, 380), "python-telegram-bot": (305, 385)}
"""What other, independent bots of the same kind cost at saturation, in calibration loops per 1,000 turns.
A peer counts only if it is as good: within a quarter of them."""

COLUMNS: Final = (
    "bot", "runs", "turns/s", "p50 ms", "p99 ms", "CPU ms/turn", "CPU/calibration", "bot's core",
    "generator's core", "server ms/turn", "locks", "RSS MB", "start s", "errors",
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


def table(scenario: Scenario, runs: Runs) -> str:
    """One scenario as a table."""
    rows = [_row(name, each) for name, each in runs.items()]
    return "\n".join(
        [f"### {scenario}", "", _line(COLUMNS), _line(["---"] * len(COLUMNS)), *map(_line, rows)]
    )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(name: str, runs: Sequence[Figures]) -> list[str]:
    one, each = middle(runs), sorted(run.per_s for run in runs)
    span = f" ({each[0]:.0f}..{each[-1]:.0f})" if len(each) > 1 else ""
    errors = ", ".join(f"{count} {what}" for what, count in one.errors.items()) or "0"
    return [
        name, f"{len(runs)}", f"{one.per_s:.0f}{span}", f"{one.p50:.1f}", f"{one.p99:.0f}", f"{one.cpu:.2f}",
        f"{one.cost:.0f}", f"{one.bot_share:.2f}", f"{one.generator_share:.2f}", f"{one.server:.2f}",
        f"{one.locks:.1%}", f"{one.rss:.0f}", f"{one.start:.1f}", errors,
    ]  # fmt: skip


def ratios(scenario: Scenario, runs: Runs) -> Iterator[str]:
    """Together beside each peer in one scenario."""
    if TOGETHER.name not in runs:
        return
    ours = middle(runs[TOGETHER.name])
    for name in (name for name in runs if name != TOGETHER.name):
        theirs = middle(runs[name])
        if scenario.load == "fixed":
            yield f"p99 at {ours.p99 / theirs.p99:.2f}x that of {name}, p50 at {ours.p50 / theirs.p50:.2f}x"
        else:
            yield (
                f"{ours.per_s / theirs.per_s:.1f}x the turns/s of {name}; "
                f"a turn costs it {theirs.cost / ours.cost:.1f}x the CPU"
            )


def qualified(runs: Runs) -> Iterator[str]:
    """Whether the peers are as good as others of their kind."""
    for name in (name for name in runs if name in REFERENCE):
        cost, (least, most) = middle(runs[name]).cost, REFERENCE[name]
        counts = 0.75 * least <= cost <= 1.25 * most
        yield (
            f"{name}: CPU/calibration {cost:.0f}, reference {least} to {most}: "
            f"{'counts' if counts else 'does not count, it is off by more than 25 %'}"
        )


def compared(what: str, before: Sequence[Figures], after: Sequence[Figures]) -> str:
    """How much dearer Together's turn became."""
    first, second = middle(before), middle(after)
    return f"{what}: a turn costs {second.cost / first.cost:.2f}x the CPU"
