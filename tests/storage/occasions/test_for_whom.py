"""For whom something is by a role: who has it there or all around, as for announcements."""

from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import Connection

from flows.announcements.announcement import Aim, By
from flows.occasions.occasions import Answered, Sort, Upcoming
from flows.people.roles import EVERYWHERE, Role, Scope, roles_in
from storage.announcements.audience import audience, write_aims
from tests.storage.plans import call_meeting, says
from tests.storage.town import Town

RIVERSIDE, MONTBELL = Scope("riverside"), Scope("montbell")
YOUTH, ELDERS = Scope("riverside", "youth"), Scope("riverside", "elders")

PEOPLE: Final[dict[int, tuple[str, Role, Scope]]] = {
    1: ("youth", Role.NETWORK, EVERYWHERE),
    2: ("elders", Role.TERRITORY, RIVERSIDE),
    3: ("youth", Role.TERRITORY, RIVERSIDE),
    4: ("youth", Role.FACILITATOR, YOUTH),
    5: ("elders", Role.FACILITATOR, ELDERS),
    6: ("youth", Role.FACILITATOR, ELDERS),
    7: ("youth", Role.PANEL, RIVERSIDE),
    8: ("elders", Role.PANEL, RIVERSIDE),
    9: ("youth", Role.PANEL, MONTBELL),
}
"""People of Riverside: in which group, and what role they have where."""

MEANT: Final[dict[tuple[Scope, Role], set[int]]] = {
    (EVERYWHERE, Role.NETWORK): {1},
    (EVERYWHERE, Role.TERRITORY): {2, 3},
    (EVERYWHERE, Role.FACILITATOR): {4, 5, 6},
    (EVERYWHERE, Role.PANEL): {7, 8, 9},
    (RIVERSIDE, Role.TERRITORY): {2, 3},
    (RIVERSIDE, Role.FACILITATOR): {4, 5, 6},
    (RIVERSIDE, Role.PANEL): {7, 8},
    (YOUTH, Role.TERRITORY): {3},
    (YOUTH, Role.FACILITATOR): {4},
    (YOUTH, Role.PANEL): {7},
}
"""Whom something is for, by its scope and role."""


async def arrive(town: Town) -> None:
    for telegram, (group, role, where) in PEOPLE.items():
        await town.arrives(telegram, group=group)
        await town.appoints(telegram, role, where)


def test_every_role_that_can_be_chosen_is_tried() -> None:
    assert [*MEANT] == [(where, role) for where in (EVERYWHERE, RIVERSIDE, YOUTH) for role in roles_in(where)]


async def test_a_meeting_for_a_role_is_there_for_who_has_it_in_its_place_or_all_around_it(town: Town) -> None:
    await arrive(town)
    for id, (where, role) in enumerate(MEANT, start=1):
        place = {"territory": where.territory, "group_slug": where.group}
        await town.do(call_meeting, id, now=town.now, role=role, **place)

    lists = {each: (await town.look(each, Upcoming, Sort.MEETING)).occasions for each in PEOPLE}

    for id, meant in enumerate(MEANT.values(), start=1):
        assert {each for each, found in lists.items() if id in [one.id for one in found]} == meant
        came = {each: await says(town, each, of=id) for each in PEOPLE}
        assert {each for each, answered in came.items() if answered is Answered.SEATED} == meant
        assert {answered for each, answered in came.items() if each not in meant} == {Answered.GONE}


async def test_an_announcement_means_the_same_people_by_a_role_as_a_meeting(town: Town) -> None:
    await arrive(town)
    by_citizen = {(await town.person(each)).citizen: each for each in PEOPLE}

    def find(connection: Connection, where: Scope, role: Role) -> set[int]:
        place = {"territory": where.territory, "group_slug": where.group}
        row: Any = SimpleNamespace(_mapping=place, aims=write_aims([Aim(By.ROLE, role)]))
        return {by_citizen[person.id] for person in connection.execute(audience(row))}

    assert {each: await town.do(find, *each) for each in MEANT} == MEANT
