"""What happens to a conversation, each with the moment it happened (aware UTC)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Point = tuple[float, float]
"""A place on the map: latitude and longitude, in degrees."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """A person wrote words, in `message` of their chat."""

    at: datetime
    text: str  # cleaned, trimmed, never empty
    message: int  # unique in the person's chat; names the words when they are edited later
    language: str | None = None  # what the words seem to be written in; None: nothing to go by
    probability: float = 0.0  # of that language, 0 to 1
    second: str | None = None  # the next likeliest language


@dataclass(frozen=True, slots=True)
class Edited:
    """A person changed words they had written in `message`."""

    at: datetime
    text: str
    message: int
    language: str | None = None
    probability: float = 0.0
    second: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button. All three fields come from outside and may be forged."""

    at: datetime
    talk: int
    step: int
    choice: str


@dataclass(frozen=True, slots=True)
class PressedInChat:
    """A person pressed a button of a message that stands in a group chat; it belongs to no conversation."""

    at: datetime
    handler: str  # by its name in flows/panels/rooms.py; "": of no button that stands there
    about: int
    choice: str


class Thing(StrEnum):
    """What people send instead of words."""

    VOICE = "voice"
    PHOTO = "photo"
    STICKER = "sticker"
    PLACE = "place"
    ALBUM = "album"
    CONTACT = "contact"
    FILE = "file"
    FORWARDED = "forwarded"  # words of somebody else
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Shared:
    """A person sent something that is not words."""

    at: datetime
    thing: Thing
    file: str | None = None  # by which one picture or file can be passed on; nothing keeps it but an effect
    size: int = 0  # bytes of that file
    place: Point | None = field(default=None, repr=False)  # on the map; nothing keeps it but an effect


@dataclass(frozen=True, slots=True)
class Opened:
    """A person gave a command, or came by a link; the payload may hold anything."""

    at: datetime
    command: str  # without slash, lower case
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A person blocked the bot."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """A person took their block back."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TooFast:
    """A person sends more than is taken in; what they sent since then is not kept."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Handed:
    """A phone that several people have was handed to this one."""

    at: datetime


Event = Wrote | Edited | Pressed | Shared | Opened | Left | Returned | TooFast | Handed
