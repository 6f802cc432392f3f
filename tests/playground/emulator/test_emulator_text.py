"""Texts are cleaned, measured and read for markup as the server does it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.emulator.detect import detected
from bot.playground.emulator.errors import ApiError
from bot.playground.emulator.formatting import formatted
from bot.playground.emulator.html import HtmlReader
from bot.playground.emulator.markdown import read_markdown, read_markdown_v2
from bot.playground.emulator.parameters import Parameters
from bot.playground.emulator.text import clean, cleaned, utf16_length

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def html(source: str) -> tuple[str, list[dict[str, Any]]]:
    return HtmlReader(source).read()


def marked(kind: str, offset: int, length: int, **details: object) -> dict[str, Any]:
    return {"offset": offset, "length": length, "type": kind, **details}


def sound(read: Callable[[str], tuple[str, list[dict[str, Any]]]], source: str) -> bool:
    """Whether markup is either refused in the API's words or gives entities that lie in the text."""
    try:
        text, entities = read(source)
    except ApiError as refusal:
        return refusal.description.startswith("Bad Request: can't parse entities: ")
    return all(e["length"] > 0 and e["offset"] + e["length"] <= utf16_length(text) for e in entities)


# ---- cleaning


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\x00b\tc\x1fd", "a b c d"),
        ("one\r\ntwo", "one\ntwo"),
        ("\u202eevil\u2028\u2029", "evil"),
        ("a\u030a\u0333\u033f", "a"),
        (" \n hello \n ", "hello"),
        ("\u200b\u200e\u2066kept\u2069\u200d", "\u200b\u200e\u2066kept\u2069\u200d"),
        ("שלום مرحبا", "שלום مرحبا"),
        ("👩‍👩‍👧 🇪🇺", "👩‍👩‍👧 🇪🇺"),
    ],
)
def test_what_cleaning_takes_and_leaves(before: str, after: str) -> None:
    assert clean(before)[0] == after


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)[0]

    assert clean(once)[0] == once


@given(ANY_TEXT)
def test_cleaning_leaves_no_control_character_but_line_breaks(text: str) -> None:
    assert not {char for char in cleaned(text) if char < " "} - {"\n"}


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_entities_move_along_with_the_words_they_mark(before: str, words: str, after: str) -> None:
    text = before + words + after
    entity = {"type": "bold", "offset": utf16_length(before), "length": utf16_length(words)}

    result, entities = clean(text, [entity])

    marks = [result.encode("utf-16-le")[2 * e["offset"] : 2 * (e["offset"] + e["length"])] for e in entities]
    assert [mark.decode("utf-16-le").strip() for mark in marks] in (
        [cleaned(words).strip()] if cleaned(words).strip() else [],
        [""] * len(marks),
    )


@given(ANY_TEXT)
def test_utf16_length_is_what_utf16_takes(text: str) -> None:
    assert 2 * utf16_length(text) == len(text.encode("utf-16-le"))


# ---- limits


@pytest.mark.parametrize("char", ["a", "é", "😀"])
def test_the_limit_counts_code_points(char: str) -> None:
    fits = Parameters({"text": char * 4096})
    too_long = Parameters({"text": char * 4097})

    assert formatted(fits, "text", 4096, too_long="message is too long")[0] == char * 4096
    with pytest.raises(ApiError, match="Bad Request: message is too long"):
        formatted(too_long, "text", 4096, too_long="message is too long")


def test_the_limit_counts_what_markup_leaves() -> None:
    text, _ = formatted(
        Parameters({"text": f"<b>{'a' * 4096}</b>", "parse_mode": "HTML"}), "text", 4096, too_long="x"
    )

    assert len(text) == 4096


def test_a_raw_text_of_too_many_bytes_is_refused_before_its_markup_is_read() -> None:
    with pytest.raises(ApiError, match="text is too long"):
        formatted(Parameters({"text": "<nonsense" * 4000, "parse_mode": "HTML"}), "text", 4096, too_long="x")


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ApiError, match="strings must be encoded in UTF-8"):
        Parameters({"text": "\ud83d"}).text("text")


