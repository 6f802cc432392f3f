"""Pictures are the same bytes for the same data, readable without colours, and begin where reading begins."""

import asyncio
import errno
import io
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.ft2font import FT2Font
from PIL import Image
from structlog.testing import capture_logs

from bot import drawing
from bot.drawing import draw
from bot.drawing.__main__ import main
from bot.drawing.digest import BLUE, DARK, MARGIN, ORANGE, PERIOD, THICK, _mean, drawn
from bot.drawing.sheet import WIDTH, Font, Sheet
from config.texts import Texts
from flows.codec import encode
from flows.digests.picture import Bar, DigestPicture, Shift

TEXTS = Texts.load()

FRENCH = DigestPicture(
    language="fr",
    title="Mulhouse : la semaine du panel",
    period="16 au 22 novembre 2026",
    bars=(
        Bar("Accès aux moyens de vie", 12),
        Bar("Sentiment de bien-être", 3, is_new=True),
        Bar("Liens", None),
    ),
    bars_title="Ce qui a été dit",
    shifts=(Shift("Jardin partagé : relations", -0.5, 1.2, 14),),
    shifts_title="Ce que les actions changent",
    before="avant",
    after="après",
    scale_words=("bien pire", "bien mieux"),
    new="nouveau",
    few="peu de voix",
    note="Les chiffres de moins de cinq personnes ne sont pas montrés.",
)
ARABIC = replace(
    FRENCH,
    language="ar",
    title="مولوز: أسبوع اللجنة",
    period="16–22 نوفمبر 2026",
    bars=(Bar("الوصول إلى وسائل العيش", 12), Bar("الشعور بالرفاه", 3, is_new=True), Bar("الروابط", None)),
    bars_title="ما قيل",
    shifts=(Shift("الحديقة المشتركة: العلاقات", -0.5, 1.2, 14),),
    shifts_title="ما تغيّره الإجراءات",
    before="قبل",
    after="بعد",
    scale_words=("أسوأ بكثير", "أفضل بكثير"),
    new="جديد",
    few="أصوات قليلة",
    note="لا تُعرض أرقام أقل من خمسة أشخاص.",
)


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def runs(image: Image.Image, colour: str, x: int) -> int:
    """How many pixels of a column have that colour."""
    wanted = tuple(bytes.fromhex(colour[1:]))
    return sum(image.getpixel((x, y)) == wanted for y in range(image.height))


def test_a_picture_is_as_wide_as_a_phone_and_as_high_as_it_must_be() -> None:
    short = opened(drawn(replace(FRENCH, shifts=(), note="")))
    whole = opened(drawn(FRENCH))

    assert short.width == whole.width == WIDTH
    assert WIDTH * 0.6 < short.height < whole.height < 2 * WIDTH


def test_a_period_too_long_for_one_line_has_two() -> None:
    one, two = (height_of_head(replace(FRENCH, period=period)) for period in ("16", "16 novembre 2026, " * 4))

    assert two - one == pytest.approx(PERIOD.leading, abs=1)


def height_of_head(picture: DigestPicture) -> int:
    """How many pixels high the dark head is."""
    image = opened(drawn(picture))
    dark = tuple(bytes.fromhex(DARK[1:]))
    return sum(image.getpixel((2, y)) == dark for y in range(image.height))


