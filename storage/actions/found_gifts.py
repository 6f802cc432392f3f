"""What people can give, for those who plan something: in words without names, until the giver agrees."""

from typing import Any, Final

from sqlalchemy import Row, delete, select

from flows.actions.gifts import (
    Asked,
    AskGiver,
    Cause,
    Causes,
    CauseTitles,
    Gifts,
    GiftWords,
    Giving,
    Sake,
    Want,
)
from flows.actions.gifts import Gift as FoundGift
from flows.people.roles import Holding, NotAllowed, Permission, Role, Scope, may
from flows.pushes.pushed import Notice
from storage.actions.causes import lies_in, open_causes, titles
from storage.actions.piloted import Gift, Plea, Wanted
from storage.people.permissions import scope_of
from storage.pushes.calls import pass_on
from storage.registry import applies, loads
from storage.sql import among, insert_new
from storage.tables import Appointment, table
from storage.unit import Unit

_GIFTS: Final = table(Gift)
_PLEAS: Final = table(Plea)
_WANTED: Final = table(Wanted)


@loads(Gifts)
def gifts(unit: Unit, where: Scope) -> Gifts:
    """What people of that scope can give: what is wanted there first, then the newest first."""
    wanted = _wanted_kinds(unit, where)
    rows = _within(unit, where)
    pleas = {row.gift_id: row for row in _own_pleas(unit, rows)}  # the last one stands
    found = []
    for row in rows:
        plea = pleas.get(row.id)
        offered = row.cause is not None and lies_in(unit, Cause(Sake(row.cause), row.cause_id), where)
        is_wanted = offered or row.kind in wanted
        agreed = plea.agreed if plea is not None else None
        found.append(FoundGift(row.id, Giving(row.kind), is_wanted, plea is not None, agreed))
    return Gifts(tuple(sorted(found, key=lambda one: not one.is_wanted)))


@loads(GiftWords)
def gift_words(unit: Unit, where: Scope) -> GiftWords:
    """In their words, and what those wrote to the person who agreed."""
    rows = _within(unit, where)
    unit.quote(_GIFTS, (row.id for row in rows))
    replies = {str(row.gift_id): row.reply for row in _own_pleas(unit, rows) if row.agreed}
    return GiftWords({str(row.id): row.text for row in rows}, replies)


def _within(unit: Unit, where: Scope) -> list[Row[Any]]:
    query = select(_GIFTS).where(_GIFTS.c.territory == where.territory)
    if where.group is not None:
        query = query.where(_GIFTS.c.group_slug == where.group)
    return list(unit.rows(query.order_by(_GIFTS.c.given_at.desc(), _GIFTS.c.id)))


def _own_pleas(unit: Unit, rows: list[Row[Any]]) -> list[Row[Any]]:
    mine = _PLEAS.c.citizen_id == unit.person.citizen, among(_PLEAS.c.gift_id, "gifts")
    query = select(_PLEAS).where(*mine).order_by(_PLEAS.c.asked_at, _PLEAS.c.id)
    return list(unit.rows(query, {"gifts": [row.id for row in rows]}))


def _wanted_kinds(unit: Unit, where: Scope) -> set[str]:
    """The kinds that anything open in that scope needs."""
    there = set(open_causes(unit, where))
    query = select(_WANTED).where(among(_WANTED.c.cause_id, "ids"))
    needed = unit.rows(query, {"ids": [one.id for one in there]})
    return {row.kind for row in needed if Cause(Sake(row.cause), row.cause_id) in there}


@loads(Causes)
def causes(unit: Unit, where: Scope) -> Causes:
    """What is planned there and can need something."""
    return Causes(open_causes(unit, where))


@loads(CauseTitles)
def cause_titles(unit: Unit, where: Scope) -> CauseTitles:
    """What it is called."""
    there = open_causes(unit, where)
    called = titles(unit, there)
    return CauseTitles(tuple(called[cause] for cause in there))


@applies(Want)
def want(unit: Unit, effect: Want) -> None:
    """Note what something planned in that scope needs, or no longer does."""
    if not lies_in(unit, effect.cause, effect.where):
        return
    row = {"cause": effect.cause.sake.value, "cause_id": effect.cause.id, "kind": effect.giving.value}
    if effect.wanted:
        unit.connection.execute(insert_new(unit.connection.dialect.name, Wanted), [row])
    else:
        unit.change(delete(_WANTED).where(*(_WANTED.c[name] == value for name, value in row.items())))


@applies(AskGiver)
def ask_giver(unit: Unit, effect: AskGiver) -> Asked:
    """Ask, by the name that others with a role know the person by; once for each cause."""
    there = {row.id: row for row in _within(unit, effect.where)}
    if effect.gift not in there or not lies_in(unit, effect.cause, effect.where):
        return Asked.GONE
    before = _own_pleas(unit, [there[effect.gift]])
    if any((row.cause, row.cause_id) == (effect.cause.sake, effect.cause.id) for row in before):
        return Asked.ALREADY
    unit.add(
        Plea,
        id=unit.new_id(),
        gift_id=effect.gift,
        citizen_id=unit.person.citizen,
        cause=effect.cause.sake,
        cause_id=effect.cause.id,
        name=_name(unit, effect.where),
        text=effect.words,
        asked_at=unit.at,
        agreed=None,
        reply="",
        answered_at=None,
    )
    pass_on(unit, there[effect.gift].citizen_id, Notice.PLEA, effect.cause.id)
    return Asked.ASKED


def _name(unit: Unit, where: Scope) -> str:
    """The name of the person in a role that lets them plan there."""
    roles = table(Appointment)
    mine = select(roles).where(roles.c.citizen_id == unit.person.citizen, roles.c.until.is_(None))
    for row in unit.rows(mine.order_by(roles.c.since, roles.c.id)):
        if may((Holding(Role(row.role), scope_of(row._mapping)),), Permission.PLAN, where):
            return str(row.name)
    raise NotAllowed(f"{Permission.PLAN} in {where} needs a role that the person does not have")
