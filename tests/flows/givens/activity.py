"""Which activities there are, and who has taken on what."""

import re
from datetime import timedelta
from typing import Any

from flows.actions.gifts import Give, Giving
from flows.occasions.helping import ReportDone
from flows.occasions.posts import SeekStandIn
from flows.words.statements import Words
from tests.flows.givens import given
from tests.flows.talking import Talking
from tests.flows.village import BEGINNING
from tests.flows.world import World
from tests.storage import activities

_BEGINS = re.compile(r"\bin (\d+)([dh])")
_COLUMN = re.compile(r"(\w+)=(\S+)")
_NUMBERS = ("dates", "minutes", "sequence", "action")


@given("activity")
def activity(who: Talking, words: str) -> None:
    """`activity 7 in 5d dates=3 minutes=90 posts=Cook:1,Host: ...`: in Riverside; columns as in its table."""
    number, _, rest = words.partition(" ")
    begins = _BEGINS.search(rest)
    length = int(begins[1]) if begins else 5
    options: dict[str, Any] = {
        name: int(value) if name in _NUMBERS else value for name, value in _COLUMN.findall(rest)
    }
    if "posts" in options:
        each = (post.split(":") for post in options["posts"].split(","))
        options["posts"] = {name: int(seats) if seats else None for name, seats in each}
    village = who.world.village
    starts = timedelta(hours=length) if begins and begins[2] == "h" else timedelta(days=length)
    with village.transaction() as connection:
        activities.call_activity(connection, int(number), now=village.now, begins=starts, **options)


@given("takes")
def takes(who: Talking, words: str) -> None:
    """`takes 1 of 7`, `Ada takes 2 of 7`: a post by its number."""
    post, occasion = map(int, words.split(" of "))
    who.world.given(activities.take(post, occasion))


@given("seeks")
def seeks(who: Talking, words: str) -> None:
    """`Ada seeks a stand-in at 7`."""
    who.world.given(SeekStandIn(int(words.removeprefix("a stand-in at "))))


@given("helpers")
def helpers(who: Talking, words: str) -> None:
    """`helpers 9 for 60 at 7`: so many others took its second post in time, and say so many minutes now."""
    number, _, minutes, _, occasion = words.split()
    village = who.world.village
    people, now = [World(village) for _ in range(int(number))], village.now
    village.now = BEGINNING
    for one in people:
        one.arrives()
        one.given(activities.take(activities.HOST, int(occasion)))
    village.now = now
    for one in people:
        one.given(ReportDone(int(occasion), int(minutes)))


@given("gives")
def gives(who: Talking, words: str) -> None:
    """`Ada gives skill: I can cook`."""
    kind, _, text = words.partition(": ")
    who.messages += 1
    who.world.given(Give(Giving(kind), Words(text, who.messages, None, 0.0)))
