"""The table of media: pictures and files that are sent more than once."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables import big_number, moment


class Media(SQLModel, table=True):
    """One picture or file, while it is in use."""

    id: int = big_number(primary_key=True)  # made of what it is: the same one is here once
    kind: str
    name: str
    mime: str
    alt: str
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary))  # None: Telegram has it
    bot: int | None = big_number(default=None)  # the one bot that can send it by `file_id`
    file_id: str | None = None  # Telegram's name for it; None: not uploaded yet
    made_at: datetime = moment()
    used_at: datetime = moment()  # when it was kept or sent last, to the day
