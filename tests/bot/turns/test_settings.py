"""Lead times on their whole way: written in the person's own words, kept, and told in them."""

import pytest

from storage.database import Database
from tests.bot.house import ARRIVING, House, data, said

ADA = 5


@pytest.mark.parametrize(
    ("language", "typed", "told"),
    [("fr", "2 h et 3 JOURS", "3 jours et 2 heures"), ("lv", "2 stundas, 1 nedēļa", "7 dienas un 2 stundas")],
)
async def test_lead_times_are_told_in_the_words_they_are_written_in(
    database: Database, language: str, typed: str, told: str
) -> None:
    house = House(database)
    carried = await house.take(house.opens(ADA, "t_riverside", language=language))
    for choice in (language, *ARRIVING[1:]):
        carried = await house.take(house.presses(ADA, data(carried, choice)))
    carried = await house.take(house.commands(ADA, "settings"))
    carried = await house.take(house.presses(ADA, data(carried, "leads")))

    carried = await house.take(house.writes(ADA, typed))

    assert told in said(carried)[-1][1]
