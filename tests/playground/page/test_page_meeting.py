"""A meeting from its plan to what is said of it, by people in two languages who press what the page shows."""

import asyncio

import pytest

from bot.playground.cast import CIRCLE
from tests.playground.page.stage import AMELIE, CLAIRE, EMMA, SAMIR
from tests.playground.page.walking import Walk

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.asyncio(loop_scope="session")]

PLAN = (
    "/coordinate",
    "[plan_meetings]",
    "[new]",
    "[thematic]",
    "[all]",
    "27.3.2027 18:30",
    "[usual]",
    "[once]",
)
TEXTS = ("Le jardin", "The garden", "الحديقة", "Maison", "House", "دار", "2", "[rest]", "[publish]")


async def comes(walk: Walk, id: int) -> None:
    await walk.does(id, "/meetings", "[0]", "[yes]", "[1]", "[done]")


async def test_a_meeting_of_two_seats_goes_its_way_from_the_plan_to_what_is_said_of_it(walk: Walk) -> None:
    await walk.does(CLAIRE, *PLAN, *TEXTS)
    walk.emulator.group(CIRCLE.id).member_writes(walk.emulator.person(CLAIRE), "/meetings@together_bot")
    await walk.reads(CIRCLE.id, "Le jardin", "2 sur 2")
    await walk.shows("meeting-planned", CLAIRE, CIRCLE.id)

    await comes(walk, AMELIE)
    await comes(walk, SAMIR)
    await walk.does(EMMA, "/settings", "[zone]", "[0]", "[close]")  # she lives by the clocks of Athens
    await walk.does(EMMA, "/meetings", "[0]")
    await walk.reads(
        EMMA, "When: Saturday, 27 March 2027, 18:30", "By your clock: Saturday, 27 March 2027, 19:30"
    )
    await walk.shows("meeting-own-clock", SAMIR, EMMA)
    await walk.does(EMMA, "[yes]", "[1]", "[done]")
    await walk.reads(CIRCLE.id, "0 sur 2")
    await walk.does(AMELIE, "/meetings", "[0]", "[no]", "[leave]")
    await walk.reads(EMMA, "A seat has become free for you", "The garden")
    await comes(walk, AMELIE)
    await walk.at("2027-03-17T14:00")
    await walk.reads(EMMA, "has passed on")
    await walk.reads(AMELIE, "Une place s’est libérée pour vous")
    await walk.shows("meeting-seat-offered", EMMA, AMELIE)
    await walk.does(AMELIE, "[take]")

    await walk.at("2027-03-24T12:00")
    await walk.reads(SAMIR, "قريباً")
    await walk.does(CLAIRE, "/coordinate", "[plan_meetings]", "[move]", "28.3.2027 18:30", "[usual]", "[yes]")
    await walk.reads(SAMIR, "الأحد، 28 مارس 2027، من 6:30 م")
    await walk.reads(AMELIE, "dimanche 28 mars 2027, de 18:30")
    await walk.reads(CIRCLE.id, "dimanche 28 mars 2027, de 18:30")
    await walk.shows("meeting-moved", AMELIE, CLAIRE)
    told = walk.heard(AMELIE)
    await walk.at("2027-03-27T17:29")
    await asyncio.sleep(2)
    assert walk.heard(AMELIE) == told
    await walk.at("2027-03-27T17:30")
    await walk.reads(AMELIE, "Venez-vous toujours ?")
    await walk.at("2027-03-28T14:30:01")
    await walk.reads(AMELIE, "Bientôt", "de 18:30 à 20:00")
    assert walk.heard(AMELIE) == told + 2

    await walk.at("2027-03-29T07:00")
    await walk.reads(SAMIR, "هل كنت هناك؟")
    await walk.does(SAMIR, "[yes]", "[2]", "الشاي", "[skip]")
    await walk.does(CLAIRE, "/coordinate", "[answers]", "[0]")
    await walk.reads(CLAIRE, "Étaient là : 1", "الشاي")
    await walk.shows("meeting-afterwards", SAMIR, CLAIRE)
    await walk.does(CLAIRE, "/coordinate", "[plan_meetings]", "[list]", "[over]", "[0]", "[minutes]")
    await walk.does(CLAIRE, "On plante en avril.", "We plant in April.", "نزرع في أبريل.", "[now]")
    await walk.reads(SAMIR, "قراءة ما قيل")
    await walk.does(SAMIR, "[open]")
    await walk.reads(SAMIR, "نزرع في أبريل.")
    await walk.shows("meeting-minutes", SAMIR, CLAIRE)
