"""Runs a module and samples it between SIGUSR1 and SIGUSR2: python -m tests.bench.sampled FILE MODULE ...

Every few milliseconds of CPU it is looked where its first thread is, and counted for that stage of a turn.
FILE gets a JSON object: samples by stage. Unlike a profiler that hears every call, this distorts nothing.
"""

import json
import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Final

EVERY: Final = 0.004  # seconds of CPU; few kernels tell finer

LOOP: Final = "event loop"
STAGES: Final = {
    "the driver": (
        "default.py:do_execute", "default.py:do_commit", "/asyncpg/", "/aiosqlite/", "/sqlite.py:_commit",
    ),
    "SQLAlchemy": ("/sqlalchemy/",),
    "rows": ("/storage/",),
    "decoding": (
        "/bot/listening/updates.py", "/bot/listening/reading.py", "/bot/listening/door.py", "/aiogram/types/",
        "/pydantic/", "with_telegram.py:called",
    ),
    "calling Telegram": (
        "/bot/speaking/speaker.py", "/bot/speaking/wire.py", "/bot/speaking/transport.py",
        "/bot/http/client.py", "/telegram/_bot.py", "/telegram/ext/_extbot.py",
        "/telegram/request/", "/httpx/", "/httpcore/", "/aiohttp/client", "/aiohttp/connector",
        "/aiogram/client/", "/aiogram/methods/",
    ),
    "webhook": ("/bot/listening/webhook.py", "/aiohttp/web", "/aiogram/webhook/"),
    "choosing a handler": ("/aiogram/", "/telegram/ext/", "/magic_filter/"),
    "language of words": ("/bot/recognition/", "/langdetect/"),
    "wording": ("/config/", "/bot/rendering/", "/babel/"),
    "conversation": ("/flows/", "/bench/bots/"),
    "turns and courier": ("/bot/",),
    LOOP: ("base_events.py:_run_once",),
}  # fmt: skip
"""By what is in `file:function` of a frame. The innermost frame that belongs to a stage decides."""


def stage_of(frame: FrameType | None) -> str:
    """The stage that a thread is in."""
    while frame is not None:
        place = f"{frame.f_code.co_filename}:{frame.f_code.co_name}"
        for stage, places in STAGES.items():
            if any(one in place for one in places):
                return stage
        frame = frame.f_back
    return LOOP


def main() -> None:
    """Run the module of the command line as if it had been called, then write what was counted."""
    file, module = sys.argv[1:3]
    sys.argv[:] = [module, *sys.argv[3:]]
    counts: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        counts[stage_of(frame)] += 1

    signal.signal(signal.SIGPROF, look)
    signal.signal(signal.SIGUSR1, lambda *_: signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY))
    signal.signal(signal.SIGUSR2, lambda *_: signal.setitimer(signal.ITIMER_PROF, 0))
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        Path(file).write_text(json.dumps(counts))


if __name__ == "__main__":
    main()
