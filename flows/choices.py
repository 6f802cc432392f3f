"""Choices that stand below many lists and views."""

from typing import Final

from flows.moves import Choice, Key

MORE: Final = Choice("more", Key("list.more"))
TO_LIST: Final = Choice("list", Key("list.back"))
CLOSE: Final = Choice("close", Key("list.close"))
