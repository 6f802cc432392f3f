"""The places, the people and what is planned, written before the bot begins; and a coordinator's hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert, select
from sqlmodel import SQLModel, col

from config.territories import load_territories
from flows.moves import Effect
from flows.people.person import Purpose
from flows.people.roles import Role, Scope
from flows.planning.planning import Cancel, CountSeats, Move
from storage.context import Keyring
from storage.database import open_database
from storage.occasions.planned import Occasion as OccasionRow
from storage.occasions.planned import OccasionText, Post
from storage.people import people
from storage.pushes.pushed import Habit
from storage.registry import carry_out
from storage.tables import Appointment, Citizen, Consent, Contact, table
from storage.unit import Book, Origin, Unit
from tests.campaigns.season.oracle import moment
from tests.campaigns.season.plan import ZONES, Change, Occasion, Plan
from tests.campaigns.season.plan import Citizen as Planned
from tests.flows.clocks import utc
from tests.processes.bot_process import SECRET
from tests.storage.town import CONTEXT

BOT: Final = 42
FIRST: Final = 5_000_000_000
"""Telegram ids, and ours, are numbers from here on; the coordinator's is this one itself."""

_START: Final = utc("2027-01-15")
_WALL: Final = "%Y-%m-%dT%H:%M"
_PLACE: Final = """
slug = "{slug}"
country = "FR"
languages = ["en"]
zone = "{zone}"
adult_from = 16
names = {{ en = "Place {number}" }}
"""


def slug(place: int) -> str:
    """The name of a place in links and settings."""
    return f"place-{place}"


def title(occasion: int) -> str:
    """What an occasion is called: no other text holds it."""
    return f"Gathering {occasion:04}"


def write_places(folder: Path) -> None:
    """A file for each territory."""
    folder.mkdir(parents=True)
    for number, zone in enumerate(ZONES):
        text = _PLACE.format(slug=slug(number), zone=zone, number=number)
        (folder / f"{slug(number)}.toml").write_text(text)


async def prepare(url: str, plan: Plan) -> None:
    """Make the schema; everybody has arrived, and everything is planned."""
    database = open_database(url)
    await database.upgrade()
    await database.write(lambda connection: _fill(connection, plan))
    await database.close()


def _fill(connection: Connection, plan: Plan) -> None:
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for model, row in (
        *_coordinator(),
        *(row for citizen in plan.people for row in _citizen(citizen)),
        *(row for event in plan.events for row in _occasion(event)),
    ):
        rows.setdefault(model, []).append(row)
    for model, many in rows.items():
        connection.execute(insert(table(model)), many)


def _person(id: int, place: int) -> list[tuple[type[SQLModel], dict[str, Any]]]:
    citizen = {
        "id": id, "language": "en", "language_chosen": True, "territory": slug(place), "group_slug": None,
        "adult_at": _START, "arrived_at": _START, "stopped_at": None, "created_at": _START,
        "seen_at": _START, "asked": " ".join(Purpose),
    }  # fmt: skip
    contact = {"id": id, "bot": BOT, "telegram": id, "citizen_id": id, "reach": "open"}
    return [(Citizen, citizen), (Contact, contact), _consent(2 * id, id, "statements")]


def _consent(id: int, citizen: int, purpose: str) -> tuple[type[SQLModel], dict[str, Any]]:
    return Consent, {
        "id": id, "citizen_id": citizen, "purpose": purpose, "text_key": f"consent.{purpose}",
        "text_hash": "0" * 64, "language": "en", "update_id": citizen, "given_at": _START,
        "withdrawn_at": None,
    }  # fmt: skip


def _coordinator() -> list[tuple[type[SQLModel], dict[str, Any]]]:
    appointment = {
        "id": FIRST, "citizen_id": FIRST, "role": Role.NETWORK, "territory": None, "group_slug": None,
        "name": "Coordinator", "granted_by": "console", "since": _START, "until": None,
    }  # fmt: skip
    return [*_person(FIRST, 0), (Appointment, appointment)]


def _citizen(planned: Planned) -> list[tuple[type[SQLModel], dict[str, Any]]]:
    id = FIRST + planned.number
    rows = _person(id, planned.place)
    if planned.consented:
        rows.append(_consent(2 * id + 1, id, "reminders"))
    if (planned.own_zone, planned.quiet, planned.leads, planned.off) != (None, "", None, ""):
        quiet = planned.quiet
        habit = {
            "citizen_id": id,
            "zone": planned.own_zone,
            "quiet": None if quiet == "" else f"{quiet[0]:%H:%M}-{quiet[1]:%H:%M}" if quiet else "",
            "leads": None if planned.leads is None else " ".join(planned.leads),
            "topics_off": planned.off,
            "most": None,
        }
        rows.append((Habit, habit))
    return rows


def _occasion(event: Occasion) -> list[tuple[type[SQLModel], dict[str, Any]]]:
    zone, id = ZONES[event.place], event.number
    row = {
        "id": id, "sort": event.sort, "kind": "assembly" if event.sort == "meeting" else "activity",
        "state": "planned", "territory": slug(event.place), "group_slug": None, "role": None,
        "starts": f"{event.starts:{_WALL}}", "ends": f"{event.ends:{_WALL}}", "zone": zone,
        "starts_at": _moment(event.starts, zone), "ends_at": _moment(event.ends, zone), "link": None,
        "latitude": None, "longitude": None, "most_party": event.most_party, "series": None, "rule": None,
        "action": None, "sequence": 0, "planner": "somebody", "created_at": _START, "changed_at": _START,
        "full_at": None, "weighed_at": None,
    }  # fmt: skip
    post = {"id": id, "occasion_id": id, "number": 1, "seats": event.seats, "minutes": None}
    text = {"occasion_id": id, "language": "en", "title": title(id)}
    return [(OccasionRow, row), (Post, post), (OccasionText, text)]


def _moment(wall: datetime, zone: str) -> datetime:
    return datetime.fromtimestamp(moment(wall, zone), UTC)


class Coordinator:
    """Moves, cancels and widens what is planned, by the same effects as from the chat, while no bot runs."""

    def __init__(self, url: str, places: Path) -> None:
        self._url = url
        self._context = replace(CONTEXT, keys=Keyring(SECRET.encode()), territories=load_territories(places))
        self._deeds = 0

    async def change(self, changes: Sequence[Change], now: float) -> list[str]:
        """Make these changes; returns what came of each."""
        database = open_database(self._url)
        try:
            return await database.write(
                lambda connection: [
                    self._change(connection, change, datetime.fromtimestamp(now, UTC)) for change in changes
                ]
            )
        finally:
            await database.close()

    def _change(self, connection: Connection, change: Change, now: datetime) -> str:
        self._deeds += 1
        me = people.find(connection, BOT, [FIRST])[FIRST]
        book, origin = Book(connection), Origin(BOT, 10**9 + self._deeds, 0)
        unit = Unit(connection, book, self._context, me, origin, now, now)
        came = carry_out(unit, _effect(connection, change))
        book.flush()
        return str(getattr(came, "came", came))


def _effect(connection: Connection, change: Change) -> Effect[Any]:
    found = select(table(OccasionRow)).where(col(OccasionRow.id) == change.occasion)
    row = connection.execute(found).one()
    where = Scope(row.territory)
    match change.does:
        case "move":
            by = timedelta(days=change.days, hours=change.hours)
            starts, ends = (datetime.fromisoformat(each) + by for each in (row.starts, row.ends))
            return Move(where, row.id, starts, ends)
        case "cancel":
            return Cancel(where, row.id)
        case _:
            return CountSeats(where, row.id, 1, change.seats)
