"""How people of the playground come to coordinate: by invitations, as `together invite` makes them."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.chores.errands import InvitationOrder


async def invite(database: Path, territory: str) -> str:
    """Have the bot that runs make an invitation to coordinate; gives what its link carries.

    Raises TimeoutError if it does not.
    """
    from bot.chores.errands import Errands
    from bot.refusal import Refused

    payload, order = _made(territory)
    try:
        await Errands(database).leave(order)
    except Refused as error:
        raise TimeoutError(str(error)) from None
    return payload


def invite_at_start(database: Path, territory: str) -> str:
    """The same, made by a bot that is yet to start."""
    from bot.chores.errands import Errands

    payload, order = _made(territory)
    Errands(database).lay(order)
    return payload


def _made(territory: str) -> "tuple[str, InvitationOrder]":
    # What reaches the database takes long to import, and the page is there before it.
    from bot.chores.errands import InvitationOrder
    from flows.links import INVITATION, token_hash
    from flows.people.roles import Role, Scope
    from storage.people.roles import new_token

    token = new_token()
    return f"{INVITATION}_{token}", InvitationOrder(token_hash(token), Role.TERRITORY, Scope(territory))
