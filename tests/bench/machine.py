"""The machine under the bench: its cores, how fast it is just now, and what a process uses. Linux only."""

import os
import time
from pathlib import Path
from statistics import median
from typing import Final

ROUNDS: Final = 135_000
"""Of the calibration loop; docs/performance.md says why."""

TICK: Final = 1 / os.sysconf("SC_CLK_TCK")  # seconds


def cores() -> tuple[int, int]:
    """The core for the bots, and the one for all else. Raises RuntimeError where there is but one."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise RuntimeError("the bench needs two cores: one for the bot, one for who walks with it")
    return usable[0], usable[1]


def is_real_time() -> bool:
    """Whether this process, and all that it starts, goes before others; the kernel keeps 5 % for those."""
    return os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR)


def calibrate(core: int | None, times: int = 9) -> float:
    """Milliseconds of CPU that a fixed loop takes now on that core; None: on any."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, before if core is None else {core})
    try:
        return median(_loop() for _ in range(times))
    finally:
        os.sched_setaffinity(0, before)


def _loop() -> float:
    began, total = time.process_time(), 0
    for number in range(ROUNDS):
        total += number * number % 7
    return 1000 * (time.process_time() - began)


def busy_seconds(*cores: int) -> float:
    """How long cores have worked, for whomever, a hypervisor included."""
    lines = [line.split() for line in Path("/proc/stat").read_text().splitlines()]
    counts = [map(int, numbers) for name, *numbers in lines if name in {f"cpu{core}" for core in cores}]
    return TICK * sum(
        user + nice + system + irq + softirq + steal
        for user, nice, system, _idle, _waiting, irq, softirq, steal, *_ in counts
    )


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
