"""The words of occasions, in each language in which they were written."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from flows.actions.actions import Section
from flows.occasions.occasions import Sheet, Sheets
from storage.actions.piloted import PUBLISHED, Action, ActionText
from storage.occasions.occasions import seen
from storage.occasions.planned import OccasionText, Post, PostText
from storage.registry import loads
from storage.sql import among
from storage.tables import table
from storage.unit import Unit

_FIELDS: Final = ("title", "description", "agenda", "place", "host", "resources", "minutes")
_TEXTS: Final = (
    select(table(OccasionText))
    .where(among(col(OccasionText.occasion_id), "ids"))
    .order_by(col(OccasionText.language))
)
_POST_NAMES: Final = (
    select(col(Post.occasion_id), col(Post.number), col(PostText.language), col(PostText.name))
    .join(table(PostText), col(PostText.post_id) == col(Post.id))
    .where(among(col(Post.occasion_id), "ids"))
    .order_by(col(PostText.language))
)
_ACTIONS: Final = (
    select(col(ActionText.action_id), col(ActionText.language), col(ActionText.text))
    .join(table(Action), col(Action.id) == col(ActionText.action_id))
    .where(
        among(col(ActionText.action_id), "ids"),
        col(ActionText.part) == Section.TITLE,
        PUBLISHED,
    )
    .order_by(col(ActionText.language))
)

Texts = dict[tuple[int, str], dict[str, str]]
"""What is written, by language: by the id of an occasion and the name of a field, or the number of a post.

"" stands for what was taken away: nothing is said there, whatever the first date of the series says.
"""


@loads(Sheets)
def sheets(unit: Unit, ids: tuple[int, ...]) -> Sheets:
    """The words of those occasions that the person may see."""
    rows = seen(unit, ids)
    kinds = unit.context.occasion_kinds
    return Sheets(
        {str(id): sheet for id, sheet in words_of(unit.connection, rows).items()},
        {str(row.id): kinds[row.kind].names for row in rows if row.kind in kinds},
    )


def words_of(connection: Connection, occasions: Iterable[Row[Any]]) -> dict[int, Sheet]:
    """The words of occasions, by id; what one date of a series does not say itself, its first one does."""
    rows = list(occasions)
    ids = {row.id for row in rows} | {row.series for row in rows if row.series is not None}
    texts = _texts(connection, ids)
    names = _post_names(connection, ids)
    actions = _actions(connection, {row.action for row in rows if row.action is not None})
    return {row.id: _sheet(row, texts, names, actions.get(row.action, {})) for row in rows}


def _texts(connection: Connection, ids: Iterable[int]) -> Texts:
    found: Texts = {}
    for row in connection.execute(_TEXTS, {"ids": list(ids)}):
        for name in _FIELDS:
            if (written := row._mapping[name]) is not None:
                found.setdefault((row.occasion_id, name), {})[row.language] = written
    return found


def _post_names(connection: Connection, ids: Iterable[int]) -> Texts:
    found: Texts = {}
    for row in connection.execute(_POST_NAMES, {"ids": list(ids)}):
        found.setdefault((row.occasion_id, str(row.number)), {})[row.language] = row.name
    return found


def _actions(connection: Connection, ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """What pilot actions are called, by id and language, as far as they are published."""
    found: dict[int, dict[str, str]] = {}
    if ids:
        for row in connection.execute(_ACTIONS, {"ids": list(ids)}):
            found.setdefault(row.action_id, {})[row.language] = row.text
    return found


def _sheet(row: Row[Any], texts: Texts, names: Texts, action: Mapping[str, str]) -> Sheet:
    def said(name: str) -> dict[str, str]:
        first = texts.get((row.series, name), {}) if row.series and name != "minutes" else {}
        return _there(first, texts.get((row.id, name), {}))

    posts: dict[str, Mapping[str, str]] = {
        number: _there(names.get((row.series, number), {}), names.get((row.id, number), {}))
        for occasion, number in names
        if occasion in (row.id, row.series)
    }
    return Sheet(**{name: said(name) for name in _FIELDS}, posts=posts, action=action)


def _there(first: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """What is said at a date, by language: by itself, or else by the first one."""
    return {language: words for language, words in {**first, **own}.items() if words}
