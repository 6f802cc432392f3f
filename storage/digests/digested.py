"""The tables of digests: what a panel was told of each period, its pictures, what members say to ideas."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment


class Digest(SQLModel, table=True):
    """What was told of one period, as data: the same for everybody, in whatever language it is shown."""

    __table_args__ = (UniqueConstraint("territory", "period"),)

    id: int = big_number(primary_key=True)  # made of what it is about
    territory: str  # slug
    period: str  # key
    since: datetime = moment()
    until: datetime = moment()  # where the next one begins
    made_at: datetime = moment()
    told_at: datetime | None = moment(default=None)  # None: not yet
    data: str = Field(sa_type=Text)  # JSON of flows/digests/digest.py; of statements ids alone


class DigestPicture(SQLModel, table=True):
    """The picture of a digest in one language. After some weeks without a look at it, it is gone."""

    __tablename__ = "digest_picture"

    digest_id: int = big_number(primary_key=True, foreign_key="digest.id")
    language: str = Field(primary_key=True)  # BCP 47
    media_id: int = big_number()


class Advice(SQLModel, table=True):
    """What one member of a panel says should become of an idea; they may change it."""

    action_id: int = big_number(primary_key=True, foreign_key="action.id")
    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id", index=True)
    opinion: str
    at: datetime = moment()
