"""`together demo`: a Telegram, a page to use it with, and the bot behind it, on this machine alone."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import aiohttp
import typer

from bot.playground.cast import CAST, CIRCLE, COORDINATOR
from bot.playground.child import Child, State
from bot.playground.emulator import Emulator
from bot.playground.invitations import invite, invite_at_start
from bot.playground.kept import CannotStart, Data, owned
from bot.playground.sample import run_sample
from bot.playground.site import Site

HOST = "127.0.0.1"
PORT = 8484
PORTS_TRIED = 20
SAVED_EVERY = 3.0  # seconds between two looks whether the chats have changed
READY_EVERY = 0.3  # seconds between two questions whether the bot is ready
IDS_SKIPPED = 1000  # update ids left out at start: those given since the last save must never come again
HOME = COORDINATOR.payload.removeprefix("t_")  # the territory they coordinate
CODE = Path(__file__).parents[2]
BOT = (sys.executable, "-m", "bot", "run")

Tell = Callable[[str], None]


def run_demo(
    *,
    port: int = PORT,
    data: Path = Path(".together"),
    fresh: bool = False,
    command: Sequence[str] = BOT,
    tell: Tell = typer.echo,
) -> int:
    """Run the demo until Ctrl-C or SIGTERM; gives the exit code.

    data     folder for everything that is kept; made if missing
    fresh    delete what an earlier demo kept, first
    command  what to run as the bot; it finds its settings in the environment
    tell     prints one line for whoever started it
    """
    try:
        with owned(data):
            asyncio.run(_run(Data(data.resolve()), port=port, fresh=fresh, command=command, tell=tell))
    except CannotStart as error:
        tell(str(error))
        return 1
    return 0


async def _run(data: Data, *, port: int, fresh: bool, command: Sequence[str], tell: Tell) -> None:
    if fresh:
        data.delete()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    demo = Demo(data, command, tell)
    address = await demo.start(port)
    tell(f"The playground is at {address} (data in {data.folder}). End it with Ctrl-C.")
    saving = asyncio.get_running_loop().create_task(demo.keep_saving())
    await ended.wait()
    tell("Ending the bot and the playground ...")
    saving.cancel()
    await demo.stop()


class Demo:
    """The emulator with its page, and the bot as a child process that talks to it."""

    def __init__(self, data: Data, command: Sequence[str], tell: Tell) -> None:
        self._data = data
        self._command = command
        self._tell = tell
        # A new token each time: a bot left behind by a killed demo cannot talk to this one.
        self._token = f"42:{secrets.token_urlsafe(24)}"
        self.emulator = Emulator(token=self._token)
        self._site = Site(self.emulator, database=data.database, reset=self.start_anew, sample=self._fill)
        self._site.attach(self.emulator.app)
        self._child: Child | None = None
        self._inviting: asyncio.Task[None] | None = None
        self._told = ""

    async def start(self, port: int) -> str:
        """Listen on the first free port from `port` on and start the bot; gives the page's address."""
        self._gather()
        free = _free_port(port)
        if free != port:
            self._tell(f"Port {port} is taken; using {free}.")
        root = await self.emulator.start(HOST, free)
        self._start_bot()
        return root

    async def stop(self) -> None:
        """End the bot, keep the chats, stop listening."""
        await self._stop_bot()
        self._save()
        await self.emulator.stop()

    async def start_anew(self) -> None:
        """Stop the bot, delete what it and the chats have kept, and begin with nothing."""
        await self._stop_bot()
        self._data.delete()
        _restore(self.emulator, self._data.untouched)
        self._site.tell_everything()
        self._start_bot()

    async def keep_saving(self) -> None:
        while True:
            await asyncio.sleep(SAVED_EVERY)
            if self._site.changed:
                self._save()

    def _gather(self) -> None:
        """Bring the people in: those of the cast, and whatever an earlier demo kept."""
        for persona in CAST:
            self.emulator.person(
                persona.id,
                first_name=persona.first_name,
                last_name=persona.last_name,
                language_code=persona.language_code,
            )
        self._meet()
        self.emulator.save(self._data.untouched)
        if not self._data.chats.exists():
            return
        try:
            _restore(self.emulator, self._data.chats)
        except (ValueError, KeyError, TypeError) as error:
            raise CannotStart(
                f"{self._data.chats} cannot be read ({error}); start with --fresh to begin anew."
            ) from error
        self._meet()

    def _meet(self) -> None:
        """Bring the neighbours together in their group chat, with the bot."""
        members = [self.emulator.person(id) for id in CIRCLE.members]
        self.emulator.group(CIRCLE.id, CIRCLE.title, members=members)

    def _save(self) -> None:
        try:
            self.emulator.save(self._data.chats)
            self._site.changed = False
        except OSError as error:
            self._tell(f"The chats could not be kept in {self._data.chats} ({error.strerror}).")

    # ---- the bot

    def _start_bot(self) -> None:
        health = f"{HOST}:{_free_port(0)}"
        settings = {
            "TOGETHER_BOT_TOKEN": self._token,
            "TOGETHER_API_URL": self.emulator.root,
            "TOGETHER_DATABASE_URL": f"sqlite+aiosqlite:///{self._data.database}",
            "TOGETHER_SECRET_KEY": self._data.key(),
            "TOGETHER_CLOCK_URL": self.emulator.clock_url,
            "TOGETHER_HEALTH_LISTEN": health,
            "TOGETHER_PUBLIC_URL": f"http://{health}",  # where people's calendars lie
            "TOGETHER_ADMINS": str(COORDINATOR.id),
        }
        self._child = Child(
            self._command,
            {**_surroundings(), **settings},
            self._data.log,
            ready=lambda: _until_ready(f"http://{health}/readyz"),
            tell=self._tell_state,
        )
        self._child.start()
        self._inviting = asyncio.get_running_loop().create_task(self._invite())

    async def _stop_bot(self) -> None:
        if self._child is not None:
            await self._child.stop()
        if self._inviting is not None:
            await self._inviting

    async def _invite(self) -> None:
        """Let the coordinator enter by an invitation to their role; made once, while the bot starts."""
        kept = self._data.invitation
        try:
            if not kept.exists():
                payload = await asyncio.to_thread(invite_at_start, self._data.database, HOME)
                kept.write_text(payload, encoding="ascii")
            self._site.links[COORDINATOR.id] = kept.read_text(encoding="ascii")
            self._site.tell_everything()
        except OSError as error:
            self._tell(f"{COORDINATOR.first_name} could not be invited to coordinate ({error.strerror}).")

    async def _fill(self, emulator: Emulator) -> None:
        await run_sample(emulator, lambda territory: invite(self._data.database, territory))

    def _tell_state(self, state: State) -> None:
        self._site.tell_process(state.as_json())
        line = _LINES[state.state].format(seconds=state.seconds, log=self._data.log)
        if line != self._told:
            self._tell("\n".join([line, *(f"    {logged}" for logged in state.lines)]))
        self._told = line


_LINES = {
    "starting": "The bot is starting ...",
    "running": "The bot is running.",
    "stopping": "The bot is stopping ...",
    "restarting": "The bot has stopped; it is started again in {seconds} s. Its log: {log}",
    "failed": "The bot does not start; next try in {seconds} s. Its log: {log}. The last lines of it:",
}


def _restore(emulator: Emulator, saved: Path) -> None:
    emulator.load(saved)
    emulator.world.queue.next_id += IDS_SKIPPED


def _free_port(first: int) -> int:
    """The first free port from `first` on; any free one for 0. Raises CannotStart."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except PermissionError as error:
                raise CannotStart(f"Port {port} is not allowed to you; name another with --port.") from error
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotStart(f"Ports {first} to {first + PORTS_TRIED - 1} are all taken; name another with --port.")


def _surroundings() -> dict[str, str]:
    """The environment without the settings of another bot that may be in it.

    The bot runs in the demo's folder, out of reach of a `.env`, and so has to be told where its code is.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOGETHER_")}
    return {**kept, "PYTHONPATH": str(CODE), "PYTHONUNBUFFERED": "1"}


async def _until_ready(address: str) -> None:
    """Ask the bot's readiness address until it says yes."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(address) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(READY_EVERY)
