"""Cadences: when a person is reminded of something, and until when it is worth saying."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.times.cadence import (
    Cadence,
    Due,
    Habits,
    Kind,
    Lead,
    Step,
    Unit,
    due_times,
    nudge_times,
    read_lead,
)
from flows.times.local_time import Trouble, WrongTime, moment, wall
from flows.times.quiet import Quiet, is_quiet
from tests.flows.clocks import at, utc

PARIS, TUNIS, AUCKLAND = "Europe/Paris", "Africa/Tunis", "Pacific/Auckland"
NIGHT = Quiet(time(21), time(8))
ABED = Habits(PARIS, NIGHT)
AWAKE = Habits(PARIS, None)
EARLIER = utc("2026-12-01 12:00")


def step(lead: str, kind: Kind = Kind.REMINDER) -> Step:
    return Step(read_lead(lead), kind)


MEETING = Cadence(
    before=(step("7d"), step("1d", Kind.STILL_COMING), step("2h")),
    after=(step("1h", Kind.AFTERWARDS),),
    keep=read_lead("3d"),
)
SILENCE = Cadence(before=(), after=(step("1d", Kind.NUDGE), step("7d", Kind.NUDGE)), keep=read_lead("3d"))


def said(dues: tuple[Due, ...], zone: str = PARIS) -> list[tuple[str, str]]:
    """Lead and hour of each, as the person's clock reads it."""
    return [(str(due.lead), f"{wall(due.at, zone):%m-%d %H:%M}") for due in dues]


def limits(dues: tuple[Due, ...], zone: str = PARIS) -> list[str]:
    return [f"{wall(due.not_after, zone):%m-%d %H:%M}" for due in dues]


def dues(start: str, end: str, habits: Habits = ABED, now=EARLIER, zone: str = PARIS) -> tuple[Due, ...]:
    return due_times(at(start), at(end), zone, MEETING, habits, now)


def test_a_meeting_is_told_a_week_a_day_and_two_hours_ahead_and_asked_about_afterwards():
    found = dues("2027-05-12 18:30", "2027-05-12 19:45")

    assert said(found) == [
        ("7d", "05-05 18:30"), ("1d", "05-11 18:30"), ("2h", "05-12 16:30"), ("1h", "05-12 20:45"),
    ]  # fmt: skip
    assert [due.kind for due in found] == [
        Kind.REMINDER, Kind.STILL_COMING, Kind.REMINDER, Kind.AFTERWARDS,
    ]  # fmt: skip


def test_a_reminder_is_worth_saying_until_the_next_one_or_the_beginning():
    found = dues("2027-05-12 18:30", "2027-05-12 19:45")

    assert limits(found) == ["05-11 18:30", "05-12 16:30", "05-12 18:30", "05-15 20:45"]


def test_a_reminder_of_an_early_meeting_comes_the_evening_before():
    found = dues("2027-05-12 09:00", "2027-05-12 11:00")

    assert said(found)[1:] == [("1d", "05-11 09:00"), ("2h", "05-11 20:30"), ("1h", "05-12 12:00")]
    assert limits(found)[1] == "05-11 20:30"


def test_what_follows_a_late_meeting_waits_until_the_morning():
    found = dues("2027-05-12 19:00", "2027-05-12 22:00")

    assert said(found)[-1] == ("1h", "05-13 08:00")
    assert limits(found)[-1] == "05-16 08:00"


def test_who_has_no_quiet_hours_is_told_at_night():
    assert said(dues("2027-05-12 09:00", "2027-05-12 22:30", AWAKE))[2:] == [
        ("2h", "05-12 07:00"),
        ("1h", "05-12 23:30"),
    ]


def test_days_keep_the_hour_on_the_wall_and_hours_are_real_when_clocks_change():
    spring = dues("2027-03-28 09:00", "2027-03-28 10:00", AWAKE)
    night = dues("2027-03-28 04:00", "2027-03-28 05:00", AWAKE)

    assert said(spring)[:2] == [("7d", "03-21 09:00"), ("1d", "03-27 09:00")]
    assert spring[2].at - spring[1].at == timedelta(hours=21)
    assert said(night)[2] == ("2h", "03-28 01:00")


