"""Open conversations come back exactly as they were saved."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.engine import Entry, Kind
from flows.people.person import BeReachable
from flows.talks import Stack, Talk
from storage.messages import stacks
from storage.tables import Conversation
from tests.storage.town import NOON, Town

ADA, BEN = 4_000_000_001, 4_000_000_002

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ENTRIES = st.builds(Entry, st.sampled_from(Kind), st.text(), JSON)
TALKS = st.builds(
    Talk,
    id=st.integers(0, 2**63 - 1),
    flow=st.text(),
    args=st.lists(JSON, max_size=2).map(tuple),
    log=st.lists(ENTRIES, max_size=4).map(tuple),
    step=st.integers(0, 10_000),
)


@given(st.lists(TALKS, max_size=3).map(tuple))
def test_a_stack_comes_back_as_it_was_written(stack: Stack) -> None:
    assert stacks.parse(stacks.dump(stack)) == stack


def one(flow: str) -> Stack:
    return (Talk(2**62, flow, ("t_riverside",), (Entry(Kind.ANSWER, "arrival.age", "yes"),), 3),)


async def test_stacks_are_kept_by_person_and_replaced(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.do(stacks.save, {ada.citizen: one("arrival"), ben.citizen: one("menu")}, NOON)
    await town.do(stacks.save, {ada.citizen: one("mydata")}, NOON + timedelta(minutes=1))

    found = await town.do(stacks.load, [ada.citizen, ben.citizen, 1])

    assert found == {ada.citizen: one("mydata"), ben.citizen: one("menu")}
    assert {row.citizen_id: row.updated_at for row in await town.rows(Conversation)} == {
        ada.citizen: NOON + timedelta(minutes=1),
        ben.citizen: NOON,
    }


async def test_an_ended_stack_leaves_no_row(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.do(stacks.save, {ada.citizen: one("arrival"), ben.citizen: one("menu")}, NOON)

    await town.do(stacks.save, {ada.citizen: (), ben.citizen: one("menu")}, NOON)

    assert await town.do(stacks.load, [ada.citizen, ben.citizen]) == {ben.citizen: one("menu")}


async def test_who_was_in_the_middle_of_something_is_found_again(town: Town) -> None:
    ada, ben = await town.comes(ADA), await town.comes(BEN)
    await town.do(stacks.save, {ada.citizen: one("arrival")}, NOON)
    await town.do(stacks.save, {ben.citizen: one("menu")}, NOON - timedelta(seconds=1))
    later = NOON + timedelta(seconds=1)

    assert await town.do(stacks.left_waiting, NOON, later) == {ADA: one("arrival")}
    assert await town.do(stacks.left_waiting, NOON - timedelta(seconds=1), NOON - timedelta(seconds=1)) == {
        BEN: one("menu")
    }

    await town.acts(ADA, BeReachable(False))
    assert await town.do(stacks.left_waiting, NOON, later) == {}
