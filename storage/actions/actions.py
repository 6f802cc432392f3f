"""Pilot actions as citizens see them: in their place, published; followed, taken part in, left."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, delete, func, or_, select
from sqlmodel import col

from flows.actions.actions import (
    IN_LISTS,
    IN_SHORT,
    Action,
    Actions,
    ActionWords,
    Codes,
    ComponentNames,
    FollowAction,
    Following,
    LeaveAction,
    OneAction,
    OwnActions,
    Progress,
    Section,
)
from flows.actions.gifts import Giving, Sake
from flows.moves import Names
from flows.people.roles import Permission, may
from storage.actions.piloted import PUBLISHED, ActionComponent, ActionText, Feedback, Follower, Wanted, Wave
from storage.actions.piloted import Action as ActionRow
from storage.people.permissions import held, scope_of
from storage.registry import applies, loads
from storage.sql import among, upsert
from storage.tables import table
from storage.unit import Unit

_ACTIONS: Final = table(ActionRow)
_BY_ID: Final = select(_ACTIONS).where(among(_ACTIONS.c.id, "ids"))
_COMPONENTS: Final = (
    select(table(ActionComponent))
    .where(among(col(ActionComponent.action_id), "ids"))
    .order_by(col(ActionComponent.code))
)
_WANTED: Final = select(col(Wanted.cause_id), col(Wanted.kind)).where(
    col(Wanted.cause) == Sake.ACTION, among(col(Wanted.cause_id), "ids")
)
_WAVES: Final = select(table(Wave)).where(among(col(Wave.action_id), "ids")).order_by(col(Wave.number))
_GIVEN: Final = select(col(Feedback.action_id), func.max(col(Feedback.wave)).label("wave")).where(
    among(col(Feedback.author), "authors")
)
_WORDS: Final = table(ActionText)
_TEXTS: Final = select(_WORDS).where(among(_WORDS.c.action_id, "ids")).order_by(_WORDS.c.language)

_LONG: Final = select(_WORDS.c.action_id).where(
    among(_WORDS.c.action_id, "ids"), _WORDS.c.part.not_in([Section.TITLE, *IN_SHORT])
)


def purpose(action: int) -> str:
    """What a pseudonym is for that somebody's feedback to one action carries: it fits no other action's."""
    return f"feedback {action}"


def author(unit: Unit, action: int) -> str:
    """The name that the person's feedback to an action carries."""
    return unit.context.keys.pseudonym(purpose(action), unit.person.citizen)


@loads(Actions)
def actions(unit: Unit) -> Actions:
    """The published actions of the person's place."""
    found = described(unit, unit.rows(select(_ACTIONS).where(*_in_sight(unit))))
    newest_first = sorted(found.values(), key=lambda action: action.id, reverse=True)
    return Actions(tuple(sorted(newest_first, key=lambda action: IN_LISTS.index(action.progress))))


@loads(OneAction)
def one_action(unit: Unit, id: int) -> OneAction:
    """One action, if the person may see it."""
    return OneAction(described(unit, seen(unit, (id,))).get(id))


@loads(ActionWords)
def action_words(unit: Unit, ids: Sequence[int]) -> ActionWords:
    """What is written of those actions that the person may see, or could until they were withdrawn."""
    return ActionWords(words_of(unit, [row.id for row in seen(unit, ids, withdrawn=True)]))


@loads(ComponentNames)
def component_names(unit: Unit) -> ComponentNames:
    """What dimensions and components are called today."""
    return ComponentNames(unit.context.components.names)


@loads(Codes)
def codes(unit: Unit) -> Codes:
    """The dimensions and what lies within them; one that nobody has a name for yet is not offered."""
    ours = unit.context.components
    return Codes({each: ours.within(each) for each in ours.dimensions if ours.names[each]})


def seen(unit: Unit, ids: Iterable[int], *, locked: bool = False, withdrawn: bool = False) -> list[Row[Any]]:
    """Those of the actions that the person may see: published in their place, or theirs to plan.

    locked     none of them is changed by others before this transaction ends
    withdrawn  those, too, that were there for them until they were withdrawn
    """
    query: Select[Any] = _BY_ID.with_for_update(read=True) if locked else _BY_ID
    rows = unit.rows(query, {"ids": list(ids)})
    roles = held(unit)
    here = unit.person
    return [
        row
        for row in rows
        if (
            row.published_at
            and (withdrawn or row.status != Progress.WITHDRAWN)
            and row.territory == here.territory
            and row.group_slug in (None, here.group)
        )
        or may(roles, Permission.PLAN, scope_of(row._mapping))
    ]


