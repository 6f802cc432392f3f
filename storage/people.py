"""People: found by their Telegram id, changed by what they choose, consent to and refuse."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update
from sqlmodel import col

from flows.person import (
    BeReachable,
    ConfirmAge,
    GiveConsent,
    Join,
    Languages,
    Myself,
    OwnLanguage,
    Place,
    Places,
    Purpose,
    RefuseConsent,
    SpeakLanguage,
    StopPushes,
)
from storage.outbox import cancel
from storage.pushes import replan_own
from storage.registry import applies, loads
from storage.sql import among, many
from storage.tables import Citizen, Consent, Contact, table
from storage.unit import WHOSE, Book, Person, Shared, Unit

_COLUMNS: Final = (
    "language", "language_chosen", "territory", "group_slug", "adult_at", "arrived_at", "stopped_at",
    "created_at", "seen_at",
)  # fmt: skip
_FIELDS: Final = tuple("group" if name == "group_slug" else name for name in _COLUMNS)
_values: Final = attrgetter(*_FIELDS)


_KNOWN: Final = (
    select(col(Contact.id).label("contact"), col(Contact.telegram), col(Contact.reach), *table(Citizen).c)
    .join(table(Citizen), col(Citizen.id) == col(Contact.citizen_id))
    .where(col(Contact.bot) == bindparam("bot"))
    .order_by(col(Contact.telegram))
)
_FIND: Final = _KNOWN.where(among(col(Contact.telegram), "telegrams")).with_for_update()
_FIND_FREE: Final = _KNOWN.where(among(col(Citizen.id), "citizens")).with_for_update(skip_locked=True)


def find(connection: Connection, bot: int, telegrams: Iterable[int]) -> dict[int, Person]:
    """The people behind those Telegram ids, locked until the transaction ends; strangers are not in it."""
    rows = connection.execute(_FIND, {"bot": bot, "telegrams": sorted(telegrams)}).mappings()
    return {row["telegram"]: _person(row) for row in rows}


def _person(row: Mapping[Any, Any]) -> Person:
    values = {field: row[name] for field, name in zip(_FIELDS, _COLUMNS, strict=True)}
    return Person(
        citizen=row["id"],
        contact=row["contact"],
        telegram=row["telegram"],
        reach=row["reach"],
        **values,
    )


def find_free(connection: Connection, bot: int, citizens: Iterable[int]) -> dict[int, Person]:
    """Those of these citizens, by their id, whom nobody else is busy with, locked likewise."""
    rows = connection.execute(_FIND_FREE, {"bot": bot, "citizens": list(citizens)}).mappings()
    return {row["id"]: _person(row) for row in rows}


_ORPHANS: Final = select(col(Contact.telegram), col(Contact.id)).where(
    col(Contact.bot) == bindparam("bot"),
    among(col(Contact.telegram), "telegrams"),
    col(Contact.citizen_id).is_(None),
)


def orphans(connection: Connection, bot: int, telegrams: Iterable[int]) -> dict[int, int]:
    """Contacts, by Telegram id, whose citizen was erased, who came back before the last word to them."""
    rows = connection.execute(_ORPHANS, {"bot": bot, "telegrams": sorted(telegrams)})
    return {row.telegram: row.id for row in rows}


def write(connection: Connection, book: Book, bot: int, people: Mapping[int, tuple[Person, Person]]) -> None:
    """Write those people who are new or have changed.

    people  by Telegram id: as they were found, and as they are now
    """
    changed, ways = [], []
    for before, after in people.values():
        citizen = None if after.erased else after.citizen
        if not after.known and not after.erased:
            book.add(Citizen, id=after.citizen, **_row(after))
        elif not after.erased and _values(before) != _values(after):
            changed.append({"key": after.citizen, **_row(after)})
        if not after.way_known:
            way = {"id": after.contact, "bot": bot, "telegram": after.telegram}
            book.add(Contact, **way, citizen_id=citizen, reach=after.reach)
        elif before.reach != after.reach or after.known is not (citizen is not None):
            ways.append({"key": after.contact, "reach": after.reach, "citizen_id": citizen})
    book.flush()
    if changed:
        many(connection, _CHANGE, changed)
    if ways:
        many(connection, _CHANGE_WAY, ways)


_CHANGE: Final = update(table(Citizen)).where(col(Citizen.id) == bindparam("key"))
_CHANGE_WAY: Final = update(table(Contact)).where(col(Contact.id) == bindparam("key"))


def _row(person: Person) -> dict[str, Any]:
    return dict(zip(_COLUMNS, _values(person), strict=True))


_CONSENTS: Final = Shared(
    table(Consent),
    select(col(Consent.citizen_id), col(Consent.purpose)).where(
        among(col(Consent.citizen_id), WHOSE), col(Consent.withdrawn_at).is_(None)
    ),
    key=lambda _context, citizen: citizen,
)


def consents(unit: Unit) -> tuple[Purpose, ...]:
    """What the person has agreed to and not withdrawn."""
    given = {row.purpose for row in unit.own(_CONSENTS)}
    return tuple(purpose for purpose in Purpose if purpose in given)


@loads(Myself)
def myself(unit: Unit) -> Myself:
    """The person as they are now."""
    person = unit.person
    return Myself(
        language=person.language,
        language_chosen=person.language_chosen,
        territory=person.territory,
        group=person.group,
        arrived=person.arrived_at is not None,
        consents=consents(unit) if person.known else (),
        stopped=person.stopped_at is not None,
    )


@loads(Languages)
def languages(unit: Unit, territory: str) -> Languages:
    """Every language of the catalogues, those of the territory first."""
    place = unit.context.territories.get(territory or unit.person.territory or "")
    local = [code for code in place.languages if code in unit.context.own_names] if place else []
    codes = dict.fromkeys([*local, *unit.context.own_names])
    return Languages({code: unit.context.own_names[code] for code in codes})


@loads(OwnLanguage)
def own_language(unit: Unit) -> OwnLanguage:
    """What the person reads."""
    language = unit.person.language
    return OwnLanguage(unit.context.own_names.get(language, language))


@loads(Places)
def places(unit: Unit) -> Places:
    """Every territory of this installation."""
    return Places({slug: territory.names for slug, territory in unit.context.territories.items()})


@loads(Place)
def place(unit: Unit, slug: str) -> Place:
    """One territory, or none."""
    territory = unit.context.territories.get(slug)
    if territory is None:
        return Place(None, {}, 0, {})
    return Place(slug, territory.names, territory.adult_from, {g.slug: g.names for g in territory.groups})


@applies(SpeakLanguage)
def speak_language(unit: Unit, effect: SpeakLanguage) -> None:
    """Keep the choice."""
    unit.person.language = effect.language
    unit.person.language_chosen = True


@applies(Join)
def join(unit: Unit, effect: Join) -> None:
    """Move the person; what they said stays where it was said."""
    unit.person.territory = effect.territory
    unit.person.group = effect.group
    replan_own(unit)


@applies(ConfirmAge)
def confirm_age(unit: Unit, _effect: ConfirmAge) -> None:
    """Keep the yes and its moment."""
    unit.person.adult_at = unit.at


@applies(GiveConsent)
def give_consent(unit: Unit, effect: GiveConsent) -> None:
    """Record the consent with the text it was given to."""
    _withdraw(unit, effect.purpose, unit.at)
    text = unit.context.wording(unit.person.language, effect.text)
    unit.add(
        Consent,
        id=unit.new_id(),
        citizen_id=unit.person.citizen,
        purpose=effect.purpose,
        text_key=effect.text,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        language=unit.person.language,
        update_id=unit.origin.update_id,
        given_at=unit.at,
        withdrawn_at=None,
    )
    if effect.purpose is Purpose.STATEMENTS and unit.person.adult_at is not None:
        unit.person.arrived_at = unit.at
    if effect.purpose is Purpose.REMINDERS:
        unit.person.stopped_at = None
        replan_own(unit)


@applies(RefuseConsent)
def refuse_consent(unit: Unit, effect: RefuseConsent) -> None:
    """End a consent given earlier, if there was one."""
    _withdraw(unit, effect.purpose, unit.at)
    if effect.purpose is Purpose.REMINDERS:
        replan_own(unit)


@applies(StopPushes)
def stop_pushes(unit: Unit, _effect: StopPushes) -> None:
    """Push nothing any more; the consent to reminders ends with it."""
    unit.person.stopped_at = unit.at
    _withdraw(unit, Purpose.REMINDERS, unit.at)
    replan_own(unit)


@applies(BeReachable)
def be_reachable(unit: Unit, effect: BeReachable) -> None:
    """Note a block, or its end; what waited for a person who blocks is not said any more."""
    unit.person.reach = "open" if effect.reachable else "blocked"
    if not effect.reachable:
        cancel(unit.connection, unit.person.contact, "blocked", unit.now)


_WITHDRAW: Final = (
    update(table(Consent))
    .where(
        col(Consent.citizen_id) == bindparam("citizen"),
        col(Consent.purpose) == bindparam("of"),
        col(Consent.withdrawn_at).is_(None),
    )
    .values(withdrawn_at=bindparam("at"))
)


def _withdraw(unit: Unit, purpose: Purpose, at: datetime) -> None:
    if purpose in consents(unit):
        unit.change(_WITHDRAW, {"citizen": unit.person.citizen, "of": purpose, "at": at})
