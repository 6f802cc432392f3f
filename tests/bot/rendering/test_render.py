"""Replies become messages that Telegram takes: balanced, short enough, with no marks but the template's."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.playground.emulator.html import HtmlReader
from bot.rendering.button import MOST_BYTES
from bot.rendering.render import (
    MARKS,
    MOST_CHARACTERS,
    MOST_ON_BUTTON,
    Reader,
    Rendered,
    label,
    notice,
    render,
    without_tags,
)
from config.inert import SEAM
from config.texts import Texts, tame
from flows.moves import Arg, Ask, Choice, Key, Lines, Say
from flows.talks import Asked, Reply

TEXTS = Texts.load()
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOSTILE = '<b>&lt;</a>"\u202e\u2067/start @admin https://evil.example {territory} \U0001f600&amp;<'
EDGE = HOSTILE * 9  # where a text is cut
LONGEST = f"{EDGE}{'x' * (MOST_CHARACTERS - 2 * len(EDGE))}{EDGE}"


def everything() -> list[tuple[str, str]]:
    """Every text there is: language and key."""
    return [(language, key) for language in TEXTS.languages for key in TEXTS.catalogue(language).entries]


def filled(language: str, key: str, words: str) -> Say:
    """A text with those words in each of its slots, and with the number that makes the longest plural."""
    slots = TEXTS.catalogue(language).entries[key].slots
    return Say(key, **{slot: 7_999_999 if slot == "n" else words for slot in slots})


def reader(language: str = "en") -> Reader:
    return Reader(language, "en", "UTC")


def read(page: Rendered) -> tuple[str, Counter[str]]:
    """What Telegram's own rules make of a page: the text people read, and its marks by kind."""
    text, entities = HtmlReader(page.text).read()
    return text, Counter(entity["type"] for entity in entities)


@pytest.mark.parametrize("language", TEXTS.languages)
def test_whatever_stands_in_its_slots_every_text_is_sent_within_the_limits(language: str) -> None:
    for _, key in [one for one in everything() if one[0] == language]:
        pages = render(TEXTS, Reply((), (filled(language, key, LONGEST),)), reader(language))

        assert all(0 < len(read(page)[0]) <= MOST_CHARACTERS for page in pages), key


@pytest.mark.parametrize("language", TEXTS.languages)
def test_words_of_others_bring_no_marks_of_their_own(language: str) -> None:
    for _, key in [one for one in everything() if one[0] == language]:
        [plain] = render(TEXTS, Reply((), (filled(language, key, "x"),)), reader(language))
        [hostile] = render(TEXTS, Reply((), (filled(language, key, HOSTILE),)), reader(language))

        assert read(hostile)[1] == read(plain)[1], key


@given(st.text(max_size=300))
def test_words_of_others_are_read_as_they_were_written(words: str) -> None:
    [page] = render(TEXTS, Reply((), (Say("mydata.statement", number=1, words=words),)), reader())

    text, marks = read(page)
    shown = text.removeprefix(MARKS["ltr"]).replace(SEAM, "")
    assert (shown, marks) == (f"1. \u2068{tame(words).replace(SEAM, '')}\u2069", Counter())


@pytest.mark.parametrize(
    ("language", "words", "mark"),
    [("fr", "سلام", "\u200e"), ("fr", "Paix", ""), ("ar", "Paix", "\u200f"), ("ar", "سلام", "")],
)
def test_a_message_that_begins_with_words_of_the_other_direction_runs_as_its_language_does(
    language: str, words: str, mark: str
) -> None:
    [page] = render(TEXTS, Reply((), (Say("announcement.letter", place=words, words="1"),)), reader(language))

    assert page.text.startswith(f"{mark}<b>\u2068{words}\u2069</b>")


@pytest.mark.parametrize(("language", "words"), [("fr", "لا حافلة"), ("ar", "Pas de bus")])
def test_an_idea_in_another_language_is_set_apart_from_the_name_of_its_language(
    language: str, words: str
) -> None:
    quoted = Key("text.in_other_language", {"text": words, "language": "(x)"})
    asked = Say("sorting.dimension", words=quoted, about=Key("question.well-being"), hint=Lines(()))
    [page] = render(TEXTS, Reply((), (asked,)), reader(language))

    assert f"\u2068{words}\u2069 (\u2068(x)\u2069)" in page.text


