"""Announcements drafted, confirmed, recalled, steered; each step locks the announcement's row first."""

import json
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, func, select, update
from sqlmodel import col

from flows.announcements.announcement import MOST_LINKS, Aim, Fate, Omission, Stage
from flows.announcements.letter import TapInterest, Tapped
from flows.announcements.steps import (
    AimAt,
    AnnouncementStep,
    AskInterest,
    AttachFile,
    Came,
    ConfirmAnnouncement,
    CopyAnnouncement,
    DiscardAnnouncement,
    DraftAnnouncement,
    KeepFor,
    LabelLink,
    RecallAnnouncement,
    Schedule,
    ScheduleByMeeting,
    SetLink,
    Steer,
    Steering,
    WriteAnnouncement,
)
from flows.occasions.occasions import State
from flows.people.roles import Permission
from flows.pushes.pushed import Notice
from flows.times.local_time import moment
from storage.announcements.announced import Announcement, AnnouncementLink, AnnouncementText, Recipient
from storage.announcements.announcements import THERE, links_of, texts_of
from storage.announcements.audience import audience, read_aims, write_aims
from storage.announcements.recipients import call_back
from storage.announcements.rounds import announcers, ask_second, begins_beside
from storage.messages import media
from storage.occasions.planned import Occasion
from storage.people import audit
from storage.people.audit import What
from storage.people.permissions import scope_of
from storage.pushes.habits import home_zone
from storage.pushes.pushes import take_back
from storage.registry import applies
from storage.sql import upsert
from storage.tables import table
from storage.types import write
from storage.unit import Unit

TO_RECALL: Final = timedelta(minutes=10)
"""So long after it was confirmed an announcement begins at the earliest: time to take it back."""

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


@applies(ConfirmAnnouncement)
def confirm(unit: Unit, effect: ConfirmAnnouncement) -> Came:
    """Let it begin; above a set size two people have to confirm it. Who confirms first is its author then."""
    row = found(unit, effect, Stage.DRAFT, Stage.ASKED)
    if row is None:
        return Came.GONE
    me, is_second = audit.actor(unit), row.stage == Stage.ASKED
    if is_second and row.planner == me:
        return Came.SAME
    if (wrong := _wrong(unit, row)) is not None:
        return wrong
    if not is_second and _reached(unit, row) > unit.context.confirm_above:
        others = announcers(unit.connection, unit.context, effect.where, but=me)
        if not others:
            return Came.ALONE
        keep(unit, row, stage=Stage.ASKED, planner=me)
        ask_second(unit.connection, unit.context, row.id, others, unit.now)
        return Came.SECOND
    earliest = unit.now + TO_RECALL
    keep(
        unit,
        row,
        stage=Stage.WAITING,
        planner=row.planner if is_second else me,
        confirmed_at=unit.now,
        confirmed_twice=is_second,
        begins_at=max(row.begins_at or earliest, earliest),
    )
    take_back(unit.connection, row.id, Notice.CONFIRM)
    audit.note(unit, What.CONFIRMED, Permission.ANNOUNCE, effect.where, row.id)
    return Came.DONE


def _wrong(unit: Unit, row: Row[Any]) -> Came | None:
    """Why it cannot be sent as it is."""
    if not texts_of(unit.connection, [row])[row.id]:
        return Came.NO_TEXT
    if row.begins_at is not None and row.begins_at <= unit.now:
        return Came.PAST
    if row.begins_at is None and not _reached(unit, row):
        return Came.NOBODY
    return None


def _reached(unit: Unit, row: Row[Any]) -> int:
    """How many people it would reach now."""
    people = audience(row).subquery()
    query = select(func.count()).select_from(people).where(people.c.omission.is_(None))
    return int(unit.rows(query)[0][0])


@applies(RecallAnnouncement)
def recall(unit: Unit, effect: RecallAnnouncement) -> Came:
    """Make it a draft again; a round of a series becomes one by itself, and no other follows."""
    row = found(unit, effect, Stage.ASKED, Stage.WAITING)
    if row is None:
        return Came.GONE
    if row.series is not None:
        _copy_words(unit, row, row.id)
    begins = row.begins_at if row.starts or row.occasion else None
    take_back(unit.connection, row.id, Notice.CONFIRM)
    audit.note(unit, What.RECALLED, Permission.ANNOUNCE, effect.where, row.id)
    recalled = {"stage": Stage.DRAFT, "series": None, "confirmed_at": None, "confirmed_twice": False}
    return keep(unit, row, begins_at=begins, **recalled)


@applies(Steer)
def steer(unit: Unit, effect: Steer) -> Came:
    """Pause, resume or stop it; what waits to leave is called back, what is on its way arrives."""
    match effect.steering:
        case Steering.RESUME:
            row = found(unit, effect, Stage.PAUSED)
            columns: dict[str, Any] = {"stage": Stage.SENDING}
        case Steering.PAUSE:
            row = found(unit, effect, Stage.SENDING)
            columns = {"stage": Stage.PAUSED}
        case Steering.HALT:
            row = found(unit, effect, Stage.SENDING, Stage.PAUSED)
            columns = {"stage": Stage.HALTED, "found_until": None, "until": None}
    if row is None:
        return Came.GONE
    if effect.steering is not Steering.RESUME:
        call_back(unit.connection, row.id, unit.now)
    if effect.steering is Steering.HALT:
        due = (col(Recipient.announcement_id) == row.id, col(Recipient.state) == Fate.DUE)
        skipped = {"state": Fate.SKIPPED, "omission": Omission.HALTED, "settled_at": unit.now}
        unit.change(update(table(Recipient)).where(*due).values(**skipped))
    audit.note(unit, _STEERED[effect.steering], Permission.ANNOUNCE, effect.where, row.id)
    return keep(unit, row, **columns)


_STEERED: Final = {
    Steering.PAUSE: What.PAUSED,
    Steering.RESUME: What.RESUMED,
    Steering.HALT: What.HALTED,
}


@applies(CopyAnnouncement)
def copy(unit: Unit, effect: CopyAnnouncement) -> int:
    """Draft the same anew: words, buttons and audience, without its time."""
    row = found(unit, effect, *Stage)
    if row is None:
        return 0
    id = _new(unit, {name: row._mapping[name] for name in _COPIED})
    _copy_words(unit, row, id)
    return id


def _copy_words(unit: Unit, row: Row[Any], to: int) -> None:
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
    for model in (AnnouncementText, AnnouncementLink):
        unit.change(delete(table(model)).where(table(model).c.announcement_id == row.id))
    unit.change(delete(THERE).where(THERE.c.id == row.id))
    return Came.DONE


@applies(TapInterest)
def tap_interest(unit: Unit, effect: TapInterest) -> Tapped:
    """Note it, once, of somebody to whom it was sent."""
    mine = (
        col(Recipient.announcement_id) == effect.id,
        col(Recipient.citizen_id) == unit.person.citizen,
        col(Recipient.state).in_((Fate.OUT, Fate.DELIVERED, Fate.UNSURE)),
    )
    if not unit.rows(select(col(Recipient.id)).where(*mine)):
        return Tapped.GONE
    first = update(table(Recipient)).where(*mine, col(Recipient.tapped_at).is_(None))
    unit.change(first.values(tapped_at=unit.at))
    return Tapped.NOTED
