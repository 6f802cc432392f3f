"""Announcements as those see them who may announce: listed, described, counted."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, case, select
from sqlmodel import col

from flows.actions.actions import Section
from flows.announcements.announcement import (
    Aim,
    Announcement,
    AnnouncementLine,
    AnnouncementPlace,
    Announcements,
    AnnouncementWords,
    By,
    LinkButton,
    OneAnnouncement,
    Stage,
)
from flows.announcements.letter import Content
from flows.coordinate import place_of
from flows.files import Medium
from flows.moves import Names
from flows.people.roles import Scope
from flows.times.local_time import wall
from storage.actions.piloted import ActionText
from storage.announcements.announced import Announcement as Announced
from storage.announcements.announced import AnnouncementLink, AnnouncementText
from storage.announcements.audience import read_aims
from storage.announcements.counts import told_figures
from storage.context import Context
from storage.messages import media
from storage.occasions.planned import Occasion
from storage.occasions.sheets import words_of
from storage.occasions.spots import spot
from storage.people import audit
from storage.people.permissions import scope_of
from storage.registry import loads
from storage.sql import among
from storage.tables import table
from storage.unit import Unit

LATELY: Final = timedelta(days=180)
"""How long something that was sent is listed."""

MOST: Final = 200
"""Announcements in one list."""

THERE: Final = table(Announced)
_TO_DO: Final = case((THERE.c.ended_at.is_(None), 0), else_=1)
_FOUND: Final = select(THERE).where(THERE.c.id == bindparam("id"))
_TEXTS: Final = (
    select(table(AnnouncementText))
    .where(among(col(AnnouncementText.announcement_id), "ids"))
    .order_by(col(AnnouncementText.language))
)
_LINKS: Final = (
    select(table(AnnouncementLink))
    .where(among(col(AnnouncementLink.announcement_id), "ids"))
    .order_by(col(AnnouncementLink.announcement_id), col(AnnouncementLink.number))
)
_CALLED: Final = select(col(ActionText.language), col(ActionText.text)).where(
    col(ActionText.action_id) == bindparam("id"), col(ActionText.part) == Section.TITLE
)


def words_with(row: Row[Any]) -> int:
    """The id of the round with which the words of an announcement stand."""
    return int(row.series or row.id)


@loads(Announcements)
def announcements(unit: Unit, where: Scope) -> Announcements:
    """Those of a scope and what lies in it; of what comes again the round to come, and those that were."""
    recent = THERE.c.ended_at.is_(None) | (THERE.c.ended_at > unit.now - LATELY)
    query = select(THERE).where(recent, *_within(where))
    rows = unit.rows(query.order_by(_TO_DO, THERE.c.changed_at.desc(), THERE.c.id).limit(MOST))
    me = audit.actor(unit)
    return Announcements(
        tuple(
            AnnouncementLine(
                id=row.id,
                where=scope_of(row._mapping),
                stage=Stage(row.stage),
                is_mine=row.planner == me,
                starts=_starts(row),
            )
            for row in rows
        )
    )


def _within(where: Scope) -> Iterable[ColumnElement[bool]]:
    if where.territory is not None:
        yield THERE.c.territory == where.territory
    if where.group is not None:
        yield THERE.c.group_slug == where.group


def _starts(row: Row[Any]) -> datetime | None:
    """When it begins or has begun, by its clocks."""
    moment = row.begun_at or row.begins_at
    return None if moment is None else wall(moment, row.zone).replace(second=0, microsecond=0)


@loads(AnnouncementPlace)
def announcement_place(unit: Unit, id: int) -> AnnouncementPlace:
    """Where it is; what it says is told only to those who may announce there."""
    rows = unit.rows(_FOUND, {"id": id})
    return AnnouncementPlace(scope_of(rows[0]._mapping) if rows else None)


@loads(OneAnnouncement)
def one_announcement(unit: Unit, where: Scope, id: int) -> OneAnnouncement:
    """One of exactly that scope."""
    rows = [row for row in unit.rows(_FOUND, {"id": id}) if scope_of(row._mapping) == where]
    return OneAnnouncement(_described(unit, rows[0]) if rows else None)


def _described(unit: Unit, row: Row[Any]) -> Announcement:
    texts, links = texts_of(unit.connection, [row]), links_of(unit.connection, [row])
    return Announcement(
        id=row.id,
        spot=spot(unit.context, scope_of(row._mapping)),
        stage=Stage(row.stage),
        is_mine=row.planner == audit.actor(unit),
        languages=tuple(texts[row.id]),
        aims=read_aims(row.aims),
        links=tuple(
            LinkButton(link.number, link.address, tuple(json.loads(link.labels))) for link in links[row.id]
        ),
        asks_interest=row.asks_interest,
        medium=_medium(unit.connection, row),
        zone=row.zone,
        starts=_starts(row),
        rule=row.rule,
        first=datetime.fromisoformat(row.starts) if row.starts else None,
        occasion=row.occasion,
        lead=row.lead,
        until=datetime.fromisoformat(row.until) if row.until else None,
        figures=told_figures(unit, row),
    )


@loads(AnnouncementWords)
def announcement_words(unit: Unit, where: Scope) -> AnnouncementWords:
    """What is written of those within a scope, and what their audiences go by is called."""
    rows = unit.rows(select(THERE).where(*_within(where)).order_by(THERE.c.changed_at.desc()).limit(MOST))
    texts, links = texts_of(unit.connection, rows), links_of(unit.connection, rows)
    labels = {f"{id}:{link.number}": json.loads(link.labels) for id in links for link in links[id]}
    names: dict[str, Names] = {}
    for row in rows:
        for aim in read_aims(row.aims):
            names[f"{aim.by}:{aim.value.partition(':')[0]}"] = _called(unit, scope_of(row._mapping), aim)
        if row.occasion is not None:
            names[f"{By.ANSWER}:{row.occasion}"] = _title(unit, row.occasion)
    return AnnouncementWords({str(id): text for id, text in texts.items()}, labels, names)


def texts_of(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, dict[str, str]]:
    """What announcements say, by id and language."""
    of = {row.id: words_with(row) for row in rows}
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    for text in connection.execute(_TEXTS, {"ids": sorted(set(of.values()))}):
        texts[text.announcement_id][text.language] = text.text
    return {id: texts[first] for id, first in of.items()}


def links_of(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, list[Row[Any]]]:
    """Their links, by id."""
    of = {row.id: words_with(row) for row in rows}
    links: dict[int, list[Row[Any]]] = defaultdict(list)
    for link in connection.execute(_LINKS, {"ids": sorted(set(of.values()))}):
        links[link.announcement_id].append(link)
    return {id: links[first] for id, first in of.items()}


def contents(connection: Connection, context: Context, rows: Sequence[Row[Any]]) -> dict[int, Content]:
    """What announcements say to their readers, by id."""
    if not rows:
        return {}
    texts, links = texts_of(connection, rows), links_of(connection, rows)
    return {
        row.id: Content(
            id=row.id,
            place=place_of(spot(context, scope_of(row._mapping))),
            texts=texts[row.id],
            links=tuple((json.loads(link.labels), link.address) for link in links[row.id]),
            asks_interest=row.asks_interest,
            medium=_medium(connection, row),
        )
        for row in rows
    }


def _medium(connection: Connection, row: Row[Any]) -> Medium | None:
    return None if row.medium is None else media.find(connection, row.medium)


def _called(unit: Unit, where: Scope, aim: Aim) -> Names:
    """What the value of a condition is called, by language; {} where it has no names of ours."""
    match aim.by:
        case By.TERRITORY:
            territory = unit.context.territories.get(aim.value)
            return territory.names if territory else {}
        case By.GROUP:
            return spot(unit.context, Scope(where.territory, aim.value)).group
        case By.ANSWER:
            return _title(unit, int(aim.value.partition(":")[0]))
        case By.ACTION:
            return {row.language: row.text for row in unit.rows(_CALLED, {"id": int(aim.value)})}
        case _:
            return {}


def _title(unit: Unit, occasion: int) -> Names:
    """What a meeting is called."""
    rows = unit.rows(select(table(Occasion)).where(col(Occasion.id) == occasion))
    return next((words.title for words in words_of(unit.connection, rows).values()), {})
