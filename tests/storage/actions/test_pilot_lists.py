"""Pilot actions, feedback and findings as a file: whole, and without anything that leads to a person."""

import io
import json

from flows.actions.actions import Progress, Section
from flows.actions.feedback import GiveFeedback, Rating, SayWhy, Side, WithdrawFeedback
from flows.actions.pilots import CloseWave, DraftAction, OpenWave, SetProgress, Touch, WriteAction
from flows.people.person import Forget
from flows.people.roles import EVERYWHERE, Role
from storage.actions import pilot_lists
from storage.sheet import Format, write_text
from storage.tables import Pseudonym
from tests.storage.actions.test_actions import MONTBELL, RIVERSIDE, plans
from tests.storage.town import Town, words

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003


async def asks(town: Town) -> int:
    """An action in Riverside, which touches two components and asks for feedback."""
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)
    id = await plans(town)
    await town.acts(
        ADA,
        Touch(RIVERSIDE, id, "A01", touches=True),
        WriteAction(RIVERSIDE, id, Section.OBJECTIVE, "fr", "Du vert"),
        SetProgress(RIVERSIDE, id, Progress.RUNNING),
        OpenWave(RIVERSIDE, id),
    )
    return id


async def test_an_action_has_a_row_for_each_language_it_is_written_in(town: Town) -> None:
    id = await asks(town)
    await town.acts(ADA, DraftAction(RIVERSIDE))
    await plans(town, where=MONTBELL)

    rows = await town.do(pilot_lists.actions, "riverside")

    assert [(row["id"], row["language"], row["title"], row["objective"]) for row in rows] == [
        (str(id), "en", "A garden", None),
        (str(id), "fr", None, "Du vert"),
    ]
    assert {(row["status"], row["components"], row["published_at"]) for row in rows} == {
        ("running", "A01 B05", "2025-03-10")
    }
    assert len(await town.do(pilot_lists.actions, None)) == 3


async def test_feedback_has_a_row_for_each_score_and_its_sentence_once(town: Town) -> None:
    id = await asks(town)
    await town.arrives(BEN)
    ratings = (Rating("A01", 2), Rating("B05", -1))
    (feedback,) = await town.acts(BEN, GiveFeedback(id, Side.BENEFICIARY, ratings))
    await town.acts(BEN, SayWhy(feedback, words("We eat better.")))
    await town.arrives(CLEO)
    await town.acts(CLEO, GiveFeedback(id, Side.NEIGHBOUR, ()))

    rows = await town.do(pilot_lists.feedback, "riverside")

    by_side = {side: [row for row in rows if row["side"] == side] for side in Side}
    assert [(row["component"], row["value"], row["text"]) for row in by_side[Side.BENEFICIARY]] == [
        ("A01", 2, "We eat better."),
        ("B05", -1, None),
    ]
    assert by_side[Side.BENEFICIARY][0]["language"] == "en"
    assert [(row["component"], row["value"], row["text"]) for row in by_side[Side.NEIGHBOUR]] == [
        (None, None, None)
    ]
    assert await town.do(pilot_lists.feedback, "montbell") == []


async def test_the_same_contributor_is_told_in_each_wave_of_one_action_and_nowhere_else(town: Town) -> None:
    id, another = await asks(town), await plans(town)
    await town.acts(ADA, OpenWave(RIVERSIDE, another))
    person = await town.arrives(BEN)
    await town.says(BEN, "A path along the river")
    said = (Rating("B05", 1),)
    for each in (id, another):
        await town.acts(BEN, GiveFeedback(each, Side.NEIGHBOUR, said))
    await town.acts(ADA, CloseWave(RIVERSIDE, id), OpenWave(RIVERSIDE, id))
    await town.acts(BEN, GiveFeedback(id, Side.NEIGHBOUR, said))

    rows = await town.do(pilot_lists.feedback, None)

    names = {(row["action"], row["contributor"]) for row in rows}
    assert len(rows) == 3
    assert len(names) == len({name for _, name in names}) == 2
    text = json.dumps(rows)
    for pseudonym in await town.rows(Pseudonym):
        assert pseudonym.pseudonym not in text
    assert str(person.citizen) not in text
    assert str(BEN) not in text


async def test_what_was_withdrawn_or_erased_is_in_no_file(town: Town) -> None:
    id = await asks(town)
    given = {}
    for telegram in (BEN, CLEO):
        await town.arrives(telegram)
        (given[telegram],) = await town.acts(telegram, GiveFeedback(id, Side.NEIGHBOUR, (Rating("A01", 1),)))
        await town.acts(telegram, SayWhy(given[telegram], words("Mine")))
    await town.acts(BEN, WithdrawFeedback(given[BEN]))
    await town.acts(CLEO, Forget())

    assert await town.do(pilot_lists.feedback, None) == []


async def test_findings_are_exported_as_they_were_given_back(town: Town) -> None:
    id = await asks(town)
    for telegram in range(10, 22):
        await town.arrives(telegram)
        value = 2 if telegram % 3 else -1
        await town.acts(telegram, GiveFeedback(id, Side.NEIGHBOUR, (Rating("A01", value),)))
    await town.acts(ADA, CloseWave(RIVERSIDE, id))

    rows = await town.do(pilot_lists.findings, "riverside")

    assert [(row["component"], row["cell"], row["people"], row["mean"]) for row in rows] == [
        ("A01", "all", 12, 1.0),
        ("A01", "neighbour", 12, 1.0),
    ]


async def test_every_sheet_can_be_written_in_every_form(town: Town) -> None:
    id = await asks(town)
    await town.arrives(BEN)
    await town.acts(BEN, GiveFeedback(id, Side.NEIGHBOUR, (Rating("A01", 1),)))

    for sheet, rows_of in (
        (pilot_lists.ACTIONS, pilot_lists.actions),
        (pilot_lists.FEEDBACK, pilot_lists.feedback),
        (pilot_lists.FINDINGS, pilot_lists.findings),
    ):
        rows = await town.do(rows_of, None)
        assert all({*row} == {*sheet.columns} for row in rows)
        stream = io.StringIO(newline="")
        write_text(rows, stream, Format.CSV, sheet)
        assert len(stream.getvalue().splitlines()) == len(rows) + 1
