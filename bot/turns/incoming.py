"""What comes in, once it is known what it is: an event of somebody, or something in a group chat."""

from dataclasses import dataclass

from flows.events import Event, PressedInChat
from storage.messages.inbox import Arrived
from storage.occasions.called_cards import Call
from storage.panels.rooms import Joined, Summons
from storage.unit import Chat


@dataclass(frozen=True, slots=True)
class Sender:
    """Who an event is from."""

    telegram: int
    language_code: str | None  # of their Telegram app


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button, as Telegram shows it."""

    id: str  # to answer it by
    message: int | None  # that the button stands below; None: too old for Telegram to say
    label: str | None  # None: no button of that message carries what was pressed
    chat: Chat | None = None  # the group chat it stands in; None: the private one


@dataclass(frozen=True, slots=True)
class Removal:
    """The bot is not in a group chat any more."""

    chat: int


@dataclass(frozen=True, slots=True)
class Rights:
    """Somebody has changed what the bot may do in a group chat."""

    chat: int
    may_write: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update, ready for its turn."""

    arrived: Arrived
    kind: str
    sender: Sender | None = None  # None: nothing for a conversation
    event: Event | PressedInChat | None = None
    press: Press | None = None
    album: int | None = None  # names it: several messages of one album are one event
    moved: tuple[int, int] | None = None  # a group got a new id: old, new
    chat: "InChat | None" = None  # what happened in a group chat, if anything is done about it

    @property
    def is_heard(self) -> bool:
        """Whether anything is done about it."""
        return self.event is not None or self.moved is not None or self.chat is not None


InChat = Call | Summons | Joined | Removal | Rights
