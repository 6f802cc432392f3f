"""Series: on which days something comes again, and which series nobody can mean."""

from datetime import date, timedelta
from itertools import islice, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.times.local_time import Trouble, WrongTime
from flows.times.recurrence import LAST, MOST, Every, Rule, Weekday, check_series, moments, occurrences
from tests.flows.clocks import at, utc
from tests.flows.rules import rules, starts

START = at("2027-01-12 18:30")  # a Tuesday
TUESDAY, THURSDAY, SATURDAY = Weekday.TUESDAY, Weekday.THURSDAY, Weekday.SATURDAY


def days(rule: Rule, start: str = "2027-01-12 18:30", most: int = 5) -> list[str]:
    return [str(when.date()) for when in islice(occurrences(at(start), rule), most)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(Every.DAY, count=3), ["2027-01-12", "2027-01-13", "2027-01-14"]),
        (Rule(Every.DAY, interval=10, count=3), ["2027-01-12", "2027-01-22", "2027-02-01"]),
        (Rule(Every.WEEK, until=date(2027, 1, 26)), ["2027-01-12", "2027-01-19", "2027-01-26"]),
        (Rule(Every.WEEK, until=date(2027, 1, 25)), ["2027-01-12", "2027-01-19"]),
        (
            Rule(Every.WEEK, 1, (THURSDAY, TUESDAY, THURSDAY), count=3),
            ["2027-01-12", "2027-01-14", "2027-01-19"],
        ),
        (Rule(Every.WEEK, 2, (TUESDAY, SATURDAY), count=3), ["2027-01-12", "2027-01-16", "2027-01-26"]),
        (Rule(Every.MONTH, month_day=12, count=2), ["2027-01-12", "2027-02-12"]),
        (Rule(Every.MONTH, month_day=11, count=2), ["2027-02-11", "2027-03-11"]),
        (Rule(Every.MONTH, 12, month_day=12, count=2), ["2027-01-12", "2028-01-12"]),
        (Rule(Every.MONTH, weekdays=(TUESDAY,), nth=2, count=2), ["2027-01-12", "2027-02-09"]),
        (Rule(Every.MONTH, weekdays=(TUESDAY,), nth=LAST, count=2), ["2027-01-26", "2027-02-23"]),
    ],
)
def test_a_series_takes_place_on_the_days_of_its_rule(rule, expected):
    assert days(rule) == expected


def test_a_month_without_that_day_has_its_last_day_instead():
    start = "2027-12-01 09:00"

    assert days(Rule(Every.MONTH, month_day=31), start) == [
        "2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30",
    ]  # fmt: skip
    assert days(Rule(Every.MONTH, month_day=30), start)[2] == "2028-02-29"
    assert days(Rule(Every.MONTH, 12, month_day=29), "2028-02-01 09:00")[:2] == ["2028-02-29", "2029-02-28"]


def test_every_second_week_goes_on_over_the_53rd_of_a_year():
    assert days(Rule(Every.WEEK, 2), "2026-12-22 09:00", 3) == ["2026-12-22", "2027-01-05", "2027-01-19"]


def test_the_hour_on_the_wall_stays_when_the_clocks_change():
    rule = Rule(Every.WEEK, count=3)

    assert list(moments(at("2027-03-22 18:30"), rule, "Europe/Paris", utc("2027-01-01"))) == [
        utc("2027-03-22 17:30"),
        utc("2027-03-29 16:30"),
        utc("2027-04-05 16:30"),
    ]


def test_a_day_that_a_zone_leaves_out_does_not_double_the_next_one():
    found = moments(at("2011-12-29 00:00"), Rule(Every.DAY, count=4), "Pacific/Apia", utc("2011-12-01"))

    assert list(found) == [utc("2011-12-29 10:00"), utc("2011-12-30 10:00"), utc("2011-12-31 10:00")]


def test_what_slips_over_midnight_with_the_clocks_still_comes():
    midnight = utc("2027-03-28 01:00")  # 23:30 of the day before is left out

    assert next(moments(at("2027-03-01 23:30"), Rule(Every.DAY), "America/Nuuk", midnight)) == midnight


