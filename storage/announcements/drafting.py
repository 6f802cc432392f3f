"""Announcements drafted: words, buttons, audience and time; each step locks the announcement's row first."""

import json
from typing import Any, Final

from sqlalchemy import Row, delete, select, update
from sqlmodel import col

from flows.announcements.announcement import MOST_LINKS, Aim, By, Stage
from flows.announcements.steps import (
    AimAt,
    AnnouncementStep,
    AskInterest,
    AttachFile,
    Came,
    CopyAnnouncement,
    DiscardAnnouncement,
    DraftAnnouncement,
    KeepFor,
    LabelLink,
    Schedule,
    ScheduleByMeeting,
    SetLink,
    WriteAnnouncement,
)
from flows.occasions.occasions import State
from flows.people.roles import roles_in
from flows.times.local_time import moment
from storage.announcements.announced import Announcement, AnnouncementLink, AnnouncementText
from storage.announcements.announcements import THERE, links_of, texts_of
from storage.announcements.audience import read_aims, write_aims
from storage.announcements.rounds import begins_beside
from storage.messages import media
from storage.occasions.planned import Occasion
from storage.people import audit
from storage.people.permissions import scope_of
from storage.planning.drafts import drop_announcements
from storage.pushes.habits import home_zone
from storage.registry import applies
from storage.sql import upsert
from storage.tables import table
from storage.types import write
from storage.unit import Unit

_WALL: Final = "%Y-%m-%dT%H:%M"
_COPIED: Final = ("territory", "group_slug", "aims", "asks_interest", "medium", "zone")


def found(unit: Unit, effect: AnnouncementStep[Any], *stages: Stage) -> Row[Any] | None:
    """The announcement a step is about, locked; None where there is none in exactly that scope and stage."""
    query = select(THERE).where(THERE.c.id == effect.id, THERE.c.stage.in_(stages))
    rows = unit.rows(query.with_for_update())
    return next((row for row in rows if scope_of(row._mapping) == effect.where), None)


def keep(unit: Unit, row: Row[Any] | None, **columns: Any) -> Came:
    """Give it other values."""
    if row is None:
        return Came.GONE
    unit.change(update(THERE).where(THERE.c.id == row.id).values(changed_at=unit.at, **columns))
    return Came.DONE


@applies(DraftAnnouncement)
def draft(unit: Unit, effect: DraftAnnouncement) -> int:
    """Begin one by the clocks of its place."""
    places = (effect.where.territory, unit.person.territory)
    zone = next(filter(None, (home_zone(unit.context, place) for place in places)), "UTC")
    place = {"territory": effect.where.territory, "group_slug": effect.where.group, "zone": zone}
    return _new(unit, {**place, "aims": write_aims(()), "asks_interest": False, "medium": None})


def _new(unit: Unit, columns: dict[str, Any]) -> int:
    id = unit.new_id()
    nothing = dict.fromkeys(
        (
            "starts", "rule", "series", "occasion", "until", "begins_at", "confirmed_at", "begun_at",
            "not_after", "found_until", "ended_at", "figures",
        )
    )  # fmt: skip
    unit.add(
        Announcement,
        id=id,
        planner=audit.actor(unit),
        stage=Stage.DRAFT,
        lead="",
        confirmed_twice=False,
        found=0,
        created_at=unit.at,
        changed_at=unit.at,
        **nothing,
        **columns,
    )
    return id


@applies(WriteAnnouncement)
def write_text(unit: Unit, effect: WriteAnnouncement) -> Came:
    """Keep the text in one language, or delete it."""
    row = found(unit, effect, Stage.DRAFT)
    if row is None:
        return Came.GONE
    words = table(AnnouncementText)
    if effect.text:
        new = {"announcement_id": row.id, "language": effect.language, "text": effect.text}
        unit.connection.execute(upsert(unit.connection, AnnouncementText), [new])
    else:
        this = (words.c.announcement_id == row.id, words.c.language == effect.language)
        unit.change(delete(words).where(*this))
    return keep(unit, row)


@applies(SetLink)
def set_link(unit: Unit, effect: SetLink) -> Came:
    """Keep where a button leads; what stands on it stays."""
    row = found(unit, effect, Stage.DRAFT)
    if row is None or not 1 <= effect.number <= MOST_LINKS:
        return Came.GONE
    links = table(AnnouncementLink)
    this = (links.c.announcement_id == row.id, links.c.number == effect.number)
    if not effect.address:
        unit.change(delete(links).where(*this))
    elif not unit.change(update(links).where(*this).values(address=effect.address)):
        new = {"announcement_id": row.id, "number": effect.number, "address": effect.address, "labels": "{}"}
        unit.add(AnnouncementLink, **new)
    return keep(unit, row)


