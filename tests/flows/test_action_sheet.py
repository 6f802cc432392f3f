"""How a pilot action reads."""

from datetime import date

from flows.actions.actions import Action, Progress, Station
from flows.actions.sheet import EARLIER, Shown, in_short
from flows.moves import Lines
from flows.occasions.sheet import Tongue
from flows.people.roles import Scope

ENGLISH = Tongue("en", ("en",), {"en": "English"})


def test_of_many_stations_the_last_ones_are_told() -> None:
    action = Action(7, Scope("riverside"), Progress.RUNNING, components=(), wanted=())
    days = [date(2026, month, 1) for month in range(9, 1, -1)]
    stations = tuple(Station((Progress.RUNNING, Progress.PAUSED)[day.month % 2], day) for day in days)

    title, now, earlier = in_short(action, Shown({}, {}, {}, stations), ENGLISH).texts

    lines = earlier.args["lines"]
    assert isinstance(lines, Lines)
    assert (title.key, now.args["on"]) == ("action.title", date(2026, 9, 1))
    assert [line.args["on"] for line in lines.texts] == days[1 : 1 + EARLIER]
