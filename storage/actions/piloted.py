"""The tables of pilot actions, of the feedback to them, and of what people can give."""

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Index, Text, UniqueConstraint, and_
from sqlmodel import Field, SQLModel, col

from flows.actions.actions import Progress
from storage.tables import big_number, moment, on_course


class Action(SQLModel, table=True):
    """One pilot action; where it stands today. How it came there is in its history."""

    id: int = big_number(primary_key=True)
    territory: str = Field(index=True)  # slug
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    status: str
    theme: str | None = None  # code, see config/themes
    planner: str  # a pseudonym, as in the audit
    created_at: datetime = moment()
    published_at: datetime | None = moment(default=None)  # None: nobody but those who plan it sees it


PUBLISHED: Final = and_(col(Action.published_at).is_not(None), col(Action.status) != Progress.WITHDRAWN)
"""Actions that are there for everybody in their place; those that were withdrawn are so no more."""


class ActionText(SQLModel, table=True):
    """One part of an action's sheet in one language."""

    __tablename__ = "action_text"

    action_id: int = big_number(primary_key=True, foreign_key="action.id")
    part: str = Field(primary_key=True)
    language: str = Field(primary_key=True)  # BCP 47
    text: str = Field(sa_type=Text)


class ActionComponent(SQLModel, table=True):
    """A component of well-being that an action touches, by the classification it was chosen from."""

    __tablename__ = "action_component"

    action_id: int = big_number(primary_key=True, foreign_key="action.id")
    code: str = Field(primary_key=True)
    version: str


class ActionChange(SQLModel, table=True):
    """What was done about an action, and when: its statuses, texts, components and waves."""

    __tablename__ = "action_change"

    id: int = big_number(primary_key=True)
    action_id: int = big_number(foreign_key="action.id", index=True)
    what: str
    about: str  # a status, a part and language, a code, the number of a wave
    planner: str  # a pseudonym, as in the audit
    at: datetime = moment()


class Follower(SQLModel, table=True):
    """Somebody who wants to hear of an action, or takes part in it."""

    action_id: int = big_number(primary_key=True, foreign_key="action.id")
    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id", index=True)
    takes_part: bool
    since: datetime = moment()


class Wave(SQLModel, table=True):
    """A time in which feedback to an action is asked for; later ones compare with what people said first."""

    action_id: int = big_number(primary_key=True, foreign_key="action.id")
    number: int = Field(primary_key=True)  # from 1 on
    scale: str  # the version that is asked with
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(default=None)


class Feedback(SQLModel, table=True):
    """What one person says an action did, in one wave. Deleted when they withdraw it."""

    __table_args__ = (UniqueConstraint("action_id", "wave", "author"),)

    id: int = big_number(primary_key=True)
    action_id: int = big_number(foreign_key="action.id")
    wave: int
    author: str = Field(index=True)  # a pseudonym for this action alone
    side: str  # participant, beneficiary, organiser, neighbour
    scale: str
    text: str = Field(default="", sa_type=Text)  # one sentence, if any
    message: int | None = big_number(default=None)  # of the author's chat, in which the sentence came
    language: str | None = None  # of the sentence, as of a statement
    language_probability: float | None = None
    language_how: str | None = None
    course: str = on_course()
    created_at: datetime = moment()
    changed_at: datetime | None = moment(default=None)


class Score(SQLModel, table=True):
    """How much an action helped or harmed in one component; what somebody could not tell has no row."""

    feedback_id: int = big_number(primary_key=True, foreign_key="feedback.id")
    component: str = Field(primary_key=True)
    value: int


class Finding(SQLModel, table=True):
    """What may be shown of a closed wave: counts and sums of many, which can be led back to nobody.

    Kept as it was when the wave was closed: somebody who takes their feedback back later cannot be found by
    how the figures change.
    """

    action_id: int = big_number(primary_key=True, foreign_key="action.id")
    wave: int = Field(primary_key=True)
    component: str = Field(primary_key=True)
    cell: str = Field(primary_key=True)  # all, one of the sides; of those who answered before: before, after
    people: int
    total: int  # of their values


class Gift(SQLModel, table=True):
    """Something a person can give: time, a tool, a room, a skill."""

    __table_args__ = (Index("ix_gift_place", "territory", "kind"),)

    id: int = big_number(primary_key=True)
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)
    territory: str
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    kind: str
    text: str = Field(sa_type=Text)
    language: str
    language_probability: float
    language_how: str
    cause: str | None = None  # what it was offered for: action, activity; None: for whatever needs it
    cause_id: int | None = big_number(default=None)
    course: str = on_course()
    given_at: datetime = moment()


class Wanted(SQLModel, table=True):
    """A kind of gift that an action or an activity needs."""

    cause: str = Field(primary_key=True)
    cause_id: int = big_number(primary_key=True)
    kind: str = Field(primary_key=True)


class Plea(SQLModel, table=True):
    """Somebody who plans something asks a giver, who sees their name; theirs is shown if they agree."""

    id: int = big_number(primary_key=True)
    gift_id: int = big_number(foreign_key="gift.id", index=True)
    citizen_id: int = big_number(foreign_key="citizen.id", index=True)  # who asks
    cause: str
    cause_id: int = big_number()
    name: str  # of who asks
    text: str = Field(sa_type=Text)  # what they write to the giver
    asked_at: datetime = moment(index=True)
    agreed: bool | None = None  # the giver; None: not answered yet
    reply: str = Field(default="", sa_type=Text)  # what the giver writes back
    answered_at: datetime | None = moment(default=None)
