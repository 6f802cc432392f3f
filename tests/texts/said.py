"""What the flows say: one walk through all transcripts, which reach every question, effect and end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from flows.conversations import commands
from flows.files import Hand
from flows.moves import Arg, In, Key, Lines
from flows.talks import Reply
from tests.flows.played import all_played


class Place(StrEnum):
    """Where a text is shown."""

    MESSAGE = "message"
    CAPTION = "caption"  # beside a file
    BUTTON = "button"
    NOTICE = "notice"  # over the chat
    COMMAND = "command"  # its description, in the list of commands
    DESCRIPTION = "description"  # of the bot, in an empty chat
    SHORT_DESCRIPTION = "short description"  # of the bot, on its page


@dataclass(frozen=True, slots=True)
class Said:
    """One text with what is filled in."""

    place: Place
    key: str
    args: Mapping[str, Arg] = field(default_factory=dict)
    columns: int = 1  # of buttons in its row

    @property
    def has_names(self) -> bool:
        """Whether words of others are filled in, whose length is none of ours."""
        return any(isinstance(arg, str | tuple | Mapping) for arg in self.args.values())


@cache
def everything_said() -> tuple[Said, ...]:
    """Each text with each of its arguments once, in the order of transcripts; introductions last."""
    found: dict[str, Said] = {}
    for transcript in all_played():
        for reply in transcript.replies:
            for said in parts(reply):
                found.setdefault(repr(said), said)
    for said in introductions():
        found.setdefault(repr(said), said)
    return tuple(found.values())


def parts(reply: Reply) -> Iterator[Said]:
    """The texts that one reply is made of."""
    for said in reply.said:
        yield Said(Place.CAPTION if isinstance(said, Hand) else Place.MESSAGE, said.key, said.args)
    if reply.notice is not None:
        yield Said(Place.NOTICE, reply.notice.key, reply.notice.args)
    if reply.asked is None:
        return
    ask = reply.asked.ask
    yield Said(Place.MESSAGE, ask.key, ask.args)
    for choice in ask.choices:
        if isinstance(choice.label, Key):
            yield Said(Place.BUTTON, choice.label.key, choice.label.args, ask.columns)
    if reply.asked.can_go_back:
        yield Said(Place.BUTTON, "button.back")


def introductions() -> Iterator[Said]:
    """What Telegram shows of the bot before anything is said."""
    for command in ("start", *commands(), "cancel"):
        yield Said(Place.COMMAND, f"command.{command}")
    yield Said(Place.DESCRIPTION, "bot.description")
    yield Said(Place.SHORT_DESCRIPTION, "bot.short_description")


def in_one_language(args: Mapping[str, Arg], language: str) -> dict[str, Arg]:
    """The same, with the parts that are said in another language said in this one, too."""
    return {name: _in_one_language(arg, language) for name, arg in args.items()}


def _in_one_language(arg: Arg, language: str) -> Arg:
    match arg:
        case Key(key, args):
            return Key(key, in_one_language(args, language))
        case Lines(texts):
            return Lines(_keys(texts, language))
        case In(_, Lines(texts)):
            return In(language, Lines(_keys(texts, language)))
    return arg


def _keys(texts: Iterable[Key], language: str) -> tuple[Key, ...]:
    return tuple(Key(text.key, in_one_language(text.args, language)) for text in texts)
