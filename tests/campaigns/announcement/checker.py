"""What is promised of an announcement, held against what the Bot API has seen and what was stored."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from bot.playground.emulator.ledger import Ledger
from flows.announcements.announcement import Fate, Omission, Stage
from flows.pushes.pushed import Notice
from storage.announcements.announced import Announcement, Recipient
from storage.pushes.pushed import Push
from storage.tables import table
from tests.campaigns.announcement.crowd import FIRST, TITLE, Kind, Somebody
from tests.campaigns.announcement.verdict import Share
from tests.campaigns.kills.evidence import Finding

PLACES: Final = 30
"""Messages in flight at a time: so many at the most does a kill leave unsure."""

UNWANTED: Final = {
    Kind.BLOCKED: Omission.BLOCKED,
    Kind.STOPPED: Omission.STOPPED,
    Kind.NO_CONSENT: Omission.NO_CONSENT,
    Kind.OFF: Omission.OFF,
}

SORTS: Final[Mapping[str, tuple[Kind, ...]]] = {
    "reachable": (Kind.REACHABLE,),
    "who had blocked the bot without its knowing": (Kind.HIDDEN,),
    "whom it knew to be out of reach, or not to want it": tuple(UNWANTED),
}
"""What people are summed up by; the author is one of the first."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What stands in the database at the end."""

    announcement: Row[Any]
    recipients: Sequence[Row[Any]]
    reports: int  # pushes to the author


def read(connection: Connection) -> Stored:
    """All of it."""
    reports = select(table(Push)).where(col(Push.kind) == Notice.SENT)
    return Stored(
        announcement=connection.execute(select(table(Announcement))).one(),
        recipients=connection.execute(select(table(Recipient))).all(),
        reports=len(connection.execute(reports).all()),
    )


def heard(ledger: Ledger) -> Mapping[int, int]:
    """How often each person was sent it, as the Bot API accepted it."""
    return Counter(send.chat_id for send in ledger.sends if TITLE in send.text)


def shares(people: Sequence[Somebody], stored: Stored) -> list[Share]:
    """What has become of it for those who can be reached, and for all others."""
    kinds = {FIRST: Kind.REACHABLE, **{one.telegram: one.kind for one in people}}
    fates: dict[Kind, Counter[Fate]] = defaultdict(Counter)
    for row in stored.recipients:
        fates[kinds[row.citizen_id]][Fate(row.state)] += 1
    return [
        Share(who, sum(kind in of for kind in kinds.values()), sum((fates[kind] for kind in of), Counter()))
        for who, of in SORTS.items()
    ]


def check(
    people: Sequence[Somebody],
    stored: Stored,
    ledger: Ledger,
    shares: Sequence[Share],
    *,
    kills: int,
    ended: bool,
) -> list[Finding]:
    """The promises that were broken."""
    if not ended or stored.announcement.stage != Stage.SENT:
        return [Finding("resumed", f"it stands at {stored.announcement.stage}")]
    by_person: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in stored.recipients:
        by_person[row.citizen_id].append(row)
    sent = heard(ledger)
    author = Somebody(FIRST, Kind.REACHABLE, "fr")
    return [
        *(finding for one in (author, *people) for finding in _about(one, by_person[one.telegram], sent)),
        *_tried(people, ledger),
        *_told(people, stored),
        *_summed_up(shares),
        *_few_unsure(stored, ledger, kills),
    ]


def _about(one: Somebody, rows: Sequence[Row[Any]], sent: Mapping[int, int]) -> Iterator[Finding]:
    """What became of it for one person."""
    times = sent.get(one.telegram, 0)
    if times > 1:
        yield Finding("once", f"{one.telegram} got it {times} times")
    if len(rows) != 1:
        yield Finding("ledger", f"{one.telegram} has {len(rows)} rows")
        return
    state, omission = rows[0].state, rows[0].omission
    match one.kind:
        case Kind.REACHABLE:
            if state not in (Fate.DELIVERED, Fate.UNSURE):
                yield Finding("reached", f"{one.telegram} is {state} {omission}")
            if state == Fate.DELIVERED and times == 0:
                yield Finding("reached", f"{one.telegram} counts as delivered")
        case Kind.HIDDEN:
            if state not in (Fate.GONE, Fate.UNSURE) and omission != Omission.BLOCKED:
                yield Finding("gone", f"{one.telegram} is {state} {omission}")
        case _:
            if (state, omission) != (Fate.SKIPPED, UNWANTED[one.kind]):
                yield Finding("unwanted", f"{one.telegram} ({one.kind}) is {state} {omission}")


def _tried(people: Sequence[Somebody], ledger: Ledger) -> Iterator[Finding]:
    """Nobody was tried who was known to be out of reach, or not to want it; nobody after their refusal."""
    kinds = {one.telegram: one.kind for one in people}
    refused = Counter(each.chat_id for each in ledger.refusals if each.status == 403)
    tried = Counter(send.chat_id for send in ledger.sends if TITLE in send.text) + refused
    for telegram, kind in kinds.items():
        if kind in UNWANTED and tried[telegram]:
            yield Finding("unwanted", f"{telegram} ({kind}) was tried {tried[telegram]} times")
        if kind is Kind.HIDDEN and refused[telegram] > 1:
            yield Finding("gone", f"{telegram} was tried {refused[telegram]} times")


def _told(people: Sequence[Somebody], stored: Stored) -> Iterator[Finding]:
    """Everybody is accounted for, and the author was told so once."""
    if stored.announcement.found != len(people) + 1:
        yield Finding("ledger", f"{stored.announcement.found} recipients were counted")
    if stored.reports != 1:
        yield Finding("report", f"{stored.reports} reports")


def _summed_up(shares: Sequence[Share]) -> Iterator[Finding]:
    """Delivered and unsure are together all who can be reached; of no sort is anybody missing or there twice.

    Unsure can also be somebody who had blocked the bot: the refusal was lost on its way.
    """
    reachable = shares[0].fates
    if reachable[Fate.DELIVERED] + reachable[Fate.UNSURE] != shares[0].people:
        yield Finding("sum", str(shares[0]))
    for share in shares[1:]:
        if share.fates.total() != share.people or share.fates[Fate.DELIVERED]:
            yield Finding("sum", str(share))


def _few_unsure(stored: Stored, ledger: Ledger, kills: int) -> Iterator[Finding]:
    """What is unsure was in flight at a kill, or its answer was lost: a twentieth of all at the most."""
    unsure = sum(row.state == Fate.UNSURE for row in stored.recipients)
    lost = sum(not send.answered for send in ledger.sends) + len(stored.recipients) // 20
    if unsure > kills * PLACES + lost:
        yield Finding("unsure", f"{unsure}, with {kills} kills and {lost} lost answers")
