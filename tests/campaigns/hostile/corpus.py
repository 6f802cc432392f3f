"""Texts that break software: a fixed list of known trouble, and as many drawn ones as wanted."""

import base64
import json
from collections.abc import Callable
from random import Random
from typing import Final

CANARY: Final = "kanarienvogel"
"""Stands in many texts; wherever it turns up where no citizen's words belong, words have leaked."""

EMPTY: Final = (
    "", " ", "   ", "\t", "\n", "\r\n", "\n\n\n", "\u00a0", "\u3000", "\u2003\u2009", "\u200b",
    "\ufeff", "\u2060", "\u2068\u2069", "\u200f\u200e", "\x00", "\x00\x00", "\u2028", "\u2029",
    "\u202e", "\u034f", "\u115f", "\u3164",
)  # fmt: skip
"""Nothing that can be read, or next to nothing."""

CONTROLS: Final = (
    *(f"before{chr(code)}after" for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x200B, 0x2010))),
    *(f"before{chr(code)}after" for code in (*range(0x2028, 0x202F), *range(0x2066, 0x206A))),
    *(f"before{chr(code)}after" for code in (0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xE0001)),
    "a\r\nb", "a\rb", "a\n\rb", "a\r\r\nb\n", "\r\nline\r\n", "a\x00", "\x00a", "\x1b[31mred\x1b[0m",
    "a\bb\x7f", "a\x0bb\x0cc", "\ufffe", "\uffff", "\U0010ffff", "\ud800", "\udfff", "a\ud83d",
    "\ude00b", "\ud83d\ud83d x", "\ude00\ud83d swapped", "\udc80\udcff bytes",
)  # fmt: skip

DIRECTIONS: Final = (
    "\u202emoc.elpmaxe\u202c", "\u2067right to left\u2069", "\u2068open and never closed",
    "closed only\u2069", "\u2069\u2068", "\u2069</i>\u2068", "\u2066\u2067\u2068" * 40 + "x",
    "\u061cعربي\u200f", "abc\u202dfed\u202c", "x\u2069 <b>out</b> \u2068y", "שלום עולם",
    "مرحبا بالعالم", "سعادة the word שמחה and 123", "١٢٣", "(مرحبا) [x] {y}",
    "\u2068kept\u2069 Merci, j'ai gardé votre idée.",
)  # fmt: skip

SCRIPTS: Final = (
    "ความสุขคือการได้อยู่ด้วยกัน", "खुशी साथ रहने में है", "क्षत्रिय", "Ä o\u0308 \u00f6",
    "e\u0301 \u00e9", "\u1e9b\u0323 \ufb01", "ﬁne", "I\u0307stanbul ıI İi", "Straße STRASSE ẞ",
    "ΌΣΟΣ όσος", "Аdmin Рaypal ѕcope", "ｆｕｌｌ ｗｉｄｔｈ", "\u212b \u00c5",
    "Z" + "\u0301\u0316\u0334\u0489" * 50 + "algo", "a" + "\u0300" * 200,
    "\u0300\u0301 begins with a mark", "👩‍👩‍👧‍👦", "👨🏿‍🚀👩🏻‍🦰", "🇫🇷🇬🇷🇱🇻🇸🇳",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "👍🏿👍🏻", "1️⃣", "☺︎☺️",
    "\u200d\u200d", "🏽", "\U0001f1eb", "漢字とかな", "㍿", "ﷺ" * 30, "𝕳𝖊𝖑𝖑𝖔", "𐍈𐎀", "i\u0307", "ß", "\u1e9e",
    "ǆ ǅ Ǆ",
)  # fmt: skip

MARKUP: Final = (
    "<b>", "</b>", "<b>bold</b>", "</i><b>out</b><i>", "<a href=\"https://t.me/x\">x</a>",
    "<a href='tg://user?id=1'>x</a>", "<script>alert(1)</script>", "<pre><code class=\"language-x\">",
    "<tg-spoiler>s</tg-spoiler>", "<blockquote expandable>", "<tg-emoji emoji-id=\"1\">x</tg-emoji>",
    "<!-- -->", "<![CDATA[x]]>", "<", ">", "&", "<<>>", "a < b && c > d", "</", "<b", "&lt;",
    "&lt;b&gt;", "&amp;lt;b&amp;gt;", "&#0;", "&#60;b&#62;", "&#x3c;b&#x3e;", "&nbsp;", "&quot;",
    "&apos;", "&copy", "&#8296;", "&#x2069;</i><b>x</b>", "&#55357;", "&#1114112;", "＜b＞x＜/b＞",
    "*bold* _it_ __un__ ~st~ ||sp||", "[x](https://t.me/x)", "![x](tg://emoji?id=1)", "`code`",
    "```py\nx\n```", "> quote", "_*[]()~`>#+-=|{}.!\\", "**>q**", "\\*", "# heading", "- item\n- item",
    "| a | b |",
)  # fmt: skip

