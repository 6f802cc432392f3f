"""Files that a conversation hands over: what is in them, as data. The bytes are made where they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flows.moves import Arg, Key, Names, Passing, Say, Tag
from flows.occasions.occasions import Sheet, When

Cell = str | int | float | None | Key | Tag | tuple[str | Key, ...]
"""What stands in one field of a table; what a catalogue has words for, in those of whoever gets it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One occasion as calendars know it."""

    id: int
    when: When
    sheet: Sheet
    kind: Names  # what it is, where it has no title
    is_cancelled: bool
    is_sure: bool  # False: the person whose calendar it is may come, or waits for a seat
    sequence: int  # grows with each change that calendars must know of
    changed_at: datetime  # aware UTC
    link: str | None = None  # where one takes part from afar
    address: str | None = None  # where the bot tells of it
    pin: tuple[float, float] | None = None  # latitude, longitude


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """Occasions for a calendar (RFC 5545)."""

    entries: tuple[Entry, ...]  # at least one


@dataclass(frozen=True, slots=True)
class QrCode:
    """A picture that a telephone reads as `text`."""

    text: str


class Form(StrEnum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings."""

    name: str  # of the file, and of the page in it: [a-z0-9-]+
    form: Form
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heads: tuple[Arg, ...] = ()  # what stands above the columns; (): their names


@dataclass(frozen=True, slots=True)
class DataFile:
    """Data for another program (JSON)."""

    name: str  # of the file: [a-z0-9-]+
    content: Mapping[str, Any]  # a Key or a Tag in it is said in the language of whoever gets it


class Kind(StrEnum):
    """How a medium is shown."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or a file that is sent to many: its bytes lie in storage, or with Telegram."""

    id: int
    kind: Kind
    alt: str = ""  # what is in it, for who does not see it: beside a picture whose text comes after it


File = CalendarFile | QrCode | Table | Medium | DataFile


@dataclass(frozen=True, slots=True, init=False)
class Hand(Say):
    """A file with a text beside it; it comes in its place among all that is said in a turn."""

    file: File

    def __init__(self, key: str, file: File, /, **args: Arg) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "file", file)
        object.__setattr__(self, "args", args)


@dataclass(frozen=True, slots=True)
class Entries(Passing):
    """Occasions as calendars know them, soonest first; looked at with their ids."""

    entries: tuple[Entry, ...]
