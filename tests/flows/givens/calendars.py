"""What there is for a person's calendar, and whether this installation has a place for it."""

from dataclasses import replace
from datetime import timedelta

from flows.occasions.occasions import AnswerOccasion, Says
from tests.flows.givens import given
from tests.flows.talking import Talking
from tests.storage.plans import call_meeting


@given("dates")
def dates(who: Talking, words: str) -> None:
    """`dates 7 8`: meetings, a day apart, that the person comes to."""
    village = who.world.village
    for day, id in enumerate(map(int, words.split()), start=1):
        with village.transaction() as connection:
            call_meeting(connection, id, now=village.now, begins=timedelta(days=day))
        who.world.given(AnswerOccasion(id, Says.YES))


@given("pages")
def pages(who: Talking, words: str) -> None:
    """`pages none`: no address under which the installation could show calendars."""
    village = who.world.village
    village.context = replace(village.context, public_url=None if words == "none" else words)
