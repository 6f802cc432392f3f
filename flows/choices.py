"""Choices that stand below many lists, views and questions."""

from typing import Final

from flows.moves import Choice, Key

MORE: Final = Choice("more", Key("list.more"))
TO_LIST: Final = Choice("list", Key("list.back"))
TO_OWN_LIST: Final = Choice("list", Key("mydata.to_list"))
CLOSE: Final = Choice("close", Key("list.close"))

READY: Final = Choice("ready", Key("plan.ready"))
NONE: Final = Choice("none", Key("plan.none"))

SEE: Final = Choice("see", Key("push.see"))
WHY: Final = Choice("why", Key("push.why"))