def test_a_moment_is_still_to_come_while_it_is_now():
    now = utc("2027-01-19 17:30")
    rule = Rule(Every.WEEK)

    assert next(moments(START, rule, "Europe/Paris", now)) == now
    assert next(moments(START, rule, "Europe/Paris", now + timedelta(seconds=1))) == now + timedelta(weeks=1)


@given(rules(), starts)
def test_a_series_is_in_order_begins_with_its_start_or_later_and_keeps_the_hour(rule, start):
    found = list(islice(occurrences(start, rule), 50))

    assert found == sorted(set(found))
    assert all(when >= start and when.time() == start.time() for when in found)
    assert rule.until is None or all(when.date() <= rule.until for when in found)
    assert rule.count is None or len(found) == min(rule.count, 50)


@given(rules(), starts, st.integers(-40, 400))
def test_what_is_passed_over_is_what_would_have_come_before(rule, start, later):
    since = start.date() + timedelta(days=later)
    whole, rest = (
        list(takewhile(lambda when: when.date() < since + timedelta(days=800), found))
        for found in (occurrences(start, rule), occurrences(start, rule, since))
    )

    assert rest == [when for when in whole if when.date() >= since]


@pytest.mark.parametrize(
    "parts",
    [
        {"every": Every.DAY, "interval": 0},
        {"every": Every.DAY, "interval": 100},
        {"every": Every.DAY, "weekdays": (TUESDAY,)},
        {"every": Every.WEEK, "month_day": 3},
        {"every": Every.WEEK, "weekdays": (TUESDAY,), "nth": 1},
        {"every": Every.MONTH},
        {"every": Every.MONTH, "month_day": 32},
        {"every": Every.MONTH, "month_day": 0},
        {"every": Every.MONTH, "month_day": 1, "weekdays": (TUESDAY,), "nth": 1},
        {"every": Every.MONTH, "weekdays": (TUESDAY, THURSDAY), "nth": 1},
        {"every": Every.MONTH, "weekdays": (TUESDAY,)},
        {"every": Every.MONTH, "weekdays": (TUESDAY,), "nth": 5},
        {"every": Every.WEEK, "until": date(2027, 3, 1), "count": 3},
    ],
)
def test_a_rule_that_contradicts_itself_is_none(parts):
    with pytest.raises(WrongTime) as caught:
        Rule(**parts)

    assert caught.value.trouble is Trouble.UNKNOWN_RULE


@pytest.mark.parametrize("count", [0, -1, MOST + 1])
def test_how_many_times_has_bounds(count):
    with pytest.raises(WrongTime) as caught:
        Rule(Every.DAY, count=count)

    assert caught.value.trouble is Trouble.TOO_MANY
    assert caught.value.details == {"most": MOST}


@pytest.mark.parametrize(
    ("rule", "trouble"),
    [
        (Rule(Every.WEEK), Trouble.ENDLESS),
        (Rule(Every.WEEK, until=date(2027, 1, 11)), Trouble.END_BEFORE_START),
        (Rule(Every.WEEK, weekdays=(THURSDAY,), until=date(2027, 1, 13)), Trouble.END_BEFORE_START),
        (Rule(Every.WEEK, until=date(2107, 1, 11)), Trouble.TOO_FAR),
        (Rule(Every.MONTH, 12, month_day=12, count=50), Trouble.TOO_FAR),
        (Rule(Every.DAY, until=date(2029, 1, 1)), Trouble.TOO_MANY),
        (Rule(Every.DAY, until=date(9999, 12, 31)), Trouble.TOO_MANY),
    ],
)
def test_a_series_nobody_can_mean_is_told(rule, trouble):
    with pytest.raises(WrongTime) as caught:
        check_series(START, rule)

    assert caught.value.trouble is trouble


@pytest.mark.parametrize(
    "rule",
    [Rule(Every.DAY, count=MOST), Rule(Every.WEEK, until=date(2027, 1, 12)), Rule(Every.WEEK, count=250)],
)
def test_a_series_with_an_end_is_well(rule):
    check_series(START, rule)
