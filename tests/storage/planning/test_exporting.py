"""Files of pilot actions and of what may be quoted, had in the chat by those whose role covers the place."""

from datetime import date
from typing import Any

import pytest

from flows.actions.actions import Progress
from flows.actions.feedback import GiveFeedback, Rating, Side
from flows.actions.pilots import CloseWave, DraftAction, OpenWave, SetProgress
from flows.files import Table
from flows.moves import Key, Look
from flows.people.person import Purpose, RefuseConsent
from flows.people.roles import NotAllowed, Role, Scope
from flows.planning.exporting import Exported, ExportedWords, ExportWords, Shape, Subject
from flows.words.reviews import Review, Verdict
from flows.words.statements import RewordStatement
from storage.tables import Audit, Statement
from tests.storage.actions.test_actions import MONTBELL, RIVERSIDE, YOUTH, plans
from tests.storage.town import Town, words

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003


@pytest.fixture
async def places(town: Town) -> Town:
    """Ada coordinates Riverside, Ben facilitates its youth, Cleo coordinates Montbell."""
    for telegram, role, where in (
        (ADA, Role.TERRITORY, RIVERSIDE),
        (BEN, Role.FACILITATOR, YOUTH),
        (CLEO, Role.TERRITORY, MONTBELL),
    ):
        await town.arrives(telegram, territory=where.territory or "", group=where.group)
        await town.appoints(telegram, role, where)
    return town


def told(file: Any, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table."""
    assert isinstance(file, Table)
    return [tuple(dict(zip(file.columns, row, strict=True))[name] for name in columns) for row in file.rows]


def stood(day: int, where: Progress) -> Key:
    """Since when an action has stood there, as its history says it."""
    return Key(
        "pilot.happened.progress", {"at": date(2025, 3, day), "about": Key(f"action.progress.{where}")}
    )


async def test_actions_come_with_their_history_and_drafts_do_not(places: Town) -> None:
    town = places
    await plans(town)
    await plans(town, where=YOUTH, title="A kitchen")
    (id,) = await town.acts(ADA, DraftAction(RIVERSIDE))
    town.later(days=2)
    (action, _) = (await town.look(ADA, Exported, RIVERSIDE, Subject.ACTIONS, Shape.CSV)).file.rows
    await town.acts(ADA, SetProgress(RIVERSIDE, int(action[0]), Progress.RUNNING))

    found = (await town.look(ADA, Exported, RIVERSIDE, Subject.ACTIONS, Shape.CSV)).file
    of_group = (await town.look(BEN, Exported, YOUTH, Subject.ACTIONS, Shape.XLSX)).file

    first, then = stood(10, Progress.IDEA), stood(12, Progress.RUNNING)
    assert told(found, "title", "group", "history") == [
        ("A garden", None, (first, then)),
        ("A kitchen", "Young people", (first,)),
    ]
    assert told(of_group, "title") == [("A kitchen",)]
    assert str(id) not in {row[0] for row in found.rows}
    assert (await town.look(CLEO, Exported, MONTBELL, Subject.ACTIONS, Shape.CSV)).file is None


async def test_of_feedback_only_figures_about_many_come(places: Town) -> None:
    town = places
    garden, small = await plans(town), await plans(town)
    await town.acts(ADA, OpenWave(RIVERSIDE, garden), OpenWave(RIVERSIDE, small))
    for telegram in range(10, 22):
        await town.arrives(telegram)
        await town.acts(telegram, GiveFeedback(garden, Side.NEIGHBOUR, (Rating("B05", 1),)))
    await town.acts(10, GiveFeedback(small, Side.NEIGHBOUR, (Rating("B05", 1),)))
    await town.acts(ADA, CloseWave(RIVERSIDE, garden), CloseWave(RIVERSIDE, small))

    found = (await town.look(ADA, Exported, RIVERSIDE, Subject.FINDINGS, Shape.CSV)).file

    assert told(found, "action", "cell", "people") == [
        (str(garden), Key("list.cell.all"), 12),
        (str(garden), Key("feedback.side.neighbour"), 12),
    ]


async def test_words_come_only_where_their_author_agrees_and_somebody_has_reviewed_them(
    places: Town,
) -> None:
    town = places
    await town.arrives(10)
    await town.arrives(11, group="elders")
    receipts = [await town.says(10, text, message=n) for n, text in enumerate(("A park", "Not read yet"), 1)]
    await town.says(11, "Benches")
    park = receipts[0].statement or 0
    for row in await town.rows(Statement):
        if row.text != "Not read yet":
            await town.acts(ADA, Review(RIVERSIDE, row.id, row.version, Verdict.FIT))

    async def quoted(telegram: int, where: Scope) -> set[str]:
        file = (await town.look(telegram, ExportedWords, where, Shape.CSV)).file
        return {text for (text,) in told(file, "text")} if file else set()

    assert await quoted(ADA, RIVERSIDE) == {"A park", "Benches"}
    assert await quoted(BEN, YOUTH) == {"A park"}
    await town.acts(11, RefuseConsent(Purpose.QUOTES))
    assert await quoted(ADA, RIVERSIDE) == {"A park"}
    await town.acts(10, RewordStatement(park, words("A large park"), ()))
    assert await quoted(ADA, RIVERSIDE) == set()


async def test_that_words_were_taken_is_recorded_with_whom_what_and_when(places: Town) -> None:
    await places.acts(BEN, ExportWords(YOUTH))

    noted = (await places.rows(Audit))[-1]
    assert (noted.what, noted.about, noted.territory, noted.group_slug, noted.at) == (
        "exported",
        "statements",
        "riverside",
        "youth",
        places.now,
    )
    assert noted.actor


async def test_nobody_takes_words_of_a_place_beyond_their_role(places: Town) -> None:
    for telegram, where in ((BEN, RIVERSIDE), (CLEO, YOUTH)):
        with pytest.raises(NotAllowed):
            await places.acts(telegram, Look(ExportedWords, (where, Shape.CSV)))
        with pytest.raises(NotAllowed):
            await places.acts(telegram, ExportWords(where))
