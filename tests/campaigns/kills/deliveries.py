"""What Telegram accepted against what the outbox says: nothing unexplained, in order, few enough twice.

A delivery is *noted* where a row of the outbox holds its message id. One that is not can only come from a
response that was lost, or from a place in flight when its process was killed; and for each chat there is at
most one in flight. Which message a delivery was of is found from that: in each chat replies come in the order
of their rows, and so do pushes; a noted delivery is its row's last, and those not noted must fit the rows
between. Replies and pushes are two lines: a reply goes before the reminders that wait, and a reminder does
not wait for a reply that must.
"""

import itertools
import math
import re
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.playground.emulator.ledger import Refusal, Send
from tests.campaigns.kills.evidence import Death, Evidence, Finding, Life
from tests.campaigns.kills.hands import PUSHED
from tests.campaigns.kills.lines import as_said, fewest, parts
from tests.campaigns.kills.scenario import FOLLOWS, Deed
from tests.campaigns.kills.stored import Row, unix

JITTER = 0.05  # seconds by which the clocks of the bot and of Telegram may differ
STALL = 0.25  # seconds for which a busy machine holds requests up that then arrive at once
ON_THE_WIRE = 0.5  # seconds after a process's death in which what it sent may still be accepted
LANDING = 3.0  # seconds after its acceptance in which a delivery has been noted
LEFT_ALONE = 2.0  # seconds after which nothing is on its way any more to somebody who has blocked the bot
LEFT = ("blocked", "deleted", "gone")  # reasons for which nothing can be said to somebody
DAY = 86_400.0  # seconds after which it is too late for a reply
REPLY = 0  # the lane of replies; all others are pushes
CRASHES = 5  # after so many a message that must arrive is given up
STARTING = 0.1  # seconds in which no process has sent anything yet: what comes then was still on the wire


class Twice(NamedTuple):
    """How often a message came more than once, and how often that was excusable."""

    repeated: int  # deliveries beyond the first of their message
    lost: int  # responses that were lost
    cut_off: int  # deliveries in flight when their process was killed
    kills: int
    places: int

    @property
    def bound(self) -> int:
        """What was promised: the places in flight at each kill, and the lost responses."""
        return self.kills * self.places + self.lost

    @classmethod
    def together(cls, several: Iterable["Twice"]) -> "Twice":
        """Several campaigns as one."""
        every = [*several]
        return cls(
            repeated=sum(one.repeated for one in every),
            lost=sum(one.lost for one in every),
            cut_off=sum(one.cut_off for one in every),
            kills=sum(one.kills for one in every),
            places=max((one.places for one in every), default=0),
        )

    def __str__(self) -> str:
        return (
            f"{self.repeated} messages came twice, promised were at most {self.bound} ({self.lost} lost "
            f"responses, {self.kills} kills of {self.places} places, {self.cut_off} of them in flight)"
        )


def check(evidence: Evidence) -> Iterator[Finding]:
    """What is wrong with the deliveries."""
    yield from _ended(evidence)
    for chat, sends, rows in _chats(evidence):
        yield from _in_order(chat, sends, rows)
    confused = {chat for chat, sends, rows in _chats(evidence) if _let_pass(sends, rows)}
    for citizen, how in evidence.scenario.misled.items():
        if citizen not in confused:
            yield Finding("I7 in order", f"{citizen} was asked what could not follow: {how}")
    yield from _excused(evidence)
    yield from _within_bound(evidence)
    yield from _paused(evidence)
    yield from _paced(evidence)
    yield from _left_alone(evidence)


def twice(evidence: Evidence) -> Twice:
    """The count of what came twice, over all chats but those that are no more."""
    repeated = sum(
        least or 0
        for _, sends, rows in _chats(evidence)
        for part_sends, part_rows in parts(sends, rows)
        for least in [fewest(part_sends, part_rows)]
    )
    sends = [send for _, chat, _ in _chats(evidence) for send in chat]
    noted = _noted(evidence)
    kills = sum(life.death is Death.KILLED for life in evidence.lives)
    lost = [send for send in sends if not send.answered]
    cut_off = [send for send in sends if send.answered and send.message_id not in noted]
    return Twice(repeated, len(lost), len(cut_off), kills, evidence.places)


# ---- the rows


def _ended(evidence: Evidence) -> Iterator[Finding]:
    """I6: every message has come to an end, and to none that a sound bot knows nothing of."""
    crashes = min(CRASHES, sum(life.death is Death.KILLED for life in evidence.lives))
    for row in evidence.stored.tables["outbox"]:
        if row["state"] not in ("sent", "unsure", "dead", "cancelled"):
            yield Finding("I6 ended", f"message {row['key']} is still {row['state']}")
        if row["state"] == "dead" and row["reason"] not in LEFT and not _is_late(row):
            yield Finding("I6 ended", f"message {row['key']} is dead: {row['reason']}")
        if row["unsure"] > row["must"] * max(1, crashes):
            yield Finding("I4 repeated", f"message {row['key']} was tried anew {row['unsure']} times")


