"""Who comes, as those see it who prepare it: counts, and no names but those that were given for it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from flows.occasions.occasions import Barrier, Need, Says, Standing
from flows.occasions.registration import ReplyAtRegistration
from flows.occasions.wishes import DescribeBarrier, NameBarriers, NameGuests, NameNeeds
from flows.people.roles import EVERYWHERE, NotAllowed, Role, Scope
from flows.people.team import WithdrawRole
from flows.planning.responses import Attendance, AttendanceWords, Responses
from storage.occasions.planned import Answer
from storage.tables import Appointment, table
from tests.storage.plans import ask_at_registration, call_meeting, call_often, says
from tests.storage.town import Town

ADA, BEN, CLEO, DORA = range(4_000_000_001, 4_000_000_005)
RIVERSIDE, YOUTH, MONTBELL = Scope("riverside"), Scope("riverside", "youth"), Scope("montbell")


@pytest.fixture
async def prepared(town: Town) -> Town:
    """A meeting with two seats; Ada prepares it, Ben, Cleo and Dora answer."""
    for telegram in (ADA, BEN, CLEO, DORA):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    await town.appoints(BEN, Role.PANEL, RIVERSIDE, name="Ben of the panel")
    await town.do(call_meeting, 1, now=town.now, seats=2)
    await town.do(ask_at_registration, 1, 1, en="Do you eat with us?", lv="Vai ēdīsiet?")
    return town


async def counts(town: Town, telegram: int = ADA, where: Scope = RIVERSIDE) -> Attendance:
    found: Attendance = await town.look(telegram, Attendance, where, 1)
    return found


async def words(town: Town, where: Scope = RIVERSIDE) -> AttendanceWords:
    found: AttendanceWords = await town.look(ADA, AttendanceWords, where, 1)
    return found


async def test_answers_are_counted_and_people_with_those_who_come_with_them(prepared: Town) -> None:
    await says(prepared, BEN, party=2)
    await says(prepared, CLEO)
    await says(prepared, DORA, Says.CANNOT)
    await prepared.acts(DORA, NameBarriers(1, (Barrier.TRANSPORT, Barrier.TIME)))
    await prepared.acts(BEN, NameNeeds(1, (Need.INTERPRETATION,), "fr"))

    there = await counts(prepared)

    assert there.says == {Says.YES: 2, Says.CANNOT: 1}
    assert there.standings == {Standing.SEATED: 2, Standing.WAITING: 1}
    assert there.barriers == {Barrier.TIME: 1, Barrier.TRANSPORT: 1}
    assert (there.needs_named, there.interpretation) == ({Need.INTERPRETATION: 1}, {"Français": 1})
    assert [(post.seats, post.taken, post.waiting) for post in there.posts] == [(2, 2, 1)]
    assert there.came == 0


async def test_words_are_shown_without_who_wrote_them_and_names_only_where_they_were_given(
    prepared: Town,
) -> None:
    await says(prepared, BEN)
    await says(prepared, CLEO)
    await says(prepared, DORA, Says.CANNOT)
    await prepared.acts(CLEO, NameGuests(1, "Grandma"), ReplyAtRegistration(1, 1, "gladly"))
    await prepared.acts(DORA, DescribeBarrier(1, "no bus comes here"))

    written = await words(prepared)

    assert (written.named, written.guests) == (("Ben of the panel",), ("Grandma",))
    assert written.barriers == ("no bus comes here",)
    assert written.replies == (({"en": "Do you eat with us?", "lv": "Vai ēdīsiet?"}, ("gladly",)),)


async def test_who_no_longer_comes_is_not_named_and_their_replies_are_not_shown(prepared: Town) -> None:
    await says(prepared, BEN)
    await says(prepared, CLEO)
    await prepared.acts(CLEO, NameGuests(1, "Grandma"), ReplyAtRegistration(1, 1, "gladly"))

    await says(prepared, BEN, Says.NO)
    await says(prepared, CLEO, Says.NO)

    assert await words(prepared) == AttendanceWords((), (), (), ())


async def test_a_role_that_has_ended_gives_no_name(prepared: Town) -> None:
    await says(prepared, BEN)
    (role,) = [row for row in await prepared.rows(Appointment) if row.name == "Ben of the panel"]

    await prepared.acts(ADA, WithdrawRole(RIVERSIDE, role.id))

    assert (await words(prepared)).named == ()


async def test_nothing_is_seen_of_a_meeting_by_a_scope_that_is_not_its_own(prepared: Town) -> None:
    await says(prepared, BEN)
    await prepared.arrives(5, territory="montbell", group=None)
    await prepared.appoints(5, Role.TERRITORY, MONTBELL)

    assert (await counts(prepared, 5, MONTBELL)).says == {}
    assert (await counts(prepared, ADA, YOUTH)).says == {}
    assert await words(prepared, YOUTH) == AttendanceWords((), (), (), ())
    with pytest.raises(NotAllowed):
        await counts(prepared, 5, RIVERSIDE)


async def test_what_is_to_come_and_what_was_lately_is_listed_with_how_many_come(prepared: Town) -> None:
    now = prepared.now
    await prepared.do(call_meeting, 2, now=now, begins=timedelta(days=-3))
    await prepared.do(call_meeting, 3, now=now, begins=timedelta(days=-90))
    await prepared.do(call_meeting, 4, now=now, begins=timedelta(days=7), group_slug="youth")
    await prepared.do(call_meeting, 5, now=now, state="cancelled")
    await prepared.do(call_meeting, 6, now=now, state="draft")
    await says(prepared, BEN, party=2)

    lines = (await prepared.look(ADA, Responses, RIVERSIDE)).lines

    assert [(line.id, line.people) for line in lines] == [(1, 2), (4, 0), (2, 0)]
    assert [line.id for line in (await prepared.look(ADA, Responses, YOUTH)).lines] == [4]


async def test_what_was_lately_hides_nothing_of_what_is_to_come_however_much_it_was(prepared: Town) -> None:
    now, hours = prepared.now, timedelta(hours=5)
    past = await prepared.do(
        call_often, 1000, now=now, dates=250, begins=timedelta(days=-55), every=hours, is_series=False
    )
    for first in (2000, 3000, 4000, 5000):
        await prepared.do(call_often, first, now=now, dates=60)
    await prepared.do(call_meeting, 7, now=now, begins=timedelta(weeks=70))
    await says(prepared, BEN, of=5059)

    lines = (await prepared.look(ADA, Responses, RIVERSIDE)).lines

    assert [line.id for line in lines[:7]] == [1, 2000, 3000, 4000, 5000, 5059, 7]
    assert [line.id for line in lines[7:]] == [*reversed(past[50:])]


async def test_the_network_sees_what_is_everywhere(prepared: Town) -> None:
    await prepared.appoints(CLEO, Role.NETWORK, EVERYWHERE)

    assert [line.id for line in (await prepared.look(CLEO, Responses, EVERYWHERE)).lines] == [1]


async def test_of_a_series_the_next_date_is_listed_and_any_other_that_somebody_comes_to(
    prepared: Town,
) -> None:
    for number in (11, 12, 13, 14):
        await prepared.do(call_meeting, number, now=prepared.now, begins=timedelta(days=number), series=11)
    await says(prepared, BEN, of=13)

    lines = (await prepared.look(ADA, Responses, RIVERSIDE)).lines

    assert [line.id for line in lines] == [1, 11, 13]


async def test_who_was_there_is_counted_with_those_who_came_with_them(prepared: Town) -> None:
    await says(prepared, BEN, party=2)
    came = update(table(Answer)).values(checked_in_at=prepared.now)

    await prepared.do(lambda connection: connection.execute(came))

    assert (await counts(prepared)).came == 2
