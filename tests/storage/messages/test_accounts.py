"""A database that another bot account worked with: whom that one knows is not spoken to, nor waited for."""

from collections import Counter
from typing import Final

import pytest
from sqlalchemy import Connection, select, update
from sqlmodel import col

from flows.announcements.announcement import Fate, Omission, Stage
from flows.people.person import BeReachable
from flows.pushes.pushed import Notice, Reason
from flows.pushes.pushed import State as PushState
from flows.talks import Talk
from storage.announcements import recipients, rounds, settling
from storage.announcements.announced import Announcement, Recipient
from storage.announcements.audience import audience
from storage.messages import accounts, backlog, outbox, stacks
from storage.messages.outbox import Lane
from storage.people import retention
from storage.people.silence import SILENT
from storage.pushes import pushing
from storage.pushes.notices import notify
from storage.pushes.pushed import Push
from storage.tables import Citizen, Contact, Outbox, table
from tests.storage.sent import announce
from tests.storage.town import BOT, CONTEXT, RUN, Town

ADA, BEN, EVE = 4_000_000_001, 4_000_000_002, 4_000_000_003
FORMER: Final = 6
"""The account with which the bot worked before."""

ID: Final = 77


async def knew(town: Town, *telegrams: int) -> None:
    """Those people came to the former account."""
    change = update(table(Contact)).where(col(Contact.telegram).in_(telegrams)).values(bot=FORMER)
    await town.do(lambda connection: connection.execute(change))


async def begins(town: Town, bot: int = BOT) -> int:
    """The bot begins to work with an account; returns how many people another one knows."""

    def work(connection: Connection) -> int:
        people = accounts.work_as(connection, bot)
        outbox.settle_left_behind(connection, RUN, town.now)
        return people

    people: int = await town.do(work)
    return people


async def reaches(town: Town) -> dict[int, str]:
    """How everybody can be reached, by their Telegram id."""
    return {row.telegram: row.reach for row in await town.rows(Contact)}


async def test_whom_another_account_knows_is_out_of_reach_until_it_works_again(town: Town) -> None:
    for telegram in (ADA, BEN, EVE):
        await town.arrives(telegram)
    await town.acts(EVE, BeReachable(False))
    await knew(town, BEN, EVE)

    assert await begins(town) == 1
    assert await reaches(town) == {ADA: "open", BEN: "elsewhere", EVE: "blocked"}
    assert await begins(town) == 1, "each time it begins"

    assert await begins(town, FORMER) == 1
    assert await reaches(town) == {ADA: "elsewhere", BEN: "open", EVE: "blocked"}


async def test_nothing_that_waits_for_them_is_sent_or_counts_as_waiting(town: Town) -> None:
    ada, ben = await town.arrives(ADA), await town.arrives(BEN)
    await town.puts(ben, "reply", "being sent", worker=RUN - 1)
    await town.puts(ben, "news", lane=Lane.ANNOUNCEMENT)
    await town.puts(ada, "other")
    await knew(town, BEN)

    await begins(town)

    assert await town.claims() == ["other"]
    assert await town.do(backlog.count, (Lane.ANNOUNCEMENT,)) == 0
    assert Counter(row.state for row in await town.rows(Outbox)) == {"cancelled": 3, "sending": 1}


async def is_announced(town: Town) -> None:
    """An announcement to Ada and Ben has begun."""

    def work(connection: Connection) -> None:
        announce(connection, ID, now=town.now)
        rounds.begin_due(connection, CONTEXT, town.now)
        recipients.find_page(connection, town.now)

    await town.do(work)


@pytest.mark.parametrize("began", [False, True], ids=["before the run began", "in its midst"])
async def test_they_do_not_hold_up_an_announcement(town: Town, began: bool) -> None:
    await town.arrives(BEN)
    await town.arrives(ADA)
    await is_announced(town)
    await knew(town, BEN)
    if not began:
        await begins(town)

    for _ in range(2):
        await town.do(recipients.claim, CONTEXT, bot=BOT, now=town.now, most=1)

    assert {(row.state, row.omission) for row in await town.rows(Recipient)} == {
        (Fate.OUT, None),
        (Fate.SKIPPED, Omission.BLOCKED),
    }


async def test_they_are_not_counted_among_those_whom_an_announcement_reaches(town: Town) -> None:
    ben = await town.arrives(BEN)
    await town.arrives(ADA)
    await town.do(announce, ID, now=town.now)
    await knew(town, BEN)
    await begins(town)

    row = await town.row(Announcement)
    people = await town.do(lambda connection: connection.execute(audience(row)).all())

    assert {person.id: person.omission for person in people if person.omission} == {
        ben.citizen: Omission.BLOCKED
    }


async def test_an_announcement_that_was_on_its_way_to_them_ends(town: Town) -> None:
    ben = await town.arrives(BEN)
    await is_announced(town)
    claimed = await town.do(recipients.claim, CONTEXT, bot=BOT, now=town.now, most=10)
    await town.puts(ben, claimed.addressed[0].key, lane=Lane.ANNOUNCEMENT)
    await knew(town, BEN)
    await begins(town)

    await town.do(settling.settle, town.now)
    await town.do(rounds.end_settled, CONTEXT, town.now)

    assert (await town.row(Announcement)).stage == Stage.SENT
    assert (await town.row(Recipient)).omission == Omission.BLOCKED


async def test_what_is_due_to_them_does_not_hold_up_what_is_due_to_others(town: Town) -> None:
    ben, ada = await town.arrives(BEN), await town.arrives(ADA)
    for person in (ben, ada):
        await town.do(notify, CONTEXT, [person.citizen], Notice.OFFER, 1, town.now)
        town.later(minutes=1)
    await knew(town, BEN)

    await town.do(pushing.claim, CONTEXT, bot=BOT, now=town.now, most=1)
    portions = await town.do(pushing.claim, CONTEXT, bot=BOT, now=town.now, most=1)

    assert [portion.person.telegram for portion in portions] == [ADA]
    (skipped,) = [row for row in await town.rows(Push) if row.citizen_id == ben.citizen]
    assert (skipped.state, skipped.reason) == (PushState.SKIPPED, Reason.GONE)


async def test_after_an_outage_they_are_not_asked_again(town: Town) -> None:
    for telegram in (ADA, BEN):
        person = await town.arrives(telegram)
        await town.do(stacks.save, {person.citizen: (Talk(1, "arrival", (), (), 0),)}, town.now)
    await knew(town, BEN)
    await begins(town)

    assert list(await town.do(stacks.left_waiting, town.now, town.now)) == [ADA]


async def test_who_comes_to_the_new_account_is_somebody_new_there(town: Town) -> None:
    former = await town.arrives(BEN)
    await knew(town, BEN)
    await begins(town)

    new = await town.arrives(BEN)
    await begins(town)

    assert new.citizen != former.citizen
    assert sorted(row.reach for row in await town.rows(Contact)) == ["elsewhere", "open"]


async def test_whom_a_former_account_knows_is_forgotten_after_a_year(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)
    await knew(town, BEN)
    await begins(town)

    town.later(days=SILENT.days + 1)
    await town.do(retention.sweep, town.now)

    left = await town.do(lambda connection: connection.execute(select(table(Citizen))).all())
    assert [row.id for row in left] == [(await town.person(ADA)).citizen]
    assert list(await reaches(town)) == [ADA]
