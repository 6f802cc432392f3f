"""Zones, quiet hours and lead times as people type them."""

from datetime import time

import pytest

from flows.pushes.habits import OwnHabits, kept, read_leads, read_quiet, read_zone, shown_zone
from flows.times.leads import LeadWords
from flows.times.local_time import Trouble, WrongTime, zones
from flows.times.quiet import Quiet
from storage.pushes import habits as stored

ENGLISH = LeadWords({"days": "1d", "hours": "1h", "weeks": "7d"}, {"fortnight": "14d"}, ("and", "wa", "wa-"))

OWN = OwnHabits(
    reminded=True, zone=None, quiet=None, leads=None, off=("action",), most=None,
    home="Europe/Riga", usual_quiet="21:00-08:00", usual_most=7, zones=("Europe/Riga",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Athens", "Europe/Athens"),
        ("europe/athens", "Europe/Athens"),
        ("Athens", "Europe/Athens"),
        ("  new   york ", "America/New_York"),
        ("buenos aires", "America/Buenos_Aires"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_city(typed: str, zone: str) -> None:
    assert read_zone(typed) == zone
    assert zone in zones()


@pytest.mark.parametrize(
    ("typed", "zone", "shown"),
    [
        ("GMT+2", "Etc/GMT-2", "UTC+2"),
        ("UTC+2", "Etc/GMT-2", "UTC+2"),
        ("utc +02:00", "Etc/GMT-2", "UTC+2"),
        ("+2", "Etc/GMT-2", "UTC+2"),
        ("+0200", "Etc/GMT-2", "UTC+2"),
        ("GMT+٢", "Etc/GMT-2", "UTC+2"),
        ("GMT-3", "Etc/GMT+3", "UTC-3"),
        ("UTC−3", "Etc/GMT+3", "UTC-3"),
        ("utc+14", "Etc/GMT-14", "UTC+14"),
        ("GMT+0", "UTC", "UTC"),
        ("Etc/GMT+2", "Etc/GMT+2", "UTC-2"),
    ],
)
def test_hours_ahead_of_utc_are_meant_as_people_sign_them(typed: str, zone: str, shown: str) -> None:
    assert read_zone(typed) == zone
    assert shown_zone(zone) == shown


@pytest.mark.parametrize("zone", ["Europe/Riga", "UTC", "Etc/UTC", "America/New_York"])
def test_a_zone_of_a_city_is_shown_by_its_name(zone: str) -> None:
    assert shown_zone(zone) == zone


@pytest.mark.parametrize(
    "typed",
    [
        "", "Atlantis", "Europe", "../etc/passwd", "a" * 500, "1", "+", "+1 2",
        "GMT+15", "-13", "UTC+5:30", "+20", "Athens+2",
    ],
)  # fmt: skip
def test_of_anything_else_it_is_said_that_nobody_knows_it(typed: str) -> None:
    with pytest.raises(WrongTime) as caught:
        read_zone(typed)

    assert caught.value.trouble is Trouble.UNKNOWN_ZONE
    assert len(str(caught.value.details["zone"])) <= 60


@pytest.mark.parametrize(
    ("typed", "quiet"),
    [
        ("22-7", "22:00-07:00"),
        ("21:30 - 08:00", "21:30-08:00"),
        ("21:30–8", "21:30-08:00"),
        ("22:00 6:30", "22:00-06:30"),
        ("13h-14h30", "13:00-14:30"),
    ],
)
def test_quiet_hours_are_read_and_kept_as_they_can_be_read_again(typed: str, quiet: str) -> None:
    assert read_quiet(typed) == quiet
    assert stored.read_quiet(quiet) == Quiet(*(time.fromisoformat(end) for end in quiet.split("-")))


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("", Trouble.UNREADABLE),
        ("9", Trouble.UNREADABLE),
        ("9-10-11", Trouble.UNREADABLE),
        ("late-early", Trouble.UNREADABLE),
        ("25-8", Trouble.NO_SUCH_TIME),
        ("8-7", Trouble.TOO_QUIET),
        ("8-8", Trouble.TOO_QUIET),
    ],
)
def test_what_is_wrong_with_quiet_hours_is_told(typed: str, trouble: Trouble) -> None:
    with pytest.raises(WrongTime) as caught:
        read_quiet(typed)

    assert caught.value.trouble is trouble


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("3d", "3d"),
        ("2h 3d", "3d 2h"),
        ("2h, 3d,30M", "3d 2h 30m"),
        ("1d 24h 1d", "1d 24h"),
        ("7D", "7d"),
        ("3 d", "3d"),
        ("3d2h", "3d 2h"),
        ("2 Hours and 3 DAYS.", "3d 2h"),
        ("3days; 2 hours", "3d 2h"),
        ("2 weeks", "14d"),
        ("fortnight", "14d"),
        ("1 days wafortnight wa 2 hours", "14d 1d 2h"),
        ("٣ days ۲h", "3d 2h"),
        ("3 dáys", "3d"),
    ],
)
def test_lead_times_are_read_in_any_order(typed: str, leads: str) -> None:
    kept = read_leads(typed, ENGLISH)

    assert set(kept.split()) == set(leads.split())
    assert [str(lead) for lead in stored.read_leads(kept)] == kept.split()


@pytest.mark.parametrize(
    "typed",
    [
        "", "and", "soon", "3", "d", "days", "3 soon", "soon 3 days", "3 days 2", "3 2 days", "1.5 days",
        "3 fortnight", "0d", "0 weeks", "1d 2d 3d 4d 5d 6d", "1000d", "143 weeks", "9" * 150 + "d",
        "and " * 99 + "3d",
    ],
)  # fmt: skip
def test_other_lead_times_are_not_known(typed: str) -> None:
    with pytest.raises(WrongTime) as caught:
        read_leads(typed, ENGLISH)

    assert caught.value.trouble is Trouble.UNKNOWN_LEAD


def test_what_is_changed_leaves_the_rest_as_it_was() -> None:
    changed = kept(OWN, zone="Asia/Tokyo")

    assert (changed.zone, changed.quiet, changed.leads, changed.off, changed.most) == (
        "Asia/Tokyo", None, None, ("action",), None,
    )  # fmt: skip
