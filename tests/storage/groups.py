"""A group chat with cards in it, as the bot's side of the chat sees it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert

from flows.occasions.cards import said_on
from storage.messages import outbox
from storage.messages.inbox import Arrived
from storage.messages.outbox import Ending, Lane, Message, State
from storage.occasions import called_cards, cards
from storage.occasions.called_cards import Call, Called
from storage.occasions.carded import Card
from storage.occasions.cards import Edition
from storage.tables import Contact, table
from storage.unit import Book
from tests.storage.plans import add
from tests.storage.town import BOT, CONTEXT, NOON, RUN, Town

CHAT: Final = -100_200


def has_card(connection: Connection, occasion: int, **columns: Any) -> None:
    """A card in a group chat of its own."""
    way = {"id": 1, "bot": BOT, "telegram": CHAT, "citizen_id": None, "reach": "open"}
    connection.execute(insert(table(Contact)).values(way))
    row = {
        "contact_id": 1,
        "occasion_id": occasion,
        "territory": "riverside",
        "edition": 0,
        "said": "",
        "replaced": False,
        "look_at": NOON,
        "made_at": NOON,
        **columns,
    }
    add(connection, Card, id=1, **row)


class Chat:
    """A group chat in which cards are called for, sent and edited; what each edition says is its figures."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.said: list[tuple[int, int | None, str]] = []  # occasion, message that is edited, figures
        self._updates = 0

    async def calls(self, caller: int, place: str = "", bot_name: str = "", *, chat: int = CHAT) -> bool:
        """Somebody gives the command; whether anything came of it."""
        self._updates += 1
        arrived, asked = Arrived(self._updates, 0), Call(chat, caller, bot_name, place)

        def work(connection: Connection) -> Called | None:
            called = called_cards.call(connection, CONTEXT, BOT, arrived, asked, self.town.now)
            for edition in called.editions if called else ():
                self._say(connection, edition)
            return called

        return await self.town.database.write(work) is not None

    async def refreshes(self) -> int:
        """Look at the cards that are due; how many there were."""
        due = await self.town.database.read(lambda connection: cards.due(connection, self.town.now))
        for id in due:
            await self.town.database.write(self._look(id))
        return len(due)

    def _look(self, id: int) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            edition = cards.look(connection, CONTEXT, id, self.town.now)
            if edition is not None:
                self._say(connection, edition)

        return work

    def _say(self, connection: Connection, edition: Edition) -> None:
        card, now = edition.card, self.town.now
        posts = card.occasion.posts
        come, wait = sum(post.taken - post.offered for post in posts), sum(post.waiting for post in posts)
        figures = f"{card.end or 'live'}: {come} come, {card.maybe} may, {wait} wait"
        if not cards.note(connection, edition, repr(said_on(card, edition.tongue)), now):
            return
        self.said.append((card.occasion.id, edition.message, figures))
        book = Book(connection)
        payload = {"text": figures, "buttons": []}
        message = Message(edition.key, edition.contact, edition.telegram, payload, Lane.NOTICE)
        outbox.put(book, message, now=now, worker=None)
        book.flush()

    async def hears(self, state: State = State.SENT, reason: str | None = None) -> None:
        """What waits is sent, or ends otherwise; the first message of an occasion has its id times 1000."""
        while claimed := await self.town.claimed():
            numbers = {one.key: self._number(one.key) for one in claimed}
            ended = [Ending(key, state, number, reason) for key, number in numbers.items()]
            if state is not State.SENT:
                ended = [Ending(one.key, state, None, reason) for one in ended]
            await self.town.do(outbox.record, ended, RUN, self.town.now)

    def _number(self, key: str) -> int:
        return int(key.split(":")[1]) % 1_000_000

    async def ended(self) -> list[datetime | None]:
        """Since when each card is left as it is."""
        return [row.ended_at for row in await self.town.rows(Card)]