# ---- parse_mode HTML


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("a &lt;b&gt; &amp;amp; &quot;&nbsp;&#33;&#x41;", 'a <b> &amp; "&nbsp;!A', []),
        ("<b>b</b> <i>i<u>u</u></i>", "b iu", [("bold", 0, 1), ("italic", 2, 2), ("underline", 3, 1)]),
        ("😀 <s>😀</s>", "😀 😀", [("strikethrough", 3, 2)]),
        ("<B>x</b><em>y</>", "xy", [("bold", 0, 1), ("italic", 1, 1)]),
        ('<span class="tg-spoiler">no</span>', "no", [("spoiler", 0, 2)]),
        ("<blockquote expandable>they said</blockquote>", "they said", [("expandable_blockquote", 0, 9)]),
        ("<b></b>empty", "empty", []),
        ("<pre><code>x</code></pre>", "x", [("pre", 0, 1)]),
        ("<a>no link</a>", "no link", []),
    ],
)  # fmt: skip
def test_html_becomes_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert html(source) == (text, [marked(*entity) for entity in entities])


def test_html_details_are_kept() -> None:
    assert html('<a href="example.org?a=1&amp;b=2">here</a>')[1] == [
        marked("text_link", 0, 4, url="http://example.org/?a=1&b=2")
    ]
    assert html('<pre><code class="language-toml">a=1</code></pre>')[1] == [
        marked("pre", 0, 3, language="toml")
    ]
    assert html('<tg-emoji emoji-id="77">👍</tg-emoji>')[1] == [
        marked("custom_emoji", 0, 2, custom_emoji_id="77")
    ]
    assert html('<tg-time unix="1795000000" format="f">soon</tg-time>')[1] == [
        marked("date_time", 0, 4, unix_time=1795000000, date_time_format="f")
    ]
    assert html('<a href="tg://user?id=7">her</a>')[1][0]["user"] == {
        "id": 7,
        "is_bot": False,
        "first_name": "",
    }


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<script>x</script>", 'Unsupported start tag "script" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>never closed", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b class", 'Unclosed start tag "b" at byte offset 0'),
        ("<b =x>y</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=x,y>z</a>", "Unexpected end of name token at byte offset 9"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_html_that_cannot_be_read_says_where(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        html(source)

    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@given(ANY_TEXT)
def test_escaped_text_comes_through_html_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert html(escaped) == (text, [])


@given(ANY_TEXT)
def test_any_html_is_read_or_refused(source: str) -> None:
    assert sound(html, source.replace("a", "<b>").replace("b>", "</b>"))


# ---- parse_mode MarkdownV2 and Markdown


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*b* _i_ __u__ ~s~ ||p||", "b i u s p",
         [("bold", 0, 1), ("italic", 2, 1), ("underline", 4, 1), ("strikethrough", 6, 1), ("spoiler", 8, 1)]),
        ("_a __b___", "a b", [("italic", 0, 3), ("underline", 2, 1)]),
        ("`a_b*c` \\_", "a_b*c _", [("code", 0, 5)]),
        ("```\ncode```", "code", [("pre", 0, 4)]),
        ("> one\n> two\nthree", " one\n two\nthree", [("blockquote", 0, 10)]),
        (">said||\nmore", "said\nmore", [("expandable_blockquote", 0, 5)]),
        (">a\n**>b", "a\nb", [("blockquote", 0, 2), ("blockquote", 2, 1)]),
        ("[nowhere](there)", "nowhere", []),
    ],
)  # fmt: skip
def test_markdown_v2_becomes_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert read_markdown_v2(source) == (text, [marked(*entity) for entity in entities])


def test_markdown_v2_details_are_kept() -> None:
    assert read_markdown_v2("```toml\na=1```")[1] == [marked("pre", 0, 3, language="toml")]
    assert read_markdown_v2("[here](https://example.org/\\(x\\))")[1] == [
        marked("text_link", 0, 4, url="https://example.org/(x)")
    ]
    assert read_markdown_v2("![👍](tg://emoji?id=77)")[1] == [
        marked("custom_emoji", 0, 2, custom_emoji_id="77")
    ]


@pytest.mark.parametrize("char", "]()>#+-=|{}.!")
def test_a_reserved_character_must_be_escaped(char: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read_markdown_v2(f"x{char}y")

    assert refusal.value.description == (
        "Bad Request: can't parse entities: "
        f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
    )
    assert read_markdown_v2(f"x\\{char}y") == (f"x{char}y", [])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é*x", "Can't find end of Bold entity at byte offset 2"),
        ("_x*y_", "Can't find end of Italic entity at byte offset 4"),
        ("`x", "Can't find end of Code entity at byte offset 0"),
        ("```x", "Can't find end of Pre entity at byte offset 0"),
        ("```x y", "Can't find end of PreCode entity at byte offset 0"),
        ("[x", "Can't find end of TextUrl entity at byte offset 0"),
        ("[x](y", "Can't find end of a URL at byte offset 3"),
        ("![x](y", "Can't find end of a custom emoji URL at byte offset 4"),
        ("![x]", "Custom emoji entity must contain a tg://emoji URL"),
        ("![x](tg://emoji?id=)", "Custom emoji URL must have an emoji identifier"),
        (">*x\ny*", "Can't find end of Bold entity at byte offset 1"),
    ],
)
def test_markdown_v2_that_cannot_be_read_says_where(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read_markdown_v2(source)

    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text("_*[]()~`>#+-=|{}.!\\ab\n😀"))
