"""Pilot actions, the feedback to them and what came of it, as rows for a file: without names."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from flows.actions.actions import Progress, Section
from flows.actions.pilots import Change
from storage.actions.piloted import (
    Action,
    ActionChange,
    ActionComponent,
    ActionText,
    Feedback,
    Finding,
    Score,
)
from storage.sheet import Line, Sheet
from storage.tables import table

PLACE: Final = ("territory", "group")
ACTIONS: Final = Sheet(
    "actions",
    ("id", *PLACE, "status", "theme", "published_at", "history", "components", "language", *Section),
)
FEEDBACK: Final = Sheet(
    "feedback",
    (
        "action", *PLACE, "wave", "contributor", "side", "component", "value", "scale", "text", "language",
        "language_probability", "language_how", "created_at",
    ),
)  # fmt: skip
FINDINGS: Final = Sheet("findings", ("action", *PLACE, "wave", "component", "cell", "people", "mean"))

_ACTIONS: Final = table(Action)
_NAME: Final = 8  # characters of a pseudonym: enough to tell the people of one action apart


def actions(connection: Connection, territory: str | None, group: str | None = None) -> list[Line]:
    """Every action that was published, once for each language that anything is written in.

    territory, group  slugs; None: all
    """
    texts = table(ActionText)
    words: dict[int, dict[str, dict[str, str]]] = {}
    for row in connection.execute(select(texts).order_by(texts.c.language)):
        words.setdefault(row.action_id, {}).setdefault(row.language, {})[row.part] = row.text
    touched: dict[int, list[str]] = {}
    for row in connection.execute(select(table(ActionComponent)).order_by(col(ActionComponent.code))):
        touched.setdefault(row.action_id, []).append(row.code)
    history = _histories(connection)
    query = select(_ACTIONS).where(_ACTIONS.c.published_at.is_not(None))
    return [
        {
            "id": str(row.id),  # 63 bits: a spreadsheet would round the number
            **_place(row._mapping),
            "status": row.status,
            "theme": row.theme,
            "published_at": row.published_at.date().isoformat(),
            "history": history.get(row.id, ""),
            "components": " ".join(touched.get(row.id, ())),
            "language": language,
            **{section: said.get(section) for section in Section},
        }
        for row in connection.execute(_within(query, territory, group).order_by(_ACTIONS.c.created_at))
        for language, said in words[row.id].items()
    ]


def _histories(connection: Connection) -> dict[int, str]:
    """On which days each action began to stand where: `2026-03-02 idea, 2026-04-07 running`."""
    changes = table(ActionChange)
    moves = select(changes).where(changes.c.what.in_((Change.DRAFTED, Change.PROGRESS)))
    found: dict[int, list[str]] = {}
    for row in connection.execute(moves.order_by(changes.c.at, changes.c.id)):
        stands = row.about or Progress.IDEA
        found.setdefault(row.action_id, []).append(f"{row.at.date().isoformat()} {stands}")
    return {id: ", ".join(stood) for id, stood in found.items()}


def feedback(connection: Connection, territory: str | None) -> list[Line]:
    """What remains of what people said of actions, a row for each score, in an order that says nothing.

    territory  its slug; None: all

    `contributor` tells the same person's answers to one action in its waves; to another action, and in their
    statements, they have another name. The sentence stands with the first of somebody's scores.
    """
    given, scores = table(Feedback), table(Score)
    query = (
        select(given, scores.c.component, scores.c.value, _ACTIONS.c.territory, _ACTIONS.c.group_slug)
        .join(_ACTIONS, _ACTIONS.c.id == given.c.action_id)
        .outerjoin(scores, scores.c.feedback_id == given.c.id)
        .order_by(given.c.action_id, given.c.wave, given.c.author, scores.c.component)
    )
    rows: list[Line] = []
    said: set[int] = set()
    for row in connection.execute(_within(query, territory)):
        rows.append(_opinion(row._mapping, is_first=row.id not in said))
        said.add(row.id)
    return rows


def _opinion(row: Mapping[Any, Any], *, is_first: bool) -> Line:
    words = {name: row[name] for name in ("text", "language", "language_probability", "language_how")}
    same = {name: row[name] for name in ("wave", "side", "component", "value", "scale")}
    return {
        "action": str(row["action_id"]),
        **_place(row),
        "contributor": row["author"][:_NAME],
        **same,
        **(words if is_first and row["text"] else dict.fromkeys(words)),
        "created_at": row["created_at"].date().isoformat(),
    }


def findings(connection: Connection, territory: str | None, group: str | None = None) -> list[Line]:
    """What was given back of closed waves: figures about many.

    territory, group  slugs; None: all
    """
    found = table(Finding)
    query = (
        select(found, _ACTIONS.c.territory, _ACTIONS.c.group_slug)
        .join(_ACTIONS, _ACTIONS.c.id == found.c.action_id)
        .order_by(found.c.action_id, found.c.wave, found.c.component, found.c.cell)
    )
    return [
        {
            "action": str(row.action_id),
            **_place(row._mapping),
            **{name: row._mapping[name] for name in ("wave", "component", "cell", "people")},
            "mean": round(row.total / row.people, 2),
        }
        for row in connection.execute(_within(query, territory, group))
    ]


def _within(query: Select[Any], territory: str | None, group: str | None = None) -> Select[Any]:
    for column, slug in ((_ACTIONS.c.territory, territory), (_ACTIONS.c.group_slug, group)):
        query = query if slug is None else query.where(column == slug)
    return query


def _place(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"territory": row["territory"], "group": row["group_slug"]}
