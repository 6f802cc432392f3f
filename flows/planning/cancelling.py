"""Cancelling what is planned: what people are told then is shown in each language before it is done."""

from collections.abc import Callable

from flows.moves import Flow, Key, Lines, Names, Say, choose, do, look
from flows.occasions.occasions import Occasion, Sheet
from flows.occasions.sheet import Tongue, time_of, title, where_it_is
from flows.planning.changing import extent_of
from flows.planning.confirming import Really, show_foreseen, told_to
from flows.planning.planning import Cancel, Foreseen, Progress


def cancel(occasion: Occasion, progress: Progress) -> Flow[int | None]:
    """It does not take place; who comes is told, in words that are shown before."""
    change = Cancel(occasion.where, occasion.id, (yield from extent_of(progress)))
    then = yield from look(Foreseen, occasion.where, occasion.id, after=change)
    if then.told:
        yield from show_foreseen(then, change, notice)
    told = told_to(then.told)
    if (yield from choose("plan.cancel", Really, when=time_of(occasion), told=told)) is Really.YES:
        came = yield from do(change)
        yield Say(f"plan.cancelled.{came}", told=told)
    return occasion.id


def notice(occasion: Occasion, words: Sheet, kind: Names) -> Callable[[Tongue], Lines]:
    """What whoever comes is told in each language, once it is cancelled."""

    def lines(tongue: Tongue) -> Lines:
        called = Key("occasion.title", {"title": title(words, kind, tongue)})
        where = where_it_is(words, occasion.pin, occasion.link, tongue)
        return Lines((Key("push.cancelled", {"about": Lines((called, time_of(occasion), *where))}),))

    return lines
