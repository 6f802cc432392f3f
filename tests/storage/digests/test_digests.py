"""What a digest tells of a period: each thing once, nothing about a few, and for ever the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection, update

from flows.digests.digest import Digest, Promise
from flows.moves import Names
from flows.occasions.occasions import Barrier, Says
from flows.occasions.wishes import NameBarriers
from flows.panels.settings import Rhythm
from flows.people.person import Forget, Purpose, RefuseConsent
from flows.people.territory import Panel, Territory
from flows.times.periods import Period, period_of, read_period
from flows.words.statements import Question, WithdrawStatement
from storage.digests import digests, quotes
from storage.digests.digested import Digest as DigestRow
from storage.tables import Statement, table
from tests.flows.places import RIVERSIDE
from tests.storage.heard import hears, review
from tests.storage.plans import call_meeting, says
from tests.storage.town import Town

PLACE: Final = replace(RIVERSIDE, panel=Panel({"en": "The panel"}, ("citizens", "associations", "experts")))
WEEK: Final = read_period("2025-W10")  # the one before the week of NOON, whose Monday it is
MONDAY: Final = datetime(2025, 3, 3, 9, tzinfo=UTC)
MANY: Final = range(1, 21)


def drafted(connection: Connection, period: Period, now: datetime, place: Territory = PLACE) -> Any:
    return digests.collect(connection, place, period, now)


async def told(town: Town, period: Period = WEEK, place: Territory = PLACE) -> Digest:
    """The digest of a period as it is kept."""

    def work(connection: Connection) -> Digest:
        digests.keep(connection, drafted(connection, period, town.now, place), town.now)
        found = digests.find(connection, place.slug, period.key)
        assert found is not None
        return found

    return await town.database.write(work)


async def test_a_digest_tells_what_was_said_in_its_days_and_nothing_of_before_or_after(town: Town) -> None:
    await hears(town, MANY, at=MONDAY - timedelta(days=2))
    await hears(town, MANY, at=MONDAY)
    await hears(town, MANY, at=MONDAY + timedelta(days=1), question=Question.ILL_BEING)
    await hears(town, MANY, at=town.now)

    digest = await told(town)

    assert (digest.heard.statements, digest.heard.people) == (40, 20)
    assert (f"{digest.first}", f"{digest.last}") == ("2025-03-03", "2025-03-09")


async def test_the_week_begins_and_ends_by_the_clocks_of_the_place(town: Town) -> None:
    await hears(town, MANY, at=datetime(2025, 3, 2, 21, 59, tzinfo=UTC))  # 23:59 on Sunday in Riga
    await hears(town, range(31, 51), at=datetime(2025, 3, 2, 22, 0, tzinfo=UTC))

    assert (await told(town)).heard.people == 20


async def test_a_figure_about_a_few_is_not_told_and_what_it_is_about_is_named(town: Town) -> None:
    await hears(town, MANY, at=MONDAY, about="A03")
    await hears(town, range(1, 4), at=MONDAY, about="B02")

    heard = (await told(town)).heard

    assert {each.code: each.statements for each in heard.dimensions} == {"A": None, "B": None}
    assert heard.rare == ("B02",)
    assert heard.hides


async def test_no_figure_about_a_few_can_be_found_by_subtracting(town: Town) -> None:
    await hears(town, range(1, 13), at=MONDAY, about="A03", language="en")
    await hears(town, range(13, 16), at=MONDAY, about="A03", language="lv")

    heard = (await told(town)).heard

    assert heard.people == 15
    assert heard.languages == {"en": None, "lv": None}  # 15 less 12 would tell of three


async def test_what_a_few_said_cannot_be_found_by_subtracting_what_others_and_they_said_besides(
    town: Town,
) -> None:
    await hears(town, range(1, 41), at=MONDAY, about="A03")
    await hears(town, range(1, 21), at=MONDAY, about="B02")
    await hears(town, range(1, 4), at=MONDAY, about="F02")

    heard = (await told(town)).heard

    assert heard.statements == 63
    assert {each.code: each.statements for each in heard.dimensions} == {"A": 40, "B": None, "F": None}


async def test_fewer_than_ten_people_in_all_are_heard_without_a_number(town: Town) -> None:
    await hears(town, range(1, 10), at=MONDAY, group_slug="youth")

    heard = (await told(town)).heard

    assert (heard.statements, heard.people) == (None, None)
    assert heard.groups == ("youth",)


async def test_a_territory_can_ask_for_more_people_behind_a_figure(town: Town) -> None:
    await hears(town, MANY, at=MONDAY)

    assert (await told(town, place=replace(PLACE, smallest_cell=21))).heard.statements is None


async def test_what_is_sorted_later_is_told_in_the_time_in_which_it_is_sorted(town: Town) -> None:
    await hears(town, MANY, at=MONDAY - timedelta(days=30), about="A03", sorted_at=MONDAY)
    await hears(town, range(31, 51), at=MONDAY, about="B02", sorted_at=town.now)

    heard = (await told(town)).heard

    assert {each.code: each.statements for each in heard.dimensions} == {"A": 20}


async def test_what_was_never_said_here_before_is_new(town: Town) -> None:
    await hears(town, MANY, at=MONDAY - timedelta(days=30), about="A03")
    for component in ("A03", "A05", "C01"):
        await hears(town, MANY, at=MONDAY, about=component)

    heard = (await told(town)).heard

    assert heard.first == ("A05", "C01")
    assert [each.code for each in heard.dimensions if each.is_new] == ["C"]


async def test_in_the_first_digest_nothing_is_called_new(town: Town) -> None:
    await hears(town, MANY, at=MONDAY, about="A03")

    heard = (await told(town)).heard

    assert heard.first == ()
    assert [each.is_new for each in heard.dimensions] == [False]


async def test_the_same_period_gives_the_same_digest_whatever_happens_after(town: Town) -> None:
    await hears(town, MANY, at=MONDAY, about="A03")
    first = await told(town)
    await hears(town, range(31, 61), at=MONDAY, about="B02")
    town.later(days=3)

    assert await told(town) == first
    assert len(await town.rows(DigestRow)) == 1


async def test_a_digest_begins_where_the_last_one_ended_so_nothing_is_told_twice(town: Town) -> None:
    await hears(town, MANY, at=MONDAY)
    await told(town)
    town.later(days=30)
    await hears(town, range(31, 46), at=datetime(2025, 3, 20, tzinfo=UTC))

    march = await told(town, read_period("2025-03"))

    assert f"{march.first}" == "2025-03-10"
    assert march.heard.people == 15


async def test_what_an_outage_left_out_comes_with_the_next(town: Town) -> None:
    await told(town, WEEK.before)
    await hears(town, MANY, at=MONDAY)
    town.later(days=7)

    digest = await told(town, period_of(Rhythm.WEEKLY, WEEK.end))

    assert f"{digest.first}" == "2025-03-03"
    assert digest.heard.people == 20


async def test_withdrawn_statements_are_not_counted(town: Town) -> None:
    await hears(town, MANY, at=MONDAY, withdrawn_at=MONDAY)

    digest = await told(town)

    assert digest.heard.statements == 0
    assert not digest.is_news


async def quoted(town: Town, telegram: int) -> int:
    """Somebody says something that may be quoted; returns its id."""
    await town.arrives(telegram)
    receipt = await town.says(telegram, "CANARY shade in summer")
    assert receipt.statement is not None
    await town.do(review, receipt.statement, at=MONDAY)
    moved = update(table(Statement)).where(table(Statement).c.id == receipt.statement)
    await town.do(lambda connection: connection.execute(moved.values(created_at=MONDAY)))
    return receipt.statement


async def words(town: Town, digest: Digest) -> dict[str, Names]:
    return await town.database.read(lambda c: quotes.words_of(c, digest.heard.quotes))


async def test_words_that_may_be_quoted_are_told_however_few_said_it(town: Town) -> None:
    statement = await quoted(town, 1)

    digest = await told(town)

    assert digest.heard.quotes == (statement,)
    assert await words(town, digest) == {f"{statement}": {"en": "CANARY shade in summer"}}
    assert "CANARY" not in (await town.row(DigestRow)).data


@pytest.mark.parametrize("how", ["withdrawn", "erased", "consent"])
async def test_words_that_are_taken_back_vanish_from_digests_of_before(town: Town, how: str) -> None:
    statement = await quoted(town, 1)
    digest = await told(town)
    taken_back = {
        "withdrawn": WithdrawStatement(statement),
        "erased": Forget(),
        "consent": RefuseConsent(Purpose.QUOTES),
    }

    await town.acts(1, taken_back[how])

    assert await words(town, digest) == {}
    assert await told(town) == digest


async def test_meetings_that_took_place_are_told_with_answers_and_of_a_few_no_barrier_is_counted(
    town: Town,
) -> None:
    await town.do(call_meeting, 1, now=MONDAY, begins=timedelta(days=3))
    await town.do(call_meeting, 2, now=town.now)
    for telegram in range(1, 4):
        await town.arrives(telegram)
    now, town.now = town.now, MONDAY
    await says(town, 1, party=2)
    await says(town, 2, Says.MAYBE)
    await says(town, 3, Says.CANNOT)
    await town.acts(3, NameBarriers(1, (Barrier.CHILDCARE,)))
    town.now = now

    digest = await told(town)

    assert [(each.id, each.coming, each.maybe) for each in digest.meetings] == [(1, 2, 1)]
    assert digest.barriers == {Barrier.CHILDCARE: None}
    assert [each.id for each in digest.coming] == [2]


async def test_a_deadline_is_no_meeting_that_took_place_but_is_told_while_it_is_near(town: Town) -> None:
    await town.do(call_meeting, 1, now=MONDAY, begins=timedelta(days=3), lasts=timedelta(0))
    await town.do(call_meeting, 2, now=town.now, lasts=timedelta(0))

    digest = await told(town)

    assert digest.meetings == ()
    assert [(each.id, each.is_deadline) for each in digest.coming] == [(2, True)]


async def test_who_said_no_or_could_not_come_is_told_where_these_are_not_a_few(town: Town) -> None:
    await town.do(call_meeting, 1, now=MONDAY, begins=timedelta(days=3))
    answers = [Says.NO] * 11 + [Says.CANNOT] * 2
    for telegram, answer in enumerate(answers, start=1):
        await town.arrives(telegram)
        now, town.now = town.now, MONDAY
        await says(town, telegram, answer)
        town.now = now

    [meeting] = (await told(town)).meetings

    assert (meeting.no, meeting.cannot) == (11, None)


async def test_who_could_not_come_cannot_be_found_by_subtracting_what_kept_others_away(town: Town) -> None:
    await town.do(call_meeting, 1, now=MONDAY, begins=timedelta(days=3))
    for telegram in range(1, 13):
        await town.arrives(telegram)
        now, town.now = town.now, MONDAY
        await says(town, telegram, Says.CANNOT)
        if telegram < 12:
            await town.acts(telegram, NameBarriers(1, (Barrier.TRANSPORT,)))
        town.now = now

    digest = await told(town)

    assert digest.barriers == {Barrier.TRANSPORT: 11}
    assert [meeting.cannot for meeting in digest.meetings] == [None]


async def test_a_meeting_of_one_group_is_not_told_to_the_panel(town: Town) -> None:
    await town.do(call_meeting, 1, now=MONDAY, begins=timedelta(days=3), group_slug="youth")

    assert (await told(town)).meetings == ()


async def test_an_activity_of_which_nobody_told_anything_is_overdue_after_a_week(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(days=-8), sort="activity")
    await town.do(call_meeting, 2, now=town.now, begins=timedelta(days=-6), sort="activity")

    digest = await told(town)

    assert [(each.promise, each.id) for each in digest.overdue] == [(Promise.UNREPORTED, 1)]


async def test_a_second_one_who_makes_the_same_digest_leaves_it_as_it_is(town: Town) -> None:
    draft = await town.do(drafted, WEEK, town.now)

    assert await town.do(digests.keep, draft, town.now)
    assert not await town.do(digests.keep, draft, town.now)


async def test_a_preview_changes_nothing(town: Town) -> None:
    await hears(town, MANY, at=MONDAY)

    seen = await town.database.read(lambda c: digests.preview(c, drafted(c, WEEK, town.now)))

    assert seen.heard.people == 20
    assert await town.rows(DigestRow) == []


async def test_what_was_sorted_is_news_although_nothing_new_was_said(town: Town) -> None:
    await hears(town, MANY, at=MONDAY - timedelta(days=30), about="A03", sorted_at=MONDAY)

    digest = await told(town)

    assert digest.heard.statements == 0
    assert digest.is_news
