"""Words are shown where their author agreed and a person has looked at them, as they are worded now."""

from typing import Any

import pytest
from sqlalchemy import Connection

from flows.people.person import Forget, GiveConsent, Purpose, RefuseConsent
from flows.people.roles import Role, Scope
from flows.words.masks import MASK, Span
from flows.words.reviews import NextReview, Pile, Review, Reviewed, ReviewsLeft, ReviewWords, Verdict
from flows.words.statements import RewordStatement, WithdrawStatement
from storage.tables import Audit, Statement
from storage.words.quotable import QUOTABLE
from storage.words.returned import Masked
from storage.words.returned import Review as ReviewRow
from tests.storage.actions.test_actions import RIVERSIDE
from tests.storage.town import Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002


@pytest.fixture
async def statement(town: Town) -> int:
    """What Ben said; Ada reviews such."""
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    await town.arrives(BEN)
    return (await town.says(BEN, "Ask Marie about the park")).statement or 0


async def reviews(town: Town, statement: int, verdict: Verdict, *, wording: int = 1, **more: Any) -> Reviewed:
    (result,) = await town.acts(ADA, Review(RIVERSIDE, statement, wording, verdict, **more))
    return Reviewed(result)


async def quotable(town: Town) -> list[str]:
    """The words that may be shown."""

    def work(connection: Connection) -> list[str]:
        return [row.words for row in connection.execute(QUOTABLE)]

    return await town.database.read(work)


async def test_what_nobody_has_looked_at_is_not_shown(town: Town, statement: int) -> None:
    assert await quotable(town) == []

    assert await reviews(town, statement, Verdict.FIT) is Reviewed.DONE

    assert await quotable(town) == ["Ask Marie about the park"]


async def test_nothing_is_shown_of_who_does_not_agree_to_be_quoted(town: Town, statement: int) -> None:
    await reviews(town, statement, Verdict.FIT)
    await town.acts(BEN, RefuseConsent(Purpose.QUOTES))
    assert await quotable(town) == []

    await town.acts(BEN, GiveConsent(Purpose.QUOTES, "consent.quotes"))

    assert await quotable(town) == ["Ask Marie about the park"]


async def test_masked_words_are_shown_masked_and_kept_as_they_came(town: Town, statement: int) -> None:
    await reviews(town, statement, Verdict.MASKED, masks=(Span(4, 9),))

    assert await quotable(town) == [f"Ask {MASK} about the park"]
    assert (await town.row(Statement)).text == "Ask Marie about the park"


async def test_what_is_held_back_is_not_shown_and_nothing_is_deleted(town: Town, statement: int) -> None:
    await reviews(town, statement, Verdict.HELD, reason="person")

    assert await quotable(town) == []
    row = await town.row(Statement)
    assert (row.text, row.reviewed) == ("Ask Marie about the park", Verdict.HELD)
    assert (await town.row(ReviewRow)).reason == "person"


async def test_the_last_review_stands_and_the_earlier_ones_are_kept(town: Town, statement: int) -> None:
    await reviews(town, statement, Verdict.MASKED, masks=(Span(4, 9),))
    await reviews(town, statement, Verdict.HELD, reason="person")
    assert await town.rows(Masked) == []

    await reviews(town, statement, Verdict.FIT)

    assert await quotable(town) == ["Ask Marie about the park"]
    assert {row.verdict for row in await town.rows(ReviewRow)} == {"masked", "held", "fit"}


async def test_new_words_are_not_shown_before_somebody_has_looked_at_them(town: Town, statement: int) -> None:
    await reviews(town, statement, Verdict.MASKED, masks=(Span(4, 9),))
    await town.acts(BEN, RewordStatement(statement, words("Ask Karl about the park"), ()))

    assert await quotable(town) == []
    assert await town.rows(Masked) == []
    assert await reviews(town, statement, Verdict.FIT) is Reviewed.CHANGED
    assert await quotable(town) == []
    assert await reviews(town, statement, Verdict.FIT, wording=2) is Reviewed.DONE


@pytest.mark.parametrize("way", [WithdrawStatement, None])
async def test_what_goes_takes_its_reviews_along(town: Town, statement: int, way: Any) -> None:
    await reviews(town, statement, Verdict.MASKED, masks=(Span(4, 9),))

    await town.acts(BEN, way(statement) if way else Forget())

    assert await quotable(town) == []
    assert await town.rows(Masked) == []
    assert await town.rows(ReviewRow) == []
    assert await reviews(town, statement, Verdict.FIT) is Reviewed.GONE


async def test_each_review_stands_in_the_record_without_words(town: Town, statement: int) -> None:
    await reviews(town, statement, Verdict.HELD, reason="person")

    rows = [row for row in await town.rows(Audit) if row.what == "reviewed"]

    assert [(row.about, row.territory, row.group_slug) for row in rows] == [("held", "riverside", "youth")]
    assert "Marie" not in str(rows)


async def test_what_is_looked_at_leaves_the_pile(town: Town, statement: int) -> None:
    first: NextReview = await town.look(ADA, NextReview, RIVERSIDE, Pile.NEW, 0)
    assert first.statement is not None
    assert (first.statement.id, first.statement.may_be_quoted) == (statement, True)
    assert [str(found.span) for found in first.statement.traces] == ["4-9"]

    await reviews(town, statement, Verdict.HELD, reason="person")

    assert (await town.look(ADA, NextReview, RIVERSIDE, Pile.NEW, 0)).statement is None
    assert await town.look(ADA, ReviewsLeft, RIVERSIDE) == ReviewsLeft(new=0, held=1)


async def test_words_of_another_place_are_not_seen(town: Town, statement: int) -> None:
    await town.appoints(ADA, Role.TERRITORY, Scope("montbell"), name="Ada")

    assert (await town.look(ADA, ReviewWords, Scope("montbell"), statement)).text == ""
    assert await town.acts(ADA, Review(Scope("montbell"), statement, 1, Verdict.FIT)) == [Reviewed.GONE]
