"""What became of one send or edit: outcomes of which a caller can leave out none."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Delivered:
    """Telegram has it."""

    message: int | None
    file_id: str | None = None  # what Telegram calls the file that was uploaded with it; None: none was
    flaw: str | None = None  # why Telegram refused its marks, so that it went as plain text; None: it did not


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not delivered; to be tried again after a pause."""

    wait: timedelta
    asked: bool  # True: Telegram asked for the pause; False: nobody was there


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has a new id; to be sent there."""

    telegram: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The person or group cannot be reached any more."""

    reach: str  # blocked: may come back; deleted: the account is; gone: kicked, or never began


@dataclass(frozen=True, slots=True)
class Muted:
    """The bot may not write in the group chat now; to be sent once it may."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused for what it is; trying again would change nothing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The message that was to be edited is not there any more, or too old for it."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may or may not have been delivered: Telegram has no key that would tell."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """The bot's token is not valid any more; nothing can be sent."""


Outcome = Delivered | Later | Moved | Gone | Muted | Rejected | Lost | Unsure | Revoked
