"""Which requests for what people can give hold: whoever asks plans there, and what needs it is there."""

from typing import Final

from sqlalchemy import and_, exists, or_
from sqlmodel import col

from flows.actions.actions import Progress
from flows.actions.gifts import Sake
from flows.occasions.occasions import State
from flows.people.roles import Permission
from storage.actions.piloted import Action, Gift, Plea
from storage.occasions.planned import Occasion
from storage.people.permissions import is_permitted
from storage.tables import table

_PLEA: Final = table(Plea).c
_GIFT: Final = table(Gift).c
_OF_SERIES: Final = or_(col(Occasion.id) == _PLEA.cause_id, col(Occasion.series) == _PLEA.cause_id)

IS_HEARD: Final = is_permitted(Permission.PLAN, _PLEA.citizen_id, _GIFT.territory, _GIFT.group_slug)
"""Whoever asks may plan where the gift is: others cannot read what the giver writes back."""

IS_NEEDED: Final = or_(
    and_(
        _PLEA.cause == Sake.ACTION,
        exists().where(col(Action.id) == _PLEA.cause_id, col(Action.status) != Progress.WITHDRAWN),
    ),
    and_(_PLEA.cause == Sake.ACTIVITY, exists().where(_OF_SERIES, col(Occasion.state) != State.CANCELLED)),
)
"""What it is asked for is there; of a series, one date at least."""
