"""Proposals: tried, kept, and carried out together where the same comes of them as was foreseen."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, delete, exists, func, or_, select
from sqlmodel import col

from flows.codec import decode, encode
from flows.moves import Proposable
from flows.occasions.sheet import Part
from flows.people.roles import Scope
from flows.planning.planning import Foreseen, Planned
from flows.planning.proposing import CarryOut, GiveUp, Proposals, ToBeTold
from flows.pushes.pushed import Notice, State
from storage.occasions.occasions import one
from storage.occasions.planned import Occasion
from storage.planning.planning import SETTLED
from storage.planning.plans import progress
from storage.planning.proposed import Proposal
from storage.pushes.pushed import Push
from storage.registry import appliers, applies, carry_out, loads, proposes
from storage.rehearsal import rehearsal
from storage.tables import Citizen, Contact, table
from storage.types import write
from storage.unit import Unit

_KEPT: Final = (
    select(table(Proposal))
    .where(col(Proposal.citizen_id) == bindparam("citizen"), col(Proposal.about) == bindparam("about"))
    .order_by(col(Proposal.number))
)
_AT_ONCE: Final = (
    Notice.MOVED, Notice.ANOTHER_TIME, Notice.CANCELLED, Notice.OFFER, Notice.WITHDRAWN,
)  # fmt: skip
_SETTLED: Final = (Notice.CHANGED, Notice.PROGRESS)
_IN_SERIES: Final = select(col(Occasion.id)).where(
    col(Occasion.series)
    == select(col(Occasion.series)).where(col(Occasion.id) == bindparam("about")).scalar_subquery()
)
_TOLD: Final = select(func.count(col(Push.citizen_id).distinct())).where(
    or_(col(Push.about) == bindparam("about"), col(Push.about).in_(_IN_SERIES)),
    col(Push.state) == State.DUE,
    exists().where(col(Citizen.id) == col(Push.citizen_id), col(Citizen.stopped_at).is_(None)),
    exists().where(col(Contact.citizen_id) == col(Push.citizen_id), col(Contact.reach) == "open"),
    or_(
        and_(col(Push.kind).in_(_AT_ONCE), col(Push.planned_at) >= bindparam("now")),
        and_(col(Push.kind).in_(_SETTLED), col(Push.planned_at) >= bindparam("settled")),
    ),
)


@proposes
def propose(unit: Unit, effect: Proposable[Any]) -> Any:
    """Keep a change, if it can be made after those proposed before; returns what would come of it."""
    kept = _kept(unit, effect.about)
    change = replace(effect, proposed=False)
    with rehearsal(unit) as then:
        _carry_out(then, kept)
        came = carry_out(then, change)
    if _is_made(came):
        unit.add(
            Proposal,
            citizen_id=unit.person.citizen,
            about=effect.about,
            number=kept[-1].number + 1 if kept else 1,
            what=type(change).__name__,
            change=write(encode(change)),
            came=write(encode(came)),
            at=unit.at,
        )
    return came


def _is_made(came: Any) -> bool:
    """Whether a result says that something was changed."""
    came = getattr(came, "came", came)
    return came is Planned.DONE if isinstance(came, Planned) else bool(came)


@loads(Proposals)
def proposals(unit: Unit, _where: Scope, about: int) -> Proposals:
    """How many there are, and how many of them could not be carried out."""
    kept = _kept(unit, about)
    with rehearsal(unit) as then:
        made = _carry_out(then, kept)
    return Proposals(len(kept), len(kept) - made)


@applies(CarryOut)
def carry_out_proposals(unit: Unit, effect: CarryOut) -> int:
    """Make the changes for good, and forget that they were proposed."""
    kept = _kept(unit, effect.about)
    made = _carry_out(unit, kept)
    _forget(unit, effect.about)
    return len(kept) - made


@applies(GiveUp)
def give_up(unit: Unit, effect: GiveUp) -> None:
    """Forget them."""
    _forget(unit, effect.about)


def _kept(unit: Unit, about: int) -> Sequence[Row[Any]]:
    return unit.rows(_KEPT, {"citizen": unit.person.citizen, "about": about})


def _forget(unit: Unit, about: int) -> None:
    mine = col(Proposal.citizen_id) == unit.person.citizen, col(Proposal.about) == about
    unit.change(delete(table(Proposal)).where(*mine))


def _carry_out(unit: Unit, kept: Sequence[Row[Any]]) -> int:
    """Make changes up to the first that comes to something else than was foreseen; returns how many."""
    by_name = {effect.__name__: effect for effect in appliers()}
    for made, row in enumerate(kept):
        change = decode(by_name[row.what], json.loads(row.change))
        with unit.part() as undo:
            if encode(carry_out(unit, change)) != json.loads(row.came):
                undo()
                return made
    return len(kept)


@loads(ToBeTold)
def to_be_told(unit: Unit, _where: Scope, about: int) -> ToBeTold:
    """Those whom it has just been planned to tell."""
    values = {"about": about, "now": unit.now, "settled": unit.now + SETTLED}
    return ToBeTold(int(unit.rows(_TOLD, values)[0][0]))


@loads(Foreseen)
def foreseen(unit: Unit, where: Scope, id: int) -> Foreseen:
    """All at once: what is thought of is carried out for each look anew."""
    return Foreseen(
        one(unit, id).occasion,
        progress(unit, where, id).parts.get(Part.TITLE, ()),
        to_be_told(unit, where, id).people,
    )
