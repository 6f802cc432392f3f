"""Serves people's calendars at the addresses they asked for, and tells strangers nothing."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.serving.served import Gate, Page
from config.texts import Texts
from storage.context import Context
from storage.database import Database
from storage.occasions.calendars import Calendar, calendar_at

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

    def routes(self) -> list[web.RouteDef]:
        """What a server must have to offer calendars."""
        return [Gate(MOST).route(PATH, self._page)]

    async def _page(self, request: web.Request) -> Page | None:
        calendar = await self._found(request.match_info["token"])
        if calendar is None:
            return None
        return Page(await asyncio.to_thread(self._written, calendar), "text/calendar", HEADERS)

    async def _found(self, token: str) -> Calendar | None:
        context, now = self._context(), self._now()
        return await self._database.read(lambda connection: calendar_at(connection, context, token, now))

    def _written(self, calendar: Calendar) -> bytes:
        from bot.rendering.ics import written

        name = self._texts.plain(calendar.languages[0], "calendar.name")
        return written(calendar.entries, calendar.languages, name=name)
