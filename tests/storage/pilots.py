"""Rows of pilot actions, for tests of what is kept and what goes."""

from typing import Any, Final

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

from storage.actions.piloted import (
    Action,
    ActionChange,
    ActionComponent,
    ActionText,
    Feedback,
    Finding,
    Follower,
    Gift,
    Plea,
    Score,
    Wanted,
    Wave,
)
from storage.digests.digested import Advice, Digest, DigestPicture
from storage.tables import Pseudonym, table
from tests.storage.town import KEYS, Town

GARDEN: Final = 71
"""The id of an action."""


async def grows_a_garden(town: Town) -> None:
    """An action that somebody else has planned and published, with everything that can be kept of it."""

    def work(connection: Connection) -> None:
        def row(model: type[SQLModel], **values: Any) -> None:
            connection.execute(insert(table(model)), values)

        at, planner = town.now, "somebody"
        told = {"planner": planner, "created_at": at, "published_at": at}
        row(Action, id=GARDEN, territory="riverside", status="running", **told)
        row(ActionText, action_id=GARDEN, part="title", language="en", text="A garden for all")
        row(ActionComponent, action_id=GARDEN, code="B01", version="2015")
        row(ActionChange, id=1, action_id=GARDEN, what="status", about="running", planner=planner, at=at)
        row(Wave, action_id=GARDEN, number=1, scale="1", opened_at=at)
        row(Finding, action_id=GARDEN, wave=1, component="B01", cell="all", people=12, total=9)
        row(Wanted, cause="action", cause_id=GARDEN, kind="tool")
        time = {"since": at, "until": at, "made_at": at}
        row(Digest, id=72, territory="riverside", period="2020-W01", data="{}", **time)
        row(DigestPicture, digest_id=72, language="en", media_id=1)

    await town.do(work)


async def takes_part(town: Town, citizen: int, canary: str) -> None:
    """Somebody follows the garden, says what it did, and gives and asks for what it needs."""
    author = KEYS.pseudonym(f"feedback {GARDEN}", citizen)

    def work(connection: Connection) -> None:
        def row(model: type[SQLModel], **values: Any) -> None:
            connection.execute(insert(table(model)), values)

        at, known = town.now, {"language": "en", "language_probability": 1.0, "language_how": "written"}
        row(Advice, action_id=GARDEN, citizen_id=citizen, opinion="later", at=at)
        row(Follower, action_id=GARDEN, citizen_id=citizen, takes_part=True, since=at)
        row(Pseudonym, pseudonym=author, citizen_id=citizen, purpose=f"feedback {GARDEN}")
        opinion = {"author": author, "side": "neighbour", "scale": "1", "text": f"{canary} likes it"}
        row(Feedback, id=citizen, action_id=GARDEN, wave=1, created_at=at, **opinion, **known)
        row(Score, feedback_id=citizen, component=f"{canary}'s", value=2)
        gift = {"kind": "tool", "text": f"{canary} has a spade", **known}
        row(Gift, id=citizen, citizen_id=citizen, territory="riverside", given_at=at, **gift)
        cause = {"cause": "action", "cause_id": GARDEN, "name": canary, "text": f"{canary} asks"}
        row(Plea, id=citizen, gift_id=citizen, citizen_id=citizen, asked_at=at, reply="", **cause)

    await town.do(work)
