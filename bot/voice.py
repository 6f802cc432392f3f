"""How a person is spoken to: their language and zone; replies become messages for the outbox."""

from bot.render import Reader, label, notice, render
from config.texts import Texts
from flows.moves import Arg, Choice, Say
from flows.reception import Reply
from flows.territory import Territories
from storage.outbox import Message
from storage.unit import Person


class Voice:
    """The bot's way of saying things."""

    def __init__(self, texts: Texts, territories: Territories) -> None:
        self._texts = texts
        self._territories = territories

    def messages(self, person: Person, reply: Reply, key: str) -> list[Message]:
        """A reply as messages; `key` names the reply for ever."""
        return [
            Message(f"{key}:{number}", person.contact, person.telegram, one.payload())
            for number, one in enumerate(render(self._texts, reply, self._reader(person)))
        ]

    def notice(self, person: Person, say: Say) -> str:
        """A short word on a pressed button."""
        return notice(self._texts, say, self._reader(person))

    def label(self, person: Person, words: Arg) -> str:
        """The words on a button."""
        return label(self._texts, Choice("", words), self._reader(person))

    def _reader(self, person: Person) -> Reader:
        territory = self._territories.get(person.territory or "")
        if territory is None:
            return Reader(person.language, person.language, "UTC")
        return Reader(person.language, territory.languages[0], territory.zone, territory.languages)
