"""What the citizens did, as they know it themselves: the database is held against it."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

OURS: Final = {
    "message": "chat",
    "edited_message": "chat",
    "callback_query": "from",
    "my_chat_member": "date",
}
"""Updates that citizens cause; any other is a stray, and may be forgotten without a trace.

And what each of them has, but a copy that was maimed on the way has not: that is nobody's deed.
"""

FOLLOWS: Final = 1.2  # seconds in which the bot has seen that its clock was moved

Deed = tuple[str | int, ...]
"""One thing a citizen did, by what names its update: a message, an edit, a press, a block."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for a statement, and the deed that brought them."""

    deed: Deed
    text: str
    raced: bool = False  # done together with the withdrawal: either may have been heard first


@dataclass(slots=True)
class Uttered:
    """One statement, as its author made it."""

    citizen: int  # Telegram id
    message: int  # in which it was said; no two messages of the emulator's private chats have one number
    wordings: list[Wording]  # as it was said, then each change, in order
    withdrawn: Deed | None = None
    raced: bool = False  # said together with the press that ends the question: perhaps it came too late


@dataclass(slots=True)
class Scenario:
    """Everything that was said and done by all."""

    citizens: set[int] = field(default_factory=set)  # Telegram ids
    updates: dict[Deed, int] = field(default_factory=dict)  # what became of deeds; other updates are strays
    uttered: list[Uttered] = field(default_factory=list)
    erased: dict[int, Deed] = field(default_factory=dict)  # citizen -> what confirmed it
    blocked: dict[int, Deed] = field(default_factory=dict)  # citizen -> what told the bot
    nudges: dict[int, list[Deed]] = field(default_factory=dict)
    """Citizen -> how they asked what is open, each time they had waited for an answer in vain."""

    misled: dict[int, str] = field(default_factory=dict)  # citizens who saw a question that could not follow
    jumps: list[tuple[float, float]] = field(default_factory=list)
    """Each jump of the clock that all follow: the monotonic moment, and seconds forward (negative: back)."""

    waited_in_vain: int = 0  # times that an answer did not come: lost for good, or the bot dead for too long

    def queued(self, body: bytes) -> None:
        """Note which update a deed became; some become none, where they were held up until they expired."""
        update = json.loads(body)
        number = update.pop("update_id")
        kind, content = next(iter(update.items()))
        if kind in OURS and OURS[kind] in content:
            self.updates[named(kind, content)] = number

    def update(self, deed: Deed) -> int | None:
        """The id of the update that a deed became; None: it has not left."""
        return self.updates.get(deed)


def named(kind: str, content: dict[str, Any]) -> Deed:
    """The deed behind the content of an update."""
    match kind:
        case "message":
            return kind, content.get("message_id", 0)
        case "edited_message":
            return kind, content.get("message_id", 0), content.get("text", "")
        case "callback_query":
            return kind, content.get("id", 0)
        case _:
            return kind, content.get("from", {}).get("id", 0)
