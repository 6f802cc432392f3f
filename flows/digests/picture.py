"""What the picture beside a digest shows: data and words, in the language in which it is drawn.

All words are ready: whoever draws knows neither catalogues nor languages beyond the direction of writing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """What was said about one dimension."""

    label: str
    count: int | None  # statements; None: too few people for a number, who were heard all the same
    is_new: bool = False  # for the first time in this place


@dataclass(frozen=True, slots=True)
class Shift:
    """What the same people say of one action for one component, before and after."""

    label: str
    before: float  # means on the scale of the picture
    after: float
    people: int


@dataclass(frozen=True, slots=True)
class DigestPicture:
    """One picture; a part without anything in it is left out."""

    language: str  # BCP 47
    title: str
    period: str  # in words, such as "16 to 22 November 2026"
    bars: tuple[Bar, ...] = ()  # in order, the first one on top
    bars_title: str = ""
    shifts: tuple[Shift, ...] = ()
    shifts_title: str = ""
    before: str = ""  # what the two kinds of marks are called
    after: str = ""
    scale: tuple[int, int] = (-2, 2)  # its lowest and its highest value
    scale_words: tuple[str, str] = ("", "")  # what they mean
    new: str = ""  # beside the label of a bar that is new
    few: str = ""  # in the place of a number, beside a bar without one
    note: str = ""  # below everything: what is not shown
    alt: str = ""  # all of it as text, with the numbers

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.count is not None for bar in self.bars) and not self.shifts
