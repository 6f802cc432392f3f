"""Digests are made and told when their hour has come: to the rooms of a panel, or to its members."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row

from bot.backoff import Backoff
from bot.chores.means import Means
from bot.drawing import draw
from bot.logs import log
from bot.rendering.render import beside
from flows.digests.digest import Digest
from flows.digests.picture import DigestPicture
from flows.digests.reading import Ideas, board_of
from flows.digests.sheet import Telling, sections
from flows.occasions.sheet import Tongue
from flows.panels.rooms import Purpose
from flows.panels.settings import PanelSettings, SentTo
from flows.pushes.pushed import Notice, Topic
from flows.times.periods import LATE, read_period
from storage.digests import digests, looks, schedule
from storage.digests.schedule import Due
from storage.errors import Unavailable
from storage.messages import media, outbox
from storage.messages.outbox import Lane, Message
from storage.messages.quoting import Quote
from storage.panels import rooms
from storage.panels.panels import panel_of
from storage.panels.rooms import Readers
from storage.pushes.notices import notify
from storage.tables import Statement, table
from storage.unit import Book

PNG: Final = "image/png"


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest as it is told now: to whom, and in each language with what."""

    digest: Digest
    settings: PanelSettings
    tellings: Mapping[str, Telling]  # by language
    pictures: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)  # PNG, and what is on it in words

    @property
    def id(self) -> int:
        return digests.id_of(self.digest.territory, self.digest.period)

    @property
    def quotes(self) -> frozenset[Quote]:
        """The statements whose words are in it."""
        ids = {int(id) for telling in self.tellings.values() for id in telling.quotes}
        return frozenset((table(Statement).name, id) for id in ids)


class Digests:
    """The digests of all panels, made by whoever leads."""

    def __init__(self, means: Means) -> None:
        self._database, self._context, self._voice = means.database, means.context, means.voice
        self._now, self._alarm = means.now, means.alarm
        self._backoff = Backoff()

    async def tick(self) -> None:
        """Make what is due, and tell what was made.

        A digest that fails keeps no other one waiting, and is tried again later and later.
        Raises what the database raises when it is in trouble.
        """
        now, territories = self._now(), self._context.territories
        for due in await self._database.read(lambda connection: schedule.due(connection, territories, now)):
            await self._alone((due.territory.slug, due.period.key), partial(self._make, due))
        for digest in await self._database.read(digests.untold):
            await self._alone((digest.territory, digest.period), partial(self._tell, digest))

    async def _alone(self, which: tuple[str, str], work: Callable[[], Awaitable[None]]) -> None:
        """Work on the digest of a territory and a period."""
        if not self._backoff.may_try(which, self._now()):
            return
        try:
            await work()
        except Unavailable:
            raise
        except Exception as error:
            log.error("a digest cannot be told", exc_info=error)
            self._alarm("chores_fail")
            self._backoff.failed(which, self._now())
        else:
            self._backoff.done(which)

    async def _make(self, due: Due) -> None:
        """Keep what there is to tell; what is told of it is decided in the transaction that keeps it."""
        now = self._now()
        draft = await self._database.read_aside(
            lambda connection: digests.collect(connection, due.territory, due.period, now)
        )
        await self._database.write(lambda connection: digests.keep(connection, draft, now))

    async def _tell(self, digest: Digest) -> None:
        issue = await self._database.read(partial(self._issue, digest=digest))
        id = digests.id_of(digest.territory, digest.period)
        if issue is None:
            await self._database.write(lambda connection: digests.drop(connection, id))
            return
        pictures = {
            language: drawn
            for language, telling in issue.tellings.items()
            if (drawn := await self._drawn(digest, telling)) is not None
        }
        whole = Issue(issue.digest, issue.settings, issue.tellings, pictures)
        await self._database.write(lambda connection: self._put(connection, whole, self._now()))

    def _issue(self, connection: Connection, digest: Digest) -> Issue | None:
        """What is to be told of it, in each language of the panel; None where it is too late."""
        territory = self._context.territories.get(digest.territory)
        settings = panel_of(connection, territory) if territory else None
        if territory is None or settings is None:
            return None
        if schedule.is_late(territory, settings, read_period(digest.period), self._now()):
            return None
        tongues = (
            Tongue(language, territory.languages, self._context.own_names) for language in settings.languages
        )
        tellings = {
            tongue.language: looks.telling(connection, self._context, digest, tongue) for tongue in tongues
        }
        return Issue(digest, settings, tellings)

    async def _drawn(self, digest: Digest, telling: Telling) -> tuple[bytes, str] | None:
        """The picture, and what is on it in words; None where there is nothing to draw, or it cannot be."""
        if not digest.is_news:
            return None
        picture: DigestPicture = self._voice.picture(digest, telling, self._context.scales)
        png = None if picture.is_empty else await draw(picture)
        return (png, picture.alt) if png is not None else None

    def _put(self, connection: Connection, issue: Issue, now: datetime) -> None:
        """Put it in the outbox, once; where nothing is new, as the panel wants it: one line, or nothing."""
        if not digests.mark_told(connection, issue.id, now):
            return
        if not issue.digest.is_news and issue.settings.silence:
            return
        name = f"digest-{issue.digest.territory}-{issue.digest.period}.png".lower()
        for language, (png, alt) in issue.pictures.items():
            medium = media.keep(connection, png, name, PNG, alt, now)
            digests.keep_picture(connection, issue.id, language, medium)
        if issue.settings.to is SentTo.MEMBERS:
            members = schedule.members(connection, issue.digest.territory)
            notify(
                connection,
                self._context,
                members,
                Notice.DIGEST,
                issue.id,
                now,
                topic=Topic.DIGEST,
                until=now + LATE,
            )
            return
        book = Book(connection)
        for room in rooms.rooms(connection, issue.digest.territory, Purpose.PANEL):
            for message in self._messages(connection, issue, room):
                outbox.put(book, replace(message, quotes=issue.quotes), now=now, worker=None)
        book.flush()

    def _messages(self, connection: Connection, issue: Issue, room: Row[Any]) -> Iterator[Message]:
        """What is said in a room: the digest in each language with its picture, then ideas with buttons."""
        for language, telling in issue.tellings.items():
            key = f"digest:{issue.id}:{room.id}:{language}"
            tongue = telling.tongue
            first, *others = self._voice.in_chat(tuple(sections(issue.digest, telling)), tongue)
            message = rooms.message(room, key, first.payload(), Lane.DIGEST, LATE)
            drawn = digests.picture(connection, issue.id, language)
            medium = media.find(connection, drawn) if drawn is not None else None
            yield from beside(message, medium) if medium is not None else (message,)
            for number, page in enumerate(others, start=1):
                yield rooms.message(room, f"{key}:{number}", page.payload(), Lane.DIGEST, LATE)
        if issue.digest.is_news and issue.digest.ideas:
            counsels = next(iter(issue.tellings.values())).counsels
            waiting, more = issue.digest.ideas, issue.digest.more_ideas
            board = board_of(Ideas(issue.id, waiting, counsels, more))
            zone = self._context.territories[issue.digest.territory].zone
            payload = self._voice.board(board, Readers(tuple(issue.tellings), zone)).payload()
            yield rooms.message(room, f"digest:{issue.id}:{room.id}:ideas", payload, Lane.DIGEST, LATE)
