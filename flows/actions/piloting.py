"""Planning pilot actions: creating one step by step, changing what it says, asking for feedback to it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from flows.actions.actions import Section
from flows.actions.findings import findings
from flows.actions.listed import all_pilots
from flows.actions.pilots import DraftAction, OnePilot, Pilot, Pilots, PilotWords
from flows.actions.sheet import title
from flows.actions.steps import (
    close_wave,
    copy,
    discard,
    draft_of,
    history,
    needs,
    open_wave,
    progress,
    publish,
    show,
    texts,
    theme,
    withdraw,
)
from flows.actions.touching import components
from flows.choices import CLOSE, TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, anew, place_in, place_of, somewhere
from flows.moves import Choice, Flow, Key, Say, do, glance, look, pick
from flows.paging import one_of_many
from flows.people.roles import EVERYWHERE, Permission, Scope, Spot
from flows.people.team import Reach
from flows.planning.drafting import OwnTongue, PlaceLanguages, texts_in

PILOTS: Final = "pilots"

NEW: Final = Choice("new", Key("pilots.new"))
CHANGE: Final = Choice("change", Key("pilots.change"))

PREVIEW: Final = Choice("preview", Key("pilot.preview"))
TEXTS: Final = Choice("texts", Key("pilot.texts"))
COMPONENTS: Final = Choice("components", Key("pilot.components"))
THEME: Final = Choice("theme", Key("pilot.theme"))
NEEDS: Final = Choice("needs", Key("pilot.needs"))
PROGRESS: Final = Choice("progress", Key("pilot.progress"))
PUBLISH: Final = Choice("publish", Key("pilot.publish"))
DISCARD: Final = Choice("discard", Key("pilot.discard"))
OPEN_WAVE: Final = Choice("open", Key("pilot.open_wave"))
CLOSE_WAVE: Final = Choice("shut", Key("pilot.close_wave"))
FINDINGS: Final = Choice("findings", Key("pilot.findings"))
HISTORY: Final = Choice("history", Key("pilot.history"))
COPY: Final = Choice("copy", Key("plan.wish.copy"))
WITHDRAW: Final = Choice("withdraw", Key("pilot.withdraw"))

STEPS: Final[Mapping[str, Callable[[Scope, int], Flow[None]]]] = {
    PREVIEW.value: show,
    TEXTS.value: texts,
    COMPONENTS.value: components,
    THEME.value: theme,
    NEEDS.value: needs,
    PROGRESS.value: progress,
    PUBLISH.value: publish,
    DISCARD.value: discard,
    OPEN_WAVE.value: open_wave,
    CLOSE_WAVE.value: close_wave,
    FINDINGS.value: lambda _where, id: findings(id),
    HISTORY.value: history,
    WITHDRAW.value: withdraw,
}


@conversation(PILOTS, desk=60, needs=Permission.PLAN)
def pilots(territory: str | None = None, group: str | None = None) -> Flow[Next]:
    """A person who coordinates plans pilot actions.

    where -> a new one, or one of the list -> what to do with it -> from the top

    territory, group  where they are at work already, if they are
    """
    reach = yield from look(Reach, Permission.PLAN)
    spots = [one for one in reach.spots if one.where != EVERYWHERE]
    spot = yield from somewhere("pilots.where", spots, place_in(territory, group))
    there = yield from look(Pilots, spot.where)
    choices = (NEW, *((CHANGE,) if there.pilots else ()), CLOSE)
    picked = yield from pick("pilots.ask", choices, back=False, about=place_of(spot))
    if picked == CLOSE.value:
        return DESK
    if picked == NEW.value:
        yield from create(spot.where)
    else:
        yield from one_of_these(spot)
    return anew(PILOTS, spot)


def create(where: Scope) -> Flow[None]:
    """A new action: title and objective in each language, what it touches, where it stands; then the rest."""
    languages = yield from look(PlaceLanguages, where)
    id = yield from do(DraftAction(where))
    for part in (Section.TITLE, Section.OBJECTIVE):
        yield from texts_in(languages, draft_of(where, id, part))
    yield from components(where, id)
    yield from progress(where, id)
    yield from show(where, id)
    yield from one_pilot(where, id)


def one_of_these(spot: Spot) -> Flow[None]:
    """One of the actions of a place, or none of them."""
    list_now = partial(all_pilots, spot.where)
    picked = yield from one_of_many("pilots.list", list_now, about=place_of(spot))
    if picked is not None:
        yield from one_pilot(picked.action.where, picked.action.id)


def one_pilot(where: Scope, id: int) -> Flow[None]:
    """One action, and then its copy where it is copied, until the person goes back to the list."""
    picked = ""
    while True:
        known = yield from look(OnePilot, where, id)
        if known.pilot is None:
            if picked != DISCARD.value:
                yield Say("pilot.gone")
            return
        picked = yield from what_to_do(known.pilot)
        if picked == TO_LIST.value:
            return
        if picked == COPY.value:
            id = yield from copy(where, id)
        else:
            yield from STEPS[picked](where, id)


def what_to_do(pilot: Pilot) -> Flow[str]:
    """What to do with an action now."""
    own = yield from look(OwnTongue)
    words = yield from glance(PilotWords, pilot.action.where)
    called = title(words.sheet(pilot.action.id) if words else {}, own.tongue)
    ways = (PREVIEW, TEXTS, COMPONENTS, THEME, NEEDS, PROGRESS)
    if not pilot.is_published and not pilot.is_withdrawn:
        choices = (*ways, PUBLISH, DISCARD, TO_LIST)
        return (yield from pick("pilot.ask_draft", choices, columns=2, back=False, title=called))
    wave = OPEN_WAVE if pilot.action.wave is None else CLOSE_WAVE
    found = (FINDINGS,) if pilot.action.has_findings else ()
    status = Key(f"action.progress.{pilot.action.progress}")
    if pilot.waves:
        yield Say("pilot.answers", n=pilot.waves, answers=pilot.answers)
    if pilot.is_withdrawn:
        choices = (PREVIEW, *found, HISTORY, COPY, TO_LIST)
    else:
        choices = (*ways, wave, *found, HISTORY, COPY, WITHDRAW, TO_LIST)
    return (yield from pick("pilot.ask", choices, columns=2, back=False, title=called, status=status))
