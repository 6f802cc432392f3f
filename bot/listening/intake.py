"""Takes raw updates in, whichever way they came: decoded, carried out in groups, reported.

Nothing here acknowledges: whoever brought an update does, once `take` or `carry` has returned.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.listening.flood import Flood, Verdict
from bot.listening.updates import KINDS, Decoder, Undecodable, is_number
from bot.logs import log, report
from bot.metrics import COMMIT, GROUP, UPDATES
from bot.speaking.alarms import Alarms
from bot.speaking.courier import Courier
from bot.speaking.speaker import Speaker
from bot.turns.group import Answer, in_groups
from bot.turns.incoming import Incoming, Press
from bot.turns.turns import Failed, Turns
from flows.events import Left, PressedInChat, Returned, TooFast
from storage.faultpoints import reached
from storage.messages.inbox import Arrived
from storage.occasions.called_cards import Call
from storage.panels.rooms import Joined, Summons


class Intake:
    """The ear of the bot."""

    def __init__(
        self,
        decoder: Decoder,
        turns: Turns,
        courier: Courier,
        speaker: Speaker,
        *,
        now: Callable[[], datetime],
        alarms: Alarms,
        flood: Flood | None = None,
    ) -> None:
        """
        flood  judges who sends too much; None: everything is taken in
        """
        self._decoder = decoder
        self._turns = turns
        self._courier = courier
        self._speaker = speaker
        self._now = now
        self._alarms = alarms
        self._flood = flood
        self._answers: set[asyncio.Task[None]] = set()

    async def take(self, updates: Sequence[Any]) -> None:
        """Carry out raw updates, each person's in their order; returns once all is committed.

        Raises what the database raises when it is in trouble; the same updates may then be taken again.
        """
        decoded = [await self.decode(update) for update in updates]
        reached("after_parse")
        for group in in_groups([incoming for incoming in decoded if incoming is not None]):
            await self.carry(group)

    async def decode(self, update: Any) -> Incoming | None:
        """A raw update ready to be carried out; None where nothing is: ignored, quarantined, too much."""
        try:
            incoming = self._decoder.decode(update if isinstance(update, dict) else {})
        except Undecodable as error:
            await self._set_aside(update, str(error))
            return None
        if not incoming.is_heard:
            UPDATES.labels("ignored").inc()
            return None
        return incoming if self._flood is None else self._judged(self._flood, incoming)

    async def carry(self, group: Sequence[Incoming]) -> None:
        """Carry out a group with at most one update of each person; then, and only then, speak."""
        with COMMIT.time():
            carried = await self._turns.take(group, self._now(), room=self._courier.room())
        GROUP.observe(len(group))
        UPDATES.labels("carried").inc(len(group) - len(carried.failed))
        self._courier.hand_over(carried.speak)
        if carried.waiting:
            self._courier.call()
        for answer in carried.answers:
            self._answer(answer)
        self._report(carried.failed)

    async def finish(self) -> None:
        """Let the answers to pressed buttons get away."""
        if self._answers:
            await asyncio.wait(self._answers, timeout=2)

    async def _set_aside(self, update: Any, reason: str) -> None:
        update_id = update.get("update_id") if isinstance(update, dict) else None
        if not is_number(update_id):
            return self._report([Failed("nothing", reason)])
        kind = next((key for key in update if key != "update_id"), "nothing")
        failed = Failed(kind if kind in KINDS else "other", reason)
        incoming = Incoming(Arrived(update_id, 0), kind, press=_press_in(update))
        carried = await self._turns.set_aside(incoming, failed, self._now(), attempts=1)
        for answer in carried.answers:
            self._answer(answer)
        return self._report(carried.failed)

    def _judged(self, flood: Flood, incoming: Incoming) -> Incoming | None:
        """The update; or of what is too much the first as a cause for a notice, and the rest not at all."""
        event, who = incoming.event, _in_chat(incoming)
        if who is not None:
            verdict = flood.judge(who, incoming.arrived.update_id, self._now())
            if verdict is Verdict.TAKE:
                return incoming
            self._drop(incoming, who)
            return None  # in a group chat nobody is told
        if incoming.sender is None or event is None or isinstance(event, Left | Returned):
            return incoming
        verdict = flood.judge(incoming.sender.telegram, incoming.arrived.update_id, event.at)
        if verdict is Verdict.TAKE:
            return incoming
        if verdict is Verdict.DROP:
            self._drop(incoming, incoming.sender.telegram)
            return None
        log.warning("somebody sends more than is taken in")
        press = incoming.press and Press(incoming.press.id, None, None)  # its question stays as it is
        return replace(incoming, event=TooFast(event.at), press=press, album=None)

    def _drop(self, incoming: Incoming, who: int) -> None:
        """Let go of what is too much; a button is answered where something could be said to them anyway."""
        UPDATES.labels("flooded").inc()
        if incoming.press is not None and self._courier.can_spare(who):
            self._answer(Answer(incoming.press.id))

    def _answer(self, answer: Answer) -> None:
        task = asyncio.get_running_loop().create_task(self._respond(answer))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        task.add_done_callback(report)

    async def _respond(self, answer: Answer) -> None:
        await self._speaker.answer(answer.press, answer.text)
        trace = answer.trace
        if trace is not None and self._courier.can_spare(trace.telegram):
            await self._speaker.leave_trace(trace.telegram, trace.message, trace.label)

    def _report(self, failed: Sequence[Failed]) -> None:
        for one in failed:
            UPDATES.labels("quarantined").inc()
            log.error("an update was put in quarantine", kind=one.kind, reason=one.reason, exc_info=one.error)
            self._alarms.sound("quarantine")


def _press_in(update: dict[str, Any]) -> Press | None:
    """What is known of a press that cannot be decoded: enough to answer it."""
    query = update.get("callback_query")
    id = query.get("id") if isinstance(query, dict) else None
    return Press(id, None, None) if isinstance(id, str) else None


def _in_chat(incoming: Incoming) -> int | None:
    """The Telegram id of whoever acts in a group chat; None for what nobody does there."""
    match incoming.chat:
        case Call(caller=who) | Summons(by=who) | Joined(by=who):
            return who
    is_press = isinstance(incoming.event, PressedInChat) and incoming.sender is not None
    return incoming.sender.telegram if is_press and incoming.sender else None
