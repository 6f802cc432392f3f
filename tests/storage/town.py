"""People who act in a database through the real appliers and loaders, one transaction each time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select, update
from sqlmodel import SQLModel, col

from config.cadences import our_cadences
from config.cities import city_zones
from config.codes import our_reasons, our_themes
from config.components import our_classification
from config.date_words import date_words
from config.impact import our_meeting_scales, our_scales
from config.occasion_kinds import our_occasion_kinds
from flows.links import token_hash
from flows.moves import Effect, Look
from flows.people import roles
from flows.people.invitation import TakeRole
from flows.people.person import ConfirmAge, GiveConsent, Join, Purpose, SpeakLanguage
from flows.times.leads import LeadWords
from flows.words.statements import Question, Receipt, RecordStatement, Words
from storage.context import Context, Keyring
from storage.database import Database
from storage.instance import Role
from storage.messages import claiming, inbox, outbox
from storage.messages.inbox import Arrived
from storage.messages.outbox import Claimed, Lane, Message
from storage.people import people
from storage.people.roles import invite_from_console
from storage.registry import carry_out
from storage.tables import Appointment, Invitation, table
from storage.unit import Book, Crowd, Origin, Person, Unit
from tests.flows.places import OWN_NAMES, TERRITORIES

BOT: Final = 7
NOON: Final = datetime(2025, 3, 10, 12, tzinfo=UTC)
RUN: Final = 5
"""The number of the run that speaks."""

KEYS: Final = Keyring(b"a key for tests")

CONTEXT: Final = Context(
    keys=KEYS,
    territories=TERRITORIES,
    own_names=OWN_NAMES,
    conjunctions={"en": ("and",), "fr": ("et",)},
    lead_words=lambda language: LeadWords({"days": "1d", "hours": "1h"}, silent=("and",)),
    date_words=date_words,
    city_zones=city_zones,
    wording=lambda language, key: f"{key} in {language}",
    cadences=our_cadences(),
    components=our_classification(),
    scales=our_scales(),
    meeting_scales=our_meeting_scales(),
    occasion_kinds=our_occasion_kinds(),
    reasons=our_reasons(),
    themes=our_themes(),
    address="https://t.me/town_bot",
    public_url="https://town.example",
)


def words(text: str, *, message: int = 1) -> Words:
    """What a person wrote, recognised as English."""
    return Words(text, message, "en", 0.97)


def record(text: str, *, message: int = 1, question: Question = Question.WELL_BEING) -> RecordStatement:
    """The effect of writing a statement."""
    return RecordStatement(question, words(text, message=message), ())


class Town:
    """A database, its clock, and whoever acts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON
        self.updates = 1000

    def later(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)

    async def acts(self, telegram: int, *moves: Look | Effect[Any]) -> list[Any]:
        """What comes of the moves of one update of that person."""
        self.updates += 1
        update = self.updates

        def work(connection: Connection) -> list[Any]:
            inbox.take(connection, BOT, [Arrived(update, 0)], self.now)
            unit = self.unit(connection, telegram, update)
            before = replace(unit.person)
            results = [carry_out(unit, move) for move in moves]
            people.write(connection, unit.book, BOT, {telegram: (before, unit.person)})
            return results

        return await self.database.write(work)

    def unit(self, connection: Connection, telegram: int, update: int = 0) -> Unit:
        """What an applier or loader works with when that person acts."""
        person, origin = self._person(connection, telegram, update), Origin(BOT, update, 0)
        return Unit(connection, Book(connection), CONTEXT, person, origin, self.now, self.now)

    def units(self, connection: Connection, telegrams: Sequence[int]) -> list[Unit]:
        """The same for people whose updates share a transaction."""
        found, book, units = people.find(connection, BOT, telegrams), Book(connection), []
        crowd = Crowd([person.citizen for person in found.values()])
        for telegram in telegrams:
            self.updates += 1
            origin = Origin(BOT, self.updates, 0)
            units.append(Unit(connection, book, CONTEXT, found[telegram], origin, self.now, self.now, crowd))
        return units

    def _person(self, connection: Connection, telegram: int, update: int) -> Person:
        found = people.find(connection, BOT, [telegram])
        if telegram in found:
            return found[telegram]
        way = people.orphans(connection, BOT, [telegram]).get(telegram)
        return Person(
            citizen=KEYS.row_id(0, telegram, update),
            contact=way or KEYS.row_id(1, telegram, update),
            telegram=telegram,
            language="en",
            created_at=self.now,
            seen_at=self.now,
            known=False,
            way_known=way is not None,
        )

    async def look(self, telegram: int, what: type[Any], *about: Any) -> Any:
        """What a person's conversation would see now."""
        return (await self.acts(telegram, Look(what, about)))[0]

    async def comes(self, telegram: int) -> Person:
        """A person who has chosen a language and no more."""
        await self.acts(telegram, SpeakLanguage("en"))
        return await self.person(telegram)

    async def arrives(
        self, telegram: int, *, territory: str = "riverside", group: str | None = "youth"
    ) -> Person:
        """A person who takes part, with every consent."""
        await self.comes(telegram)
        consents = [GiveConsent(purpose, f"consent.{purpose}") for purpose in Purpose]
        await self.acts(telegram, Join(territory, group), ConfirmAge(), *consents)
        return await self.person(telegram)

    async def invites(self, token: str, role: roles.Role, where: roles.Scope) -> int:
        """An invitation that somebody with access to the server made; returns its id."""
        hashed = token_hash(token)
        await self.do(invite_from_console, hashed, role, where, self.now)
        (made,) = [row for row in await self.rows(Invitation) if row.token_hash == hashed]
        return int(made.id)

    async def appoints(
        self, telegram: int, role: roles.Role, where: roles.Scope, *, name: str = "Somebody"
    ) -> int:
        """A person who has arrived takes a role; returns its id."""
        id = await self.invites(f"{name} {telegram} {role} {where}", role, where)
        await self.acts(telegram, TakeRole(id, name))
        return id

    async def dismisses(self, telegram: int) -> None:
        """All roles of a person end."""
        own = col(Appointment.citizen_id) == (await self.person(telegram)).citizen
        ends = update(table(Appointment)).where(own, col(Appointment.until).is_(None)).values(until=self.now)
        await self.do(lambda connection: connection.execute(ends))

    async def person(self, telegram: int) -> Person:
        """The person as the database has them."""
        found = await self.database.read(lambda connection: people.find(connection, BOT, [telegram]))
        return found[telegram]

    async def says(self, telegram: int, text: str, *, message: int = 1) -> Receipt:
        """One statement of a person to the first question."""
        receipt: Receipt = (await self.acts(telegram, record(text, message=message)))[0]
        return receipt

    async def rows(self, model: type[SQLModel]) -> Sequence[Any]:
        """Every row of a table, by its primary key."""
        target = table(model)
        query = select(target).order_by(*target.primary_key.columns)
        return await self.database.read(lambda connection: connection.execute(query).all())

    async def row(self, model: type[SQLModel]) -> Any:
        """The one row of a table."""
        (row,) = await self.rows(model)
        return row

    async def do(self, work: Any, *arguments: Any, **named: Any) -> Any:
        """Call a function of storage with a connection, in a transaction."""
        return await self.database.write(lambda connection: work(connection, *arguments, **named))

    async def puts(self, person: Person, *keys: str, worker: int | None = None, **options: Any) -> None:
        """Messages to a person in the outbox; `worker` already has them where it is given."""
        messages = [
            Message(key, person.contact, person.telegram, {"text": f"the words of {key}"}, **options)
            for key in keys
        ]
        await self.posts(*messages, worker=worker)

    async def posts(self, *messages: Message, worker: int | None = None) -> None:
        """Messages in the outbox."""

        def work(connection: Connection) -> None:
            book = Book(connection)
            for message in messages:
                outbox.put(book, message, now=self.now, worker=worker)
            book.flush()

        await self.database.write(work)

    async def claims(self, *, limit: int = 10, worker: int = RUN, role: Role = Role.ALL) -> list[str]:
        """The keys of the messages that may be sent now."""
        return [message.key for message in await self.claimed(limit=limit, worker=worker, role=role)]

    async def claimed(self, *, limit: int = 10, worker: int = RUN, role: Role = Role.ALL) -> list[Claimed]:
        """The messages that may be sent now."""
        found: list[Claimed] = await self.do(
            claiming.claim, limit=limit, now=self.now, worker=worker, role=role
        )
        return found

    async def reminds(self, person: Person, key: str) -> None:
        """A reminder to a person in the outbox."""
        await self.puts(person, key, lane=Lane.REMINDER)
