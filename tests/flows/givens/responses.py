"""What people said about coming, for those who prepare it."""

from flows.occasions.occasions import Barrier, Need
from flows.occasions.registration import ReplyAtRegistration
from flows.occasions.wishes import DescribeBarrier, NameBarriers, NameGuests, NameNeeds
from tests.flows.givens import given
from tests.flows.talking import Talking


@given("needs")
def needs(who: Talking, words: str) -> None:
    """`Ada needs interpretation fr at 7`, `Ada needs childcare at 7`."""
    wanted, _, number = words.partition(" at ")
    need, _, language = wanted.partition(" ")
    who.world.given(NameNeeds(int(number), (Need(need),), language or None))


@given("brings")
def brings(who: Talking, words: str) -> None:
    """`Ada brings Grandma to 7`."""
    names, _, number = words.partition(" to ")
    who.world.given(NameGuests(int(number), names))


@given("hindered")
def hindered(who: Talking, words: str) -> None:
    """`Ada hindered by transport at 7: no bus comes here`."""
    what, _, reason = words.partition(": ")
    barrier, _, number = what.removeprefix("by ").partition(" at ")
    who.world.given(NameBarriers(int(number), (Barrier(barrier),)), DescribeBarrier(int(number), reason))


@given("replies")
def replies(who: Talking, words: str) -> None:
    """`Ada replies to 7 1: gladly`."""
    which, _, reply = words.removeprefix("to ").partition(": ")
    occasion, number = which.split()
    who.world.given(ReplyAtRegistration(int(occasion), int(number), reply))
