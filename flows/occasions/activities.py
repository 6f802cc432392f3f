"""Co-responsibility activities: what is near and for a person, and what they have taken on."""

from typing import Final

from flows.choices import CLOSE
from flows.conversations import Next, conversation
from flows.moves import Choice, Flow, Key, Lines, Say, glance, look
from flows.occasions.activity import LIST, one_activity
from flows.occasions.helping import report
from flows.occasions.lists import PAGE, one_listed, times
from flows.occasions.occasions import Listed, Sheets, Sort, Standing, Upcoming
from flows.occasions.posts import Task, Tasks
from flows.occasions.sheet import name_of_post, title
from flows.paging import Listing, page_by_page
from flows.planning.drafting import OwnTongue

TASKS: Final = Choice("tasks", Key("activities.tasks"))
ALL: Final = Choice("all", Key("activities.all"))


@conversation(LIST, command="activities", menu=14)
def activities() -> Flow[Next]:
    """A citizen sees which activities there are for them, soonest first, and what they have taken on.

    the list -> one of them; my tasks -> one of them, or how it was
    """
    picked = yield from one_listed(
        "activities.list", (TASKS, CLOSE), Upcoming, Sort.ACTIVITY, nothing="activities.nothing"
    )
    if isinstance(picked, Listed):
        return (yield from one_activity(picked.id))
    return (yield from tasks()) if picked == TASKS else None


def tasks() -> Flow[Next]:
    """What the person has taken on, with what can be done about each, and what they can report."""
    task = yield from page_by_page(
        "activities.tasks.list",
        own_tasks,
        (ALL, CLOSE),
        nothing=Say("activities.no_tasks"),
        at_a_time=PAGE,
    )
    if task == CLOSE:
        return None
    if not isinstance(task, Task):
        return LIST
    if not task.is_over:
        return (yield from one_activity(task.occasion))
    yield from report(task.occasion)
    return None


def own_tasks() -> Flow[Listing[Task]]:
    """What the person has taken on now, and how it reads in the list."""
    own = yield from look(OwnTongue)
    mine = (yield from look(Tasks)).tasks
    words = yield from glance(Sheets, tuple(task.occasion for task in mine))

    def line(number: int, task: Task) -> Key:
        sheet = words.by_id.get(str(task.occasion)) if words else None
        kind = words.kinds.get(str(task.occasion), {}) if words else {}
        return Key(
            "activities.task",
            {
                "number": number,
                "title": title(sheet, kind, own.tongue),
                "when": Lines(tuple(times(task.when))),
                "post": name_of_post(task.post, sheet, own.tongue),
                "state": Key(f"activities.task.{state_of(task)}"),
            },
        )

    return Listing(mine, line)


def state_of(task: Task) -> str:
    """How it stands with a task."""
    if task.is_over:
        return "over"
    if task.seeks and task.standing is Standing.SEATED:
        return "seeks"
    return task.standing