def _in_sight(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    """What is published in the person's place."""
    here = _ACTIONS.c.territory == unit.person.territory
    own = or_(_ACTIONS.c.group_slug.is_(None), _ACTIONS.c.group_slug == unit.person.group)
    return here, own, PUBLISHED


def described(unit: Unit, rows: Iterable[Row[Any]]) -> dict[int, Action]:
    """Actions as the person sees them, by id."""
    found = {row.id: row for row in rows}
    ids = {"ids": list(found)}
    if not found:
        return {}
    components = _grouped(unit.rows(_COMPONENTS, ids), "code")
    wanted = {(row.cause_id, row.kind) for row in unit.rows(_WANTED, ids)}
    waves = unit.rows(_WAVES, ids)
    closed = {row.action_id for row in waves if row.closed_at is not None}
    asking = {row.action_id: row.number for row in waves if row.closed_at is None}
    mine = {row.action_id: row.takes_part for row in unit.rows(_own_follows(unit), ids)}
    authors = {"authors": [author(unit, id) for id in found]}
    given = {row.action_id: row.wave for row in unit.rows(_GIVEN.group_by(col(Feedback.action_id)), authors)}
    long_ones = {row.action_id for row in unit.rows(_LONG, ids)}
    described = {}
    for id, row in found.items():
        wave = asking.get(id)
        described[id] = Action(
            id=id,
            where=scope_of(row._mapping),
            progress=Progress(row.status),
            components=tuple(components.get(id, ())),
            wanted=tuple(giving for giving in Giving if (id, giving) in wanted),
            is_long=id in long_ones,
            follows=id in mine,
            takes_part=mine.get(id, False),
            wave=wave,
            answered=wave is not None and given.get(id) == wave,
            answered_before=id in given and given[id] != wave,
            has_findings=id in closed,
            theme=row.theme,
        )
    return described


def _own_follows(unit: Unit) -> Select[Any]:
    mine = col(Follower.citizen_id) == unit.person.citizen
    return select(table(Follower)).where(mine, among(col(Follower.action_id), "ids"))


def _grouped(rows: Iterable[Row[Any]], column: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.action_id, []).append(row._mapping[column])
    return found


def words_of(unit: Unit, ids: Sequence[int]) -> dict[str, dict[str, Names]]:
    """What is written of actions, by id and part."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in unit.rows(_TEXTS, {"ids": list(ids)}):
        found.setdefault(str(row.action_id), {}).setdefault(row.part, {})[row.language] = row.text
    return {id: dict(parts) for id, parts in found.items()}


@loads(OwnActions)
def own_actions(unit: Unit) -> OwnActions:
    """The titles of what the person follows, wherever they take part now."""
    followed = select(col(Follower.action_id)).where(col(Follower.citizen_id) == unit.person.citizen)
    ids = [row.action_id for row in unit.rows(followed.order_by(col(Follower.since)))]
    words = words_of(unit, ids)
    return OwnActions(tuple(words.get(str(id), {}).get(Section.TITLE, {}) for id in ids))


@applies(FollowAction)
def follow_action(unit: Unit, effect: FollowAction) -> Following:
    """Follow an action, or take part; who takes part already does not stop by following."""
    if not seen(unit, (effect.action,)):
        return Following.GONE
    mine = {row.action_id: row.takes_part for row in unit.rows(_own_follows(unit), {"ids": [effect.action]})}
    takes_part = effect.takes_part or mine.get(effect.action, False)
    row = {"action_id": effect.action, "citizen_id": unit.person.citizen, "takes_part": takes_part}
    unit.change(upsert(unit.connection, Follower), {**row, "since": unit.at})
    return Following.TAKES_PART if takes_part else Following.FOLLOWS


@applies(LeaveAction)
def leave_action(unit: Unit, effect: LeaveAction) -> Following:
    """Neither follow it nor take part any more."""
    mine = col(Follower.citizen_id) == unit.person.citizen
    met = unit.change(delete(table(Follower)).where(mine, col(Follower.action_id) == effect.action))
    return Following.LEFT if met else Following.GONE
