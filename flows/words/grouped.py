"""What citizens gave, seen together: by component, taken into the diagnosis, linked to pilot actions."""

from collections.abc import Callable
from typing import Final

from flows.actions.actions import ComponentNames, Section
from flows.actions.sheet import title
from flows.choices import CLOSE, MORE, TO_LIST
from flows.moves import Arg, Choice, Flow, Key, Lines, Names, Say, do, glance, look, pick
from flows.occasions.sheet import Tongue, said
from flows.paging import Leaf, Listing, one_of_many
from flows.people.roles import Scope
from flows.planning.drafting import OwnTongue
from flows.words.classes import (
    Given,
    GivenPage,
    GivenWords,
    Groups,
    Link,
    Linkable,
    LinkableTitles,
    MoveOn,
    OneGiven,
    Unlink,
)
from flows.words.course import Contribution, Course
from flows.words.rewording import shortened

READ: Final = Choice("read", Key("grouped.read"))
MOVE: Final = Choice("move", Key("grouped.move"))
LINK: Final = Choice("link", Key("grouped.link"))
UNLINK: Final = Choice("unlink", Key("grouped.unlink"))

BY_HAND: Final = (Course.RECEIVED, Course.GROUPED, Course.DIAGNOSIS, Course.DECIDED, Course.DONE)
"""Where things can be put: what is linked is linked to something."""


def by_component(where: Scope) -> Flow[None]:
    """Components with how many statements are about them, the rare ones too; then one of them."""

    def list_now() -> Flow[Listing[str]]:
        groups = yield from look(Groups, where)
        names = yield from glance(ComponentNames)

        def line(number: int, code: str) -> Key:
            count = groups.counts[code]
            component = called(code, names)
            return Key(
                "grouped.line", {"number": number, "code": code, "component": component, "count": count}
            )

        return Listing(tuple(groups.counts), line)

    nothing, leaf = Say("grouped.none"), Leaf()
    while code := (yield from one_of_many("grouped.list", list_now, nothing, leaf=leaf)):
        yield from one_component(where, code)


def one_component(where: Scope, code: str) -> Flow[None]:
    """All statements about one component: read, moved on together, or linked together to a pilot action."""
    while True:
        groups = yield from look(Groups, where)
        count = groups.counts.get(code, 0)
        names = yield from glance(ComponentNames)
        picked = yield from pick(
            "grouped.one", (READ, MOVE, LINK, TO_LIST), back=False, component=called(code, names), count=count
        )
        if picked == READ.value:
            yield from listed(where, Contribution.STATEMENT, code)
        elif picked == MOVE.value:
            moved = yield from moved_on(where, Contribution.STATEMENT, None, code)
            yield Say("grouped.moved", n=moved)
        elif picked == LINK.value:
            yield from linked(where, Contribution.STATEMENT, None, code)
        else:
            return


def listed(where: Scope, contribution: Contribution, code: str = "") -> Flow[None]:
    """Statements about something, all offers, or all feedback, page by page; then one of them."""
    last = 0
    while True:
        page = yield from look(GivenPage, where, contribution, code, last)
        if not page.given:
            yield Say("grouped.nothing")
            return
        own = yield from look(OwnTongue)
        words = yield from glance(GivenWords, where, contribution, tuple(one.id for one in page.given))
        shown = enumerate(page.given, start=1)
        lines = tuple(line_of(number, one, words, own.tongue) for number, one in shown)
        numbers = (Choice(str(number), str(number + 1)) for number in range(len(page.given)))
        choices = (*numbers, *(() if page.is_last else (MORE,)), CLOSE)
        picked = yield from pick("grouped.page", choices, columns=5, back=False, lines=Lines(lines))
        if picked == CLOSE.value:
            return
        if picked == MORE.value:
            last = page.given[-1].id
        else:
            yield from one_given(where, contribution, page.given[int(picked)].id)


def line_of(number: int, one: Given, words: GivenWords | None, tongue: Tongue) -> Key:
    """One of them in a list: how its words begin, and where it stands."""
    course = Key(f"course.at.{one.course}")
    begins = quoted(one.id, words, tongue, shortened)
    return Key("grouped.given", {"number": number, "words": begins, "course": course})


def quoted(id: int, words: GivenWords | None, tongue: Tongue, told: Callable[[str], str] = str) -> Arg:
    """Words of somebody, with the name of their language where it is another; feedback may have none.

    told  how they are told, such as only their beginning
    """
    text = words.texts.get(str(id)) if words else None
    if not text or words is None:
        return Key("grouped.no_words")
    language = words.languages.get(str(id))
    return said({language: told(text)}, tongue) if language else told(text)


