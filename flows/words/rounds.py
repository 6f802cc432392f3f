"""Going through words one by one, to sort or to review them: so many in a row, then a pause."""

from typing import Final

from flows.moves import Choice, Key

ROUND: Final = 20
"""Statements in a row; then there is a pause, and the record of the conversation begins anew."""

SKIP: Final = Choice("skip", Key("sorting.skip"))
STOP: Final = Choice("stop", Key("sorting.stop"))