def test_any_markdown_is_read_or_refused(source: str) -> None:
    assert sound(read_markdown, source)
    assert sound(read_markdown_v2, source)


@given(ANY_TEXT)
def test_escaped_text_comes_through_markdown_v2_as_it_was(text: str) -> None:
    escaped = "".join(f"\\{char}" if char in "\\_*[]()~`>#+-=|{}.!" else char for char in text)

    assert read_markdown_v2(escaped) == (text, [])


def test_the_older_markdown_is_still_read() -> None:
    assert read_markdown("*b* _i_ `c` \\*x [e](example.org) ```\np```") == (
        "b i c *x e p",
        [
            marked("bold", 0, 1),
            marked("italic", 2, 1),
            marked("code", 4, 1),
            marked("text_link", 9, 1, url="http://example.org/"),
            marked("pre", 11, 1),
        ],
    )
    with pytest.raises(ApiError, match="Can't find end of the entity starting at byte offset 2"):
        read_markdown("x *never closed")


# ---- entities given or found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello world, 12:30.", []),
        (
            "/start /help@together_bot /path/to x/y",
            [("bot_command", "/start"), ("bot_command", "/help@together_bot")],
        ),
        ("ask @coordinator or a@b", [("mention", "@coordinator")]),
        ("mail to jo.an@example.org.", [("email", "jo.an@example.org")]),
        ("see https://example.org/a?b=c, please", [("url", "https://example.org/a?b=c")]),
        ("t.me/+abc and example.com/x!", [("url", "t.me/+abc"), ("url", "example.com/x")]),
        ("\u2068https://example.org/a\u2069.", [("url", "https://example.org/a")]),
        ("#parks #2026 #a# #é", [("hashtag", "#parks"), ("hashtag", "#é")]),
        ("$EUR $eur", [("cashtag", "$EUR")]),
        ("call +33 1 23 45 67 89", [("phone_number", "+33 1 23 45 67 89")]),
        ("😀 @somebody", [("mention", "@somebody")]),
    ],
)
def test_what_nobody_marked_is_found(text: str, found: list[tuple[str, str]]) -> None:
    units = text.encode("utf-16-le")

    seen = [
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in detected(text, [])
    ]

    assert seen == found


def test_nothing_is_found_inside_code() -> None:
    code = marked("code", 0, 6)

    assert detected("/start /stop", [code]) == [code, marked("bot_command", 7, 5)]


@pytest.mark.parametrize("offset", [-1, 1, 5, 99])
def test_entities_outside_the_text_or_inside_a_character_are_refused(offset: int) -> None:
    args = Parameters({"text": "😀abc", "entities": [{"type": "bold", "offset": offset, "length": 1}]})

    with pytest.raises(ApiError, match="offset"):
        formatted(args, "text", 4096, too_long="x")


def test_explicit_entities_are_kept_and_unknown_ones_refused() -> None:
    bold = {"type": "bold", "offset": 2, "length": 3}
    unknown = {"type": "blink", "offset": 0, "length": 1}
    nowhere = {"type": "text_link", "offset": 0, "length": 1, "url": "localhost"}

    assert formatted(Parameters({"text": "😀abc", "entities": [bold]}), "text", 4096, too_long="x")[1] == [
        bold
    ]
    with pytest.raises(ApiError, match="entity URL 'localhost' is invalid"):
        formatted(Parameters({"text": "abc", "entities": [nowhere]}), "text", 4096, too_long="x")
    with pytest.raises(ApiError, match="unsupported type"):
        formatted(Parameters({"text": "abc", "entities": [unknown]}), "text", 4096, too_long="x")


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(ApiError, match="Bad Request: unsupported parse_mode"):
        formatted(Parameters({"text": "abc", "parse_mode": "BBCode"}), "text", 4096, too_long="x")
