"""What people heard without having asked: the pushes in Telegram's ledger, known by their words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.playground.emulator.ledger import Send
from config.texts import Texts

KINDS: Final = (
    "reminder", "still_coming", "afterwards", "cancelled", "moved", "changed", "offer", "lapsed", "no_seat",
    "another_time",
)  # fmt: skip
REMINDERS: Final = KINDS[:3]
VARIANTS: Final = {"moved.end": "moved", "lapsed.free": "lapsed", "no_seat.too_few": "no_seat"}
"""Those of which some people are told by other words from the first one on."""

_TITLE: Final = re.compile(r"Gathering (\d{4})")


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that one person was told."""

    citizen: int
    kind: str
    occasion: int
    at: float
    message: int


def heard(sends: Iterable[Send]) -> Iterator[Heard]:
    """Every push, one by one; several in a message are as many."""
    headings, several, endings = _words()
    for send in sends:
        if send.text.startswith(several):
            for line in send.text.splitlines():
                found = _TITLE.search(line)
                kind = next((kind for ending, kind in endings.items() if line.endswith(ending)), None)
                if found and kind:
                    yield Heard(send.chat_id, kind, int(found[1]), send.at, send.message_id)
        elif kind := headings.get(send.text.partition("\n")[0]):
            found = _TITLE.search(send.text)
            assert found, send.text
            yield Heard(send.chat_id, kind, int(found[1]), send.at, send.message_id)


@cache
def _words() -> tuple[dict[str, str], str, dict[str, str]]:
    """Headings of single pushes, the heading of lists, the ends of their lines; each with what it tells."""
    texts = Texts.load()

    def first(key: str) -> str:
        return texts.wording("en", key).partition("\n")[0]

    headings = {first(f"push.{key}"): kind for key, kind in VARIANTS.items()}
    headings |= {first(f"push.{kind}"): kind for kind in KINDS}
    endings = {texts.wording("en", f"push.line.{kind}").rpartition("}")[2]: kind for kind in KINDS}
    assert len(headings) - len(VARIANTS) == len(endings) == len(KINDS), (
        "two pushes begin or end with the same words"
    )
    return headings, first("push.several"), endings
