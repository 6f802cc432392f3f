"""Virtual time: the system clock plus an offset that tests and the playground move."""

import time
from collections.abc import Callable


class VirtualClock:
    """Tells the emulator's time; waiting (long polls, delays) stays on real time.

    Units are unix seconds. `moved` callables run after each jump.
    """

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset
        self.moved: list[Callable[[], None]] = []

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Jump forward, or back if `seconds` is negative."""
        self.offset += seconds
        for tell in self.moved:
            tell()

    def set(self, unix: float) -> None:
        """Jump to a moment; time runs on from there."""
        self.advance(unix - self.now())
