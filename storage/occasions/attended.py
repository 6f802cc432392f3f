"""The tables of what stays of an occasion when it is over: what people say of it, and how many came."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment


class Evaluation(SQLModel, table=True):
    """How one person found an occasion, on a scale."""

    __table_args__ = (UniqueConstraint("occasion_id", "author"),)

    id: int = big_number(primary_key=True)
    occasion_id: int = big_number(foreign_key="occasion.id")
    author: str = Field(index=True)  # a pseudonym for this occasion alone
    scale: str  # the version that was asked with
    value: int
    at: datetime = moment()


class Remark(SQLModel, table=True):
    """What they say of it in a sentence. Deleted when they withdraw it."""

    __table_args__ = (UniqueConstraint("occasion_id", "author", "about"),)

    id: int = big_number(primary_key=True)
    occasion_id: int = big_number(foreign_key="occasion.id")
    author: str = Field(index=True)  # the same pseudonym
    about: str  # good, better
    text: str = Field(sa_type=Text)
    language: str
    language_probability: float
    language_how: str  # as of a statement
    at: datetime = moment()


class Turnout(SQLModel, table=True):
    """How many said what to an occasion that is long over, in the place of their answers."""

    occasion_id: int = big_number(primary_key=True, foreign_key="occasion.id")
    says: str = Field(primary_key=True)
    answers: int
    people: int  # with those who were to come with them
    came: int  # answers of people who were there
