"""Stand-ins: who is asked and when, and that the first who accepts has the post, and nobody else."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from flows.actions.gifts import Give, Giving
from flows.moves import Effect
from flows.occasions.occasions import AnswerOccasion, One, Says, TakeOffer
from flows.occasions.posts import (
    GiveBack,
    GiveBackLater,
    KeepPost,
    RefuseToStandIn,
    Seeking,
    SeekStandIn,
    StandIn,
    StoodIn,
)
from flows.people.person import BeReachable, Forget, Join, StopPushes
from flows.people.roles import Role, Scope
from flows.planning.planning import DropPost, Planned
from flows.pushes.pushed import Topic
from flows.pushes.why import SwitchTopic
from storage.database import open_database
from storage.occasions.helped import Standby
from storage.occasions.planned import Answer
from storage.people import retention
from storage.pushes.pushed import Push
from storage.tables import table
from tests.storage.activities import CLUB, COOK, HOST, calls, post_of, take
from tests.storage.occasions.test_posts import told
from tests.storage.plans import call_meeting, change, standings
from tests.storage.town import Town, words

ADA, BEN, CLEO, DORA, EVA = range(4_000_000_001, 4_000_000_006)
CROWD = range(4_100_000_000, 4_100_000_020)


@pytest.fixture
async def club(town: Town) -> Town:
    """A weekly club of three dates in five days, where Ada cooks."""
    for telegram in (ADA, BEN, CLEO, DORA):
        await town.arrives(telegram)
    await calls(town, dates=3)
    await town.acts(ADA, take(COOK))
    return town


async def gives(town: Town, telegram: int, giving: Giving = Giving.SKILL) -> None:
    """A person says what they can give."""
    await town.acts(telegram, Give(giving, words("I can cook")))


async def asked(town: Town) -> dict[int, datetime]:
    """When whom of the people here is to be asked, by the last digit of their Telegram id."""
    names = {(await town.person(telegram)).citizen: telegram % 10 for telegram in (ADA, BEN, CLEO, DORA)}
    return {names[row.citizen_id]: row.at for row in await town.rows(Push) if row.kind == "stand_in"}


async def test_until_somebody_accepts_the_post_stays_with_who_asks(club: Town) -> None:
    await gives(club, BEN)

    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.ASKED]

    occasion = (await club.look(ADA, One, CLUB)).occasion
    assert occasion.own.seeks
    assert [(post.taken, post.sought) for post in occasion.posts] == [(1, 1), (0, 0)]


async def test_the_first_who_accepts_has_the_post_and_who_asked_is_free(club: Town) -> None:
    await gives(club, BEN)
    await club.acts(ADA, SeekStandIn(CLUB))

    assert await club.acts(BEN, StandIn(CLUB, COOK)) == [StoodIn.TAKEN]
    assert await club.acts(CLEO, StandIn(CLUB, COOK)) == [StoodIn.GONE]

    ada, ben = (await club.person(ADA)).citizen, (await club.person(BEN)).citizen
    assert await standings(club) == {ada: "none", ben: "seated"}
    assert await told(club, "relieved") == {ada}
    assert await told(club, "stand_in") == set()
    assert {row.citizen_id for row in await club.rows(Push) if row.kind == "reminder"} == {ben}


async def test_of_20_who_accept_at_once_exactly_one_has_the_post(url: str, club: Town) -> None:
    for telegram in CROWD:
        await club.arrives(telegram)
    await club.acts(ADA, SeekStandIn(CLUB))

    async with AsyncExitStack() as listeners:
        towns = [club]
        if "postgresql" in url:
            towns = [Town(open_database(url)) for _ in range(4)]
            for number, each in enumerate(towns):
                each.updates = 10_000 * (number + 1)
                listeners.push_async_callback(each.database.close)
        came = await asyncio.gather(
            *(
                towns[number % len(towns)].acts(telegram, StandIn(CLUB, COOK))
                for number, telegram in enumerate(CROWD)
            )
        )

    assert Counter(one for (one,) in came) == {StoodIn.TAKEN: 1, StoodIn.GONE: 19}
    assert sorted((await standings(club)).values()) == ["none", "seated"]


async def test_who_waits_is_asked_first_then_who_had_the_post_at_other_dates_then_who_can_give(
    club: Town,
) -> None:
    await club.acts(BEN, take(COOK))
    await club.acts(CLEO, take(COOK, occasion=2))
    await gives(club, DORA, Giving.TIME)

    await club.acts(ADA, SeekStandIn(CLUB))

    quarter = timedelta(minutes=15)
    assert await asked(club) == {2: club.now, 3: club.now + quarter, 4: club.now + 2 * quarter}


async def test_shortly_before_the_next_are_asked_sooner(club: Town) -> None:
    await club.acts(BEN, take(COOK))
    await gives(club, DORA)
    club.later(days=4, hours=22, minutes=48)  # an hour and twelve minutes are left: a twelfth is six minutes

    await club.acts(ADA, SeekStandIn(CLUB))

    assert await asked(club) == {2: club.now, 4: club.now + timedelta(minutes=6)}


@pytest.mark.parametrize("giving", [Giving.ROOM, Giving.TOOL])
async def test_who_gives_a_room_or_a_tool_is_not_asked(club: Town, giving: Giving) -> None:
    await gives(club, BEN, giving)

    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.NOBODY]


async def test_a_deadline_meanwhile_keeps_nobody_from_standing_in(club: Town) -> None:
    await gives(club, BEN)
    begins = timedelta(days=5, hours=1)
    await club.do(call_meeting, 90, now=club.now, begins=begins, lasts=timedelta(0))
    await club.acts(BEN, AnswerOccasion(90, Says.YES))

    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.ASKED]


async def test_who_said_no_has_a_post_there_or_was_asked_before_is_left_alone(club: Town) -> None:
    for telegram in (BEN, CLEO, DORA):
        await gives(club, telegram)
    await club.acts(BEN, AnswerOccasion(CLUB, Says.NO, post=post_of(CLUB, COOK)))
    await club.acts(CLEO, take(HOST))

    await club.acts(ADA, SeekStandIn(CLUB))
    assert set(await asked(club)) == {4}

    await club.acts(ADA, KeepPost(CLUB))
    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.ASKED]  # nobody has heard of it so far
    said = update(table(Push)).where(table(Push).c.kind == "stand_in").values(state="said")
    await club.database.write(lambda connection: connection.execute(said))
    await club.acts(ADA, KeepPost(CLUB))
    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.NOBODY]


async def test_who_refuses_is_not_asked_again(club: Town) -> None:
    await gives(club, BEN)
    await club.acts(ADA, SeekStandIn(CLUB))
    await club.acts(BEN, RefuseToStandIn(CLUB))
    await club.acts(ADA, KeepPost(CLUB))

    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.NOBODY]


async def test_who_is_somewhere_else_at_that_time_is_not_asked(club: Town) -> None:
    for telegram in (BEN, CLEO, DORA):
        await gives(club, telegram)
    await club.do(call_meeting, 50, now=club.now, begins=timedelta(days=5, hours=1))
    await club.do(call_meeting, 60, now=club.now, begins=timedelta(days=5, hours=2))
    await club.acts(BEN, AnswerOccasion(50, Says.YES))
    await club.acts(CLEO, AnswerOccasion(60, Says.YES))
    await club.acts(DORA, AnswerOccasion(50, Says.MAYBE))

    await club.acts(ADA, SeekStandIn(CLUB))

    assert set(await asked(club)) == {3, 4}


async def test_who_cannot_be_asked_is_not(club: Town) -> None:
    await club.arrives(EVA, territory="montbell", group=None)
    for telegram in (BEN, CLEO, DORA, EVA):
        await gives(club, telegram)
    await club.acts(BEN, StopPushes())
    await club.acts(CLEO, BeReachable(False))
    await club.acts(DORA, SwitchTopic(Topic.STAND_IN, on=False))

    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.NOBODY]
    assert await club.rows(Standby) == []


async def test_of_an_activity_for_a_group_or_a_role_only_those_are_asked(club: Town) -> None:
    for telegram in (BEN, CLEO, DORA):
        await gives(club, telegram)
    await club.acts(BEN, Join("riverside", "elders"))
    await club.do(change, CLUB, group_slug="youth")
    await club.acts(ADA, SeekStandIn(CLUB))
    assert set(await asked(club)) == {3, 4}

    await club.acts(ADA, take(COOK, occasion=2))
    await club.appoints(CLEO, Role.PANEL, Scope("riverside"))
    await club.do(change, 2, role="panel")
    await club.acts(ADA, SeekStandIn(2))
    assert {row.citizen_id for row in await club.rows(Push) if (row.kind, row.about) == ("stand_in", 2)} == {
        (await club.person(CLEO)).citizen
    }

    await club.acts(ADA, take(COOK, occasion=3))
    await club.do(change, 3, role="panel", group_slug="youth")
    assert await club.acts(ADA, SeekStandIn(3)) == [Seeking.ASKED]


async def test_who_coordinates_is_told_where_nobody_can_be_asked(club: Town) -> None:
    await club.appoints(BEN, Role.TERRITORY, Scope("riverside"))

    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.NOBODY]

    assert await told(club, "missing") == {(await club.person(BEN)).citizen}


async def test_who_comes_after_all_keeps_the_post_and_nobody_is_asked_any_more(club: Town) -> None:
    await gives(club, BEN)
    await club.acts(ADA, SeekStandIn(CLUB))

    assert await club.acts(ADA, KeepPost(CLUB)) == [True]
    assert await asked(club) == {}
    assert await club.acts(BEN, StandIn(CLUB, COOK)) == [StoodIn.GONE]


async def test_what_somebody_has_taken_over_cannot_be_kept(club: Town) -> None:
    await club.acts(ADA, SeekStandIn(CLUB))
    await club.acts(BEN, StandIn(CLUB, COOK))

    assert await club.acts(ADA, KeepPost(CLUB)) == [False]
    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.GONE]


async def test_of_two_who_ask_the_first_is_relieved_first(club: Town) -> None:
    await club.acts(BEN, take(HOST))
    await club.acts(CLEO, take(HOST))
    await club.acts(CLEO, SeekStandIn(CLUB))
    club.later(minutes=1)
    await club.acts(BEN, SeekStandIn(CLUB))

    await club.acts(DORA, StandIn(CLUB, HOST))

    cleo, ben = (await club.person(CLEO)).citizen, (await club.person(BEN)).citizen
    assert (await standings(club))[cleo] == "none"
    assert (await standings(club))[ben] == "seated"
    assert await told(club, "relieved") == {cleo}


async def test_who_has_a_post_there_cannot_take_another_over(club: Town) -> None:
    await club.acts(BEN, take(HOST))
    await club.acts(ADA, SeekStandIn(CLUB))

    assert await club.acts(BEN, StandIn(CLUB, COOK)) == [StoodIn.BUSY]
    assert await club.acts(ADA, StandIn(CLUB, COOK)) == [StoodIn.BUSY]


async def test_who_waits_for_another_post_leaves_that_line(club: Town) -> None:
    await club.acts(BEN, take(HOST))
    await club.acts(CLEO, take(HOST))
    await club.acts(DORA, take(HOST))
    await club.acts(ADA, SeekStandIn(CLUB))

    assert await club.acts(DORA, StandIn(CLUB, COOK)) == [StoodIn.TAKEN]
    assert [row.waiting for row in (await club.look(ADA, One, CLUB)).occasion.posts] == [0, 0]


async def test_who_gives_a_post_back_is_not_looked_after_any_more(club: Town) -> None:
    await gives(club, BEN)
    await club.acts(ADA, SeekStandIn(CLUB))
    await club.acts(ADA, GiveBack(CLUB))

    assert await club.acts(BEN, StandIn(CLUB, COOK)) == [StoodIn.GONE]


async def test_who_refuses_is_remembered_until_they_are_erased(club: Town) -> None:
    await gives(club, BEN)
    await club.acts(ADA, SeekStandIn(CLUB))
    await club.acts(BEN, RefuseToStandIn(CLUB))

    assert (await club.row(Standby)).refused_at == club.now
    await club.acts(BEN, Forget())
    assert await club.rows(Standby) == []


async def test_a_post_can_be_taken_away_after_somebody_was_asked_for_it(club: Town) -> None:
    await club.arrives(EVA)
    await club.appoints(EVA, Role.TERRITORY, Scope("riverside"))
    await gives(club, BEN)
    await club.acts(ADA, SeekStandIn(CLUB), GiveBack(CLUB))

    assert await club.acts(EVA, DropPost(Scope("riverside"), CLUB, COOK)) == [Planned.DONE]
    assert await club.rows(Standby) == []


async def test_once_it_is_over_nobody_knows_who_was_asked(club: Town) -> None:
    await gives(club, BEN)
    await club.acts(ADA, SeekStandIn(CLUB))
    club.later(days=5, hours=2)
    await club.do(retention.sweep, club.now)
    assert len(await club.rows(Standby)) == 1

    await club.do(retention.sweep, club.now + timedelta(microseconds=1))
    assert await club.rows(Standby) == []


async def test_the_post_of_who_is_erased_is_not_handed_over_but_passed_on(club: Town) -> None:
    await club.acts(BEN, take(COOK))
    await club.acts(ADA, SeekStandIn(CLUB))
    await club.acts(ADA, Forget())

    assert await club.acts(CLEO, StandIn(CLUB, COOK)) == [StoodIn.GONE]
    assert [row.standing for row in await club.rows(Answer)] == ["offered"]


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_people_do_no_place_is_given_twice_or_stays_empty_while_somebody_waits(
    club: Town, seed: int
) -> None:
    random = Random(seed)
    deeds: tuple[Effect[Any], ...] = (
        *(take(post) for post in (COOK, HOST) * 2),
        *(StandIn(CLUB, post) for post in (COOK, HOST)),
        *(SeekStandIn(CLUB), KeepPost(CLUB), GiveBack(CLUB), GiveBackLater(CLUB)),
        *(TakeOffer(CLUB), RefuseToStandIn(CLUB)),
    )
    for _ in range(40):
        await club.acts(random.choice((ADA, BEN, CLEO, DORA)), random.choice(deeds))

        for post in (await club.look(ADA, One, CLUB)).occasion.posts:
            assert post.taken <= post.seats
            assert post.sought <= post.taken
            assert not post.waiting or post.taken == post.seats


async def test_nobody_stands_in_for_what_has_begun_is_cancelled_or_is_not_theirs(club: Town) -> None:
    await club.arrives(EVA, territory="montbell", group=None)
    await club.acts(ADA, SeekStandIn(CLUB), take(COOK, occasion=2))
    await club.do(change, 2, state="cancelled")

    assert await club.acts(EVA, StandIn(CLUB, COOK)) == [StoodIn.GONE]
    assert await club.acts(BEN, StandIn(2, COOK), StandIn(CLUB, 9)) == [StoodIn.CANCELLED, StoodIn.GONE]
    assert await club.acts(ADA, SeekStandIn(2)) == [Seeking.CANCELLED]
    assert await club.acts(BEN, SeekStandIn(CLUB)) == [Seeking.GONE]
    club.later(days=5)
    assert await club.acts(BEN, StandIn(CLUB, COOK)) == [StoodIn.OVER]
    assert await club.acts(ADA, SeekStandIn(CLUB)) == [Seeking.OVER]
