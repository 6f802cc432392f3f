"""Statements are kept as they came, changed and withdrawn by their author alone, in equal share for all."""

import pytest

from flows.people.person import ConfirmAge, Join
from flows.words.hints import Hint
from flows.words.statements import (
    Kept,
    OwnStatements,
    OwnWords,
    Question,
    Receipt,
    RecordStatement,
    RewordMessage,
    RewordStatement,
    Voice,
    WithdrawStatement,
    Words,
)
from storage.tables import Pseudonym, Statement, Wording
from storage.words.statements import PURPOSE
from tests.storage.town import KEYS, NOON, Town, record, words

ADA, BEN = 4_000_000_001, 4_000_000_002

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE statement; --",
    "{0} %s ${x} :name ?",
    "\u202egnirts desrever\u202c \u2066x\u2069",
    "e\u0301 is not \u00e9",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f1\U0001f1fb",
    "x" * 4096,
    "\U0001f600" * 2048,
    "line\r\nline\u2028line",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_words_are_kept_exactly_as_they_came(town: Town, text: str) -> None:
    await town.arrives(ADA)
    await town.says(ADA, text)

    assert (await town.row(Statement)).text == text


async def test_a_statement_knows_its_place_its_language_and_its_author_by_pseudonym_only(town: Town) -> None:
    ada = await town.arrives(ADA)
    receipt = await town.says(ADA, "More trees.", message=31)

    statement = await town.row(Statement)

    assert receipt == Receipt(Kept.KEPT, statement.id, number=1, left=2)
    assert statement.author == KEYS.pseudonym(PURPOSE, ada.citizen)
    assert (statement.territory, statement.group_slug, statement.question) == (
        "riverside",
        "youth",
        "well-being",
    )
    assert (statement.language, statement.language_how) == ("en", "written")
    assert statement.language_probability == pytest.approx(0.97)
    assert (statement.version, statement.message, statement.component) == (1, 31, None)
    assert (statement.created_at, statement.edited_at, statement.withdrawn_at) == (NOON, None, None)
    assert ada.citizen not in tuple(statement)
    assert ADA not in tuple(statement)


async def test_words_in_no_recognised_language_count_as_the_authors_own(town: Town) -> None:
    await town.arrives(ADA)
    await town.acts(ADA, RecordStatement(Question.WELL_BEING, Words("12", 1, None, 0.0), ()))

    statement = await town.row(Statement)

    assert (statement.language, statement.language_how, statement.language_probability) == (
        "en",
        "chosen",
        1.0,
    )


async def test_nobody_has_more_than_an_equal_voice(town: Town) -> None:
    await town.arrives(ADA)

    receipts = [await town.says(ADA, f"Idea {n}.", message=n) for n in range(1, 5)]

    assert [(receipt.kept, receipt.number, receipt.left) for receipt in receipts] == [
        (Kept.KEPT, 1, 2),
        (Kept.KEPT, 2, 1),
        (Kept.KEPT, 3, 0),
        (Kept.ENOUGH, 3, 0),
    ]
    assert len(await town.rows(Statement)) == 3


async def test_each_question_and_each_person_has_a_voice_of_its_own(town: Town) -> None:
    await town.arrives(ADA, territory="montbell", group=None)
    await town.arrives(BEN, territory="montbell", group=None)
    await town.says(ADA, "One.")

    other_question = await town.acts(ADA, record("Two.", question=Question.ILL_BEING))
    other_person = await town.says(BEN, "Three.")
    same = await town.says(ADA, "Four.")

    assert [other_question[0].kept, other_person.kept, same.kept] == [Kept.KEPT, Kept.KEPT, Kept.ENOUGH]


async def test_the_voice_is_shared_out_within_one_update_too(town: Town) -> None:
    await town.arrives(ADA, territory="montbell", group=None)

    first, second = await town.acts(ADA, record("One."), record("Two.", message=2))

    assert (first.kept, second.kept) == (Kept.KEPT, Kept.ENOUGH)
    assert len(await town.rows(Statement)) == 1


