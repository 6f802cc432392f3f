"""What is planned, described: words for one date or all that follow, posts and seats that nobody loses."""

import asyncio
from datetime import timedelta

import pytest

from flows.actions.actions import Section
from flows.actions.pilots import DraftAction, PublishAction, WriteAction
from flows.files import Entries
from flows.occasions.occasions import Answered, AnswerOccasion, OfAction, One, Post, Says, Sheets, Standing
from flows.occasions.sheet import Part
from flows.people.roles import Role, Scope
from flows.planning.planning import (
    MOST_POSTS,
    AddPost,
    Address,
    AskThem,
    BelongTo,
    CopyOccasion,
    CountHours,
    CountSeats,
    Describe,
    DropPost,
    Extent,
    LinkOnline,
    NamePost,
    PinPlace,
    Planned,
    Progress,
    Publish,
    Repeat,
    Seats,
)
from storage.occasions.planned import Answer, Occasion, OccasionQuestion
from storage.occasions.planned import Post as PostRow
from storage.planning.planning import SETTLED
from storage.pushes.pushed import Push
from tests.storage.planning.test_planning import (
    ADA,
    BEN,
    CLEO,
    FRIDAY,
    RIVERSIDE,
    WEEKLY,
    YOUTH,
    coordinates,
    does,
    drafts,
    publishes,
    told,
)
from tests.storage.plans import says, standings
from tests.storage.town import Town


async def titles(town: Town, ids: list[int]) -> list[dict[str, str]]:
    sheets = (await town.look(ADA, Sheets, tuple(ids))).by_id
    return [dict(sheets[str(id)].title) for id in ids]


async def posts(town: Town, id: int) -> tuple[Post, ...]:
    found: tuple[Post, ...] = (await town.look(ADA, One, id)).occasion.posts
    return found


async def helps(town: Town, *names: str) -> int:
    """An activity with those things to do; returns its id."""
    id = await drafts(town, kind="activity")
    for name in names:
        await does(town, AddPost(RIVERSIDE, id, "en", name))
    assert await does(town, Publish(RIVERSIDE, id)) is Planned.DONE
    return id


async def helps_weekly(town: Town, *names: str) -> list[int]:
    """The ids of three dates of an activity with those things to do, the first one's first."""
    id = await drafts(town, kind="activity")
    for name in names:
        await does(town, AddPost(RIVERSIDE, id, "en", name))
    await does(town, Repeat(RIVERSIDE, id, WEEKLY))
    assert await does(town, Publish(RIVERSIDE, id)) is Planned.DONE
    return [row.id for row in sorted(await town.rows(Occasion), key=lambda row: row.starts)]


async def called(town: Town, ids: list[int]) -> list[list[dict[str, str]]]:
    """What there is to do at each of them, by language."""
    sheets = (await town.look(ADA, Sheets, tuple(ids))).by_id
    return [[dict(sheets[str(id)].posts[str(post.number)]) for post in await posts(town, id)] for id in ids]


async def test_words_are_kept_by_language_and_taken_away_again(town: Town) -> None:
    await coordinates(town)
    id = await drafts(town)
    await does(town, Describe(RIVERSIDE, id, Part.TITLE, "lv", "Parks"))
    assert await titles(town, [id]) == [{"en": "The park", "lv": "Parks"}]

    await does(town, Describe(RIVERSIDE, id, Part.TITLE, "en", ""))

    assert await titles(town, [id]) == [{"lv": "Parks"}]
    assert (await town.look(ADA, Progress, RIVERSIDE, id)).parts["title"] == ("lv",)


async def test_all_dates_of_a_series_are_called_like_the_first_until_one_is_called_otherwise(
    town: Town,
) -> None:
    await coordinates(town)
    first, second, _ = ids = await publishes(town, rule=WEEKLY)

    await does(town, Describe(RIVERSIDE, second, Part.TITLE, "en", "The path"))
    assert await titles(town, ids) == [{"en": "The park"}, {"en": "The path"}, {"en": "The park"}]

    await does(town, Describe(RIVERSIDE, first, Part.TITLE, "en", "The bridge"))
    assert await titles(town, ids) == [{"en": "The bridge"}, {"en": "The path"}, {"en": "The park"}]

    await does(town, Describe(RIVERSIDE, second, Part.TITLE, "en", "The river", Extent.FOLLOWING))
    assert await titles(town, ids) == [{"en": "The bridge"}, {"en": "The river"}, {"en": "The river"}]

    await does(town, Describe(RIVERSIDE, first, Part.TITLE, "en", "All", Extent.FOLLOWING))
    assert await titles(town, ids) == [{"en": "All"}] * 3


