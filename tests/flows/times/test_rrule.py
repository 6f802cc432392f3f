"""Rules as calendars write them: what is written is read again, and nothing is read in part."""

from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.times.local_time import Trouble, WrongTime
from flows.times.recurrence import LAST, Every, Rule, Weekday, occurrences
from flows.times.rrule import read_rule, write_rule
from tests.flows.clocks import at
from tests.flows.rules import rules, starts

START, PARIS = at("2027-01-12 18:30"), "Europe/Paris"
TUESDAY, THURSDAY = Weekday.TUESDAY, Weekday.THURSDAY


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        (Rule(Every.DAY), "FREQ=DAILY"),
        (Rule(Every.WEEK, 2, (TUESDAY, THURSDAY), count=8), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=8"),
        (Rule(Every.WEEK, until=date(2027, 6, 29)), "FREQ=WEEKLY;UNTIL=20270629T163000Z"),
        (Rule(Every.MONTH, month_day=12), "FREQ=MONTHLY;BYMONTHDAY=12"),
        (Rule(Every.MONTH, month_day=30), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        (Rule(Every.MONTH, month_day=31), "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (Rule(Every.MONTH, weekdays=(TUESDAY,), nth=2), "FREQ=MONTHLY;BYDAY=2TU"),
        (Rule(Every.MONTH, weekdays=(TUESDAY,), nth=LAST), "FREQ=MONTHLY;BYDAY=-1TU"),
    ],
)
def test_a_rule_is_written_as_calendars_do(rule, written):
    assert write_rule(rule, START, PARIS) == written
    assert read_rule(written, START, PARIS) == rule


@given(rules(), starts, st.timezone_keys(allow_prefix=False))
def test_what_is_written_is_read_again(rule, start, zone):
    assert read_rule(write_rule(rule, start, zone), start, zone) == rule


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("RRULE:FREQ=WEEKLY;WKST=MO;COUNT=3", "FREQ=WEEKLY;COUNT=3"),
        ("freq=weekly;byday=th,tu", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("COUNT=3;FREQ=DAILY;INTERVAL=1", "FREQ=DAILY;COUNT=3"),
        ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=12"),
        ("FREQ=MONTHLY;BYDAY=+2TU", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=WEEKLY;UNTIL=20270629", "FREQ=WEEKLY;UNTIL=20270629T163000Z"),
        ("FREQ=WEEKLY;UNTIL=20270629T235959", "FREQ=WEEKLY;UNTIL=20270629T163000Z"),
        ("FREQ=WEEKLY;UNTIL=20270629T120000Z", "FREQ=WEEKLY;UNTIL=20270628T163000Z"),
    ],
)
def test_other_ways_to_write_the_same_are_read(text, same):
    assert write_rule(read_rule(text, START, PARIS), START, PARIS) == same


def test_a_last_moment_before_the_hour_of_the_day_leaves_that_day_out():
    rule = read_rule("FREQ=DAILY;UNTIL=20270114T172959Z", START, PARIS)

    assert [when.day for when in islice(occurrences(START, rule), 9)] == [12, 13]


@pytest.mark.parametrize(
    "text",
    [
        "", ";", "FREQ=", "FREQ", "FREQ=YEARLY", "FREQ=HOURLY", "INTERVAL=2", "every week",
        "FREQ=WEEKLY;", "FREQ=WEEKLY;FREQ=DAILY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYDAY=1TU,3TH", "FREQ=DAILY;BYDAY=MO,TU", "FREQ=DAILY;BYMONTHDAY=3",
        "FREQ=WEEKLY;BYSETPOS=1", "FREQ=WEEKLY;WKST=SU", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=x",
        "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2",
        "FREQ=MONTHLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=5TU", "FREQ=WEEKLY;UNTIL=20270231",
        "FREQ=WEEKLY;UNTIL=x", "FREQ=WEEKLY;UNTIL=20270629T", "FREQ=WEEKLY;UNTIL=20270629;COUNT=3",
        "FREQ=WEEKLY;COUNT=", "FREQ=DAILY;UNTIL=00010101T000000Z", "FREQ=DAILY;UNTIL=99991231T235959Z",
        "FREQ=WEEKLY;BYHOUR=9",
    ],
)  # fmt: skip
def test_what_our_rules_cannot_say_whole_is_refused(text):
    with pytest.raises(WrongTime) as caught:
        read_rule(text, START, PARIS)

    assert caught.value.trouble is Trouble.UNKNOWN_RULE


def test_a_month_without_the_day_of_the_start_is_not_guessed():
    with pytest.raises(WrongTime):
        read_rule("FREQ=MONTHLY", at("2027-01-30 18:30"), PARIS)


@given(st.text() | st.from_regex(r"(RRULE:)?([A-Z]{3,8}=[-A-Z0-9,+]{0,9};?){0,4}", fullmatch=True))
def test_whatever_is_given_is_a_rule_or_told(text):
    try:
        rule = read_rule(text, START, PARIS)
    except WrongTime:
        return
    assert read_rule(write_rule(rule, START, PARIS), START, PARIS) == rule
