"""A weekly activity on the page: planned, taken on, handed to a stand-in who reads another language, done."""

import pytest

from tests.playground.page.stage import AMELIE, CLAIRE, SAMIR
from tests.playground.page.walking import Walk

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.asyncio(loop_scope="session")]

PLAN = ("/coordinate", "[plan_activities]", "[new]", "[all]", "23.3.2027 18:00", "[usual]", "[weekly]", "3")
TEXTS = ("Club ouvert", "Open club", "النادي المفتوح", "La maison", "[rest]")
TASK = ("Cuisiner", "Cooking", "الطبخ", "1", "2", "[no]", "[rest]", "[publish]")


async def test_a_weekly_activity_is_taken_on_and_handed_to_a_stand_in(walk: Walk) -> None:
    await walk.does(CLAIRE, *PLAN, *TEXTS, *TASK)
    await walk.does(AMELIE, "/activities", "[0]", "[take-1]", "[all]")
    await walk.does(SAMIR, "/actions", "[give]", "[skill]", "أطبخ للجميع", "[fine]")

    await walk.at("2027-03-22T17:00")
    await walk.reads(AMELIE, "Bientôt", "Club ouvert", "de 18:00 à 20:00")
    await walk.does(AMELIE, "[open]", "[give-back]", "[one]", "[stand-in]")
    await walk.reads(SAMIR, "عمّن ينوب عنه", "النادي المفتوح", "الطبخ")
    await walk.does(SAMIR, "[stand-in]")
    await walk.reads(AMELIE, "Quelqu’un a pris votre rôle", "Club ouvert")
    await walk.shows("activity-stand-in", AMELIE, SAMIR)

    await walk.at("2027-03-23T15:00")
    await walk.reads(SAMIR, "قريباً", "النادي المفتوح")
    await walk.at("2027-03-24T07:00")
    await walk.reads(SAMIR, "هل كنت هناك؟")
    await walk.does(SAMIR, "[yes]", "[120]", "كنا اثني عشر")
    await walk.reads(SAMIR, "شكراً", "2")
    told = walk.heard(AMELIE)
    await walk.at("2027-03-29T16:00")  # the clocks have gone forward: 18:00 there
    await walk.reads(AMELIE, "30 mars 2027, de 18:00")
    assert walk.heard(AMELIE) == told + 1
