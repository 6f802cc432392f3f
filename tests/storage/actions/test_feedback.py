"""Feedback comes in waves, is its author's to change, and is given back where it is about many."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from flows.actions.actions import Actions, OneAction
from flows.actions.feedback import (
    GiveFeedback,
    OwnFeedback,
    OwnOpinions,
    Rating,
    RewordWhy,
    SayWhy,
    Side,
    Steps,
    Survey,
    WithdrawFeedback,
)
from flows.actions.findings import Cell, Figure, Findings
from flows.actions.impact import Scale
from flows.actions.pilots import CloseWave, OnePilot, OpenWave, Touch, Touched, Waved
from flows.people.person import Forget
from flows.people.roles import Role, Scope
from storage.actions.piloted import Feedback, Finding, Score, Wave
from storage.tables import Pseudonym
from tests.storage.actions.test_actions import RIVERSIDE, plans
from tests.storage.town import CONTEXT, Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002
MONTBELL = Scope("montbell")
PEOPLE = range(10, 40)


@pytest.fixture
async def garden(town: Town) -> int:
    """An action that Ada has published and asks feedback for; it touches B05."""
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    id = await plans(town)
    assert await town.acts(ADA, OpenWave(RIVERSIDE, id)) == [Waved.OPENED]
    return id


async def says(town: Town, telegram: int, id: int, value: int, side: Side = Side.NEIGHBOUR) -> int | None:
    """The id of somebody's feedback; None where it was not kept."""
    (feedback,) = await town.acts(telegram, GiveFeedback(id, side, (Rating("B05", value),)))
    assert feedback is None or isinstance(feedback, int)
    return feedback


async def all_say(
    town: Town, id: int, people: Sequence[int], value: int, side: Side = Side.NEIGHBOUR
) -> None:
    """The same from many, who arrive where they have not yet."""
    for telegram in people:
        await town.arrives(telegram)
        assert await says(town, telegram, id, value, side) is not None


async def found(town: Town, id: int) -> dict[str, Figure]:
    """What is given back, by cell."""
    findings: Findings = await town.look(ADA, Findings, id)
    return dict((findings.figures or {}).get("B05", {}))


async def test_what_is_asked_for_is_what_the_action_touches(town: Town, garden: int) -> None:
    await town.arrives(BEN)

    asked = await town.look(BEN, Survey, garden)

    assert asked == Survey(1, ("B05",), (-2, -1, 0, 1, 2))
    assert (await town.look(BEN, Steps, garden)).scale.steps[2]["fr"] == "Cela aide beaucoup"


async def test_a_wave_keeps_the_scale_it_was_asked_with(
    town: Town, garden: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.acts(ADA, CloseWave(RIVERSIDE, garden))
    wider = Scale("2", {value: {"en": f"{value} of 3"} for value in range(-3, 4)})
    monkeypatch.setattr("tests.storage.town.CONTEXT", replace(CONTEXT, scales={**CONTEXT.scales, "2": wider}))
    await town.acts(ADA, OpenWave(RIVERSIDE, garden))

    assert (await town.look(ADA, Steps, garden, 1)).scale == CONTEXT.scales["1"]
    assert (await town.look(ADA, Steps, garden, 2)).scale == wider
    assert (await town.look(ADA, Steps, garden)).scale == wider


async def test_feedback_is_kept_by_a_name_for_this_action_alone(town: Town, garden: int) -> None:
    await town.arrives(BEN)
    another = await plans(town)
    await town.acts(ADA, OpenWave(RIVERSIDE, another))

    for id in (garden, another):
        await says(town, BEN, id, 2)
    await town.says(BEN, "A path along the river")

    authors = {row.author for row in await town.rows(Feedback)}
    assert len(authors) == 2
    assert authors < {row.pseudonym for row in await town.rows(Pseudonym)}
    assert {row.scale for row in await town.rows(Feedback)} == {"1"}


async def test_who_answers_again_in_a_wave_changes_what_they_said(town: Town, garden: int) -> None:
    await town.arrives(BEN)
    first = await says(town, BEN, garden, -2)
    assert first is not None
    await town.acts(BEN, SayWhy(first, words("The noise")))

    second = await says(town, BEN, garden, 1, Side.PARTICIPANT)

    assert second == first
    row, score = await town.row(Feedback), await town.row(Score)
    assert (row.side, row.text, row.language, score.value) == ("participant", "The noise", "en", 1)


async def test_what_was_not_asked_for_is_not_kept(town: Town, garden: int) -> None:
    await town.arrives(BEN)
    for component, value in (("A01", 1), ("B05", 3), ("B05", -3)):
        forged = GiveFeedback(garden, Side.NEIGHBOUR, (Rating(component, value),))
        assert await town.acts(BEN, forged) == [None]

    assert await town.rows(Feedback) == []
    assert await town.acts(BEN, GiveFeedback(garden, Side.NEIGHBOUR, ())) != [None]


async def test_who_lives_elsewhere_says_nothing(town: Town, garden: int) -> None:
    await town.arrives(BEN, territory="montbell", group=None)

    assert (await town.look(BEN, Survey, garden)).wave is None
    assert await says(town, BEN, garden, 1) is None


async def test_a_wave_that_is_closed_takes_nothing_more_in(town: Town, garden: int) -> None:
    await town.arrives(BEN)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden))

    assert await says(town, BEN, garden, 1) is None
    assert await town.rows(Feedback) == []