async def test_words_that_are_taken_away_at_one_date_stay_at_the_others(town: Town) -> None:
    await coordinates(town)
    first, second, third = ids = await publishes(town, rule=WEEKLY)

    await does(town, Describe(RIVERSIDE, second, Part.TITLE, "lv", "Parks"))
    await does(town, Describe(RIVERSIDE, second, Part.TITLE, "en", ""))

    assert await titles(town, ids) == [{"en": "The park"}, {"lv": "Parks"}, {"en": "The park"}]
    assert (await town.look(ADA, Progress, RIVERSIDE, second)).parts["title"] == ("lv",)
    copied = await does(town, CopyOccasion(RIVERSIDE, second, FRIDAY))
    assert await titles(town, [copied.id]) == [{"lv": "Parks"}]

    await does(town, Describe(RIVERSIDE, first, Part.TITLE, "en", "The bridge"))
    assert await titles(town, ids) == [{"en": "The bridge"}, {"lv": "Parks"}, {"en": "The park"}]

    await does(town, Describe(RIVERSIDE, second, Part.TITLE, "en", "The river"))
    await does(town, Describe(RIVERSIDE, third, Part.TITLE, "en", "", Extent.FOLLOWING))
    assert await titles(town, ids) == [{"en": "The bridge"}, {"lv": "Parks", "en": "The river"}, {}]


async def test_words_that_are_new_at_the_first_date_alone_are_not_read_at_the_others(town: Town) -> None:
    await coordinates(town)
    first, *_ = ids = await publishes(town, rule=WEEKLY)

    await does(town, Describe(RIVERSIDE, first, Part.TITLE, "lv", "Parks"))
    assert await titles(town, ids) == [
        {"en": "The park", "lv": "Parks"},
        {"en": "The park"},
        {"en": "The park"},
    ]

    await does(town, Describe(RIVERSIDE, first, Part.TITLE, "lv", "Tilts", Extent.FOLLOWING))
    assert await titles(town, ids) == [{"en": "The park", "lv": "Tilts"}] * 3


async def test_minutes_are_those_of_one_date(town: Town) -> None:
    await coordinates(town)
    first, second, _ = await publishes(town, rule=WEEKLY)

    await does(town, Describe(RIVERSIDE, first, Part.MINUTES, "en", "A path"))

    sheets = (await town.look(ADA, Sheets, (first, second))).by_id
    assert [sheets[str(id)].minutes for id in (first, second)] == [{"en": "A path"}, {}]


async def test_people_are_told_of_another_place_but_not_of_a_longer_description(town: Town) -> None:
    await coordinates(town)
    await town.arrives(BEN)
    (id,) = await publishes(town)
    await says(town, BEN, of=id)

    await does(town, Describe(RIVERSIDE, id, Part.DESCRIPTION, "en", "We talk about the park"))
    assert await told(town) == []
    await does(town, Describe(RIVERSIDE, id, Part.PLACE, "en", "The school"))

    assert await told(town) == [(id, "changed")]
    assert (await town.row(Occasion)).sequence == 1


@pytest.mark.parametrize("part", [Part.DESCRIPTION, Part.AGENDA, Part.HOST])
async def test_calendars_see_when_other_words_were_changed_and_no_higher_sequence(
    town: Town, part: Part
) -> None:
    await coordinates(town)
    (id,) = await publishes(town)
    town.later(hours=1)

    await does(town, Describe(RIVERSIDE, id, part, "en", "The path and the bridge"))

    (entry,) = (await town.look(ADA, Entries, (id,))).entries
    assert (entry.changed_at, entry.sequence) == (town.now, 0)


