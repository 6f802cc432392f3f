"""In words of others nothing can be tapped, whatever is written; nothing of them is lost."""

from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.emulator.detect import detected
from bot.playground.emulator.text import clean
from config.inert import SEAM, inert
from config.texts import Texts
from flows.moves import Arg, Live
from tests.config.catalogues import texts

PIECES = (
    "@", "admin", "/", "stop", "@together_bot", "#", "tag", "$", "USD", "+", "352621123456", ":",
    "://", "https", "tg", "t.me", "joinchat", ".", "com", "evil.example", "192.0.2.1", "пример", "рф",
    "a@b", " ", "\n", "\r", "<", ">", "&", "(", ")", "_", "-", "1", "\N{GRINNING FACE}", "\u0333",
    "\u030a", "\u200c", "\u200d", "\u202a", "\u2066", "\u2069", "\0", "é", "e\u0301", "ा",
)  # fmt: skip
TAPPABLE = (
    "@admin", "/stop", "/stop@together_bot", "#tag", "$USD", "t.me/+x", "https://evil.example/a?b#c",
    "a.b@evil.example", "tg://user?id=1", "+352 621 123 456", "see(evil.example)", "(/stop)",
    "evil.\u0333com", "@\radmin",
)  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    return texts(
        tmp_path_factory.mktemp("catalogues"), en={"a.b": "<b>{name}</b>: {words}", "a.c": "{words}"}
    )


def tapped(said: Texts, words: Arg) -> list[str]:
    """What Telegram finds in a message of which these words are a part."""
    html = said.html("en", "a.b", {"name": words, "words": words})
    text, _ = clean(unescape(html.replace("<b>", "").replace("</b>", "")), [])
    return [entity["type"] for entity in detected(text, [])]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40))
def test_nothing_can_be_tapped_and_nothing_is_lost(said: Texts, words: str) -> None:
    assert tapped(said, words) == []
    assert inert(words).replace(SEAM, "") == words.replace(SEAM, "")


@pytest.mark.parametrize("words", TAPPABLE)
def test_what_could_be_tapped_elsewhere_cannot_be_here(said: Texts, words: str) -> None:
    assert tapped(said, words) == []
    assert tapped(said, Live(words)) != []
    assert SEAM in said.plain("en", "a.c", {"words": words})
    assert said.label("en", words) == words.replace("\u202a", "")


@pytest.mark.parametrize(
    "words", ["z.B. um 8:30, 3.5 km/h und/oder 1/2", "Yes. No.", "e.g. 12.03.2026", "R&D (a + b): 5 €", "# 1"]
)
def test_other_words_are_left_as_they_are(words: str) -> None:
    assert inert(words) == words


def test_an_address_in_a_tag_is_whole(tmp_path: Path) -> None:
    said = texts(tmp_path, en={"a.b": '<a href="{url}">{title}</a>'})

    assert 'href="https://t.me/x"' in said.html("en", "a.b", {"url": "https://t.me/x", "title": "x"})
