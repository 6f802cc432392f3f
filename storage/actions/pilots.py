"""Pilot actions as those see and change them who plan them; what is done is kept as their history."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, select, update
from sqlmodel import col

from flows.actions.actions import IN_LISTS, MOST_COMPONENTS, Progress, Section
from flows.actions.gifts import Sake
from flows.actions.pilots import (
    Change,
    DiscardAction,
    DraftAction,
    Happened,
    OnePilot,
    Pilot,
    PilotHistory,
    Pilots,
    PilotWords,
    PublishAction,
    SetProgress,
    SetTheme,
    Steer,
    Touch,
    Touched,
    WriteAction,
)
from flows.links import link_to
from flows.moves import Names
from flows.people.roles import Scope
from storage.actions import causes
from storage.actions.actions import described, words_of
from storage.actions.piloted import (
    PUBLISHED,
    Action,
    ActionChange,
    ActionComponent,
    ActionText,
    Feedback,
    Wave,
)
from storage.people.audit import actor
from storage.people.permissions import scope_of
from storage.planning.drafts import drop_actions
from storage.pushes.followed import tell_of_progress
from storage.registry import applies, loads
from storage.sql import among, upsert
from storage.tables import table
from storage.unit import Unit
from storage.words import course

LINK: Final = "p"

_ACTIONS: Final = table(Action)
_WAVES: Final = table(Wave)


def within(where: Scope) -> tuple[Any, ...]:
    """Rows of a territory with all its groups, or of one group alone."""
    if where.group is None:
        return (_ACTIONS.c.territory == where.territory,)
    return _ACTIONS.c.territory == where.territory, _ACTIONS.c.group_slug == where.group


@loads(Pilots)
def pilots(unit: Unit, where: Scope) -> Pilots:
    """Every action in that scope: drafts first, then the newest first; those that were withdrawn last."""
    found = _piloted(unit, select(_ACTIONS).where(*within(where)))
    return Pilots(tuple(sorted(found, key=lambda one: (one.is_withdrawn, one.is_published, -one.action.id))))


@loads(OnePilot)
def one_pilot(unit: Unit, where: Scope, id: int) -> OnePilot:
    """One of them."""
    found = _piloted(unit, select(_ACTIONS).where(_ACTIONS.c.id == id, *within(where)))
    return OnePilot(found[0] if found else None)


@loads(PilotWords)
def pilot_words(unit: Unit, where: Scope) -> PilotWords:
    """What is written of every action in that scope."""
    ids = [row.id for row in unit.rows(select(_ACTIONS.c.id).where(*within(where)))]
    return PilotWords(words_of(unit, ids))


@loads(PilotHistory)
def pilot_history(unit: Unit, where: Scope, id: int) -> PilotHistory:
    """What was done about one of them, the newest first."""
    changes = table(ActionChange)
    query = (
        select(changes)
        .join(_ACTIONS, _ACTIONS.c.id == changes.c.action_id)
        .where(changes.c.action_id == id, *within(where))
        .order_by(changes.c.at.desc(), changes.c.id)
    )
    me = actor(unit)
    return PilotHistory(
        tuple(Happened(Change(row.what), row.about, row.at, row.planner == me) for row in unit.rows(query))
    )


_ANSWERS: Final = (
    select(col(Feedback.action_id), col(Feedback.wave), func.count().label("people"))
    .where(among(col(Feedback.action_id), "ids"))
    .group_by(col(Feedback.action_id), col(Feedback.wave))
)
_LAST: Final = (
    select(_WAVES.c.action_id, func.max(_WAVES.c.number).label("number"))
    .where(among(_WAVES.c.action_id, "ids"))
    .group_by(_WAVES.c.action_id)
)


def _piloted(unit: Unit, query: Select[Any]) -> list[Pilot]:
    rows = unit.rows(query)
    actions = described(unit, rows)
    words, about = words_of(unit, list(actions)), {"ids": list(actions)}
    last = {row.action_id: row.number for row in unit.rows(_LAST, about)}
    answers = {(row.action_id, row.wave): row.people for row in unit.rows(_ANSWERS, about)}
    return [
        Pilot(
            action=actions[row.id],
            is_published=row.published_at is not None and row.status != Progress.WITHDRAWN,
            written={part: tuple(names) for part, names in words.get(str(row.id), {}).items()},
            waves=last.get(row.id, 0),
            answers=answers.get((row.id, last.get(row.id, 0)), 0),
        )
        for row in rows
    ]


def locked(unit: Unit, effect: Steer[Any], *, withdrawn: bool = False) -> Row[Any] | None:
    """The action that a change is about; nobody else changes it before this transaction ends.

    withdrawn  also where it was withdrawn: nothing about it is changed any more
    """
    query = select(_ACTIONS).where(_ACTIONS.c.id == effect.action).with_for_update()
    found = [row for row in unit.rows(query) if scope_of(row._mapping) == effect.where]
    return next((row for row in found if withdrawn or row.status != Progress.WITHDRAWN), None)


def note(unit: Unit, action: int, what: Change, about: str = "") -> None:
    """Keep what the person has done about an action in its history."""
    unit.add(
        ActionChange,
        id=unit.new_id(),
        action_id=action,
        what=what,
        about=about,
        planner=actor(unit),
        at=unit.at,
    )


@applies(DraftAction)
def draft_action(unit: Unit, effect: DraftAction) -> int:
    """Begin an action as an idea that nobody else sees."""
    if effect.where.territory is None:
        return 0
    id = unit.new_id()
    row = {"territory": effect.where.territory, "group_slug": effect.where.group, "status": Progress.IDEA}
    unit.add(Action, id=id, planner=actor(unit), created_at=unit.at, published_at=None, **row)
    note(unit, id, Change.DRAFTED)
    return id


@applies(WriteAction)
def write_action(unit: Unit, effect: WriteAction) -> bool:
    """Keep the words of one part in one language."""
    row = locked(unit, effect)
    if row is None:
        return False
    key = {"action_id": effect.action, "part": effect.part.value, "language": effect.language}
    before = words_of(unit, [row.id]).get(str(row.id), {}).get(effect.part, {}).get(effect.language)
    if row.published_at and effect.part is Section.RESULTS and effect.text not in ("", before):
        same = Progress(row.status)
        tell_of_progress(unit, row.id, was=same, stands=same, new=[effect.part])
    if effect.text:
        unit.change(upsert(unit.connection, ActionText), {**key, "text": effect.text})
    else:
        target = table(ActionText)
        unit.change(delete(target).where(*(target.c[name] == value for name, value in key.items())))
    note(unit, effect.action, Change.WRITTEN, f"{effect.part} {effect.language}")
    return True


@applies(Touch)
def touch(unit: Unit, effect: Touch) -> Touched:
    """Add or remove a component, of the classification of today; not while a wave asks for it."""
    names = unit.context.components.names
    if locked(unit, effect) is None or effect.code not in names:
        return Touched.GONE
    if asking(unit, effect.action) is not None:
        return Touched.ASKED
    target = table(ActionComponent)
    there = {row.code for row in unit.rows(select(target).where(target.c.action_id == effect.action))}
    if not effect.touches:
        unit.change(delete(target).where(target.c.action_id == effect.action, target.c.code == effect.code))
        note(unit, effect.action, Change.NO_COMPONENT, effect.code)
        return Touched.REMOVED
    if effect.code not in there and len(there) >= MOST_COMPONENTS:
        return Touched.FULL
    if effect.code not in there:
        version = unit.context.components.version
        unit.add(ActionComponent, action_id=effect.action, code=effect.code, version=version)
        note(unit, effect.action, Change.COMPONENT, effect.code)
    return Touched.TOUCHED


@applies(SetProgress)
def set_progress(unit: Unit, effect: SetProgress) -> bool:
    """Say where an action stands."""
    row = locked(unit, effect)
    if row is None or effect.progress not in IN_LISTS:
        return False
    if row.status != effect.progress:
        unit.change(update(_ACTIONS).where(_ACTIONS.c.id == row.id).values(status=effect.progress))
        note(unit, row.id, Change.PROGRESS, effect.progress)
        course.follow(unit, row.id, effect.progress)
        if row.published_at:
            tell_of_progress(unit, row.id, was=Progress(row.status), stands=effect.progress)
    return True


@applies(SetTheme)
def set_theme(unit: Unit, effect: SetTheme) -> bool:
    """Say which theme it belongs to; nobody is told."""
    row = locked(unit, effect)
    if row is None or effect.theme not in (None, *unit.context.themes):
        return False
    if row.theme != effect.theme:
        unit.change(update(_ACTIONS).where(_ACTIONS.c.id == row.id).values(theme=effect.theme))
        note(unit, row.id, Change.THEME, effect.theme or "")
    return True


@applies(PublishAction)
def publish_action(unit: Unit, effect: PublishAction) -> str | None:
    """Show an action that has a title; returns the link to it."""
    row = locked(unit, effect)
    if row is None or Section.TITLE not in words_of(unit, [effect.action]).get(str(effect.action), {}):
        return None
    if row.published_at is None:
        unit.change(update(_ACTIONS).where(_ACTIONS.c.id == row.id).values(published_at=unit.at))
        note(unit, row.id, Change.PUBLISHED)
    return f"{unit.context.address}?start={link_to(LINK, row.id)}"


@applies(DiscardAction)
def discard_action(unit: Unit, effect: DiscardAction) -> bool:
    """Delete a draft with all that was written of it."""
    row = locked(unit, effect)
    if row is None or row.published_at is not None:
        return False
    for statement in drop_actions([row.id]):
        unit.change(statement)
    return True


def asking(unit: Unit, action: int) -> Row[Any] | None:
    """The wave in which feedback to an action is asked for now, if any."""
    found = unit.rows(select(_WAVES).where(_WAVES.c.action_id == action, _WAVES.c.closed_at.is_(None)))
    return found[0] if found else None


class _PilotPlans:
    """Pilot actions, as what something can be given for."""

    def open_within(self, unit: Unit, where: Scope) -> Sequence[int]:
        """Those that everybody sees and that are not done."""
        still_open = PUBLISHED, _ACTIONS.c.status != Progress.DONE
        query = select(_ACTIONS.c.id).where(*within(where), *still_open)
        return [row.id for row in unit.rows(query.order_by(_ACTIONS.c.created_at.desc(), _ACTIONS.c.id))]

    def lies_in(self, unit: Unit, id: int, where: Scope) -> bool:
        """Drafts, too."""
        return bool(unit.rows(select(_ACTIONS.c.id).where(_ACTIONS.c.id == id, *within(where))))

    def titles(self, unit: Unit, ids: Sequence[int]) -> Mapping[int, Names]:
        """By id."""
        words = words_of(unit, ids)
        return {id: words[str(id)][Section.TITLE] for id in ids if Section.TITLE in words.get(str(id), {})}


causes.sign_in(Sake.ACTION, _PilotPlans())
