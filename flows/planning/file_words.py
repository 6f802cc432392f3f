"""What the codes in a file for those who coordinate mean, by column."""

from collections.abc import Callable, Mapping
from typing import Final

from flows.files import Cell
from flows.moves import Key, Tag

_STATES: Final = {
    "draft": "announce.stage.draft", "planned": "list.state.planned", "cancelled": "meetings.cancelled",
}  # fmt: skip
_SAYS: Final = {
    "yes": "announce.stance.yes", "maybe": "announce.stance.maybe", "no": "announce.stance.no",
    "cannot": "list.says.cannot", "done": "deadline.ask.done",
}  # fmt: skip

WORDS: Final[Mapping[str, Callable[[str], Cell]]] = {
    "about": lambda code: Key(f"list.about.{code}"),
    "barriers": lambda codes: tuple(Key(f"meeting.barriers.{code}") for code in codes.split()),
    "came": lambda code: Key(f"helped.there.{code}"),
    "interpretation": Tag,
    "language": Tag,
    "language_how": lambda code: Key(f"list.language_how.{code}"),
    "needs": lambda codes: tuple(Key(f"meeting.needs.{code}") for code in codes.split()),
    "role": lambda code: Key(f"role.{code}"),
    "says": lambda code: Key(_SAYS.get(code, code)),
    "sort": lambda code: Key(f"menu.{code}"),
    "standing": lambda code: Key(f"list.standing.{code}"),
    "state": lambda code: Key(_STATES.get(code, code)),
}
"""By column: the text of a code."""
