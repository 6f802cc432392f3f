"""Themes: what is planned for one is there for those who follow it."""

from flows.occasions.occasions import Answered, Says, Sort, Upcoming
from flows.people.themes import FollowThemes, Themes
from flows.planning.planning import Dedicate, Planned
from tests.storage.meetings import meets
from tests.storage.planning.test_planning import ADA, BEN, RIVERSIDE, coordinates, does, drafts
from tests.storage.plans import says
from tests.storage.town import Town


async def test_a_person_follows_the_themes_they_chose_last_in_their_order(town: Town) -> None:
    await town.arrives(ADA)

    await town.acts(ADA, FollowThemes(("twinning", "production", "nothing")))
    assert (await town.look(ADA, Themes)).followed == ("production", "twinning")

    await town.acts(ADA, FollowThemes(("resources",)))
    assert (await town.look(ADA, Themes)).followed == ("resources",)


async def test_a_meeting_for_a_theme_is_there_for_those_alone_who_follow_it(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await meets(town, 1, theme="resources")
    await town.acts(ADA, FollowThemes(("resources",)))

    assert [one.id for one in (await town.look(ADA, Upcoming, Sort.MEETING)).occasions] == [1]
    assert (await town.look(BEN, Upcoming, Sort.MEETING)).occasions == ()
    assert await says(town, BEN) is Answered.GONE
    assert await says(town, ADA) is Answered.SEATED


async def test_who_has_answered_sees_it_though_they_follow_the_theme_no_more(town: Town) -> None:
    await town.arrives(ADA)
    await meets(town, 1, theme="resources")
    await town.acts(ADA, FollowThemes(("resources",)))
    await says(town, ADA, Says.MAYBE)

    await town.acts(ADA, FollowThemes(()))

    assert [one.id for one in (await town.look(ADA, Upcoming, Sort.MEETING)).occasions] == [1]


async def test_a_draft_alone_is_dedicated_to_a_theme_that_there_is(town: Town) -> None:
    await coordinates(town)
    id = await drafts(town)

    assert await does(town, Dedicate(RIVERSIDE, id, "nothing")) is Planned.GONE
    assert await does(town, Dedicate(RIVERSIDE, id, "production")) is Planned.DONE
