"""Says announcements: begun at their moment, put in the outbox a little ahead, ended with a report."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from bot.chores.means import Means
from flows.announcements.letter import Content, OnPhone, letter
from storage.announcements import announcements, recipients, rounds, settling
from storage.announcements.recipients import Addressed, Claimed
from storage.messages import outbox
from storage.messages.outbox import Lane, Message
from storage.planning.drafting import tongue_of
from storage.unit import Book, Person

AHEAD: Final = 4.0
"""So many seconds of messages are put in the outbox ahead of their leaving: what is paused stops so soon."""

TOGETHER: Final = 100
"""Recipients in one transaction: replies wait for no more."""

Letters = dict[tuple[int, str, str | None], list[dict[str, Any]]]
"""Messages as they are sent: by announcement, the reader's language, and their territory."""


class Announcing:
    """What is said to many, as the outbox can take it in."""

    def __init__(self, means: Means) -> None:
        self._database, self._context, self._voice = means.database, means.context, means.voice
        self._bot, self._now = means.bot, means.now
        self._ahead = max(1, int(means.per_second * AHEAD))

    async def tick(self) -> None:
        """Note what became of messages, end what is settled, begin what is due, say as much as can leave."""
        now, context = self._now(), self._context
        if not await self._database.read(lambda connection: rounds.is_work(connection, now)):
            return

        def begin(connection: Connection) -> None:
            settling.settle(connection, now)
            rounds.end_settled(connection, context, now)
            rounds.begin_due(connection, context, now)

        await self._database.write(begin)
        while await self._database.write(lambda connection: recipients.find_page(connection, now)):
            pass  # each page is a transaction of its own
        room = self._ahead - await self._database.read(recipients.count_out)
        while room > 0:
            most = min(room, TOGETHER)
            claimed = await self._database.write(partial(self._say, now=now, most=most))
            room = room - len(claimed.addressed) if claimed.looked_at >= most else 0

    async def look(self) -> None:
        """Move what comes beside meetings with them, keep pictures, and find who has joined since."""
        now = self._now()

        def work(connection: Connection) -> None:
            rounds.realign(connection, now)
            rounds.keep_media(connection, now)
            recipients.find_newcomers(connection, now)

        await self._database.write(work)

    def _say(self, connection: Connection, now: datetime, most: int) -> Claimed:
        """Claim some recipients, and put their messages in the outbox."""
        claimed = recipients.claim(connection, self._context, bot=self._bot, now=now, most=most)
        contents = announcements.contents(connection, self._context, claimed.announcements)
        letters: Letters = {}
        book = Book(connection)
        for one in claimed.addressed:
            *before, words = self._payloads(letters, contents[one.announcement], one.person)
            if one.shown:
                before, words = [], _without_picture(words)
            for picture in before:
                outbox.put(book, _message(one, settling.picture_key(one.key), picture), now=now, worker=None)
            outbox.put(book, _message(one, one.key, words), now=now, worker=None)
        book.flush()
        return claimed

    def _payloads(self, letters: Letters, content: Content, person: Person) -> list[dict[str, Any]]:
        """The messages as that person gets them, which are the same for all who read like them.

        Of several people on a phone each has their own: it says for whom it is.
        """
        if person.called is not None:
            return self._made(content, person, OnPhone(person.contact, person.called))
        alike = (content.id, person.language, person.territory)
        if alike not in letters:
            letters[alike] = self._made(content, person)
        return letters[alike]

    def _made(self, content: Content, person: Person, to: OnPhone | None = None) -> list[dict[str, Any]]:
        said = letter(content, tongue_of(self._context, person), to)
        return [one.payload() for one in self._voice.letter(person, said)]


def _without_picture(words: dict[str, Any]) -> dict[str, Any]:
    """Words that may stand beside the picture by now: the reader has chosen another language since."""
    return {name: value for name, value in words.items() if name != "media"}


def _message(one: Addressed, key: str, payload: dict[str, Any]) -> Message:
    contact, telegram = one.person.contact, one.person.telegram
    return Message(key, contact, telegram, payload, lane=Lane.ANNOUNCEMENT, must=False, lives=one.lives)
