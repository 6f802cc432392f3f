"""Digests as conversations look at them, and what members of a panel say to the ideas in them."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, func, select
from sqlmodel import col

from flows.actions.actions import Progress
from flows.columns import heads
from flows.digests.digest import Counsel, Counsels, Digest
from flows.digests.reading import (
    ActionCounsels,
    Advise,
    Advised,
    DigestFile,
    DigestHere,
    DigestPeriods,
    Ideas,
    Paper,
    ShownDigest,
    TakeDigest,
    Waiting,
)
from flows.digests.rows import COLUMNS, in_words, rows
from flows.digests.sheet import Telling
from flows.files import Form, Table
from flows.occasions.sheet import Tongue
from flows.people.roles import Holding, Role, Scope
from storage.actions.piloted import Action
from storage.context import Context
from storage.digests import digests, quotes
from storage.digests.digested import Advice
from storage.messages import media
from storage.people import audit
from storage.people.audit import What
from storage.people.permissions import held, scope_of
from storage.planning.drafting import tongue_of
from storage.registry import applies, loads
from storage.sql import among, upsert
from storage.tables import Statement, table
from storage.unit import Unit

_ACTIONS: Final = table(Action)
_COUNSELS: Final = (
    select(col(Advice.action_id), col(Advice.opinion), func.count().label("members"))
    .where(among(col(Advice.action_id), "ids"))
    .group_by(col(Advice.action_id), col(Advice.opinion))
)


def telling(connection: Connection, context: Context, digest: Digest, tongue: Tongue) -> Telling:
    """All that a digest is told with in a language: names, and words that may still be quoted."""
    territory = context.territories.get(digest.territory)
    panel = territory.panel if territory else None
    return Telling(
        tongue,
        panel=panel.names if panel else {"": digest.territory},
        groups={group.slug: group.names for group in territory.groups} if territory else {},
        components=context.components.names,
        kinds={code: kind.names for code, kind in context.occasion_kinds.items()},
        quotes=quotes.words_of(connection, digest.heard.quotes),
        counsels=_counsels(connection, (idea.action for idea in digest.ideas)),
    )


def _counsels(connection: Connection, actions: Iterable[int]) -> dict[str, Counsels]:
    """How many members say what of each, by id."""
    found: dict[str, dict[Counsel, int]] = {}
    for row in connection.execute(_COUNSELS, {"ids": list(actions)}):
        found.setdefault(str(row.action_id), {})[Counsel(row.opinion)] = row.members
    return dict(found)


@loads(DigestPeriods)
def digest_periods(unit: Unit, where: Scope) -> DigestPeriods:
    """The periods of which the panel of a territory was told."""
    return DigestPeriods(digests.periods(unit.connection, where.territory or ""))


@loads(DigestHere)
def digest_here(unit: Unit, id: int) -> DigestHere:
    """Whose digest that is, and of which period."""
    row = digests.by_id(unit.connection, id)
    return DigestHere(Scope(row.territory), row.period) if row else DigestHere(None)


@loads(Waiting)
def waiting(unit: Unit, where: Scope, period: str) -> Waiting:
    """The ideas in a digest, and whether the person is to say something to them."""
    digest = _find(unit, where, period)
    if digest is None:
        return Waiting(False)
    return Waiting(True, tuple(idea.action for idea in digest.ideas), _is_member(unit, where))


def _find(unit: Unit, where: Scope, period: str) -> Digest | None:
    return digests.find(unit.connection, where.territory or "", period)


def _is_member(unit: Unit, where: Scope) -> bool:
    return Holding(Role.PANEL, where) in held(unit)


@loads(ShownDigest)
def shown_digest(unit: Unit, where: Scope, period: str) -> ShownDigest:
    """A digest as the person reads it, with its picture where there is one in their language."""
    digest, tongue = _find(unit, where, period), tongue_of(unit.context, unit.person)
    if digest is None:
        return ShownDigest(None, Telling(tongue, {}))
    connection = unit.connection
    told = telling(connection, unit.context, digest, tongue)
    unit.quote(table(Statement), map(int, told.quotes))
    medium = digests.picture(connection, digests.id_of(digest.territory, period), tongue.language)
    return ShownDigest(digest, told, media.find(connection, medium) if medium is not None else None)


@loads(DigestFile)
def digest_file(unit: Unit, where: Scope, period: str, form: Form) -> DigestFile:
    """Its figures as a table, named in the person's language."""
    digest = _find(unit, where, period)
    if digest is None:
        return DigestFile(None)
    told = telling(unit.connection, unit.context, digest, tongue_of(unit.context, unit.person))
    name = f"digest-{digest.territory}-{period.lower()}"
    place = unit.context.territories.get(digest.territory)
    lines = tuple(in_words(row, told, place.names if place else {}) for row in rows(digest, told))
    return DigestFile(Table(name, form, COLUMNS, lines, heads(COLUMNS)))


@applies(TakeDigest)
def take_digest(unit: Unit, effect: TakeDigest) -> None:
    """Record that it was taken; the file is looked at."""
    audit.note(unit, What.EXPORTED, Paper.DIGEST, effect.where)


@loads(Ideas)
def ideas_of(unit: Unit, where: Scope, period: str) -> Ideas:
    """The ideas of a digest, with what members say now."""
    digest = _find(unit, where, period)
    waiting, more = (digest.ideas, digest.more_ideas) if digest else ((), 0)
    counsels = _counsels(unit.connection, (idea.action for idea in waiting))
    return Ideas(digests.id_of(where.territory or "", period), waiting, counsels, more)


@loads(ActionCounsels)
def action_counsels(unit: Unit, where: Scope, action: int) -> ActionCounsels:
    """What members say to an action of that scope."""
    here = [row for row in unit.rows(select(_ACTIONS).where(_ACTIONS.c.id == action)) if _lies_in(row, where)]
    return ActionCounsels(_counsels(unit.connection, [row.id for row in here]).get(str(action), {}))


def _lies_in(row: Any, where: Scope) -> bool:
    return where.covers(scope_of(row._mapping))


@applies(Advise)
def advise(unit: Unit, effect: Advise) -> Advised:
    """Keep what a member says, unless the action is no idea of that territory (any more)."""
    if not _is_member(unit, effect.where):
        return Advised.NO_MEMBER
    query = select(_ACTIONS).where(_ACTIONS.c.id == effect.action).with_for_update(read=True)
    found = [row for row in unit.rows(query) if row.published_at and _lies_in(row, effect.where)]
    if not found or found[0].status != Progress.IDEA:
        return Advised.DECIDED
    row = {"action_id": effect.action, "citizen_id": unit.person.citizen, "opinion": effect.counsel}
    unit.change(upsert(unit.connection, Advice), {**row, "at": unit.at})
    return Advised.NOTED