def one_given(where: Scope, contribution: Contribution, id: int) -> Flow[None]:
    """One thing that was given: how it came where it stands; moved on, or linked."""
    while True:
        known = yield from look(OneGiven, where, contribution, id)
        if known.given is None:
            yield Say("sorting.sorted.gone")
            return
        own = yield from look(OwnTongue)
        words = yield from glance(GivenWords, where, contribution, (id,))
        titles = yield from glance(LinkableTitles, where)
        ways = (*ways_to_link(contribution, known.given), MOVE, TO_LIST)
        picked = yield from pick(
            "grouped.in_full",
            ways,
            back=False,
            words=quoted(id, words, own.tongue),
            lines=history(known, titles, own.tongue),
        )
        if picked == TO_LIST.value:
            return
        if picked == MOVE.value:
            yield Say("grouped.moved", n=(yield from moved_on(where, contribution, id)))
        elif picked == LINK.value:
            yield from linked(where, contribution, id)
        else:
            yield from unlinked(where, contribution, known.given)


def ways_to_link(contribution: Contribution, given: Given) -> tuple[Choice, ...]:
    """Feedback belongs to an action anyway."""
    if contribution is Contribution.FEEDBACK:
        return ()
    return (LINK, UNLINK) if given.actions else (LINK,)


def history(known: OneGiven, titles: LinkableTitles | None, tongue: Tongue) -> Lines:
    """Where something stands, what it is linked to, and how it came there."""
    if known.given is None:
        return Lines(())
    named = titles.titles if titles else {}
    return Lines(
        (
            Key("course.is", {"course": Key(f"course.at.{known.given.course}")}),
            *(
                Key("grouped.action", {"title": title_of(named.get(str(action)), tongue)})
                for action in known.given.actions
            ),
            *(
                Key(
                    "course.step_by_me" if step.by_me else "course.step",
                    {
                        "at": step.at.date(),
                        "course": Key(f"course.at.{step.course}"),
                        "why": Key(f"course.why.{step.why}"),
                    },
                )
                for step in known.steps
            ),
        )
    )


def title_of(names: Names | None, tongue: Tongue) -> Arg:
    """What a pilot action is called."""
    return title({Section.TITLE: names} if names else {}, tongue)


def moved_on(where: Scope, contribution: Contribution, id: int | None, code: str = "") -> Flow[int]:
    """Where something stands from now on; how much of it stood elsewhere."""
    choices = (Choice(course, Key(f"course.at.{course}")) for course in BY_HAND)
    to = yield from pick("grouped.where_to", choices)
    return (yield from do(MoveOn(where, Course(to), contribution, id, code)))


def linked(where: Scope, contribution: Contribution, id: int | None, code: str = "") -> Flow[None]:
    """Link it to one of the pilot actions."""

    def there() -> Flow[tuple[int, ...]]:
        return (yield from look(Linkable, where)).actions

    action = yield from one_action(where, there, Say("grouped.no_actions"))
    if action is not None:
        count = yield from do(Link(where, action, contribution, id, code))
        yield Say("grouped.linked", n=count)


def unlinked(where: Scope, contribution: Contribution, given: Given) -> Flow[None]:
    """Take one of its links back."""

    def its_own() -> Flow[tuple[int, ...]]:
        known = (yield from look(OneGiven, where, contribution, given.id)).given
        return known.actions if known else ()

    action = yield from one_action(where, its_own)
    if action is not None:
        yield from do(Unlink(where, action, contribution, given.id))
        yield Say("grouped.unlinked")


def one_action(
    where: Scope, actions: Callable[[], Flow[tuple[int, ...]]], nothing: Say | None = None
) -> Flow[int | None]:
    """One of those pilot actions; None for none of them.

    nothing  said where there are none
    """

    def list_now() -> Flow[Listing[int]]:
        there = yield from actions()
        own = yield from look(OwnTongue)
        titles = yield from glance(LinkableTitles, where)
        named = titles.titles if titles else {}

        def line(number: int, action: int) -> Key:
            title = title_of(named.get(str(action)), own.tongue)
            return Key("grouped.action_line", {"number": number, "title": title})

        return Listing(there, line)

    return (yield from one_of_many("grouped.which_action", list_now, nothing))


def called(code: str, names: ComponentNames | None) -> Arg:
    """What a component is called; its code where it has no name."""
    return (names.names.get(code) if names else None) or code
