"""Who is told of pilot actions, gifts and digests, and whether there is still something to tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, select
from sqlmodel import col

from flows.actions.actions import Progress
from flows.people.roles import Role
from flows.pushes.deciding import Asks
from flows.pushes.pushed import Notice
from storage.actions.actions import purpose
from storage.actions.piloted import Action, Feedback, Follower, Gift, Plea, Wave
from storage.actions.pleading import IS_HEARD, IS_NEEDED
from storage.context import Context
from storage.digests.digested import Digest
from storage.pushes.followed import what_can_be_told
from storage.pushes.notices import notify
from storage.sql import among
from storage.tables import Appointment, Pseudonym, table
from storage.unit import Unit

_FOLLOWERS: Final = select(col(Follower.citizen_id)).where(col(Follower.action_id) == bindparam("action"))
_AUTHORS: Final = (
    select(col(Pseudonym.citizen_id))
    .join(table(Feedback), col(Feedback.author) == col(Pseudonym.pseudonym))
    .where(col(Feedback.action_id) == bindparam("action"))
)
_WAVES: Final = select(table(Wave)).where(among(col(Wave.action_id), "ids"))
_ACTIONS: Final = select(col(Action.id), col(Action.status)).where(among(col(Action.id), "ids"))
_GIVEN: Final = select(col(Feedback.action_id), col(Feedback.wave), col(Feedback.author)).where(
    among(col(Feedback.action_id), "ids"), among(col(Feedback.author), "authors")
)
_GIVER: Final[Any] = col(Gift.citizen_id).label("giver")
_ASKED: Final = table(Plea).c
_PLEAS: Final[Select[Any]] = (
    select(
        _GIVER,
        _ASKED.citizen_id.label("asker"),
        _ASKED.agreed,
        _ASKED.cause_id,
        IS_NEEDED.label("is_needed"),
    )
    .join(table(Gift), col(Gift.id) == _ASKED.gift_id)
    .where(among(_ASKED.cause_id, "ids"), IS_HEARD)
)

_MEMBER: Final = and_(
    table(Appointment).c.role == Role.PANEL,
    table(Appointment).c.territory == col(Digest.territory),
    col(Appointment.until).is_(None),
)
_TOLD: Final = (
    select(col(Digest.id), col(Appointment.citizen_id))
    .join(table(Appointment), _MEMBER)
    .where(among(col(Digest.id), "ids"), among(col(Appointment.citizen_id), "citizens"))
)


def call_for_feedback(unit: Unit, action: int) -> None:
    """A wave begins: those who follow the action or take part are asked, and who has answered before."""
    about = {"action": action}
    citizens = {row[0] for query in (_FOLLOWERS, _AUTHORS) for row in unit.rows(query, about)}
    notify(unit.connection, unit.context, citizens, Notice.FEEDBACK, action, unit.now)


def give_back(unit: Unit, action: int, wave: int) -> set[int]:
    """A wave has ended: those who answered in it are told that there is something to see; returns them."""
    query = _AUTHORS.where(col(Feedback.wave) == wave)
    citizens = {row[0] for row in unit.rows(query, {"action": action})}
    notify(unit.connection, unit.context, citizens, Notice.FINDINGS, action, unit.now)
    return citizens


def pass_on(unit: Unit, citizen: int, kind: Notice, cause: int) -> None:
    """Somebody is asked for what they can give, or has an answer.

    cause  id of what needs it
    """
    notify(unit.connection, unit.context, [citizen], kind, cause, unit.now)


def what_holds(
    connection: Connection, context: Context, citizens: Iterable[int], ids: Iterable[int]
) -> dict[tuple[int, int], Asks]:
    """What can still be told to those people of those actions and digests, by what it is about and person."""
    about = {"ids": list(ids)}
    people = list(citizens)
    if not about["ids"] or not people:
        return {}
    told = connection.execute(_TOLD, {**about, "citizens": people}).all()
    digests = {(row.id, row.citizen_id): Asks(frozenset({Notice.DIGEST})) for row in told}
    actions = {row.id: row.status for row in connection.execute(_ACTIONS, about)}
    return digests | _of_actions(connection, context, people, actions)


def _of_actions(
    connection: Connection, context: Context, people: Sequence[int], actions: Mapping[int, str]
) -> dict[tuple[int, int], Asks]:
    if not actions:
        return {}
    about = {"ids": list(actions)}
    kinds: dict[tuple[int, int], set[str]] = defaultdict(set)
    waves = connection.execute(_WAVES, about).all()
    open_ones = {row.action_id: row.number for row in waves if row.closed_at is None}
    names = {
        (action, citizen): context.keys.pseudonym(purpose(action), citizen)
        for action in actions
        for citizen in people
    }
    given = {tuple(row) for row in connection.execute(_GIVEN, {**about, "authors": list(names.values())})}
    for (action, citizen), name in names.items():
        if action in open_ones and (action, open_ones[action], name) not in given:
            kinds[action, citizen].add(Notice.FEEDBACK)
    for row in waves:
        if row.closed_at is not None and actions[row.action_id] != Progress.WITHDRAWN:
            for citizen in people:
                kinds[row.action_id, citizen].add(Notice.FINDINGS)
    for action, citizen, notice in what_can_be_told(connection, actions, people):
        kinds[action, citizen].add(notice)
    for (action, citizen), notices in of_gifts(connection, actions).items():
        kinds[action, citizen] |= notices
    return {(action, citizen): Asks(frozenset(kinds[action, citizen])) for action, citizen in names}


def of_gifts(connection: Connection, causes: Iterable[int]) -> dict[tuple[int, int], frozenset[Notice]]:
    """What givers and those who ask them can be told of those actions and activities, by cause and person."""
    found: dict[tuple[int, int], frozenset[Notice]] = defaultdict(frozenset)
    for row in connection.execute(_PLEAS, {"ids": list(causes)}):
        if row.agreed is not None:
            found[row.cause_id, row.asker] |= {Notice.REPLY}
        elif row.is_needed:
            found[row.cause_id, row.giver] |= {Notice.PLEA}
    return dict(found)
