"""Who is told of what happens with pilot actions and gifts; what is answered meanwhile is not said."""

from datetime import timedelta

import pytest

from flows.actions.actions import FollowAction
from flows.actions.feedback import GiveFeedback, Rating, Side, WithdrawFeedback
from flows.actions.gifts import AnswerPlea, AskGiver, Cause, Give, Giving, OwnPleas, Sake, TakeBack
from flows.actions.pilots import CloseWave, OpenWave, WithdrawAction
from flows.people.person import Forget
from flows.people.roles import Role
from flows.pushes.pushed import Reason, State
from storage.pushes.pushed import Push
from storage.pushes.pushing import claim
from tests.storage.actions.test_actions import RIVERSIDE, plans
from tests.storage.town import BOT, CONTEXT, Town, words

ADA, BEN, CLEO, DAN = 4_000_000_001, 4_000_000_002, 4_000_000_003, 4_000_000_004


@pytest.fixture
async def garden(town: Town) -> int:
    """An action that Ada plans; Ben, Cleo and Dan live there, and Ben follows it."""
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    for telegram in (BEN, CLEO, DAN):
        await town.arrives(telegram)
    id = await plans(town)
    await town.acts(BEN, FollowAction(id))
    return id


async def scores(town: Town, telegram: int, id: int) -> int:
    """Somebody's feedback."""
    (feedback,) = await town.acts(telegram, GiveFeedback(id, Side.NEIGHBOUR, (Rating("B05", 1),)))
    return int(feedback)


async def many_score(town: Town, id: int) -> None:
    """The same from nine others, so that with somebody's own there is something to give back."""
    for telegram in range(10, 19):
        await town.arrives(telegram)
        await scores(town, telegram, id)


async def called(town: Town, kind: str) -> set[int]:
    """Who is to be told, by Telegram id."""
    people = {(await town.person(each)).citizen: each for each in (ADA, BEN, CLEO, DAN)}
    told = {row.citizen_id for row in await town.rows(Push) if row.kind == kind}
    return {people[citizen] for citizen in people.keys() & told}


async def decided(town: Town) -> dict[str, tuple[State, Reason | None]]:
    """What becomes of what is due now, by kind; everybody is told the same here."""
    portions = await town.do(claim, CONTEXT, bot=BOT, now=town.now + timedelta(minutes=1), most=50)
    kinds = {row.id: row.kind for row in await town.rows(Push)}
    return {
        kinds[id]: (decision.state, decision.reason)
        for portion in portions
        for id, decision in portion.decisions.items()
    }


async def test_a_wave_asks_those_who_follow_and_those_who_answered_before(town: Town, garden: int) -> None:
    await town.acts(ADA, OpenWave(RIVERSIDE, garden))
    assert await called(town, "feedback") == {BEN}

    await scores(town, CLEO, garden)
    town.later(days=1)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden), OpenWave(RIVERSIDE, garden))

    assert await called(town, "feedback") == {BEN, CLEO}


async def test_who_has_answered_meanwhile_is_not_asked(town: Town, garden: int) -> None:
    await town.acts(ADA, OpenWave(RIVERSIDE, garden))
    assert await decided(town) == {"feedback": (State.SAID, None)}

    await scores(town, BEN, garden)

    assert await decided(town) == {"feedback": (State.SKIPPED, Reason.ANSWERED)}


async def test_nobody_is_asked_for_feedback_to_a_wave_that_is_over(town: Town, garden: int) -> None:
    await town.acts(ADA, OpenWave(RIVERSIDE, garden), CloseWave(RIVERSIDE, garden))

    assert await decided(town) == {"feedback": (State.SKIPPED, Reason.ANSWERED)}


async def test_who_withdrew_their_feedback_is_not_told_what_came_of_it(town: Town, garden: int) -> None:
    await town.acts(ADA, OpenWave(RIVERSIDE, garden))
    await many_score(town, garden)
    for telegram in (CLEO, DAN):
        feedback = await scores(town, telegram, garden)
    await town.acts(DAN, WithdrawFeedback(feedback))

    await town.acts(ADA, CloseWave(RIVERSIDE, garden))

    assert await called(town, "findings") == {CLEO}
    assert (await decided(town))["findings"] == (State.SAID, None)


async def test_nobody_is_told_what_came_of_it_where_too_few_answered_to_show_anything(
    town: Town, garden: int
) -> None:
    await town.acts(ADA, OpenWave(RIVERSIDE, garden))
    await many_score(town, garden)

    await town.acts(ADA, CloseWave(RIVERSIDE, garden))

    assert [row for row in await town.rows(Push) if row.kind in ("findings", "progress")] == []


async def test_a_giver_is_told_who_asks_and_whoever_asked_of_the_answer(town: Town, garden: int) -> None:
    (gift,) = await town.acts(CLEO, Give(Giving.TOOL, words("A spade"), None))
    await town.acts(ADA, AskGiver(RIVERSIDE, gift, Cause(Sake.ACTION, garden), "Saturday?"))
    assert await called(town, "plea") == {CLEO}
    assert await decided(town) == {"plea": (State.SAID, None)}

    (plea,) = (await town.look(CLEO, OwnPleas)).pleas
    await town.acts(CLEO, AnswerPlea(plea.id, words("Cleo, at the blue door")))

    assert await called(town, "reply") == {ADA}
    assert await decided(town) == {
        "plea": (State.SKIPPED, Reason.ANSWERED),
        "reply": (State.SAID, None),
    }


async def test_a_giver_who_took_it_back_is_asked_no_more(town: Town, garden: int) -> None:
    (gift,) = await town.acts(CLEO, Give(Giving.TOOL, words("A spade"), None))
    await town.acts(ADA, AskGiver(RIVERSIDE, gift, Cause(Sake.ACTION, garden), "Saturday?"))

    await town.acts(CLEO, TakeBack(gift))

    assert await decided(town) == {"plea": (State.SKIPPED, Reason.ANSWERED)}


async def test_nobody_is_told_of_a_request_by_who_may_plan_no_more(town: Town, garden: int) -> None:
    (gift,) = await town.acts(CLEO, Give(Giving.TOOL, words("A spade"), None))
    await town.acts(ADA, AskGiver(RIVERSIDE, gift, Cause(Sake.ACTION, garden), "Saturday?"))

    await town.dismisses(ADA)

    assert await decided(town) == {"plea": (State.SKIPPED, Reason.ANSWERED)}


async def test_nobody_is_asked_for_an_action_that_was_withdrawn_but_an_answer_to_it_is_told(
    town: Town, garden: int
) -> None:
    for telegram in (CLEO, DAN):
        (gift,) = await town.acts(telegram, Give(Giving.TOOL, words("A spade"), None))
        await town.acts(ADA, AskGiver(RIVERSIDE, gift, Cause(Sake.ACTION, garden), "Saturday?"))
    (plea,) = (await town.look(CLEO, OwnPleas)).pleas
    await town.acts(CLEO, AnswerPlea(plea.id, words("Cleo, at the blue door")))

    await town.acts(ADA, WithdrawAction(RIVERSIDE, garden))

    decisions = await decided(town)
    assert decisions["plea"] == (State.SKIPPED, Reason.ANSWERED)
    assert decisions["reply"] == (State.SAID, None)


async def test_who_is_erased_is_told_nothing(town: Town, garden: int) -> None:
    await town.acts(ADA, OpenWave(RIVERSIDE, garden))

    await town.acts(BEN, Forget())

    assert await town.rows(Push) == []