def test_days_and_quiet_hours_are_those_of_the_person_wherever_it_takes_place():
    far = dues("2027-04-04 20:00", "2027-04-04 21:30", Habits(AUCKLAND, NIGHT))

    assert said(far, AUCKLAND) == [
        ("7d", "03-28 20:30"),  # 06:00 on Monday the 29th: the evening before
        ("1d", "04-03 20:30"),
        ("2h", "04-04 20:30"),
        ("1h", "04-05 08:30"),
    ]


def test_days_do_not_follow_the_clocks_of_the_place_if_the_person_has_others():
    far = dues("2027-04-04 20:00", "2027-04-04 21:30", Habits(AUCKLAND, None))

    assert said(far, AUCKLAND)[:2] == [("7d", "03-29 06:00"), ("1d", "04-04 06:00")]


def test_one_lasting_days_is_asked_about_after_its_last_day():
    found = dues("2027-05-12 09:30", "2027-05-14 16:00")

    assert said(found)[-2:] == [("2h", "05-11 20:30"), ("1h", "05-14 17:00")]


def test_who_comes_late_is_not_told_what_is_past():
    late = dues("2027-05-12 18:30", "2027-05-12 19:45", now=utc("2027-05-12 10:00"))
    during = dues("2027-05-12 18:30", "2027-05-12 19:45", now=utc("2027-05-12 17:00"))
    long_after = dues("2027-05-12 18:30", "2027-05-12 19:45", now=utc("2027-05-20 17:00"))

    assert said(late) == [("2h", "05-12 16:30"), ("1h", "05-12 20:45")]
    assert said(during) == [("1h", "05-12 20:45")]
    assert long_after == ()


def test_an_evening_before_that_is_past_is_not_made_up_for_at_night():
    found = dues("2027-05-12 09:00", "2027-05-12 11:00", now=utc("2027-05-11 20:00"))

    assert said(found) == [("1h", "05-12 12:00")]


def test_what_is_due_now_is_still_to_come():
    found = dues("2027-05-12 18:30", "2027-05-12 19:45", now=utc("2027-05-12 14:30"))

    assert said(found)[0] == ("2h", "05-12 16:30")


def test_own_leads_take_the_place_of_the_usual_ones():
    own = Habits(PARIS, NIGHT, (read_lead("30m"), read_lead("3d"), read_lead("1d"), read_lead("3d")))
    found = dues("2027-05-12 18:30", "2027-05-12 19:45", own)

    assert said(found) == [
        ("3d", "05-09 18:30"), ("1d", "05-11 18:30"), ("30m", "05-12 18:00"), ("1h", "05-12 20:45"),
    ]  # fmt: skip
    assert [due.kind for due in found[:3]] == [Kind.REMINDER, Kind.STILL_COMING, Kind.REMINDER]


def test_who_wants_no_reminders_is_asked_afterwards_all_the_same():
    assert said(dues("2027-05-12 18:30", "2027-05-12 19:45", Habits(PARIS, NIGHT, ()))) == [
        ("1h", "05-12 20:45")
    ]


def test_two_that_fall_on_the_same_evening_are_one_and_it_is_the_later():
    own = Habits(PARIS, NIGHT, (read_lead("2h"), read_lead("8h")))

    assert said(dues("2027-05-12 09:00", "2027-05-12 11:00", own))[:-1] == [("2h", "05-11 20:30")]


def test_what_has_come_before_quiet_hours_may_overtake_what_is_due_shortly_before_them():
    own = Habits(PARIS, NIGHT, (read_lead("165m"), read_lead("1h")))
    found = dues("2027-05-12 23:30", "2027-05-12 23:45", own)[:-1]

    assert said(found) == [("1h", "05-12 20:30"), ("165m", "05-12 20:45")]
    assert limits(found) == ["05-12 20:45", "05-12 23:30"]


def test_a_person_in_another_zone_is_told_by_their_own_clock():
    found = dues("2027-05-12 08:30", "2027-05-12 10:00", Habits(TUNIS, NIGHT))

    assert said(found, TUNIS)[1:3] == [("1d", "05-10 20:30"), ("2h", "05-11 20:30")]


