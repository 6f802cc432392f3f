"""Languages put to people are remembered; what an author says of a statement's language is kept."""

import pytest

from flows.people.person import Forget
from flows.people.speaking import Heard
from flows.people.tongues import LanguagesUsed, Offer, OfferLanguage, TellLanguage
from flows.words.statements import Question, RecordStatement, RewordStatement, WithdrawStatement, Words
from storage.people.language_offers import LanguageOffer
from storage.tables import Statement
from tests.storage.town import Town

ADA, BEN = 4_000_000_001, 4_000_000_002


def written(text: str, language: str, probability: float, second: str | None = None) -> RecordStatement:
    return RecordStatement(Question.WELL_BEING, Words(text, 1, language, probability, second), ())


async def test_a_language_is_offered_once_and_so_is_the_one_that_was_left_for_it(town: Town) -> None:
    await town.arrives(ADA)

    pairs = ("fr", "en"), ("fr", "en"), ("en", "fr")
    offers = [await town.acts(ADA, OfferLanguage(*pair)) for pair in pairs]

    assert offers == [[Offer.NEW], [Offer.MADE_BEFORE], [Offer.MADE_BEFORE]]
    assert sorted(row.language for row in await town.rows(LanguageOffer)) == ["en", "fr"]


async def test_a_third_language_and_another_person_are_offered_as_ever(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.acts(ADA, OfferLanguage("fr", "en"))

    assert await town.acts(ADA, OfferLanguage("lv", "en")) == [Offer.NEW]
    assert await town.acts(BEN, OfferLanguage("fr", "en")) == [Offer.NEW]


async def test_what_was_offered_goes_with_the_person(town: Town) -> None:
    await town.arrives(ADA)
    await town.acts(ADA, OfferLanguage("fr", "en"))

    await town.acts(ADA, Forget())

    assert await town.rows(LanguageOffer) == []


@pytest.mark.parametrize(
    ("effect", "heard"),
    [
        (written("un grand parc", "fr", 0.97, "en"), Heard("fr", "en", sure=True)),
        (written("bus nature silence", "en", 0.6, "fr"), Heard("en", "fr", sure=False)),
        (written("a big park", "en", 0.97, "fr"), None),
        (written("N ta gosta di trabadju", "kea", 0.97, "en"), None),
    ],
)
async def test_a_receipt_says_what_to_ask_about_the_language(
    town: Town, effect: RecordStatement, heard: Heard | None
) -> None:
    await town.arrives(ADA)

    [receipt] = await town.acts(ADA, effect)

    assert receipt.heard == heard
    assert (await town.row(Statement)).language == effect.words.language


async def test_what_the_author_says_is_certain(town: Town) -> None:
    await town.arrives(ADA)
    [receipt] = await town.acts(ADA, written("bus nature silence", "fr", 0.6, "en"))

    await town.acts(ADA, TellLanguage(receipt.statement, "en"))

    statement = await town.row(Statement)
    assert (statement.language, statement.language_probability, statement.language_how) == ("en", 1.0, "told")


async def test_what_the_author_says_holds_for_new_words_too(town: Town) -> None:
    await town.arrives(ADA)
    [receipt] = await town.acts(ADA, written("bus nature silence", "fr", 0.6, "en"))
    await town.acts(ADA, TellLanguage(receipt.statement, "en"))

    await town.acts(ADA, RewordStatement(receipt.statement, Words("bus, nature, calm", 2, "fr", 0.99), ()))

    statement = await town.row(Statement)
    assert (statement.text, statement.language, statement.language_how) == ("bus, nature, calm", "en", "told")


async def test_what_words_surely_were_in_counts_as_used_and_the_most_used_comes_first(town: Town) -> None:
    await town.arrives(ADA)
    await town.acts(ADA, written("un grand parc", "fr", 0.97))
    doubted = [await town.acts(ADA, written(text, "lv", 0.6, "en")) for text in ("bus silence", "bus pause")]
    before = await town.look(ADA, LanguagesUsed)

    for [receipt] in doubted:
        await town.acts(ADA, TellLanguage(receipt.statement, "en"))

    assert before == LanguagesUsed(("fr",))
    assert await town.look(ADA, LanguagesUsed) == LanguagesUsed(("en", "fr"))
    assert await town.look(BEN, LanguagesUsed) == LanguagesUsed(())


async def test_nobody_tells_the_language_of_what_others_said_or_of_what_was_withdrawn(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    [receipt] = await town.acts(ADA, written("bus nature silence", "fr", 0.6, "en"))

    await town.acts(BEN, TellLanguage(receipt.statement, "en"))
    assert (await town.row(Statement)).language == "fr"

    await town.acts(ADA, WithdrawStatement(receipt.statement), TellLanguage(receipt.statement, "en"))
    assert (await town.row(Statement)).language == "fr"
