"""The tables of what people come to: occasions with their words and posts, and the answers to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from flows.occasions.occasions import MOST_PARTY
from storage.tables import big_number, moment


class Occasion(SQLModel, table=True):
    """A meeting, or one date of an activity. Its time on the wall is what holds; the moments follow."""

    __table_args__ = (Index("ix_occasion_coming", "state", "ends_at"),)

    id: int = big_number(primary_key=True)
    sort: str
    kind: str
    state: str
    territory: str | None = Field(default=None, index=True)  # slug; None: the whole network
    group: str | None = Field(default=None, sa_column=Column("group_slug", Text))
    role: str | None = None  # only for those who have it there
    theme: str | None = None  # only for those who follow it
    starts: str  # by the clocks of the zone: 2027-03-12T18:30
    ends: str
    zone: str  # IANA name
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    link: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    most_party: int = MOST_PARTY
    series: int | None = big_number(default=None, index=True)  # its first occasion
    rule: str | None = None  # of the series (RFC 5545), kept with its first occasion
    action: int | None = big_number(default=None, index=True)  # the pilot action it belongs to
    sequence: int = 0
    planner: str  # a pseudonym, as in the audit
    created_at: datetime = moment()
    changed_at: datetime = moment()
    full_at: datetime | None = moment(default=None)  # when its planners were told that it is full
    weighed_at: datetime | None = moment(default=None)  # when it was looked at whether few have answered


def is_deadline(occasion: Any) -> Any:
    """Whether an occasion is a deadline, as `When` has it: of a row, or in SQL of the table's columns.

    By the clocks on the wall: what lies wholly in an hour that they leave out begins and ends at one moment,
    and people come to it.
    """
    return occasion.starts == occasion.ends


class OccasionText(SQLModel, table=True):
    """The words of an occasion in one language; those of a series stand with its first occasion.

    None is what its first one says, and "" is nothing, whatever that says.
    """

    __tablename__ = "occasion_text"

    occasion_id: int = big_number(primary_key=True, foreign_key="occasion.id")
    language: str = Field(primary_key=True)  # BCP 47
    title: str | None = Field(default=None, sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    agenda: str | None = Field(default=None, sa_type=Text)
    place: str | None = Field(default=None, sa_type=Text)
    host: str | None = Field(default=None, sa_type=Text)
    resources: str | None = Field(default=None, sa_type=Text)
    minutes: str | None = Field(default=None, sa_type=Text)  # of this occasion alone, in a series too


class Post(SQLModel, table=True):
    """What one can be at an occasion. Locked with its occasion: whoever counts seats locks that first."""

    id: int = big_number(primary_key=True)
    occasion_id: int = big_number(foreign_key="occasion.id", index=True)
    number: int  # order, from 1 on; the same number is the same post in all dates of a series
    seats: int | None = None  # None: any number
    minutes: int | None = None  # of work


class PostText(SQLModel, table=True):
    """The name of a post in one language; in a series that of its first occasion's post. "": none there."""

    __tablename__ = "post_text"

    post_id: int = big_number(primary_key=True, foreign_key="post.id")
    language: str = Field(primary_key=True)
    name: str = Field(sa_type=Text)


class Answer(SQLModel, table=True):
    """What one person says to one occasion, and what they have of its seats."""

    __table_args__ = (
        Index("ix_answer_citizen", "citizen_id", "occasion_id"),
        Index("ix_answer_post", "post_id", "standing", "place"),
        Index(
            "ix_answer_offered",
            "offered_until",
            sqlite_where=text("offered_until IS NOT NULL"),
            postgresql_where=text("offered_until IS NOT NULL"),
        ),
    )

    occasion_id: int = big_number(primary_key=True, foreign_key="occasion.id")
    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id")
    post_id: int = big_number(foreign_key="post.id")
    says: str
    standing: str
    party: int
    place: int | None = None  # in line, smaller first
    offered_until: datetime | None = moment(default=None)
    barriers: str = ""  # codes, with spaces between
    barrier: str | None = Field(default=None, sa_type=Text)  # in their words
    needs: str = ""
    interpretation: str | None = None  # BCP 47, or a name in their words
    guests: str | None = Field(default=None, sa_type=Text)  # names of those who come with them
    answered_at: datetime = moment()
    checked_in_at: datetime | None = moment(default=None)
    was_there: bool | None = None  # by their own word
    minutes: int | None = None  # of work they say they have done
    tally: int | None = None  # the number of the one in which they are counted
    stand_in_since: datetime | None = moment(default=None)  # when they asked for somebody in their place


class OccasionQuestion(SQLModel, table=True):
    """Something that those are asked who come, in one language; of a series it stands with its first one."""

    __tablename__ = "occasion_question"

    occasion_id: int = big_number(primary_key=True, foreign_key="occasion.id")
    number: int = Field(primary_key=True)  # order, from 1 on
    language: str = Field(primary_key=True)  # BCP 47
    text: str = Field(sa_type=Text)


class OccasionReply(SQLModel, table=True):
    """What one of them replied to it, for the date they come to."""

    __tablename__ = "occasion_reply"

    occasion_id: int = big_number(primary_key=True, foreign_key="occasion.id")
    number: int = Field(primary_key=True)  # of the question
    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id", index=True)
    text: str = Field(sa_type=Text)