def test_a_move_changes_when_and_until_when_but_not_what_a_push_is_called():
    before, after = (dues(f"2027-05-{day} 18:30", f"2027-05-{day} 19:45") for day in (12, 13))

    assert [(due.kind, due.lead) for due in before] == [(due.kind, due.lead) for due in after]
    assert [later.at - due.at for due, later in zip(before, after, strict=True)] == [timedelta(days=1)] * 4


def test_an_end_before_the_start_is_told():
    with pytest.raises(WrongTime) as caught:
        dues("2027-05-12 18:30", "2027-05-12 18:00")

    assert caught.value.trouble is Trouble.END_BEFORE_START


def test_an_unfinished_conversation_is_nudged_after_a_day_and_a_week_and_then_no_more():
    since = moment(at("2027-03-27 22:15"), PARIS)
    found = nudge_times(since, SILENCE, ABED, since)

    assert said(found) == [("1d", "03-29 08:00"), ("7d", "04-04 08:00")]
    assert limits(found) == ["04-04 08:00", "04-07 08:00"]
    assert [due.kind for due in found] == [Kind.NUDGE, Kind.NUDGE]
    assert nudge_times(since, SILENCE, ABED, since + timedelta(days=8)) == ()


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("7d", Lead(7, Unit.DAYS)),
        ("2h", Lead(2, Unit.HOURS)),
        ("30m", Lead(30, Unit.MINUTES)),
        ("999d", Lead(999, Unit.DAYS)),
    ],
)
def test_a_lead_is_written_as_it_is_read(text, lead):
    assert read_lead(text) == lead
    assert str(lead) == text


@pytest.mark.parametrize("text", ["", "7", "d", "0d", "07d", "7D", "-1d", "1000d", "7 d", "1w", "1d2h", "٧d"])
def test_what_is_no_lead_is_told(text):
    with pytest.raises(WrongTime) as caught:
        read_lead(text)

    assert caught.value.trouble is Trouble.UNKNOWN_LEAD
    assert caught.value.details == {"lead": text}


zones = st.timezone_keys(allow_prefix=False)
walls = st.integers(0, 4 * 365 * 96).map(lambda number: at("2026-06-01") + number * timedelta(minutes=15))
spans = st.integers(0, 5 * 1440).map(lambda minutes: timedelta(minutes=minutes))
leads = st.builds(Lead, st.integers(1, 30), st.sampled_from(Unit))
habits = st.builds(
    Habits,
    zones,
    st.sampled_from([None, NIGHT, Quiet(time(0), time(20))]),
    st.none() | st.tuples(leads, leads),
)


@given(walls, spans, zones, habits, st.integers(-10 * 1440, 40 * 1440))
def test_whatever_is_planned_pushes_come_in_order_each_once_in_time_and_never_in_quiet_hours(
    start, length, zone, person, minutes
):
    begins, ends = moment(start, zone), moment(start + length, zone)
    now = begins - timedelta(minutes=minutes)
    found = due_times(start, start + length, zone, MEETING, person, now)
    times = [due.at for due in found]

    assert not any(is_quiet(time, person.zone, person.quiet) for time in times)
    assert all(due.at >= now and due.at < due.not_after for due in found)
    assert [due.at < begins for due in found] == [due.kind is not Kind.AFTERWARDS for due in found]
    assert all(due.not_after <= begins or due.at > ends for due in found)
    assert times == sorted(set(times))
    assert len({(due.kind, due.lead) for due in found}) == len(found)


@given(walls, spans, zones, habits, st.integers(-10 * 1440, 40 * 1440))
def test_who_joins_later_is_told_the_rest_of_the_same(start, length, zone, person, minutes):
    now = moment(start, zone) - timedelta(minutes=minutes)
    whole = due_times(start, start + length, zone, MEETING, person, utc("2020-01-01"))

    rest = tuple(due for due in whole if due.at >= now)
    assert due_times(start, start + length, zone, MEETING, person, now) == rest
