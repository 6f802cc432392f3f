"""Who was there: by the code at the door, from two hours before until the end; or by their word."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.occasions.afterwards import SayWasThere
from flows.occasions.check_in import CheckedIn, CheckIn, DoorCode, Entrance
from flows.occasions.occasions import One, Past, Says, Sort, Standing
from flows.people.roles import NotAllowed, Role, Scope
from storage.occasions.attendance import door_payload
from storage.occasions.planned import Answer
from tests.storage.activities import CLUB, COOK, HOST, calls, take
from tests.storage.plans import call_meeting, change, says
from tests.storage.town import KEYS, Town

ADA, BEN, CLEO, DORA = range(4_000_000_001, 4_000_000_005)
CODE = door_payload(KEYS, 1).removeprefix("c_")
MOMENT = timedelta(microseconds=1)


async def enters(town: Town, telegram: int, code: str = CODE) -> CheckedIn:
    """What comes of showing a code."""
    (checked,) = await town.acts(telegram, CheckIn(code))
    assert isinstance(checked, CheckedIn)
    return checked


async def standing(town: Town, telegram: int) -> tuple[Says, Standing, bool]:
    """What a person has said and has, and whether they came."""
    own = (await town.look(telegram, One, 1)).occasion.own
    return own.says, own.standing, own.came


@pytest.mark.parametrize(
    ("later", "entrance"),
    [
        (timedelta(hours=3) - MOMENT, Entrance.EARLY),
        (timedelta(hours=3), Entrance.WELCOME),
        (timedelta(hours=7) - MOMENT, Entrance.WELCOME),
        (timedelta(hours=7), Entrance.OVER),
    ],
    ids=str,
)
async def test_the_door_is_open_from_two_hours_before_until_the_end(
    town: Town, later: timedelta, entrance: Entrance
) -> None:
    await town.arrives(ADA)
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=5))
    town.now += later

    assert (await enters(town, ADA)).what is entrance
    assert (await town.look(ADA, One, 1)).occasion.door_is_open is (entrance is Entrance.WELCOME)
    assert len(await town.rows(Answer)) == (entrance is Entrance.WELCOME)


async def test_whoever_is_there_comes_whatever_they_had_said_or_had(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=1), seats=1)
    for telegram in (ADA, BEN, CLEO):
        await town.arrives(telegram)
    await says(town, ADA)
    await says(town, BEN)
    await says(town, CLEO, Says.CANNOT)

    for telegram in (ADA, BEN, CLEO):
        assert (await enters(town, telegram)).what is Entrance.WELCOME
        assert await standing(town, telegram) == (Says.YES, Standing.SEATED, True)
    assert (await enters(town, ADA)).what is Entrance.AGAIN


async def test_who_has_checked_in_stays_so_when_their_party_changes(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=1))
    await town.arrives(ADA)
    await enters(town, ADA)

    await says(town, ADA, party=2)

    assert (await standing(town, ADA))[2]


async def test_who_comes_from_another_place_checks_in_as_well(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=1))
    await town.arrives(ADA, territory="montbell", group=None)

    assert (await enters(town, ADA)).what is Entrance.WELCOME


@pytest.mark.parametrize("code", ["", "1", "1_", "1_00000000", f"2{CODE[1:]}", f"{CODE}0", f"{CODE}_", "_"])
async def test_a_wrong_code_opens_nothing(town: Town, code: str) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=1))
    await town.do(call_meeting, 2, now=town.now, begins=timedelta(hours=1))
    await town.arrives(ADA)

    assert await enters(town, ADA, code) == CheckedIn(Entrance.UNKNOWN)
    assert await town.rows(Answer) == []


@given(st.sets(st.integers(0, 2**63 - 1), min_size=2, max_size=9))
def test_every_occasion_has_a_link_of_its_own_that_telegram_carries(ids: set[int]) -> None:
    payloads = {door_payload(KEYS, id) for id in ids}

    assert len({payload.rpartition("_")[2] for payload in payloads}) == len(payloads) == len(ids)
    assert all(len(payload) <= 64 for payload in payloads)


@pytest.mark.parametrize(
    ("columns", "entrance"),
    [({"state": "draft"}, Entrance.UNKNOWN), ({"state": "cancelled"}, Entrance.CANCELLED)],
)
async def test_nobody_enters_what_does_not_take_place(
    town: Town, columns: dict[str, str], entrance: Entrance
) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=1), **columns)
    await town.arrives(ADA)

    assert (await enters(town, ADA)).what is entrance
    assert await town.rows(Answer) == []


async def test_who_has_not_agreed_to_anything_yet_cannot_check_in(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=1))
    await town.comes(ADA)

    assert (await enters(town, ADA)).what is Entrance.UNKNOWN


async def test_the_code_is_shown_to_who_sees_the_answers_there_and_nowhere_else(town: Town) -> None:
    riverside = Scope("riverside")
    await town.do(call_meeting, 1, now=town.now)
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(ADA, Role.TERRITORY, riverside)

    assert (await town.look(ADA, DoorCode, riverside, 1)).payload == f"c_{CODE}"
    assert (await town.look(ADA, DoorCode, Scope("riverside", "youth"), 1)).payload is None
    assert (await town.look(ADA, DoorCode, riverside, 2)).payload is None
    with pytest.raises(NotAllowed):
        await town.look(BEN, DoorCode, riverside, 1)


async def test_who_answered_can_say_they_were_there_once_it_has_begun(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=1))
    await town.arrives(ADA)
    await town.arrives(BEN)
    await says(town, ADA)

    assert await town.acts(ADA, SayWasThere(1, True)) == [False]
    town.later(hours=1)
    assert await town.acts(ADA, SayWasThere(1, True)) == [True]
    assert await town.acts(BEN, SayWasThere(1, True)) == [False]
    assert (await standing(town, ADA))[2]
    assert await town.acts(ADA, SayWasThere(1, False)) == [True]
    assert not (await standing(town, ADA))[2]


async def test_nobody_was_at_a_meeting_that_was_cancelled(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, begins=timedelta(hours=1))
    await town.arrives(ADA)
    await says(town, ADA)
    await town.do(change, 1, state="cancelled")
    town.later(hours=2)

    assert await town.acts(ADA, SayWasThere(1, True), SayWasThere(99, True)) == [False, False]


async def test_what_is_over_is_listed_newest_first(town: Town) -> None:
    await town.arrives(ADA)
    for id in (1, 2, 3):
        await town.do(call_meeting, id, now=town.now, begins=timedelta(days=id))
        await says(town, ADA, of=id)
    town.later(days=2, hours=2)

    listed = (await town.look(ADA, Past, Sort.MEETING)).occasions

    assert [one.id for one in listed] == [2, 1]
    assert all(one.is_over for one in listed)
    assert (await town.look(ADA, Past, Sort.ACTIVITY)).occasions == ()


async def at_club(town: Town, posts: dict[str, int | None], *people: int) -> None:
    """An activity that begins in an hour, and people who could help."""
    for telegram in people:
        await town.arrives(telegram)
    await calls(town, begins=timedelta(hours=1), posts=posts)


async def post(town: Town, telegram: int) -> tuple[int, Standing]:
    """What a person has to do at the activity, by its number."""
    seen = (await town.look(telegram, One, CLUB)).occasion
    return next(each.number for each in seen.posts if each.id == seen.own.post), seen.own.standing


async def test_who_has_a_task_is_there_for_it_and_others_for_the_only_one_with_room(town: Town) -> None:
    await at_club(town, {"Cook": 1, "Host": 1, "Sing": 1}, ADA, BEN, CLEO)
    await town.acts(ADA, take(COOK))
    await town.acts(BEN, take(HOST))

    for telegram in (BEN, CLEO):
        assert (await enters(town, telegram)).what is Entrance.WELCOME

    assert await post(town, BEN) == (HOST, Standing.SEATED)
    assert await post(town, CLEO) == (3, Standing.SEATED)


async def test_where_several_tasks_have_room_it_is_asked_and_nothing_is_noted_before(town: Town) -> None:
    await at_club(town, {"Cook": 1, "Host": None, "Sing": 2}, ADA, BEN)
    await town.acts(ADA, take(COOK))

    asked = await enters(town, BEN)

    assert (asked.what, asked.posts) == (Entrance.WHICH, (2, 3))
    assert len(await town.rows(Answer)) == 1
    assert await town.acts(BEN, CheckIn(CODE, post=3)) != [asked]
    assert await post(town, BEN) == (3, Standing.SEATED)


async def test_a_task_that_is_dropped_meanwhile_is_asked_for_anew(town: Town) -> None:
    await at_club(town, {"Cook": 1, "Host": 1}, ADA)

    (again,) = await town.acts(ADA, CheckIn(CODE, post=9))

    assert (again.what, again.posts) == (Entrance.WHICH, (1, 2))


async def test_where_no_task_has_room_whoever_is_there_finds_something_all_the_same(town: Town) -> None:
    await at_club(town, {"Cook": 1, "Host": 1}, ADA, BEN, CLEO, DORA)
    await town.acts(ADA, take(COOK))
    await town.acts(BEN, take(HOST))
    await town.acts(CLEO, take(HOST))

    for telegram in (CLEO, DORA):
        assert (await enters(town, telegram)).what is Entrance.WELCOME

    assert await post(town, CLEO) == (HOST, Standing.SEATED)
    assert await post(town, DORA) == (COOK, Standing.SEATED)
