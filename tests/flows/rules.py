"""Rules and starts of series, drawn for examples."""

from datetime import timedelta

from hypothesis import strategies as st

from flows.times.recurrence import LAST, Every, Rule, Weekday
from tests.flows.clocks import at

FIRST, AFTER = at("2026-01-01 00:00"), at("2031-01-01 00:00")

starts = st.integers(0, (AFTER - FIRST) // timedelta(minutes=15) - 1).map(
    lambda number: FIRST + number * timedelta(minutes=15)
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule there is, its weekdays in order."""
    every = draw(st.sampled_from(Every))
    weekdays, nth, month_day = draw(_days(every))
    until, count = draw(
        st.just((None, None))
        | st.tuples(st.dates(FIRST.date(), AFTER.date()), st.none())
        | st.tuples(st.none(), st.integers(1, 60))
    )
    return Rule(every, draw(st.integers(1, 14)), weekdays, nth, month_day, until, count)


def _days(every: Every) -> st.SearchStrategy[tuple[tuple[Weekday, ...], int | None, int | None]]:
    weekday = st.sampled_from(Weekday)
    match every:
        case Every.DAY:
            return st.just(((), None, None))
        case Every.WEEK:
            some = st.sets(weekday).map(lambda days: tuple(day for day in Weekday if day in days))
            return st.tuples(some, st.none(), st.none())
        case Every.MONTH:
            nth = st.tuples(st.tuples(weekday), st.sampled_from([1, 2, 3, 4, LAST]), st.none())
            return nth | st.tuples(st.just(()), st.none(), st.integers(1, 31))
