"""The tables of activities: who was asked to stand in, and what people have given together."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment


class Standby(SQLModel, table=True):
    """Somebody who was asked to stand in at one date, or is to be asked soon."""

    post_id: int = big_number(primary_key=True, foreign_key="post.id")
    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id", index=True)
    asked_at: datetime = moment()
    refused_at: datetime | None = moment(default=None)


class Tally(SQLModel, table=True):
    """Hours that so many people gave to an activity that nothing is told of any of them.

    Kept as it was when enough of them had reported: a figure that grew with each report would tell the hours
    of whoever reported last. Each report is counted in one tally, so tallies can be added up.
    """

    activity: int = big_number(primary_key=True)  # the first occasion of the series, or the only one
    number: int = Field(primary_key=True)  # from 1 on
    times: int  # how often anybody helped
    minutes: int
    at: datetime = moment()