@given(st.lists(st.integers(min_value=1, max_value=3000), min_size=1, max_size=8))
def test_several_parts_share_as_few_messages_as_fit_and_nothing_is_left_out(lengths: list[int]) -> None:
    said = tuple(Say("arrival.territory_from_link", territory="ж" * length) for length in lengths)

    pages = render(TEXTS, Reply((), said), reader())

    assert sum(read(page)[0].count("ж") for page in pages) == sum(lengths)
    for earlier, later in pairwise(pages):
        first_of_later = later.text.split("\n\n")[0]
        assert len(without_tags(f"{earlier.text}\n\n{first_of_later}")) > MOST_CHARACTERS


@given(st.integers(min_value=4000, max_value=12_000))
def test_one_part_too_long_for_a_message_goes_as_several_and_loses_no_word(length: int) -> None:
    whole = Say("mydata.statement_in_full", words="ж" * length, language="")
    pages = render(TEXTS, Reply((), (whole,)), reader())

    assert sum(read(page)[0].count("ж") for page in pages) == length
    assert len(pages) == -(-sum(len(read(page)[0]) for page in pages) // MOST_CHARACTERS)


def asked(choices: tuple[Choice, ...], *, columns: int = 1, back: bool = False) -> Asked:
    return Asked(Ask("arrival.age", {"age": 16}, choices, columns=columns), 2**63 - 1, 41, back)


def test_a_question_is_said_last_and_holds_the_buttons() -> None:
    reply = Reply((), (Say("arrival.welcome"),), asked((Choice("yes", Key("arrival.age.yes")),), back=True))

    [page] = render(TEXTS, reply, reader())

    assert page.text.endswith(TEXTS.html("en", "arrival.age", {"age": 16}))
    assert [[name for name, _ in row] for row in page.buttons] == [["Yes"], ["Back"]]


def test_of_several_messages_the_last_holds_the_buttons() -> None:
    said = (Say("arrival.territory_from_link", territory="x" * 4000),)
    reply = Reply((), said, asked((Choice("yes", Key("arrival.age.yes")),)))

    first, last = render(TEXTS, reply, reader())

    assert first.buttons == ()
    assert len(last.buttons) == 1


def test_a_button_with_more_words_than_its_place_can_show_has_a_row_to_itself() -> None:
    labels = ["1", "2", "3", "Back to the list", "4", "5"]
    choices = tuple(Choice(str(number), words) for number, words in enumerate(labels))

    [page] = render(TEXTS, Reply((), (), asked(choices, columns=5)), reader())

    rows = [[words for words, _ in row] for row in page.buttons]
    assert rows == [["1", "2", "3"], ["Back to the list"], ["4", "5"]]


def test_buttons_stand_in_rows_of_as_many_columns_as_asked() -> None:
    choices = tuple(Choice(str(number), str(number)) for number in range(5))

    [page] = render(TEXTS, Reply((), (), asked(choices, columns=2, back=True)), reader())

    assert [len(row) for row in page.buttons] == [2, 2, 1, 1]
    assert all(len(data.encode()) <= MOST_BYTES for row in page.buttons for _, data in row)


@given(st.text(min_size=1, max_size=200))
@example("x" * 64)
@example("x" * 65)
def test_no_label_is_longer_than_a_button(words: str) -> None:
    shown = label(TEXTS, Choice("one", words), reader())

    assert len(shown) <= MOST_ON_BUTTON


@pytest.mark.parametrize("language", TEXTS.languages)
def test_the_labels_of_the_bot_itself_are_never_cut(language: str) -> None:
    keys = [key for key in TEXTS.catalogue(language).entries if key.startswith("button.")]

    assert keys
    assert not [key for key in keys if label(TEXTS, Choice("", Key(key)), reader(language)).endswith("…")]


def test_a_notice_has_no_tags() -> None:
    shown: list[Arg] = [notice(TEXTS, filled("en", key, "<b>"), reader()) for _, key in everything()]

    assert not [text for text in shown if "<i>" in str(text)]


def test_who_is_said_nothing_is_sent_nothing() -> None:
    assert render(TEXTS, Reply(()), reader()) == ()
