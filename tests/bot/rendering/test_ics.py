"""Calendars of others read our files as they were meant: two libraries, and the rules of zones by a third."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus
from icalendar import Calendar

from bot.rendering.ics import method_of, written
from flows.files import Entry
from flows.occasions.occasions import Sheet, When
from flows.times.local_time import moment
from flows.times.recurrence import Every, Rule, Weekday, occurrences

STAMP = datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)
ZONES = (
    "Europe/Paris", "Europe/Riga", "Europe/Athens", "America/New_York", "America/St_Johns", "Asia/Kathmandu",
    "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Chatham", "America/Santiago", "UTC",
)  # fmt: skip
wall = datetime.fromisoformat
WALLS = st.datetimes(wall("2026-01-01 00:00"), wall("2030-12-31 00:00")).map(
    lambda found: found.replace(microsecond=0)
)
NASTY = 'Prix; libre, \\o/\n"Apportez" : ça… \N{RIGHT-TO-LEFT MARK}حديقة ' + "ж" * 200


def sheet(**words: dict[str, str]) -> Sheet:
    """Words of an occasion."""
    nothing: dict[str, Any] = {name: {} for name in Sheet.__dataclass_fields__ if name != "posts"}
    return Sheet(**{**nothing, "title": {"en": "Park budget", "fr": "Budget du parc"}, **words})


def entry(starts: datetime, ends: datetime, zone: str, **more: Any) -> Entry:
    """An occasion by the clocks of a zone."""
    when = When(starts, ends, zone, moment(starts, zone), moment(ends, zone))
    given: dict[str, Any] = {
        "id": 77, "sheet": sheet(), "kind": {"en": "Meeting"}, "is_cancelled": False, "is_sure": True,
        "sequence": 3, "changed_at": STAMP,
    }  # fmt: skip
    return Entry(when=when, **{**given, **more})


EVENING = entry(wall("2027-03-12 18:30"), wall("2027-03-12 20:00"), "Europe/Paris")


def read(*entries: Entry, method: str | None = "PUBLISH") -> list[Any]:
    """The entries as the first library reads them."""
    return Calendar.from_ical(written(entries, ("en",), method=method)).walk("VEVENT")


def read_by_another(*entries: Entry) -> list[Any]:
    """The entries as the second one does."""
    return IcsCalendarStream.calendar_from_ics(written(entries, ("en",)).decode()).events


def test_one_date_is_read_with_all_that_belongs_to_it() -> None:
    whole = replace(
        EVENING,
        sheet=sheet(
            place={"en": "Town hall"},
            description={"en": NASTY},
            host={"en": "The panel"},
            agenda={"en": "1. Trees"},
        ),
        link="https://meet.example/park",
        address="https://t.me/together_bot?start=m_25",
        pin=(47.75, 7.34),
    )

    [event] = read(whole)
    [other] = read_by_another(whole)

    assert event["UID"] == other.uid == "occasion-77@together"
    assert event["SEQUENCE"] == other.sequence == 3
    assert event["SUMMARY"] == other.summary == "Park budget"
    assert event["SUMMARY"].params["LANGUAGE"] == "en"
    assert event["LOCATION"] == other.location == "Town hall"
    assert event["DESCRIPTION"] == other.description == f"{NASTY}\n\n1. Trees\n\nhttps://meet.example/park"
    assert event["URL"] == str(other.url) == "https://t.me/together_bot?start=m_25"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (other.geo.lat, other.geo.lng) == (47.75, 7.34)
    assert event["STATUS"] == other.status == EventStatus.CONFIRMED
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == other.dtstamp == STAMP
    assert event["ORGANIZER"] == "https://t.me/together_bot"
    assert event["ORGANIZER"].params["CN"] == "The panel"


def test_lines_are_as_long_as_calendars_take_them_and_no_character_is_cut() -> None:
    content = written([replace(EVENING, sheet=sheet(description={"en": NASTY * 5}))], ("en",))

    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)


def test_the_time_is_that_of_the_clocks_on_the_wall() -> None:
    [event], [other] = read(EVENING), read_by_another(EVENING)

    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event["DTSTART"].dt.replace(tzinfo=None) == wall("2027-03-12 18:30")
    assert other.dtstart.replace(tzinfo=None) == wall("2027-03-12 18:30")
    assert other.dtend.replace(tzinfo=None) == wall("2027-03-12 20:00")


@given(st.sampled_from(ZONES), WALLS, st.integers(min_value=0, max_value=4 * 24 * 60))
@example("Europe/Paris", wall("2027-03-28 02:30"), 60)  # left out by the clocks
@example("Europe/Paris", wall("2027-03-28 01:30"), 60)
@example("Europe/Paris", wall("2027-10-31 02:30"), 60)  # read twice by them
@example("Australia/Lord_Howe", wall("2027-04-04 01:45"), 30)
@example("Africa/Casablanca", wall("2027-02-07 02:30"), 60)
@settings(deadline=None, max_examples=50)
def test_every_calendar_means_the_moment_that_we_mean(zone: str, starts: datetime, minutes: int) -> None:
    known = entry(starts, starts + timedelta(minutes=minutes), zone)
    content = written([known], ("en",))

    [event] = Calendar.from_ical(content).walk("VEVENT")
    [other] = IcsCalendarStream.calendar_from_ics(content.decode()).events
    rules = tzical(StringIO(content.decode())).get(zone)  # knows nothing but what stands in the file

    assert event["DTSTART"].dt.astimezone(UTC) == known.when.starts_at
    assert other.dtstart.astimezone(UTC) == known.when.starts_at
    by_the_file = event["DTSTART"].dt.replace(tzinfo=rules)
    assert by_the_file.astimezone(UTC) == known.when.starts_at
    if "DTEND" in event:
        assert event["DTEND"].dt.astimezone(UTC) == other.dtend.astimezone(UTC) == known.when.ends_at


@pytest.mark.parametrize("zone", ZONES)
def test_the_rules_of_a_zone_hold_for_every_hour_of_the_years_in_the_file(zone: str) -> None:
    content = written([entry(wall("2027-01-01 00:00"), wall("2027-12-31 00:00"), zone)], ("en",)).decode()
    rules, real = tzical(StringIO(content)).get(zone), ZoneInfo(zone)

    walls = [wall("2027-01-01 00:00") + timedelta(minutes=30 * step) for step in range(366 * 48)]

    def offsets(at: datetime, zone: Any) -> set[timedelta | None]:
        return {at.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}

    clear = [at for at in walls if len(offsets(at, real)) == 1]
    assert len(clear) > 0.99 * len(walls)
    assert [at for at in clear if offsets(at, rules) != offsets(at, real)] == []


def test_each_date_of_a_series_comes_at_its_hour_through_the_change_of_the_clocks() -> None:
    rule = Rule(Every.WEEK, weekdays=(Weekday.THURSDAY,), count=60)
    starts = list(occurrences(wall("2027-01-07 18:30"), rule))
    dates = [entry(at, at + timedelta(hours=2), "Europe/Riga", id=n) for n, at in enumerate(starts, 1)]
    moved = entry(
        starts[20] + timedelta(days=1),
        starts[20] + timedelta(days=1, hours=2),
        "Europe/Riga",
        id=21,
        sequence=1,
    )
    dates[20], dates[30] = moved, replace(dates[30], is_cancelled=True, sequence=2)

    events, others = read(*dates), read_by_another(*dates)

    assert len({event["UID"] for event in events}) == len(events) == len(others) == 60
    wanted = [(one.when.starts_at, one.when.starts.time(), one.sequence) for one in dates]
    assert [
        (e["DTSTART"].dt.astimezone(UTC), e["DTSTART"].dt.time(), e["SEQUENCE"]) for e in events
    ] == wanted
    read_again = [(o.dtstart.astimezone(UTC), o.dtstart.time(), o.sequence) for o in others]
    assert sorted(read_again) == sorted(wanted)
    assert [e["STATUS"] for e in events].index("CANCELLED") == 30
    assert [o.uid for o in others if o.status == EventStatus.CANCELLED] == ["occasion-31@together"]
    assert not any("RRULE" in event for event in events)


def test_a_meeting_of_several_days_lasts_until_the_last() -> None:
    days = entry(wall("2027-03-26 09:00"), wall("2027-03-28 17:00"), "Europe/Athens")

    [event], [other] = read(days), read_by_another(days)

    assert event["DTEND"].dt.astimezone(UTC) == other.dtend.astimezone(UTC) == days.when.ends_at
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=2, hours=8)


def test_a_deadline_has_a_moment_and_no_length() -> None:
    [event] = read(entry(wall("2027-03-12 18:00"), wall("2027-03-12 18:00"), "Europe/Paris"))

    assert "DTEND" not in event


def test_a_cancelled_date_is_taken_out_of_calendars() -> None:
    cancelled = replace(EVENING, is_cancelled=True, sequence=4)
    content = written([cancelled], ("en",), method=method_of([cancelled]))

    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 4)
    assert event["UID"] == read(EVENING)[0]["UID"]


def test_a_file_in_which_something_still_takes_place_is_no_cancellation() -> None:
    assert method_of([EVENING, replace(EVENING, is_cancelled=True)]) == "PUBLISH"


def test_who_may_come_or_waits_is_not_booked_for_sure() -> None:
    [event] = read(replace(EVENING, is_sure=False))

    assert event["STATUS"] == "TENTATIVE"


@pytest.mark.parametrize(
    ("languages", "words", "language"),
    [
        (("fr", "en"), "Budget du parc", "fr"),
        (("fr-CH", "en"), "Budget du parc", "fr"),
        (("ar", "fr", "en"), "Budget du parc", "fr"),
        (("ar", "lv"), "Park budget", "en"),
    ],
)
def test_words_come_in_the_best_language_there_is_and_say_which(
    languages: tuple[str, ...], words: str, language: str
) -> None:
    [event] = Calendar.from_ical(written([EVENING], languages)).walk("VEVENT")

    assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == (words, language)


def test_what_has_no_title_is_called_by_its_kind() -> None:
    [event] = read(replace(EVENING, sheet=sheet(title={})))

    assert event["SUMMARY"] == "Meeting"


def test_the_same_dates_make_the_same_file() -> None:
    assert written([EVENING], ("en",), name="Together") == written([EVENING], ("en",), name="Together")
