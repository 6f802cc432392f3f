"""What is new is told to everybody it is for; figures are told of many alone, and cannot be subtracted."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, update
from sqlmodel import col

from flows.people.person import Forget, Purpose, RefuseConsent
from flows.people.roles import Role
from flows.words.latest import Latest, Quotes
from flows.words.reviews import Verdict
from storage.tables import Statement, table
from storage.words.latest import counted, group_cell, is_due, publish, published
from storage.words.public_news import coordination_news, groups_news
from tests.storage.actions.test_actions import RIVERSIDE, plans
from tests.storage.plans import call_meeting
from tests.storage.town import CONTEXT, Town

ADA = 4_000_000_001


async def say(town: Town, first: int, people: int, component: str | None, *, group: str = "youth") -> None:
    """So many people have said something about a component."""
    for number in range(first, first + people):
        await town.arrives(4_000_001_000 + number, group=group)
        receipt = await town.says(4_000_001_000 + number, f"{component} {number}")
        about = update(table(Statement)).where(col(Statement.id) == receipt.statement)
        await town.do(lambda connection, about=about: connection.execute(about.values(component=component)))


async def lets_out(town: Town, territory: str = "riverside") -> None:
    """What the bot does from time to time."""

    def work(connection: Connection) -> None:
        is_new = is_due(connection, territory, town.now)
        counts = counted(connection, CONTEXT, territory) if is_new else {}
        publish(connection, CONTEXT, territory, counts, town.now)

    await town.database.write(work)


async def shown(town: Town, *names: str) -> dict[str, int]:
    """The figures of those names that can be seen."""

    def work(connection: Connection) -> dict[str, int]:
        return {name: figure.value for name, figure in published(connection, "riverside", names).items()}

    return await town.database.read(work)


async def shown_a_day_later(town: Town, first: int, people: int) -> dict[str, int]:
    """The figures that can be seen the day after so many more people have spoken of B05."""
    await say(town, first, people, "B05")
    town.later(days=1)
    await lets_out(town)
    return await shown(town, "all", "B")


async def test_figures_of_few_are_not_shown_nor_what_would_tell_of_them(town: Town) -> None:
    """Who knows how many there are, and how many speak of A and B, knows how many speak of D."""
    await say(town, 0, 11, "A06")
    await say(town, 11, 12, "B05")
    await say(town, 23, 3, "D04")
    await lets_out(town)

    assert await shown(town, "all", "A", "B", "D") == {"all": 26, "A": 11}


async def test_a_hidden_figure_cannot_be_had_by_subtracting_the_others(town: Town) -> None:
    await say(town, 0, 12, "B05")
    await say(town, 12, 9, None)
    await lets_out(town)

    names = await shown(town, "all", "B", "unsorted")

    assert not {"all", "B"} <= names.keys() or "unsorted" in names


async def test_what_a_few_add_from_one_day_to_the_next_is_not_told(town: Town) -> None:
    await say(town, 0, 12, "B05")
    await lets_out(town)

    assert await shown_a_day_later(town, 12, 3) == {"all": 12, "B": 12}
    assert await shown_a_day_later(town, 15, 10) == {"all": 25, "B": 25}


async def test_figures_from_which_somebody_is_erased_come_back_once_ten_others_have_spoken(
    town: Town,
) -> None:
    """Of the one who is gone nothing can be told: what the figures differ by is about all eleven."""
    await say(town, 0, 12, "B05")
    await lets_out(town)
    await town.acts(4_000_001_000, Forget())

    assert await shown_a_day_later(town, 12, 9) == {"all": 12, "B": 12}
    assert await shown_a_day_later(town, 21, 1) == {"all": 21, "B": 21}
    assert await shown_a_day_later(town, 22, 10) == {"all": 31, "B": 31}


async def test_figures_are_worked_out_once_a_day(town: Town) -> None:
    await say(town, 0, 12, "B05")
    await lets_out(town)
    await say(town, 12, 12, "B05")
    town.later(hours=3)
    await lets_out(town)
    assert await shown(town, "all") == {"all": 12}

    town.later(days=1)
    await lets_out(town)

    assert await shown(town, "all") == {"all": 24}


async def test_a_group_is_told_of_in_figures_once_enough_have_spoken(town: Town) -> None:
    await say(town, 0, 11, "B05", group="youth")
    await say(town, 20, 11, "B05", group="elders")
    await say(town, 40, 2, "B05", group="elders")
    await lets_out(town)

    assert await shown(town, group_cell("youth"), group_cell("elders")) == {
        "group youth": 11,
        "group elders": 13,
    }


async def test_a_citizen_sees_words_that_may_be_shown_and_no_others(town: Town) -> None:
    await town.arrives(ADA)
    first, second = [
        (await town.says(ADA, text, message=n)).statement for n, text in enumerate(("One", "Two"))
    ]
    fit = update(table(Statement)).where(col(Statement.id) == first).values(reviewed=Verdict.FIT)
    await town.do(lambda connection: connection.execute(fit))

    news: Latest = await town.look(ADA, Latest)

    assert news.quotes == (first,)
    quotes: Quotes = await town.look(ADA, Quotes, (first, second))
    assert quotes.texts == {str(first): {"en": "One"}}
    await town.acts(ADA, RefuseConsent(Purpose.QUOTES))
    assert (await town.look(ADA, Latest)).quotes == ()
    assert (await town.look(ADA, Quotes, (first,))).texts == {}


async def test_words_of_another_territory_are_not_shown(town: Town) -> None:
    await town.arrives(ADA, territory="montbell", group=None)
    receipt = await town.says(ADA, "Ailleurs")
    fit = update(table(Statement)).values(reviewed=Verdict.FIT)
    await town.do(lambda connection: connection.execute(fit))
    await town.arrives(ADA + 1)

    assert (await town.look(ADA + 1, Latest)).quotes == ()
    assert (await town.look(ADA + 1, Quotes, (receipt.statement,))).texts == {}


@pytest.mark.parametrize("hidden", [{"group_slug": "youth"}, {"role": "territory"}, {"state": "draft"}])
async def test_anybody_may_read_what_is_for_everybody_alone(town: Town, hidden: dict[str, str]) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(days=3))
    await town.do(call_meeting, 2, now=town.now, begins=timedelta(days=3), **hidden)

    news = await town.database.read(lambda c: coordination_news(c, CONTEXT, "riverside", town.now))

    assert [meeting.id for meeting in news.meetings] == [1]


async def test_groups_are_told_of_by_what_they_did(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(days=-3), group_slug="youth")
    await town.do(call_meeting, 2, now=town.now, begins=timedelta(days=3), group_slug="youth")
    await say(town, 0, 3, "B05")

    youth, elders = await town.database.read(lambda c: groups_news(c, CONTEXT, "riverside", town.now))

    assert (youth.slug, youth.held, youth.coming, youth.actions, youth.statements) == ("youth", 1, 1, 0, None)
    assert elders.changed_at is None


async def test_an_action_is_news_for_a_month(town: Town) -> None:
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    garden = await plans(town)
    assert [one.id for one in (await town.look(ADA, Latest)).actions] == [garden]

    town.later(days=31)

    assert (await town.look(ADA, Latest)).actions == ()
