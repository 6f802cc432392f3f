"""What was said of meetings comes out without names, and not as what one person said."""

from flows.occasions.afterwards import About, RateOccasion, RemarkOn
from flows.people.roles import EVERYWHERE, Scope
from storage.occasions.remarked import SAID, said
from tests.flows.places import TERRITORIES
from tests.storage.plans import goes_to_a_meeting, prepare_meeting
from tests.storage.town import KEYS, Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002


async def test_ratings_and_sentences_stand_by_themselves_in_an_order_that_says_nothing(town: Town) -> None:
    await town.do(prepare_meeting, 1, now=town.now)
    for telegram, text in ((BEN, "The tea"), (ADA, "The cake")):
        await town.arrives(telegram)
        await goes_to_a_meeting(town, telegram, text)
    await town.acts(ADA, RateOccasion(1, -1), RemarkOn(1, About.GOOD, words("Everything")))

    rows = await town.do(said, TERRITORIES, Scope("riverside"))

    assert [(row["about"], row["value"], row["text"]) for row in rows] == [
        ("better", None, "The cake"),
        ("better", None, "The tea"),
        ("good", None, "Everything"),
        ("good", None, "The tea"),
        ("rating", -1, None),
        ("rating", 2, None),
    ]
    assert {(row["occasion"], row["title"]) for row in rows} == {("1", "Meeting 1")}
    assert all(tuple(row) == SAID.columns for row in rows)
    names = [KEYS.pseudonym("evaluation 1", (await town.person(each)).citizen) for each in (ADA, BEN)]
    assert not [name for name in names if name in str(rows)]


async def test_who_coordinates_one_place_does_not_get_what_was_said_in_another(town: Town) -> None:
    await town.do(prepare_meeting, 1, now=town.now)
    await town.arrives(ADA)
    await goes_to_a_meeting(town, ADA, "The tea")

    assert await town.do(said, TERRITORIES, Scope("montbell")) == []
    assert await town.do(said, TERRITORIES, Scope("riverside", "youth")) == []
    assert len(await town.do(said, TERRITORIES, EVERYWHERE)) == 3
