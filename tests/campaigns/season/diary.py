"""What a season leaves behind: what was so from when to when, seen from outside of the bot."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.campaigns.kills.evidence import Finding
from tests.campaigns.season.oracle import moment

NEVER: Final = float("inf")
UNSURE: Final = "perhaps"
"""What somebody has done whose answer was never seen: it may be kept, or may not."""

_LEFT: Final = """
    SELECT (SELECT count(*) FROM push WHERE state = 'due' AND at <= :now),
           (SELECT count(*) FROM answer WHERE offered_until <= :now),
           (SELECT count(*) FROM outbox WHERE ended_at IS NULL AND not_before <= :now)
"""
_GIVEN_UP: Final = """
    SELECT contact_id, state, created_at FROM outbox
    WHERE ended_at >= :since AND (state = 'unsure' OR (state = 'dead' AND reason = 'too late'))
"""
_NEXT: Final = """
    SELECT min(at) FROM (
        SELECT min(at) AS at FROM push WHERE state = 'due'
        UNION SELECT min(offered_until) FROM answer WHERE offered_until IS NOT NULL
        UNION SELECT min(not_before) FROM outbox WHERE ended_at IS NULL
    )
"""
_OVERSOLD: Final = """
    SELECT post.occasion_id, post.seats, sum(answer.party) AS taken
    FROM post JOIN answer ON answer.post_id = post.id
    WHERE answer.standing IN ('seated', 'offered') AND post.seats IS NOT NULL
    GROUP BY post.id HAVING taken > post.seats
"""
_EMPTY: Final = """
    SELECT occasion.id, min(answer.party) AS party, post.seats - (
        SELECT coalesce(sum(held.party), 0) FROM answer AS held
        WHERE held.post_id = post.id AND held.standing IN ('seated', 'offered')
    ) AS free
    FROM occasion JOIN post ON post.occasion_id = occasion.id JOIN answer ON answer.post_id = post.id
    JOIN citizen ON citizen.id = answer.citizen_id JOIN contact ON contact.citizen_id = citizen.id
    WHERE answer.standing = 'waiting' AND occasion.state = 'planned' AND occasion.starts_at > :now
    AND contact.reach = 'open' AND citizen.stopped_at IS NULL
    GROUP BY post.id HAVING party <= free
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person has said to one occasion, and what they had of it."""

    begun: float  # when it was still what stood before
    known: float  # from when on it was surely so
    says: str
    standing: str
    until: float | None  # how long a seat was kept
    party: int

    @property
    def comes(self) -> bool:
        """Whether they are to be reminded."""
        return self.standing == "seated" or self.says == "maybe"

    @property
    def is_told(self) -> bool:
        """Whether they are to be told of changes."""
        return self.comes or self.standing in ("waiting", "offered")


@dataclass(frozen=True, slots=True)
class Version:
    """When an occasion was to take place."""

    begun: float
    known: float
    starts: datetime
    ends: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Push:
    """A row of what became of a push."""

    citizen: int
    about: int
    kind: str
    lead: str
    state: str
    reason: str | None
    at: float
    settled: float


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody has said to an occasion."""

    citizen: int
    occasion: int
    does: str
    at: float


@dataclass
class Diary:
    """All of it."""

    answers: dict[tuple[int, int], list[Said]] = field(default_factory=lambda: defaultdict(list))
    versions: dict[int, list[Version]] = field(default_factory=lambda: defaultdict(list))
    blocked: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    stopped: dict[int, float] = field(default_factory=dict)
    heard: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    deeds: list[Deed] = field(default_factory=list)
    outages: list[tuple[float, float]] = field(default_factory=list)
    pushes: dict[int, Push] = field(default_factory=dict)
    unsure: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))  # messages never sure
    late: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))  # held up until too late
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    ended: float = 0.0


