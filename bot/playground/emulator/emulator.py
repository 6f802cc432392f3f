"""The emulator: a Telegram of its own, with one bot, for tests, load and the playground."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground.emulator.chats import PRIVATE, Chat
from bot.playground.emulator.clock import VirtualClock
from bot.playground.emulator.delivery import Pace
from bot.playground.emulator.errors import ApiError
from bot.playground.emulator.faults import Fault
from bot.playground.emulator.groups import Group
from bot.playground.emulator.lanes import lane_of
from bot.playground.emulator.ledger import Ledger
from bot.playground.emulator.limits import Limits
from bot.playground.emulator.people import Person
from bot.playground.emulator.server import LARGEST_REQUEST, Server
from bot.playground.emulator.state import load, save
from bot.playground.emulator.watch import Event
from bot.playground.emulator.world import World

Json = dict[str, Any]


class Emulator:
    """A Bot API server for one bot, and the people who talk to it.

    Everything but `start`, `stop` and waiting is synchronous and belongs into the event loop's thread.
    """

    def __init__(
        self,
        token: str = "42:TEST",
        clock: VirtualClock | None = None,
        seed: int = 1,
        ledger_file: Path | None = None,
        username: str = "together_bot",
    ) -> None:
        self.clock = clock or VirtualClock()
        self.world = World(
            token=token, clock=self.clock, seed=seed, ledger_file=ledger_file, username=username
        )
        self.app = web.Application(client_max_size=LARGEST_REQUEST)
        self.root = ""
        self._server = Server(self.world)
        self._runner: web.AppRunner | None = None
        self._people: dict[int, Person] = {}
        self._groups: dict[int, Group] = {}

    # ---- the server

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, and give the root of this Bot API; also again after `stop`, with the same world.

        Routes of others must be in `app` by the first time.
        """
        if not self.app.frozen:
            self.app.router.add_get("/emulator/clock", self._tell_time)
            self.app.router.add_post("/emulator/clock", self._move_time)
            self._server.add_routes(self.app)
        self.world.ledger.open()
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self.root = f"http://{host}:{bound[1]}"
        self.world.postman.start(self._server.carry_out)
        return self.root

    async def stop(self) -> None:
        """Stop listening and delivering; calls that wait are ended, watchers too."""
        self.world.watchers.close()
        await self.world.postman.stop()
        self.world.polling.interrupt(ApiError(500, "Internal Server Error: restart"))
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.world.ledger.close()

    @property
    def clock_url(self) -> str:
        """Where the virtual time is told (GET) and moved (POST)."""
        return f"{self.root}/emulator/clock"

    # ---- people and groups

    def person(
        self,
        user_id: int,
        first_name: str = "Citizen",
        language_code: str | None = "en",
        username: str | None = None,
        last_name: str | None = None,
    ) -> Person:
        """Create a person, or get the one with that id; names are kept from the first time."""
        world = self.world
        if user_id not in world.chats:
            user = {
                "id": user_id,
                "is_bot": False,
                "first_name": first_name,
                "last_name": last_name,
                "username": username,
                "language_code": language_code,
            }
            world.users[user_id] = {name: value for name, value in user.items() if value is not None}
            world.chats[user_id] = Chat(user_id, PRIVATE, "new")
        if user_id not in self._people:
            self._people[user_id] = Person(world, user_id)
        return self._people[user_id]

    @property
    def people(self) -> list[Person]:
        """Everybody, in order of appearance."""
        return [self.person(chat.id) for chat in self.world.chats.values() if chat.type == PRIVATE]

    def group(
        self,
        chat_id: int,
        title: str = "Group",
        kind: str = "supergroup",
        members: list[Person] | None = None,
    ) -> Group:
        """Create a group with the bot in it, or get the one with that id."""
        world = self.world
        if chat_id not in world.chats:
            chat = Chat(chat_id, kind, "member", title=title)
            chat.members = {person.id: "member" for person in members or []}
            chat.members[world.bot["id"]] = "member"
            world.chats[chat_id] = chat
        if chat_id not in self._groups:
            self._groups[chat_id] = Group(world, chat_id)
        return self._groups[chat_id]

    # ---- updates, trouble, time

    def inject(self, update: Json, *, update_id: int | None = None) -> int | None:
        """Queue any update as it is, also a malformed one; gives its id, None if the queue refuses it."""
        content = {key: value for key, value in update.items() if key != "update_id"}
        kind = next(iter(content), "")
        payload = content.get(kind)
        chat_id = _chat_id(payload)
        return self.world.queue.put(
            content,
            kind=kind,
            lane=lane_of(kind, payload),
            chat_id=chat_id,
            date=self.clock.now(),
            update_id=update_id,
        )

    def add_fault(self, fault: Fault) -> None:
        self.world.faults.add(fault)

    def clear_faults(self) -> None:
        self.world.faults.clear()

    def revoke_token(self) -> None:
        """From now on every request is unauthorized, the one that waits too."""
        self.world.revoke_token()

    def restore_token(self, token: str) -> None:
        """Accept this token, and no other."""
        self.world.token = token

    @property
    def limits(self) -> Limits | None:
        """Flood limits; None: no limits."""
        return self.world.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self.world.limits = limits

    @property
    def webhook_pace(self) -> Pace:
        """How long a webhook may take, and how long its retries wait; set its fields."""
        return self.world.postman.pace

    def webhook_spread(self, urls: Sequence[str]) -> None:
        """Be the load balancer before several listeners: each request goes to the next url in turn.

        The webhook's own url is then only a name; an empty sequence makes it the address again.
        """
        self.world.postman.spread(urls)

    # ---- what is known

    @property
    def ledger(self) -> Ledger:
        """What was accepted and acknowledged; updates past their time are marked as expired first."""
        self.world.queue.expire()
        return self.world.ledger

    @property
    def pending(self) -> int:
        """Updates that are neither acknowledged nor expired."""
        self.world.queue.expire()
        return self.world.queue.pending

    @property
    def commands(self) -> dict[tuple[str, str], list[Json]]:
        """(scope as JSON, language code) -> commands, as the bot has set them."""
        return self.world.profile.commands

    @property
    def descriptions(self) -> dict[str, str]:
        return self.world.profile.descriptions

    @property
    def short_descriptions(self) -> dict[str, str]:
        return self.world.profile.short_descriptions

    def watch(self) -> AsyncIterator[Event]:
        """What happens from now on, until `stop`; every watcher gets every event."""
        return self.world.watchers.watch()

    def save(self, path: Path | str) -> None:
        save(self.world, Path(path))

    def load(self, path: Path | str) -> None:
        """Become the saved world; persons and groups got earlier go on with it if they are in it."""
        load(self.world, Path(path))

    async def _tell_time(self, request: web.Request) -> web.Response:
        now = self.clock.now()
        moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
        return web.json_response({"now": moment, "unix": now})

    async def _move_time(self, request: web.Request) -> web.Response:
        try:
            wanted = await request.json()
            if "set" in wanted:
                self.clock.set(float(wanted["set"]))
            else:
                self.clock.advance(float(wanted["advance"]))
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest(text='send {"advance": seconds} or {"set": unix seconds}') from None
        return await self._tell_time(request)


def _chat_id(payload: Any) -> int:
    """The chat an update is about, as far as it says so."""
    if not isinstance(payload, dict):
        return 0
    for place in (payload, payload.get("message")):
        if isinstance(place, dict) and isinstance(place.get("chat"), dict):
            found = place["chat"].get("id")
            if isinstance(found, int):
                return found
    return 0
