"""Meetings in an iCalendar file are read as they are meant, or every mistake is named with its UID."""

from pathlib import Path

import pytest

from bot.commands.ics_reader import read_calendar
from bot.rendering.ics import written
from config.occasion_kinds import our_occasion_kinds
from config.planned_meetings import WrongFile
from flows.planning.imports import Meeting, Span
from flows.times.local_time import moment
from tests.bot.rendering.test_ics import EVENING
from tests.flows.clocks import at, utc
from tests.flows.places import TERRITORIES

OUTLOOK = "DTSTART;TZID=Romance Standard Time"
NOW = utc("2027-01-01 12:00")
RIVERSIDE = TERRITORIES["riverside"]
HERE = RIVERSIDE.zone
EVENT = """UID:park@town.example
DTSTART;TZID=Europe/Riga:20270312T183000
DTEND;TZID=Europe/Riga:20270312T203000
SUMMARY;LANGUAGE=fr:Budget du parc"""


def calendar(*events: str) -> str:
    """A calendar of these entries."""
    entries = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Town//EN\n{entries}END:VCALENDAR\n".replace("\n", "\r\n")


def read(tmp_path: Path, *events: str, text: str | None = None, kind: str = "panel") -> tuple[Meeting, ...]:
    """What a file with these entries says."""
    file = tmp_path / "meetings.ics"
    file.write_text(calendar(*events) if text is None else text, encoding="utf-8", newline="")
    return read_calendar(file, RIVERSIDE, our_occasion_kinds()[kind], NOW)


def test_a_meeting_is_read_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    more = "LOCATION:Mairie\nDESCRIPTION:Premier point\\; deuxième\nURL:https://town.example/park\nGEO:47.75;7.34"

    [park] = read(tmp_path, f"{EVENT}\n{more}")

    assert park == Meeting(
        uid="park@town.example",
        kind="panel",
        dates=(Span(at("2027-03-12 18:30"), at("2027-03-12 20:30")),),
        zone="Europe/Riga",
        texts={
            "fr": {"title": "Budget du parc"},
            RIVERSIDE.languages[0]: {"place": "Mairie", "description": "Premier point; deuxième"},
        },
        link="https://town.example/park",
        pin=(47.75, 7.34),
    )


def test_a_deadline_is_the_end_of_an_entry_and_a_meeting_always_has_a_length(tmp_path: Path) -> None:
    at_once = EVENT.replace("T203000", "T183000")

    assert read(tmp_path, EVENT, kind="deadline")[0].dates == (
        Span(at("2027-03-12 20:30"), at("2027-03-12 20:30")),
    )
    assert read(tmp_path, at_once)[0].dates == (Span(at("2027-03-12 18:30"), at("2027-03-12 20:30")),)


def test_our_own_files_can_be_read_back(tmp_path: Path) -> None:
    [park] = read(tmp_path, text=written([EVENING], ("en",)).decode())

    assert (park.dates, park.zone) == (
        (Span(EVENING.when.starts, EVENING.when.ends),),
        EVENING.when.zone,
    )
    assert park.texts == {"en": {"title": "Park budget"}}


@pytest.mark.parametrize(
    ("times", "zone", "starts", "ends"),
    [
        ("DTSTART:20270312T183000\nDTEND:20270312T193000", HERE, "2027-03-12 18:30", "2027-03-12 19:30"),
        ("DTSTART:20270312T183000\nDURATION:PT45M", HERE, "2027-03-12 18:30", "2027-03-12 19:15"),
        ("DTSTART:20270312T183000", HERE, "2027-03-12 18:30", "2027-03-12 20:30"),
        ("DTSTART;VALUE=DATE:20270312", HERE, "2027-03-12 00:00", "2027-03-12 23:59"),
        ("DTSTART;VALUE=DATE:20270312\nDTEND;VALUE=DATE:20270314", HERE, "2027-03-12", "2027-03-13 23:59"),
        (f"{OUTLOOK}:20270312T183000\nDURATION:PT1H", "Europe/Paris", "2027-03-12 18:30", "2027-03-12 19:30"),
    ],
)  # fmt: skip
def test_times_are_those_of_the_clocks_they_are_given_by(
    tmp_path: Path, times: str, zone: str, starts: str, ends: str
) -> None:
    [park] = read(tmp_path, f"UID:a\nSUMMARY:Park\n{times}")

    assert (park.zone, park.dates) == (zone, (Span(at(starts), at(ends)),))


def test_a_moment_in_utc_is_shown_by_the_clocks_of_the_territory(tmp_path: Path) -> None:
    [park] = read(tmp_path, "UID:a\nSUMMARY:Park\nDTSTART:20270712T163000Z\nDURATION:PT1H")

    assert park.zone == RIVERSIDE.zone
    assert moment(park.dates[0].starts, park.zone) == utc("2027-07-12 16:30")


def test_a_series_loses_what_was_taken_out_and_moves_what_was_moved(tmp_path: Path) -> None:
    series = f"{EVENT}\nRRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;TZID=Europe/Riga:20270319T183000"
    moved = EVENT.replace("20270312", "20270327") + "\nRECURRENCE-ID;TZID=Europe/Riga:20270326T183000"
    cancelled = (
        EVENT.replace("20270312", "20270402")
        + "\nRECURRENCE-ID;TZID=Europe/Riga:20270402T183000\nSTATUS:CANCELLED"
    )

    [park] = read(tmp_path, series, moved, cancelled)

    assert [f"{date.starts:%m-%d %H:%M}" for date in park.dates] == [
        "03-12 18:30",
        "03-27 18:30",
        "04-09 18:30",
    ]
    assert park.rule == "FREQ=WEEKLY;COUNT=5"


def test_what_is_cancelled_is_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, f"{EVENT}\nSTATUS:CANCELLED") == ()


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (EVENT.replace("2027", "2026"), "'park@town.example' is past (2026-03-12)"),
        (EVENT.replace("T203000", "T173000"), "is end before start"),
        (EVENT.replace("20270312T183000", "20270231T183000"), "'park@town.example' cannot be read"),
        (EVENT.replace("Europe/Riga", "Mars/Olympus"), "is unknown zone (Mars/Olympus)"),
        (f"{EVENT}\nRRULE:FREQ=WEEKLY", "its series needs an end"),
        (f"{EVENT}\nRRULE:FREQ=SECONDLY;COUNT=2", "is unknown rule"),
        (f"{EVENT}\nRRULE:FREQ=DAILY;COUNT=999", "a series has at most 400 dates"),
        (f"{EVENT}\nRECURRENCE-ID;TZID=Europe/Riga:20270312T183000", "the series itself must be in the file"),
        (EVENT.replace("UID:park@town.example\n", ""), "has no UID"),
        (EVENT.replace("DTSTART", "X-START"), "has no DTSTART"),
        (EVENT.replace("SUMMARY;LANGUAGE=fr:Budget du parc", "COMMENT:x"), "has no SUMMARY"),
        (EVENT.replace("Budget", "B" * 200), "has a SUMMARY of 208 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_uid(tmp_path: Path, event: str, told: str) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(tmp_path, event)

    assert told in str(wrong.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(
            tmp_path,
            EVENT.replace("2027", "2026"),
            EVENT.replace("park@", "pool@").replace("T203000", "T173000"),
        )

    assert [problem.where for problem in wrong.value.problems] == ["park@town.example", "pool@town.example"]


def test_two_meetings_cannot_have_one_uid(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="stands there twice"):
        read(tmp_path, EVENT, EVENT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    ],
)
def test_what_is_no_calendar_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongFile, match=r"meetings\.ics"):
        read(tmp_path, text=text)
