"""What the citizens did, as they know it themselves: the database is held against it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for a statement, and the update that brought them."""

    update: int
    text: str


@dataclass(slots=True)
class Uttered:
    """One statement, as its author made it."""

    citizen: int  # Telegram id
    message: int  # in which it was said; no two messages of the emulator's private chats have one number
    wordings: list[Wording]  # as it was said, then each change, in order
    withdrawn: int | None = None  # the update that withdrew it


@dataclass(slots=True)
class Scenario:
    """Everything that was said and done by all."""

    citizens: set[int] = field(default_factory=set)  # Telegram ids
    updates: set[int] = field(default_factory=set)  # what citizens did; any other update is a stray
    uttered: list[Uttered] = field(default_factory=list)
    erased: dict[int, int] = field(default_factory=dict)  # citizen -> the update that confirmed it
    misled: set[int] = field(default_factory=set)  # citizens who saw a question that could not follow
    waited_in_vain: int = 0  # times that an answer did not come: lost for good, or the bot dead for too long
