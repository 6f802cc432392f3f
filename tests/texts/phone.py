"""How wide words are on a button, and how wide the button is on a phone of 360 pixels."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont

SIZE: Final = 15  # pixels, of the words on a button in Telegram for Android
NARROWER: Final = 0.88  # a phone's own font beside the one that is measured
WIDEST: Final = 333  # pixels for the words on a button that has the row to itself
GAP: Final = 17  # pixels lost with each button more: the gap, and what is kept free beside the words


def room(columns: int) -> float:
    """Pixels for the words on each of so many buttons in a row."""
    return (WIDEST - GAP * (columns - 1)) / columns


def width(words: str) -> float:
    """Pixels that the words take."""
    return _font().getlength(words) * NARROWER


@cache
def _font() -> ImageFont.FreeTypeFont:
    spec = find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    file = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(str(file), SIZE, layout_engine=ImageFont.Layout.BASIC)