async def test_nothing_is_kept_before_consent_or_without_a_place(town: Town) -> None:
    await town.comes(ADA)
    await town.acts(ADA, Join("riverside", None), ConfirmAge())
    await town.arrives(BEN)
    await town.acts(BEN, Join("nowhere", None))

    assert (await town.says(ADA, "Too early.")).kept is Kept.ENOUGH
    assert (await town.says(BEN, "From nowhere.")).kept is Kept.ENOUGH
    assert await town.rows(Statement) == []
    assert await town.rows(Pseudonym) == []


async def test_a_statement_stays_where_it_was_said(town: Town) -> None:
    await town.arrives(ADA)
    receipt = await town.says(ADA, "By the river.")

    await town.acts(ADA, Join("montbell", None))
    await town.acts(ADA, RewordStatement(receipt.statement or 0, words("By the old river."), ()))

    statement = await town.row(Statement)
    assert (statement.text, statement.territory, statement.group_slug) == (
        "By the old river.",
        "riverside",
        "youth",
    )


async def test_what_was_said_elsewhere_counts_in_the_equal_voice(town: Town) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "Once.")

    await town.acts(ADA, Join("montbell", None))

    assert (await town.says(ADA, "Twice.", message=2)).kept is Kept.ENOUGH


async def test_new_words_take_the_place_of_old_ones_which_are_kept_as_history(town: Town) -> None:
    await town.arrives(ADA)
    receipt = await town.says(ADA, "Fewer cars.")
    town.later(minutes=5)
    first_edit = town.now
    hints = (Hint.TWO_IDEAS,)
    (changed,) = await town.acts(ADA, RewordStatement(receipt.statement or 0, words("No cars."), hints))
    town.later(minutes=5)
    await town.acts(ADA, RewordStatement(receipt.statement or 0, words("No cars at all."), ()))

    statement = await town.row(Statement)
    history = await town.rows(Wording)

    assert changed == Receipt(Kept.CHANGED, receipt.statement, number=1, left=2, hints=hints)
    assert (statement.text, statement.version, statement.edited_at) == ("No cars at all.", 3, town.now)
    assert statement.created_at == NOON
    assert [(row.version, row.text, row.written_at) for row in history] == [
        (1, "Fewer cars.", NOON),
        (2, "No cars.", first_edit),
    ]


async def test_an_edited_message_finds_its_statement(town: Town) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "First.", message=10)
    second = await town.says(ADA, "Second.", message=11)

    (changed,) = await town.acts(ADA, RewordMessage(words("The second.", message=11), ()))

    assert (changed.kept, changed.statement) == (Kept.CHANGED, second.statement)
    assert {row.text for row in await town.rows(Statement)} == {"First.", "The second."}


async def test_an_edited_message_that_was_no_statement_changes_nothing(town: Town) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "First.", message=10)

    (receipt,) = await town.acts(ADA, RewordMessage(words("Hello!", message=9), ()))

    assert receipt == Receipt(Kept.GONE, None, 0, 0)
    assert (await town.row(Statement)).text == "First."


async def test_the_same_words_again_make_no_new_version(town: Town) -> None:
    await town.arrives(ADA)
    receipt = await town.says(ADA, "Quiet nights.")

    (again,) = await town.acts(ADA, RewordStatement(receipt.statement or 0, words("Quiet nights."), ()))

    assert again.kept is Kept.KEPT
    assert (await town.row(Statement)).version == 1
    assert await town.rows(Wording) == []


async def test_a_phone_number_that_was_taken_out_is_gone(town: Town) -> None:
    await town.arrives(ADA)
    receipt = await town.says(ADA, "Call me on +371 2612 3456 about the park.")

    await town.acts(ADA, RewordStatement(receipt.statement or 0, words("About the park."), ()))

    assert (await town.row(Statement)).text == "About the park."
    assert await town.rows(Wording) == []


