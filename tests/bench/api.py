"""A Bot API as cheap as can be: it takes messages, says that they were sent, and hands them to the crowd."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from tests.bench.wire import Reader, answer, fields

BOT: Final = b'{"id":42,"is_bot":true,"first_name":"Bench","username":"bench_bot"}'
_SENT: Final = (
    b'{"ok":true,"result":{"message_id":%d,"from":' + BOT + b',"chat":{"id":%d,"first_name":"Ana",'
    b'"type":"private"},"date":%d,"text":%s%s}}'
)
_DONE: Final = answer(b'{"ok":true,"result":true}')
_OTHER: Final = {
    b"getme": answer(b'{"ok":true,"result":' + BOT + b"}"),
    b"getmycommands": answer(b'{"ok":true,"result":[]}'),
    b"getmydescription": answer(b'{"ok":true,"result":{"description":""}}'),
    b"getmyshortdescription": answer(b'{"ok":true,"result":{"short_description":""}}'),
    b"getwebhookinfo": answer(
        b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
    ),
}


class Api:
    """The server of one run."""

    def __init__(self, heard: Callable[[int, str, int, list[str]], None], *, latency: float) -> None:
        """
        heard    is told of each message: chat, text, message id, and what its buttons carry
        latency  seconds between a call and its answer
        """
        self._heard = heard
        self._latency = latency
        self._loop = asyncio.get_running_loop()
        self._server: asyncio.Server | None = None
        self._messages = 1000
        self.calls: Counter[str] = Counter()  # by method, in lower case
        self.hooked = asyncio.Event()  # the bot has said where it wants to be called

    async def open(self) -> str:
        """Listen; returns the root of this Bot API."""
        self._server = await self._loop.create_server(partial(_Calls, self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self._server.close()

    def call(self, transport: asyncio.Transport, head: bytes, body: bytes) -> None:
        """Carry out one call, and answer it after the latency."""
        method = head[: head.index(b" HTTP")].rpartition(b"/")[2].partition(b"?")[0].lower()
        self.calls[method.decode()] += 1
        response = self._send(fields(body)) if method == b"sendmessage" else _OTHER.get(method, _DONE)
        if method == b"setwebhook":
            self.hooked.set()
        if self._latency:
            self._loop.call_later(self._latency, transport.write, response)
        else:
            transport.write(response)

    def _send(self, message: dict[str, Any]) -> bytes:
        self._messages += 1
        chat, text, markup = int(message["chat_id"]), message["text"], message.get("reply_markup")
        if isinstance(markup, dict):
            markup = json.dumps(markup)
        rows = json.loads(markup).get("inline_keyboard", []) if markup else []
        buttons = [button["callback_data"] for row in rows for button in row]
        self._heard(chat, text, self._messages, buttons)
        below = f',"reply_markup":{markup}' if rows else ""
        date = int(time.time())
        return answer(_SENT % (self._messages, chat, date, json.dumps(text).encode(), below.encode()))


class _Calls(asyncio.Protocol):
    """One connection of the bot."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._reader = Reader()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for head, body in self._reader.feed(data):
            self._api.call(self._transport, head, body)
