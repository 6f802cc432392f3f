"""Statements as a list: what remains, with its place and language, and nothing that leads to anybody."""

import pytest

from flows.people.person import Join, Purpose, RefuseConsent
from flows.words.statements import RewordStatement, WithdrawStatement
from storage.sheet import Line
from storage.words.export import STATEMENTS, statements
from tests.storage.town import Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002


async def exported(town: Town, territory: str | None = None) -> list[Line]:
    """What remains of what people said."""
    rows: list[Line] = await town.do(statements, territory)
    return rows


async def test_what_remains_is_exported_day_by_day_with_its_place_and_language(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN, territory="montbell", group=None)
    receipt = await town.says(ADA, "First.")
    town.later(days=1)
    second = await town.says(BEN, "Second.")
    gone = await town.says(ADA, "Withdrawn.", message=2)
    await town.acts(ADA, WithdrawStatement(gone.statement or 0))
    await town.acts(ADA, RewordStatement(receipt.statement or 0, words("First, reworded."), ()))
    await town.acts(ADA, Join("montbell", None))

    assert await exported(town) == [
        {
            "id": str(receipt.statement),
            "territory": "riverside",
            "group": "youth",
            "question": "well-being",
            "language": "en",
            "text": "First, reworded.",
            "component": None,
            "created_at": "2025-03-10",
            "edited_at": "2025-03-11",
            "version": 2,
            "language_probability": pytest.approx(0.97),
            "language_how": "written",
            "quotable": "yes",
        },
        {
            "id": str(second.statement),
            "territory": "montbell",
            "group": None,
            "question": "well-being",
            "language": "en",
            "text": "Second.",
            "component": None,
            "created_at": "2025-03-11",
            "edited_at": None,
            "version": 1,
            "language_probability": pytest.approx(0.97),
            "language_how": "written",
            "quotable": "yes",
        },
    ]


async def test_one_territory_is_exported_without_the_others(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN, territory="montbell", group=None)
    await town.says(ADA, "By the river.")
    await town.says(BEN, "On the hill.")

    assert [found["text"] for found in await exported(town, "montbell")] == ["On the hill."]
    assert await exported(town, "nowhere") == []


async def test_nobody_can_be_recognised_in_an_export(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.says(ADA, "Anybody might say this.")

    (found,) = await exported(town)

    values = {str(value) for value in found.values()}
    assert not values & {str(ADA), str(ada.citizen), str(ada.contact)}
    assert "author" not in STATEMENTS.columns
    assert set(STATEMENTS.columns) == set(found)


async def test_moments_are_exported_to_the_day_so_that_one_sitting_cannot_be_told(town: Town) -> None:
    await town.arrives(ADA)
    for message in range(1, 4):
        await town.says(ADA, f"Idea {message}.", message=message)
        town.later(seconds=20)

    found = await exported(town)

    assert {row["created_at"] for row in found} == {"2025-03-10"}
    assert [row["id"] for row in found] == sorted(row["id"] for row in found)


async def test_only_who_agreed_to_be_quoted_is_quotable(town: Town) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "Quote me.")
    assert [row["quotable"] for row in await exported(town)] == ["yes"]

    await town.acts(ADA, RefuseConsent(Purpose.QUOTES))

    assert [row["quotable"] for row in await exported(town)] == ["no"]
