"""What people say of a meeting afterwards: only who was there, under a pseudonym, theirs to take back."""

from datetime import timedelta

import pytest

from flows.occasions.afterwards import (
    About,
    Aftermath,
    MeetingScale,
    RateOccasion,
    RemarkOn,
    WithdrawEvaluation,
)
from flows.occasions.my_meetings import KeptAnswers, OwnNotes
from flows.occasions.occasions import WithdrawAnswer
from flows.people.person import Forget
from storage.occasions.attended import Evaluation, Remark
from storage.tables import Pseudonym
from tests.storage.plans import call_meeting, change, goes_to_a_meeting, prepare_meeting, says
from tests.storage.town import KEYS, Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002


@pytest.fixture
async def evaluated(town: Town) -> Town:
    """Ada has been at meeting 1 and said how it was."""
    await town.arrives(ADA)
    await town.do(prepare_meeting, 1, now=town.now)
    await goes_to_a_meeting(town, ADA, "The tea")
    return town


async def test_what_was_said_carries_a_pseudonym_for_that_meeting_alone(evaluated: Town) -> None:
    ada = (await evaluated.person(ADA)).citizen
    name = KEYS.pseudonym("evaluation 1", ada)

    assert (await evaluated.row(Evaluation)).author == name
    assert {row.author for row in await evaluated.rows(Remark)} == {name}
    assert name != KEYS.pseudonym("evaluation 2", ada)


async def test_a_later_word_takes_the_place_of_an_earlier_one(evaluated: Town) -> None:
    better = RemarkOn(1, About.BETTER, words("A shorter agenda"))

    await evaluated.acts(ADA, RateOccasion(1, -1), better)

    assert (await evaluated.row(Evaluation)).value == -1
    said = {row.about: (row.text, row.language) for row in await evaluated.rows(Remark)}
    assert said == {"good": ("The tea", "en"), "better": ("A shorter agenda", "en")}


async def test_a_step_that_the_scale_does_not_have_is_not_kept(evaluated: Town) -> None:
    assert tuple((await evaluated.look(ADA, MeetingScale)).scale.steps) == (-2, -1, 0, 1, 2)

    await evaluated.acts(ADA, RateOccasion(1, 3))

    assert (await evaluated.row(Evaluation)).value == 2


async def test_only_who_was_there_can_say_how_it_was(evaluated: Town) -> None:
    await evaluated.do(call_meeting, 2, now=evaluated.now, begins=timedelta(hours=1))
    await evaluated.arrives(BEN)
    await says(evaluated, BEN, of=2)
    evaluated.later(hours=2)

    for meeting in (1, 2, 99):
        assert (await evaluated.look(BEN, Aftermath, meeting)).may_say is False
        await evaluated.acts(BEN, RateOccasion(meeting, 1), RemarkOn(meeting, About.GOOD, words("Nothing")))

    assert len(await evaluated.rows(Evaluation)) == 1
    assert len(await evaluated.rows(Remark)) == 2


async def test_nothing_is_said_of_what_was_cancelled_after_all(evaluated: Town) -> None:
    await evaluated.do(change, 1, state="cancelled")

    assert (await evaluated.look(ADA, Aftermath, 1)).may_say is False


async def test_people_see_all_their_words_and_take_back_what_they_said_of_a_meeting(evaluated: Town) -> None:
    notes = await evaluated.look(ADA, OwnNotes, 1)
    assert (notes.guests, notes.barrier, notes.replies) == ("The tea", "The tea", ("The tea",))
    assert (notes.good, notes.better, notes.rating["en"]) == ("The tea", "The tea", "Very good")

    await evaluated.acts(ADA, WithdrawEvaluation(1))

    assert await evaluated.rows(Evaluation) == await evaluated.rows(Remark) == []
    assert "evaluation 1" not in {row.purpose for row in await evaluated.rows(Pseudonym)}
    assert (await evaluated.look(ADA, Aftermath, 1)).has_said is False


async def test_what_was_said_is_shown_also_when_the_answer_is_gone(evaluated: Town) -> None:
    await evaluated.acts(ADA, WithdrawAnswer(1))

    assert [one.id for one in (await evaluated.look(ADA, KeptAnswers)).occasions] == [1]
    assert (await evaluated.look(ADA, OwnNotes, 1)).good == "The tea"

    await evaluated.acts(ADA, WithdrawEvaluation(1))
    assert (await evaluated.look(ADA, KeptAnswers)).occasions == ()


async def test_others_neither_see_nor_take_back_what_somebody_said(evaluated: Town) -> None:
    await evaluated.arrives(BEN)

    assert await evaluated.look(BEN, OwnNotes, 1) == OwnNotes()
    assert (await evaluated.look(BEN, KeptAnswers)).occasions == ()
    await evaluated.acts(BEN, WithdrawEvaluation(1), WithdrawAnswer(1))
    assert len(await evaluated.rows(Remark)) == 2


async def test_words_go_with_their_author(evaluated: Town) -> None:
    await evaluated.acts(ADA, Forget())

    assert await evaluated.rows(Remark) == await evaluated.rows(Evaluation) == []
