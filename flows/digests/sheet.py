"""How a digest reads: part by part, each as a message of its own that is joined with the others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.actions.actions import Progress
from flows.digests.digest import ActionNews, Counsel, Counsels, Digest, Heard, Idea, Impact, MeetingNews
from flows.moves import Arg, Key, Lines, Names, Say
from flows.occasions.occasions import Says
from flows.occasions.sheet import Tongue, quoted, said
from flows.panels.sheet import attendance, members
from flows.people.territory import name_in


@dataclass(frozen=True, slots=True)
class Telling:
    """What a digest is told with: names, as people here read them, and words that may be quoted."""

    tongue: Tongue
    panel: Names
    groups: Mapping[str, Names] = field(default_factory=dict)  # by slug
    components: Mapping[str, Names] = field(default_factory=dict)  # by code, dimensions too
    kinds: Mapping[str, Names] = field(default_factory=dict)  # of meetings, by code
    quotes: Mapping[str, Names] = field(default_factory=dict)
    """Words by the language they are in, by id of the statement; withdrawn ones are gone."""
    counsels: Mapping[str, Counsels] = field(default_factory=dict)  # by id of the action

    def component(self, code: str) -> Arg:
        """What a component or a dimension is called."""
        return self.components.get(code) or code

    def component_name(self, code: str) -> str:
        """The same as a word of a list."""
        return name_in(self.components.get(code) or {"": code}, self.tongue.language)


def sections(digest: Digest, telling: Telling) -> Iterator[Say]:
    """The parts that have something to say, but for the ideas: where there are buttons, they stand below."""
    yield Say("digest.head", panel=telling.panel, when=when(digest))
    if not digest.is_news:
        yield Say("digest.nothing")
        return
    parts = (
        ("digest.heard", heard(digest.heard, telling)),
        ("digest.actions", actions(digest.actions, telling)),
        ("digest.meetings", meetings(digest, telling)),
        ("digest.overdue", overdue(digest, telling)),
        ("digest.coming", gatherings(digest.coming, telling, "digest.date")),
        ("digest.panel", (*members(digest.panel), *attendance(digest.panel)) if digest.panel else ()),
    )
    for key, lines in parts:
        if found := tuple(lines):
            yield Say(key, lines=Lines(found))
    if digest.hides:
        yield Say("digest.note", smallest=digest.smallest)


def when(digest: Digest) -> Key:
    """The days that it tells of."""
    return days(digest.first, digest.last)


def days(first: date, last: date) -> Key:
    """The same of any days."""
    if first == last:
        return Key("digest.day", {"first": first})
    return Key("digest.days", {"first": first, "last": last})


def heard(heard: Heard, telling: Telling) -> Iterator[Key]:
    """What people said, counted by question, dimension and language, and what only a few said."""
    if heard.statements is None or heard.people is None:
        yield Key("digest.uncounted")
    elif heard.statements:
        yield Key("digest.total", {"statements": heard.statements, "people": heard.people})
    if heard.unsorted != 0:  # of all that was said; what was sorted in this time may be older
        yield Key("digest.unsorted") if heard.unsorted is None else _unsorted(heard.unsorted)
    yield from _headed("digest.questions", _questions(heard))
    yield from _headed("digest.dimensions", counted_dimensions(heard, telling))
    for key, codes in (("digest.first", heard.first), ("digest.rare", heard.rare)):
        if codes:
            yield Key(key, {"names": tuple(map(telling.component_name, codes))})
    yield from _headed("digest.languages", _languages(heard, telling))
    if heard.groups:
        names = (telling.groups.get(slug) or {"": slug} for slug in heard.groups)
        yield Key("digest.groups", {"names": tuple(name_in(each, telling.tongue.language) for each in names)})
    words = [telling.quotes[str(id)] for id in heard.quotes if str(id) in telling.quotes]
    yield from _headed("digest.quotes", [quoted("digest.quote", each, telling.tongue) for each in words])


def _headed(key: str, lines: Iterable[Key]) -> Iterator[Key]:
    if found := tuple(lines):
        yield Key(key, {"lines": Lines(found)})


def _unsorted(statements: int) -> Key:
    return Key("digest.unsorted_count", {"statements": statements})


def _questions(heard: Heard) -> Iterator[Key]:
    for question, figure in heard.questions.items():
        yield _figure(Key(f"question.{question}"), figure)


def counted_dimensions(heard: Heard, telling: Telling) -> Iterator[Key]:
    """What it was about, what most was said about first."""
    for each in heard.dimensions:
        yield _figure(telling.component(each.code), each.statements, is_new=each.is_new)


def _languages(heard: Heard, telling: Telling) -> Iterator[Key]:
    for language, figure in heard.languages.items():
        yield _figure(telling.tongue.called(language), figure)


def _figure(name: Arg, figure: int | None, *, is_new: bool = False) -> Key:
    """A name with its number, or alone where that would tell of a few."""
    if figure is None:
        return Key("digest.named_new" if is_new else "digest.named", {"name": name})
    return Key("digest.counted_new" if is_new else "digest.counted", {"name": name, "count": figure})


def actions(news: Iterable[ActionNews], telling: Telling) -> Iterator[Key]:
    """What happened with pilot actions, and what people say these did."""
    for action in news:
        yield _moved(action, called(action.title, telling))
        yield from impact_lines((action,), telling)


def _moved(action: ActionNews, title: Arg) -> Key:
    progress: Progress = action.progress
    args: dict[str, Arg] = {"title": title, "status": Key(f"action.progress.{progress}")}
    if action.is_new:
        return Key("digest.action.new", args)
    return Key("digest.action.moved", args) if action.moved else Key("digest.action.told", {"title": title})


def impact_lines(news: Iterable[ActionNews], telling: Telling) -> Iterator[Key]:
    """What people say that actions did, component by component."""
    for impact in (each for action in news for each in action.impacts):
        yield from _impact(impact, telling)


def _impact(impact: Impact, telling: Telling) -> Iterator[Key]:
    component = telling.component(impact.component)
    if impact.mean is None:
        yield Key("digest.hidden", {"component": component})
    else:
        args = {"component": component, "mean": impact.mean, "people": impact.people}
        yield Key("digest.impact", args)
    if impact.before is not None and impact.after is not None:
        args = {"n": impact.again, "before": impact.before, "after": impact.after}
        yield Key("findings.change", args)


def meetings(digest: Digest, telling: Telling) -> Iterator[Key]:
    """The meetings that took place, and what kept people away."""
    yield from gatherings(digest.meetings, telling, "digest.meeting")
    yield from _headed("digest.barriers", _barriers(digest))


def _barriers(digest: Digest) -> Iterator[Key]:
    for barrier, figure in digest.barriers.items():
        yield _figure(Key(f"meeting.barriers.{barrier}"), figure)


def gatherings(some: Iterable[MeetingNews], telling: Telling, key: str) -> Iterator[Key]:
    """Meetings with their answers."""
    for each in some:
        title = called(each.title or telling.kinds.get(each.kind, {}), telling)
        if each.is_deadline:
            yield Key("digest.named", {"name": title})
            yield Key("digest.part_named", {"name": Key("occasion.until", {"ends": each.starts})})
            continue
        args = {"title": title, "starts": each.starts, "coming": each.coming, "maybe": each.maybe}
        yield Key(key, {**args, "came": each.came})
        yield from _absent(each)


def _absent(meeting: MeetingNews) -> Iterator[Key]:
    for says, figure in ((Says.NO, meeting.no), (Says.CANNOT, meeting.cannot)):
        name = Key(f"meeting.ask.{says}")
        if figure is None:
            yield Key("digest.part_named", {"name": name})
        elif figure:
            yield Key("digest.part", {"name": name, "count": figure})


def overdue(digest: Digest, telling: Telling) -> Iterator[Key]:
    """What somebody still waits for."""
    for each in digest.overdue:
        args = {"title": called(each.title, telling), "since": each.since}
        yield Key(f"digest.overdue.{each.promise}", args)


def ideas(waiting: Iterable[Idea], counsels: Mapping[str, Counsels], more: int) -> Lines:
    """The ideas that need a decision, numbered as their buttons are, with what members say to each.

    counsels  by id of the action
    more      how many others wait
    """
    return Lines(tuple(_ideas(waiting, counsels, more)))


def _ideas(waiting: Iterable[Idea], counsels: Mapping[str, Counsels], more: int) -> Iterator[Key]:
    for number, idea in enumerate(waiting, start=1):
        title: Arg = idea.title or Key("action.untitled")
        yield Key("digest.idea", {"number": number, "title": title, "since": idea.since})
        yield from said_to(counsels.get(str(idea.action), {}))
    if more:
        yield Key("digest.ideas_more", {"count": more})


def said_to(counsels: Counsels) -> Iterator[Key]:
    """What members say to one idea, if any said anything."""
    if counsels:
        yield Key("digest.counsels", figures(counsels))


def figures(counsels: Counsels) -> dict[str, Arg]:
    """How many members say what, as arguments of a text."""
    return {each.value: counsels.get(each, 0) for each in Counsel}


def called(title: Names, telling: Telling) -> Arg:
    """What an action or a meeting is called."""
    return said(title, telling.tongue) if title else Key("action.untitled")
