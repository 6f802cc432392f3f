"""The record of a conversation stays small, however long somebody is at work in it."""

from flows.people.roles import Holding, Role, Scope
from tests.flows.talking import Talking
from tests.flows.world import World
from tests.storage.meetings import call_meeting


def test_whoever_comes_back_to_the_list_of_meetings_begins_their_record_anew() -> None:
    me = World()
    me.arrives()
    me.appointed(Holding(Role.TERRITORY, Scope("riverside")), "Me")
    with me.village.transaction() as connection:
        call_meeting(connection, 7, now=me.village.now, titles={"en": "A walk"})
    talking = Talking(me)
    talking.opens("coordinate")
    talking.presses("plan_meetings")
    first = talking.talks[-1]

    for _ in range(3):
        talking.presses("coming", "plan.what.meeting")
        talking.presses("0", "plan.list")
        talking.presses("list", "plan.one.planned")

    last = talking.talks[-1]
    assert talking.asked[-1].ask == talking.asked[1].ask
    assert last.flow == first.flow
    assert len(last.log) == len(first.log)
