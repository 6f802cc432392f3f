"""What is written in another language waits for a machine for less than a minute, and goes either way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.inquiries.inquiries import AskPerson, Exchange, Inquiries, NewLines, OwnExchange
from flows.people.person import SpeakLanguage
from flows.words.statements import Words
from storage.inquiries import translations
from storage.inquiries.inquired import Inquiry, InquiryMessage
from tests.storage.inquirers import ADA, BEN, CLEO, RIVERSIDE, answers, settled, takes, told
from tests.storage.town import CONTEXT, Town

TRANSLATED = replace(CONTEXT, translates=True)


@pytest.fixture
async def village(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Riverside, where Latvian is spoken first, with a machine that translates."""
    await settled(town)
    monkeypatch.setattr("tests.storage.town.CONTEXT", TRANSLATED)
    return town


async def asks(town: Town, text: str, language: str = "en", *, translate: bool = True) -> int:
    """Ben asks in that language."""
    (id,) = await town.acts(BEN, AskPerson(Words(text, 1, language, 0.97), translate))
    return int(id)


async def let_go(town: Town, made: str | None) -> None:
    """What waits is passed on with that translation, or with none."""
    for message in await town.do(translations.waiting):
        await town.do(translations.let_go, TRANSLATED, message.id, made, town.now)


async def test_a_question_in_another_language_is_told_once_it_is_translated(village: Town) -> None:
    inquiry = await asks(village, "Where?")
    assert await told(village) == {}
    assert (await village.look(ADA, Inquiries, RIVERSIDE)).inquiries == ()
    (message,) = await village.do(translations.waiting)
    assert (message.text, message.language, message.target) == ("Where?", "en", "lv")

    await let_go(village, "Kur?")

    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}
    (line,) = (await village.look(ADA, Exchange, RIVERSIDE, inquiry)).lines
    assert (line.text, line.translation, line.is_untranslated) == ("Where?", "Kur?", False)
    (own,) = (await village.look(BEN, OwnExchange, inquiry)).lines
    assert (own.text, own.translation, own.is_untranslated) == ("Where?", None, False)


async def test_without_a_translation_the_words_go_as_they_are_with_a_note(village: Town) -> None:
    inquiry = await asks(village, "Where?")

    await let_go(village, None)

    (line,) = (await village.look(ADA, Exchange, RIVERSIDE, inquiry)).lines
    assert (line.text, line.translation, line.is_untranslated) == ("Where?", None, True)


async def test_the_same_language_needs_no_translation(village: Town) -> None:
    await asks(village, "Kur?", "lv")

    assert await village.do(translations.waiting) == []
    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_nothing_is_translated_that_whoever_asked_wants_as_it_is(village: Town) -> None:
    inquiry = await asks(village, "Where?", translate=False)
    await takes(village, inquiry)
    await answers(village, inquiry, "Here")

    assert await village.do(translations.waiting) == []
    assert [row.translate_to for row in await village.rows(InquiryMessage)] == [None, None]


async def test_nothing_is_translated_where_no_machine_is_set_up(town: Town) -> None:
    await settled(town)

    await asks(town, "Where?")

    assert (await town.row(Inquiry)).translate is False
    assert await town.do(translations.waiting) == []


async def test_an_answer_is_translated_for_who_asked_and_a_question_for_who_has_taken_it(
    village: Town,
) -> None:
    inquiry = await asks(village, "Kur?", "lv")
    await village.acts(BEN, SpeakLanguage("fr"))
    await village.acts(ADA, SpeakLanguage("en"))
    await takes(village, inquiry)
    await told(village)

    await answers(village, inquiry, "Here")
    (message,) = await village.do(translations.waiting)
    assert (message.language, message.target) == ("en", "fr")
    assert await told(village) == {}
    await let_go(village, "Ici")

    (line,) = (await village.look(BEN, NewLines, inquiry)).lines
    assert (line.text, line.translation, line.name) == ("Here", "Ici", "Ada")


async def test_what_waits_too_long_is_not_tried_for_again(village: Town) -> None:
    await asks(village, "Where?")
    (message,) = await village.do(translations.waiting)

    assert not message.is_late(village.now + translations.HOLD - timedelta(seconds=1))
    assert message.is_late(village.now + translations.HOLD)
    assert timedelta(minutes=1) > translations.HOLD


async def test_a_message_is_let_go_once(village: Town) -> None:
    await asks(village, "Where?")
    (message,) = await village.do(translations.waiting)

    for made in ("Kur?", "Kas?"):
        await village.do(translations.let_go, TRANSLATED, message.id, made, village.now)

    assert (await village.row(InquiryMessage)).translation == "Kur?"
    assert await told(village) == {ADA: ["inquiry"], CLEO: ["inquiry"]}


async def test_words_of_a_waiting_message_are_not_in_its_name(village: Town) -> None:
    await asks(village, "CANARY")

    assert "CANARY" not in repr(await village.do(translations.waiting))
