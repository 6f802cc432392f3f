"""Several processes of the bot that share one PostgreSQL database, called in turn by the emulator."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.playground.emulator import Emulator
from tests.processes.bot_process import Bot, free_port

HASTE = "tests.processes.several:hasten"
HAPLESS = "tests.processes.several:lose_the_lead_at_once"
FREEZES = "tests.processes.several:freeze_in_a_transaction"


def hasten() -> Callable[[str], None]:
    """A hook for `Bot`: leases last a sixth of their time."""
    from bot import lease
    from bot.chores import chores
    from storage import instance

    parts = {instance: ("LEASE", "GRACE"), lease: ("BEAT", "LOOK"), chores: ("TIDY",)}
    for module, names in parts.items():
        for name in names:
            shorter: timedelta | float = getattr(module, name) / 6
            setattr(module, name, shorter)
    return lambda _point: None


def lose_the_lead_at_once() -> Callable[[str], None]:
    """A hook for `Bot`: given the lead, it loses its session before its first run begins."""
    from bot import process, shift
    from storage.errors import LeadLost

    listener = hasten()
    lost: list[bool] = []

    def begin_unless_lost(*arguments: Any) -> Any:
        if not lost:
            lost.append(True)
            raise LeadLost("its session is gone")
        return shift.begin(*arguments)

    setattr(process, "begin", begin_unless_lost)  # noqa: B010  # mypy knows it as a function
    return listener


def freeze_in_a_transaction() -> Callable[[str], None]:
    """A hook for `Bot`: while it leads it freezes once in a transaction, with its locks."""
    from storage import instance

    listener = hasten()
    work, frozen = instance.give_up_silent, list[bool]()

    def work_and_freeze(*arguments: Any) -> None:
        work(*arguments)
        if not frozen:
            frozen.append(True)
            os.kill(os.getpid(), signal.SIGSTOP)

    setattr(instance, "give_up_silent", work_and_freeze)  # noqa: B010  # mypy knows it as a function
    return listener


class Several:
    """Makes the processes, each with a folder of its own."""

    def __init__(self, emulator: Emulator, folder: Path, url: str) -> None:
        """
        url  of the database, which has the schema of this release
        """
        emulator.webhook_pace.scale = 0.05  # a second between two tries of an update is shorter here
        self.emulator = emulator
        self.url = url
        self._folder = folder
        self._settings: dict[str, Any] = {
            "database_url": url,
            "webhook_url": f"http://127.0.0.1:{free_port()}/hook",
        }
        self._listeners: list[str] = []

    def listener(self, **more: Any) -> Bot:
        """One that listens, and is called in turn with those made before it."""
        address = f"127.0.0.1:{free_port()}"
        self._listeners.append(f"http://{address}/hook")
        self.emulator.webhook_spread(self._listeners)
        return self._bot("listen", webhook_listen=address, **more)

    def pusher(self, **more: Any) -> Bot:
        """One that leads, or stands by."""
        return self._bot("push", **more)

    def alone(self, **more: Any) -> Bot:
        """One that does everything."""
        address = f"127.0.0.1:{free_port()}"
        self.emulator.webhook_spread([f"http://{address}/hook"])
        return self._bot("all", webhook_listen=address, **more)

    def _bot(self, role: str, **more: Any) -> Bot:
        name = f"{role}-{len(list(self._folder.glob('*')))}"
        folder = self._folder / name
        folder.mkdir(parents=True)
        return Bot(self.emulator, folder, role=role, **self._settings, **more)
