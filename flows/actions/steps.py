"""What can be done about one planned action, step by step; each step looks at it anew."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from flows.actions.actions import IN_LISTS, ComponentNames, Progress, Section
from flows.actions.feedback import title_of
from flows.actions.gifts import Cause, Giving, Sake, Want
from flows.actions.pilots import (
    Change,
    CloseWave,
    CopyAction,
    DiscardAction,
    Happened,
    OnePilot,
    OpenWave,
    Pilot,
    PilotHistory,
    PilotWords,
    PublishAction,
    SetProgress,
    SetTheme,
    Steer,
    WithdrawAction,
    WriteAction,
)
from flows.actions.sheet import in_full, known_of, title
from flows.digests.reading import ActionCounsels
from flows.digests.sheet import figures
from flows.moves import (
    Arg,
    Choice,
    Effect,
    Flow,
    Key,
    Lines,
    Link,
    Names,
    Say,
    do,
    glance,
    labelled,
    look,
    pick,
)
from flows.occasions.sheet import Tongue
from flows.people.roles import Scope
from flows.people.themes import ThemeNames, Themes
from flows.planning.confirming import Confirmed, confirmed, pending, settle
from flows.planning.drafting import Draft, PlaceLanguages, preview, texts_in
from flows.planning.proposing import CarryOut, ToBeTold

LONGEST: Final[Mapping[Section, int]] = {Section.TITLE: 80, Section.OBJECTIVE: 500}
"""Characters; of all other parts `LONG`. A whole sheet must fit a message."""

LONG: Final = 250

SHOWN: Final = 15
"""Changes that the history tells."""

DONE: Final = Choice("done", Key("pilot.done"))
NO_THEME: Final = Choice("none", Key("pilot.no_theme"))

SURE: Final = Choice("yes", Key("pilot.withdraw.yes"))
KEEP: Final = Choice("no", Key("team.last.keep"))


def draft_of(where: Scope, id: int, part: Section, *, proposed: bool = False) -> Draft:
    """How one part of an action's sheet is asked for.

    proposed  people see the action: what is written is only proposed
    """
    return Draft(
        what=Key(f"action.part.{part}"),
        does=WriteAction,
        write=lambda language, text: WriteAction(where, id, part, language, text, proposed=proposed),
        most=LONGEST.get(part, LONG),
        one_line=part is Section.TITLE,
        needed=part is Section.TITLE,
    )


def show(where: Scope, id: int, after: Effect[Any] | None = None) -> Flow[None]:
    """The whole sheet, as it will be read in each language, once something was done."""
    known = yield from look(OnePilot, where, id, after=after)
    languages = yield from look(PlaceLanguages, where)
    words = yield from glance(PilotWords, where, after=after)
    shown = yield from known_of(words.sheet(id) if words else {}, id, after)
    pilot = known.pilot
    if pilot is None:
        return

    def lines(tongue: Tongue) -> Lines:
        return in_full(pilot.action, shown, tongue)

    yield from preview(languages, lines, pilot.written.get(Section.TITLE, ()))


def show_foreseen(where: Scope, id: int, effect: Effect[Any]) -> Flow[int]:
    """Show the sheet as it will be read after an effect; returns how many people are told of it."""
    yield from show(where, id, effect)
    return (yield from look(ToBeTold, where, id, after=effect)).people


def texts(where: Scope, id: int) -> Flow[None]:
    """What the sheet says; where people see it, it is shown as it will be before anything is changed."""
    if not (yield from _is_published(where, id)):
        yield from write_parts("pilot.which_part", where, id)
        return
    if (yield from pending(where, id)):
        yield Say("plan.pending")
    while True:
        yield from write_parts("plan.change_published", where, id, CarryOut(where, id))
        if (yield from settle(where, id, partial(show_foreseen, where, id))):
            return


def _is_published(where: Scope, id: int) -> Flow[bool]:
    known = yield from look(OnePilot, where, id)
    return known.pilot is not None and known.pilot.is_published


def write_parts(key: str, where: Scope, id: int, after: CarryOut | None = None) -> Flow[None]:
    """Parts of the sheet, one after the other, in each language.

    key    of the question which one
    after  what they are looked at after: where there is something, they are only proposed
    """
    languages = yield from look(PlaceLanguages, where)
    while True:
        choices = (*labelled("action.part", Section), DONE)
        picked = yield from pick(key, choices, columns=2, back=False)
        if picked == DONE.value:
            return
        part = Section(picked)
        known = yield from look(OnePilot, where, id, after=after)
        have = known.pilot.written.get(part, ()) if known.pilot else ()
        said = partial(_said_in, where, id, part, after)
        draft = draft_of(where, id, part, proposed=after is not None)
        yield from texts_in(languages, draft, have=have, words=said)


def _said_in(where: Scope, id: int, part: Section, after: CarryOut | None) -> Flow[Names]:
    """What a part of the sheet says now."""
    words = yield from glance(PilotWords, where, after=after)
    return words.sheet(id).get(part, {}) if words else {}


def progress(where: Scope, id: int) -> Flow[None]:
    """Where an action stands, of which members of the panel may have said what they think.

    Where people see it, it is shown as it will be before that is changed.
    """
    heard = yield from glance(ActionCounsels, where, id)
    if heard is not None and heard.counsels:
        yield Say("pilot.counsels", **figures(heard.counsels))
    choices = (each for each in labelled("action.progress", Progress) if each.value in IN_LISTS)
    change = SetProgress(where, id, Progress((yield from pick("action.progress", choices))))
    known = yield from look(OnePilot, where, id)
    if known.pilot is not None and known.pilot.action.progress is not change.progress:
        yield from do_once_seen(known.pilot, change)


def theme(where: Scope, id: int) -> Flow[None]:
    """Which theme it belongs to, if any; where people see it, it is shown as it will be first."""
    themes = yield from look(Themes)
    choices = (Choice(code, name) for code, name in themes.names.items())
    picked = yield from pick("pilot.which_theme", (*choices, NO_THEME))
    change = SetTheme(where, id, None if picked == NO_THEME.value else picked)
    known = yield from look(OnePilot, where, id)
    if known.pilot is not None and known.pilot.action.theme != change.theme:
        yield from do_once_seen(known.pilot, change)


def do_once_seen(pilot: Pilot, change: Steer[Any]) -> Flow[None]:
    """Change one thing; where people see the action, show first how it will read, and ask."""
    if pilot.is_published:
        told = yield from show_foreseen(change.where, change.action, change)
        if (yield from confirmed(told, Confirmed.YES, Confirmed.NO)) is Confirmed.NO:
            yield Say("plan.not_carried_out")
            return
    yield from do(change)


def needs(where: Scope, id: int) -> Flow[None]:
    """Which kinds of gifts an action needs: pressed once it does, pressed again it does not."""
    while True:
        known = yield from look(OnePilot, where, id)
        wanted = known.pilot.action.wanted if known.pilot else ()
        picked = yield from pick("pilot.which_needs", (*_ticked(wanted), DONE), back=False)
        if picked == DONE.value:
            return
        giving = Giving(picked)
        yield from do(Want(where, Cause(Sake.ACTION, id), giving, giving not in wanted))


def _ticked(wanted: tuple[Giving, ...]) -> tuple[Choice, ...]:
    """The kinds of gifts, with those that are needed marked."""
    return tuple(
        Choice(each.value, Key("choice.ticked", {"choice": each.label})) if each.value in wanted else each
        for each in labelled("give.kind", Giving)
    )


def publish(where: Scope, id: int) -> Flow[None]:
    """Show it to everybody in its place, and say by which link."""
    link = yield from do(PublishAction(where, id))
    if link is None:
        yield Say("pilot.untitled")
    else:
        yield Say("pilot.published", link=Link(link))


def withdraw(where: Scope, id: int) -> Flow[None]:
    """It is there no more; who follows it, takes part or offered something is told, in words shown before."""
    called = yield from title_of(id)
    told = (yield from look(ToBeTold, where, id, after=WithdrawAction(where, id))).people
    if told:
        yield from _show_notice(where, id)
    yield Say("plan.told", n=told)
    if (yield from pick("pilot.withdraw.ask", (SURE, KEEP), title=called)) == SURE.value:
        is_withdrawn = yield from do(WithdrawAction(where, id))
        yield Say("pilot.withdrawn" if is_withdrawn else "pilot.wave.already")


def _show_notice(where: Scope, id: int) -> Flow[None]:
    """What those are told in each language whom a withdrawn action concerns."""
    known = yield from look(OnePilot, where, id)
    languages = yield from look(PlaceLanguages, where)
    words = yield from glance(PilotWords, where)
    sheet = words.sheet(id) if words else {}

    def lines(tongue: Tongue) -> Lines:
        return Lines((Key("push.withdrawn", {"title": title(sheet, tongue)}),))

    yield from preview(languages, lines, known.pilot.written.get(Section.TITLE, ()) if known.pilot else ())


def copy(where: Scope, id: int) -> Flow[int]:
    """The same as a draft; returns its id."""
    copied = yield from do(CopyAction(where, id))
    yield Say("pilot.copied")
    yield from show(where, copied)
    return copied


def discard(where: Scope, id: int) -> Flow[None]:
    """Delete a draft."""
    is_gone = yield from do(DiscardAction(where, id))
    yield Say("pilot.discarded" if is_gone else "pilot.not_discarded")


def open_wave(where: Scope, id: int) -> Flow[None]:
    """Begin to ask for feedback."""
    waved = yield from do(OpenWave(where, id))
    yield Say(f"pilot.wave.{waved}")


def close_wave(where: Scope, id: int) -> Flow[None]:
    """End asking, and give back what came of it."""
    waved = yield from do(CloseWave(where, id))
    yield Say(f"pilot.wave.{waved}")


def history(where: Scope, id: int) -> Flow[None]:
    """What was done about an action, the newest first."""
    known = yield from look(PilotHistory, where, id)
    languages = yield from look(PlaceLanguages, where)
    components = yield from glance(ComponentNames)
    themes = yield from glance(ThemeNames)
    names = {**(components.names if components else {}), **(themes.names if themes else {})}
    lines = (
        Key(f"pilot.happened.{one.what}", {"at": one.at, "about": _about(one, languages, names)})
        for one in known.happened[:SHOWN]
    )
    yield Say("pilot.history_of", lines=Lines(tuple(lines)))


def _about(one: Happened, languages: PlaceLanguages, names: Mapping[str, Names]) -> Arg:
    """What a change was about, as people call it."""
    match one.what:
        case Change.PROGRESS:
            return Key(f"action.progress.{one.about}")
        case Change.WRITTEN:
            part, _, code = one.about.partition(" ")
            language = languages.own_names.get(code, code)
            return Key("pilot.part_in", {"part": Key(f"action.part.{part}"), "language": language})
        case Change.COMPONENT | Change.NO_COMPONENT | Change.THEME:
            return names.get(one.about) or one.about or NO_THEME.label
        case _:
            return one.about
