"""What people can give is found by its words, asked for by name, and agreed to or not."""

import pytest

from flows.actions.gifts import (
    AnswerPlea,
    Asked,
    AskGiver,
    Cause,
    Causes,
    CauseTitles,
    Gifts,
    GiftWords,
    Give,
    GiveStatement,
    Giving,
    OwnGifts,
    OwnGiftWords,
    OwnPleas,
    PleaWords,
    Sake,
    TakeBack,
    Want,
)
from flows.actions.pilots import WithdrawAction
from flows.moves import Look
from flows.people.person import Forget
from flows.people.roles import NotAllowed, Role, Scope
from flows.words.statements import Question, WithdrawStatement
from storage.actions.piloted import Gift, Plea
from storage.pushes.pushed import Push
from tests.storage.actions.test_actions import RIVERSIDE, YOUTH, plans
from tests.storage.town import Town, record, words

ADA, BEN, CLEO, DAN = 4_000_000_001, 4_000_000_002, 4_000_000_003, 4_000_000_004
MONTBELL = Scope("montbell")


@pytest.fixture
async def garden(town: Town) -> Cause:
    """An action that Ada plans in Riverside; Ben lives there."""
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada of the town hall")
    await town.arrives(BEN)
    return Cause(Sake.ACTION, await plans(town))


async def gives(town: Town, telegram: int = BEN, cause: Cause | None = None) -> int:
    """Somebody can give a spade; returns the id."""
    (id,) = await town.acts(telegram, Give(Giving.TOOL, words("A spade on Saturdays"), cause))
    town.later(minutes=1)
    return int(id)


async def test_what_somebody_gives_is_theirs_and_can_be_taken_back(town: Town, garden: Cause) -> None:
    id = await gives(town)

    assert (await town.look(BEN, OwnGifts)).gifts == {str(id): Giving.TOOL}
    assert (await town.look(BEN, OwnGiftWords)).texts == {str(id): "A spade on Saturdays"}
    assert await town.acts(ADA, TakeBack(id)) == [False]
    assert await town.acts(BEN, TakeBack(id), TakeBack(id)) == [True, False]
    assert await town.rows(Gift) == []


async def test_an_answer_to_the_third_question_is_given_in_its_own_words(town: Town, garden: Cause) -> None:
    (receipt,) = await town.acts(BEN, record("I can teach swimming", question=Question.CO_RESPONSIBILITY))
    (other,) = await town.acts(BEN, record("A path along the river"))

    given = [
        (await town.acts(who, GiveStatement(Giving.SKILL, which.statement)))[0]
        for who, which in ((ADA, receipt), (BEN, other), (BEN, receipt))
    ]

    assert given == [False, False, True]
    row = await town.row(Gift)
    assert (row.text, row.kind, row.language) == ("I can teach swimming", "skill", "en")
    await town.acts(BEN, WithdrawStatement(receipt.statement))
    assert await town.acts(BEN, GiveStatement(Giving.SKILL, receipt.statement)) == [False]


async def test_those_who_plan_see_the_words_of_their_place_and_no_name(town: Town, garden: Cause) -> None:
    id = await gives(town)
    await town.arrives(CLEO, territory="montbell", group=None)
    await gives(town, CLEO)

    gifts = (await town.look(ADA, Gifts, RIVERSIDE)).gifts
    found = await town.look(ADA, GiftWords, RIVERSIDE)

    assert [(one.id, one.giving, one.is_wanted, one.asked) for one in gifts] == [
        (id, Giving.TOOL, False, False)
    ]
    assert found.texts == {str(id): "A spade on Saturdays"}
    assert found.replies == {}


async def test_a_facilitator_sees_what_people_of_their_group_give(town: Town, garden: Cause) -> None:
    await town.arrives(CLEO)
    await town.appoints(CLEO, Role.FACILITATOR, YOUTH)
    await town.arrives(DAN, group="elders")
    id = await gives(town)
    await gives(town, DAN)

    assert [one.id for one in (await town.look(CLEO, Gifts, YOUTH)).gifts] == [id]
    with pytest.raises(NotAllowed):
        await town.look(CLEO, Gifts, RIVERSIDE)
    with pytest.raises(NotAllowed):
        await town.acts(BEN, Look(GiftWords, (RIVERSIDE,)))


async def test_what_is_needed_there_or_was_offered_for_it_stands_first(town: Town, garden: Cause) -> None:
    (skill,) = await town.acts(BEN, Give(Giving.SKILL, words("Pruning"), None))
    town.later(minutes=1)
    offered = await gives(town, cause=garden)
    (time,) = await town.acts(BEN, Give(Giving.TIME, words("Sundays"), None))

    gifts = (await town.look(ADA, Gifts, RIVERSIDE)).gifts
    assert [(one.id, one.is_wanted) for one in gifts] == [(offered, True), (time, False), (skill, False)]

    await town.acts(ADA, Want(RIVERSIDE, garden, Giving.SKILL, wanted=True))
    gifts = (await town.look(ADA, Gifts, RIVERSIDE)).gifts
    assert [(one.id, one.is_wanted) for one in gifts] == [(offered, True), (skill, True), (time, False)]


