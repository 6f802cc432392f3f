"""Published pilot actions that are there no more: those who plan them withdraw them, followers are told."""

from sqlalchemy import delete, update
from sqlmodel import col

from flows.actions.actions import Progress
from flows.actions.pilots import Change, WithdrawAction
from flows.pushes.pushed import Notice
from storage.actions.piloted import Action, Follower
from storage.actions.pilots import asking, locked, note
from storage.actions.waves import end_wave
from storage.pushes.followed import concerned
from storage.pushes.notices import notify, take_back
from storage.registry import applies
from storage.tables import table
from storage.unit import Unit
from storage.words import course


@applies(WithdrawAction)
def withdraw_action(unit: Unit, effect: WithdrawAction) -> bool:
    """Take it from everybody's sight: nobody follows it any more, and nothing is linked to it.

    Feedback to it is kept, with the figures that may be shown of it; a wave that is open ends.
    """
    row = locked(unit, effect)
    if row is None or row.published_at is None:
        return False
    told = concerned(unit, row.id)
    wave = asking(unit, row.id)
    if wave is not None:
        end_wave(unit, row, wave)
    unit.change(update(table(Action)).where(col(Action.id) == row.id).values(status=Progress.WITHDRAWN))
    note(unit, row.id, Change.PROGRESS, Progress.WITHDRAWN)
    course.let_go(unit, row.id)
    unit.change(delete(table(Follower)).where(col(Follower.action_id) == row.id))
    take_back(unit.connection, row.id, Notice.PROGRESS, Notice.FEEDBACK, Notice.FINDINGS)
    notify(unit.connection, unit.context, told, Notice.WITHDRAWN, row.id, unit.now)
    return True
