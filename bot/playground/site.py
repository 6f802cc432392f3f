"""The playground's page over HTTP: files, what people do, and a stream of what happens."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.playground import stored, view
from bot.playground.cast import CIRCLE
from bot.playground.deeds import VERBS, Json, text
from bot.playground.emulator import Emulator
from bot.playground.guard import add_headers, guard
from bot.playground.onlookers import Onlookers

PAGE = Path(__file__).parent / "page"
HEARTBEAT = 15.0  # seconds of silence after which a stream says that it is alive
SHOWN_INLINE = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/")
EVERYTHING = "everything"  # the event after which all that was shown is out of date
FURTHEST = 10 * 366 * 86_400  # seconds the clock can be moved at a time
FIRST_ADDED_ID = 2001  # of people added on the page


class Site:
    """The page of one emulator.

    database  the SQLite file that "what the bot stored" shows
    reset     makes everything new; it is called once at a time
    sample    fills the playground with sample data; TimeoutError: the bot did not answer
    """

    def __init__(
        self,
        emulator: Emulator,
        *,
        database: Path,
        reset: Callable[[], Awaitable[None]],
        sample: Callable[[Emulator], Awaitable[None]],
    ) -> None:
        self._emulator = emulator
        self._database = database
        self._reset = reset
        self._sample = sample
        self._busy = asyncio.Lock()
        self._process: Json = {"state": "starting"}
        self._onlookers = Onlookers()
        self.links: dict[int, str] = {}  # of people who enter by another link than in the cast
        self.changed = False  # whether anything has happened since somebody last set this to False

    def attach(self, app: web.Application) -> None:
        """Add the page to an application that has not been started."""
        app.middlewares.append(guard)
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(self._close)
        app.cleanup_ctx.append(self._pumping)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/page/{name}", self._file_of_page),
                web.get("/playground/events", self._events),
                web.get("/playground/file/{file_id}", self._file_of_chat),
                web.get("/playground/stored", self._tables),
                web.get("/playground/stored/{table}", self._rows),
                web.post("/playground/people", self._add_person),
                web.post("/playground/people/{id}/{verb}", self._act),
                web.post("/playground/circle/writes", self._write_in_circle),
                web.post("/playground/clock", self._move_clock),
                web.post("/playground/reset", self._start_anew),
                web.post("/playground/sample", self._fill),
            ]
        )

    def tell_process(self, state: Json) -> None:
        """How the bot's process is: {"state", "seconds", "lines"}."""
        self._process = state
        self._onlookers.tell({"type": "process", "process": state})

    def tell_everything(self) -> None:
        """Everything may have changed: every browser gets a new snapshot, after the events before it."""
        self._emulator.world.watchers.tell(EVERYTHING, 0)

    def hang_up(self) -> None:
        """End every browser's stream; it begins anew with a snapshot."""
        self._onlookers.close()

    def _snapshot(self) -> Json:
        return {**view.snapshot(self._emulator, self.links), "process": self._process}

    # ---- what happens

    async def _pumping(self, app: web.Application) -> AsyncIterator[None]:
        pump = asyncio.get_running_loop().create_task(self._pump())
        yield
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pump

    async def _pump(self) -> None:
        async for told in self._emulator.watch():
            self.changed = True
            event = (
                self._snapshot()
                if told["type"] == EVERYTHING
                else view.event(self._emulator, told, self.links)
            )
            if event is not None:
                self._onlookers.tell(event)

    async def _close(self, app: web.Application) -> None:
        self.hang_up()

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: a snapshot, then every change; joining comes first, so nothing is missed."""
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        queue = self._onlookers.join()
        try:
            event: Json | None = self._snapshot()
            while event is not None:
                await stream.write(f"data: {json.dumps(event)}\n\n".encode())
                event = await self._next(queue, stream)
        except ConnectionResetError:
            pass  # the browser has gone
        finally:
            self._onlookers.leave(queue)
        return stream

    async def _next(self, queue: asyncio.Queue[Json | None], stream: web.StreamResponse) -> Json | None:
        while True:
            try:
                return await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                await stream.write(b": still here\n\n")

    # ---- what people do

    async def _act(self, request: web.Request) -> web.Response:
        verb = VERBS.get(request.match_info["verb"])
        user_id = request.match_info["id"]
        if verb is None or not user_id.isdecimal() or int(user_id) not in self._emulator.world.users:
            raise web.HTTPNotFound
        body = await _body(request)
        try:
            result = verb(self._emulator, self._emulator.person(int(user_id)), body)
        except (ValueError, RuntimeError) as error:
            return _refusal(str(error))
        except LookupError as error:
            return _refusal(f"there is no {error} here")
        return web.json_response({"callback_query_id": result} if isinstance(result, str) else {})

    async def _write_in_circle(self, request: web.Request) -> web.Response:
        """A member of the group chat writes there."""
        body = await _body(request)
        if CIRCLE.id not in self._emulator.world.chats:
            raise web.HTTPNotFound
        person = body.get("person")
        if person not in self._emulator.group(CIRCLE.id).people:
            return _refusal("nobody with that id is in the group chat")
        try:
            words = text(body, "text").strip()
        except ValueError as error:
            return _refusal(str(error))
        if not words:
            return _refusal("nothing is written")
        self._emulator.group(CIRCLE.id).member_writes(self._emulator.person(person), words)
        return web.json_response({})

    async def _add_person(self, request: web.Request) -> web.Response:
        body = await _body(request)
        try:
            name, code = text(body, "first_name").strip(), text(body, "language_code").strip()
        except ValueError as error:
            return _refusal(str(error))
        if not 0 < len(name) <= 64 or len(code) > 20:
            return _refusal("a person needs a name of 1 to 64 characters and a language code of up to 20")
        user_id = max(FIRST_ADDED_ID, *(known + 1 for known in self._emulator.world.users))
        self._emulator.person(user_id, first_name=name, language_code=code or None)
        self.changed = True
        self._onlookers.tell(
            {"type": "person", "person": {**view.person(self._emulator, user_id), "messages": []}}
        )
        return web.json_response({"id": user_id})

    async def _move_clock(self, request: web.Request) -> web.Response:
        body = await _body(request)
        clock = self._emulator.clock
        if body.get("now"):
            clock.advance(-clock.offset)
        elif isinstance(body.get("advance"), int | float) and abs(body["advance"]) <= FURTHEST:
            clock.advance(body["advance"])
        else:
            return _refusal('the clock takes {"advance": seconds} or {"now": true}')
        return web.json_response({})

    async def _start_anew(self, request: web.Request) -> web.Response:
        return await self._alone(self._reset)

    async def _fill(self, request: web.Request) -> web.Response:
        try:
            return await self._alone(lambda: self._sample(self._emulator))
        except TimeoutError as error:
            return _refusal(str(error))

    async def _alone(self, work: Callable[[], Awaitable[None]]) -> web.Response:
        if self._busy.locked():
            return _refusal("the playground is still busy with the last request")
        async with self._busy:
            await work()
        return web.json_response({})

    # ---- what there is to read

    async def _index(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def _file_of_page(self, request: web.Request) -> web.FileResponse:
        name = request.match_info["name"]
        if name not in {file.name for file in PAGE.iterdir()}:
            raise web.HTTPNotFound
        return web.FileResponse(PAGE / name, headers={"Cache-Control": "no-cache"})

    async def _file_of_chat(self, request: web.Request) -> web.Response:
        file = self._emulator.world.files.by_id(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        response = web.Response(body=file.content, content_type=file.mime_type)
        if not file.mime_type.startswith(SHOWN_INLINE):
            response.headers["Content-Disposition"] = "attachment"
        return response

    async def _tables(self, request: web.Request) -> web.Response:
        return web.json_response({"tables": await asyncio.to_thread(stored.tables, self._database)})

    async def _rows(self, request: web.Request) -> web.Response:
        try:
            found = await asyncio.to_thread(stored.rows, self._database, request.match_info["table"])
        except LookupError:
            raise web.HTTPNotFound from None
        return web.json_response(found)


async def _body(request: web.Request) -> Json:
    """The JSON object of a request; no form of another site can send this content type."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        body = await request.json()
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest
    return body


def _refusal(reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=409)
