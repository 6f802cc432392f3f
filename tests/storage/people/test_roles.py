"""Roles are taken by invitations that work once, withdrawn, recorded, and erased with their owner."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from flows.links import token_hash
from flows.people.invitation import Offer, OpenInvitation, Taken, TakeRole
from flows.people.inviting import Invitations, Invite, Made, Revoke
from flows.people.person import Forget, OwnRoles
from flows.people.roles import EVERYWHERE, Holding, NotAllowed, Permission, Role, Scope
from flows.people.team import OwnTitles, Reach, Team, TeamNames, Withdrawn, WithdrawRole
from storage.people.audit import CONSOLE
from storage.people.roles import MOST_KNOCKS, invite_from_console
from storage.registry import carry_out
from storage.tables import Appointment, Audit, Citizen, Invitation, Pseudonym
from tests.storage.people.test_erasure import everything
from tests.storage.town import KEYS, Town

ADA, BEN, CLEO = 4_000_000_001, 4_000_000_002, 4_000_000_003
RIVERSIDE, MONTBELL = Scope("riverside"), Scope("montbell")
YOUTH = Scope("riverside", "youth")


async def shows(town: Town, telegram: int, token: str) -> Offer | None:
    """What a person is offered who shows that token."""
    (offer,) = await town.acts(telegram, OpenInvitation(token_hash(token)))
    assert offer is None or isinstance(offer, Offer)
    return offer


async def recorded(town: Town) -> list[tuple[str, str]]:
    """What the audit says was done, and about which role or permission."""
    return [(row.what, row.about) for row in await town.rows(Audit)]


async def held(town: Town, telegram: int) -> tuple[Holding, ...]:
    """The roles of a person."""
    found: tuple[Holding, ...] = (await town.look(telegram, OwnRoles)).held
    return found


async def test_an_invitation_gives_its_role_to_whoever_takes_it_first(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    id = await town.invites("secret", Role.FACILITATOR, YOUTH)
    offer = await shows(town, BEN, "secret")

    first, second = await town.acts(ADA, TakeRole(id, "Ada")), await town.acts(BEN, TakeRole(id, "Ben"))

    assert offer is not None
    assert (offer.role, offer.spot.where, offer.until) == (Role.FACILITATOR, YOUTH, town.now + timedelta(7))
    assert (first, second) == ([Taken.TAKEN], [Taken.GONE])
    assert await held(town, ADA) == (Holding(Role.FACILITATOR, YOUTH),)
    assert await held(town, BEN) == ()
    assert await shows(town, BEN, "secret") is None


async def test_of_many_who_take_one_invitation_at_once_one_has_the_role(town: Town) -> None:
    people = range(ADA, ADA + 6)
    for telegram in people:
        await town.arrives(telegram)
    id = await town.invites("secret", Role.PANEL, RIVERSIDE)

    results = await asyncio.gather(*(town.acts(telegram, TakeRole(id, "Me")) for telegram in people))

    assert sorted(results) == [[Taken.GONE]] * 5 + [[Taken.TAKEN]]
    assert len(await town.rows(Appointment)) == 1


async def test_an_invitation_is_valid_for_seven_days(town: Town) -> None:
    await town.arrives(ADA)
    id = await town.invites("secret", Role.PANEL, RIVERSIDE)

    town.later(days=7, microseconds=-1)
    assert await shows(town, ADA, "secret") is not None

    town.later(microseconds=1)
    assert await shows(town, ADA, "secret") is None
    assert await town.acts(ADA, TakeRole(id, "Ada")) == [Taken.GONE]


async def test_a_role_that_somebody_has_already_leaves_the_invitation_as_it_was(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.PANEL, RIVERSIDE)
    id = await town.invites("secret", Role.PANEL, RIVERSIDE)

    assert await town.acts(ADA, TakeRole(id, "Ada")) == [Taken.HAD]
    assert await shows(town, ADA, "secret") is not None
    assert len(await held(town, ADA)) == 1


async def test_after_five_wrong_tokens_in_a_minute_even_the_right_one_opens_nothing(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.invites("secret", Role.NETWORK, EVERYWHERE)
    for number in range(MOST_KNOCKS - 1):
        await shows(town, ADA, f"guess {number}")
        town.later(seconds=1)
    assert await shows(town, ADA, "secret") is not None
    await shows(town, ADA, "the fifth")

    assert await shows(town, ADA, "secret") is None
    assert await shows(town, BEN, "secret") is not None

    town.later(minutes=1, seconds=1 - MOST_KNOCKS)
    assert await shows(town, ADA, "secret") is not None


async def test_a_coordinator_invites_and_the_token_stands_nowhere(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)

    (made,) = await town.acts(ADA, Invite(RIVERSIDE, Role.PANEL))

    assert isinstance(made, Made)
    address, _, token = made.link.partition("?start=i_")
    assert (address, len(token)) == ("https://t.me/town_bot", 22)
    assert token not in str(await town.database.read(everything))
    offer = await shows(town, BEN, token)
    assert offer is not None
    assert await town.acts(BEN, TakeRole(offer.invitation, "Ben")) == [Taken.TAKEN]
    assert [row.granted_by for row in await town.rows(Appointment) if row.name == "Ben"] == [
        KEYS.pseudonym("roles", (await town.person(ADA)).citizen)
    ]


async def test_no_two_invitations_have_the_same_token(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)

    made = await town.acts(ADA, *[Invite(RIVERSIDE, Role.PANEL)] * 3)

    assert len({one.link for one in made}) == 3


async def test_an_order_from_the_console_that_comes_twice_is_carried_out_once(town: Town) -> None:
    for _ in range(2):
        await town.do(invite_from_console, token_hash("secret"), Role.PANEL, RIVERSIDE, town.now)

    assert (await town.row(Invitation)).author == CONSOLE
    assert (await town.row(Audit)).actor == CONSOLE


async def test_a_role_has_its_own_level(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)

    for role, where in ((Role.NETWORK, RIVERSIDE), (Role.TERRITORY, YOUTH), (Role.FACILITATOR, RIVERSIDE)):
        with pytest.raises(ValueError, match=f"nobody can be {role}"):
            await town.acts(ADA, Invite(where, role))


async def test_a_revoked_invitation_opens_nothing_and_is_no_longer_listed(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    await town.acts(ADA, Invite(YOUTH, Role.FACILITATOR))
    town.later(minutes=1)
    await town.acts(ADA, Invite(RIVERSIDE, Role.PANEL))
    await town.invites("elsewhere", Role.PANEL, MONTBELL)
    listed = (await town.look(ADA, Invitations, RIVERSIDE)).unused

    await town.acts(ADA, Revoke(listed[0].spot.where, listed[0].id))

    assert [one.role for one in listed] == [Role.FACILITATOR, Role.PANEL]
    assert (await town.look(ADA, Invitations, RIVERSIDE)).unused == listed[1:]
    assert await town.acts(ADA, TakeRole(listed[0].id, "Ada")) == [Taken.GONE]


async def test_what_an_effect_says_of_its_scope_must_be_true_of_the_row(town: Town) -> None:
    """Else a coordinator could name their own territory and mean something elsewhere."""
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(ADA, Role.TERRITORY, MONTBELL)
    role = await town.appoints(BEN, Role.PANEL, RIVERSIDE)
    invitation = await town.invites("secret", Role.PANEL, RIVERSIDE)

    withdrawn, _ = await town.acts(ADA, WithdrawRole(MONTBELL, role), Revoke(MONTBELL, invitation))

    assert withdrawn is Withdrawn.GONE
    assert await held(town, BEN) != ()
    assert await shows(town, BEN, "secret") is not None


async def test_a_withdrawn_role_is_gone_with_the_invitations_its_owner_made(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)
    role = await town.appoints(BEN, Role.TERRITORY, RIVERSIDE)
    (made,) = await town.acts(BEN, Invite(RIVERSIDE, Role.PANEL))
    (others,) = await town.acts(ADA, Invite(RIVERSIDE, Role.PANEL))

    results = await town.acts(ADA, WithdrawRole(RIVERSIDE, role), WithdrawRole(RIVERSIDE, role))

    assert results == [Withdrawn.DONE, Withdrawn.GONE]
    assert await held(town, BEN) == ()
    assert await shows(town, ADA, made.link.partition("i_")[2]) is None
    assert await shows(town, ADA, others.link.partition("i_")[2]) is not None


async def test_the_last_role_of_the_network_is_withdrawn_only_by_somebody_who_knows_it_is(town: Town) -> None:
    await town.arrives(ADA)
    role = await town.appoints(ADA, Role.NETWORK, EVERYWHERE)

    assert await town.acts(ADA, WithdrawRole(EVERYWHERE, role)) == [Withdrawn.LAST]
    assert await held(town, ADA) != ()

    assert await town.acts(ADA, WithdrawRole(EVERYWHERE, role, although_last=True)) == [Withdrawn.DONE]
    assert await held(town, ADA) == ()


async def test_two_who_withdraw_each_others_role_at_once_do_not_both_succeed(town: Town) -> None:
    roles = {}
    for telegram in (ADA, BEN):
        await town.arrives(telegram)
        roles[telegram] = await town.appoints(telegram, Role.NETWORK, EVERYWHERE)

    results = await asyncio.gather(
        town.acts(ADA, WithdrawRole(EVERYWHERE, roles[BEN])),
        town.acts(BEN, WithdrawRole(EVERYWHERE, roles[ADA])),
        return_exceptions=True,
    )

    assert [type(result) for result in results].count(NotAllowed) == 1
    assert [Withdrawn.DONE] in results
    assert len([row for row in await town.rows(Appointment) if row.until is None]) == 1


async def test_whoever_works_in_a_scope_sees_who_else_does(town: Town) -> None:
    for telegram, role, where in (
        (ADA, Role.TERRITORY, RIVERSIDE),
        (BEN, Role.FACILITATOR, YOUTH),
        (CLEO, Role.PANEL, MONTBELL),
    ):
        await town.arrives(telegram)
        await town.appoints(telegram, role, where, name=f"The {role}")
        town.later(minutes=1)

    team = await town.look(ADA, Team, RIVERSIDE)
    names = await town.look(ADA, TeamNames, RIVERSIDE)

    assert [(one.role, one.spot.where, one.is_me) for one in team.members] == [
        (Role.TERRITORY, RIVERSIDE, True),
        (Role.FACILITATOR, YOUTH, False),
    ]
    assert team.members[1].spot.group["en"] == "Young people"
    assert [names.names[str(one.id)] for one in team.members] == ["The territory", "The facilitator"]
    assert [one.role for one in (await town.look(BEN, Team, YOUTH)).members] == [Role.FACILITATOR]


async def test_a_permission_for_everything_reaches_into_every_territory(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)
    await town.appoints(BEN, Role.FACILITATOR, YOUTH)

    everywhere = (await town.look(ADA, Reach, Permission.SEE_ROLES)).spots
    group = (await town.look(BEN, Reach, Permission.SEE_ROLES)).spots

    assert [spot.where for spot in everywhere] == [EVERYWHERE, RIVERSIDE, MONTBELL]
    assert [spot.where for spot in group] == [YOUTH]
    assert (await town.look(BEN, Reach, Permission.GRANT_ROLES)).spots == ()


async def test_everything_done_about_roles_is_recorded_under_one_name_that_leads_to_nobody(
    town: Town,
) -> None:
    ada = await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="CANARY")
    (made,) = await town.acts(ADA, Invite(RIVERSIDE, Role.PANEL))
    offer = await shows(town, BEN, made.link.partition("i_")[2])
    assert offer is not None
    await town.acts(BEN, TakeRole(offer.invitation, "CANARY"))
    await town.acts(ADA, WithdrawRole(RIVERSIDE, offer.invitation))

    rows = await town.rows(Audit)

    assert [(row.what, row.about) for row in rows] == [
        ("invited", "territory"),
        ("taken", "territory"),
        ("invited", "panel"),
        ("taken", "panel"),
        ("withdrawn", "panel"),
    ]
    assert {row.territory for row in rows} == {"riverside"}
    assert [row.grant_id for row in rows[2:]] == [offer.invitation] * 3
    actor = KEYS.pseudonym("audit", ada.citizen)
    assert [row.actor == actor for row in rows] == [False, True, True, False, True]
    assert "CANARY" not in str(rows)
    assert actor not in {row.pseudonym for row in await town.rows(Pseudonym)}


async def test_who_has_everything_erased_has_no_role_and_no_invitation_any_more_but_a_record_remains(
    town: Town,
) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    await town.acts(ADA, Invite(RIVERSIDE, Role.PANEL))

    await town.acts(ADA, Forget())

    assert await town.rows(Appointment) == await town.rows(Citizen) == []
    assert {row.author for row in await town.rows(Invitation)} == {CONSOLE}
    assert (await recorded(town))[-1] == ("erased", "territory")


async def test_what_is_refused_is_recorded_and_changes_nothing_else(town: Town) -> None:
    await town.arrives(ADA)
    await town.appoints(ADA, Role.PANEL, RIVERSIDE)
    before = await town.database.read(everything)

    def refused(connection: Connection) -> None:
        unit = town.unit(connection, ADA)
        with pytest.raises(NotAllowed):
            carry_out(unit, Invite(RIVERSIDE, Role.PANEL))
        unit.book.flush()

    await town.database.write(refused)

    after = await town.database.read(everything)
    assert (await recorded(town))[-1] == ("refused", "grant_roles")
    assert {name for name in after if after[name] != before[name]} == {"audit"}


async def test_a_person_sees_their_own_roles_and_the_names_they_gave(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await town.appoints(BEN, Role.PANEL, RIVERSIDE, name="Ben")
    for role, where in ((Role.PANEL, MONTBELL), (Role.FACILITATOR, YOUTH)):
        await town.appoints(ADA, role, where, name=f"Ada of {where.territory}")
        town.later(minutes=1)

    titles = (await town.look(ADA, OwnTitles)).titles

    assert [(one.role, one.spot.where, one.name) for one in titles] == [
        (Role.PANEL, MONTBELL, "Ada of montbell"),
        (Role.FACILITATOR, YOUTH, "Ada of riverside"),
    ]


async def test_who_has_not_arrived_has_no_role(town: Town) -> None:
    await town.comes(ADA)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)

    assert await held(town, ADA) == ()
