"""What a command wants written while a bot holds the SQLite file: an order beside it, for the bot to take.

A second program must not write to the file. So the command leaves its order, and waits until the bot has
carried it out. With PostgreSQL, or while no bot runs, commands write by themselves; but that a file was
exported is always noted by an order, which nobody waits for and the next start takes.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from bot.logs import log
from bot.refusal import Refused
from config.settings import Settings
from flows.codec import decode, encode
from flows.people.roles import Role, Scope
from flows.planning.imports import Meeting
from storage.database import Database
from storage.errors import AlreadyRunning, Unavailable
from storage.people.roles import invite_from_console
from storage.planning.exporting import export_from_console
from storage.planning.imports import import_meetings
from storage.sqlite import file_of

PATIENCE: Final = 15.0  # seconds a command waits for the bot
OFTEN: Final = 0.1  # seconds between two looks whether it has been
REFUSED: Final = ".refused"  # what the name of an order ends with that the bot cannot read
FAILED: Final = ".failed"  # and of one that it read and could not carry out


@dataclass(frozen=True, slots=True)
class InvitationOrder:
    """Make an invitation; the token itself is the command's alone."""

    token_hash: str
    role: Role
    where: Scope

    @property
    def name(self) -> str:
        """Names the order."""
        return self.token_hash

    def carry_out(self, connection: Connection, now: datetime) -> None:
        """Write it; an order that is carried out again changes nothing."""
        invite_from_console(connection, self.token_hash, self.role, self.where, now)


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """Put meetings of a file among what is planned in a territory."""

    territory: str
    meetings: tuple[Meeting, ...]

    @property
    def name(self) -> str:
        """Names the order."""
        return sha256(json.dumps(encode(self)).encode()).hexdigest()

    def carry_out(self, connection: Connection, now: datetime) -> None:
        """Write those that are new, all or none."""
        import_meetings(connection, self.territory, self.meetings, now)


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """Record that a file was written."""

    about: str  # the name of the sheet
    where: Scope
    at: datetime  # aware UTC

    @property
    def name(self) -> str:
        """Names the order."""
        return sha256(json.dumps(encode(self)).encode()).hexdigest()

    def carry_out(self, connection: Connection, now: datetime) -> None:
        """Write it, as of the moment of the command."""
        export_from_console(connection, self.about, self.where, self.at)


Order = InvitationOrder | ImportOrder | ExportOrder

KINDS: Final[dict[str, type[Order]]] = {
    "invitation": InvitationOrder,
    "import": ImportOrder,
    "export": ExportOrder,
}
"""What an order can be, by the name that stands in its file."""


class Errands:
    """Orders beside one SQLite file."""

    def __init__(self, database: Path) -> None:
        self._database = database

    async def leave(self, order: Order) -> None:
        """Leave an order for the bot that runs. Raises Refused where it does not take it."""
        file = self.lay(order)
        for _ in range(int(PATIENCE / OFTEN)):
            await asyncio.sleep(OFTEN)
            if not file.exists():
                self._must_be_carried_out(file)
                return
        file.unlink(missing_ok=True)
        raise Refused(
            f"the bot that works with {self._database} took no order within {PATIENCE:.0f} s; "
            "look at its log, or stop it and try again"
        )

    def lay(self, order: Order) -> Path:
        """Put an order where the bot takes it, even if it starts later; its file is gone then."""
        file = self._database.with_name(f"{self._database.name}.{order.name[:16]}.order")
        new = file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            kind = next(name for name, kind in KINDS.items() if isinstance(order, kind))
            json.dump({kind: encode(order)}, stream)
        new.replace(file)
        return file

    def _must_be_carried_out(self, file: Path) -> None:
        refused = file.with_suffix(REFUSED)
        if refused.exists():
            refused.unlink()
            raise Refused(
                f"the bot that works with {self._database} cannot read orders of this command; "
                "run it as the same user, and from the same release"
            )
        failed = file.with_suffix(FAILED)
        if failed.exists():
            failed.unlink()
            raise Refused(
                f"the bot that works with {self._database} could not carry this out; its log names the error"
            )

    async def run(self, database: Database, now: datetime) -> None:
        """Carry out the orders that lie there; whoever waits for one that cannot be, is told.

        Raises what the database raises when it is in trouble; the orders still lie there then.
        """
        for file, order in list(self._orders()):
            if order is None:
                file.replace(file.with_suffix(REFUSED))
                continue
            try:
                await database.write(partial(order.carry_out, now=now))
            except Unavailable:
                raise
            except Exception as error:
                log.error("an order cannot be carried out", exc_info=error)
                file.replace(file.with_suffix(FAILED))
            else:
                file.unlink(missing_ok=True)

    def _orders(self) -> Iterator[tuple[Path, Order | None]]:
        for file in sorted(self._database.parent.glob(f"{self._database.name}.*.order")):
            try:
                ((kind, order),) = json.loads(file.read_text(encoding="utf-8")).items()
                yield file, decode(KINDS[kind], order)
            except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
                log.warning("an order cannot be read", error=type(error).__name__)
                yield file, None


def errands_of(settings: Settings) -> Errands | None:
    """Where orders lie; None where commands write by themselves."""
    if make_url(settings.database_url).get_backend_name() != "sqlite":
        return None
    return Errands(file_of(settings.database_url))


async def note(database: Database, settings: Settings, order: Order, now: datetime) -> None:
    """Have an order carried out sooner or later: where a bot holds the database, or may, when it looks.

    Raises Refused or StorageError where the order can stand nowhere.
    """
    errands = errands_of(settings)
    if errands is None:
        await database.write(partial(order.carry_out, now=now))
        return
    try:
        errands.lay(order)
    except OSError as error:
        raise Refused(f"what is done cannot be noted beside the database: {error.strerror}") from error


async def carry_out(database: Database, settings: Settings, order: Order, now: datetime) -> None:
    """Carry out an order of a command, or have the bot do it that holds the database.

    Raises Refused or StorageError where neither works.
    """
    errands = errands_of(settings)
    if errands is None:
        await database.prepare()
        await database.write(partial(order.carry_out, now=now))
        return
    try:
        async with database.hold():
            await database.prepare()
            await database.write(partial(order.carry_out, now=now))
    except AlreadyRunning:
        await errands.leave(order)
