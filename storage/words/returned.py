"""The tables of what becomes of words: what they are about, how they may be shown, where they lead.

All of it goes with the words themselves, whoever deletes them.
"""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment
from storage.types import Serial


class Classification(SQLModel, table=True):
    """What one person thinks a statement is about. Opinions are kept beside each other, whichever stands."""

    __table_args__ = (UniqueConstraint("statement_id", "wording", "opinion"),)

    id: int = big_number(primary_key=True)
    statement_id: int = big_number(foreign_key="statement.id", ondelete="CASCADE")
    wording: int  # version of the statement that was read
    opinion: str  # first, second, or settled by talk
    code: str  # a component, or a dimension as a whole
    version: str  # of the determination key
    classifier: str  # a pseudonym, as in the audit
    at: datetime = moment()


class Review(SQLModel, table=True):
    """A look at a statement before others see it. The last one of its present wording stands."""

    id: int = big_number(primary_key=True)
    statement_id: int = big_number(foreign_key="statement.id", ondelete="CASCADE", index=True)
    wording: int
    verdict: str  # fit, masked, held
    reason: str | None = None  # code of why it is held back
    reviewer: str  # a pseudonym, as in the audit
    at: datetime = moment()
    told_at: datetime | None = moment(default=None)  # when the author was told that it is held back


class Masked(SQLModel, table=True):
    """The words of a statement as they may be shown, where that is not as they came."""

    statement_id: int = big_number(primary_key=True, foreign_key="statement.id", ondelete="CASCADE")
    text: str = Field(sa_type=Text)


class ActionLink(SQLModel, table=True):
    """A statement or an offer that leads to a pilot action."""

    __tablename__ = "action_link"
    __table_args__ = (
        UniqueConstraint("statement_id", "action_id"),
        UniqueConstraint("gift_id", "action_id"),
    )

    id: int = big_number(primary_key=True)
    action_id: int = big_number(foreign_key="action.id", index=True)
    statement_id: int | None = big_number(default=None, foreign_key="statement.id", ondelete="CASCADE")
    gift_id: int | None = big_number(default=None, foreign_key="gift.id", ondelete="CASCADE")
    linker: str  # a pseudonym, as in the audit
    at: datetime = moment()


class CourseStep(SQLModel, table=True):
    """A statement, a feedback or an offer got further, or back."""

    __tablename__ = "course_step"

    id: int | None = Field(default=None, sa_column=Column(Serial, primary_key=True))
    statement_id: int | None = big_number(
        default=None, foreign_key="statement.id", ondelete="CASCADE", index=True
    )
    feedback_id: int | None = big_number(
        default=None, foreign_key="feedback.id", ondelete="CASCADE", index=True
    )
    gift_id: int | None = big_number(default=None, foreign_key="gift.id", ondelete="CASCADE", index=True)
    was: str
    course: str
    why: str
    action_id: int | None = big_number(default=None, foreign_key="action.id")  # to which it was linked
    mover: str  # a pseudonym, as in the audit
    at: datetime = moment()
    told_at: datetime | None = moment(default=None)  # when the author was told, or need not be any more