TEMPLATES: Final = (
    "{0}", "{}", "{n}", "{words}", "{territory}", "{0.__class__}", "{n.__class__.__mro__}", "{{n}}",
    "{{7*7}}", "${7*7}", "{n!r:>999}", "{words:>9999999999}", "%s", "%n%n%n", "%(token)s", "%x" * 40,
    "{{x}}", "${x}", "#{x}", "<%= x %>", "{% raw %}", "${jndi:ldap://x/a}", "{{config}}", "$(id)",
    "`id`", "| id", "; rm -rf /", "&& id", "wellbeing.more", "statement.kept", "button.back",
    "trouble.quarantined", "{", "}", "{{", "}}", "{n", "n}", "%", "%%", "$",
)  # fmt: skip

FORMULAS: Final = (
    "=cmd|' /C calc'!A0", "=1+1", "+1+1", "-1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1",
    "－1", "＠SUM(1)", "\x00=1", "=HYPERLINK(\"https://x.example\",\"x\")", "\"=1+1\"", "';=1",
    "a,b;c\td", "\"quoted\"\"twice\"", "=IMPORTXML(CONCAT(\"x\"))", "DDE(\"cmd\")",
)  # fmt: skip

COMMANDS: Final = (
    "/", "//", "/start", "/start ", "/start t_kavala", "/start t_mulhouse_parents_x", "/START",
    "/start@together_bot", "/admin", "/admin@bot", "/coordinate", "/panel", "/cancel", "/menu",
    "/help", "/language", "/mydata", "/wellbeing", "/settings", "/unknown_thing", "/start\n/forget",
    "/1", "/é", "/" + "a" * 33, "/" + "a" * 4000, "/start " + "x" * 4000, "@admin",
    "@together_bot hello", "#hashtag", "$USD", "+33 6 12 34 56 78", "tg://user?id=1",
    "tg://resolve?domain=x", "https://t.me/+x", "https://t.me/together_bot?start=i_x", "t.me/x",
    "mail@example.org", "http://127.0.0.1:1/", "javascript:alert(1)", "0", "4", "12", "１", "١", "99",
    "Oui", "YES", "back", "-", "yes", "no", "next", "keep", "/mydata is my idea", "see /forget",
    "x/y/z", "/a/b", "a@b", "@gif", "www.example.com/@you/#here",
)  # fmt: skip

CODE: Final = (
    "'; DROP TABLE statement; --", "' OR '1'='1", "\" OR \"\"=\"", "1; DELETE FROM citizen",
    "'||(SELECT 1)||'", "\\'; --", "%' LIKE '%", "\\", "{\"a\": [1, {\"b\": null}]}", "[]", "null",
    "true", "NaN", "1e999", "!!python/object/apply:os.system [id]", "&a [*a, *a]", "a: &x b",
    "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>",
    "../../etc/passwd", "..\\..\\windows", "CON", "file.txt\x00.exe", "cos\nsystem\n(S'id'\ntR.",
    "__import__('os').system('id')", "constructor", "__proto__", "undefined", "Robert\\0",
    "a" * 255 + ".csv", "\\u0000", "\\x00", "%00", "%0d%0aSet-Cookie: x", "\u2018; --", "0x41414141",
    "-9223372036854775808",
)  # fmt: skip

LONG: Final = (
    "a" * 4096, "a" * 4097, "😀" * 2048, "😀" * 4096, "😀" * 4097, "é" * 4096, "&" * 4096, "<" * 4097,
    "ع" * 4096, " " * 4097 + "x", "a" * 4095 + " b", "a" * 4095 + "\ud83d", "x" * 32_769, "😀" * 8_193,
    "\u0300" * 4096, "a\n" * 2048, "a b " * 1024, "/" * 4096, "@a " * 1300, "<b>" * 1365,
    "\u2068" * 4096 + "x", base64.b64encode(bytes(range(256)) * 12).decode(), "1" * 4096,
    "\n".join("x" * 64),
)  # fmt: skip

