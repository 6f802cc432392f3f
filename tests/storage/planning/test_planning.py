"""Planning: a draft is nobody else's, a series is made at once, what is moved or cancelled is told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import update
from sqlmodel import col

from flows.moves import Effect
from flows.occasions.occasions import Answered, One, Says, Sheets, Sort, State, Upcoming
from flows.occasions.sheet import Part
from flows.people.roles import EVERYWHERE, NotAllowed, Role, Scope
from flows.planning.planning import (
    Address,
    Cancel,
    CopyOccasion,
    Describe,
    Discard,
    Drafted,
    DraftOccasion,
    Extent,
    Move,
    PinPlace,
    Planned,
    Plans,
    Progress,
    Publish,
    Repeat,
    TellMinutes,
    Zones,
)
from storage.occasions.planned import Answer, Occasion, OccasionQuestion, OccasionText, Post, PostText
from storage.pushes.pushed import Push
from storage.tables import Audit, table
from tests.storage.plans import call_meeting, call_often, says
from tests.storage.town import NOON, Town

ADA, BEN, CLEO, DORA = range(4_000_000_001, 4_000_000_005)
RIVERSIDE, YOUTH, MONTBELL = Scope("riverside"), Scope("riverside", "youth"), Scope("montbell")
FRIDAY: Final = datetime.fromisoformat("2025-03-28T18:00")
"""Two days before the clocks go forward in Riga."""
LENGTH: Final = timedelta(hours=2)
WEEKLY: Final = "FREQ=WEEKLY;COUNT=3"


async def coordinates(town: Town, telegram: int = ADA, where: Scope = RIVERSIDE) -> None:
    await town.arrives(telegram)
    await town.appoints(telegram, Role.TERRITORY if where.group is None else Role.FACILITATOR, where)


async def does(town: Town, effect: Effect[Any], telegram: int = ADA) -> Any:
    return (await town.acts(telegram, effect))[0]


async def drafts(town: Town, where: Scope = RIVERSIDE, kind: str = "panel", starts: datetime = FRIDAY) -> int:
    """A draft with a title; returns its id."""
    drafted: Drafted = await does(town, DraftOccasion(where, kind, starts, starts + LENGTH, "Europe/Riga"))
    assert drafted.id is not None
    await does(town, Describe(where, drafted.id, Part.TITLE, "en", "The park"))
    return drafted.id


async def publishes(town: Town, where: Scope = RIVERSIDE, rule: str | None = None) -> list[int]:
    """A meeting that everybody there can see; returns the ids of its dates, soonest first."""
    id = await drafts(town, where)
    if rule is not None:
        await does(town, Repeat(where, id, rule))
    assert await does(town, Publish(where, id)) is Planned.DONE
    rows = sorted(await town.rows(Occasion), key=lambda row: row.starts)
    return [row.id for row in rows]


async def dates(town: Town) -> list[tuple[str, str]]:
    """When each date begins, and its state."""
    return sorted((row.starts, row.state) for row in await town.rows(Occasion))


async def told(town: Town) -> list[tuple[int, str]]:
    """Who is told what, about which date."""
    notices = ("moved", "changed", "cancelled")
    return sorted((row.about, row.kind) for row in await town.rows(Push) if row.kind in notices)


async def test_a_draft_is_seen_by_those_who_plan_there_and_by_nobody_else(town: Town) -> None:
    await coordinates(town)
    await coordinates(town, CLEO, MONTBELL)
    await town.arrives(BEN)

    id = await drafts(town)

    assert (await town.look(ADA, One, id)).occasion.state is State.DRAFT
    for telegram in (BEN, CLEO):
        assert (await town.look(telegram, One, id)).occasion is None
        assert (await town.look(telegram, Sheets, (id,))).by_id == {}
    assert (await town.look(BEN, Upcoming, Sort.MEETING)).occasions == ()


async def test_what_is_published_is_there_for_whom_it_is_and_recorded_without_words(town: Town) -> None:
    await coordinates(town)
    await town.arrives(BEN)

    (id,) = await publishes(town)

    assert [one.id for one in (await town.look(BEN, Upcoming, Sort.MEETING)).occasions] == [id]
    (planned,) = [row for row in await town.rows(Audit) if row.what == "planned"]
    assert (planned.about, planned.territory, planned.grant_id) == ("meeting", "riverside", id)
    assert "park" not in str(planned)


async def test_the_time_on_the_wall_is_kept_and_the_moment_follows(town: Town) -> None:
    await coordinates(town)

    (first, second, third) = await publishes(town, rule=WEEKLY)

    rows = {row.id: row for row in await town.rows(Occasion)}
    assert [rows[id].starts for id in (first, second, third)] == [
        "2025-03-28T18:00",
        "2025-04-04T18:00",
        "2025-04-11T18:00",
    ]
    assert rows[first].starts_at == datetime(2025, 3, 28, 16, tzinfo=UTC)
    assert rows[second].starts_at == datetime(2025, 4, 4, 15, tzinfo=UTC)
    assert {row.series for row in rows.values()} == {first}
    assert len(await town.rows(Post)) == 3


@pytest.mark.parametrize(
    ("effect", "came"),
    [
        (Publish(RIVERSIDE, 404), Planned.GONE),
        (Discard(RIVERSIDE, 404), Planned.GONE),
        (Cancel(RIVERSIDE, 404), Planned.GONE),
        (Move(RIVERSIDE, 404, FRIDAY, FRIDAY), Planned.GONE),
        (Repeat(RIVERSIDE, 404, WEEKLY), Planned.GONE),
        (Address(RIVERSIDE, 404, None), Planned.GONE),
        (Describe(RIVERSIDE, 404, Part.TITLE, "en", "x"), Planned.GONE),
        (PinPlace(RIVERSIDE, 404, (1.5, 2.5)), Planned.GONE),
        (CopyOccasion(RIVERSIDE, 404, FRIDAY), Drafted(None)),
        (DraftOccasion(RIVERSIDE, "panel", NOON.replace(tzinfo=None), FRIDAY, "Europe/Riga"), Drafted(None)),
        (DraftOccasion(RIVERSIDE, "panel", FRIDAY + LENGTH, FRIDAY, "Europe/Riga"), Drafted(None)),
        (DraftOccasion(RIVERSIDE, "picnic", FRIDAY, FRIDAY, "Europe/Riga"), Drafted(None)),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_what_cannot_be_done_changes_nothing(town: Town, effect: Effect[Any], came: Any) -> None:
    await coordinates(town)
    before = await town.rows(Occasion)

    assert await does(town, effect) == came

    assert await town.rows(Occasion) == before == []


async def test_the_id_of_another_territory_is_refused_and_one_in_a_scope_that_is_not_its_own_is_not_found(
    town: Town,
) -> None:
    await coordinates(town)
    await coordinates(town, CLEO, MONTBELL)
    await coordinates(town, BEN, YOUTH)
    (id,) = await publishes(town)

    for telegram in (CLEO, BEN):
        with pytest.raises(NotAllowed):
            await does(town, Cancel(RIVERSIDE, id), telegram)
    forged = [(CLEO, MONTBELL), (BEN, YOUTH), (ADA, YOUTH)]
    assert [await does(town, Cancel(where, id), telegram) for telegram, where in forged] == [
        Planned.GONE
    ] * len(forged)

    assert (await town.row(Occasion)).state == State.PLANNED


async def test_what_is_not_ready_is_not_published(town: Town) -> None:
    await coordinates(town)
    untitled = DraftOccasion(RIVERSIDE, "panel", FRIDAY, FRIDAY + LENGTH, "Europe/Riga")
    without_title = (await does(town, untitled)).id
    without_posts = await drafts(town, kind="activity")
    too_late = await drafts(town)

    assert await does(town, Publish(RIVERSIDE, without_title)) is Planned.NO_TITLE
    assert await does(town, Publish(RIVERSIDE, without_posts)) is Planned.NO_POST
    town.later(days=30)
    assert await does(town, Publish(RIVERSIDE, too_late)) is Planned.PAST

    assert {row.state for row in await town.rows(Occasion)} == {State.DRAFT}


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=DAILY;COUNT=401", "every week"])
async def test_a_series_that_nobody_can_mean_is_not_made(town: Town, rule: str) -> None:
    await coordinates(town)
    id = await drafts(town)
    await does(town, Repeat(RIVERSIDE, id, rule))

    assert await does(town, Publish(RIVERSIDE, id)) is Planned.PAST

    assert (await town.row(Occasion)).state == State.DRAFT


async def test_400_dates_are_made_at_once(town: Town) -> None:
    await coordinates(town)

    ids = await publishes(town, rule="FREQ=DAILY;COUNT=400")

    assert len(ids) == len(set(ids)) == 400
    assert (await dates(town))[-1] == ("2026-05-01T18:00", State.PLANNED)


async def test_who_comes_or_might_is_told_when_it_moves_and_nobody_who_does_not(town: Town) -> None:
    await coordinates(town)
    await town.arrives(BEN)
    await town.arrives(CLEO)
    (id,) = await publishes(town)
    await says(town, BEN, of=id)
    await says(town, CLEO, Says.NO, of=id)

    came = await does(
        town, Move(RIVERSIDE, id, FRIDAY + timedelta(days=2), FRIDAY + timedelta(days=2, hours=1))
    )

    row = await town.row(Occasion)
    assert came is Planned.DONE
    assert (row.starts, row.starts_at) == ("2025-03-30T18:00", datetime(2025, 3, 30, 15, tzinfo=UTC))
    assert row.sequence == 1
    (moved,) = [push for push in await town.rows(Push) if push.kind == "moved"]
    assert moved.citizen_id == (await town.person(BEN)).citizen
    assert {push.at for push in await town.rows(Push) if push.kind == "still_coming"} == {
        datetime(2025, 3, 29, 16, tzinfo=UTC)
    }


async def test_one_date_or_it_and_all_that_follow_are_moved_and_cancelled(town: Town) -> None:
    await coordinates(town)
    first, second, third = await publishes(town, rule=WEEKLY)
    later = datetime.fromisoformat("2025-04-05T19:00")

    await does(town, Move(RIVERSIDE, second, later, later + LENGTH, Extent.FOLLOWING))
    assert [starts for starts, _ in await dates(town)] == [
        "2025-03-28T18:00",
        "2025-04-05T19:00",
        "2025-04-12T19:00",
    ]

    await does(town, Cancel(RIVERSIDE, first))
    await does(town, Cancel(RIVERSIDE, third))
    assert [state for _, state in await dates(town)] == ["cancelled", "planned", "cancelled"]
    assert (await does(town, Cancel(RIVERSIDE, first))) is Planned.GONE
    assert (await town.look(ADA, Progress, RIVERSIDE, second)).following == 0


async def test_what_is_moved_to_its_own_time_stays_as_it_is_and_nobody_is_told(town: Town) -> None:
    await coordinates(town)
    first, second, _ = await publishes(town, rule=WEEKLY)
    await town.arrives(BEN)
    await says(town, BEN, of=first)
    before = await town.rows(Occasion)

    assert await does(town, Move(RIVERSIDE, first, FRIDAY, FRIDAY + LENGTH, Extent.FOLLOWING)) is Planned.SAME

    assert await town.rows(Occasion) == before
    assert await told(town) == []
    week = timedelta(days=7)
    await does(town, Move(RIVERSIDE, second, FRIDAY + week, FRIDAY + week + LENGTH / 2))
    assert await does(town, Move(RIVERSIDE, first, FRIDAY, FRIDAY + LENGTH, Extent.FOLLOWING)) is Planned.DONE


async def test_what_has_begun_is_not_moved_and_what_is_over_is_not_cancelled(town: Town) -> None:
    await coordinates(town)
    (id,) = await publishes(town)
    town.now = datetime(2025, 3, 28, 17, tzinfo=UTC)

    assert await does(town, Move(RIVERSIDE, id, FRIDAY + LENGTH * 20, FRIDAY + LENGTH * 21)) is Planned.OVER
    town.later(hours=2)
    assert await does(town, Cancel(RIVERSIDE, id)) is Planned.OVER

    assert (await town.row(Occasion)).starts == "2025-03-28T18:00"


async def test_cancelling_tells_those_who_come_and_ends_their_reminders(town: Town) -> None:
    await coordinates(town)
    await town.arrives(BEN)
    (id,) = await publishes(town)
    await says(town, BEN, of=id)

    await does(town, Cancel(RIVERSIDE, id))

    assert [push.kind for push in await town.rows(Push)] == ["cancelled"]
    assert (await town.row(Answer)).says == Says.YES
    assert await says(town, BEN, of=id) is Answered.CANCELLED


async def test_two_who_cancel_at_once_tell_people_once(town: Town) -> None:
    await coordinates(town)
    await coordinates(town, CLEO)
    await town.arrives(BEN)
    (id,) = await publishes(town)
    await says(town, BEN, of=id)

    came = await asyncio.gather(
        does(town, Cancel(RIVERSIDE, id), ADA), does(town, Cancel(RIVERSIDE, id), CLEO)
    )

    assert sorted(came) == [Planned.DONE, Planned.GONE]
    assert await told(town) == [(id, "cancelled")]
    assert (await town.row(Occasion)).sequence == 1


async def test_two_who_publish_at_once_make_one_series(town: Town) -> None:
    await coordinates(town)
    await coordinates(town, CLEO)
    id = await drafts(town)
    await does(town, Repeat(RIVERSIDE, id, WEEKLY))

    came = await asyncio.gather(
        does(town, Publish(RIVERSIDE, id), ADA), does(town, Publish(RIVERSIDE, id), CLEO)
    )

    assert sorted(came) == [Planned.DONE, Planned.GONE]
    assert len(await town.rows(Occasion)) == 3


async def test_a_copy_has_words_posts_and_questions_but_no_answers_and_no_minutes(town: Town) -> None:
    await coordinates(town)
    await town.arrives(BEN)
    first, second, _ = await publishes(town, rule=WEEKLY)
    await does(town, Describe(RIVERSIDE, second, Part.MINUTES, "en", "A path was agreed"))
    await does(town, Describe(RIVERSIDE, second, Part.PLACE, "lv", "Skola"))
    await does(town, PinPlace(RIVERSIDE, second, (56.9, 24.1)))
    await says(town, BEN, of=second)

    june = datetime.fromisoformat("2025-06-01T10:00")

    copied = (await does(town, CopyOccasion(RIVERSIDE, second, june))).id

    row = next(row for row in await town.rows(Occasion) if row.id == copied)
    words = (await town.look(ADA, Sheets, (copied,))).by_id[str(copied)]
    assert (row.state, row.series, row.sequence, row.latitude) == (State.DRAFT, None, 0, 56.9)
    assert (row.starts, row.ends) == ("2025-06-01T10:00", "2025-06-01T12:00")
    assert (words.title, words.place, words.minutes) == ({"en": "The park"}, {"lv": "Skola"}, {})
    assert {answer.occasion_id for answer in await town.rows(Answer)} == {second}
    assert first != copied


async def test_minutes_are_told_to_those_who_had_a_seat_and_do_not_say_that_they_stayed_away(
    town: Town,
) -> None:
    await coordinates(town)
    (id,) = await publishes(town)
    for telegram, answer in ((BEN, Says.YES), (CLEO, Says.NO), (DORA, Says.YES)):
        await town.arrives(telegram)
        await says(town, telegram, answer, of=id)
    stayed_away = col(Answer.citizen_id) == (await town.person(DORA)).citizen
    assert await does(town, TellMinutes(RIVERSIDE, id)) == 0

    town.now = datetime(2025, 3, 28, 19, tzinfo=UTC)
    change = update(table(Answer)).where(stayed_away).values(was_there=False)
    await town.do(lambda connection: connection.execute(change))

    assert await does(town, TellMinutes(RIVERSIDE, id)) == 1
    (told,) = [push for push in await town.rows(Push) if push.kind == "minutes"]
    assert told.citizen_id == (await town.person(BEN)).citizen


async def test_a_draft_that_is_thrown_away_leaves_nothing(town: Town) -> None:
    await coordinates(town)
    id = await drafts(town)
    (published,) = [row.id for row in await town.rows(Occasion)]

    assert await does(town, Discard(RIVERSIDE, id)) is Planned.DONE

    for model in (Occasion, OccasionText, Post, PostText, OccasionQuestion):
        assert await town.rows(model) == []
    assert published == id


async def test_what_is_published_is_never_thrown_away(town: Town) -> None:
    await coordinates(town)
    (id,) = await publishes(town)

    assert await does(town, Discard(RIVERSIDE, id)) is Planned.GONE

    assert (await town.row(Occasion)).state == State.PLANNED


async def test_of_a_series_the_next_date_is_listed_and_those_that_are_over(town: Town) -> None:
    await coordinates(town)
    first, second, _ = await publishes(town, rule=WEEKLY)
    draft = await drafts(town, YOUTH, starts=FRIDAY + timedelta(days=1))
    town.now = datetime(2025, 3, 29, 12, tzinfo=UTC)

    lines = (await town.look(ADA, Plans, RIVERSIDE, Sort.MEETING)).lines

    assert [(line.id, line.is_over) for line in lines] == [(first, True), (draft, False), (second, False)]
    assert (await town.look(ADA, Plans, RIVERSIDE, Sort.ACTIVITY)).lines == ()
    assert [line.id for line in (await town.look(ADA, Plans, YOUTH, Sort.MEETING)).lines] == [draft]


async def test_a_draft_and_what_is_far_ahead_can_be_changed_however_much_is_planned_and_was(
    town: Town,
) -> None:
    await coordinates(town)
    hours, now = timedelta(hours=2), town.now
    await town.do(
        call_often, 1000, now=now, dates=520, begins=timedelta(days=-50), every=hours, is_series=False
    )
    for first in (2000, 3000):
        await town.do(call_often, first, now=now, dates=300, every=timedelta(days=1))
    await town.do(call_often, 4000, now=now, dates=300, every=timedelta(days=1), state="cancelled")
    await town.do(call_meeting, 7, now=now, begins=timedelta(days=400))
    draft = await drafts(town, starts=FRIDAY + timedelta(days=500))

    lines = (await town.look(ADA, Plans, RIVERSIDE, Sort.MEETING)).lines

    coming = [line for line in lines if not line.is_over and line.state is not State.CANCELLED]
    assert [line.id for line in coming] == [2000, 3000, 7, draft]
    assert [line.id for line in lines if line.is_over] == [*range(1020, 1520)]


async def test_the_zones_of_a_place_are_its_own_and_of_the_network_those_of_all(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)

    assert (await town.look(ADA, Zones, YOUTH)).names == ("Europe/Riga",)
    assert set((await town.look(ADA, Zones, EVERYWHERE)).names) == {"Europe/Riga", "Europe/Paris"}
