"""From words to actions: statements are sorted one by one, seen together, linked to what comes of them."""

from collections.abc import Iterable
from typing import Final

from flows.actions.actions import Codes, ComponentNames
from flows.actions.touching import IN_GENERAL
from flows.choices import CLOSE, TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, anew, place_in, place_of, somewhere
from flows.moves import Arg, Choice, Flow, Key, Lines, Say, do, glance, look, pick
from flows.occasions.sheet import Tongue, said
from flows.people.roles import EVERYWHERE, Permission, Scope
from flows.people.team import Reach
from flows.planning.drafting import OwnTongue
from flows.words.classes import (
    Backlog,
    Classify,
    GivenWords,
    NextStatement,
    Settle,
    Sorted,
    Task,
    UndoClassification,
    Unsorted,
    counted,
)
from flows.words.course import Contribution
from flows.words.grouped import by_component, called, listed
from flows.words.rounds import ROUND, SKIP, STOP

STATEMENTS: Final = "statements"

RULES: Final = Choice("rules", Key("sorting.rules_button"))
GROUPS: Final = Choice("groups", Key("sorting.groups"))
GIFTS: Final = Choice("gifts", Key("sorting.gifts"))
FEEDBACK: Final = Choice("feedback", Key("sorting.feedback"))
UNDO: Final = Choice("undo", Key("sorting.undo"))
OTHER: Final = Choice("other", Key("sorting.other"))


@conversation(STATEMENTS, desk=64, needs=Permission.CLASSIFY)
def statements(territory: str | None = None, group: str | None = None) -> Flow[Next]:
    """A person who coordinates works with what citizens said.

    where -> sort, see a second time, settle, or look at what is sorted -> how much is left there

    territory, group  where they are at work already, if they are
    """
    reach = yield from look(Reach, Permission.CLASSIFY)
    spots = [one for one in reach.spots if one.where != EVERYWHERE]
    spot = yield from somewhere("sorting.where", spots, place_in(territory, group))
    backlog = yield from look(Backlog, spot.where)
    tasks = tuple(
        Choice(task, Key(f"sorting.task.{task}", {"count": counted(backlog.waiting[task])}))
        for task in Task
        if backlog.waiting.get(task)
    )
    others = (GROUPS, GIFTS, FEEDBACK, RULES, *((TO_LIST,) if len(spots) > 1 else ()), CLOSE)
    picked = yield from pick("sorting.ask", (*tasks, *others), back=False, about=place_of(spot))
    match picked:
        case CLOSE.value:
            return DESK
        case TO_LIST.value:
            return STATEMENTS
        case RULES.value:
            yield Say("sorting.rules")
        case GROUPS.value:
            yield from by_component(spot.where)
        case GIFTS.value:
            yield from listed(spot.where, Contribution.GIFT)
        case FEEDBACK.value:
            yield from listed(spot.where, Contribution.FEEDBACK)
        case _:
            yield from one_by_one(spot.where, Task(picked))
    return anew(STATEMENTS, spot)


def one_by_one(where: Scope, task: Task) -> Flow[None]:
    """Statements for a task, until there are no more or the person stops."""
    last, undoable = 0, None
    for _ in range(ROUND):
        found = yield from look(NextStatement, where, task, last)
        if found.statement is None:
            yield Say("sorting.no_more")
            return
        last = found.statement.id
        picked = yield from what_it_is_about(where, task, found.statement, undoable)
        if picked == UNDO.value:
            assert undoable is not None
            undone = yield from do(UndoClassification(where, undoable))
            yield Say("sorting.undone" if undone else "sorting.not_undone")
            last, undoable = (undoable - 1 if undone else last - 1), None
        elif picked == STOP.value:
            return
        elif picked != SKIP.value:
            undoable = yield from classified(where, task, found.statement, picked)


def classified(where: Scope, task: Task, one: Unsorted, code: str) -> Flow[int | None]:
    """Keep what a statement is about; the id of what can be undone then, if it can."""
    move = (Settle if task is Task.SETTLE else Classify)(where, one.id, one.wording, code)
    result = yield from do(move)
    yield Say(f"sorting.sorted.{result}")
    return one.id if result in (Sorted.FIRST, Sorted.AGREES, Sorted.DIFFERS) else None


def what_it_is_about(where: Scope, task: Task, one: Unsorted, undoable: int | None) -> Flow[str]:
    """A component, or what else was pressed. Where two do not agree, one of both is chosen, or another."""
    more = (*((UNDO,) if undoable is not None else ()), SKIP, STOP)
    if task is Task.SETTLE:
        own = yield from look(OwnTongue)
        names = yield from glance(ComponentNames)
        views = tuple(Choice(code.lower(), called(code, names)) for code in one.codes)
        words = yield from words_of(where, one, own.tongue)
        picked = yield from pick(
            "sorting.settle",
            (*views, OTHER, *more),
            back=False,
            words=words,
            about=Key(f"question.{one.question}"),
        )
        if picked != OTHER.value:
            return picked if picked in _values(more) else picked.upper()
        more = ()
    return (yield from by_the_key(where, one, more))


def by_the_key(where: Scope, one: Unsorted, more: tuple[Choice, ...]) -> Flow[str]:
    """A dimension, then one of its components, or the dimension as a whole; or one of the other choices."""
    codes = yield from look(Codes)
    own = yield from look(OwnTongue)
    names = yield from glance(ComponentNames)
    words = yield from words_of(where, one, own.tongue)
    about = Key(f"question.{one.question}")
    dimensions = tuple(Choice(code.lower(), called(code, names)) for code in codes.within)
    hint = hint_of(one, names)
    picked = yield from pick("sorting.dimension", (*dimensions, *more), words=words, about=about, hint=hint)
    if picked in _values(more):
        return picked
    dimension = picked.upper()
    names = yield from glance(ComponentNames)
    words = yield from words_of(where, one, own.tongue)
    within = tuple(Choice(code.lower(), called(code, names)) for code in codes.within[dimension])
    picked = yield from pick(
        "sorting.component",
        (*within, IN_GENERAL),
        words=words,
        about=about,
        dimension=called(dimension, names),
    )
    return dimension if picked == IN_GENERAL.value else picked.upper()


def _values(choices: Iterable[Choice]) -> set[str]:
    return {choice.value for choice in choices}


def words_of(where: Scope, one: Unsorted, tongue: Tongue) -> Flow[Arg]:
    """The words of a statement, in the present; if they are in another language, with its name."""
    known = yield from glance(GivenWords, where, Contribution.STATEMENT, (one.id,))
    return said({one.language: known.texts.get(str(one.id), "") if known else ""}, tongue)


def hint_of(one: Unsorted, names: ComponentNames | None) -> Lines:
    """What similar statements were about, as a suggestion and no more."""
    if one.suggestion is None:
        return Lines(())
    args: dict[str, Arg] = {
        "n": one.suggestion.alike,
        "component": called(one.suggestion.code, names),
    }
    return Lines((Key("sorting.similar", args),))
