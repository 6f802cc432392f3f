"""Who works for the bot in a world: one process that does everything, or several that share the work."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.playground.emulator import Emulator
from tests.campaigns.kills.worlds import World
from tests.processes.bot_process import Bot, free_port

TOKEN: Final = "4817205593:AAHk3tVqLZ0_campaign-token-Xy7"
HOOK_SECRET: Final = "campaign-secret-of-Telegram"
LISTENERS: Final = 2
PUSHERS: Final = 2  # one leads, one stands by


@dataclass(frozen=True, slots=True)
class Seat:
    """What one process after the other is: a role, a folder, an address."""

    emulator: Emulator
    role: str
    folder: Path
    settings: Mapping[str, Any]

    def bot(self, **how: Any) -> Bot:
        """A process, to be started."""
        return Bot(self.emulator, self.folder, role=self.role, **how, **self.settings)

    @property
    def log(self) -> str:
        """What all of them have written so far."""
        file = self.folder / "bot.log"
        return file.read_text(errors="replace") if file.exists() else ""


def seats(world: World, emulator: Emulator, folder: Path, url: str, pace: int) -> list[Seat]:
    """The seats of a world; those that listen come first.

    url   of the database
    pace  messages a second
    """
    common = {"bot_token": TOKEN, "database_url": url, "max_per_second": pace}
    if not world.webhook:
        return [Seat(emulator, "all", folder, common)]
    common |= {"webhook_secret": HOOK_SECRET, "webhook_url": f"http://127.0.0.1:{free_port()}/hook"}
    roles = ["listen"] * LISTENERS + ["push"] * PUSHERS if world.several else ["all"]
    found, addresses = [], []
    for number, role in enumerate(roles, start=1):
        address = f"127.0.0.1:{free_port()}"
        mine = folder / f"{role}-{number}" if world.several else folder
        found.append(Seat(emulator, role, mine, {**common, "webhook_listen": address}))
        if role != "push":
            addresses.append(f"http://{address}/hook")
    emulator.webhook_spread(addresses)
    return found
