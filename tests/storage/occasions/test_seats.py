"""Seats: taken once, waited for in line, offered until a deadline, passed on by every change."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from flows.moves import Look
from flows.occasions.occasions import Answered, AnswerOccasion, One, Says, Standing, TakeOffer, WithdrawAnswer
from flows.occasions.occasions import Post as PostKnown
from flows.people.person import BeReachable, Forget, Join, StopPushes
from flows.people.roles import Role, Scope
from storage.database import Database, open_database
from storage.occasions import seats
from storage.occasions.planned import Answer, Occasion, OccasionReply, Post
from storage.tables import table
from tests.storage.plans import add, call_meeting, change, says, seats_of, standings
from tests.storage.town import CONTEXT, Town

PEOPLE = range(4_000_000_001, 4_000_000_007)
ADA, BEN, CLEO, DORA, EVA, FRED = PEOPLE

CROWD = range(4_100_000_000, 4_100_000_200)


class Hall:
    """One meeting, and people who want to come to it."""

    def __init__(self, town: Town) -> None:
        self.town = town

    async def has(self, telegram: int) -> tuple[Standing, int] | None:
        """What a person has, and their place in line; None: they have not answered."""
        own = (await self.town.look(telegram, One, 1)).occasion.own
        return None if own is None else (own.standing, own.place)

    async def standing(self, telegram: int) -> str:
        """What the person has."""
        return (await standings(self.town))[(await self.town.person(telegram)).citizen]

    async def full(self, *people: int, seats: int) -> None:
        """So many seats, for which these people ask one after the other."""
        await self.town.do(call_meeting, 1, now=self.town.now, seats=seats)
        for telegram in people:
            await self.town.arrives(telegram)
            await says(self.town, telegram)

    async def promotes(self) -> list[int]:
        """What is free is offered, as after a change by who planned it; returns to whom."""

        def work(connection: Connection) -> list[int]:
            (occasion,) = connection.execute(select(table(Occasion)).where(table(Occasion).c.id == 1)).all()
            return [one.citizen for one in seats.promote(connection, CONTEXT, occasion, self.town.now)]

        return await self.town.database.write(work)

    async def lapses(self) -> list[int]:
        """Offers that are too old end; returns whose."""
        lapsed: dict[int, list[int]] = await self.town.do(seats.lapse, CONTEXT, self.town.now)
        return lapsed.get(1, [])


@pytest.fixture
def hall(town: Town) -> Hall:
    return Hall(town)


async def test_of_200_who_want_the_last_seat_at_once_one_has_it_and_all_are_told_the_truth(
    url: str, town: Town, hall: Hall
) -> None:
    await hall.full(seats=1)
    for telegram in CROWD:
        await town.arrives(telegram)

    async with AsyncExitStack() as listeners:
        told = dict(zip(CROWD, await all_at_once(listeners, url, town), strict=True))

    assert Counter(told.values()) == {Answered.SEATED: 1, Answered.WAITING: 199}
    rows = await town.rows(Answer)
    assert Counter(row.standing for row in rows) == {"seated": 1, "waiting": 199}
    assert sorted(row.place for row in rows if row.place is not None) == list(range(1, 200))
    (winner,) = (telegram for telegram, answered in told.items() if answered is Answered.SEATED)
    assert await hall.standing(winner) == "seated"


async def all_at_once(listeners: AsyncExitStack, url: str, town: Town) -> list[Answered]:
    """The answers of the whole crowd, on PostgreSQL through four listeners with connections of their own."""
    databases = [town.database]
    if "postgresql" in url:
        databases = [open_database(url) for _ in range(4)]
        for database in databases:
            listeners.push_async_callback(database.close)

    async def asks(number: int, telegram: int) -> Answered:
        answered = await acts_on(databases[number % len(databases)], town, telegram)
        assert isinstance(answered, Answered)
        return answered

    return await asyncio.gather(*(asks(number, telegram) for number, telegram in enumerate(CROWD)))


async def acts_on(database: Database, town: Town, telegram: int) -> Answered:
    there = Town(database)
    there.updates = telegram  # each listener has updates of its own
    return await says(there, telegram)


async def test_who_comes_first_is_first_in_line(hall: Hall) -> None:
    await hall.full(ADA, BEN, CLEO, seats=1)

    assert await hall.has(ADA) == (Standing.SEATED, 0)
    assert await hall.has(BEN) == (Standing.WAITING, 1)
    assert await hall.has(CLEO) == (Standing.WAITING, 2)


@pytest.mark.parametrize("instead", [Says.NO, Says.MAYBE, Says.CANNOT])
async def test_a_seat_that_is_given_back_is_offered_to_the_first_in_line(
    town: Town, hall: Hall, instead: Says
) -> None:
    await hall.full(ADA, BEN, CLEO, seats=1)

    assert await says(town, ADA, instead) is Answered.LEFT

    assert await hall.has(BEN) == (Standing.OFFERED, 0)
    assert await hall.has(CLEO) == (Standing.WAITING, 1)


async def test_an_offered_seat_is_kept_for_whom_it_is_offered(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)
    await says(town, ADA, Says.NO)
    await town.arrives(CLEO)

    assert await says(town, CLEO) is Answered.WAITING
    assert await town.acts(BEN, TakeOffer(1)) == [Answered.SEATED]
    assert await town.acts(BEN, TakeOffer(1)) == [Answered.SEATED]


async def test_saying_yes_once_more_takes_an_offered_seat(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)
    await says(town, ADA, Says.NO)

    assert await says(town, BEN) is Answered.SEATED
    assert await hall.has(BEN) == (Standing.SEATED, 0)


async def test_an_offer_that_is_let_go_passes_on(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, CLEO, seats=1)
    await says(town, ADA, Says.NO)

    assert await says(town, BEN, Says.NO) is Answered.LEFT
    assert await hall.standing(CLEO) == "offered"


async def test_an_offer_that_nobody_takes_in_time_passes_on(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, CLEO, seats=1)
    await says(town, ADA, Says.NO)
    until = (await town.look(BEN, One, 1)).occasion.own.until

    town.now = until - timedelta(microseconds=1)
    assert await hall.lapses() == []
    town.now = until
    assert await hall.lapses() == [(await town.person(BEN)).citizen]

    assert await hall.standing(BEN) == "lapsed"
    assert await hall.standing(CLEO) == "offered"
    assert await town.acts(BEN, TakeOffer(1)) == [Answered.GONE]


async def test_an_offer_that_is_over_is_over_before_anybody_has_looked(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, CLEO, seats=1)
    await says(town, ADA, Says.NO)
    town.now = (await town.look(BEN, One, 1)).occasion.own.until

    assert await town.acts(BEN, TakeOffer(1)) == [Answered.GONE]
    assert await says(town, BEN) is Answered.WAITING
    assert await hall.standing(CLEO) == "offered"
    assert await hall.has(BEN) == (Standing.WAITING, 1)


async def test_who_let_an_offer_lapse_can_come_back_to_a_free_seat_or_to_the_end_of_the_line(
    town: Town, hall: Hall
) -> None:
    await hall.full(ADA, BEN, seats=1)
    await says(town, ADA, Says.NO)
    town.now = (await town.look(BEN, One, 1)).occasion.own.until
    await hall.lapses()

    assert await says(town, BEN) is Answered.SEATED


async def test_a_party_that_does_not_fit_keeps_its_place_while_smaller_ones_pass(
    town: Town, hall: Hall
) -> None:
    await hall.full(ADA, BEN, seats=2)
    for telegram, party in ((CLEO, 2), (DORA, 1)):
        await town.arrives(telegram)
        assert await says(town, telegram, party=party) is Answered.WAITING

    await says(town, ADA, Says.NO)

    assert await hall.has(CLEO) == (Standing.WAITING, 1)
    assert await hall.standing(DORA) == "offered"

    await says(town, BEN, Says.NO)
    assert await hall.has(CLEO) == (Standing.WAITING, 1)
    await says(town, DORA, Says.NO)
    assert await hall.standing(CLEO) == "offered"


async def test_a_seat_that_nobody_in_line_fits_into_goes_at_once_to_who_does(town: Town, hall: Hall) -> None:
    await hall.full(ADA, seats=2)
    await town.arrives(BEN)
    await town.arrives(CLEO)
    assert await says(town, BEN, party=2) is Answered.WAITING

    assert await says(town, CLEO) is Answered.SEATED
    assert await hall.has(BEN) == (Standing.WAITING, 1)


@pytest.mark.parametrize("gone_deaf", [False, True])
async def test_what_is_shown_free_is_what_saying_yes_takes_whoever_waits(
    town: Town, hall: Hall, gone_deaf: bool
) -> None:
    await hall.full(ADA, seats=3)
    for telegram in (BEN, CLEO):
        await town.arrives(telegram)
    assert await says(town, BEN, party=3) is Answered.WAITING
    await town.acts(BEN, BeReachable(not gone_deaf))

    (post,) = (await town.look(CLEO, One, 1)).occasion.posts

    assert post.free == 2
    assert await says(town, CLEO, party=2) is Answered.SEATED


@pytest.mark.parametrize(
    ("seats", "taken", "party", "sooner"),
    [(3, 1, 3, True), (3, 3, 3, False), (2, 2, 3, True), (2, 0, 3, True), (None, 9, 9, False)],
    ids=["some are free", "none is free", "more than there are", "even if all are free", "any number"],
)
def test_fewer_may_have_a_seat_sooner_where_some_are_free_or_all_of_them_never_find_one(
    seats: int | None, taken: int, party: int, sooner: bool
) -> None:
    assert PostKnown(1, 1, seats, taken, waiting=party).is_too_small(party) is sooner


async def test_a_party_that_shrinks_gives_its_seats_to_the_next(town: Town, hall: Hall) -> None:
    await hall.full(seats=3)
    await town.arrives(ADA)
    await town.arrives(BEN)
    assert await says(town, ADA, party=3) is Answered.SEATED
    assert await says(town, BEN, party=2) is Answered.WAITING

    assert await says(town, ADA, party=1) is Answered.SEATED

    assert await hall.standing(BEN) == "offered"


async def test_who_waits_with_fewer_people_keeps_their_place_and_has_a_seat_if_they_fit_now(
    town: Town, hall: Hall
) -> None:
    await hall.full(ADA, seats=2)
    await town.arrives(BEN)
    assert await says(town, BEN, party=2) is Answered.WAITING

    assert await says(town, BEN, party=1) is Answered.SEATED


async def test_a_party_grows_into_free_seats(town: Town, hall: Hall) -> None:
    await hall.full(ADA, seats=3)

    assert await says(town, ADA, party=3) is Answered.SEATED
    assert (await town.row(Answer)).party == 3


async def test_a_party_that_cannot_grow_keeps_what_it_has(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=2)

    assert await says(town, ADA, party=2) is Answered.FULL
    assert await hall.has(ADA) == (Standing.SEATED, 0)
    assert {row.party for row in await town.rows(Answer)} == {1}


async def test_more_people_than_there_are_seats_in_all_do_not_wait_in_vain(town: Town, hall: Hall) -> None:
    await hall.full(seats=2)
    await town.arrives(ADA)

    assert await says(town, ADA, party=3) is Answered.FULL
    assert await town.rows(Answer) == []


async def test_a_party_does_not_grow_past_those_who_wait(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=3)
    await town.arrives(CLEO)
    assert await says(town, CLEO, party=2) is Answered.WAITING

    assert await says(town, ADA, party=2) is Answered.FULL
    assert await hall.has(ADA) == (Standing.SEATED, 0)


async def test_more_seats_are_offered_to_those_in_line(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, CLEO, DORA, seats=1)

    await town.do(seats_of, 1, 3)
    offered = await hall.promotes()

    assert offered == [(await town.person(telegram)).citizen for telegram in (BEN, CLEO)]
    assert await hall.has(DORA) == (Standing.WAITING, 1)


async def test_who_changes_to_another_post_frees_the_first_one(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)
    await town.do(add, Post, id=11, occasion_id=1, number=2, seats=1, minutes=None)

    assert await town.acts(ADA, AnswerOccasion(1, Says.YES, post=11)) == [Answered.SEATED]
    assert await hall.standing(BEN) == "offered"


async def test_who_wants_a_post_that_is_taken_keeps_the_one_they_have(town: Town, hall: Hall) -> None:
    await hall.full(ADA, seats=1)
    await town.arrives(BEN)
    await town.do(add, Post, id=11, occasion_id=1, number=2, seats=1, minutes=None)
    assert await town.acts(BEN, AnswerOccasion(1, Says.YES, post=11)) == [Answered.SEATED]

    assert await town.acts(ADA, AnswerOccasion(1, Says.YES, post=11)) == [Answered.FULL]
    assert {row.post_id for row in await town.rows(Answer)} == {10, 11}


async def test_the_seat_of_somebody_who_is_erased_passes_on(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)

    await town.acts(ADA, Forget())

    assert list((await standings(town)).values()) == ["offered"]


async def test_who_withdraws_an_answer_leaves_nothing_but_a_free_seat(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)
    ada = (await town.person(ADA)).citizen
    await town.do(add, OccasionReply, occasion_id=1, number=1, citizen_id=ada, text="With a dog")

    await town.acts(ADA, WithdrawAnswer(1), WithdrawAnswer(99))

    assert await town.rows(OccasionReply) == []
    assert await hall.has(ADA) is None
    assert await hall.standing(BEN) == "offered"


async def test_who_blocks_the_bot_or_stops_its_pushes_still_comes(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)

    await town.acts(ADA, StopPushes())
    await town.acts(ADA, BeReachable(False))

    assert await hall.has(ADA) == (Standing.SEATED, 0)
    assert await hall.standing(BEN) == "waiting"


async def test_who_has_moved_away_can_still_give_their_seat_back(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)
    await town.acts(ADA, Join("montbell", None))

    assert await says(town, ADA, Says.NO) is Answered.LEFT
    assert await hall.standing(BEN) == "offered"


async def test_from_the_moment_it_begins_nothing_is_answered_offered_or_taken(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)
    town.later(days=5, microseconds=-1)
    assert await says(town, ADA, Says.NO) is Answered.LEFT
    assert (await town.look(BEN, One, 1)).occasion.own.until == town.now + timedelta(microseconds=1)

    town.later(microseconds=1)
    await hall.lapses()

    assert await says(town, BEN) is Answered.OVER
    assert await town.acts(BEN, TakeOffer(1)) == [Answered.OVER]
    assert await hall.standing(BEN) == "lapsed"


async def test_nothing_is_answered_to_what_was_cancelled(town: Town, hall: Hall) -> None:
    await hall.full(ADA, BEN, seats=1)
    await town.do(change, 1, state="cancelled")

    assert await says(town, ADA, Says.NO) is Answered.CANCELLED
    assert await hall.promotes() == []
    assert await hall.has(ADA) == (Standing.SEATED, 0)


@pytest.mark.parametrize(
    "forged",
    [
        AnswerOccasion(2, Says.YES),
        AnswerOccasion(1, Says.YES, post=20),
        AnswerOccasion(1, Says.YES, party=0),
        AnswerOccasion(1, Says.YES, party=10),
        AnswerOccasion(3, Says.YES),
        AnswerOccasion(4, Says.YES),
        AnswerOccasion(5, Says.YES),
        AnswerOccasion(6, Says.YES),
        TakeOffer(1),
        TakeOffer(2),
    ],
    ids=str,
)
async def test_what_is_not_there_for_a_person_is_not_there(
    town: Town, forged: AnswerOccasion | TakeOffer
) -> None:
    await town.arrives(ADA)
    for id, columns in {
        1: {},
        3: {"state": "draft"},
        4: {"territory": "montbell"},
        5: {"group_slug": "elders"},
        6: {"role": "panel"},
    }.items():
        await town.do(call_meeting, id, now=town.now, seats=5, **columns)

    assert await town.acts(ADA, forged) == [Answered.GONE]
    assert await town.rows(Answer) == []


async def test_who_has_not_agreed_to_anything_yet_cannot_answer(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, territory=None)
    await town.comes(ADA)

    assert await says(town, ADA) is Answered.GONE


async def test_who_has_the_role_it_is_for_can_answer(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.PANEL, Scope("riverside"))
    await town.do(call_meeting, 1, now=town.now, role="panel")

    assert await says(town, ADA) is Answered.SEATED


async def test_no_answer_of_many_sells_a_seat_twice_or_leaves_one_empty_while_somebody_fits(
    town: Town, hall: Hall
) -> None:
    await hall.full(*PEOPLE, seats=4)
    steps = [
        (ADA, Says.YES, 3), (BEN, Says.NO, 1), (CLEO, Says.MAYBE, 1), (ADA, Says.YES, 2), (BEN, Says.YES, 2),
        (EVA, Says.CANNOT, 1), (CLEO, Says.YES, 1), (FRED, Says.NO, 1), (DORA, Says.NO, 1), (ADA, Says.NO, 1),
    ]  # fmt: skip
    for telegram, what, party in steps:
        await says(town, telegram, what, party=party)

        rows = await town.rows(Answer)
        taken = sum(row.party for row in rows if row.standing in ("seated", "offered"))
        assert taken <= 4
        assert not [row for row in rows if row.standing == "waiting" and row.party <= 4 - taken]


async def test_looking_at_a_meeting_twice_in_one_turn_shows_what_came_of_the_answer_between(
    town: Town, hall: Hall
) -> None:
    await hall.full(seats=1)
    await town.arrives(ADA)

    before, _, after = await town.acts(ADA, Look(One, (1,)), AnswerOccasion(1, Says.YES), Look(One, (1,)))

    assert (before.occasion.own, before.occasion.posts[0].free) == (None, 1)
    assert (after.occasion.own.standing, after.occasion.posts[0].free) == (Standing.SEATED, 0)
