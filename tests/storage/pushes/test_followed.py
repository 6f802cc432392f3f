"""Who follows a pilot action hears how it goes on: what was changed together once, and only what is new."""

from datetime import timedelta

from flows.actions.actions import FollowAction, LeaveAction, Progress, Section
from flows.actions.gifts import Cause, Give, Giving, Sake
from flows.actions.pilots import CloseWave, DraftAction, OpenWave, SetProgress, WriteAction
from flows.people.person import Join
from flows.pushes.pushed import Reason, State
from storage.pushes.pushed import Push
from storage.pushes.pushing import claim
from tests.storage.actions.test_actions import RIVERSIDE
from tests.storage.pushes.test_calls import ADA, BEN, CLEO, DAN, called, garden, scores
from tests.storage.town import BOT, CONTEXT, Town, words

__all__ = ["garden"]


async def decided(town: Town) -> dict[str, tuple[State, Reason | None]]:
    """What becomes of what is due once changes have settled, by kind."""
    portions = await town.do(claim, CONTEXT, bot=BOT, now=town.now + timedelta(minutes=6), most=50)
    kinds = {row.id: row.kind for row in await town.rows(Push)}
    return {
        kinds[id]: (decision.state, decision.reason)
        for portion in portions
        for id, decision in portion.decisions.items()
    }


async def test_followers_and_givers_are_told_where_it_stands_but_not_who_says_so(
    town: Town, garden: int
) -> None:
    await town.acts(ADA, FollowAction(garden))
    await town.acts(CLEO, Give(Giving.TOOL, words("A spade"), Cause(Sake.ACTION, garden)))

    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.RUNNING))

    assert await called(town, "progress") == {BEN, CLEO}
    assert await decided(town) == {"progress": (State.SAID, None)}


async def test_what_is_changed_within_minutes_is_told_once(town: Town, garden: int) -> None:
    await town.acts(
        ADA,
        SetProgress(RIVERSIDE, garden, Progress.RUNNING),
        WriteAction(RIVERSIDE, garden, Section.RESULTS, "en", "Beans"),
        WriteAction(RIVERSIDE, garden, Section.RESULTS, "fr", "Des haricots"),
        SetProgress(RIVERSIDE, garden, Progress.DONE),
    )

    (push,) = [row for row in await town.rows(Push) if row.kind == "progress"]
    assert push.details == '{"was":"idea","new":["results"]}'
    assert push.at == town.now + timedelta(minutes=5)


async def test_who_knows_it_to_stand_there_is_told_nothing(town: Town, garden: int) -> None:
    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.RUNNING))
    await town.acts(DAN, FollowAction(garden))

    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.IDEA))

    assert await called(town, "progress") == {DAN}


async def test_the_same_results_and_other_texts_are_no_news(town: Town, garden: int) -> None:
    beans = WriteAction(RIVERSIDE, garden, Section.RESULTS, "en", "Beans")
    await town.acts(ADA, beans)
    assert await decided(town) == {"progress": (State.SAID, None)}
    (before,) = await town.rows(Push)
    town.later(minutes=1)

    await town.acts(ADA, beans, WriteAction(RIVERSIDE, garden, Section.STEPS, "en", "Dig first"))

    assert await town.rows(Push) == [before]


async def test_what_came_of_a_round_is_told_once_to_each_and_only_where_it_can_be_shown(
    town: Town, garden: int
) -> None:
    await town.acts(
        ADA, OpenWave(RIVERSIDE, garden), CloseWave(RIVERSIDE, garden), OpenWave(RIVERSIDE, garden)
    )
    assert await called(town, "progress") == set()
    await town.acts(CLEO, FollowAction(garden))
    for telegram in (CLEO, *range(10, 22)):
        if telegram != CLEO:
            await town.arrives(telegram)
        await scores(town, telegram, garden)

    await town.acts(ADA, CloseWave(RIVERSIDE, garden))

    assert await called(town, "progress") == {BEN}
    told = [row for row in await town.rows(Push) if row.kind == "findings"]
    assert len(told) == 13


async def test_who_left_it_or_lives_elsewhere_by_now_is_not_told(town: Town, garden: int) -> None:
    await town.acts(DAN, FollowAction(garden))
    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.RUNNING))

    await town.acts(BEN, LeaveAction(garden))
    await town.acts(DAN, Join("montbell", None))

    assert await decided(town) == {"progress": (State.SKIPPED, Reason.ANSWERED)}


async def test_nothing_is_told_of_a_draft(town: Town, garden: int) -> None:
    (draft,) = await town.acts(ADA, DraftAction(RIVERSIDE))
    await town.acts(ADA, FollowAction(draft))
    await town.acts(CLEO, Give(Giving.TOOL, words("A spade"), Cause(Sake.ACTION, draft)))

    await town.acts(
        ADA,
        SetProgress(RIVERSIDE, draft, Progress.RUNNING),
        WriteAction(RIVERSIDE, draft, Section.RESULTS, "en", "Beans"),
    )

    assert await town.rows(Push) == []
