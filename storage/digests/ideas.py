"""The pilot actions of a digest that wait for a decision: a few at a time, each in its turn."""

import json
from typing import Final

from sqlalchemy import Connection, select

from flows.actions.actions import Progress
from flows.codec import decode
from flows.digests.digest import Digest, Idea
from storage.actions.piloted import Action
from storage.digests.digested import Digest as DigestRow
from storage.digests.parts import Span, titles
from storage.tables import table

MOST: Final = 4  # with three buttons each
REMEMBERED: Final = 60
"""Digests of before that are looked at for what they told: two months of days."""
NEVER: Final = (0, 0)

_ACTIONS: Final = table(Action)
_DIGESTS: Final = table(DigestRow)


def ideas(connection: Connection, span: Span) -> tuple[tuple[Idea, ...], int]:
    """Published actions that nobody has decided about, and how many more of them wait for their turn.

    First those that no digest has told, the oldest one first, then those that were told the longest ago:
    so each comes up, even where nobody ever decides about the others.
    """
    query = (
        select(_ACTIONS)
        .where(
            _ACTIONS.c.territory == span.territory.slug,
            _ACTIONS.c.published_at.is_not(None),
            _ACTIONS.c.status == Progress.IDEA,
        )
        .order_by(_ACTIONS.c.published_at, _ACTIONS.c.id)
    )
    waiting = connection.execute(query).all()
    if len(waiting) > MOST:
        told = _told(connection, span)
        waiting = sorted(waiting, key=lambda row: told.get(row.id, NEVER))
    rows = waiting[:MOST]
    names = titles(connection, [row.id for row in rows])
    found = tuple(Idea(row.id, names.get(row.id, {}), span.day(row.published_at)) for row in rows)
    return found, len(waiting) - len(rows)


def _told(connection: Connection, span: Span) -> dict[int, tuple[int, int]]:
    """When each was told last, by id, and at which place: the later, the greater; others are missing."""
    query = (
        select(_DIGESTS.c.data)
        .where(_DIGESTS.c.territory == span.territory.slug, _DIGESTS.c.until <= span.since)
        .order_by(_DIGESTS.c.until.desc())
        .limit(REMEMBERED)
    )
    last: dict[int, tuple[int, int]] = {}
    for ago, data in enumerate(connection.execute(query).scalars()):
        digest = decode(Digest, json.loads(data))
        told = digest.ideas if digest.is_news else ()  # without news, no room has heard of them
        for place, idea in enumerate(told):
            last.setdefault(idea.action, (REMEMBERED - ago, place))
    return last
