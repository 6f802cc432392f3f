"""Two digests: one in which there is something of everything, one of which nearly all figures are hidden."""

from datetime import date, datetime, time
from typing import Final

from flows.actions.actions import Progress
from flows.digests.digest import (
    ActionNews,
    Digest,
    Dimension,
    Heard,
    Idea,
    Impact,
    MeetingNews,
    Overdue,
    Promise,
)
from flows.occasions.occasions import Barrier
from flows.panels.colleges import College
from flows.panels.sheet import PanelSheet
from flows.words.statements import Question

MONDAY, SUNDAY = date(2026, 2, 23), date(2026, 3, 1)
EVENING: Final = datetime.combine(date(2026, 2, 25), time(18, 30))

FULL: Final = Digest(
    territory="riverside",
    period="2026-W09",
    first=MONDAY,
    last=SUNDAY,
    made_on=date(2026, 3, 2),
    smallest=10,
    heard=Heard(
        statements=40,
        people=22,
        questions={Question.WELL_BEING: 30, Question.ILL_BEING: None},
        dimensions=(
            Dimension("A", 20),
            Dimension("B", 12, is_new=True),
            Dimension("C", None),
            Dimension("D", None, is_new=True),
        ),
        unsorted=7,
        languages={"lv": 31, "uk": None},
        groups=("youth", "gone"),
        first=("B02",),
        rare=("A04", "X99"),
        quotes=(1, 2),
    ),
    actions=(
        ActionNews(7, {"en": "A garden"}, Progress.RUNNING, is_new=False, moved=True),
        ActionNews(8, {"lv": "Soliņš"}, Progress.IDEA, is_new=True, moved=False),
        ActionNews(
            9,
            {},
            Progress.DONE,
            is_new=False,
            moved=False,
            scale="1",
            impacts=(Impact("B05", 12, 1.5, -0.5, 1.5, 11), Impact("A01", 0, None)),
        ),
    ),
    meetings=(MeetingNews(5, {"en": "Park budget"}, "assembly", EVENING, 14, 3, 12, no=11, cannot=None),),
    barriers={Barrier.TRANSPORT: 11, Barrier.CHILDCARE: None},
    overdue=tuple(
        Overdue(promise, 7, {"en": "A garden"}, date(2026, 2, 10 + place))
        for place, promise in enumerate(Promise)
    ),
    coming=(
        MeetingNews(6, {}, "assembly", datetime.combine(date(2026, 3, 12), time(18)), 4, 1),
        MeetingNews(11, {"en": "Last day for the fund"}, "deadline", EVENING, 0, 0, is_deadline=True),
    ),
    ideas=(Idea(8, {"lv": "Soliņš"}, date(2026, 2, 24)), Idea(10, {}, date(2026, 2, 20))),
    more_ideas=3,
    panel=PanelSheet({}, (College("citizens"),), {"citizens": 4}, 1, 10, None, 2, {"citizens": 3}, None),
)

FEW: Final = Digest(
    territory="riverside",
    period="2026-03-01",
    first=SUNDAY,
    last=SUNDAY,
    made_on=date(2026, 3, 2),
    smallest=10,
    heard=Heard(statements=None, people=None, unsorted=None, languages={"lv": None}),
)
