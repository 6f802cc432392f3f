"""What is planned, described: its words in each language, its posts and seats, where it is and for whom."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, delete, func, select, update
from sqlmodel import col

from flows.occasions.occasions import HELD, Standing, State
from flows.occasions.sheet import Part
from flows.people.roles import roles_in
from flows.planning.planning import (
    MOST_POSTS,
    MOST_QUESTIONS,
    MOST_SEATS,
    AddPost,
    Address,
    AskThem,
    BelongTo,
    CountHours,
    CountSeats,
    Dedicate,
    Describe,
    DropPost,
    Extent,
    LinkOnline,
    NamePost,
    PinPlace,
    Planned,
    Seats,
)
from storage.actions.piloted import PUBLISHED, Action
from storage.actions.pilots import within
from storage.occasions import occasions
from storage.occasions.carded import mark
from storage.occasions.helped import Standby
from storage.occasions.planned import Answer, Occasion, OccasionQuestion, OccasionText, Post, PostText
from storage.occasions.seats import promote
from storage.planning.occupancy import watch_anew
from storage.planning.planning import changed, dates, found, found_draft, set_columns
from storage.registry import applies
from storage.sql import insert_new, upsert
from storage.tables import table
from storage.unit import Unit

_TOLD: Final = (Part.TITLE, Part.PLACE)
"""Parts of which people who come are told when they change."""

_IN_CALENDARS: Final = (Part.DESCRIPTION, Part.AGENDA, Part.HOST)
"""Other parts that stand in calendars, which compare when it was changed (RFC 5545, 3.8.7.2 and 3.8.7.3).

