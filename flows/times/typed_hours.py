"""Hours of work as people type them, in the digits of any script: 2, 1,5, 1.5, 1h30, 1:30."""

import re
import unicodedata
from typing import Final

STEP: Final = 15
"""Minutes: hours are told in quarters."""

MOST: Final = 24 * 60
"""Minutes that one person can work at one date."""

_DECIMAL: Final = re.compile(r"(?P<hours>\d{1,2})(?:[.,\u066b](?P<part>\d{1,2}))?\s*h?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(?P<hours>\d{1,2})\s*(?:h|:)\s*(?P<minutes>\d\d)", re.IGNORECASE)


def read_hours(text: str) -> int | None:
    """So many minutes, more than none and in quarters of an hour; None for anything else."""
    written = "".join(map(_plain, text.strip()))
    if match := _CLOCK.fullmatch(written):
        minutes = int(match["hours"]) * 60 + int(match["minutes"]) if int(match["minutes"]) < 60 else 0
    elif match := _DECIMAL.fullmatch(written):
        hundredths = int((match["part"] or "0").ljust(2, "0"))
        minutes, rest = divmod(int(match["hours"]) * 6000 + hundredths * 60, 100)
        minutes = 0 if rest else minutes
    else:
        return None
    return minutes if 0 < minutes <= MOST and minutes % STEP == 0 else None


def _plain(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character
