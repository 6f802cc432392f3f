"""One thing wrong in a file or a setting, said so that the person who wrote it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """Read as a sentence: `mulhouse.toml:3: 'zone' is 'Europe/Pari', but must be an IANA time zone`."""

    file: str  # "" for a setting
    line: int | None  # from 1; None: the whole file, or a setting
    where: str  # the key, the text or the setting
    found: str  # "is 12"; never a secret
    expected: str  # "must be from 13 to 18"

    def __str__(self) -> str:
        if not self.file:
            return f"{self.where} {self.found} {self.expected}"
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: '{self.where}' {self.found}, but {self.expected}"


def listed(problems: Iterable[Problem], one: str, many: str) -> str:
    """All problems as one message: "2 settings are wrong: ...; ..."."""
    sentences = [str(problem) for problem in problems]
    count = f"1 {one} is" if len(sentences) == 1 else f"{len(sentences)} {many} are"
    return f"{count} wrong: " + "; ".join(sentences)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be, or None."""
    return next(iter(get_close_matches(name, list(known), n=1)), None)


def shown(value: object, room: int = 60) -> str:
    """A value as it was found, short enough for a message."""
    try:
        return shorten(repr(value), room)
    except ValueError:  # Python writes out no number of more than 4300 digits
        return "too long to be written out"


def shorten(text: str, room: int = 60) -> str:
    """The beginning of a text, as much as there is room for."""
    return text if len(text) <= room else text[: room - 1] + "…"
