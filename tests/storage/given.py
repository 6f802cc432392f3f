"""Rows of what becomes of words, for tests of what is kept and what goes."""

from typing import Any

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

from storage.tables import table
from storage.words.returned import ActionLink, Classification, CourseStep, Masked, Review
from tests.storage.pilots import GARDEN
from tests.storage.town import Town


async def is_worked_with(town: Town, citizen: int, statement: int, canary: str) -> None:
    """Others have classified, reviewed and linked somebody's statement; it got further, and so did the rest.

    The ids of their feedback and of their gift are that of the citizen, as `takes_part` makes them.
    """

    def work(connection: Connection) -> None:
        def row(model: type[SQLModel], **values: Any) -> None:
            connection.execute(insert(table(model)), values)

        at, somebody, known = town.now, "somebody", {"id": citizen, "statement_id": statement, "wording": 2}
        row(Classification, **known, opinion="first", code=canary, version="2015", classifier=somebody, at=at)
        row(Review, **known, verdict="masked", reason=canary, reviewer=somebody, at=at)
        row(Masked, statement_id=statement, text=f"{canary} is masked")
        row(ActionLink, id=citizen, action_id=GARDEN, statement_id=statement, linker=somebody, at=at)
        row(ActionLink, id=citizen - 1, action_id=GARDEN, gift_id=citizen, linker=somebody, at=at)
        moved = {"was": "received", "course": "linked", "why": canary, "mover": somebody, "at": at}
        row(CourseStep, statement_id=statement, **moved)
        row(CourseStep, feedback_id=citizen, **moved)
        row(CourseStep, gift_id=citizen, **moved)

    await town.do(work)
