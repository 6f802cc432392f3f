"""Before what people see is changed: how it will read in each language, and how many are told of it."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any

from flows.moves import Effect, Flow, Key, Lines, Names, Say, do, glance, labelled, look, pick
from flows.occasions.kinds import names_of_kinds
from flows.occasions.occasions import Occasion, Sheet, Sheets
from flows.occasions.sheet import Tongue, sheet
from flows.people.roles import Scope
from flows.planning.drafting import PlaceLanguages, preview
from flows.planning.planning import Foreseen
from flows.planning.proposing import CarryOut, GiveUp, Proposals


class Confirmed(StrEnum):
    """Whether to carry out what has been seen."""

    YES = "yes"
    MORE = "more"  # change something else, too
    NO = "no"


class Really(StrEnum):
    """Whether to do what cannot be undone."""

    YES = "yes"
    NO = "no"


def card(occasion: Occasion, words: Sheet, kind: Names) -> Callable[[Tongue], Lines]:
    """How an occasion reads in each language, by its own clocks."""
    by_its_clocks = replace(occasion, when=replace(occasion.when, own=None))
    return lambda tongue: sheet(by_its_clocks, words, kind, tongue)


def show_foreseen(
    then: Foreseen,
    effect: Effect[Any],
    reads: Callable[[Occasion, Sheet, Names], Callable[[Tongue], Lines]] = card,
) -> Flow[None]:
    """Show in each language of the place what people will read after an effect.

    then   what was looked at after it
    reads  what they read, of the occasion as it will be, its words and its kind
    """
    occasion = then.occasion
    known = yield from glance(Sheets, (occasion.id,) if occasion else (), after=effect)
    kinds = yield from names_of_kinds()
    languages = yield from look(PlaceLanguages, effect.scope())
    words = known.by_id.get(str(occasion.id)) if known and occasion else None
    if occasion is not None and words is not None:
        yield from preview(languages, reads(occasion, words, kinds.get(occasion.kind, {})), then.titled)


def told_to(people: int) -> Key:
    """How many people hear of it, in a sentence."""
    return Key("plan.told", {"n": people})


def confirmed(told: int, *ways: Confirmed) -> Flow[Confirmed]:
    """Whether to carry out what has just been shown.

    told  people who hear of it soon
    """
    choices = (each for each in labelled("plan.sure", Confirmed) if each.value in ways)
    return Confirmed((yield from pick("plan.sure", choices, back=False, told=told_to(told))))


def pending(where: Scope, about: int) -> Flow[bool]:
    """Whether something is proposed."""
    return (yield from look(Proposals, where, about)).waiting > 0


def settle(where: Scope, about: int, show: Callable[[CarryOut], Flow[int]]) -> Flow[bool]:
    """Carry out what is proposed, or give it up; False where the person goes on changing.

    show  shows how it will read after that, and returns how many people will be told
    """
    proposed = yield from look(Proposals, where, about)
    if proposed.waiting == 0:
        return True
    if proposed.impossible == proposed.waiting:
        yield from do(GiveUp(where, about))
        yield Say("plan.impossible")
        return True
    told = yield from show(CarryOut(where, about))
    if proposed.impossible:
        yield Say("plan.carried_out_in_part")
    match (yield from confirmed(told, *Confirmed)):
        case Confirmed.MORE:
            return False
        case Confirmed.NO:
            yield from do(GiveUp(where, about))
            yield Say("plan.not_carried_out")
        case Confirmed.YES:
            impossible = yield from do(CarryOut(where, about))
            is_as_said = impossible <= proposed.impossible
            yield Say("plan.carried_out" if is_as_said else "plan.carried_out_in_part", told=told_to(told))
    return True