The sequence grows only with what somebody who comes must know of (3.8.7.4).
"""


@applies(Describe)
def describe(unit: Unit, effect: Describe) -> Planned:
    """Keep the words; of a series whose first date is changed alone, the others keep those they had."""
    row = found(unit, effect)
    if row is None or row.state == State.CANCELLED:
        return Planned.GONE
    described = dates(unit, row, effect.extent)
    if row.id == row.series and effect.part is not Part.MINUTES:
        _keep_for_others(unit, effect, {each.id for each in described})
    for each in described:
        _write(unit, each.id, effect.part, effect.language, effect.text)
    if effect.part in _TOLD:
        changed(unit, described)
    elif effect.part in _IN_CALENDARS:
        set_columns(unit, described)
    return Planned.DONE


def _keep_for_others(unit: Unit, effect: Describe, described: set[int]) -> None:
    """Write down for the other dates what they read with the first one so far, or that it was nothing."""
    old = _text(unit, effect.occasion, effect.part, effect.language) or ""
    others = select(col(Occasion.id)).where(col(Occasion.series) == effect.occasion)
    for (other,) in unit.rows(others):
        if other not in described and _text(unit, other, effect.part, effect.language) is None:
            _write(unit, other, effect.part, effect.language, old)


def _text(unit: Unit, occasion: int, part: Part, language: str) -> str | None:
    """What one date says itself; None: what the first one of its series does."""
    written = select(table(OccasionText).c[part]).where(
        col(OccasionText.occasion_id) == occasion, col(OccasionText.language) == language
    )
    rows = unit.rows(written)
    return rows[0][0] if rows else None


def _write(unit: Unit, occasion: int, part: Part, language: str, text: str) -> None:
    there = {"occasion_id": occasion, "language": language}
    unit.change(insert_new(unit.connection.dialect.name, OccasionText), there)
    unit.change(
        update(table(OccasionText))
        .where(col(OccasionText.occasion_id) == occasion, col(OccasionText.language) == language)
        .values({part.value: text})
    )


@applies(PinPlace)
def pin(unit: Unit, effect: PinPlace) -> Planned:
    """Keep the point."""
    latitude, longitude = effect.pin or (None, None)
    return _set(unit, effect, effect.extent, latitude=latitude, longitude=longitude)


@applies(LinkOnline)
def link(unit: Unit, effect: LinkOnline) -> Planned:
    """Keep the link."""
    return _set(unit, effect, effect.extent, link=effect.link or None)


def _set(unit: Unit, effect: PinPlace | LinkOnline, extent: Extent, **values: Any) -> Planned:
    row = found(unit, effect)
    if row is None or row.state == State.CANCELLED:
        return Planned.GONE
    rows = dates(unit, row, extent)
    set_columns(unit, rows, **values)
    changed(unit, rows)
    return Planned.DONE


@applies(Address)
def address(unit: Unit, effect: Address) -> Planned:
    """Keep for which role a draft is, if that is one by which somebody there can be meant."""
    row = found_draft(unit, effect)
    if row is None or effect.role not in (None, *roles_in(effect.where)):
        return Planned.GONE
    set_columns(unit, [row], role=effect.role)
    return Planned.DONE


@applies(Dedicate)
def dedicate(unit: Unit, effect: Dedicate) -> Planned:
    """Keep for who follows which theme a draft is."""
    row = found_draft(unit, effect)
    if row is None or effect.theme not in (None, *unit.context.themes):
        return Planned.GONE
    set_columns(unit, [row], theme=effect.theme)
    return Planned.DONE


@applies(BelongTo)
def belong_to(unit: Unit, effect: BelongTo) -> Planned:
    """Keep which pilot action it is part of, if that is one that people see in the same scope.

    Nobody is told: what they come to is the same.
    """
    row = found(unit, effect)
    if row is None or row.state == State.CANCELLED:
        return Planned.GONE
    shown = select(col(Action.id)).where(*within(effect.where), PUBLISHED)
    if effect.action is not None and not unit.rows(shown.where(col(Action.id) == effect.action)):
        return Planned.GONE
    set_columns(unit, dates(unit, row, effect.extent), action=effect.action)
    return Planned.DONE


@applies(AddPost)
def add_post(unit: Unit, effect: AddPost) -> int:
    """Add a post to each of the dates, under the next number that none of the series has."""
    row = found(unit, effect)
    if row is None or row.state == State.CANCELLED:
        return 0
    everywhere = select(func.max(col(Post.number))).join(
        table(Occasion), col(Occasion.id) == col(Post.occasion_id)
    )
    of = col(Occasion.id) == row.id if row.series is None else col(Occasion.series) == row.series
    number = (unit.rows(everywhere.where(of))[0][0] or 0) + 1
    if number > MOST_POSTS:
        return 0
    rows = dates(unit, row, effect.extent)
    for each in rows:
        id = unit.new_id()
        unit.add(Post, id=id, occasion_id=each.id, number=number, seats=None, minutes=None)
        unit.add(PostText, post_id=id, language=effect.language, name=effect.name)
        mark(unit.connection, each.id, unit.now)
    watch_anew(unit.connection, (each.id for each in rows))
    return int(number)


@applies(NamePost)
def name_post(unit: Unit, effect: NamePost) -> Planned:
    """Keep the name of a post in each of the dates; without a name, that it has none in that language."""
    posts = _posts(unit, effect, effect.extent)
    if not posts:
        return Planned.GONE
    old = _names(unit, effect).get(effect.language, "")
    _keep_names_for_others(unit, effect, posts, {effect.language: old})
    for post in posts:
        values = {"post_id": post.id, "language": effect.language, "name": effect.name}
        unit.change(upsert(unit.connection, PostText), values)
        mark(unit.connection, post.occasion_id, unit.now)
    return Planned.DONE


@applies(DropPost)
def drop_post(unit: Unit, effect: DropPost) -> Planned:
    """Take a post away; those who said that they do not come stay with the first of the others."""
    posts = _posts(unit, effect, effect.extent)
    if not posts:
        return Planned.GONE
    wanted = col(Answer.standing).in_((*HELD, Standing.WAITING))
    ids = [post.id for post in posts]
    if unit.rows(select(col(Answer.post_id)).where(col(Answer.post_id).in_(ids), wanted)):
        return Planned.TAKEN
    others = {post.id: _another(unit, post) for post in posts}
    if None in others.values():
        return Planned.NO_POST
    _keep_names_for_others(unit, effect, posts, _names(unit, effect))
    for id, other in others.items():
        unit.change(update(table(Answer)).where(col(Answer.post_id) == id).values(post_id=other))
        for model in (PostText, Standby):
            unit.change(delete(table(model)).where(table(model).c.post_id == id))
        unit.change(delete(table(Post)).where(col(Post.id) == id))
    for post in posts:
        mark(unit.connection, post.occasion_id, unit.now)
    return Planned.DONE


def _names(unit: Unit, effect: NamePost | DropPost) -> dict[str, str]:
    """What a post is called at that date itself, by language."""
    query = (
        select(col(PostText.language), col(PostText.name))
        .join(table(Post), col(Post.id) == col(PostText.post_id))
        .where(col(Post.occasion_id) == effect.occasion, col(Post.number) == effect.post)
    )
    return {row.language: row.name for row in unit.rows(query)}


def _keep_names_for_others(
    unit: Unit, effect: NamePost | DropPost, changed: Iterable[Row[Any]], names: Mapping[str, str]
) -> None:
    """Write down for the other dates of a series what is called so by its first one so far."""
    others = (
        select(col(Post.id))
        .join(table(Occasion), col(Occasion.id) == col(Post.occasion_id))
        .where(
            col(Occasion.series) == effect.occasion,
            col(Post.number) == effect.post,
            col(Post.id).not_in([post.id for post in changed]),
        )
    )
    for (other,) in unit.rows(others):
        for language, name in names.items():
            values = {"post_id": other, "language": language, "name": name}
            unit.change(insert_new(unit.connection.dialect.name, PostText), values)


def _another(unit: Unit, post: Row[Any]) -> int | None:
    """The first other post of the same date; None: there is no other."""
    query = select(col(Post.id)).where(col(Post.occasion_id) == post.occasion_id, col(Post.id) != post.id)
    rows = unit.rows(query.order_by(col(Post.number)))
    return rows[0].id if rows else None


@applies(CountSeats)
def count_seats(unit: Unit, effect: CountSeats) -> Seats:
    """Change how many seats there are, unless people have more of them; offer what becomes free."""
    if effect.seats is not None and not 1 <= effect.seats <= MOST_SEATS:
        return Seats(Planned.GONE)
    row = found(unit, effect)
    if row is None or row.state == State.CANCELLED:
        return Seats(Planned.GONE)
    rows = dates(unit, row, effect.extent)
    posts = _numbered(unit, rows, effect.post)
    if not posts:
        return Seats(Planned.GONE)
    taken = max(int(post.taken) for post in posts)
    if effect.seats is not None and effect.seats < taken:
        return Seats(Planned.TAKEN, taken)
    _set_posts(unit, posts, seats=effect.seats)
    limited = (post for post in posts if post.seats is not None)
    wider = (post for post in limited if effect.seats is None or effect.seats > post.seats)
    watch_anew(unit.connection, (post.occasion_id for post in wider))
    for each in rows:
        promote(unit.connection, unit.context, each, unit.now)
    return Seats(Planned.DONE)


@applies(CountHours)
def count_hours(unit: Unit, effect: CountHours) -> Planned:
    """Keep how long one is busy."""
    posts = _posts(unit, effect, effect.extent)
    _set_posts(unit, posts, minutes=effect.minutes)
    for post in posts:
        mark(unit.connection, post.occasion_id, unit.now)
    return Planned.DONE if posts else Planned.GONE


def _posts(unit: Unit, effect: NamePost | DropPost | CountHours, extent: Extent) -> Sequence[Row[Any]]:
    """The posts of that number in the dates of a change; none where there is nothing to change."""
    row = found(unit, effect)
    if row is None or row.state == State.CANCELLED:
        return ()
    return _numbered(unit, dates(unit, row, extent), effect.post)


def _numbered(unit: Unit, rows: Iterable[Row[Any]], number: int) -> Sequence[Row[Any]]:
    """The posts of that number, with how many seats are `taken`."""
    there = occasions.posts(unit.connection, [row.id for row in rows])
    return [post for posts in there.values() for post in posts if post.number == number]


def _set_posts(unit: Unit, posts: Iterable[Row[Any]], **values: Any) -> None:
    ids = [post.id for post in posts]
    unit.change(update(table(Post)).where(col(Post.id).in_(ids)).values(**values))


@applies(AskThem)
def ask_them(unit: Unit, effect: AskThem) -> Planned:
    """Keep a question to those who come; of a series it stands with the first date."""
    row = found(unit, effect)
    if row is None or row.state == State.CANCELLED or not 1 <= effect.number <= MOST_QUESTIONS:
        return Planned.GONE
    question = {"occasion_id": row.series or row.id, "number": effect.number, "language": effect.language}
    if effect.text:
        unit.change(upsert(unit.connection, OccasionQuestion), {**question, "text": effect.text})
    else:
        asked = table(OccasionQuestion)
        unit.change(delete(asked).where(*(asked.c[name] == value for name, value in question.items())))
    return Planned.DONE
