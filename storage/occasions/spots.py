"""Places by the names people know them by."""

from flows.people.roles import Scope, Spot
from storage.context import Context


def spot(context: Context, where: Scope) -> Spot:
    """A scope with the names of its territory and group, as far as the files know them."""
    territory = context.territories.get(where.territory or "")
    group = territory.group(where.group) if territory and where.group else None
    return Spot(where, territory.names if territory else {}, group.names if group else {})
