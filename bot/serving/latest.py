"""What is new in territories: figures let out from time to time, and feeds that anybody can read."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.serving import atom
from bot.serving.served import Gate, Page
from config.texts import Texts
from flows.links import link_to
from flows.moves import Arg, Names
from flows.people.territory import name_in
from flows.words.latest import Figures
from storage.context import Context
from storage.database import Database
from storage.words.latest import COORDINATION, address_of, counted, is_due, publish
from storage.words.public_news import CoordinationNews, GroupNews, coordination_news, groups_news

PATH: Final = "/latest/{territory:[a-z0-9-]+}/{view:coordination|groups}.atom"
MOST: Final = 20
"""Requests that are looked at in a second: feed readers come every hour or so."""

HEADERS: Final = {
    "Cache-Control": "public, max-age=900",  # in these seconds nobody need ask again
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
}


async def let_out(database: Database, context: Context, now: datetime) -> None:
    """Once a day, work out how much was said in each territory, and let be shown of it what may be.

    Counting goes through all statements: nobody's reply waits for it.
    """
    for slug in context.territories:
        if not await database.read(partial(is_due, territory=slug, now=now)):
            continue
        counts = await database.read_aside(partial(counted, context=context, territory=slug))
        if counts:
            await database.write(partial(publish, context=context, territory=slug, counts=counts, now=now))


class LatestFeed:
    """Answers feed readers."""

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
        """What a server must have to offer the feeds."""
        return [Gate(MOST).route(PATH, self._page)]

    async def _page(self, request: web.Request) -> Page | None:
        context, territory = self._context(), request.match_info["territory"]
        if territory not in context.territories or context.public_url is None:
            return None
        view, language = request.match_info["view"], self._language(request, context, territory)
        writer = Writer(self._texts, context, territory, language)
        body = writer.written(view, await self._entries(writer, view))
        return Page(body, atom.TYPE, {**HEADERS, "Content-Language": language})

    async def _entries(self, writer: "Writer", view: str) -> list[atom.Entry]:
        context, territory, now = writer.context, writer.territory, self._now()
        if view == COORDINATION:
            news = await self._database.read(lambda c: coordination_news(c, context, territory, now))
            return list(writer.coordination(news))
        groups = await self._database.read(lambda c: groups_news(c, context, territory, now))
        return list(writer.groups(groups))

    def _language(self, request: web.Request, context: Context, territory: str) -> str:
        """What is asked for, else what the reader's program prefers, else the territory's first."""
        wanted = request.query.get("lang")
        asked = (wanted,) if wanted else _preferred(request.headers.get("Accept-Language", ""))
        for language in asked:
            for tag in (language, language.partition("-")[0].lower()):
                if tag in self._texts.languages:
                    return tag
        return context.territories[territory].languages[0]


def _preferred(header: str) -> tuple[str, ...]:
    """The languages of an Accept-Language header, the most wanted first (RFC 9110, 12.5.4)."""
    weighed = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return tuple(tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if tag and weight > 0)


class Writer:
    """Writes what is new in one territory, in one language."""

    def __init__(self, texts: Texts, context: Context, territory: str, language: str) -> None:
        self.context = context
        self.territory = territory
        self._texts = texts
        self._language = language
        self._place = context.territories[territory]

    def written(self, view: str, entries: list[atom.Entry]) -> bytes:
        """The whole feed."""
        return atom.written(
            entries,
            id=self._id(view),
            address=f"{address_of(self.context, self.territory, view)}?lang={self._language}",
            title=self._said("feed.title", territory=self._place.names),
            subtitle=self._said(f"feed.about.{view}", smallest=self._smallest),
            author="Together",
            language=self._language,
        )

    @property
    def _smallest(self) -> int:
        return self.context.territories.smallest_cell(self.territory)

    def coordination(self, news: CoordinationNews) -> Iterator[atom.Entry]:
        """Figures, pilot actions and meetings."""
        if news.figures is not None:
            yield self._figures(news.figures)
        for one in news.actions:
            name = self._name(news.titles.get(one.id, {}), "action.untitled")
            status = self._said(f"action.progress.{one.progress}")
            yield atom.Entry(
                id=self._id(f"action/{one.id:x}"),
                title=name,
                text=self._said("feed.action", title=name, status=status),
                updated=one.at,
                link=self._link("p", one.id),
            )
        for meeting in news.meetings:
            name = self._name(meeting.title or meeting.kind, "action.untitled")
            yield atom.Entry(
                id=self._id(f"meeting/{meeting.id:x}"),
                title=name,
                text=self._said("feed.meeting", title=name, starts=meeting.starts),
                updated=meeting.changed_at,
                link=self._link("m", meeting.id),
            )

    def _figures(self, figures: Figures) -> atom.Entry:
        names = self.context.components.names
        lines = [self._said("feed.figures", n=figures.statements, people=figures.people, on=figures.on)]
        for code, count in figures.dimensions.items():
            dimension = self._name(names.get(code, {}), "") or code
            lines.append(self._said("latest.dimension", dimension=dimension, count=count))
        updated = datetime.combine(figures.on, datetime.min.time(), atom.NEVER.tzinfo)
        title = self._said("feed.figures_title")
        return atom.Entry(self._id("figures"), title, "\n".join(lines), updated, self._link("t", None))

    def groups(self, groups: tuple[GroupNews, ...]) -> Iterator[atom.Entry]:
        """Figures of each group of which there are any."""
        for group in groups:
            if group.changed_at is None:
                continue
            counts = {"held": group.held, "coming": group.coming, "actions": group.actions}
            lines = [self._said(f"feed.group.{what}", n=n) for what, n in counts.items() if n]
            if group.statements is not None:
                lines.append(self._said("feed.group.statements", n=group.statements.value))
            name = self._name(group.names, "")
            id = self._id(f"group/{group.slug}")
            yield atom.Entry(id, name, "\n".join(lines), group.changed_at, self._link("t", None))

    def _said(self, key: str, **args: Arg) -> str:
        default = self._place.languages[0]
        return self._texts.plain(self._language, key, args, zone=self._place.zone, default=default)

    def _name(self, names: Names, otherwise: str) -> str:
        """A name as readers of the feed read it."""
        if names:
            return name_in(names, self._language)
        return self._said(otherwise) if otherwise else ""

    def _id(self, of: str) -> str:
        """A name for ever (RFC 4151)."""
        host = urlsplit(self.context.public_url or "").hostname
        return f"tag:{host},2026:latest/{self.territory}/{of}"

    def _link(self, letter: str, id: int | None) -> str | None:
        """Where the bot tells more, once it knows its own address."""
        if not self.context.address:
            return None
        payload = link_to(letter, id) if id is not None else f"{letter}_{self.territory}"
        return f"{self.context.address}?start={payload}"
