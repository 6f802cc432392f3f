"""Who has which role, and which invitations there are."""

from flows.links import token_hash
from flows.people.invitation import OpenInvitation, TakeRole
from flows.people.roles import Holding, Role, Scope
from tests.flows.givens import given
from tests.flows.talking import Talking
from tests.flows.world import World


@given("role")
def role(who: Talking, words: str) -> None:
    """`role facilitator in riverside/youth`, `role network`."""
    who.world.appointed(holding(words), who.name)


@given("has")
def has(who: Talking, words: str) -> None:
    """The same, of somebody else: `Ada has panel in riverside`."""
    role(who, words)


@given("no")
def no_role(who: Talking, words: str) -> None:
    """`no role`: all of the person's roles were withdrawn."""
    if words != "role":
        raise ValueError(f"nothing is known of 'given: no {words}'")
    who.world.dismissed()


@given("invitation")
def invitation(who: Talking, words: str) -> None:
    """`invitation secret to panel in riverside`, with its token; `invitation secret is used`, by somebody."""
    token, _, rest = words.partition(" ")
    if rest == "is used":
        somebody = World(who.world.village)
        (offer,) = somebody.given(OpenInvitation(token_hash(token)))
        somebody.given(TakeRole(offer.invitation, "Somebody"))
    else:
        who.world.village.invites(token, holding(rest.removeprefix("to ")))


def holding(words: str) -> Holding:
    """A role such as `network` or `facilitator in riverside/youth`."""
    role, _, place = words.partition(" in ")
    territory, _, group = place.partition("/")
    return Holding(Role(role), Scope(territory or None, group or None))
