"""Drafts with all that hangs on them: thrown away by who plans, or once nobody touches them any more."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Delete, Select, delete, exists, select
from sqlmodel import SQLModel, col

from flows.actions.gifts import Sake
from flows.announcements.announcement import Stage
from flows.occasions.occasions import State
from storage.actions.piloted import Action, ActionChange, ActionComponent, ActionText, Wanted
from storage.announcements.announced import Announcement, AnnouncementLink, AnnouncementText
from storage.occasions.planned import Occasion, OccasionQuestion, OccasionText, Post, PostText
from storage.tables import table

Old = Callable[[datetime], Select[int]]
Drop = Callable[[Sequence[int]], Iterator[Delete]]


def drop_occasions(ids: Sequence[int]) -> Iterator[Delete]:
    """What deletes drafts of meetings and activities."""
    its_posts = select(col(Post.id)).where(col(Post.occasion_id).in_(ids))
    yield delete(table(PostText)).where(col(PostText.post_id).in_(its_posts))
    yield from _with("occasion_id", (Post, OccasionText, OccasionQuestion), ids)
    yield _no_more_needed(Sake.ACTIVITY, ids)
    yield delete(table(Occasion)).where(col(Occasion.id).in_(ids))


def drop_actions(ids: Sequence[int]) -> Iterator[Delete]:
    """What deletes drafts of pilot actions."""
    yield from _with("action_id", (ActionText, ActionComponent, ActionChange), ids)
    yield _no_more_needed(Sake.ACTION, ids)
    yield delete(table(Action)).where(col(Action.id).in_(ids))


def drop_announcements(ids: Sequence[int]) -> Iterator[Delete]:
    """What deletes drafts of announcements; their pictures go once nobody has used them for a while."""
    yield from _with("announcement_id", (AnnouncementText, AnnouncementLink), ids)
    yield delete(table(Announcement)).where(col(Announcement.id).in_(ids))


def _with(of: str, models: Sequence[type[SQLModel]], ids: Sequence[int]) -> Iterator[Delete]:
    for model in models:
        yield delete(table(model)).where(table(model).c[of].in_(ids))


def _no_more_needed(sake: Sake, ids: Sequence[int]) -> Delete:
    return delete(table(Wanted)).where(col(Wanted.cause) == sake, col(Wanted.cause_id).in_(ids))


def _old_occasions(before: datetime) -> Select[int]:
    return select(col(Occasion.id)).where(
        col(Occasion.state) == State.DRAFT, col(Occasion.changed_at) < before
    )


def _old_actions(before: datetime) -> Select[int]:
    since = exists().where(col(ActionChange.action_id) == col(Action.id), col(ActionChange.at) >= before)
    return select(col(Action.id)).where(
        col(Action.published_at).is_(None), col(Action.created_at) < before, ~since
    )


def _old_announcements(before: datetime) -> Select[int]:
    return select(col(Announcement.id)).where(
        col(Announcement.stage) == Stage.DRAFT, col(Announcement.changed_at) < before
    )


ABANDONED: Final[tuple[tuple[Old, Drop], ...]] = (
    (_old_occasions, drop_occasions),
    (_old_actions, drop_actions),
    (_old_announcements, drop_announcements),
)
"""Of each kind: which drafts nobody has touched since a moment, and what deletes them."""
