"""What the columns of a table are called for people; programs know them by their names."""

from collections.abc import Iterable, Mapping
from typing import Final

from flows.actions.actions import Section
from flows.moves import Key

_ELSEWHERE: Final[Mapping[str, str]] = {
    **{section: f"action.part.{section}" for section in Section},
    "action": "announce.by.action",
    "after": "digest.after",
    "before": "digest.before",
    "cannot": "list.says.cannot",
    "component": "pilot.components",
    "components": "pilot.components",
    "created_at": "list.column.date",
    "done": "deadline.ask.done",
    "group": "announce.by.group",
    "history": "pilot.history",
    "interpretation": "meeting.needs.interpretation",
    "language": "announce.by.language",
    "link": "plan.about.link",
    "maybe": "announce.stance.maybe",
    "no": "announce.stance.no",
    "occasion": "list.column.id",
    "place": "plan.about.place",
    "published_at": "list.column.date",
    "role": "plan.about.role",
    "says": "card.answer",
    "seats": "plan.about.seats",
    "status": "pilot.progress",
    "territory": "announce.by.territory",
    "theme": "plan.about.theme",
    "title": "plan.about.title",
}
"""Texts that say it already."""


def heads(columns: Iterable[str]) -> tuple[Key, ...]:
    """What stands above columns of those names."""
    return tuple(Key(_ELSEWHERE.get(name) or f"list.column.{name}") for name in columns)
