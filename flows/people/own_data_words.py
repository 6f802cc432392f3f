"""What is said in one's own data beside what programs read: what each part is about, and what codes mean."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from flows.actions.feedback import Side
from flows.actions.gifts import Giving
from flows.announcements.announcement import Omission
from flows.digests.digest import Counsel
from flows.moves import Key, Tag
from flows.occasions.afterwards import About
from flows.occasions.occasions import Barrier, Need, Says, Standing
from flows.people.person import Purpose
from flows.people.roles import Role
from flows.pushes.pushed import Topic
from flows.words.course import Course, Why
from flows.words.statements import Question

Words = Key | Tag
"""What is said in the language of whoever reads."""

SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "own.you": ("citizen", "contact"),
    "mydata.agreements": ("consent",),
    "own.ideas": (
        "statement", "wording", "masked", "classification", "review", "course_step", "action_link",
    ),
    "mydata.feedback": ("feedback", "score"),
    "mydata.gifts": ("gift", "plea"),
    "menu.actions": ("follower",),
    "action.coming": ("answer", "occasion_reply", "evaluation", "remark", "standby"),
    "menu.calendar": ("calendar_feed",),
    "menu.settings": ("habit", "mute", "theme_follower"),
    "menu.language": ("languageoffer",),
    "menu.announcements": ("recipient",),
    "own.messages": ("push",),
    "menu.person": ("inquiry", "inquiry_message", "inquiry_taken"),
    "own.roles": ("appointment", "invitation", "knock", "advice", "audit"),
    "own.conversation": ("conversation", "proposal"),
    "own.counts": ("shown_person",),
}  # fmt: skip
"""Which text names the tables of one subject."""

OTHER: Final = "own.other"
"""The same for a table that is named nowhere."""

CODES: Final[Mapping[str, tuple[type[StrEnum], Callable[[str], Key]]]] = {
    "advice.opinion": (Counsel, lambda code: Key(f"digest.counsel.{code}")),
    "asked": (Purpose, lambda code: Key(f"own.purpose.{code}")),
    "barriers": (Barrier, lambda code: Key(f"meeting.barriers.{code}")),
    "course": (Course, lambda code: Key(f"course.at.{code}")),
    "gift.kind": (Giving, lambda code: Key(f"give.kind.{code}")),
    "needs": (Need, lambda code: Key(f"meeting.needs.{code}")),
    "omission": (Omission, lambda code: Key(f"announce.omission.{code}")),
    "purpose": (Purpose, lambda code: Key(f"own.purpose.{code}")),
    "question": (Question, lambda code: Key(f"question.{code}")),
    "remark.about": (About, lambda code: Key(f"list.about.{code}")),
    "role": (Role, lambda code: Key(f"role.{code}")),
    "says": (Says, lambda code: Key("deadline.ask.done" if code == "done" else f"meetings.says.{code}")),
    "side": (Side, lambda code: Key(f"feedback.side.{code}")),
    "standing": (Standing, lambda code: Key(f"list.standing.{code}")),
    "topic": (Topic, lambda code: Key(f"settings.topics.{code}")),
    "topics_off": (Topic, lambda code: Key(f"settings.topics.{code}")),
    "was": (Course, lambda code: Key(f"course.at.{code}")),
    "why": (Why, lambda code: Key(f"course.why.{code}")),
}
"""By column, or by table and column where others have one of that name: its codes, and the text of each."""

SEVERAL: Final = ("asked", "barriers", "needs", "topics_off")
"""Columns with any number of codes, with spaces between."""

HOW: Final = ("written", "told", "chosen")
"""How the language of words can be known: texts `list.language_how.<how>`."""

LANGUAGES: Final = ("interpretation", "language", "translate_to")
"""Columns with a language."""

_SUBJECT_OF: Final = {name: key for key, names in SUBJECTS.items() for name in names}


def subject_of(name: str) -> Key:
    """What a table is about, as the person would say it."""
    return Key(_SUBJECT_OF.get(name, OTHER))


def meaning_of(name: str, column: str, value: str) -> Words | tuple[Words, ...] | None:
    """What a code means that stands in a column of a table; None for what is no code, or none of ours."""
    if column in LANGUAGES:
        return Tag(value)
    if column == "language_how":
        return Key(f"list.language_how.{value}") if value in HOW else None
    known = CODES.get(f"{name}.{column}") or CODES.get(column)
    if known is None:
        return None
    options, text_of = known
    words = tuple(text_of(code) for code in value.split() if code in tuple(options))
    return words if column in SEVERAL else next(iter(words), None)
