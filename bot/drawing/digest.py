"""The picture beside a digest: what was said about each dimension, and what actions have shifted.

Its colours are told apart by everybody (https://jfly.uni-koeln.de/color/) and never alone: what is new has a
pattern and a word, before is a ring and after a disc.
"""

from collections.abc import Sequence
from typing import Final

from babel.numbers import format_decimal

from bot.drawing.sheet import WIDTH, Font, Sheet
from flows.digests.picture import Bar, DigestPicture, Shift

MARGIN: Final = 56
WIDE: Final = WIDTH - 2 * MARGIN
GAP: Final = 44  # between parts

BLUE: Final = "#0072b2"
ORANGE: Final = "#d55e00"
DARK: Final = "#12324a"
GREY: Final = "#5a5a5a"
PALE: Final = "#b9c6cf"

# Large enough to be read in a chat, and where Telegram makes a high picture smaller.
TITLE: Final = Font(58, bold=True, colour="white")
PERIOD: Final = Font(40, colour="white")
HEADING: Final = Font(48, bold=True, colour=DARK)
LABEL: Final = Font(44)
FIGURE: Final = Font(46, bold=True)
BADGE: Final = Font(34, bold=True, colour="white")
SMALL: Final = Font(36, colour=GREY)

THICK: Final = 42  # of a bar
AFTER: Final = 18  # between a bar and its number
RADIUS: Final = 19  # of a mark on a scale


def drawn(picture: DigestPicture) -> bytes:
    """The picture as PNG: one column, as high as it needs to be."""
    sheet = Sheet(picture.language)
    y = _head(sheet, picture)
    if picture.bars:
        y = _bars(sheet, picture, y + GAP)
    if picture.shifts:
        y = _shifts(sheet, picture, y + GAP)
    if picture.note:
        y = _paragraph(sheet, picture.note, SMALL, y + GAP)
    return sheet.png(y + GAP)


def _head(sheet: Sheet, picture: DigestPicture) -> float:
    parts = (picture.title, TITLE), (picture.period, PERIOD)
    words = sum(len(sheet.lines(text, font, WIDE)) * font.leading for text, font in parts)
    height = MARGIN + words + MARGIN / 2
    sheet.box(0, 0, WIDTH, height, DARK)
    y: float = MARGIN
    for text, font in parts:
        y = _paragraph(sheet, text, font, y)
    return height


def _paragraph(sheet: Sheet, words: str, font: Font, y: float, room: float = WIDE) -> float:
    """Words in as many lines as they need; returns where they end."""
    for line in sheet.lines(words, font, room):
        sheet.write(line, font, MARGIN, y + font.leading / 2)
        y += font.leading
    return y


def _bars(sheet: Sheet, picture: DigestPicture, y: float) -> float:
    y = _paragraph(sheet, picture.bars_title, HEADING, y) + 10
    counts = [bar.count or 0 for bar in picture.bars]
    numbers = max(sheet.width(_number(count, picture.language), FIGURE) for count in counts)
    scale = (WIDE - AFTER - numbers) / max(1, *counts)
    for bar in picture.bars:
        y = _bar(sheet, picture, bar, scale, y + 18)
    return y


def _bar(sheet: Sheet, picture: DigestPicture, bar: Bar, scale: float, y: float) -> float:
    """A label, below it the bar and behind that its number.

    scale  pixels for each statement
    """
    badge = sheet.width(picture.new, BADGE) + 32 if bar.is_new and picture.new else 0
    lines = sheet.lines(bar.label, LABEL, WIDE - badge - 20)
    y = _paragraph(sheet, " ".join(lines), LABEL, y, WIDE - badge - 20)
    if badge:
        x = MARGIN + sheet.width(lines[-1], LABEL) + 20
        sheet.box(x, y - LABEL.leading + 3, badge, LABEL.leading - 6, ORANGE, corner=10)
        sheet.write(picture.new, BADGE, x + badge / 2, y - LABEL.leading / 2, at="middle")
    y += 4
    if bar.count is None:
        sheet.write(picture.few, SMALL, MARGIN, y + SMALL.leading / 2)
        return y + SMALL.leading
    long = max(6.0, bar.count * scale)
    sheet.box(MARGIN, y, long, THICK, ORANGE if bar.is_new else BLUE, pattern="//" if bar.is_new else "")
    sheet.write(_number(bar.count, picture.language), FIGURE, MARGIN + long + AFTER, y + THICK / 2)
    return y + THICK