async def test_of_several_changes_in_a_row_people_are_told_once_after_the_last(town: Town) -> None:
    await coordinates(town)
    await town.arrives(BEN)
    (id,) = await publishes(town)
    await says(town, BEN, of=id)

    for language in ("en", "lv", "fr"):
        await does(town, Describe(RIVERSIDE, id, Part.PLACE, language, "School"))
        town.later(minutes=2)

    (push,) = [push for push in await town.rows(Push) if push.kind == "changed"]
    assert push.at == town.now - timedelta(minutes=2) + SETTLED


async def test_a_draft_can_be_changed_without_anybody_being_told(town: Town) -> None:
    await coordinates(town)
    id = await drafts(town)

    await does(town, PinPlace(RIVERSIDE, id, (56.9, 24.1)))
    await does(town, LinkOnline(RIVERSIDE, id, "https://meet.example.org"))
    await does(town, Address(RIVERSIDE, id, Role.PANEL))

    row = await town.row(Occasion)
    assert (row.latitude, row.longitude, row.link) == (56.9, 24.1, "https://meet.example.org")
    assert (row.role, row.sequence) == (Role.PANEL, 0)
    await does(town, PinPlace(RIVERSIDE, id, None))
    await does(town, LinkOnline(RIVERSIDE, id, ""))
    row = await town.row(Occasion)
    assert (row.latitude, row.longitude, row.link) == (None, None, None)


async def test_for_whom_it_is_does_not_change_once_people_can_have_answered(town: Town) -> None:
    await coordinates(town)
    (id,) = await publishes(town)

    assert await does(town, Address(RIVERSIDE, id, Role.PANEL)) is Planned.GONE

    assert (await town.row(Occasion)).role is None


async def test_a_role_by_which_nobody_there_can_be_meant_is_not_kept(town: Town) -> None:
    await coordinates(town)
    id = await drafts(town)

    assert await does(town, Address(RIVERSIDE, id, Role.NETWORK)) is Planned.GONE

    assert (await town.row(Occasion)).role is None


async def test_there_are_never_fewer_seats_than_people_have(town: Town) -> None:
    await coordinates(town)
    (id,) = await publishes(town)
    await town.arrives(BEN)
    await says(town, BEN, party=3, of=id)

    assert await does(town, CountSeats(RIVERSIDE, id, 1, 2)) == Seats(Planned.TAKEN, 3)
    assert (await town.row(PostRow)).seats is None

    assert await does(town, CountSeats(RIVERSIDE, id, 1, 3)) == Seats(Planned.DONE)
    assert (await town.row(PostRow)).seats == 3


async def test_a_number_of_seats_that_nobody_can_mean_changes_nothing(town: Town) -> None:
    await coordinates(town)
    id = await drafts(town)

    for seats in (0, -1, 10_001):
        assert await does(town, CountSeats(RIVERSIDE, id, 1, seats)) == Seats(Planned.GONE)
    assert await does(town, CountSeats(RIVERSIDE, id, 7, 2)) == Seats(Planned.GONE)

    assert (await town.row(PostRow)).seats is None


async def test_more_seats_are_offered_to_those_in_line(town: Town) -> None:
    await coordinates(town)
    (id,) = await publishes(town)
    await does(town, CountSeats(RIVERSIDE, id, 1, 1))
    for telegram in (BEN, CLEO):
        await town.arrives(telegram)
        await says(town, telegram, of=id)
    cleo = (await town.person(CLEO)).citizen
    assert (await standings(town))[cleo] == Standing.WAITING

    await does(town, CountSeats(RIVERSIDE, id, 1, 2))

    assert (await standings(town))[cleo] == Standing.OFFERED


async def test_who_answers_while_seats_are_cut_is_seated_or_the_cut_is_refused(town: Town) -> None:
    await coordinates(town)
    (id,) = await publishes(town)
    await does(town, CountSeats(RIVERSIDE, id, 1, 3))
    for telegram in (BEN, CLEO):
        await town.arrives(telegram)
    await says(town, BEN, of=id)

    cut, answered = await asyncio.gather(does(town, CountSeats(RIVERSIDE, id, 1, 1)), says(town, CLEO, of=id))

    seats = (await posts(town, id))[0]
    assert (cut.came, answered) in (
        (Planned.DONE, Answered.WAITING),
        (Planned.TAKEN, Answered.SEATED),
    )
    assert seats.seats is not None
    assert seats.taken <= seats.seats


