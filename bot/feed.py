"""Serves people's calendars at the addresses they asked for, and tells strangers nothing."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Final

from aiohttp import ETag, web

from bot.pacing import Bucket
from config.texts import Texts
from storage.calendars import Calendar, calendar_at
from storage.context import Context
from storage.database import Database
from storage.errors import is_unavailable

PATH: Final = "/calendar/{token:[A-Za-z0-9_-]{22}}.ics"
MOST: Final = 50
"""Requests that are looked at in a second: calendar programs come every hour or two."""

HEADERS: Final = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


class Feed:
    """Answers calendar programs."""

    def __init__(
        self,
        database: Database,
        context: Callable[[], Context],
        texts: Texts,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._context = context
        self._texts = texts
        self._now = now
        self._bucket = Bucket(MOST, MOST)

    def routes(self) -> list[web.RouteDef]:
        """What a server must have to offer calendars."""
        return [web.get(PATH, self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        time = asyncio.get_running_loop().time()
        if self._bucket.wait(time) > 0:
            return web.Response(status=429, headers={"Retry-After": "60"})
        self._bucket.take(time)
        try:
            calendar = await self._found(request.match_info["token"])
        except Exception as error:
            if not is_unavailable(error):
                raise
            return web.Response(status=503, headers={"Retry-After": "60"})
        if calendar is None:
            return web.Response(status=404)
        body = await asyncio.to_thread(self._written, calendar)
        tag = ETag(hashlib.sha256(body).hexdigest()[:32])
        known = request.if_none_match or ()
        response = web.Response(headers=HEADERS)
        response.etag = tag
        if any(one.value in (tag.value, "*") for one in known):
            response.set_status(304)
        else:
            response.body, response.content_type, response.charset = body, "text/calendar", "utf-8"
        return response

    async def _found(self, token: str) -> Calendar | None:
        context, now = self._context(), self._now()
        return await self._database.read(lambda connection: calendar_at(connection, context, token, now))

    def _written(self, calendar: Calendar) -> bytes:
        from bot.ics import written

        name = self._texts.plain(calendar.languages[0], "calendar.name")
        return written(calendar.entries, calendar.languages, name=name)
