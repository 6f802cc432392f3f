"""What a panel is told, and when: chosen at the desk, or as the territory's file says; who sits on it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update
from sqlmodel import col

from flows.occasions.occasions import AnswerOccasion, Says
from flows.panels.colleges import AssignCollege, Colleges
from flows.panels.desk import KeepPanel, PanelDesk
from flows.panels.panel import LeavePanel, PanelSheet
from flows.panels.settings import PanelSettings, Rhythm, SentTo
from flows.people.invitation import TakeRole
from flows.people.inviting import Invite
from flows.people.person import OwnRoles
from flows.people.roles import NotAllowed, Role, Scope
from flows.people.team import Team
from storage.occasions.planned import Answer
from storage.panels.panels import panel_of
from storage.tables import Appointment, Audit, Invitation, table
from tests.flows.places import MONTBELL, RIVERSIDE
from tests.storage.plans import call_meeting, change
from tests.storage.town import Town

CLAIRE, ADA, BEN, CLEO, DAN = range(4_000_000_001, 4_000_000_006)
HERE, THERE = Scope("riverside"), Scope("montbell")
CHOSEN = PanelSettings(4, 18, Rhythm.MONTHLY, ("fr", "en"), silence=False, to=SentTo.MEMBERS)


@pytest.fixture
async def village(town: Town) -> Town:
    """Riverside, and somebody who coordinates it."""
    await town.arrives(CLAIRE)
    await town.appoints(CLAIRE, Role.TERRITORY, HERE)
    return town


async def members(town: Town, colleges: Mapping[int, str | None]) -> None:
    """Members of the panel of Riverside, by college."""
    for telegram, college in colleges.items():
        await town.arrives(telegram)
        id = await town.appoints(telegram, Role.PANEL, HERE)
        await town.acts(CLAIRE, AssignCollege(HERE, id, college))


async def sheet(town: Town) -> PanelSheet:
    """The panel of Riverside as its coordinator sees it."""
    found: PanelSheet = await town.look(CLAIRE, PanelSheet, HERE)
    return found


# ---- what it is told


async def test_until_something_is_chosen_the_file_holds_and_speaks_one_language_at_least(town: Town) -> None:
    assert await town.do(panel_of, RIVERSIDE) == PanelSettings(languages=("lv",))


async def test_a_territory_without_a_panel_has_no_settings(town: Town) -> None:
    assert await town.do(panel_of, MONTBELL) is None


async def test_what_is_chosen_is_kept_and_recorded(village: Town) -> None:
    await village.acts(CLAIRE, KeepPanel(HERE, PanelSettings(languages=("lv",), hour=7)))
    await village.acts(CLAIRE, KeepPanel(HERE, CHOSEN))

    assert await village.do(panel_of, RIVERSIDE) == CHOSEN
    assert [row.what for row in await village.rows(Audit)][-2:] == ["set_up", "set_up"]


async def test_a_language_that_the_territory_lost_is_not_spoken_any_more(village: Town) -> None:
    await village.acts(CLAIRE, KeepPanel(HERE, CHOSEN))

    fewer = await village.do(panel_of, replace(RIVERSIDE, languages=("lv", "en")))
    none = await village.do(panel_of, replace(RIVERSIDE, languages=("lv",)))

    assert (fewer.languages, none.languages) == (("en",), ("lv",))


async def test_for_a_territory_without_a_panel_nothing_is_kept(town: Town) -> None:
    await town.arrives(CLAIRE)
    await town.appoints(CLAIRE, Role.TERRITORY, THERE)

    await town.acts(CLAIRE, KeepPanel(THERE, CHOSEN))

    assert (await town.look(CLAIRE, PanelDesk, THERE)).settings is None


# ---- who sits on it


async def test_members_are_counted_by_college(village: Town) -> None:
    await members(village, {ADA: "citizens", BEN: "schools", CLEO: "schools", DAN: None})

    found = await sheet(village)

    assert found.members == {"citizens": 1, "associations": 0, "schools": 2}
    assert found.elsewhere == 1
    assert [college.slug for college in found.colleges] == ["citizens", "associations", "schools"]


async def test_a_college_that_the_file_lost_counts_as_none(village: Town) -> None:
    await members(village, {ADA: "citizens"})
    lost = update(table(Appointment)).where(col(Appointment.role) == Role.PANEL).values(college="guilds")
    await village.database.write(lambda connection: connection.execute(lost))

    assert (await sheet(village)).elsewhere == 1


async def test_the_college_of_an_invitation_comes_with_the_role(village: Town) -> None:
    await village.arrives(ADA)
    await village.acts(CLAIRE, Invite(HERE, Role.PANEL, "schools"))
    (invitation,) = [row for row in await village.rows(Invitation) if row.college]

    await village.acts(ADA, TakeRole(invitation.id, "Ada"))

    (member,) = [one for one in (await village.look(CLAIRE, Team, HERE)).members if one.role is Role.PANEL]
    assert member.college is not None
    assert (member.college.slug, member.college.called) == ("schools", {"en": "Schools", "lv": "Skolas"})


async def test_a_college_is_given_to_a_member_of_that_panel_alone(village: Town) -> None:
    await members(village, {ADA: None})
    (role,) = [row.id for row in await village.rows(Appointment) if row.role == Role.PANEL]
    (other,) = [row.id for row in await village.rows(Appointment) if row.role == Role.TERRITORY]

    refused = [AssignCollege(HERE, role, "guilds"), AssignCollege(HERE, other, "citizens")]

    assert await village.acts(CLAIRE, *refused, AssignCollege(HERE, role, "citizens")) == [False, False, True]
    with pytest.raises(NotAllowed):
        await village.acts(ADA, AssignCollege(HERE, role, "schools"))


async def test_who_leaves_is_no_member_any_more_and_keeps_other_roles(village: Town) -> None:
    await members(village, {ADA: "citizens"})
    await village.appoints(CLAIRE, Role.PANEL, HERE)

    assert await village.acts(CLAIRE, LeavePanel(HERE), LeavePanel(HERE)) == [True, False]

    assert [one.role for one in (await village.look(CLAIRE, OwnRoles)).held] == [Role.TERRITORY]
    assert sum((await sheet(village)).members.values()) == 1
    assert (await village.rows(Audit))[-1].what == "left"


async def test_a_territory_without_a_panel_has_no_colleges(town: Town) -> None:
    await town.arrives(ADA)

    assert (await town.look(ADA, Colleges, THERE)).colleges == ()


# ---- its meetings


async def meets(town: Town, id: int, *people: int, **columns: Any) -> None:
    """A meeting of the panel took place, and those people were there."""
    options = {"begins": timedelta(hours=2), "kind": "panel", **columns}
    await town.do(call_meeting, id, now=town.now, **options)
    for telegram in people:
        await town.acts(telegram, AnswerOccasion(id, Says.YES))
    await town.do(_were_there, id, town.now)


def _were_there(connection: Connection, id: int, now: Any) -> None:
    came = update(table(Answer)).where(col(Answer.occasion_id) == id)
    connection.execute(came.values(checked_in_at=now))


async def test_members_who_came_are_counted_by_college_over_the_last_meetings(village: Town) -> None:
    await members(village, {ADA: "citizens", BEN: "schools"})
    await village.arrives(CLEO)
    await meets(village, 1, ADA, CLEO)
    await meets(village, 2, ADA, BEN)
    await meets(village, 3, role=Role.PANEL, kind="assembly")
    await meets(village, 4, CLEO, kind="assembly")
    village.later(days=1)

    found = await sheet(village)

    assert found.meetings == 2
    assert found.came == {"citizens": 2, "associations": 0, "schools": 1}


async def test_meetings_of_long_ago_and_cancelled_ones_are_not_counted(village: Town) -> None:
    await members(village, {ADA: "citizens", BEN: "schools"})
    await meets(village, 1, BEN)
    for id in range(2, 7):
        village.later(days=1)
        await meets(village, id, ADA)
    await meets(village, 7, BEN)
    await village.do(change, 7, state="cancelled")
    village.later(days=1)

    found = await sheet(village)

    assert (found.meetings, found.came) == (5, {"citizens": 5, "associations": 0, "schools": 0})


async def test_the_next_meeting_is_the_soonest_of_the_panel(village: Town) -> None:
    assert (await sheet(village)).next is None
    for id, days, columns in ((1, 9, {"kind": "panel"}), (2, 5, {"role": "panel"}), (3, 2, {})):
        await village.do(call_meeting, id, now=village.now, begins=timedelta(days=days), **columns)
    await village.do(
        call_meeting, 4, now=village.now, begins=timedelta(days=1), kind="panel", territory="montbell"
    )

    found = (await sheet(village)).next

    assert found is not None
    assert (found.id, found.kind) == (2, "assembly")
