"""Reads what getUpdates answers, and gets past an update that cannot be read at all."""

import json
import re
from typing import Any, Final

MOST: Final = 100  # updates in one answer
ENOUGH: Final = 3  # times that the same update, asked for by itself, came unreadable

_FIRST: Final = re.compile(rb'\s*\{"ok":\s*true,\s*"result":\s*\[\s*\{\s*"update_id":\s*(\d{1,18})\s*[,}]')


class Reading:
    """Answers become JSON. One update too deep, too long or broken must not stop those behind it.

    Where an answer cannot be read, updates are asked for one by one, until the one that cannot stands alone.
    When it has come several times (a line may break, too), all that can be known of it is handed on in its
    place, its number: such an update is undecodable like any other.
    """

    def __init__(self) -> None:
        self.limit = MOST  # of updates to ask for
        self._last = 0  # the update that could not be read
        self._times = 0  # how often in a row

    def read(self, body: bytes) -> dict[str, Any]:
        """A whole answer; {} for what is none of Telegram's."""
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            return self._without_the_unreadable(body)
        if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
            return {}
        if answer.get("result") == []:
            self.limit = MOST
        return answer

    def _without_the_unreadable(self, body: bytes) -> dict[str, Any]:
        first = _FIRST.match(body)
        if first is None:
            return {}
        if self.limit > 1:
            self.limit = 1
            return _updates()
        update_id = int(first[1])
        self._times = self._times + 1 if update_id == self._last else 1
        self._last = update_id
        if self._times < ENOUGH:
            return _updates()
        self.limit = MOST
        return _updates({"update_id": update_id})


def _updates(*updates: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "result": list(updates)}
