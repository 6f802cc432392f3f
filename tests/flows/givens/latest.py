"""What many people have said, as figures of it are shown."""

from sqlalchemy import update
from sqlmodel import col

from flows.words.course import Course
from flows.words.reviews import Verdict
from flows.words.statements import Question, RecordStatement, Words
from storage.tables import Statement, table
from storage.words.latest import counted, publish
from tests.flows.givens import given
from tests.flows.talking import Talking
from tests.flows.world import World


@given("figures")
def figures(who: Talking, words: str) -> None:
    """`figures of 12 about B05 in riverside`: so many people have said something of it, and it is shown."""
    count, code, territory = words.removeprefix("of ").replace(" about ", " ").replace(" in ", " ").split()
    village = who.world.village
    for number in range(int(count)):
        somebody = World(village, telegram=2_000 + number)
        somebody.arrives(territory, None)
        somebody.given(RecordStatement(Question.WELL_BEING, Words("Trees", 1, None, 0.0), ()))
    with village.transaction() as connection:
        found = {"component": code, "component_version": "2015", "course": Course.GROUPED}
        connection.execute(update(table(Statement)).where(col(Statement.text) == "Trees").values(**found))
        counts = counted(connection, village.context, territory)
        publish(connection, village.context, territory, counts, village.now)


@given("reviewed")
def reviewed(who: Talking, words: str) -> None:
    """`reviewed A park`: somebody has looked at these words, and they may be shown."""
    with who.world.village.transaction() as connection:
        fit = update(table(Statement)).values(reviewed=Verdict.FIT)
        connection.execute(fit.where(col(Statement.text) == words))
