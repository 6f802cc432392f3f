"""What the codes in a file for those who coordinate mean, by column."""

from collections.abc import Callable, Mapping
from datetime import date
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

_CELLS: Final = {"all": "list.cell.all", "before": "digest.before", "after": "digest.after"}


def _history(moves: str) -> Cell:
    """On which days an action began to stand where."""
    said = (move.partition(" ") for move in moves.split(", "))
    return tuple(
        Key(
            "pilot.happened.progress",
            {"at": date.fromisoformat(day), "about": Key(f"action.progress.{stands}")},
        )
        for day, _, stands in said
    )


WORDS: Final[Mapping[str, Callable[[str], Cell]]] = {
    "about": lambda code: Key(f"list.about.{code}"),
    "barriers": lambda codes: tuple(Key(f"meeting.barriers.{code}") for code in codes.split()),
    "came": lambda code: Key(f"helped.there.{code}"),
    "cell": lambda code: Key(_CELLS.get(code) or f"feedback.side.{code}"),
    "history": _history,
    "interpretation": Tag,
    "language": Tag,
    "language_how": lambda code: Key(f"list.language_how.{code}"),
    "needs": lambda codes: tuple(Key(f"meeting.needs.{code}") for code in codes.split()),
    "question": lambda code: Key(f"question.{code}"),
    "role": lambda code: Key(f"role.{code}"),
    "says": lambda code: Key(_SAYS.get(code, code)),
    "sort": lambda code: Key(f"menu.{code}"),
    "standing": lambda code: Key(f"list.standing.{code}"),
    "state": lambda code: Key(_STATES.get(code, code)),
    "status": lambda code: Key(f"action.progress.{code}"),
}
"""By column: the text of a code."""
