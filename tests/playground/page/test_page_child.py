"""The bot as a child process: started again when it dies, ended in time."""

import asyncio
import itertools
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from bot.playground.child import Child, State
from tests.playground.page.standin import READY, Told, free_port

pytestmark = pytest.mark.process

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "bot.log"


async def never() -> None:
    await asyncio.Event().wait()


async def test_a_dead_bot_is_started_again(tmp_path: Path, log: Path) -> None:
    told = Told()
    settings = tmp_path / "settings.json"
    env = {**os.environ, "TOGETHER_HEALTH_LISTEN": f"127.0.0.1:{free_port()}"}
    command = [sys.executable, "-c", READY, str(tmp_path)]

    async def until_up() -> None:
        while not settings.exists():  # noqa: ASYNC110 (a file of another process)
            await asyncio.sleep(0.02)

    def tell(state: State) -> None:
        told(state.state)

    child = Child(command, env, log, ready=until_up, tell=tell, first_pause=0.05)
    child.start()
    await told.has("running")
    first = child.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    await told.has("running\nrestarting\nstarting\nrunning")

    assert child.pid not in (None, first)
    await child.stop()
    assert child.pid is None


async def test_the_pause_before_the_next_try_grows(log: Path) -> None:
    tries: list[float] = []
    enough = asyncio.Event()

    def tell(state: State) -> None:
        if state.state == "starting":
            tries.append(time.monotonic())
        if len(tries) == 4:
            enough.set()

    child = Child(["false"], dict(os.environ), log, ready=never, tell=tell, first_pause=0.1)
    child.start()
    async with asyncio.timeout(10):
        await enough.wait()
    await child.stop()

    pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert pauses[0] >= 0.1
    assert pauses[1] >= 0.2
    assert pauses[2] >= 0.4


async def test_a_command_that_does_not_exist_is_told(log: Path) -> None:
    told = Told()
    child = Child(["/no/such/bot"], {}, log, ready=never, tell=lambda state: told(str(state)))
    child.start()

    await told.has("No such file or directory")
    await child.stop()


async def test_a_bot_that_will_not_end_is_ended(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.playground.child.ENDS_WITHIN", 0.2)

    async def until_up() -> None:
        while not child.last_lines():  # noqa: ASYNC110 (a file of another process)
            await asyncio.sleep(0.02)

    told = Told()
    command = [sys.executable, "-c", STUBBORN]
    child = Child(command, dict(os.environ), log, ready=until_up, tell=lambda state: told(state.state))
    child.start()
    await told.has("running")
    pid = child.pid
    assert pid is not None

    await child.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
