"""Which components of well-being an action touches: dimension first, then component, as the method has it.

Source: https://wikispiral.org/tiki-index.php?page=Determination+key
"""

from typing import Final

from flows.actions.actions import MOST_COMPONENTS, Codes, ComponentNames
from flows.actions.pilots import OnePilot, Touch, Touched
from flows.moves import Arg, Choice, Flow, Key, Say, do, glance, look, pick
from flows.people.roles import Scope

ADD: Final = Choice("add", Key("touching.add"))
ENOUGH: Final = Choice("enough", Key("touching.enough"))
IN_GENERAL: Final = Choice("general", Key("touching.in_general"))


def components(where: Scope, id: int) -> Flow[None]:
    """Components of an action, added and removed one by one."""
    while True:
        known = yield from look(OnePilot, where, id)
        codes = known.pilot.action.components if known.pilot else ()
        names = yield from glance(ComponentNames)
        there = (Choice(code.lower(), _removing(code, names)) for code in codes)
        more = (ADD,) if len(codes) < MOST_COMPONENTS else ()
        choices = (*there, *more, ENOUGH)
        picked = yield from pick("touching.ask", choices, back=False, n=len(codes), most=MOST_COMPONENTS)
        if picked == ENOUGH.value:
            return
        code = (yield from one_component()) if picked == ADD.value else picked.upper()
        touched = yield from do(Touch(where, id, code, touches=picked == ADD.value))
        if touched not in (Touched.TOUCHED, Touched.REMOVED):
            yield Say(f"touching.{touched}")


def one_component() -> Flow[str]:
    """A dimension, then one of its components, or the dimension as a whole."""
    codes = yield from look(Codes)
    names = yield from glance(ComponentNames)
    dimension = yield from pick(
        "touching.dimension", tuple(Choice(code.lower(), _called(code, names)) for code in codes.within)
    )
    dimension = dimension.upper()
    names = yield from glance(ComponentNames)
    within = tuple(Choice(code.lower(), _called(code, names)) for code in codes.within[dimension])
    picked = yield from pick("touching.component", (*within, IN_GENERAL), dimension=_called(dimension, names))
    return dimension if picked == IN_GENERAL.value else picked.upper()


def _called(code: str, names: ComponentNames | None) -> Arg:
    return (names.names.get(code) if names else None) or code


def _removing(code: str, names: ComponentNames | None) -> Key:
    return Key("touching.remove", {"component": _called(code, names)})