async def test_what_there_is_to_do_has_a_name_in_each_language_a_number_of_people_and_a_length(
    town: Town,
) -> None:
    await coordinates(town)
    id = await helps(town, "Cook", "Drive")
    await does(town, NamePost(RIVERSIDE, id, 1, "lv", "Gatavot"))
    await does(town, CountSeats(RIVERSIDE, id, 1, 2))
    await does(town, CountHours(RIVERSIDE, id, 1, 90))
    assert await does(town, NamePost(RIVERSIDE, id, 3, "lv", "Dziedāt")) is Planned.GONE

    cook, drive = await posts(town, id)
    names = (await town.look(ADA, Sheets, (id,))).by_id[str(id)].posts

    assert (cook.number, cook.seats, cook.minutes) == (1, 2, 90)
    assert (drive.number, drive.seats, drive.minutes) == (2, None, None)
    assert names == {"1": {"en": "Cook", "lv": "Gatavot"}, "2": {"en": "Drive"}}
    await does(town, NamePost(RIVERSIDE, id, 1, "lv", ""))
    assert (await town.look(ADA, Progress, RIVERSIDE, id)).posts == {"1": ("en",), "2": ("en",)}


async def test_what_somebody_does_is_not_taken_away_and_neither_is_the_last_thing_to_do(town: Town) -> None:
    await coordinates(town)
    await town.arrives(BEN)
    id = await helps(town, "Cook", "Drive")
    cook, drive = await posts(town, id)
    await does(town, says_to(id, drive.id), BEN)

    assert await does(town, DropPost(RIVERSIDE, id, 2)) is Planned.TAKEN
    await does(town, says_to(id, drive.id, Says.NO), BEN)
    assert await does(town, DropPost(RIVERSIDE, id, 2)) is Planned.DONE
    assert await does(town, DropPost(RIVERSIDE, id, 1)) is Planned.NO_POST

    assert [post.id for post in await posts(town, id)] == [cook.id]
    assert (await town.row(Answer)).post_id == cook.id


async def test_a_post_is_added_to_all_dates_that_follow_under_one_number(town: Town) -> None:
    await coordinates(town)
    first, second, third = await helps_weekly(town, "Cook")

    number = await does(town, AddPost(RIVERSIDE, second, "en", "Sing", Extent.FOLLOWING))

    assert number == 2
    assert [[post.number for post in await posts(town, each)] for each in (first, second, third)] == [
        [1],
        [1, 2],
        [1, 2],
    ]
    assert await does(town, AddPost(RIVERSIDE, first, "en", "Dance")) == 3


async def test_a_task_that_is_renamed_at_one_date_keeps_its_name_at_the_others(town: Town) -> None:
    await coordinates(town)
    first, second, _ = ids = await helps_weekly(town, "Cook")

    await does(town, NamePost(RIVERSIDE, first, 1, "en", "Bake"))
    assert await called(town, ids) == [[{"en": "Bake"}], [{"en": "Cook"}], [{"en": "Cook"}]]

    await does(town, NamePost(RIVERSIDE, first, 1, "lv", "Cept"))
    assert await called(town, ids) == [[{"en": "Bake", "lv": "Cept"}], [{"en": "Cook"}], [{"en": "Cook"}]]

    await does(town, NamePost(RIVERSIDE, second, 1, "en", "Fry", Extent.FOLLOWING))
    assert await called(town, ids) == [[{"en": "Bake", "lv": "Cept"}], [{"en": "Fry"}], [{"en": "Fry"}]]

    await does(town, NamePost(RIVERSIDE, first, 1, "en", "Boil", Extent.FOLLOWING))
    assert await called(town, ids) == [[{"en": "Boil", "lv": "Cept"}], [{"en": "Boil"}], [{"en": "Boil"}]]


async def test_a_name_that_is_taken_away_at_one_date_stays_at_the_others(town: Town) -> None:
    await coordinates(town)
    first, second, _ = ids = await helps_weekly(town, "Cook")
    await does(town, NamePost(RIVERSIDE, first, 1, "lv", "Gatavot", Extent.FOLLOWING))
    both = {"en": "Cook", "lv": "Gatavot"}

    await does(town, NamePost(RIVERSIDE, second, 1, "lv", ""))
    assert await called(town, ids) == [[both], [{"en": "Cook"}], [both]]
    assert (await town.look(ADA, Progress, RIVERSIDE, second)).posts == {"1": ("en",)}

    await does(town, NamePost(RIVERSIDE, first, 1, "en", ""))
    assert await called(town, ids) == [[{"lv": "Gatavot"}], [{"en": "Cook"}], [both]]