def _is_late(row: Row) -> bool:
    """Nobody is told after a day; that is not the bot's fault where the clock was moved on."""
    return row["reason"] == "too late" and unix(row["ended_at"]) - unix(row["created_at"]) >= DAY


def _chats(evidence: Evidence) -> Iterator[tuple[int, list[Send], list[Row]]]:
    """Each line of each private chat that is still known: its deliveries and its rows, both in order."""
    rows = evidence.stored.by("outbox", "contact_id")
    contacts = {row["telegram"]: row["id"] for row in evidence.stored.tables["contact"]}
    sends: dict[int, list[Send]] = defaultdict(list)
    for send in evidence.ledger.sends:
        sends[send.chat_id].append(send)
    for chat in contacts.keys() | sends.keys():
        if chat not in evidence.scenario.erased:
            mine = sorted(rows.get(contacts.get(chat), []), key=lambda row: int(row["id"]))
            for line_sends, line_rows in _lines(sends[chat], mine):
                yield chat, line_sends, line_rows


def _lines(sends: list[Send], rows: list[Row]) -> Iterator[tuple[list[Send], list[Row]]]:
    """Replies, then pushes; a delivery that nobody noted is told by its buttons."""
    noted = {row["message"]: row["lane"] > REPLY for row in rows}
    for pushed in (False, True):
        yield (
            [send for send in sends if noted.get(send.message_id, _is_push(send)) is pushed],
            [row for row in rows if (row["lane"] > REPLY) is pushed],
        )


def _is_push(send: Send) -> bool:
    """Whether it can be asked why this was said, which only pushes can."""
    rows = send.markup["inline_keyboard"] if send.markup else []
    return any(button.get("callback_data", "").endswith(f":{PUSHED}") for row in rows for button in row)


# ---- I4, I7: explained, and in order


def _in_order(chat: int, sends: list[Send], rows: list[Row]) -> Iterator[Finding]:
    place = {send.message_id: number for number, send in enumerate(sends)}
    noted = [row for row in rows if row["message"] is not None]
    for row in noted:
        if row["message"] not in place:
            yield Finding("I4 repeated", f"message {row['key']} was never accepted, but is noted as sent")
            return
    for row in rows:
        if row["state"] == "sent" and row["message"] is None:
            yield Finding("I4 repeated", f"message {row['key']} is sent, nobody knows as what")
            return
    rows = as_said(rows, sends, place)
    for before, after in itertools.pairwise(row for row in rows if row["message"] is not None):
        if place[before["message"]] >= place[after["message"]]:
            yield Finding("I7 in order", f"in chat {chat} {after['key']} overtook {before['key']}")
            return
    for part_sends, part_rows in parts(sends, rows):
        if fewest(part_sends, part_rows) is None:
            yield Finding(
                "I4 repeated",
                f"in chat {chat} {len(part_sends)} deliveries are more than "
                f"{[(row['key'], row['state'], row['unsure']) for row in part_rows]} explain",
            )


def _let_pass(sends: list[Send], rows: list[Row]) -> bool:
    """Whether a message came that it had been too late for, until the clock was turned back."""
    place = {send.message_id: number for number, send in enumerate(sends)}
    known = [row for row in rows if row["message"] is None or row["message"] in place]
    return as_said(known, sends, place) != known


# ---- I4, I7: deliveries that nobody noted


def _excused(evidence: Evidence) -> Iterator[Finding]:
    """An answered delivery is noted, unless its process was killed first, or given up."""
    noted = _noted(evidence)
    unnoted = [
        send
        for send in evidence.ledger.sends
        if send.answered and send.message_id not in noted and send.chat_id not in evidence.scenario.erased
    ]
    return _of_several(evidence, unnoted) if evidence.several else _of_one(evidence, unnoted)


def _of_one(evidence: Evidence, unnoted: list[Send]) -> Iterator[Finding]:
    """One for each chat and place, when it was killed."""
    for life, sends in itertools.groupby(unnoted, key=lambda send: _life(evidence.lives, send.real)):
        cut_off = list(sends)
        name = f"life {life + 1}"
        if evidence.lives[life].death is not Death.KILLED:
            yield Finding("I4 repeated", f"{name} was not killed, and did not note {len(cut_off)} deliveries")
        if len(cut_off) > evidence.places:
            yield Finding("I4 repeated", f"{name} had {len(cut_off)} deliveries in flight when it was killed")
        chat, most = Counter(send.chat_id for send in cut_off).most_common(1)[0]
        if most > 1:
            yield Finding("I7 in order", f"{name} had {most} deliveries to chat {chat} in flight at once")