async def test_feedback_is_withdrawn_by_its_author_alone(town: Town, garden: int) -> None:
    await town.arrives(BEN)
    id = await says(town, BEN, garden, 1)
    assert id is not None

    assert await town.acts(ADA, WithdrawFeedback(id), SayWhy(id, words("Mine"))) == [False, False]
    assert (await town.row(Feedback)).text == ""

    assert await town.acts(BEN, WithdrawFeedback(id), WithdrawFeedback(id)) == [True, False]
    assert await town.acts(BEN, SayWhy(id, words("Too late"))) == [False]
    assert await town.rows(Feedback) == await town.rows(Score) == []


async def test_a_sentence_takes_new_words_where_its_message_is_edited(town: Town, garden: int) -> None:
    await town.arrives(BEN)
    id = await says(town, BEN, garden, 1)
    await town.acts(BEN, SayWhy(id or 0, words("It is gren", message=5)))

    edited = RewordWhy(words("It is green", message=5))
    assert await town.acts(BEN, RewordWhy(words("Something else", message=6)), edited) == [False, True]
    assert await town.acts(ADA, edited) == await town.acts(BEN, edited) == [False]
    assert (await town.row(Feedback)).text == "It is green"


async def test_people_see_what_they_said_and_in_which_wave(town: Town, garden: int) -> None:
    await town.arrives(BEN)
    first = await says(town, BEN, garden, 1)
    await town.acts(BEN, SayWhy(first or 0, words("It is green")))
    await town.acts(ADA, CloseWave(RIVERSIDE, garden), OpenWave(RIVERSIDE, garden))
    town.later(minutes=1)
    second = await says(town, BEN, garden, 2)

    given = (await town.look(BEN, OwnFeedback)).given
    opinions = await town.look(BEN, OwnOpinions)

    assert [(one.id, one.wave, one.is_open) for one in given] == [(first, 1, False), (second, 2, True)]
    assert opinions.sentences == {str(first): "It is green", str(second): ""}
    assert opinions.ratings[str(second)] == (Rating("B05", 2),)
    assert opinions.titles[str(first)] == {"en": "A garden"}
    assert (await town.look(ADA, OwnFeedback)).given == ()


async def test_a_new_wave_asks_those_again_who_answered_before(town: Town, garden: int) -> None:
    await town.arrives(BEN)
    await says(town, BEN, garden, 1)
    assert not (await town.look(BEN, Actions)).actions[0].asks

    await town.acts(ADA, CloseWave(RIVERSIDE, garden), OpenWave(RIVERSIDE, garden))

    assert (await town.look(BEN, Actions)).actions[0].asks_again
    await says(town, BEN, garden, 1)
    assert not (await town.look(BEN, Actions)).actions[0].asks
    assert not (await town.look(ADA, Actions)).actions[0].asks_again


async def test_waves_are_opened_and_closed_once_by_whichever_coordinator(town: Town, garden: int) -> None:
    await town.arrives(BEN, group=None)
    await town.appoints(BEN, Role.TERRITORY, RIVERSIDE)

    results = []
    for each, move in ((BEN, OpenWave), (BEN, CloseWave), (ADA, CloseWave), (ADA, OpenWave)):
        results += await town.acts(each, move(RIVERSIDE, garden))

    assert results == [Waved.ALREADY, Waved.CLOSED, Waved.ALREADY, Waved.OPENED]
    assert [(row.number, row.closed_at is None) for row in await town.rows(Wave)] == [(1, False), (2, True)]
    assert (await town.look(BEN, OnePilot, RIVERSIDE, garden)).pilot.waves == 2