def test_bars_grow_from_the_left_where_reading_begins_there_and_from_the_right_in_arabic() -> None:
    french, arabic = opened(drawn(FRENCH)), opened(drawn(ARABIC))
    left, right = MARGIN + 4, WIDTH - MARGIN - 5

    assert (runs(french, BLUE, left) >= THICK - 2, runs(french, BLUE, right) < THICK // 2) == (True, True)
    assert (runs(arabic, BLUE, left) < THICK // 2, runs(arabic, BLUE, right) >= THICK - 2) == (True, True)


def test_the_longest_bar_has_the_largest_number_and_others_are_in_proportion() -> None:
    bars = (Bar("one", 40), Bar("two", 10))
    image = opened(drawn(replace(FRENCH, bars=bars, shifts=())))

    blue = tuple(bytes.fromhex(BLUE[1:]))
    lengths = sorted(
        {sum(image.getpixel((x, y)) == blue for x in range(WIDTH)) for y in range(image.height)} - {0}
    )
    assert lengths[-1] == pytest.approx(4 * lengths[0], abs=6)


def test_what_is_new_is_told_without_its_colour() -> None:
    image = opened(drawn(replace(FRENCH, shifts=(), bars=(Bar("a", 5, is_new=True),), new="")))

    orange, white = tuple(bytes.fromhex(ORANGE[1:])), (255, 255, 255)
    rows = [y for y in range(image.height) if image.getpixel((MARGIN + 1, y)) == orange]
    row = [image.getpixel((x, rows[len(rows) // 2])) for x in range(MARGIN, WIDTH - 250)]
    assert {orange, white} <= set(row)


def test_a_bar_without_a_number_has_no_length() -> None:
    image = opened(drawn(replace(FRENCH, shifts=(), bars=(Bar("a", None),))))

    assert max(runs(image, BLUE, x) for x in range(0, WIDTH, 3)) == 0


@pytest.mark.parametrize("picture", [FRENCH, ARABIC], ids=["fr", "ar"])
async def test_the_same_data_gives_the_same_bytes_in_whichever_process(picture: DigestPicture) -> None:
    assert await draw(picture) == drawn(picture) == drawn(picture)


@pytest.mark.parametrize("language", TEXTS.languages)
@pytest.mark.parametrize("bold", [False, True])
def test_every_letter_of_every_language_can_be_drawn(language: str, bold: bool) -> None:
    """A missing one would be a warning, which is an error here, and an empty box on a telephone."""
    forms = [form for entry in TEXTS.catalogue(language).entries.values() for form in entry.forms]
    words = "".join(part for form in forms for part in form.plain if isinstance(part, str))
    letters = {letter for letter in words if letter.isalpha()}
    known = FT2Font(Font(40, bold).properties().get_file()).get_charmap()

    assert letters
    assert {letter for letter in letters if ord(letter) not in known} == set()
    sheet = Sheet(language)
    sheet.write("".join(sorted(letters)), Font(40, bold), 0, 50)
    sheet.png(100)


def test_a_number_is_written_from_the_left_in_arabic_too() -> None:
    """Its minus would stand behind it otherwise."""
    sheet = Sheet("ar")

    assert sheet.is_rtl
    assert _mean(-0.5, "ar") == "\N{LEFT-TO-RIGHT MARK}-0.5"


def test_long_words_are_broken_where_spaces_allow_it() -> None:
    sheet, font = Sheet("ru"), Font(40)
    words = "очень длинное название измерения " * 6

    lines = sheet.lines(words, font, 500)

    assert " ".join(lines) == words.strip()
    assert all(sheet.width(line, font) <= 500 for line in lines)


async def test_what_cannot_be_drawn_is_left_out_and_the_log_says_why() -> None:
    with capture_logs() as told:
        assert await draw(replace(FRENCH, language="no language")) is None

    [line] = told
    assert line["event"] == "a picture cannot be drawn and is left out"
    assert "Error" in line["error"]
    assert "language" not in line["error"]


async def test_a_process_that_does_not_come_to_an_end_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _instead(monkeypatch, tmp_path, "echo $$ > pid; exec sleep 60")
    monkeypatch.setattr(drawing, "PATIENCE", 2.0)

    with capture_logs() as told:
        async with asyncio.timeout(30):
            assert await draw(FRENCH) is None

    assert [line["event"] for line in told] == ["a picture takes too long and is left out"]
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_where_a_process_may_not_put_itself_last_it_draws_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The filter of system calls of deploy/together.service forbids it."""

    def forbidden(_by: int) -> int:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "nice", forbidden)
    asked = json.dumps(encode(FRENCH)).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(asked)))

    main()

    assert capsysbinary.readouterr().out == drawn(FRENCH)


async def test_a_process_that_draws_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOGETHER_BOT_TOKEN", "42:SECRET")
    _instead(monkeypatch, tmp_path, "env")

    environment = await draw(FRENCH)

    assert environment is not None
    assert b"PATH=" in environment
    assert b"TOGETHER" not in environment


def _instead(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Let a shell script, run in that folder, draw."""
    file = folder / "draws"
    file.write_text(f"#!/bin/sh\ncd {folder}\n{script}\n")
    file.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(file))
