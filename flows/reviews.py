"""Reviews: somebody looks at a statement before others see it. Nothing is deleted by it."""

from enum import StrEnum


class Verdict(StrEnum):
    """How a statement may be shown, where its author agreed that it is shown at all."""

    FIT = "fit"  # as it came
    MASKED = "masked"  # with names and numbers masked
    HELD = "held"  # not; its author is told why, and may word it anew
