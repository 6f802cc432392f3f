"""Where that lies to which a link leads: told of what is published, and of nothing else."""

import pytest
from sqlalchemy import Connection, insert

from flows.people.person import LinkedPlace
from storage.actions.piloted import Action
from storage.occasions.attendance import door_payload
from storage.tables import table
from tests.storage.plans import call_meeting
from tests.storage.town import KEYS, NOON, Town

ADA = 4_000_000_001
RIVERSIDE, ELDERS = LinkedPlace("riverside"), LinkedPlace("riverside", "elders")


def plan_action(connection: Connection, id: int, *, is_published: bool) -> None:
    row = {"territory": "riverside", "group_slug": "elders", "status": "running", "planner": "somebody"}
    published = NOON if is_published else None
    connection.execute(
        insert(table(Action)), {"id": id, **row, "created_at": NOON, "published_at": published}
    )


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ("m_1", RIVERSIDE),
        ("a_1", RIVERSIDE),
        ("m_2", ELDERS),
        (door_payload(KEYS, 2), ELDERS),
        ("c_2_00000000", ELDERS),  # a wrong code opens no door; where a meeting is tells its link, too
        ("p_5", ELDERS),
        ("m_3", LinkedPlace()),  # a draft
        ("m_4", LinkedPlace()),  # of the whole network
        ("p_6", LinkedPlace()),  # a draft
        ("p_1", LinkedPlace()),
        ("m_zz", LinkedPlace()),
        ("m_", LinkedPlace()),
        ("m_1e99999999999", LinkedPlace()),
        ("m", LinkedPlace()),
        ("n_1_x", LinkedPlace()),
        ("", LinkedPlace()),
    ],
)
async def test_a_link_tells_where_that_is_to_which_it_leads(
    town: Town, payload: str, told: LinkedPlace
) -> None:
    await town.do(call_meeting, 1, now=NOON)
    await town.do(call_meeting, 2, now=NOON, group_slug="elders", state="cancelled")
    await town.do(call_meeting, 3, now=NOON, state="draft")
    await town.do(call_meeting, 4, now=NOON, territory=None)
    await town.do(plan_action, 5, is_published=True)
    await town.do(plan_action, 6, is_published=False)

    assert await town.look(ADA, LinkedPlace, payload) == told
