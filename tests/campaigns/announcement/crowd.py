"""Those whom an announcement is for, by a seed, and their rows, written before the bot begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

from flows.announcements.announcement import Stage
from flows.people.roles import Role
from storage.announcements.announced import Announcement, AnnouncementText
from storage.context import Keyring
from storage.database import open_database
from storage.people.audit import PURPOSE
from storage.pushes.pushed import Habit
from storage.tables import Appointment, Citizen, Consent, Contact, table
from tests.flows.clocks import utc
from tests.processes.bot_process import SECRET

BOT: Final = 42
FIRST: Final = 5_000_000_000
"""Telegram ids, and ours, are numbers from here on; the author's is this one itself."""

BEGINS: Final = utc("2027-02-20").timestamp() + 12 * 3600.0
"""Noon: nobody has quiet hours, whatever the place."""

ID: Final = 77
TITLE: Final = "The river path opens"
LANGUAGES: Final = ("fr", "el", "ar", "lv")
WRITTEN: Final = {"fr": TITLE, "el": f"{TITLE} (el)", "ar": f"{TITLE} (ar)"}  # and not in lv

_BEFORE: Final = utc("2027-01-15")


class Kind(StrEnum):
    """What is special about somebody."""

    REACHABLE = "reachable"
    HIDDEN = "hidden"  # has blocked the bot, which does not know yet
    BLOCKED = "blocked"
    STOPPED = "stopped"
    NO_CONSENT = "no_consent"
    OFF = "off"


KINDS: Final = (
    (Kind.HIDDEN,) * 5 + (Kind.BLOCKED,) * 5 + (Kind.STOPPED,) * 2 + (Kind.NO_CONSENT,) * 2 + (Kind.OFF,) * 2
)
"""Of a hundred people; all others can be reached and want to be."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person."""

    telegram: int
    kind: Kind
    language: str


def crowd(people: int, seed: int) -> tuple[Somebody, ...]:
    """So many people, the same for the same seed."""
    random = Random(f"{seed}/crowd")
    kinds = [*KINDS, *(Kind.REACHABLE,) * (100 - len(KINDS))]
    dealt = [kinds[number % 100] for number in range(people)]
    random.shuffle(dealt)
    return tuple(
        Somebody(FIRST + number, kind, random.choice(LANGUAGES)) for number, kind in enumerate(dealt, start=1)
    )


async def prepare(url: str, people: Sequence[Somebody], *, unguarded: bool) -> None:
    """Make the schema; everybody has arrived, and the announcement is confirmed and due.

    unguarded  the ledger has no unique key, as a seeded bug wants it
    """
    database = open_database(url)
    await database.upgrade()
    if unguarded:
        await database.write(_drop_key)
    await database.write(lambda connection: _fill(connection, people))
    await database.close()


def _drop_key(connection: Connection) -> None:
    """SQLite makes a table anew to change its keys."""
    made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'recipient'").scalar_one()
    unique = "UNIQUE (announcement_id, citizen_id)"
    assert unique in made
    without = made.replace(f"{unique}", "CHECK (id > 0)")
    connection.exec_driver_sql("DROP TABLE recipient")
    connection.exec_driver_sql(without)


def _fill(connection: Connection, people: Sequence[Somebody]) -> None:
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
    author = Somebody(FIRST, Kind.REACHABLE, "fr")
    for model, row in (
        *_person(author),
        _role(),
        *_announcement(),
        *(r for one in people for r in _person(one)),
    ):
        rows.setdefault(model, []).append(row)
    for model, many in rows.items():
        connection.execute(insert(table(model)), many)


def _person(one: Somebody) -> Iterator[tuple[type[SQLModel], dict[str, Any]]]:
    id, now = one.telegram, _BEFORE
    yield Citizen, {
        "id": id, "language": one.language, "language_chosen": True, "territory": "kavala",
        "group_slug": None, "adult_at": now, "arrived_at": now, "created_at": now, "seen_at": now,
        "stopped_at": now if one.kind is Kind.STOPPED else None,
    }  # fmt: skip
    reach = "blocked" if one.kind is Kind.BLOCKED else "open"
    yield Contact, {"id": id, "bot": BOT, "telegram": id, "citizen_id": id, "reach": reach}
    if one.kind is not Kind.NO_CONSENT:
        yield Consent, {
            "id": id, "citizen_id": id, "purpose": "news", "text_key": "", "text_hash": "",
            "language": one.language, "update_id": id, "given_at": now, "withdrawn_at": None,
        }  # fmt: skip
    if one.kind is Kind.OFF:
        yield Habit, {"citizen_id": id, "topics_off": "action announcement"}


def _role() -> tuple[type[SQLModel], dict[str, Any]]:
    return Appointment, {
        "id": FIRST, "citizen_id": FIRST, "role": Role.NETWORK, "territory": None, "group_slug": None,
        "name": "Author", "granted_by": "console", "since": _BEFORE, "until": None,
    }  # fmt: skip


def _announcement() -> Iterator[tuple[type[SQLModel], dict[str, Any]]]:
    planner = Keyring(SECRET.encode()).pseudonym(PURPOSE, FIRST)
    yield Announcement, {
        "id": ID, "territory": "kavala", "group_slug": None, "planner": planner, "stage": Stage.WAITING,
        "aims": "[]", "asks_interest": True, "zone": "Europe/Athens", "lead": "", "begins_at": _BEFORE,
        "confirmed_at": _BEFORE, "confirmed_twice": True, "found": 0, "created_at": _BEFORE,
        "changed_at": _BEFORE,
    }  # fmt: skip
    for language, text in WRITTEN.items():
        yield AnnouncementText, {"announcement_id": ID, "language": language, "text": text}
