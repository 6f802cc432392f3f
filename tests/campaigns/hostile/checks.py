"""What must hold after the campaign; every function tells what does not, and an empty list is good."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any, Final

from bot.playground.emulator.ledger import Send
from config.cadences import our_cadences
from config.inert import SEAM
from config.languages import language_name, locale_of
from tests.campaigns.hostile.campaign import HONEST, SENDERS, Outcome
from tests.campaigns.hostile.corpus import CANARY
from tests.campaigns.hostile.database import Row, query
from tests.campaigns.hostile.phrases import (
    CATALOGUES,
    cut,
    is_fragment,
    marked_in,
    own_detections,
    phrases,
    quoted_in,
)
from tests.campaigns.hostile.walker import Idea, kept_as
from tests.processes.bot_process import TOKEN

_FOUND_BY_SERVER: Final = frozenset(
    ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number")
)
_MOST_MARKS: Final = 4  # combining marks on one letter, as the bot promises
_TELLING: Final = 12  # characters from which on a text is not in a log by chance
_REASON: Final = re.compile(r"[A-Za-z_ ]{1,60}")
_KINDS: Final = {"message", "edited_message", "callback_query", "my_chat_member", "other", "nothing"}


# ---- what was said


def injected_entities(outcome: Outcome) -> list[str]:
    """Entities of accepted sends that the catalogues do not account for: in nobody's words any is found."""
    problems = []
    for send in outcome.emulator.ledger.sends:
        spans = {(e["type"], e["offset"], e["offset"] + e["length"]) for e in send.entities}
        found = {span for span in spans if span[0] in _FOUND_BY_SERVER}
        expected = set() if is_fragment(send.text) else marked_in(send.text)
        if spans - found != expected:
            problems.append(f"marked {spans - found} instead of {expected} in {send.text!r}")
        problems += [f"{span} in {send.text!r}" for span in found if not _is_innocent(send, *span)]
    return problems


def _is_innocent(send: Send, _kind: str, start: int, end: int) -> bool:
    """Whether something the server found is one of the catalogues' own commands."""
    return cut(send.text, start, end) in own_detections()


def foreign_quotations(outcome: Outcome) -> list[str]:
    """Words quoted to a person that are neither theirs nor the name of a place, or that could do harm."""
    problems = []
    walkers = {walker.person.id: walker for walker in (*outcome.honest, *outcome.hostile)}
    own = {id: {_bare(text) for text in walker.wrote} for id, walker in walkers.items()}
    for person, text in _mutated_texts(outcome):
        own.setdefault(person, set()).add(_bare(kept_as(text)))
    for chat, quotation in _quotations(outcome):
        theirs = own.get(chat, set())
        if _bare(quotation) not in theirs | _names() and not _begins(quotation, theirs):
            problems.append(f"{chat} was shown {quotation[:200]!r}")
        if re.search("[\u202a-\u202e\u2066-\u2069]", quotation):
            problems.append(f"a control of direction in {quotation[:200]!r}")
        if _most_marks(quotation) > _MOST_MARKS:
            problems.append(f"{_most_marks(quotation)} marks on a letter in {quotation[:200]!r}")
    return problems


def _quotations(outcome: Outcome) -> Iterator[tuple[int, str]]:
    """Chat and words of every quotation, those that go over several pages put together."""
    waiting: dict[int, str] = {}
    for send in outcome.emulator.ledger.sends:
        text = waiting.pop(send.chat_id, "") + send.text
        if is_fragment(text):
            waiting[send.chat_id] = text
            continue
        yield from ((send.chat_id, words) for _, _, words in quoted_in(text))
    assert not waiting, f"quotations that never end: {waiting}"


def _bare(text: str) -> str:
    """What is left of words when all that showing them may change is taken away."""
    return "".join(
        character
        for character in text
        if not character.isspace()
        and character != SEAM
        and unicodedata.category(character) not in ("Mn", "Me", "Cc")
        and not 0x2028 <= ord(character) <= 0x202E
        and not 0x2066 <= ord(character) <= 0x2069
    )


def _begins(quotation: str, own: set[str]) -> bool:
    start = _bare(quotation.removesuffix("\N{HORIZONTAL ELLIPSIS}"))
    return quotation.endswith("\N{HORIZONTAL ELLIPSIS}") and any(text.startswith(start) for text in own)


def _most_marks(text: str) -> int:
    most = run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        most = max(most, run)
    return most


