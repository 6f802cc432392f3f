"""Helping at an activity, told afterwards: how many hours it was, and how it went in a sentence."""

from dataclasses import dataclass
from enum import StrEnum

from flows.events import Wrote
from flows.moves import Ask, Choice, Effect, Flow, Key, Known, Reading, Refused, Say, choose, do, look
from flows.occasions.afterwards import About, remark
from flows.occasions.sheet import in_hours
from flows.times.typed_hours import MOST, read_hours


class There(StrEnum):
    """Whether somebody was there."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Helped(Known):
    """What the person has given to an activity, with all its dates, and what all have; looked at with its id.

    Of all, only as much as says nothing about a few.
    """

    usual: int | None  # minutes of their post at this date; None: there is nothing they could report
    minutes: int = 0  # the person's, of all dates
    times: int = 0  # how often anybody has helped; 0: too few people for a figure
    all_minutes: int = 0  # together, of those times


@dataclass(frozen=True, slots=True)
class ReportDone(Effect[bool]):
    """Say how long one has helped, in the place of what was said before; False where one had no post."""

    occasion: int
    minutes: int  # 0: the person was not there


def report(occasion: int) -> Flow[None]:
    """A person says whether they were there, for how long, and how it went.

    there -> hours -> a sentence, if they like -> thanks, with what all have given together
    """
    known = yield from look(Helped, occasion)
    if known.usual is None:
        yield Say("helped.gone")
    elif (yield from choose("helped.there", There, columns=2)) is There.YES:
        yield from report_hours(occasion)
    else:
        yield from do(ReportDone(occasion, 0))
        yield Say("helped.missed")


def report_hours(occasion: int) -> Flow[None]:
    """The same of somebody who has said that they were there."""
    known = yield from look(Helped, occasion)
    minutes = yield from _hours(known.usual or 0)
    if not (yield from do(ReportDone(occasion, minutes))):
        yield Say("helped.gone")
        return
    yield from remark("helped.words", occasion, About.HELPING)
    sums = yield from look(Helped, occasion)
    yield Say("helped.thanks", hours=in_hours(sums.minutes))
    if sums.times:
        yield Say("helped.together", times=sums.times, hours=in_hours(sums.all_minutes))


def _hours(usual: int) -> Flow[int]:
    """Minutes of work; those that were planned take one press."""
    planned = (Choice(str(usual), Key("helped.usual")),) if usual else ()

    def read(words: Wrote) -> Reading:
        return read_hours(words.text) or Refused(Say("helped.hours_wrong", most=in_hours(MOST)))

    answer: str | int = yield Ask(
        "helped.hours", {"hours": in_hours(usual)}, planned, reads=read, numbered=False
    )
    return int(answer)
