"""Proposals: seen as they will be, known to nobody else, carried out together as far as that is possible."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection, delete
from sqlmodel import col

from flows.actions.actions import Progress, Section
from flows.actions.pilots import OnePilot, PilotWords, SetProgress, WriteAction
from flows.moves import Effect, Known, Look
from flows.occasions.occasions import One, Says, Sheets, State
from flows.occasions.sheet import Part
from flows.people.person import BeReachable, StopPushes
from flows.people.roles import NotAllowed, Role, Scope
from flows.planning.planning import (
    AddPost,
    Cancel,
    CountSeats,
    Describe,
    Extent,
    Foreseen,
    LinkOnline,
    Move,
    NamePost,
    Plan,
    Planned,
    Seats,
)
from flows.planning.proposing import CarryOut, GiveUp, Proposals, ToBeTold
from storage.planning.proposed import Proposal
from storage.pushes.pushed import Push
from storage.registry import carry_out
from storage.tables import Inbox, Statement, table
from tests.storage.people.test_erasure import everything
from tests.storage.pilots import GARDEN, grows_a_garden, takes_part
from tests.storage.plans import call_often, says
from tests.storage.town import Town, record

ADA, BEN, CLEO = range(4_000_000_001, 4_000_000_004)
RIVERSIDE = Scope("riverside")
MEETING: Final = 1
THEN: Final = datetime.fromisoformat("2025-03-20T18:00")
ALL: Final = CarryOut(RIVERSIDE, MEETING)


def title(*, proposed: bool = True) -> Describe:
    return Describe(RIVERSIDE, MEETING, Part.TITLE, "en", "The park", proposed=proposed)


FEWER: Final = CountSeats(RIVERSIDE, MEETING, 1, 1, proposed=True)
ONLINE: Final = LinkOnline(RIVERSIDE, MEETING, "https://town.example", proposed=True)


@pytest.fixture
async def desk(town: Town) -> Town:
    """Ada coordinates Riverside, where a meeting has three dates; Ben and Cleo live there."""
    for telegram in (ADA, BEN, CLEO):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    await town.do(call_often, MEETING, now=town.now, dates=3, seats=3)
    return town


async def does(town: Town, effect: Effect[Any], telegram: int = ADA) -> Any:
    return (await town.acts(telegram, effect))[0]


async def after(town: Town, effect: Effect[Any], what: type[Known], *about: Any) -> Any:
    """What Ada would see, had the effect been carried out."""
    return (await town.acts(ADA, Look(what, about, effect)))[0]


async def called(town: Town, telegram: int = BEN) -> str:
    """The title that somebody reads."""
    sheet = (await town.look(telegram, Sheets, (MEETING,))).by_id[str(MEETING)]
    return str(sheet.title["en"])


async def test_what_would_be_after_something_is_seen_and_nothing_is_changed(desk: Town) -> None:
    await says(desk, BEN)
    before = await desk.database.read(everything)

    then = await after(desk, Cancel(RIVERSIDE, MEETING, Extent.FOLLOWING), One, 2)

    left = await desk.database.read(everything)
    assert then.occasion.state is State.CANCELLED
    assert {name for name in left if left[name] != before[name]} == {table(Inbox).name}


async def test_what_is_proposed_is_known_to_who_proposes_it_and_to_nobody_else(desk: Town) -> None:
    assert await does(desk, title()) is Planned.DONE

    assert await called(desk) == "Meeting 1"
    assert (await after(desk, ALL, Sheets, (MEETING,))).by_id["1"].title["en"] == "The park"
    assert await desk.rows(Push) == []


async def test_what_is_proposed_later_builds_on_what_was_before(desk: Town) -> None:
    post = await does(desk, AddPost(RIVERSIDE, MEETING, "en", "Cook", proposed=True))

    assert (
        await does(desk, NamePost(RIVERSIDE, MEETING, post, "fr", "Cuisine", proposed=True)) is Planned.DONE
    )
    assert await does(desk, ALL) == 0
    sheet = (await desk.look(BEN, Sheets, (MEETING,))).by_id["1"]
    assert sheet.posts[str(post)] == {"en": "Cook", "fr": "Cuisine"}


async def test_all_that_is_proposed_is_carried_out_once(desk: Town) -> None:
    await does(desk, title())
    await does(desk, ONLINE)

    assert await desk.look(ADA, Proposals, RIVERSIDE, MEETING) == Proposals(2)
    assert await does(desk, ALL) == 0
    assert (await called(desk), (await desk.look(BEN, One, MEETING)).occasion.link) == (
        "The park",
        ONLINE.link,
    )
    assert await desk.rows(Proposal) == []


CHANGES: Final[list[Plan[Any]]] = [
    title(proposed=False),
    Move(RIVERSIDE, MEETING, THEN, THEN + timedelta(hours=2), Extent.FOLLOWING),
    Cancel(RIVERSIDE, MEETING, Extent.FOLLOWING),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
async def test_as_many_are_foreseen_to_be_told_as_are_told(desk: Town, change: Plan[Any]) -> None:
    await says(desk, BEN)
    await says(desk, BEN, of=2)
    await says(desk, CLEO, Says.MAYBE)
    await does(desk, LinkOnline(RIVERSIDE, MEETING, "https://elsewhere.example"))
    desk.later(minutes=1)

    foreseen = await after(desk, change, Foreseen, RIVERSIDE, MEETING)
    await does(desk, change)

    kinds = ("changed", "moved", "cancelled")
    told = {row.citizen_id for row in await desk.rows(Push) if row.kind in kinds}
    assert foreseen.told == len(told) == 2


async def test_nobody_is_foreseen_to_be_told_of_what_is_not_told(desk: Town) -> None:
    await says(desk, BEN)
    await does(desk, title(proposed=False))
    desk.later(minutes=1)

    assert (await after(desk, CountSeats(RIVERSIDE, MEETING, 1, 2), Foreseen, RIVERSIDE, MEETING)).told == 0


async def test_what_cannot_be_done_is_refused_at_once_and_not_kept(desk: Town) -> None:
    await says(desk, BEN)
    await says(desk, CLEO)

    assert await does(desk, FEWER) == Seats(Planned.TAKEN, 2)
    assert await desk.look(ADA, Proposals, RIVERSIDE, MEETING) == Proposals(0)


async def test_what_has_become_impossible_meanwhile_ends_what_is_carried_out(desk: Town) -> None:
    await does(desk, title())
    await does(desk, FEWER)
    await does(desk, ONLINE)
    await says(desk, BEN)
    await says(desk, CLEO)

    assert await does(desk, ALL) == 2

    (occasion,) = [(await desk.look(BEN, One, MEETING)).occasion]
    assert (await called(desk), occasion.posts[0].seats, occasion.link) == ("The park", 3, None)
    assert await desk.rows(Proposal) == []


async def test_it_is_known_before_what_has_become_impossible(desk: Town) -> None:
    await does(desk, FEWER)
    await does(desk, ONLINE)
    await says(desk, BEN)
    await says(desk, CLEO)

    assert await desk.look(ADA, Proposals, RIVERSIDE, MEETING) == Proposals(2, impossible=2)


async def test_what_others_say_in_the_same_transaction_is_kept_where_something_is_undone(desk: Town) -> None:
    await does(desk, AddPost(RIVERSIDE, MEETING, "en", "Singer", proposed=True))
    await does(desk, AddPost(RIVERSIDE, MEETING, "en", "Dancer"))

    def work(connection: Connection) -> int:
        ben, ada = desk.units(connection, [BEN, ADA])
        carry_out(ben, record("There is no shade"))
        impossible: int = carry_out(ada, ALL)
        ben.book.flush()
        return impossible

    assert await desk.database.write(work) == 1
    assert len(await desk.rows(Statement)) == 1


async def test_changes_go_on_where_earlier_ones_have_gone(desk: Town) -> None:
    await does(desk, title())
    await does(desk, ONLINE)
    earlier = delete(table(Proposal)).where(col(Proposal.number) == 1)
    await desk.do(lambda connection: connection.execute(earlier))

    assert await does(desk, title()) is Planned.DONE


@pytest.mark.parametrize("gone", [StopPushes(), BeReachable(False)])
async def test_who_hears_nothing_is_not_foreseen_to_be_told(desk: Town, gone: Effect[Any]) -> None:
    await says(desk, BEN)
    await says(desk, CLEO)
    await desk.acts(BEN, gone)
    desk.later(minutes=1)

    then = await after(desk, Cancel(RIVERSIDE, MEETING), Foreseen, RIVERSIDE, MEETING)

    assert then.told == 1


async def test_what_is_given_up_is_forgotten(desk: Town) -> None:
    await does(desk, title())

    await does(desk, GiveUp(RIVERSIDE, MEETING))

    assert await desk.rows(Proposal) == []
    assert await does(desk, ALL) == 0
    assert await called(desk) == "Meeting 1"


async def test_who_may_not_change_something_can_neither_propose_nor_foresee_it(desk: Town) -> None:
    for move in (title(), ALL, Look(One, (MEETING,), Cancel(RIVERSIDE, MEETING))):
        with pytest.raises(NotAllowed):
            await desk.acts(BEN, move)

    assert await desk.rows(Proposal) == []


async def test_a_pilot_action_is_seen_as_it_will_be_too(desk: Town) -> None:
    await grows_a_garden(desk)
    await takes_part(desk, (await desk.person(BEN)).citizen, "words")
    done = SetProgress(RIVERSIDE, GARDEN, Progress.DONE)
    await does(desk, WriteAction(RIVERSIDE, GARDEN, Section.RESULTS, "en", "Beans", proposed=True))
    carried_out = CarryOut(RIVERSIDE, GARDEN)

    assert (await after(desk, done, OnePilot, RIVERSIDE, GARDEN)).pilot.action.progress is Progress.DONE
    for effect in (done, carried_out):
        assert await after(desk, effect, ToBeTold, RIVERSIDE, GARDEN) == ToBeTold(1)
    words = await after(desk, carried_out, PilotWords, RIVERSIDE)
    assert words.sheet(GARDEN)[Section.RESULTS] == {"en": "Beans"}
    assert Section.RESULTS not in (await desk.look(ADA, PilotWords, RIVERSIDE)).sheet(GARDEN)
