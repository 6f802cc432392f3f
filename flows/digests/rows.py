"""A digest as rows for a file: one figure in each, with what it is about in the reader's language."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from flows.digests.digest import Digest
from flows.digests.sheet import Telling
from flows.files import Cell
from flows.moves import Key, Names, Tag
from flows.panels.sheet import PanelSheet
from flows.people.territory import name_in

COLUMNS: Final = (
    "territory",
    "period",
    "part",
    "code",
    "name",
    "figure",
    "people",
    "before",
    "after",
    "date",
)

Row = tuple[Cell, ...]


def rows(digest: Digest, telling: Telling) -> Iterator[Row]:
    """Every figure that is told; where one is hidden, its place is empty."""
    heard, actions, meetings = (part(digest, telling) for part in (_heard, _actions, _meetings))
    panel = _colleges(digest.panel, telling) if digest.panel else ()
    for row in chain(heard, actions, meetings, panel, _waiting(digest, telling)):
        yield (digest.territory, digest.period, *row)


def in_words(row: Row, telling: Telling, territory: Names) -> Row:
    """A row as people read it: what is counted, and what codes mean, in words.

    territory  what it is called
    """
    slug, period, part, code, name, *figures = row
    called = name_in(territory, telling.tongue.language) if territory else slug
    return (called, period, _part(str(part), code), *_thing(str(part), str(code), name, telling), *figures)


def _part(part: str, code: Cell) -> Key:
    if part in _SAID_ELSEWHERE:
        return Key(_SAID_ELSEWHERE[part])
    if part == "overdue" or code == "unsorted":
        return Key(f"list.part.{code}")
    return Key(f"list.part.{part}")


_SAID_ELSEWHERE: Final = {"action": "announce.by.action", "feedback": "sorting.feedback"}


def _thing(part: str, code: str, name: Cell, telling: Telling) -> tuple[Cell, Cell]:
    """What a row is about: its code and its name."""
    match part:
        case "statements" | "panel" | "overdue":
            return None, name
        case "question":
            return code, Key(f"question.{code}")
        case "barrier":
            return code, Key(f"meeting.barriers.{code}")
        case "language":
            return code, Tag(code)
        case "action":
            return Key(f"action.progress.{code}"), name
    if part.startswith("meeting"):
        return _named(telling.kinds.get(code, {}), telling) or code, name
    return code, name


def _row(
    part: str,
    code: str,
    name: Cell = None,
    figure: Cell = None,
    *,
    people: Cell = None,
    before: Cell = None,
    after: Cell = None,
    date: Cell = None,
) -> Row:
    return part, code, name, figure, people, before, after, date


def _named(names: Names, telling: Telling) -> str | None:
    return name_in(names, telling.tongue.language) if names else None


def _heard(digest: Digest, telling: Telling) -> Iterator[Row]:
    heard = digest.heard
    yield _row("statements", "all", figure=heard.statements, people=heard.people)
    yield _row("statements", "unsorted", figure=heard.unsorted)
    for question, figure in heard.questions.items():
        yield _row("question", question, figure=figure)
    for each in heard.dimensions:
        yield _row("dimension", each.code, telling.component_name(each.code), each.statements)
    for code in heard.first:
        yield _row("component_new", code, telling.component_name(code))
    for code in heard.rare:
        yield _row("component_rare", code, telling.component_name(code))
    for language, figure in heard.languages.items():
        yield _row("language", language, telling.tongue.own_names.get(language), figure)
    for slug in heard.groups:
        yield _row("group", slug, _named(telling.groups.get(slug, {}), telling))


def _actions(digest: Digest, telling: Telling) -> Iterator[Row]:
    for action in digest.actions:
        title = _named(action.title, telling)
        yield _row("action", action.progress, title)
        for impact in action.impacts:
            means = {"before": impact.before, "after": impact.after}
            yield _row(
                "feedback", impact.component, title, impact.mean, people=impact.people or None, **means
            )


def _meetings(digest: Digest, telling: Telling) -> Iterator[Row]:
    for part, some in (("meeting", digest.meetings), ("meeting_coming", digest.coming)):
        for each in some:
            about = each.kind, _named(each.title, telling)
            starts = each.starts.isoformat()
            if each.is_deadline:
                yield _row(part, *about, date=starts)
                continue
            yield _row(part, *about, each.coming, people=each.came, date=starts)
            yield _row(f"{part}_maybe", *about, each.maybe, date=starts)
    for each in digest.meetings:
        about = each.kind, _named(each.title, telling)
        for part, figure in (("meeting_no", each.no), ("meeting_cannot", each.cannot)):
            if figure != 0:  # which nobody said, or which was not counted yet
                yield _row(part, *about, figure, date=each.starts.isoformat())
    for barrier, figure in digest.barriers.items():
        yield _row("barrier", barrier, people=figure)


def _colleges(panel: PanelSheet, telling: Telling) -> Iterator[Row]:
    """How many sit in each college of the panel, and how many of them came of late."""
    yield _row("panel", "all", people=sum(panel.members.values()) + panel.elsewhere)
    for college in panel.colleges:
        name = _named(college.names, telling)
        yield _row("panel_college", college.slug, name, people=panel.members.get(college.slug, 0))
        yield _row("panel_came", college.slug, name, people=panel.came.get(college.slug, 0))


def _waiting(digest: Digest, telling: Telling) -> Iterator[Row]:
    for overdue in digest.overdue:
        title = _named(overdue.title, telling)
        yield _row("overdue", overdue.promise, title, date=overdue.since.isoformat())
    for idea in digest.ideas:
        yield _row("idea", str(idea.action), _named(idea.title, telling), date=idea.since.isoformat())
