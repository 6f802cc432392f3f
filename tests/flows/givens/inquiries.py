"""Whether a machine translates what citizens and coordinators write to each other."""

from dataclasses import replace

from tests.flows.givens import given
from tests.flows.talking import Talking


@given("translation")
def translation(who: Talking, words: str) -> None:
    """`translation is set up`: the ticker translates what waits for it."""
    if words != "is set up":
        raise ValueError(f"nothing is known of 'given: translation {words}'")
    village = who.world.village
    village.context = replace(village.context, translates=True)
