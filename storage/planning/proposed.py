"""The table of proposals: what somebody means to change about what people see, until they confirm it."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment


class Proposal(SQLModel, table=True):
    """One change, after those with smaller numbers."""

    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id")
    about: int = big_number(primary_key=True)  # id of an occasion or an action
    number: int = Field(primary_key=True)  # from 1 on
    what: str  # the name of the effect
    change: str = Field(sa_type=Text)  # the effect, as JSON
    came: str = Field(sa_type=Text)  # what would come of it, as JSON
    at: datetime = moment(index=True)
