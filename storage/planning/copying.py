"""What was planned once, drafted anew for another time."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlmodel import col

from flows.actions.gifts import Sake
from flows.moves import Names
from flows.occasions.occasions import Sheet
from flows.occasions.sheet import Part
from flows.planning.planning import CopyOccasion, Drafted
from flows.times.local_time import WrongTime
from storage.actions.piloted import Wanted
from storage.occasions.planned import Occasion, OccasionQuestion, OccasionText, Post, PostText
from storage.occasions.sheets import words_of
from storage.planning.planning import blank, found, lasting, time_columns
from storage.registry import applies
from storage.tables import table
from storage.unit import Unit

_COPIED: Final = (
    "sort", "kind", "territory", "group_slug", "role", "theme", "zone", "link", "latitude", "longitude",
    "most_party", "action",
)  # fmt: skip


@applies(CopyOccasion)
def copy(unit: Unit, effect: CopyOccasion) -> Drafted:
    """Draft the same anew: its words, posts, questions and what it needs, without answers and minutes."""
    row = found(unit, effect)
    if row is None:
        return Drafted(None)
    try:
        when = time_columns(effect.starts, effect.starts + lasting(row), row.zone, unit.now)
    except WrongTime:
        return Drafted(None)
    id = unit.new_id()
    same = {name: row._mapping[name] for name in _COPIED}
    unit.add(Occasion, **{**blank(unit, id), **same, **when})
    (words,) = words_of(unit.connection, [row]).values()
    _copy_words(unit, words, id)
    _copy_posts(unit, row.id, words.posts, id)
    _copy_of_series(unit, row.series or row.id, id)
    return Drafted(id)


def _copy_words(unit: Unit, words: Sheet, id: int) -> None:
    parts = {part: part.of(words) for part in Part if part is not Part.MINUTES}
    for language in sorted({language for names in parts.values() for language in names}):
        texts = {part.value: names.get(language) for part, names in parts.items()}
        unit.add(OccasionText, occasion_id=id, language=language, minutes=None, **texts)


def _copy_posts(unit: Unit, original: int, names: Mapping[str, Names], id: int) -> None:
    posts = select(table(Post)).where(col(Post.occasion_id) == original).order_by(col(Post.number))
    for post in unit.rows(posts):
        post_id = unit.new_id()
        unit.add(Post, **{**post._mapping, "id": post_id, "occasion_id": id})
        for language, name in names.get(str(post.number), {}).items():
            unit.add(PostText, post_id=post_id, language=language, name=name)


def _copy_of_series(unit: Unit, first: int, id: int) -> None:
    """Copy what stands with the first date of a series: its questions, and what it needs."""
    for question in unit.rows(
        select(table(OccasionQuestion)).where(col(OccasionQuestion.occasion_id) == first)
    ):
        unit.add(OccasionQuestion, **{**question._mapping, "occasion_id": id})
    needed = select(table(Wanted)).where(col(Wanted.cause) == Sake.ACTIVITY, col(Wanted.cause_id) == first)
    for wanted in unit.rows(needed):
        unit.add(Wanted, **{**wanted._mapping, "cause_id": id})