def _shifts(sheet: Sheet, picture: DigestPicture, y: float) -> float:
    y = _paragraph(sheet, picture.shifts_title, HEADING, y) + 34
    x = _mark(sheet, MARGIN + RADIUS, y, picture.before, "white")
    _mark(sheet, x + 60, y, picture.after, BLUE)
    y += SMALL.leading + 24
    low, high = (sheet.lines(words, SMALL, WIDE / 2 - 20) for words in picture.scale_words)
    for lines, x, at in ((low, MARGIN, "start"), (high, WIDTH - MARGIN, "end")):
        for number, line in enumerate(lines):
            sheet.write(line, SMALL, x, y + number * SMALL.leading, at=at)
    y += (max(len(low), len(high)) - 0.5) * SMALL.leading
    for shift in picture.shifts:
        y = _shift(sheet, picture, shift, y + 22)
    return y


def _mark(sheet: Sheet, x: float, y: float, words: str, fill: str) -> float:
    """A mark and what it is called; returns where that ends."""
    sheet.dot(x, y, RADIUS, fill, BLUE)
    sheet.write(words, SMALL, x + RADIUS + 14, y)
    return x + RADIUS + 14 + sheet.width(words, SMALL)


def _shift(sheet: Sheet, picture: DigestPicture, shift: Shift, y: float) -> float:
    """A label with how many people say so, below it the scale with both marks, below them their numbers."""
    people = _number(shift.people, picture.language)
    room = WIDE - sheet.width(people, SMALL) - 70
    top = y + LABEL.leading / 2
    y = _paragraph(sheet, shift.label, LABEL, y, room)
    end = WIDTH - MARGIN
    sheet.write(people, SMALL, end, top, at="end")
    _person(sheet, end - sheet.width(people, SMALL) - 28, top)
    low, high = picture.scale
    far, near = MARGIN + RADIUS, WIDTH - MARGIN - RADIUS
    before, after = (
        far + (value - low) / (high - low) * (near - far) for value in (shift.before, shift.after)
    )
    y += 30
    sheet.box(far, y - 3, near - far, 6, PALE)
    for step in range(low, high + 1):
        x = far + (step - low) / (high - low) * (near - far)
        sheet.box(x - 2, y - 12, 4, 24, PALE)
    sheet.line(before, after, y, BLUE, thick=8)
    sheet.dot(before, y, RADIUS, "white", BLUE)
    sheet.dot(after, y, RADIUS, BLUE, BLUE)
    y += RADIUS + 8 + SMALL.leading / 2
    values = [_mean(value, picture.language) for value in (shift.before, shift.after)]
    for words, x in zip(values, _apart(sheet, values, before, after), strict=True):
        sheet.write(words, SMALL, x, y, at="middle")
    return y + SMALL.leading / 2


def _apart(sheet: Sheet, words: Sequence[str], before: float, after: float) -> tuple[float, float]:
    """Where two numbers stand in the middle below their marks; a little aside where these are close."""
    widths = [sheet.width(one, SMALL) for one in words]
    missing = sum(widths) / 2 + 24 - abs(after - before)
    aside = max(0.0, missing) / 2 * (1 if before <= after else -1)
    return before - aside, after + aside


def _person(sheet: Sheet, x: float, y: float) -> None:
    """The sign for people, before their number."""
    sheet.dot(x, y - 8, 7, GREY, GREY)
    sheet.box(x - 13, y + 3, 26, 15, GREY, corner=7)


def _mean(value: float, language: str) -> str:
    words = format_decimal(value, format="0.0", locale=language.replace("-", "_"))
    return f"\N{LEFT-TO-RIGHT MARK}{words}"  # else the minus would stand behind the number in Arabic


def _number(value: int, language: str) -> str:
    return str(format_decimal(value, locale=language.replace("-", "_")))
