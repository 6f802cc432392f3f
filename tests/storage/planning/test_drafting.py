"""In which languages people write for a place."""

from dataclasses import replace

from storage.planning.drafting import tongue_of
from tests.storage.town import CONTEXT, Town

ADA = 4_000_000_001


async def test_for_the_network_people_write_in_the_languages_of_its_territories_alone(town: Town) -> None:
    somebody = await town.comes(ADA)  # who has arrived nowhere
    context = replace(CONTEXT, own_names={"de": "Deutsch", **CONTEXT.own_names})

    assert tongue_of(context, somebody).others == tuple(CONTEXT.own_names)