@applies(LabelLink)
def label_link(unit: Unit, effect: LabelLink) -> Came:
    """Keep what stands on a button in one language."""
    row = found(unit, effect, Stage.DRAFT)
    if row is None:
        return Came.GONE
    links = table(AnnouncementLink)
    for link in links_of(unit.connection, [row])[row.id]:
        if link.number == effect.number:
            labels = json.loads(link.labels)
            labels.pop(effect.language, None)
            if effect.text:
                labels[effect.language] = effect.text
            this = (links.c.announcement_id == row.id, links.c.number == link.number)
            unit.change(update(links).where(*this).values(labels=write(labels)))
    return keep(unit, row)


@applies(AskInterest)
def ask_interest(unit: Unit, effect: AskInterest) -> Came:
    """Whether there is a button for it."""
    return keep(unit, found(unit, effect, Stage.DRAFT), asks_interest=effect.on)


@applies(AttachFile)
def attach_file(unit: Unit, effect: AttachFile) -> Came:
    """Keep by what name Telegram knows it."""
    row = found(unit, effect, Stage.DRAFT)
    if row is None or not effect.file:
        return keep(unit, row, medium=None)
    medium = media.receive(unit.connection, unit.origin.bot, effect.file, "", unit.at)
    return keep(unit, row, medium=medium)


@applies(AimAt)
def aim_at(unit: Unit, effect: AimAt) -> Came:
    """Add a condition, or take it away; the same person is not both meant and left out by it."""
    row = found(unit, effect, Stage.DRAFT)
    if row is None:
        return Came.GONE
    aim, aims = Aim(effect.by, effect.value, effect.out), read_aims(row.aims)
    if aim not in aims and aim.by is By.ROLE and aim.value not in roles_in(effect.where):
        return Came.GONE
    others = [each for each in aims if (each.by, each.value) != (aim.by, aim.value)]
    return keep(unit, row, aims=write_aims(others if aim in aims else [*others, aim]))


@applies(Schedule)
def schedule(unit: Unit, effect: Schedule) -> Came:
    """Keep when it begins."""
    starts = effect.starts
    begins = None if starts is None else moment(starts, effect.zone)
    if begins is not None and begins <= unit.now:
        return Came.PAST
    return keep(
        unit,
        found(unit, effect, Stage.DRAFT),
        starts=None if starts is None else f"{starts:{_WALL}}",
        zone=effect.zone,
        rule=effect.rule,
        begins_at=begins,
        occasion=None,
        lead="",
    )


@applies(ScheduleByMeeting)
def schedule_by_meeting(unit: Unit, effect: ScheduleByMeeting) -> Came:
    """Keep beside which meeting it comes."""
    row = found(unit, effect, Stage.DRAFT)
    query = select(table(Occasion)).where(col(Occasion.id) == effect.occasion)
    meeting = next((each for each in unit.rows(query) if each.state == State.PLANNED), None)
    if row is None or meeting is None:
        return Came.GONE
    begins = begins_beside(meeting, effect.lead)
    if begins <= unit.now:
        return Came.PAST
    beside = {"occasion": meeting.id, "lead": effect.lead, "zone": meeting.zone, "begins_at": begins}
    return keep(unit, row, starts=None, rule=None, **beside)


@applies(KeepFor)
def keep_for(unit: Unit, effect: KeepFor) -> Came:
    """Keep until when newcomers get it."""
    row = found(unit, effect, Stage.DRAFT)
    until = effect.until
    if row is not None and until is not None and moment(until, row.zone) <= unit.now:
        return Came.PAST
    return keep(unit, row, until=None if until is None else f"{until:{_WALL}}")


@applies(CopyAnnouncement)
def copy(unit: Unit, effect: CopyAnnouncement) -> int:
    """Draft the same anew: words, buttons and audience, without its time."""
    row = found(unit, effect, *Stage)
    if row is None:
        return 0
    id = _new(unit, {name: row._mapping[name] for name in _COPIED})
    copy_words(unit, row, id)
    return id


def copy_words(unit: Unit, row: Row[Any], to: int) -> None:
    """Give another announcement the same texts and buttons."""
    for language, text in texts_of(unit.connection, [row])[row.id].items():
        unit.add(AnnouncementText, announcement_id=to, language=language, text=text)
    for link in links_of(unit.connection, [row])[row.id]:
        unit.add(AnnouncementLink, **{**link._mapping, "announcement_id": to})


@applies(DiscardAnnouncement)
def discard(unit: Unit, effect: DiscardAnnouncement) -> Came:
    """Delete a draft with its words."""
    row = found(unit, effect, Stage.DRAFT)
    if row is None:
        return Came.GONE
    for statement in drop_announcements([row.id]):
        unit.change(statement)
    return Came.DONE
