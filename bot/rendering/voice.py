"""How a person is spoken to: their language and zone; replies become messages for the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.rendering.button import chat_button
from bot.rendering.digest_pictures import pictured
from bot.rendering.render import (
    MOST_CHARACTERS,
    Reader,
    Rendered,
    Worded,
    label,
    letter,
    notice,
    on_button,
    render,
    without_tags,
    worded,
)
from config.languages import our_languages
from config.texts import END, Texts
from flows.actions.impact import Scale
from flows.announcements.letter import Letter
from flows.digests.digest import Digest
from flows.digests.picture import DigestPicture
from flows.digests.sheet import Telling
from flows.moves import Arg, Ask, Choice, Key, Say
from flows.occasions.cards import Card, said_on
from flows.occasions.sheet import Tongue
from flows.panels.rooms import Board, Button
from flows.people.territory import Territories
from flows.talks import Reply
from storage.messages.outbox import Message
from storage.messages.quoting import Quote
from storage.panels.rooms import Readers
from storage.unit import Person

LEFT_TO_RIGHT: Final = "\u2066"
RIGHT_TO_LEFT: Final = "\u2067"


class Voice:
    """The bot's way of saying things."""

    def __init__(self, texts: Texts, territories: Territories) -> None:
        self._texts = texts
        self._territories = territories

    def messages(self, person: Person, reply: Reply, key: str, quotes: Iterable[Quote] = ()) -> list[Message]:
        """A reply as messages; `key` names the reply for ever.

        quotes  words of others that were looked at for it
        """
        return as_messages(person, render(self._texts, reply, self._reader(person)), key, quotes)

    def worded(self, person: Person, said: Iterable[Say], ask: Ask | None) -> Worded:
        """What is said and asked as that person reads it, and all who read in the same language there."""
        return worded(self._texts, said, ask, self._reader(person))

    def letter(self, person: Person, said: Letter) -> list[Rendered]:
        """A message of its own, as that person gets it; a picture may come before it."""
        return letter(self._texts, said, self._reader(person))

    def notice(self, person: Person, say: Say) -> str:
        """A short word on a pressed button."""
        return notice(self._texts, say, self._reader(person))

    def label(self, person: Person, words: Arg) -> str:
        """The words on a button."""
        return label(self._texts, Choice("", words), self._reader(person))

    def card(self, card: Card, tongue: Tongue, address: str) -> Rendered:
        """A card for a group chat; while it goes on, with a button that leads to where one answers.

        address  of the bot
        """
        said = self._in_group(said_on(card, tongue), tongue)
        if card.end is not None:
            return said
        words = label(self._texts, Choice("", Key("card.answer")), _reader_of(tongue))
        return replace(said, links=((words, f"{address}?start={card.link}"),))

    def board(self, board: Board, readers: Readers) -> Rendered:
        """A message in a group chat, in each of its languages, as many as Telegram has room for."""
        default = readers.languages[0]
        each = [Reader(language, default, readers.zone) for language in readers.languages]
        text = ""
        for reader in each:
            said = _set_apart(render(self._texts, Reply((), (board,)), reader)[0].text, reader)
            joined = f"{text}\n\n{said}" if text else said
            text = joined if len(without_tags(joined)) <= MOST_CHARACTERS else text
        return Rendered(text, tuple((self._chat_button(button, each),) for button in board.buttons))

    def _chat_button(self, button: Button, readers: Sequence[Reader]) -> tuple[str, str]:
        labels = dict.fromkeys(label(self._texts, button.choice, reader) for reader in readers)
        data = chat_button(button.handler, button.about, button.choice.value)
        return on_button(" / ".join(labels)), data

    def no_card(self, tongue: Tongue) -> Rendered:
        """What is said in a group chat where nothing is planned."""
        return self._in_group(Say("card.nothing"), tongue)

    def in_chat(self, says: Iterable[Say], tongue: Tongue) -> tuple[Rendered, ...]:
        """What is said in a group chat at once, in one of its languages."""
        return render(self._texts, Reply((), tuple(says)), _reader_of(tongue))

    def picture(self, digest: Digest, telling: Telling, scales: Mapping[str, Scale]) -> DigestPicture:
        """What is drawn of a digest, in the language in which it is told."""
        return pictured(self._texts, digest, telling, scales, _reader_of(telling.tongue))

    def _in_group(self, say: Say, tongue: Tongue) -> Rendered:
        return render(self._texts, Reply((), (say,)), _reader_of(tongue))[0]

    def _reader(self, person: Person) -> Reader:
        territory = self._territories.get(person.territory or "")
        if territory is None:
            return Reader(person.language, person.language, "UTC")
        return Reader(person.language, territory.languages[0], territory.zone, territory.languages)


def as_messages(
    person: Person, each: Iterable[Rendered], key: str, quotes: Iterable[Quote] = ()
) -> list[Message]:
    """Messages for the outbox, to that person; `key` names them together for ever.

    quotes  words of others that were looked at for them
    """
    to, quoted = (person.contact, person.telegram), frozenset(quotes)
    return [Message(f"{key}:{number}", *to, one.payload(), quotes=quoted) for number, one in enumerate(each)]


def _reader_of(tongue: Tongue) -> Reader:
    """Whoever reads in a group chat; times there are by the clocks of what they are about."""
    return Reader(tongue.language, tongue.language, "UTC", tongue.others)


def _set_apart(text: str, reader: Reader) -> str:
    """Lines of a language that is written in the other direction than the one which stands above it."""
    direction, above = our_languages()[reader.language].direction, our_languages()[reader.default].direction
    if direction == above:
        return text
    begin = RIGHT_TO_LEFT if direction == "rtl" else LEFT_TO_RIGHT
    return "\n".join(f"{begin}{line}{END}" if line else line for line in text.split("\n"))
