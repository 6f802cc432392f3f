"""What those read about an announcement who send it: for whom it is, when, and what became of it."""

from collections.abc import Iterator, Mapping
from typing import Final

from flows.announcements.announcement import (
    Aim,
    Announcement,
    AnnouncementWords,
    By,
    Figures,
    Omission,
    Reached,
    Stage,
)
from flows.announcements.letter import Content
from flows.coordinate import place_of
from flows.moves import Arg, Key, Names
from flows.occasions.sheet import Tongue
from flows.people.territory import best
from flows.times.leads import said
from flows.times.recurrence import occurrences
from flows.times.rrule import read_rule

_UNDER_WAY: Final = (Stage.SENDING, Stage.PAUSED)
_BEGUN: Final = (*_UNDER_WAY, Stage.SENT, Stage.HALTED)


def content_of(found: Announcement, words: AnnouncementWords | None) -> Content | None:
    """What it says; None where nothing is written, and while the conversation is replayed."""
    texts = words.texts.get(str(found.id)) if words else None
    if words is None or not texts:
        return None
    links = tuple((words.labels.get(f"{found.id}:{link.number}", {}), link.address) for link in found.links)
    return Content(found.id, place_of(found.spot), texts, links, found.asks_interest, found.medium)


def sheet(found: Announcement, words: AnnouncementWords | None, tongue: Tongue) -> Iterator[Key]:
    """For whom it is, and when it comes."""
    yield Key("announce.to", {"place": place_of(found.spot)})
    for aim in found.aims:
        key = "announce.to.but" if aim.out else "announce.to.only"
        yield Key(key, {"who": name_of(aim, words, tongue)})
    yield from _when(found, words, tongue)
    if found.until is not None:
        yield Key("announce.until", {"until": found.until})


def _when(found: Announcement, words: AnnouncementWords | None, tongue: Tongue) -> Iterator[Key]:
    if found.occasion is not None:
        key = "announce.before_meeting" if found.lead.startswith("-") else "announce.after_meeting"
        meeting = _named(By.ANSWER, str(found.occasion), words, tongue)
        yield Key(key, {"length": said(found.lead.removeprefix("-")), "title": meeting})
    if found.starts is not None:
        yield Key("announce.at", {"starts": found.starts, "zone": found.zone})
    elif found.occasion is None and found.stage not in _BEGUN:
        yield Key("announce.at_once")
    if found.rule is not None and found.first is not None:
        rule = read_rule(found.rule, found.first, found.zone)
        dates = tuple(occurrences(found.first, rule))
        yield Key("announce.again", {"n": len(dates), "last": dates[-1]})


def name_of(aim: Aim, words: AnnouncementWords | None, tongue: Tongue) -> Arg:
    """What a condition of an audience is called."""
    match aim.by:
        case By.LANGUAGE:
            return Key("announce.who.language", {"language": tongue.own_names.get(aim.value, aim.value)})
        case By.ROLE:
            return Key(f"announce.who.role.{aim.value}")
        case By.ANSWER:
            id, _, stance = aim.value.partition(":")
            title = _named(By.ANSWER, id, words, tongue)
            return Key(f"announce.who.answer.{stance}", {"title": title})
        case By.ACTION:
            return Key("announce.who.action", {"title": _named(aim.by, aim.value, words, tongue)})
        case _:
            return _named(aim.by, aim.value, words, tongue)


def _named(by: By, value: str, words: AnnouncementWords | None, tongue: Tongue) -> Arg:
    names: Names = words.names.get(f"{by}:{value}", {}) if words else {}
    return names[best(names, (tongue.language, *tongue.others))] if names else value


def counted(reached: Reached, own_names: Mapping[str, str]) -> Iterator[Key]:
    """How many it reaches, by language, and how many it does not, by reason.

    own_names  of the languages of its place: each has a line, or a line would tell that somebody reads it
    """
    if not reached.all:
        yield Key("announce.count.few")
        return
    yield Key("announce.count.all", {"n": reached.all})
    for code in (*own_names, *(code for code in reached.by_language if code not in own_names)):
        what = Key("announce.who.language", {"language": own_names.get(code, code)})
        if code in reached.by_language:
            yield Key("announce.count", {"what": what, "count": reached.by_language[code]})
        else:
            yield Key("announce.count.hidden", {"what": what})
    yield from _left_out(reached.left_out)
    yield Key("announce.rounded")


def _left_out(people: Mapping[str, int]) -> Iterator[Key]:
    for omission, count in people.items():
        what = Key(f"announce.omission.{Omission(omission)}")
        yield Key("announce.count", {"what": what, "count": count})


def figures_of(found: Announcement) -> Iterator[Key]:
    """What has become of it, once it has begun."""
    if found.stage in _UNDER_WAY:
        yield from _progress(found.figures)
    elif found.stage in _BEGUN:
        yield from told(found.figures, asked=found.asks_interest)


def _progress(figures: Figures) -> Iterator[Key]:
    """How far it has come, where that is about hundreds of people."""
    if figures.all:
        yield Key("announce.report.due", {"n": figures.due})
        yield Key("announce.report.delivered", {"n": figures.delivered})
        yield Key("announce.rounded")


def told(figures: Figures, *, asked: bool) -> Iterator[Key]:
    """The report: what has become of it for how many, give or take a few; fewer than ten are none."""
    if not figures.all:
        yield Key("announce.report.few")
        return
    yield Key("announce.report.delivered", {"n": figures.delivered})
    if figures.unsure:
        yield Key("announce.report.unsure", {"n": figures.unsure})
    if figures.gone:
        yield Key("announce.report.gone", {"n": figures.gone})
    yield from _left_out(figures.skipped)
    if asked:
        yield Key("announce.report.tapped", {"n": figures.tapped})
    yield Key("announce.rounded")
