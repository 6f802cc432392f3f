"""Files for those who coordinate say what is planned and how many come, and name nobody."""

from datetime import timedelta
from typing import Any

import pytest

from config.texts import Texts
from flows.actions.actions import Progress
from flows.actions.feedback import Side
from flows.actions.findings import Cell
from flows.columns import heads
from flows.digests.rows import COLUMNS
from flows.files import CalendarFile, Table
from flows.moves import Key, Look
from flows.occasions.afterwards import About
from flows.occasions.occasions import Barrier, Need, Says, Sort, Standing, State
from flows.occasions.wishes import NameBarriers
from flows.people.own_data_words import HOW
from flows.people.roles import EVERYWHERE, NotAllowed, Role, Scope
from flows.planning.exporting import Export, Exported, Shape, Subject
from flows.planning.file_words import WORDS
from flows.words.statements import Question
from storage.actions.pilot_lists import ACTIONS, FINDINGS
from storage.occasions.remarked import RATING, SAID
from storage.planning import listed
from storage.tables import Audit
from storage.words.export import QUOTES
from tests.storage.plans import call_meeting, change, says
from tests.storage.town import CONTEXT, Town

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003
RIVERSIDE = Scope("riverside")


@pytest.fixture
async def meetings(town: Town) -> Town:
    """A meeting with one seat that three people have answered to, a draft, and one somewhere else."""
    for telegram in (ADA, BEN, CLEO):
        await town.arrives(telegram)
    await town.do(call_meeting, 1, now=town.now, seats=1, titles={"fr": "Parc", "en": "Park"})
    await town.do(call_meeting, 2, now=town.now, begins=timedelta(days=9), state=State.DRAFT)
    await town.do(call_meeting, 3, now=town.now, territory="montbell")
    await says(town, ADA, Says.YES)
    await says(town, BEN, Says.YES)
    await says(town, CLEO, Says.CANNOT)
    await town.acts(CLEO, NameBarriers(1, (Barrier.TRANSPORT, Barrier.TIME)))
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    return town


async def test_what_is_planned_is_listed_with_how_many_said_what(meetings: Town) -> None:
    rows = await meetings.do(listed.occasions, CONTEXT.territories, Sort.MEETING, RIVERSIDE)

    assert [(row["id"], row["state"]) for row in rows] == [("1", "planned"), ("2", "draft")]
    counted = {
        name: rows[0][name]
        for name in ("seats", "coming", "waiting", "maybe", "no", "cannot", "came", "done")
    }
    nobody = {"maybe": 0, "no": 0, "came": 0, "done": 0}
    assert counted == {"seats": 1, "coming": 1, "waiting": 1, "cannot": 1, **nobody}
    assert (rows[1]["seats"], rows[1]["coming"]) == (None, 0)
    assert rows[0]["title"] == "Park"
    assert all(set(row) == set(listed.OCCASIONS.columns) for row in rows)


async def test_one_sort_is_not_listed_among_the_other(meetings: Town) -> None:
    assert await meetings.do(listed.occasions, CONTEXT.territories, Sort.ACTIVITY, EVERYWHERE) == []


async def test_attendance_is_every_answer_and_nobody(meetings: Town) -> None:
    rows = await meetings.do(listed.attendance, CONTEXT.territories, RIVERSIDE)

    assert [(row["says"], row["standing"], row["barriers"]) for row in rows] == [
        ("cannot", "none", "transport time"),
        ("yes", "seated", ""),
        ("yes", "waiting", ""),
    ]
    assert all(set(row) == set(listed.ATTENDANCE.columns) for row in rows)
    people = [await meetings.person(telegram) for telegram in (ADA, BEN, CLEO)]
    traces = [str(trace) for person in people for trace in (person.citizen, person.contact, person.telegram)]
    assert not any(trace in str(row) for row in rows for trace in traces)


async def test_the_order_of_attendance_does_not_tell_who_answered_first(meetings: Town) -> None:
    before = await meetings.do(listed.attendance, CONTEXT.territories, RIVERSIDE)
    await says(meetings, ADA, Says.NO)
    await says(meetings, BEN, Says.NO)
    await says(meetings, BEN, Says.YES)
    await says(meetings, ADA, Says.YES)

    assert await meetings.do(listed.attendance, CONTEXT.territories, RIVERSIDE) == before


