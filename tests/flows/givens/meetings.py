"""Which meetings there are, and what they ask of those who come."""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from flows.occasions.afterwards import SayWasThere
from flows.occasions.occasions import AnswerOccasion, Says
from flows.people.roles import Scope
from flows.planning.planning import Move
from flows.pushes.pushed import Notice
from storage.occasions import seats
from storage.occasions.planned import OccasionQuestion
from storage.occasions.wishes import keep
from storage.planning import occupancy
from storage.pushes.notices import tell
from storage.tables import table
from tests.flows.givens import given
from tests.flows.talking import Talking
from tests.storage import plans

_COLUMN = re.compile(r"(\w+)=(\S+)")
_NUMBERS = ("series", "most_party", "sequence", "seats", "action")


@given("meeting")
def meeting(who: Talking, words: str) -> None:
    """`meeting 7 in 5d seats=2 most_party=3 ...`: in Riverside, for two hours; columns as in its table.

    `kind=deadline`: it has no length.
    """
    number, _, rest = words.partition(" ")
    columns: dict[str, Any] = {
        name: int(value) if name in _NUMBERS else float(value) if name.endswith("tude") else value
        for name, value in _COLUMN.findall(rest)
    }
    days = re.search(r"\bin (\d+)([dh])", rest)
    length = int(days[1]) if days else 5
    begins = timedelta(hours=length) if days and days[2] == "h" else timedelta(days=length)
    lasts = timedelta(hours=0 if columns.get("kind") == "deadline" else 2)
    village = who.world.village
    with village.transaction() as connection:
        plans.call_meeting(connection, int(number), now=village.now, begins=begins, lasts=lasts, **columns)


@given("text")
def text(who: Talking, words: str) -> None:
    """`text 7 place fr: A la mairie`; `text 7 minutes en: A path was agreed`."""
    where, _, written = words.partition(": ")
    number, column, language = where.split()
    with who.world.village.transaction() as connection:
        plans.write_text(connection, int(number), language, **{column: written})


@given("question")
def question(who: Talking, words: str) -> None:
    """`question 7 1: Do you eat with us?`, in English."""
    where, _, written = words.partition(": ")
    occasion, number = where.split()
    with who.world.village.transaction() as connection:
        plans.ask_at_registration(connection, int(occasion), int(number), en=written)


@given("taken")
def taken_back(who: Talking, words: str) -> None:
    """`taken back question 7 2`: nobody asks it any more."""
    occasion, number = words.removeprefix("back question ").split()
    columns = table(OccasionQuestion).c
    with who.world.village.transaction() as connection:
        connection.execute(
            delete(table(OccasionQuestion)).where(
                columns.occasion_id == int(occasion), columns.number == int(number)
            )
        )


@given("meetings")
def changed(who: Talking, words: str) -> None:
    """`meetings 7 state=cancelled`: a meeting is changed; `seats=5`, as its seats are."""
    number, _, rest = words.partition(" ")
    with who.world.village.transaction() as connection:
        plans.change(connection, int(number), **dict(_COLUMN.findall(rest)))


@given("says")
def says(who: Talking, words: str) -> None:
    """`says yes to 7`, `Ada says yes to 7 with 3`."""
    answer, _, rest = words.partition(" to ")
    number, _, party = rest.partition(" with ")
    who.world.given(AnswerOccasion(int(number), Says(answer), party=int(party or 1)))


@given("reschedules")
def reschedules(who: Talking, words: str) -> None:
    """`Ada reschedules 7 to 2026-03-08T14:00`, who coordinates Riverside: by its clocks, for two hours."""
    number, _, wall = words.partition(" to ")
    starts = datetime.fromisoformat(wall)
    who.world.given(Move(Scope("riverside"), int(number), starts, starts + timedelta(hours=2)))


@given("many")
def many(who: Talking, words: str) -> None:
    """`many 27`: so many meetings, one on each of the next days."""
    for number in range(1, int(words) + 1):
        meeting(who, f"{number} in {number}d")


@given("offers")
def lapse(who: Talking, words: str) -> None:
    """`offers lapse`: the ticker has looked for offers that are over."""
    village = who.world.village
    with village.transaction() as connection:
        seats.lapse(connection, village.context, village.now)


@given("was")
def was_there(who: Talking, words: str) -> None:
    """`was there at 7`: by the code at its door, whenever that was."""
    number = int(words.removeprefix("there at "))
    who.world.given(AnswerOccasion(number, Says.YES))
    with who.world.turn() as unit:
        keep(unit, number, checked_in_at=unit.at)


@given("stayed")
def stayed_away(who: Talking, words: str) -> None:
    """`stayed away from 7`, by their own word."""
    who.world.given(SayWasThere(int(words.removeprefix("away from ")), was_there=False))


@given("moves")
def moves(who: Talking, words: str) -> None:
    """`moves 7 by 10d`: to a later time."""
    number, _, days = words.partition(" by ")
    village = who.world.village
    with village.transaction() as connection:
        plans.move(connection, int(number), village.now + timedelta(days=int(days.removesuffix("d"))))


@given("watched")
def watched(who: Talking, words: str) -> None:
    """`watched how full`: it is looked at what has become full, and where few have answered."""
    if words != "how full":
        raise ValueError(f"nothing is known of 'given: watched {words}'")
    village = who.world.village
    with village.transaction() as connection:
        occupancy.watch(connection, village.context, village.now)


@given("told")
def told(who: Talking, words: str) -> None:
    """`told 7 moved was=2026-03-06T14:00`: all who take part are to be told that."""
    number, notice, *details = words.split()
    village = who.world.village
    was = dict(each.split("=") for each in details)
    with village.transaction() as connection:
        tell(connection, village.context, int(number), Notice(notice), village.now, details=was)