async def test_a_withdrawn_statement_loses_its_words_and_all_earlier_ones(town: Town) -> None:
    await town.arrives(ADA)
    receipt = await town.says(ADA, "Regretted.")
    await town.acts(ADA, RewordStatement(receipt.statement or 0, words("Regretted, too."), ()))
    town.later(minutes=1)

    (first,) = await town.acts(ADA, WithdrawStatement(receipt.statement or 0))
    (second,) = await town.acts(ADA, WithdrawStatement(receipt.statement or 0))

    statement = await town.row(Statement)
    assert (first, second) == (Kept.CHANGED, Kept.GONE)
    assert (statement.text, statement.withdrawn_at) == ("", town.now)
    assert await town.rows(Wording) == []


async def test_a_withdrawn_statement_gives_the_voice_back_and_cannot_be_reworded(town: Town) -> None:
    await town.arrives(ADA, territory="montbell", group=None)
    receipt = await town.says(ADA, "Regretted.", message=10)
    await town.acts(ADA, WithdrawStatement(receipt.statement or 0))

    by_id, by_message = await town.acts(
        ADA,
        RewordStatement(receipt.statement or 0, words("Back."), ()),
        RewordMessage(words("Back.", message=10), ()),
    )

    assert (by_id.kept, by_message.kept) == (Kept.GONE, Kept.GONE)
    assert (await town.says(ADA, "Better.", message=12)).kept is Kept.KEPT


async def test_nobody_else_can_change_withdraw_or_see_a_statement(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    receipt = await town.says(ADA, "Mine.", message=10)
    await town.says(BEN, "Not hers.", message=20)

    reword, edit, withdraw = await town.acts(
        BEN,
        RewordStatement(receipt.statement or 0, words("Stolen."), ()),
        RewordMessage(words("Stolen.", message=10), ()),
        WithdrawStatement(receipt.statement or 0),
    )

    assert (reword.kept, edit.kept, withdraw) == (Kept.GONE, Kept.GONE, Kept.GONE)
    assert list((await town.look(BEN, OwnWords)).texts.values()) == ["Not hers."]
    assert (await town.look(ADA, OwnWords)).texts == {str(receipt.statement): "Mine."}
    assert str(receipt.statement) not in (await town.look(BEN, OwnStatements)).questions


async def test_ones_own_statements_are_listed_oldest_first_without_withdrawn_ones(town: Town) -> None:
    await town.arrives(ADA)
    kept = []
    for number, question in enumerate((Question.ILL_BEING, Question.WELL_BEING, Question.ILL_BEING)):
        town.later(minutes=1)
        kept += await town.acts(ADA, record(f"Idea {number}.", message=number, question=question))
    await town.acts(ADA, WithdrawStatement(kept[1].statement))

    mine = await town.look(ADA, OwnStatements)
    texts = await town.look(ADA, OwnWords)

    expected = [str(kept[0].statement), str(kept[2].statement)]
    assert list(mine.questions) == list(texts.texts) == expected
    assert set(mine.questions.values()) == {Question.ILL_BEING}
    assert list(texts.texts.values()) == ["Idea 0.", "Idea 2."]


async def test_the_voice_is_shown_with_the_words_that_join_two_ideas(town: Town) -> None:
    await town.arrives(ADA)
    await town.says(ADA, "One.")

    assert await town.look(ADA, Voice, Question.WELL_BEING) == Voice(
        said=1, left=2, conjunctions=("and", "et")
    )
    assert (await town.look(ADA, Voice, Question.ILL_BEING)).left == 3


async def test_a_stranger_has_no_statements_and_no_voice(town: Town) -> None:
    assert (await town.look(ADA, OwnStatements)).questions == {}
    assert (await town.look(ADA, Voice, Question.WELL_BEING)).left == 0


async def test_the_map_from_pseudonym_to_person_has_one_line_for_each_author(town: Town) -> None:
    ada = await town.arrives(ADA)
    for message in (1, 2):
        await town.says(ADA, f"Idea {message}.", message=message)

    assert tuple(await town.row(Pseudonym)) == (
        KEYS.pseudonym(PURPOSE, ada.citizen),
        ada.citizen,
        PURPOSE,
    )
