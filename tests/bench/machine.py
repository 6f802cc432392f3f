"""The machine under the bench: its cores, how fast it is just now, and what a process uses. Linux only."""

import os
import time
from functools import cache
from pathlib import Path
from statistics import median
from typing import Final

ROUNDS: Final = 300_000
"""Of the calibration loop; about 15 ms on the machine whose figures docs/performance.md gives."""

TICK: Final = 1 / os.sysconf("SC_CLK_TCK")  # seconds


@cache
def cores() -> tuple[int, int]:
    """The core for the bots, and the one for all else. Raises RuntimeError where there is but one."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise RuntimeError("the bench needs two cores: one for the bot, one for who walks with it")
    return usable[0], usable[1]


def calibrate(core: int, times: int = 7) -> float:
    """Seconds that a fixed Python loop takes on that core now."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        return median(_loop() for _ in range(times))
    finally:
        os.sched_setaffinity(0, before)


def _loop() -> float:
    began, total = time.process_time(), 0
    for number in range(ROUNDS):
        total += number * number % 7
    return time.process_time() - began


def cpu_seconds(pid: int) -> float:
    """What all threads of a process have used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * TICK


def cpu_seconds_of_tree(pid: int) -> float:
    """The same, with its children that live."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_seconds(pid) + sum(cpu_seconds_of_tree(int(child)) for child in children)


def resident_mb(pid: int) -> float:
    """Memory of a process, in units of 10^6 bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