OUR_BUTTONS: Final = (
    "0:0:yes",
    "::",
    "1:1:",
    "zz:0:erase",
    "a:b:c:d",
    "1:0:next",
    "back",
    "1e3:0:keep",
    "\u0661:\u0661:yes",
)

FIXED: Final = (
    *EMPTY, *CONTROLS, *DIRECTIONS, *SCRIPTS, *MARKUP, *TEMPLATES, *FORMULAS, *COMMANDS, *CODE, *LONG,
    *OUR_BUTTONS,
)  # fmt: skip

_PIECES: Final = tuple(text for text in FIXED if 0 < len(text) < 80)
_RANGES: Final = (
    (0x00, 0x20), (0x20, 0x7F), (0x7F, 0xA0), (0xA0, 0x250), (0x300, 0x370), (0x370, 0x400),
    (0x400, 0x500), (0x590, 0x600), (0x600, 0x700), (0x900, 0x980), (0xE00, 0xE80), (0x2000, 0x2070),
    (0x2600, 0x2700), (0x3040, 0x3100), (0xD800, 0xE000), (0xE000, 0xE010), (0xFE00, 0xFE10),
    (0xFF00, 0xFFF0), (0x1F1E6, 0x1F200), (0x1F300, 0x1F650), (0xE0000, 0xE0080),
)  # fmt: skip


def texts(random: Random, count: int) -> list[str]:
    """The fixed texts, then drawn ones up to `count`, no two alike, in an order of their own."""
    found = dict.fromkeys(FIXED)
    while len(found) < count:
        found[random.choice(_DRAWN)(random)] = None
    drawn = list(found)
    random.shuffle(drawn)
    return drawn


def _mixed(random: Random) -> str:
    """Pieces of known trouble, one after the other."""
    return "".join(random.choices(_PIECES, k=random.randint(2, 6))) + f" {CANARY}{random.getrandbits(24)}"


def _drawn(random: Random) -> str:
    """Characters of any script, surrogates and controls included."""
    spans = random.choices(_RANGES, k=random.randint(1, 4))
    return "".join(chr(random.randrange(*random.choice(spans))) for _ in range(random.randint(1, 120)))


def _marked(random: Random) -> str:
    """Letters with far too many marks."""
    marks = "".join(chr(random.randrange(0x300, 0x36F)) for _ in range(random.randint(1, 200)))
    return "".join(letter + marks for letter in random.choice(("zalgo", "سلام", "क", "ё")))


def _tagged(random: Random) -> str:
    """Tags and entities in any order, sometimes balanced."""
    parts = (
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "&lt;",
        "&#60;",
        '<a href="tg://user?id=7">',
        "</a>",
        "\u2069",
        "\u2068",
        "x ",
        "<code>",
    )
    return "".join(random.choices(parts, k=random.randint(3, 30))) + CANARY


def _sentence(random: Random) -> str:
    """An innocent sentence with one thing in it that is not."""
    words = f"un banc {CANARY}{random.getrandbits(32)} au soleil".split()
    words.insert(random.randint(0, len(words)), random.choice(_PIECES))
    return " ".join(words)


def _structured(random: Random) -> str:
    """JSON, nested, as text."""
    value: object = random.choice((None, 1, "x", CANARY))
    for _ in range(random.randint(1, 60)):
        value = random.choice(([value], {"text": value}))
    return json.dumps(value)


def _long(random: Random) -> str:
    """A piece again and again, around the limits of one message."""
    piece = random.choice(_PIECES)
    return (piece * (random.choice((1024, 4095, 4096, 4097, 9000)) // len(piece) + 1)) + CANARY


def _linked(random: Random) -> str:
    """Addresses, mentions, commands and hashtags, joined by whatever may end them."""
    parts = (
        "https://t.me/x",
        "@admin_bot",
        "/forget",
        "#x",
        "$USD",
        "mail@example.org",
        "tg://user?id=1",
        "example.com",
        "+336123456789",
    )
    joints = (" ", ",", "\n", "\u200b", "\u2069", "\u2068", "", "/", "@", ".", "&", "<")
    return "".join(random.choice(parts) + random.choice(joints) for _ in range(random.randint(1, 8)))


_DRAWN: Final[tuple[Callable[[Random], str], ...]] = (
    _mixed, _mixed, _drawn, _drawn, _marked, _tagged, _sentence, _sentence, _structured, _linked,
    _linked, _long,
)  # fmt: skip
