"""A person's calendar shows what they said yes or maybe to, at an address that only they were told."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from flows.files import Entries
from flows.occasions.calendar import CloseFeed, Feed, FeedAddress, OpenFeed, OwnCalendar
from flows.occasions.occasions import AnswerOccasion, Says, State
from flows.people.person import Forget
from storage.occasions.calendars import PAST, Calendar, CalendarFeed, calendar_at
from storage.tables import Citizen, table
from tests.storage.plans import call_meeting, change, says
from tests.storage.town import CONTEXT, Town

ANNA, OLGA = 1, 2


async def address_of(town: Town, telegram: int = ANNA) -> str | None:
    """Where a person's calendar lies."""
    found: FeedAddress = await town.look(telegram, FeedAddress)
    return found.address


async def lies_at(town: Town, address: str | None) -> Calendar | None:
    """The calendar at an address, as a program fetches it."""
    assert address is not None
    token = address.removeprefix("https://town.example/calendar/").removesuffix(".ics")
    found: Calendar | None = await town.do(calendar_at, CONTEXT, token, town.now)
    return found


@pytest.fixture
async def meetings(town: Town) -> Town:
    """Three meetings, and Anna with an address; to the last she has said nothing."""
    await town.arrives(ANNA)
    for id in (3, 1, 2):
        await town.do(call_meeting, id, now=town.now, begins=timedelta(days=id))
    await says(town, ANNA, Says.MAYBE, of=2)
    await says(town, ANNA, Says.YES, of=1)
    await town.acts(ANNA, OpenFeed())
    return town


async def test_it_holds_yes_and_maybe_soonest_first(meetings: Town) -> None:
    calendar = await lies_at(meetings, await address_of(meetings))

    assert calendar is not None
    assert [(entry.id, entry.is_sure) for entry in calendar.entries] == [(1, True), (2, False)]
    assert calendar.entries[0].sheet.title == {"en": "Meeting 1"}
    assert calendar.entries[0].address == "https://t.me/town_bot?start=m_1"
    assert calendar.languages[0] == "en"
    own: OwnCalendar = await meetings.look(ANNA, OwnCalendar)
    assert own == OwnCalendar((1, 2), Feed.OPEN)


async def test_who_waits_for_a_seat_is_not_sure_to_come(meetings: Town) -> None:
    await meetings.arrives(OLGA)
    await meetings.do(call_meeting, 9, now=meetings.now, seats=1)
    await says(meetings, OLGA, Says.YES, of=9)
    await says(meetings, ANNA, Says.YES, of=9)

    calendar = await lies_at(meetings, await address_of(meetings))

    assert calendar is not None
    assert (calendar.entries[-1].id, calendar.entries[-1].is_sure) == (9, False)


async def test_who_says_no_has_it_no_longer(meetings: Town) -> None:
    await meetings.acts(ANNA, AnswerOccasion(1, Says.NO))

    calendar = await lies_at(meetings, await address_of(meetings))

    assert calendar is not None
    assert [entry.id for entry in calendar.entries] == [2]


async def test_what_is_cancelled_stays_for_a_while_so_that_calendars_learn_of_it(meetings: Town) -> None:
    await meetings.do(change, 2, state=State.CANCELLED, changed_at=meetings.now, sequence=1)

    calendar = await lies_at(meetings, await address_of(meetings))

    assert calendar is not None
    assert [(entry.id, entry.is_cancelled, entry.sequence) for entry in calendar.entries] == [
        (1, False, 0),
        (2, True, 1),
    ]
    meetings.now += PAST
    calendar = await lies_at(meetings, await address_of(meetings))
    assert calendar is not None
    assert [entry.id for entry in calendar.entries] == [1]


async def test_what_is_over_leaves_it_after_a_month(meetings: Town) -> None:
    meetings.later(days=33)

    calendar = await lies_at(meetings, await address_of(meetings))

    assert calendar is not None
    assert calendar.entries == ()
    own: OwnCalendar = await meetings.look(ANNA, OwnCalendar)
    assert own.dates == ()


async def test_an_address_nobody_was_given_leads_nowhere(meetings: Town) -> None:
    assert await lies_at(meetings, "https://town.example/calendar/AAAAAAAAAAAAAAAAAAAAAA.ics") is None


async def test_the_secret_is_not_kept(meetings: Town) -> None:
    address = str(await address_of(meetings))
    token = address.removeprefix("https://town.example/calendar/").removesuffix(".ics")

    assert len(token) == 22
    assert token not in str(await meetings.row(CalendarFeed))


async def test_a_new_address_makes_the_old_one_useless(meetings: Town) -> None:
    old = await address_of(meetings)

    await meetings.acts(ANNA, OpenFeed())

    new = await address_of(meetings)
    assert new != old
    assert await lies_at(meetings, old) is None
    assert await lies_at(meetings, new) is not None


async def test_a_closed_address_leads_nowhere(meetings: Town) -> None:
    old = await address_of(meetings)

    await meetings.acts(ANNA, CloseFeed())

    assert await address_of(meetings) is None
    assert await lies_at(meetings, old) is None


async def test_with_the_person_goes_their_address(meetings: Town) -> None:
    old = await address_of(meetings)

    await meetings.acts(ANNA, Forget())

    assert await lies_at(meetings, old) is None
    assert await meetings.rows(CalendarFeed) == []


async def test_a_file_holds_what_was_asked_for_and_is_there_for_the_person(meetings: Town) -> None:
    await meetings.do(call_meeting, 7, now=meetings.now, territory="montbell")

    found: Entries = await meetings.look(ANNA, Entries, (3, 7, 1, 999))

    assert [entry.id for entry in found.entries] == [1, 3]


async def test_words_come_in_the_languages_of_the_person_and_of_their_place(meetings: Town) -> None:
    await meetings.do(lambda connection: connection.execute(update(table(Citizen)).values(language="ar")))

    calendar = await lies_at(meetings, await address_of(meetings))

    assert calendar is not None
    assert calendar.languages == ("ar", *CONTEXT.territories["riverside"].languages)