async def test_a_task_that_is_dropped_at_the_first_date_keeps_its_name_at_the_others(town: Town) -> None:
    await coordinates(town)
    first, *_ = ids = await helps_weekly(town, "Cook", "Drive")
    await does(town, NamePost(RIVERSIDE, first, 1, "lv", "Gatavot", Extent.FOLLOWING))

    assert await does(town, DropPost(RIVERSIDE, first, 1)) is Planned.DONE

    both = [{"en": "Cook", "lv": "Gatavot"}, {"en": "Drive"}]
    assert await called(town, ids) == [[{"en": "Drive"}], both, both]


async def test_a_task_of_a_series_elsewhere_keeps_its_name(town: Town) -> None:
    await coordinates(town)
    first, *_ = ids = await helps_weekly(town, "Cook")

    assert await does(town, NamePost(YOUTH, first, 1, "en", "Bake")) is Planned.GONE

    assert await called(town, ids) == [[{"en": "Cook"}]] * 3


async def test_there_are_not_more_things_to_do_than_people_can_read(town: Town) -> None:
    await coordinates(town)
    id = await drafts(town, kind="activity")

    numbers = [await does(town, AddPost(RIVERSIDE, id, "en", f"Task {n}")) for n in range(MOST_POSTS + 1)]

    assert numbers == [*range(1, MOST_POSTS + 1), 0]


async def test_at_most_three_questions_are_asked_and_those_of_a_series_stand_with_its_first_date(
    town: Town,
) -> None:
    await coordinates(town)
    first, second, _ = await publishes(town, rule=WEEKLY)

    assert await does(town, AskThem(RIVERSIDE, second, 1, "en", "Do you eat meat?")) is Planned.DONE
    assert await does(town, AskThem(RIVERSIDE, second, 4, "en", "And fish?")) is Planned.GONE

    assert [(row.occasion_id, row.number) for row in await town.rows(OccasionQuestion)] == [(first, 1)]
    assert (await town.look(ADA, Progress, RIVERSIDE, second)).questions == {"1": ("en",)}
    await does(town, AskThem(RIVERSIDE, second, 1, "en", ""))
    assert await town.rows(OccasionQuestion) == []


def says_to(occasion: int, post: int, answer: Says = Says.YES) -> AnswerOccasion:
    return AnswerOccasion(occasion, answer, post)


async def publishes_action(town: Town, where: Scope) -> int:
    """A pilot action that people see, called A garden; returns its id."""
    id = await does(town, DraftAction(where))
    await does(town, WriteAction(where, id, Section.TITLE, "en", "A garden"))
    await does(town, PublishAction(where, id))
    return int(id)


async def test_an_activity_is_part_of_a_pilot_action_of_its_place(town: Town) -> None:
    await coordinates(town)
    action, activity = await publishes_action(town, RIVERSIDE), await helps(town, "Digging")

    assert await does(town, BelongTo(RIVERSIDE, activity, action)) is Planned.DONE

    sheet = (await town.look(ADA, Sheets, (activity,))).by_id[str(activity)]
    assert sheet.action == {"en": "A garden"}
    assert [one.id for one in (await town.look(ADA, OfAction, action)).occasions] == [activity]
    assert await does(town, BelongTo(RIVERSIDE, activity, None)) is Planned.DONE
    assert (await town.look(ADA, OfAction, action)).occasions == ()


async def test_nothing_is_part_of_a_draft_or_of_what_belongs_to_another_place(town: Town) -> None:
    await coordinates(town)
    activity = await helps(town, "Digging")
    draft = await does(town, DraftAction(RIVERSIDE))

    assert await does(town, BelongTo(RIVERSIDE, activity, draft)) is Planned.GONE
    assert await does(town, BelongTo(RIVERSIDE, activity, 4711)) is Planned.GONE
    assert (await town.look(ADA, One, activity)).occasion.action is None
