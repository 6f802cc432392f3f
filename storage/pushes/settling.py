"""What became of pushes: said, skipped, missed, or put off."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update
from sqlmodel import col

from flows.pushes.deciding import Decision
from flows.pushes.pushed import Reason, State
from storage.pushes.pushed import Push
from storage.sql import among, aside, many
from storage.tables import Contact, table

_SETTLE: Final = (
    update(table(Push))
    .where(among(col(Push.id), "keys"), col(Push.state) == State.DUE)
    .values(state=bindparam("became"), reason=bindparam("why"), settled_at=bindparam("when"))
)
_PUT_OFF: Final = (
    update(table(Push))
    .where(col(Push.id) == bindparam("key"), col(Push.state) == State.DUE)
    .values(
        at=bindparam("until"),
        reason=bindparam("why"),
        not_after=func.coalesce(bindparam("late", type_=table(Push).c.not_after.type), col(Push.not_after)),
    )
)


def settle(connection: Connection, decisions: Mapping[int, Decision], now: datetime) -> None:
    """Write what became of pushes: said, skipped, missed, or put off."""
    settled: dict[tuple[State, Reason | None], list[int]] = defaultdict(list)
    put_off = []
    for id, decision in sorted(decisions.items()):
        if decision.state is State.DUE:
            put_off.append(
                {
                    "key": id,
                    "until": decision.again_at,
                    "late": decision.not_after,
                    "why": decision.reason,
                }
            )
        else:
            settled[decision.state, decision.reason].append(id)
    for (became, why), ids in settled.items():
        connection.execute(_SETTLE, {"keys": ids, "became": became, "why": why, "when": now})
    if put_off:
        many(connection, _PUT_OFF, put_off)


def settle_unreachable(connection: Connection, bot: int, citizens: Iterable[int], now: datetime) -> None:
    """Nothing leads to these people, or only another bot account, unless a turn is busy with them."""
    there = select(col(Contact.citizen_id)).where(
        among(col(Contact.citizen_id), "citizens"), aside(col(Contact.bot)) == bot
    )
    busy = set(connection.execute(there, {"citizens": list(citizens)}).scalars())
    gone = (
        update(table(Push))
        .where(among(col(Push.citizen_id), "citizens"), col(Push.state) == State.DUE)
        .values(state=State.SKIPPED, reason=Reason.GONE, settled_at=now)
    )
    if lost := [citizen for citizen in citizens if citizen not in busy]:
        connection.execute(gone, {"citizens": lost})