def _of_several(evidence: Evidence, unnoted: list[Send]) -> Iterator[Finding]:
    """Nobody can tell whose they were; somebody was killed right after, or silent for longer than a lease."""
    for send in unnoted:
        killed = any(
            life.death is Death.KILLED and life.ended - LANDING <= send.real <= life.ended + ON_THE_WIRE
            for life in evidence.lives
        )
        silent = any(began - LANDING <= send.real <= ended + LANDING for began, ended in evidence.outages)
        if not killed and not silent:
            yield Finding("I4 repeated", f"a delivery to chat {send.chat_id} was not noted, without a reason")


def _noted(evidence: Evidence) -> set[int]:
    return {row["message"] for row in evidence.stored.tables["outbox"]}


def _life(lives: Sequence[Life], moment: float) -> int:
    """Which life a request at that moment came from."""
    begun = [number for number, life in enumerate(lives) if life.began + STARTING <= moment]
    return begun[-1] if begun else 0


def _within_bound(evidence: Evidence) -> Iterator[Finding]:
    count = twice(evidence)
    if count.repeated > count.bound:
        yield Finding("I4 repeated", f"{count.repeated} repetitions, promised were at most {count.bound}")


# ---- F25: a pause that Telegram asked for


def _paused(evidence: Evidence) -> Iterator[Finding]:
    """Nothing is sent to a chat before the pause is over, in the same life nor, once noted, after it.

    What was no message, as setting the webhook a second time within a second, pauses none.
    """
    asked = [r for r in evidence.ledger.refusals if r.status == 429 and r.method == "sendMessage"]
    requests = sorted(
        [(send.real, send.chat_id) for send in evidence.ledger.sends]
        + [(refusal.real, refusal.chat_id) for refusal in asked]
    )
    jumps = [moment for moment, seconds in evidence.scenario.jumps if seconds > 0]
    for refusal in asked:
        forgotten = [life.ended for life in evidence.lives if life.began <= refusal.real <= life.ended]
        if forgotten:  # else whoever was refused was dead by then
            until = min(refusal.real + _seconds(refusal), *forgotten)
            yield from _early(requests, refusal.chat_id, refusal.real, until, jumps)
    for life in evidence.lives:
        for chat, until in life.pauses.items():
            yield from _early(requests, chat, life.seen_at + JITTER, until, jumps)


def _early(
    requests: list[tuple[float, int]], chat: int, after: float, until: float, jumps: list[float]
) -> Iterator[Finding]:
    """Requests while a pause holds; a clock that jumps forward ends it."""
    until = min((jump for jump in jumps if after - FOLLOWS < jump < until), default=until)
    first = bisect_right(requests, (after, sys.maxsize))
    for at, to in itertools.takewhile(lambda request: request[0] < until - JITTER, requests[first:]):
        if chat in (0, to):
            yield Finding("paused", f"a request to chat {to} {until - at:.2f} s before its pause was over")


def _seconds(refusal: Refusal) -> int:
    return int(re.findall(r"\d+", refusal.description)[-1])


# ---- together no faster than allowed


def _paced(evidence: Evidence) -> Iterator[Finding]:
    """In no second are there more requests to send than all processes may make together."""
    ledger = evidence.ledger
    sends = [send.real for send in ledger.sends]
    refused = [refusal.real for refusal in ledger.refusals if refusal.method == "sendMessage"]
    moments = sorted([*sends, *refused])
    for number, moment in enumerate(moments):
        count = bisect_right(moments, moment + 1 - STALL) - number
        if count > evidence.pace:
            yield Finding("paced", f"{count} messages were sent within a second, {evidence.pace} may be")
            return


# ---- I5: who has blocked the bot is left alone


def _left_alone(evidence: Evidence) -> Iterator[Finding]:
    """Once a block is known, nothing more is tried; unless something that was said before came after it.

    What was carried out and never acknowledged may have come at any time.
    """
    known = {chat: _known(evidence, deed) for chat, deed in evidence.scenario.blocked.items()}
    carried = evidence.stored.by("inbox", "update_id")
    for update, record in evidence.ledger.updates.items():
        heard = record.acknowledged_real or (math.inf if update in carried else 0.0)
        if heard > known.get(record.chat_id, math.inf):
            known.pop(record.chat_id)
    for refusal in evidence.ledger.refusals:
        if refusal.status == 403 and refusal.real > known.get(refusal.chat_id, math.inf) + LEFT_ALONE:
            yield Finding("I5 left alone", f"{refusal.method} to {refusal.chat_id}, who has blocked the bot")


def _known(evidence: Evidence, deed: Deed) -> float:
    """The moment at which the bot has acknowledged a deed."""
    update = evidence.scenario.update(deed)
    record = None if update is None else evidence.ledger.updates[update]
    return math.inf if record is None else record.acknowledged_real or math.inf