@cache
def _names() -> frozenset[str]:
    """Names of territories, groups and languages, zones and quiet hours, as their files have them.

    Languages, in which words are found to be, are also called as each of ours calls them.
    """
    languages = tomllib.loads((CATALOGUES.parent / "languages.toml").read_text(encoding="utf-8"))
    found: list[str] = [entry["name"] for entry in languages.values()]
    found += [language_name(code, locale_of(reader)) for reader in languages for code in languages]
    quiet = our_cadences().quiet
    found.append(f"{quiet.begins:%H:%M}-{quiet.ends:%H:%M}" if quiet else "")
    for file in (CATALOGUES.parent / "territories").glob("*.toml"):
        territory = tomllib.loads(file.read_text(encoding="utf-8"))
        found.append(territory["zone"])
        for holder in (territory, *territory["groups"]):
            found += holder["names"].values()
    return frozenset(map(_bare, found))


def foreign_labels(outcome: Outcome) -> list[str]:
    """Buttons whose words come from anywhere but the catalogues and the names of places and languages."""
    languages = tomllib.loads((CATALOGUES.parent / "languages.toml").read_text(encoding="utf-8"))
    names = {entry["name"] for entry in languages.values()}
    known = {phrase.plain for phrase in phrases()} | names
    shown = {
        button["text"]
        for send in outcome.emulator.ledger.sends
        for row in (send.markup or {}).get("inline_keyboard", [])
        for button in row
    }
    further = {label for label in shown if names | {"…"} >= set(label.split(", "))}
    unknown = shown - known - further
    return [label for label in unknown if not (label.isdecimal() or _bare(label) in _names())]


def previews(outcome: Outcome) -> list[str]:
    """Messages with words of a citizen in which Telegram may fetch what an address shows."""
    return [
        message["text"]
        for walker in (*outcome.honest, *outcome.hostile)
        for message in walker.person.messages
        if message["from"]["is_bot"] and not message.get("link_preview_options", {}).get("is_disabled")
    ]


# ---- what was kept


def wrongly_kept(outcome: Outcome) -> list[str]:
    """Ideas that differ from what their authors were told is kept: foreign, changed, lost or twice."""
    problems = []
    kept = _statements(outcome)
    for walker in (*outcome.honest, *outcome.hostile):
        if walker.person.id in SENDERS:
            continue
        rows = kept.pop(walker.person.id, [])
        found = {row["message"]: Idea(row["question"], row["text"]) for row in rows}
        if found != walker.ideas or len(found) != len(rows):
            extra = {key: idea for key, idea in found.items() if walker.ideas.get(key) != idea}
            lost = {key: idea for key, idea in walker.ideas.items() if found.get(key) != idea}
            problems.append(f"{walker.person.id}: kept {extra}, should have kept {lost}")
    allowed = {(person, kept_as(text)) for person, text in _mutated_texts(outcome)}
    allowed |= {(walker.person.id, text) for walker in outcome.hostile for text in walker.wrote}
    for person, rows in kept.items():
        problems += [f"{person}: {row}" for row in rows if (person, row["text"]) not in allowed]
    return problems


def _statements(outcome: Outcome) -> dict[int | None, list[Row]]:
    """Statements that are not withdrawn, by the Telegram id of their author; None: of nobody."""
    rows = query(
        outcome.bot.database,
        "SELECT contact.telegram, statement.* FROM statement LEFT JOIN pseudonym ON pseudonym = author "
        "LEFT JOIN contact USING (citizen_id) WHERE withdrawn_at IS NULL",
    )
    found: dict[int | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row["telegram"], []).append(row)
    return found


def _mutated_texts(outcome: Outcome) -> Iterator[tuple[int, str]]:
    """Sender and words of malformed updates, as far as they have any: numbers may stand there as text."""
    for update in outcome.mutated.values():
        for body in update.values():
            if isinstance(body, dict) and isinstance(body.get("text"), str):
                sender = body.get("from")
                told = sender.get("id") if isinstance(sender, dict) else None
                if isinstance(told, int | float | str) and re.fullmatch(r"\d{1,18}(\.0)?", str(told)):
                    yield int(float(told)), body["text"]


def misplaced(outcome: Outcome) -> list[str]:
    """People and ideas in a territory or group that does not exist."""
    places: set[tuple[str | None, str | None]] = {(None, None)}
    for file in (CATALOGUES.parent / "territories").glob("*.toml"):
        territory = tomllib.loads(file.read_text(encoding="utf-8"))
        places.add((territory["slug"], None))
        places |= {(territory["slug"], group["slug"]) for group in territory["groups"]}
    rows = chain(
        query(outcome.bot.database, "SELECT 'citizen' AS what, id, territory, group_slug FROM citizen"),
        query(outcome.bot.database, "SELECT 'statement' AS what, id, territory, group_slug FROM statement"),
    )
    return [str(row) for row in rows if (row["territory"], row["group_slug"]) not in places]


