"""The HTTP face: addresses, tokens, envelopes, and the faults that strike requests."""

import asyncio
import json
import re
import socket
import struct
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.playground.emulator.errors import ApiError, bad_request, too_many_requests
from bot.playground.emulator.faults import AFTER, BEFORE, Fault
from bot.playground.emulator.ledger import Refusal
from bot.playground.emulator.methods import METHODS
from bot.playground.emulator.methods.call import Call, Described, RawJson
from bot.playground.emulator.parameters import Parameters, from_body, from_query
from bot.playground.emulator.world import World

LARGEST_REQUEST = 60 << 20
NOT_IN_ANSWERS = frozenset({"setwebhook", "deletewebhook", "close", "logout"})
_READABLE = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
_TOKEN = re.compile(r"[1-9]\d*:\S{1,78}")
_GARBAGE = b'{"ok":true,"result":{"message_id'
_ODDITY = '{"ok":true,"result":true}'
_HTML = "<html>\r\n<head><title>{status}</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


class Server:
    """Answers Bot API requests about one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._requests = 0

    def add_routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]*}", self._method)
        app.router.add_route("*", "/bot{token:[^/]+}/test/{method:[^/]*}", self._method)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._file)
        app.router.add_route("*", "/{path:.*}", self._nothing)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        self._requests += 1
        name, method = METHODS.get(request.match_info["method"].lower(), ("", None))
        chat_id = 0
        try:
            self._check_token(request.match_info["token"])
            args = await _parameters(request)
            if method is None:
                raise ApiError(404, "Not Found: method not found")
            chat_id = args.integer("chat_id")
            call = Call(self._world, name, args, self._requests)
            faults = self._world.faults.for_request(name.lower(), chat_id)
            if faults:
                before = await self._before(request, faults, call)
                if before is not None:
                    return before
            result = method(call)
            if asyncio.iscoroutine(result):
                result = await result
        except ApiError as error:
            return self._refused(error, name, chat_id)
        if faults:
            return await self._after(request, faults, call, _success(result))
        return _json_response(_success(result))

    async def carry_out(self, body: bytes, content_type: str) -> None:
        """Do what a webhook's answer asks for. The bot never learns what became of it; the ledger does."""
        if not content_type.startswith(_READABLE):
            return
        try:
            args = from_body(body, content_type)
            wanted = args.text("method").lower()
        except ApiError:
            return
        if wanted not in METHODS or wanted in NOT_IN_ANSWERS or wanted.startswith("get"):
            return
        self._requests += 1
        name, method = METHODS[wanted]
        call = Call(self._world, name, args, self._requests)
        try:
            result = method(call)
            if asyncio.iscoroutine(result):
                await result
        except ApiError as error:
            self._refused(error, name, args.integer("chat_id"))
        for send in call.sends:
            self._world.ledger.lost_response(send)

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token) or len(token) > 80:
            raise ApiError(401, "Unauthorized: invalid token specified")
        if token != self._world.token:
            raise ApiError(401, "Unauthorized")

    async def _before(
        self, request: web.Request, faults: dict[str, Fault], call: Call
    ) -> web.Response | None:
        """Faults that strike before anything is done; a response ends the request there."""
        self._world.faults.happened.update(faults.keys() & {"delay", *BEFORE})
        if "delay" in faults:
            await asyncio.sleep(faults["delay"].args.get("seconds", 1.0))
        if "revoke_token" in faults:
            self._world.revoke_token()
            raise ApiError(401, "Unauthorized")
        if "drop_before_accept" in faults:
            return _reset(request)
        if "429" in faults:
            raise too_many_requests(faults["429"].args.get("retry_after", 3))
        if "4xx" in faults:
            return _by_the_way(faults["4xx"], 403)
        if "5xx" in faults:
            return _by_the_way(faults["5xx"], 502)
        call.rival = "second_poller" in faults
        return None

    async def _after(
        self, request: web.Request, faults: dict[str, Fault], call: Call, body: bytes
    ) -> web.StreamResponse:
        """Faults that spoil the answer to what has been done."""
        struck = faults.keys() & {*AFTER}
        if not struck:
            return _json_response(body)
        self._world.faults.happened.update(struck)
        for send in call.sends:
            self._world.ledger.lost_response(send)
        if "accept_then_drop" in faults:
            return _reset(request)
        if "accept_then_garbage" in faults:
            return _json_response(_GARBAGE)
        if "accept_then_oddity" in faults:
            return _json_response(faults["accept_then_oddity"].args.get("body", _ODDITY).encode())
        half = web.StreamResponse(
            headers={"Content-Length": str(len(body)), "Content-Type": "application/json"}
        )
        with suppress(ConnectionResetError):  # the bot may be gone
            await half.prepare(request)
            await half.write(body[: len(body) // 2])
        return _closed(request, half)

    def _refused(self, error: ApiError, name: str, chat_id: int) -> web.Response:
        world = self._world
        world.ledger.refused(Refusal(name, chat_id, error.code, error.description, world.clock.now()))
        return _refusal(error)

    async def _file(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
        except ApiError as error:
            return _refusal(error)
        file = self._world.files.by_path(request.match_info["path"])
        if file is None:
            return _refusal(ApiError(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _nothing(self, request: web.Request) -> web.Response:
        return _refusal(ApiError(404, "Not Found"))


async def _parameters(request: web.Request) -> Parameters:
    values: dict[str, Any] = from_query(request.query_string) if request.query_string else {}
    if not request.can_read_body:
        return Parameters(values)
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except UnicodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    args = from_body(body, request.headers.get("Content-Type", ""))
    if values:
        return Parameters({**args.values, **values}, args.uploads)
    return args


def _by_the_way(fault: Fault, usual: int) -> web.Response:
    """What is answered in the place of the Bot API. Raises ApiError where it is to be in its own words."""
    status, body = fault.args.get("status", usual), fault.args.get("body", "html")
    if body == "html":
        return web.Response(text=_HTML.format(status=status), status=status, content_type="text/html")
    if body == "json":
        raise ApiError(status, "Internal Server Error")
    return _json_response(body.encode(), status)


def _success(result: Any) -> bytes:
    if isinstance(result, RawJson):
        return b'{"ok":true,"result":' + result + b"}"
    if isinstance(result, Described):
        return _dumped({"ok": True, "result": result.result, "description": result.description})
    return _dumped({"ok": True, "result": result})


def _refusal(error: ApiError) -> web.Response:
    envelope: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    parameters = {"migrate_to_chat_id": error.migrate_to_chat_id, "retry_after": error.retry_after}
    known = {name: value for name, value in parameters.items() if value is not None}
    if known:
        envelope["parameters"] = known
    response = _json_response(_dumped(envelope), status=error.code)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _dumped(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _json_response(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json"})


def _reset(request: web.Request) -> web.Response:
    """Cut the connection without a word (TCP reset); what is returned reaches nobody."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


def _closed(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Close the connection after what has been written so far."""
    if request.transport is not None:
        request.transport.close()
    return response
