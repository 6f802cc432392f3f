"""Answers programs that ask again and again: not too often, and only with what they do not have already."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from aiohttp import ETag, web

from bot.speaking.pacing import Bucket
from storage.errors import Unavailable

LATER: Final = {"Retry-After": "60"}  # seconds


@dataclass(frozen=True, slots=True)
class Page:
    """What lies at an address."""

    body: bytes  # text in UTF-8
    content_type: str
    headers: Mapping[str, str]


Find = Callable[[web.Request], Awaitable[Page | None]]
"""Looks for what lies at the address of a request; None: nothing does."""


class Gate:
    """Lets requests in, so many in a second."""

    def __init__(self, most: int) -> None:
        self._bucket = Bucket(most, most)

    def route(self, path: str, find: Find) -> web.RouteDef:
        """Answer there with what `find` finds; without a database: to come again later."""
        return web.get(path, partial(self._answer, find=find))

    async def _answer(self, request: web.Request, find: Find) -> web.Response:
        time = asyncio.get_running_loop().time()
        if self._bucket.wait(time) > 0:
            return web.Response(status=429, headers=LATER)
        self._bucket.take(time)
        try:
            page = await find(request)
        except Unavailable:
            return web.Response(status=503, headers=LATER)
        return web.Response(status=404) if page is None else _served(request, page)


def _served(request: web.Request, page: Page) -> web.Response:
    tag = ETag(hashlib.sha256(page.body).hexdigest()[:32])
    response = web.Response(headers=page.headers)
    response.etag = tag
    if any(one.value in (tag.value, "*") for one in request.if_none_match or ()):
        response.set_status(304)
    else:
        response.body, response.content_type, response.charset = page.body, page.content_type, "utf-8"
    return response
