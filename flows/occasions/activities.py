"""Co-responsibility activities: what is near and for a person, and what they have taken on."""

from collections.abc import Sequence
from typing import Final

from flows.choices import CLOSE
from flows.conversations import Next, conversation
from flows.coordinate import page_by_page
from flows.moves import Choice, Flow, Key, Say, glance, look
from flows.occasions.activity import LIST, one_activity
from flows.occasions.helping import report
from flows.occasions.lists import PAGE, one_listed
from flows.occasions.occasions import Sheets, Sort, Standing, Upcoming
from flows.occasions.posts import Task, Tasks
from flows.occasions.sheet import Tongue, name_of_post, title
from flows.planning.drafting import OwnTongue

TASKS: Final = Choice("tasks", Key("activities.tasks"))
ALL: Final = Choice("all", Key("activities.all"))


@conversation(LIST, command="activities", menu=14)
def activities() -> Flow[Next]:
    """A citizen sees which activities there are for them, soonest first, and what they have taken on.

    the list -> one of them; my tasks -> one of them, or how it was
    """
    coming = (yield from look(Upcoming, Sort.ACTIVITY)).occasions
    key = "activities.list" if coming else "activities.nothing"
    picked = yield from one_listed(key, coming, (TASKS, CLOSE))
    if picked == CLOSE.value:
        return None
    return (yield from (tasks() if picked == TASKS.value else one_activity(int(picked))))


def tasks() -> Flow[Next]:
    """What the person has taken on, with what can be done about each, and what they can report."""
    own = yield from look(OwnTongue)
    mine = (yield from look(Tasks)).tasks
    if not mine:
        yield Say("activities.no_tasks")
        return LIST
    words = yield from glance(Sheets, tuple(task.occasion for task in mine))

    def line(number: int) -> Key:
        return _line(number, mine, words, own.tongue)

    picked = yield from page_by_page("activities.tasks.list", len(mine), line, (ALL, CLOSE), at_a_time=PAGE)
    if picked == CLOSE.value:
        return None
    if picked == ALL.value:
        return LIST
    task = mine[int(picked)]
    if not task.is_over:
        return (yield from one_activity(task.occasion))
    yield from report(task.occasion)
    return None


def _line(number: int, mine: Sequence[Task], words: Sheets | None, tongue: Tongue) -> Key:
    """How a task reads in the list."""
    task = mine[number]
    sheet = words.by_id.get(str(task.occasion)) if words else None
    kind = words.kinds.get(str(task.occasion), {}) if words else {}
    return Key(
        "activities.task",
        {
            "number": number + 1,
            "title": title(sheet, kind, tongue),
            "starts": task.when.starts,
            "post": name_of_post(task.post, sheet, tongue),
            "state": Key(f"activities.task.{state_of(task)}"),
        },
    )


def state_of(task: Task) -> str:
    """How it stands with a task."""
    if task.is_over:
        return "over"
    if task.seeks and task.standing is Standing.SEATED:
        return "seeks"
    return task.standing