async def test_a_calendar_holds_what_was_published(meetings: Town) -> None:
    await meetings.do(change, 3, state=State.CANCELLED)

    kinds = CONTEXT.occasion_kinds
    entries = await meetings.do(listed.calendar, kinds, "", Sort.MEETING, EVERYWHERE)

    assert [(entry.id, entry.is_cancelled, entry.address) for entry in entries] == [
        (1, False, None),
        (3, True, None),
    ]


@pytest.mark.parametrize(
    ("subject", "shape", "kind", "size"),
    [
        (Subject.MEETINGS, Shape.XLSX, Table, 2),
        (Subject.MEETINGS, Shape.ICS, CalendarFile, 1),
        (Subject.ATTENDANCE, Shape.CSV, Table, 3),
    ],
)
async def test_who_coordinates_has_it_as_a_file(
    meetings: Town, subject: Subject, shape: Shape, kind: type[Any], size: int
) -> None:
    found: Exported = await meetings.look(ADA, Exported, RIVERSIDE, subject, shape)

    assert isinstance(found.file, kind)
    assert len(found.file.entries if isinstance(found.file, CalendarFile) else found.file.rows) == size


async def test_what_codes_in_a_file_of_the_chat_mean_is_said_in_words(meetings: Town) -> None:
    found = [
        (await meetings.look(ADA, Exported, RIVERSIDE, subject, Shape.CSV)).file
        for subject in (Subject.ATTENDANCE, Subject.MEETINGS)
    ]

    assert all(isinstance(file, Table) for file in found)
    answers, planned = ([dict(zip(file.columns, row, strict=True)) for row in file.rows] for file in found)
    assert answers[0]["says"] == Key("list.says.cannot")
    assert answers[0]["barriers"] == (Key("meeting.barriers.transport"), Key("meeting.barriers.time"))
    assert [answer["standing"] for answer in answers[1:]] == [
        Key("list.standing.seated"),
        Key("list.standing.waiting"),
    ]
    assert [each["state"] for each in planned] == [Key("list.state.planned"), Key("announce.stage.draft")]
    assert (planned[0]["sort"], planned[0]["territory"]) == (Key("menu.meeting"), "Riverside")
    assert planned[0]["title"] == "Park"


def test_every_column_and_every_code_of_a_file_in_the_chat_has_words() -> None:
    sheets = (listed.OCCASIONS, listed.ATTENDANCE, SAID, ACTIONS, FINDINGS, QUOTES)
    columns = {*COLUMNS, *(column for sheet in sheets for column in sheet.columns)}
    codes = {
        "about": (*About, RATING), "barriers": Barrier, "came": ("yes", "no"), "cell": (*Cell, *Side),
        "history": (f"2026-03-02 {Progress.IDEA}, 2026-04-07 {Progress.RUNNING}",), "language_how": HOW,
        "needs": Need, "question": Question, "role": Role, "says": Says, "sort": Sort, "standing": Standing,
        "state": State, "status": Progress,
    }  # fmt: skip
    said = [WORDS[column](code) for column, options in codes.items() for code in options]
    words = [each for one in said for each in (one if isinstance(one, tuple) else (one,))]
    english = Texts.load().catalogue("en")

    assert {*codes, "interpretation", "language"} == {*WORDS}
    missing = [each.key for each in (*heads(columns), *words) if english.template(each.key, None) is None]
    assert missing == []


async def test_that_a_file_was_taken_is_recorded(meetings: Town) -> None:
    await meetings.acts(ADA, Export(RIVERSIDE, Subject.ATTENDANCE))

    noted = (await meetings.rows(Audit))[-1]
    assert (noted.what, noted.about, noted.territory) == ("exported", "attendance", "riverside")


async def test_nobody_else_has_a_file(meetings: Town) -> None:
    for where in (RIVERSIDE, EVERYWHERE):
        with pytest.raises(NotAllowed):
            await meetings.acts(BEN, Look(Exported, (where, Subject.ATTENDANCE, Shape.CSV)))
    with pytest.raises(NotAllowed):
        await meetings.acts(ADA, Look(Exported, (Scope("montbell"), Subject.ATTENDANCE, Shape.CSV)))