async def test_what_nobody_sees_or_touches_nothing_is_not_asked_about(town: Town, garden: int) -> None:
    id = await plans(town)
    await town.acts(ADA, Touch(RIVERSIDE, id, "B05", touches=False))

    assert await town.acts(ADA, OpenWave(RIVERSIDE, id), OpenWave(RIVERSIDE, 404)) == [
        Waved.EMPTY,
        Waved.GONE,
    ]


async def test_what_a_wave_asks_stays_as_it_is_while_it_asks(town: Town, garden: int) -> None:
    assert await town.acts(ADA, Touch(RIVERSIDE, garden, "A01", touches=True)) == [Touched.ASKED]


async def test_figures_are_given_back_about_ten_people_and_not_about_nine(town: Town, garden: int) -> None:
    await all_say(town, garden, PEOPLE[:9], 2)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden))
    assert (await town.look(ADA, Findings, garden)).wave == 1
    assert await found(town, garden) == {}

    await town.acts(ADA, OpenWave(RIVERSIDE, garden))
    await all_say(town, garden, PEOPLE[:9], 1)
    await all_say(town, garden, PEOPLE[9:10], -1)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden))
    assert await found(town, garden) == {"all": Figure(10, 0.8), "neighbour": Figure(10, 0.8)}
    assert (await town.look(ADA, OneAction, garden)).action.has_findings


async def test_what_is_shown_is_shown_once_a_wave_is_closed(town: Town, garden: int) -> None:
    """Else whoever looks before and after an answer would know it."""
    await all_say(town, garden, PEOPLE[:12], 2)

    assert (await town.look(ADA, Findings, garden)).wave is None
    assert await town.rows(Finding) == []


async def test_before_and_after_are_about_the_same_people(town: Town, garden: int) -> None:
    await all_say(town, garden, PEOPLE[:20], -1)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden), OpenWave(RIVERSIDE, garden))
    await all_say(town, garden, PEOPLE[:10], 1)
    await all_say(town, garden, PEOPLE[20:30], 2)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden))

    assert await found(town, garden) == {
        Cell.ALL: Figure(20, 1.5),
        Cell.BEFORE: Figure(10, -1.0),
        Cell.AFTER: Figure(10, 1.0),
        Side.NEIGHBOUR: Figure(20, 1.5),
    }


async def test_a_few_who_came_or_went_between_two_waves_are_not_found_by_subtracting(
    town: Town, garden: int
) -> None:
    """Twelve people, then eleven of them: what these said before would tell what the twelfth said."""
    await all_say(town, garden, PEOPLE[:12], 1)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden), OpenWave(RIVERSIDE, garden))
    await all_say(town, garden, PEOPLE[:11], 2)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden))

    assert await found(town, garden) == {Cell.ALL: Figure(11, 2.0), Side.NEIGHBOUR: Figure(11, 2.0)}


async def test_a_side_of_few_is_hidden_and_its_total_does_not_tell_it(town: Town, garden: int) -> None:
    await all_say(town, garden, PEOPLE[:12], 2, Side.PARTICIPANT)
    await all_say(town, garden, PEOPLE[12:15], -2, Side.ORGANISER)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden))

    assert await found(town, garden) == {"all": Figure(15, 1.2)}


async def test_who_is_erased_is_not_found_by_what_is_shown_later(town: Town, garden: int) -> None:
    await all_say(town, garden, PEOPLE[:12], 1)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden), OpenWave(RIVERSIDE, garden))
    await town.acts(PEOPLE[0], Forget())
    await all_say(town, garden, PEOPLE[1:12], 2)
    await town.acts(ADA, CloseWave(RIVERSIDE, garden))

    assert await found(town, garden) == {Cell.ALL: Figure(11, 2.0), Side.NEIGHBOUR: Figure(11, 2.0)}
    first = [row for row in await town.rows(Finding) if row.wave == 1 and row.cell == "all"]
    assert [(row.people, row.total) for row in first] == [(12, 12)]
    assert len(await town.rows(Feedback)) == 22
