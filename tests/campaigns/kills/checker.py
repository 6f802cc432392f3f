"""Holds what was promised against the evidence, and knows nothing of how the bot keeps it.

Its sources are Telegram's ledger, the citizens' own scenario, the database and the logs. Of the code
only the flows are run, to see whether a stored conversation replays to the question it was left at.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from flows.conversations import conversations
from flows.engine import Entry, Kind, advance
from flows.moves import Effect, Look, Passing
from tests.campaigns.kills import deliveries
from tests.campaigns.kills.evidence import Evidence, Finding
from tests.campaigns.kills.hands import CANARY, MARK
from tests.campaigns.kills.scenario import OURS, Deed, Uttered
from tests.campaigns.kills.stored import Row


def check(evidence: Evidence) -> list[Finding]:
    """Everything found wrong, the gravest first; an empty list: every promise was kept."""
    return [
        *_answers(evidence),
        *_acknowledged(evidence),
        *_set_aside(evidence),
        *deliveries.check(evidence),
        *_conversations(evidence),
        *_erased(evidence),
        *_fences(evidence),
        *_log(evidence),
        *(Finding("I15 sound", problem) for problem in evidence.stored.broken),
    ]


# ---- I1, I2: no answer lost, none stored twice


def _answers(evidence: Evidence) -> Iterator[Finding]:
    stored = evidence.stored
    by_message = stored.by("statement", "message")
    early = stored.by("wording", "statement_id")
    authors = {row["pseudonym"]: row["citizen_id"] for row in stored.tables["pseudonym"]}
    telegrams = {row["citizen_id"]: row["telegram"] for row in stored.tables["contact"]}
    for uttered in evidence.scenario.uttered:
        if uttered.citizen in evidence.scenario.erased:
            continue  # looked at by `_erased`
        rows = by_message.get(uttered.message, [])
        if len(rows) > 1:
            yield Finding("I2 once", f"{len(rows)} rows for {_name(evidence, uttered)}")
        if not rows:
            heard = _is_acknowledged(evidence, uttered.wordings[0].deed)
            if heard and not uttered.raced and not _is_astray(evidence, uttered):
                yield Finding("I1 kept", f"{_name(evidence, uttered)} is lost")
            continue
        if telegrams.get(authors.get(rows[0]["author"])) != uttered.citizen:
            yield Finding("I1 kept", f"{_name(evidence, uttered)} is another person's")
        yield from _wordings(evidence, uttered, rows[0], early.get(rows[0]["id"], []))
    known = {uttered.message for uttered in evidence.scenario.uttered}
    for message in by_message.keys() - known:
        yield Finding("I2 once", f"a statement from message {message}, in which nobody said one")


def _wordings(evidence: Evidence, uttered: Uttered, row: Row, early: list[Row]) -> Iterator[Finding]:
    """A statement has the words it was given, in their order, none lost and none twice."""
    name = _name(evidence, uttered)
    given = [wording.text for wording in uttered.wordings]
    certain = [wording.deed for wording in uttered.wordings if not wording.raced]
    must = sum(_is_acknowledged(evidence, deed) for deed in certain)
    if not must <= row["version"] <= len(given):
        yield Finding(
            "I1 kept", f"{name} is at version {row['version']}, its author at {must} to {len(given)}"
        )
    if row["withdrawn_at"] is not None:
        if uttered.withdrawn is None:
            yield Finding("I1 kept", f"{name} is withdrawn, which its author never wanted")
        if row["text"] or early:
            yield Finding("I14 erased", f"{name} is withdrawn, and its words are there")
        return
    if uttered.withdrawn is not None and _is_acknowledged(evidence, uttered.withdrawn):
        yield Finding("I1 kept", f"{name} was withdrawn by its author, and stays")
    kept = [wording["text"] for wording in sorted(early, key=lambda wording: wording["version"])]
    if [*kept, row["text"]] != given[: row["version"]]:
        yield Finding("I1 kept", f"{name} has other words than its author gave it")


def _is_astray(evidence: Evidence, uttered: Uttered) -> bool:
    """Whether its author had taken a late answer for that to a nudge, which was yet to come.

    So they said it to a question that was not open any more: what they were asked last, they had not seen.
    """
    updates, update = evidence.ledger.updates, evidence.scenario.update
    accepted = {send.message_id: send.at for send in evidence.ledger.sends}
    answered = {row["key"].split(":")[2]: accepted.get(row["message"], 0.0) for row in _replies(evidence)}
    said = update(uttered.wordings[0].deed)
    nudges = [update(deed) for deed in evidence.scenario.nudges.get(uttered.citizen, ())]
    return said is not None and any(
        updates[nudge].queued_at < updates[said].queued_at < answered.get(str(nudge), 0.0)
        for nudge in nudges
        if nudge is not None
    )


def _replies(evidence: Evidence) -> Iterator[Row]:
    """The rows of the outbox that answer one update."""
    return (row for row in evidence.stored.tables["outbox"] if row["key"].startswith("u:"))


def _name(evidence: Evidence, uttered: Uttered) -> str:
    return f"the statement of update {evidence.scenario.update(uttered.wordings[0].deed)}"


def _is_acknowledged(evidence: Evidence, deed: Deed) -> bool:
    update = evidence.scenario.update(deed)
    return update is not None and evidence.ledger.updates[update].acknowledged_at is not None


# ---- I3: no acknowledgement without a commit; P6: nothing dropped silently


def _acknowledged(evidence: Evidence) -> Iterator[Finding]:
    inbox = evidence.stored.by("inbox", "update_id")
    for deed, update in evidence.scenario.updates.items():
        if _is_acknowledged(evidence, deed) and update not in inbox:
            yield Finding("I3 committed", f"update {update} was acknowledged and never committed")
    for update, rows in inbox.items():
        if len(rows) > 1:
            yield Finding("I2 once", f"update {update} was carried out {len(rows)} times")


def _set_aside(evidence: Evidence) -> Iterator[Finding]:
    """What nobody could understand is counted, once; what a citizen did is never set aside."""
    quarantine = evidence.stored.by("quarantine", "update_id")
    ours = {*evidence.scenario.updates.values()}
    for update, rows in quarantine.items():
        if update in ours:
            yield Finding("counted", f"update {update} of a citizen is in quarantine: {rows[0]['reason']}")
        if len(rows) > 1:
            yield Finding("counted", f"update {update} is in quarantine {len(rows)} times")
    for update, record in evidence.ledger.updates.items():
        stray = update not in ours and record.kind in OURS
        if stray and record.acknowledged_at is not None and update not in quarantine:
            yield Finding("counted", f"the malformed update {update} was dropped without a trace")


# ---- I8: conversations are what their logs replay to


def _conversations(evidence: Evidence) -> Iterator[Finding]:
    statements = evidence.stored.by("statement", "id")
    for row in evidence.stored.tables["conversation"]:
        for id, flow, args, log, step in json.loads(row["stack"]):
            entries = tuple(Entry(Kind(kind), key, value) for kind, key, value in log)
            wrong = _replayed_wrong(flow, args, entries)
            if wrong is not None:
                yield Finding("I8 replays", f"conversation {id} ({flow}, step {step}): {wrong}")
            for entry in entries:
                statement = entry.value.get("statement") if isinstance(entry.value, dict) else None
                if statement is not None and statement not in statements:
                    yield Finding("I8 replays", f"conversation {id} holds a receipt for nothing")


def _replayed_wrong(flow: str, args: list[Any], log: tuple[Entry, ...]) -> str | None:
    """What is wrong with a stored log; None: it leads to the question it ends with, and to nothing else."""

    def carry_out(move: Look | Effect[Any]) -> Any:
        if isinstance(move, Look) and issubclass(move.what, Passing):
            return None  # only shown, never decided by
        raise LookupError(f"it asks anew for {type(move).__name__}")

    try:
        turn = advance(conversations()[flow].start(*args), log, None, carry_out)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return str(error) or type(error).__name__
    if turn.asked is None:
        return "it has ended"
    return None if turn.log == log else f"it leads to '{turn.asked.key}' by another way"


# ---- I14: what was erased is gone


def _erased(evidence: Evidence) -> Iterator[Finding]:
    said = {uttered.message: uttered.citizen for uttered in evidence.scenario.uttered}
    gone = {citizen for citizen, deed in evidence.scenario.erased.items() if _is_acknowledged(evidence, deed)}
    words = {
        wording.text.rpartition(CANARY)[2]: uttered.citizen
        for uttered in evidence.scenario.uttered
        for wording in uttered.wordings
    }
    for row in evidence.stored.tables["statement"]:
        if said.get(row["message"]) in gone:
            yield Finding("I14 erased", f"a statement of {said[row['message']]}, who had everything erased")
    for table, rows in evidence.stored.tables.items():
        for row in rows:
            for mark in re.findall(MARK, json.dumps(list(row.values()), default=str)):
                if words.get(mark) in gone:
                    yield Finding("I14 erased", f"words of {words[mark]} in {table}, who had all erased")


# ---- I9: one run at a time


def _fences(evidence: Evidence) -> Iterator[Finding]:
    """Each run has a higher number than all before, no process took two, none spoke but while it lived."""
    lives = {fence: life for life in evidence.lives for fence in life.fences}
    if not evidence.several:
        yield from _one_after_the_other(evidence)
    accepted = {send.message_id: send.real for send in evidence.ledger.sends}
    for row in evidence.stored.tables["outbox"]:
        whose, moment = f"message {row['key']} of run {row['worker']}", accepted.get(row["message"])
        speaker = lives.get(row["worker"])
        if row["worker"] is not None and speaker is None:
            yield Finding("I9 fenced", f"{whose}, which never was")
        elif speaker and moment and not speaker.began <= moment <= speaker.ended + deliveries.JITTER:
            yield Finding("I9 fenced", f"{whose} was spoken when that was not alive")


def _one_after_the_other(evidence: Evidence) -> Iterator[Finding]:
    newest = taken = 0
    for number, life in enumerate(evidence.lives, start=1):
        taken += len(life.fences)
        if taken > number:
            yield Finding("I9 fenced", f"{taken} runs were begun by {number} processes")
        if life.fences and min(life.fences) <= newest:
            yield Finding("I9 fenced", f"life {number} has {sorted(life.fences)} after {newest}")
        if life.was_ready and not life.fences:
            yield Finding("I9 fenced", f"life {number} has no number of its own")
        newest = max(newest, *life.fences) if life.fences else newest


# ---- I12: logs tell nothing of people


def _log(evidence: Evidence) -> Iterator[Finding]:
    if CANARY in evidence.told:
        yield Finding("I12 discreet", "a citizen's words are in a log")
    if any(secret in evidence.told for secret in evidence.secrets):
        yield Finding("I12 discreet", "a secret is in a log")
    numbers = {int(digits) for digits in re.findall(r"\d{6,18}", evidence.told)}
    if numbers & evidence.scenario.citizens:
        yield Finding("I12 discreet", "a Telegram id is in a log")