class Watch:
    """Looks into the database of a bot that runs, without a word to it."""

    def __init__(self, file: Path, diary: Diary) -> None:
        self._connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._diary = diary
        self._settled = text(0)

    def close(self) -> None:
        """Look no more."""
        self._connection.close()

    def waits(self, now: float) -> bool:
        """Whether anything is left to be said, or passed on, by now."""
        return any(self._one(_LEFT, now=text(now)))

    def left(self, now: float) -> str:
        """What that is."""
        return f"{tuple(self._one(_LEFT, now=text(now)))} pushes, offers, messages ({text(now)} UTC)"

    def next(self) -> float:
        """When something is due next."""
        found = self._one(_NEXT)[0]
        return NEVER if found is None else unix(found)

    def look(self, begun: float, now: float) -> tuple[list[tuple[int, int, Said]], list[Push]]:
        """Note what has changed since `begun`; returns the answers that have, and pushes settled since."""
        self._seats(now)
        for row in self._all(_GIVEN_UP, since=text(begun)):
            given_up = self._diary.unsure if row["state"] == "unsure" else self._diary.late
            given_up[row["contact_id"]].append(unix(row["created_at"]))
        answers = [*self._answers(begun, now)]
        return answers, [*self._pushes()]

    def plans(self, begun: float, now: float) -> None:
        """Note when everything takes place."""
        for row in self._all("SELECT id, starts, ends, state FROM occasion"):
            starts, ends = (datetime.fromisoformat(row[name]) for name in ("starts", "ends"))
            version, known = Version(begun, now, starts, ends, row["state"]), self._diary.versions[row["id"]]
            if not known or replace(version, begun=known[-1].begun, known=known[-1].known) != known[-1]:
                known.append(version)

    def _answers(self, begun: float, now: float) -> Iterable[tuple[int, int, Said]]:
        for row in self._all("SELECT * FROM answer"):
            until = None if row["offered_until"] is None else unix(row["offered_until"])
            said = Said(begun, now, row["says"], row["standing"], until, row["party"])
            known = self._diary.answers[row["citizen_id"], row["occasion_id"]]
            if not known or _core(known[-1]) != _core(said):
                known.append(said)
                yield row["citizen_id"], row["occasion_id"], said

    def _pushes(self) -> Iterable[Push]:
        for row in self._all("SELECT * FROM push WHERE settled_at >= :since", since=self._settled):
            if row["id"] not in self._diary.pushes:
                self._settled = max(self._settled, row["settled_at"])
                push = Push(
                    row["citizen_id"], row["about"], row["kind"], row["lead"], row["state"], row["reason"],
                    unix(row["at"]), unix(row["settled_at"]),
                )  # fmt: skip
                self._diary.pushes[row["id"]] = push
                yield push

    def _seats(self, now: float) -> None:
        for row in self._all(_OVERSOLD):
            self._find("seats", f"{row['taken']} have {row['seats']} seats of {row['occasion_id']}", now)
        for row in self._all(_EMPTY, now=text(now)):
            self._find("seats pass on", f"{row['free']} seats of {row['id']} are free while people wait", now)

    def _find(self, promise: str, what: str, now: float) -> None:
        finding = Finding(promise, f"{what} ({text(now)} UTC)")
        known = {each.what.partition(" (")[0] for each in self._diary.findings}
        if what not in known:
            self._diary.findings.append(finding)

    def _one(self, query: str, **values: Any) -> Any:
        return self._connection.execute(query, values).fetchone()

    def _all(self, query: str, **values: Any) -> list[sqlite3.Row]:
        return self._connection.execute(query, values).fetchall()


def _core(said: Said) -> tuple[Any, ...]:
    return said.says, said.standing, said.until, said.party


def unix(moment: str) -> float:
    """Unix seconds of a moment as SQLite keeps it."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


def text(moment: float) -> str:
    """The same the other way round."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S.%f}"


def begins(version: Version, zone: str) -> float:
    """The moment at which it begins."""
    return moment(version.starts, zone)
