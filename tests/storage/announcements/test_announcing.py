"""Announcements drafted and confirmed: by whom, above a set size by two, with time to take them back."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import Connection, update

from flows.announcements.announcement import Aim, AnnouncementWords, By, OneAnnouncement, Reached, Stage
from flows.announcements.steps import (
    AimAt,
    Came,
    ConfirmAnnouncement,
    DraftAnnouncement,
    KeepFor,
    RecallAnnouncement,
    Schedule,
    ScheduleByMeeting,
    Steer,
    Steering,
    WriteAnnouncement,
)
from flows.moves import Effect
from flows.occasions.occasions import Says
from flows.occasions.sheet import Part
from flows.people.person import BeReachable, StopPushes
from flows.people.roles import NotAllowed, Role, Scope
from flows.planning.planning import Describe
from flows.pushes.pushed import Notice, Topic
from flows.pushes.why import SwitchTopic
from storage.announcements.announced import Announcement
from storage.announcements.audience import audience, write_aims
from storage.pushes.pushed import Push
from storage.tables import Audit, table
from tests.storage import town as town_module
from tests.storage.meetings import at, changes, meets
from tests.storage.planning.test_planning import WEEKLY, publishes
from tests.storage.plans import says
from tests.storage.town import CONTEXT, Town

ADA, BEN, EVE = 4_000_000_001, 4_000_000_002, 4_000_000_003
RIVERSIDE: Final = Scope("riverside")


async def drafts(town: Town, *, text: str = "Come and see") -> int:
    """Ada coordinates Riverside and has drafted something."""
    await town.arrives(ADA)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    (id,) = await town.acts(ADA, DraftAnnouncement(RIVERSIDE))
    if text:
        await town.acts(ADA, WriteAnnouncement(RIVERSIDE, id, "en", text))
    return int(id)


async def confirms(town: Town, telegram: int, id: int) -> Came:
    (came,) = await town.acts(telegram, ConfirmAnnouncement(RIVERSIDE, id))
    return Came(came)


@pytest.fixture
def one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """For more than one person a second one has to confirm."""
    monkeypatch.setattr(town_module, "CONTEXT", replace(CONTEXT, confirm_above=1))


async def test_what_is_confirmed_begins_in_ten_minutes_at_the_earliest(town: Town) -> None:
    id = await drafts(town)

    assert await confirms(town, ADA, id) is Came.DONE

    row = await town.row(Announcement)
    assert (row.stage, row.begins_at) == (Stage.WAITING, town.now + timedelta(minutes=10))
    assert [audit.what for audit in await town.rows(Audit)][-1] == "confirmed"


async def test_until_it_begins_it_can_be_taken_back(town: Town) -> None:
    id = await drafts(town)
    await confirms(town, ADA, id)

    assert await town.acts(ADA, RecallAnnouncement(RIVERSIDE, id)) == [Came.DONE]

    row = await town.row(Announcement)
    assert (row.stage, row.begins_at) == (Stage.DRAFT, None)


async def test_a_date_of_a_series_is_called_there_as_people_read_it(town: Town) -> None:
    id = await drafts(town)
    _, second, third = await publishes(town, rule=WEEKLY)
    await town.acts(ADA, Describe(RIVERSIDE, second, Part.TITLE, "lv", "Parks"))
    await town.acts(ADA, Describe(RIVERSIDE, second, Part.TITLE, "en", ""))

    for date in (second, third):
        await town.acts(ADA, AimAt(RIVERSIDE, id, By.ANSWER, f"{date}:yes", out=False))

    names = (await town.look(ADA, AnnouncementWords, RIVERSIDE)).names
    assert names == {f"answer:{second}": {"lv": "Parks"}, f"answer:{third}": {"en": "The park"}}


async def test_nothing_is_sent_without_a_word(town: Town) -> None:
    id = await drafts(town, text="")

    assert await confirms(town, ADA, id) is Came.NO_TEXT


async def test_nothing_is_sent_to_nobody(town: Town) -> None:
    id = await drafts(town)
    await town.acts(ADA, AimAt(RIVERSIDE, id, By.LANGUAGE, "ru", out=False))

    assert await confirms(town, ADA, id) is Came.NOBODY


async def test_a_time_in_the_past_is_refused(town: Town) -> None:
    id = await drafts(town)
    yesterday = (town.now - timedelta(days=1)).replace(tzinfo=None)

    refused = await town.acts(
        ADA,
        Schedule(RIVERSIDE, id, yesterday, "Europe/Riga", None),
        KeepFor(RIVERSIDE, id, yesterday),
    )

    assert refused == [Came.PAST, Came.PAST]


async def test_a_time_that_has_passed_before_it_is_confirmed_is_refused(town: Town) -> None:
    id = await drafts(town)
    soon = (town.now + timedelta(hours=1)).replace(tzinfo=None)
    await town.acts(ADA, Schedule(RIVERSIDE, id, soon, "UTC", None))
    town.later(hours=2)

    assert await confirms(town, ADA, id) is Came.PAST


@pytest.mark.usefixtures("one_alone")
async def test_above_the_set_size_a_second_person_confirms_and_never_the_same(town: Town) -> None:
    id = await drafts(town)
    await town.arrives(BEN)
    assert await confirms(town, ADA, id) is Came.ALONE

    await town.appoints(BEN, Role.TERRITORY, RIVERSIDE)
    assert await confirms(town, ADA, id) is Came.SECOND
    assert await confirms(town, ADA, id) is Came.SAME
    asked = [row for row in await town.rows(Push) if row.kind == Notice.CONFIRM]
    assert [row.citizen_id for row in asked] == [(await town.person(BEN)).citizen]

    assert await confirms(town, BEN, id) is Came.DONE
    row = await town.row(Announcement)
    assert (row.stage, row.confirmed_twice) == (Stage.WAITING, True)


@pytest.mark.usefixtures("one_alone")
@pytest.mark.parametrize("deaf", [BeReachable(False), StopPushes()], ids=["blocked", "stopped"])
async def test_who_cannot_be_asked_is_no_second_person(town: Town, deaf: Effect[None]) -> None:
    id = await drafts(town)
    for telegram in (BEN, EVE):
        await town.arrives(telegram)
    await town.appoints(BEN, Role.TERRITORY, RIVERSIDE)
    await town.acts(BEN, deaf)

    assert await confirms(town, ADA, id) is Came.ALONE


@pytest.mark.usefixtures("one_alone")
async def test_who_confirms_somebody_elses_draft_first_is_not_its_second_person(town: Town) -> None:
    id = await drafts(town)
    await town.arrives(BEN)
    await town.appoints(BEN, Role.TERRITORY, RIVERSIDE)

    assert await confirms(town, BEN, id) is Came.SECOND
    assert await confirms(town, BEN, id) is Came.SAME
    assert await confirms(town, ADA, id) is Came.DONE


async def test_a_facilitator_announces_in_their_group_alone(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.FACILITATOR, Scope("riverside", "youth"))

    assert await town.acts(ADA, DraftAnnouncement(Scope("riverside", "youth")))
    with pytest.raises(NotAllowed):
        await town.acts(ADA, DraftAnnouncement(RIVERSIDE))


async def test_nobody_reaches_an_announcement_by_another_scope_of_theirs(town: Town) -> None:
    id = await drafts(town)

    elsewhere = Scope("riverside", "youth")
    came, found = await town.acts(
        ADA, WriteAnnouncement(elsewhere, id, "en", "Forged"), RecallAnnouncement(elsewhere, id)
    )

    assert (came, found) == (Came.GONE, Came.GONE)


async def test_beside_a_meeting_it_begins_so_long_before_or_after_it(town: Town) -> None:
    id = await drafts(town)
    await meets(town)  # 2025-03-29 15:00, and the clocks go forward in the night after it

    await town.acts(ADA, ScheduleByMeeting(RIVERSIDE, id, 1, "-2d"))
    before = (await town.row(Announcement)).begins_at
    await town.acts(ADA, ScheduleByMeeting(RIVERSIDE, id, 1, "1d"))
    after = (await town.row(Announcement)).begins_at

    assert (before, after) == (at("2025-03-27 15:00"), at("2025-03-30 17:00"))


async def test_a_cancelled_meeting_is_none_to_announce_beside(town: Town) -> None:
    id = await drafts(town)
    await meets(town)
    await changes(town, 1, state="cancelled")

    assert await town.acts(ADA, ScheduleByMeeting(RIVERSIDE, id, 1, "-2d")) == [Came.GONE]


async def test_what_is_not_being_sent_cannot_be_steered(town: Town) -> None:
    id = await drafts(town)

    for steering in Steering:
        assert await town.acts(ADA, Steer(RIVERSIDE, id, steering)) == [Came.GONE]


async def test_the_same_condition_again_takes_it_away_and_its_opposite_takes_its_place(town: Town) -> None:
    id = await drafts(town)
    only, but = (AimAt(RIVERSIDE, id, By.GROUP, "youth", out) for out in (False, True))

    await town.acts(ADA, only, but)
    first = await town.look(ADA, OneAnnouncement, RIVERSIDE, id)
    await town.acts(ADA, but)
    second = await town.look(ADA, OneAnnouncement, RIVERSIDE, id)

    assert first.announcement.aims == (Aim(By.GROUP, "youth", out=True),)
    assert second.announcement.aims == ()


async def reached(town: Town, id: int) -> Reached:
    found: Reached = await town.look(ADA, Reached, RIVERSIDE, id)
    return found


async def test_recipients_are_counted_by_language_and_the_others_by_reason(town: Town) -> None:
    id = await drafts(town)
    for number in range(100, 112):
        await town.arrives(number)
    for number in range(112, 122):
        await town.arrives(number)
        await town.acts(number, StopPushes() if number % 2 else SwitchTopic(Topic.ANNOUNCEMENT, on=False))

    found = await reached(town, id)

    assert (found.all, found.by_language) == (13, {"en": 13})
    assert found.left_out == {}, "five each: fewer than may be told"


async def test_no_number_is_told_by_which_another_one_could_be_worked_out(town: Town) -> None:
    id = await drafts(town)
    for number in range(100, 112):
        await town.arrives(number, group="elders")
    await meets(town)
    await says(town, 100, Says.NO)

    everybody = await reached(town, id)
    await town.acts(ADA, AimAt(RIVERSIDE, id, By.ANSWER, "1:no", out=False))
    few = await reached(town, id)

    assert (everybody.all, few.all) == (13, 0)
    assert few.by_language == {}


@pytest.mark.parametrize(
    ("aims", "expected"),
    [
        ((), {ADA, BEN, EVE}),
        ((Aim(By.GROUP, "youth"),), {ADA, BEN}),
        ((Aim(By.GROUP, "youth"), Aim(By.GROUP, "elders")), {ADA, BEN, EVE}),
        ((Aim(By.GROUP, "youth", out=True),), {EVE}),
        ((Aim(By.ROLE, "territory"),), {ADA}),
        ((Aim(By.ROLE, "territory", out=True), Aim(By.GROUP, "youth")), {BEN}),
        ((Aim(By.ANSWER, "1:yes"),), {BEN}),
        ((Aim(By.ANSWER, "1:no"),), {EVE}),
        ((Aim(By.ANSWER, "1:none"),), {ADA}),
        ((Aim(By.ANSWER, "1:none"), Aim(By.ANSWER, "1:no")), {ADA, EVE}),
        ((Aim(By.LANGUAGE, "fr"),), set()),
        ((Aim(By.LANGUAGE, "en"), Aim(By.ANSWER, "1:yes", out=True)), {ADA, EVE}),
    ],
)
async def test_an_audience_is_one_condition_of_each_sort_and_none_of_those_that_leave_out(
    town: Town, aims: tuple[Aim, ...], expected: set[int]
) -> None:
    id = await drafts(town)
    await town.arrives(BEN)
    await town.arrives(EVE, group="elders")
    await meets(town)
    await says(town, BEN, Says.YES)
    await says(town, EVE, Says.CANNOT)

    await town.acts(ADA, *(AimAt(RIVERSIDE, id, aim.by, aim.value, aim.out) for aim in aims))

    assert await meant(town) == expected


async def test_a_role_by_which_nobody_there_can_be_meant_is_no_condition(town: Town) -> None:
    id = await drafts(town)

    (came,) = await town.acts(ADA, AimAt(RIVERSIDE, id, By.ROLE, Role.NETWORK, out=False))

    assert came is Came.GONE
    assert await meant_of(town, ADA) == {ADA}


async def test_such_a_condition_of_before_can_be_taken_away(town: Town) -> None:
    id = await drafts(town)
    await town.do(aims_at, Aim(By.ROLE, Role.NETWORK))
    assert await meant_of(town, ADA) == set()

    (came,) = await town.acts(ADA, AimAt(RIVERSIDE, id, By.ROLE, Role.NETWORK, out=False))

    assert came is Came.DONE
    assert await meant_of(town, ADA) == {ADA}


def aims_at(connection: Connection, *aims: Aim) -> None:
    """Conditions as they may stand in the database."""
    connection.execute(update(table(Announcement)).values(aims=write_aims(aims)))


async def meant(town: Town) -> set[int]:
    """Whom it is for."""
    return await meant_of(town, ADA, BEN, EVE)


async def meant_of(town: Town, *people: int) -> set[int]:
    row = await town.row(Announcement)
    found = await town.do(lambda connection: connection.execute(audience(row)).all())
    by_citizen = {(await town.person(each)).citizen: each for each in people}
    return {by_citizen[person.id] for person in found}