def words_where_none_belong(outcome: Outcome) -> list[str]:
    """Tables other than those of statements that hold what somebody wrote."""
    problems = []
    telling = _telling_texts(outcome)
    names = query(outcome.bot.database, "SELECT name FROM sqlite_master WHERE type = 'table'")
    for table in sorted({row["name"] for row in names} - {"statement", "wording"}):
        for row in query(outcome.bot.database, f"SELECT * FROM {table}"):
            values = " ".join(value for value in row.values() if isinstance(value, str))
            problems += [f"{table}: {text[:80]!r}" for text in telling if text in values]
    return problems


def broken(outcome: Outcome) -> list[str]:
    """What SQLite finds wrong with its file."""
    pages = [row["integrity_check"] for row in query(outcome.bot.database, "PRAGMA integrity_check")]
    return [page for page in pages if page != "ok"] + [
        str(row) for row in query(outcome.bot.database, "PRAGMA foreign_key_check")
    ]


def wrongly_set_aside(outcome: Outcome) -> list[str]:
    """Updates in quarantine that could have been carried out, were tried in vain, or left words there."""
    rows = query(outcome.bot.database, "SELECT * FROM quarantine")
    return [
        str(row)
        for row in rows
        if row["update_id"] not in outcome.mutated
        or row["attempts"] != 1
        or row["kind"] not in _KINDS
        or not _REASON.fullmatch(row["reason"])
    ]


def unfinished(outcome: Outcome) -> list[str]:
    """Updates that were never acknowledged, messages that never ended, refusals nobody asked for."""
    ledger = outcome.emulator.ledger
    problems = [
        f"update {id} {record}"
        for id, record in ledger.updates.items()
        if record.acknowledged_at is None or record.expired
    ]
    outbox = "SELECT * FROM outbox WHERE state NOT IN ('sent', 'dead', 'cancelled')"
    problems += [str(row) for row in query(outcome.bot.database, outbox)]
    problems += [
        str(refusal)
        for refusal in ledger.refusals
        if not (refusal.method.lower() == "answercallbackquery" or refusal.chat_id not in _people(outcome))
    ]
    return problems


def _people(outcome: Outcome) -> set[int]:
    return {walker.person.id for walker in (*outcome.honest, *outcome.hostile)}


# ---- what was logged


def leaked(outcome: Outcome) -> list[str]:
    """Tokens, ids and words of citizens in the log."""
    log = outcome.bot.log_file.read_text(encoding="utf-8", errors="replace")
    secrets = [TOKEN, TOKEN.partition(":")[2], CANARY, *map(str, _people(outcome))]
    return [secret for secret in (*secrets, *_telling_texts(outcome)) if secret in log]


def _telling_texts(outcome: Outcome) -> list[str]:
    """Texts long enough not to be anywhere by chance, also as JSON would write them."""
    texts = set(
        chain.from_iterable(walker.wrote for walker in outcome.hostile if walker.person.id not in SENDERS)
    )
    long = {text[:200] for text in texts if len(text) >= _TELLING and not _is_ours(text)}
    return sorted(long | {json.dumps(text)[1:-1] for text in long})


def _is_ours(text: str) -> bool:
    """Whether a text is nothing but a word of the program's own, such as a command."""
    return bool(re.fullmatch(r"[/a-z_.@]+", text))


def waits(outcome: Outcome) -> dict[str, float]:
    """How long honest people waited for their answers, in seconds."""
    seconds = sorted(wait for walker in outcome.honest for wait in walker.waits)
    return {
        "answers": len(seconds),
        "p50": seconds[len(seconds) // 2],
        "p95": seconds[int(len(seconds) * 0.95)],
        "most": seconds[-1],
    }


def figures(outcome: Outcome) -> dict[str, Any]:
    """The campaign in numbers."""
    ledger = outcome.emulator.ledger
    return {
        "seed": outcome.seed,
        "way": outcome.way.name,
        **outcome.counts,
        "seconds": round(outcome.seconds, 1),
        "updates": len(ledger.updates),
        "sends": len(ledger.sends),
        "statements": sum(map(len, _statements(outcome).values())),
        "quarantined": query(outcome.bot.database, "SELECT count(*) AS n FROM quarantine")[0]["n"],
        "people": len(_people(outcome)),
        "honest": len(HONEST),
        "honest wait": {name: round(value, 3) for name, value in waits(outcome).items()},
        "memory growth MB": round((outcome.memory[-1] - outcome.memory[0]) / 1e6, 1),
    }
