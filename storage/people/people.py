"""People: found by their Telegram id, changed by what they choose, consent to and refuse."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update
from sqlmodel import col

from flows.people.person import (
    PUSHED,
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
    Unasked,
)
from storage.messages.outbox import ASKED_FOR, NO_CONSENT, PUSHES, STOPPED, cut_off, leave_unsaid
from storage.occasions.seats import wait_again
from storage.people.phones import on_phone
from storage.pushes.pushes import replan_own
from storage.registry import applies, loads
from storage.sql import among, aside, many
from storage.tables import Citizen, Consent, Contact, table
from storage.unit import WHOSE, Book, Person, Shared, Unit

_COLUMNS: Final = (
    "language", "language_chosen", "territory", "group_slug", "called", "asked", "adult_at", "arrived_at",
    "stopped_at", "created_at", "seen_at",
)  # fmt: skip
FIRST: Final = (Purpose.STATEMENTS, Purpose.REMINDERS, Purpose.QUOTES)
"""What everybody was asked for who came before it was noted what they were asked for."""

_FIELDS: Final = tuple("group" if name == "group_slug" else name for name in _COLUMNS)
_values: Final = attrgetter(*_FIELDS)


_KNOWN: Final = select(
    col(Contact.id).label("contact"), col(Contact.telegram), col(Contact.reach), *table(Citizen).c
).join(table(Citizen), col(Citizen.id) == col(Contact.citizen_id))
_HERE: Final = _KNOWN.where(aside(col(Contact.bot)) == bindparam("bot"))
_SPEAKING: Final = (among(col(Contact.telegram), "telegrams"), col(Contact.slot) == 0)
_FIND: Final = (
    _KNOWN.where(col(Contact.bot) == bindparam("bot"), *_SPEAKING)
    .order_by(col(Contact.telegram))
    .with_for_update(key_share=True)
)
_FIND_ONE: Final = _HERE.where(col(Contact.citizen_id) == bindparam("citizen")).with_for_update(
    key_share=True
)
_FIND_FREE: Final = _HERE.where(among(col(Contact.citizen_id), "citizens")).with_for_update(
    key_share=True, skip_locked=True
)


def find(connection: Connection, bot: int, telegrams: Iterable[int]) -> dict[int, Person]:
    """Who speaks from those Telegram ids, locked until the transaction ends; strangers are not in it.

    Others may have something to tell them meanwhile: two who speak, and tell each other, need not wait.
    """
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


def find_one(connection: Connection, bot: int, citizen: int) -> Person:
    """A citizen who is there, whoever speaks from their phone, locked likewise."""
    return _person(connection.execute(_FIND_ONE, {"bot": bot, "citizen": citizen}).mappings().one())


_ORPHANS: Final = select(col(Contact.telegram), col(Contact.id)).where(
    col(Contact.bot) == bindparam("bot"), *_SPEAKING, col(Contact.citizen_id).is_(None)
)


def orphans(connection: Connection, bot: int, telegrams: Iterable[int]) -> dict[int, int]:
    """Contacts, by Telegram id, whose citizen was erased, who came back before the last word to them."""
    rows = connection.execute(_ORPHANS, {"bot": bot, "telegrams": sorted(telegrams)})
    return {row.telegram: row.id for row in rows}


def write(connection: Connection, book: Book, bot: int, people: Mapping[int, tuple[Person, Person]]) -> None:
    """Write those people who are new or have changed.

    people  by Telegram id: as they were found, and as they are now
    """
    changed, reaches, owners = [], [], []
    for before, after in people.values():
        citizen = None if after.erased else after.citizen
        if not after.known and not after.erased:
            enter(book, after)
        elif not after.erased and _values(before) != _values(after):
            changed.append({"key": after.citizen, **_row(after)})
        if not after.way_known:
            way = {"id": after.contact, "bot": bot, "telegram": after.telegram}
            book.add(Contact, **way, citizen_id=citizen, reach=after.reach, slot=0)
            continue
        if before.reach != after.reach:
            reaches.append({"key": after.contact, "reach": after.reach})
        if not after.known and not after.erased:
            owners.append({"key": after.contact, "citizen_id": citizen})
    book.flush()
    if changed:
        many(connection, _CHANGE, changed)
    if reaches:
        many(connection, _CHANGE_WAY, reaches)
    if owners:
        many(connection, _CHANGE_WAY, owners)


def enter(book: Book, person: Person) -> None:
    """Add a new citizen."""
    book.add(Citizen, id=person.citizen, **_row(person))


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


@loads(Unasked)
def unasked(unit: Unit) -> Unasked:
    """What the person was never asked to consent to."""
    asked = set(_asked(unit.person))
    return Unasked(tuple(purpose for purpose in Purpose if purpose not in asked))


@loads(Languages)
def languages(unit: Unit, territory: str) -> Languages:
    """Every language of the catalogues, those of the territory first.

    Near to somebody who has no territory yet are the languages of all of them.
    """
    own_names, places = unit.context.own_names, unit.context.territories
    place = places.get(territory or unit.person.territory or "")
    local = place.languages if place else ()
    around = local or [code for each in places.values() for code in each.languages]
    codes = [code for code in dict.fromkeys([*local, *own_names]) if code in own_names]
    near = [code for code in dict.fromkeys([unit.person.language, *around]) if code in own_names]
    return Languages({code: own_names[code] for code in codes}, tuple(near))


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
    _note_asked(unit, effect.purpose)
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
    if effect.purpose in PUSHED:
        _go_on(unit, effect.purpose)


@applies(RefuseConsent)
def refuse_consent(unit: Unit, effect: RefuseConsent) -> None:
    """End a consent given earlier, if there was one; what waits to be said by it is not said any more."""
    _withdraw(unit, effect.purpose, unit.at)
    _note_asked(unit, effect.purpose)
    if lanes := [lane for lane, purpose in ASKED_FOR.items() if purpose is effect.purpose]:
        leave_unsaid(unit.connection, unit.person.contact, lanes, NO_CONSENT, unit.now)
    if effect.purpose is Purpose.REMINDERS:
        replan_own(unit)


def _note_asked(unit: Unit, purpose: Purpose) -> None:
    """Whatever the answer was: nobody is asked again of our own accord."""
    asked = dict.fromkeys([*_asked(unit.person), purpose])
    unit.person.asked = " ".join(each for each in Purpose if each in asked)


def _asked(person: Person) -> Iterable[str]:
    return FIRST if person.asked is None else person.asked.split()


def _go_on(unit: Unit, agreed: Purpose) -> None:
    """Who agrees to be written to has not stopped that any more."""
    had_stopped, unit.person.stopped_at = unit.person.stopped_at is not None, None
    if had_stopped or agreed is Purpose.REMINDERS:
        replan_own(unit)
    if had_stopped and unit.person.known:
        wait_again(unit, unit.person.citizen)


@applies(StopPushes)
def stop_pushes(unit: Unit, _effect: StopPushes) -> None:
    """Push nothing any more, nor what waits already; the consents to be written to end with it."""
    unit.person.stopped_at = unit.at
    leave_unsaid(unit.connection, unit.person.contact, PUSHES, STOPPED, unit.now)
    for purpose in PUSHED:
        _withdraw(unit, purpose, unit.at)
    replan_own(unit)


@applies(BeReachable)
def be_reachable(unit: Unit, effect: BeReachable) -> None:
    """Note a block, or its end, for everybody on the phone; what waited for them is not said any more.

    Who can be told of a seat again is offered what has become free meanwhile.
    """
    person = unit.person
    person.reach = "open" if effect.reachable else "blocked"
    if not effect.reachable:
        cut_off(unit.connection, person.contact, person.reach, unit.now)
        return
    there = on_phone(unit.connection, unit.origin.bot, person.telegram)
    ways = update(table(Contact)).where(col(Contact.id).in_([row.id for row in there]))
    unit.change(ways.values(reach=person.reach))
    for row in there:
        wait_again(unit, row.citizen)


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
