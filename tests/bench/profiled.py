"""Runs a module that is profiled between SIGUSR1 and SIGUSR2: python -m tests.bench.profiled FILE MODULE

Look at the file with `python -m pstats FILE`. Threads other than the first are profiled from their beginning.
The profiler takes half of the time itself, and makes small functions look dearer than they are.
"""

import cProfile
import pstats
import runpy
import signal
import sys
import threading
from types import FrameType
from typing import Any


def main() -> None:
    """Run the module of the command line as if it had been called, then write the profile."""
    file, module = sys.argv[1:3]
    sys.argv[:] = [module, *sys.argv[3:]]
    first = cProfile.Profile()
    profiles = [first]

    def begin(_frame: FrameType, _event: str, _argument: Any) -> None:
        """The first thing that happens in a thread; a profile of its own takes over from here."""
        profile = cProfile.Profile()
        profiles.append(profile)
        profile.enable()

    threading.setprofile(begin)
    signal.signal(signal.SIGUSR1, lambda *_: first.enable())
    signal.signal(signal.SIGUSR2, lambda *_: first.disable())
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        for profile in profiles:
            profile.create_stats()
        pstats.Stats(*(profile for profile in profiles if profile.stats)).dump_stats(file)


if __name__ == "__main__":
    main()