async def test_a_giver_learns_who_asks_and_for_what_and_agrees(town: Town, garden: Cause) -> None:
    id = await gives(town)
    assert (await town.look(ADA, Causes, RIVERSIDE)).causes == (garden,)
    assert (await town.look(ADA, CauseTitles, RIVERSIDE)).titles == ({"en": "A garden"},)

    asked = await town.acts(ADA, *[AskGiver(RIVERSIDE, id, garden, "Next Saturday?")] * 2)

    assert asked == [Asked.ASKED, Asked.ALREADY]
    (plea,) = (await town.look(BEN, OwnPleas)).pleas
    said = await town.look(BEN, PleaWords)
    assert (said.names, said.titles) == (
        {str(plea.id): "Ada of the town hall"},
        {str(plea.id): {"en": "A garden"}},
    )
    assert said.texts == {str(plea.id): "Next Saturday?"}
    assert await town.acts(CLEO, AnswerPlea(plea.id, words("Me!"))) == [False]

    yes = AnswerPlea(plea.id, words("Ben, at the blue door"))
    assert await town.acts(BEN, yes, yes) == [True, False]
    (gift,) = (await town.look(ADA, Gifts, RIVERSIDE)).gifts
    assert (gift.asked, gift.agreed) == (True, True)
    assert (await town.look(ADA, GiftWords, RIVERSIDE)).replies == {str(id): "Ben, at the blue door"}
    assert (await town.look(BEN, OwnPleas)).pleas == ()


async def test_who_refuses_shows_nothing(town: Town, garden: Cause) -> None:
    id = await gives(town)
    await town.acts(ADA, AskGiver(RIVERSIDE, id, garden, "Next Saturday?"))
    (plea,) = (await town.look(BEN, OwnPleas)).pleas

    await town.acts(BEN, AnswerPlea(plea.id, None))

    (gift,) = (await town.look(ADA, Gifts, RIVERSIDE)).gifts
    assert (gift.asked, gift.agreed) == (True, False)
    assert (await town.look(ADA, GiftWords, RIVERSIDE)).replies == {}


async def test_nobody_is_asked_by_who_may_plan_no_more(town: Town, garden: Cause) -> None:
    id = await gives(town)
    await town.acts(ADA, AskGiver(RIVERSIDE, id, garden, "Next Saturday?"))
    (plea,) = (await town.look(BEN, OwnPleas)).pleas

    await town.dismisses(ADA)
    await town.appoints(ADA, Role.PANEL, RIVERSIDE)
    await town.appoints(ADA, Role.FACILITATOR, Scope("riverside", "elders"))
    assert (await town.look(BEN, OwnPleas)).pleas == ()
    assert (await town.look(BEN, PleaWords)).texts == {}
    yes, no = AnswerPlea(plea.id, words("Ben, at the blue door")), AnswerPlea(plea.id, None)
    assert await town.acts(BEN, yes, no) == [False, False]
    assert [row.kind for row in await town.rows(Push) if row.kind == "reply"] == []

    await town.appoints(ADA, Role.FACILITATOR, YOUTH)
    assert (await town.look(BEN, OwnPleas)).pleas == (plea,)
    assert await town.acts(BEN, yes) == [True]


async def test_nobody_is_asked_for_what_was_withdrawn(town: Town, garden: Cause) -> None:
    id = await gives(town)
    await town.acts(ADA, AskGiver(RIVERSIDE, id, garden, "Next Saturday?"))
    (plea,) = (await town.look(BEN, OwnPleas)).pleas

    await town.acts(ADA, WithdrawAction(RIVERSIDE, garden.id))

    assert (await town.look(BEN, OwnPleas)).pleas == ()
    assert await town.acts(BEN, AnswerPlea(plea.id, words("Ben, at the blue door"))) == [False]


async def test_another_coordinator_does_not_read_what_was_written_to_one(town: Town, garden: Cause) -> None:
    id = await gives(town)
    await town.arrives(CLEO, group=None)
    await town.appoints(CLEO, Role.TERRITORY, RIVERSIDE)
    await town.acts(ADA, AskGiver(RIVERSIDE, id, garden, "Next Saturday?"))
    (plea,) = (await town.look(BEN, OwnPleas)).pleas
    await town.acts(BEN, AnswerPlea(plea.id, words("Ben, at the blue door")))

    (gift,) = (await town.look(CLEO, Gifts, RIVERSIDE)).gifts
    assert (gift.asked, gift.agreed) == (False, None)
    assert (await town.look(CLEO, GiftWords, RIVERSIDE)).replies == {}


async def test_nobody_asks_across_places_or_for_what_is_not_there(town: Town, garden: Cause) -> None:
    id = await gives(town)
    await town.arrives(CLEO, territory="montbell", group=None)
    await town.appoints(CLEO, Role.TERRITORY, MONTBELL)
    theirs = Cause(Sake.ACTION, await plans(town, CLEO, MONTBELL))

    assert (
        await town.acts(
            CLEO,
            AskGiver(MONTBELL, id, theirs, "?"),
            AskGiver(MONTBELL, id, garden, "?"),
        )
        == [Asked.GONE] * 2
    )
    assert (
        await town.acts(
            ADA,
            AskGiver(RIVERSIDE, id, theirs, "?"),
            AskGiver(RIVERSIDE, 404, garden, "?"),
            AskGiver(RIVERSIDE, id, Cause(Sake.ACTIVITY, 404), "?"),
        )
        == [Asked.GONE] * 3
    )
    assert await town.rows(Plea) == []


@pytest.mark.parametrize("leaving", [ADA, BEN])
async def test_whoever_of_the_two_is_erased_takes_the_asking_along(
    town: Town, garden: Cause, leaving: int
) -> None:
    id = await gives(town)
    await town.acts(ADA, AskGiver(RIVERSIDE, id, garden, "Next Saturday?"))

    await town.acts(leaving, Forget())

    assert await town.rows(Plea) == []
    assert len(await town.rows(Gift)) == (leaving == ADA)
