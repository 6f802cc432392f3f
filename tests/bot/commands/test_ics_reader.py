"""Meetings in an iCalendar file are read as they are meant, or every mistake is named with its UID."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.commands.ics_reader import read_calendar
from bot.rendering.ics import written
from config.occasion_kinds import our_occasion_kinds
from config.planned_meetings import WrongFile
from flows.planning.imports import Meeting, Span
from flows.times.local_time import moment
from tests.bot.rendering.test_ics import EVENING
from tests.config.hostile_meetings import ODD, check_reading, mutated
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
SERIES = f"{EVENT}\nRRULE:FREQ=WEEKLY;COUNT=5"
THIRD = "RECURRENCE-ID;TZID=Europe/Riga:20270326T183000"
CHANGED = EVENT.replace("20270312", "20270327") + f"\n{THIRD}"


def calendar(*events: str) -> str:
    """A calendar of these entries."""
    entries = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Town//EN\n{entries}END:VCALENDAR\n".replace("\n", "\r\n")


def read(
    tmp_path: Path,
    *events: str,
    text: str | None = None,
    content: bytes | None = None,
    kind: str = "panel",
) -> tuple[Meeting, ...]:
    """What a file with these entries says."""
    file = tmp_path / "meetings.ics"
    file.write_bytes((calendar(*events) if text is None else text).encode() if content is None else content)
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


@pytest.mark.parametrize(
    ("named", "zone"),
    [
        ("Romance Standard Time", "Europe/Paris"),
        ("/freeassociation.sourceforge.net/Europe/Riga", "Europe/Riga"),
    ],
)
def test_a_zone_is_known_by_its_name_whatever_describes_it_in_the_file(
    tmp_path: Path, named: str, zone: str
) -> None:
    offsets = "DTSTART:16010101T000000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900"
    described = f"BEGIN:VTIMEZONE\nTZID:{named}\nBEGIN:STANDARD\n{offsets}\nEND:STANDARD\nEND:VTIMEZONE\n"
    event = EVENT.replace("Europe/Riga", named)
    text = calendar(event).replace("BEGIN:VEVENT", described.replace("\n", "\r\n") + "BEGIN:VEVENT")

    [park] = read(tmp_path, text=text)

    assert (park.zone, park.dates) == (zone, (Span(at("2027-03-12 18:30"), at("2027-03-12 20:30")),))


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


def test_a_deadline_that_was_taken_out_of_a_series_is_gone(tmp_path: Path) -> None:
    series = f"{SERIES}\nEXDATE;TZID=Europe/Riga:20270319T183000"

    [reports] = read(tmp_path, series, kind="deadline")

    assert [f"{date.starts:%m-%d %H:%M}" for date in reports.dates] == [
        "03-12 20:30",
        "03-26 20:30",
        "04-02 20:30",
        "04-09 20:30",
    ]


def test_a_day_that_is_given_with_a_zone_is_a_whole_day(tmp_path: Path) -> None:
    [park] = read(tmp_path, "UID:a\nSUMMARY:Park\nDTSTART;VALUE=DATE;TZID=Europe/Riga:20270312")

    assert park.dates == (Span(at("2027-03-12 00:00"), at("2027-03-12 23:59")),)


@pytest.mark.parametrize(
    ("tag", "language"), [("fr-FR", "fr"), ("FR", "fr"), ("en-us", "en"), ("ca", "ca"), ("ca-ES", "ca-ES")]
)
def test_a_language_of_some_country_is_ours_where_we_speak_it(
    tmp_path: Path, tag: str, language: str
) -> None:
    [park] = read(tmp_path, EVENT.replace("LANGUAGE=fr", f"LANGUAGE={tag}"))

    assert park.texts == {language: {"title": "Budget du parc"}}


def test_what_is_one_line_stays_one_and_nothing_is_kept_that_no_database_takes(tmp_path: Path) -> None:
    more = "LOCATION:Mairie\\n2\\, rue du Parc\nDESCRIPTION:Premier\\ndeux\x07ième"
    event = EVENT.replace("Budget du parc", "Budget\\n du par\0c")

    [park] = read(tmp_path, f"{event}\n{more}")

    assert park.texts["fr"] == {"title": "Budget du par c"}
    assert park.texts[RIVERSIDE.languages[0]] == {
        "place": "Mairie 2, rue du Parc",
        "description": "Premier\ndeux ième",
    }


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
        (f"{EVENT}\nDTSTART:20270312T183000", "has DTSTART 2 times, but each event can have it once"),
        (f"{EVENT}\nDTEND:20270312T210000Z", "has DTEND 2 times"),
        (f"{SERIES}\nRRULE:FREQ=DAILY;COUNT=3", "has RRULE 2 times"),
        (f"{EVENT}\nGEO:1;2\nGEO:3;4", "has GEO 2 times"),
        (f"{EVENT}\nURL:https://a.example\nURL:https://b.example", "has URL 2 times"),
        (f"{EVENT}\nLOCATION:A\nLOCATION:B", "has LOCATION 2 times"),
        (f"{EVENT}\nSTATUS:CANCELLED\nSTATUS:CONFIRMED", "has STATUS 2 times"),
        (f"{EVENT}\nUID:pool@town.example", "has UID 2 times"),
        (f"{EVENT}\nDURATION:PT1H", "has DTEND and DURATION, but each event can have one of them"),
        ("UID:a\nSUMMARY:A\nDTSTART:99991231T235959Z", "is out of range, but it must come within five years"),
        (f"{EVENT.replace('DTEND;', 'X-END;')}\nDURATION:P999999999D", "is out of range"),
        ("UID:a\nSUMMARY:A\nDTSTART;VALUE=TIME:183000", "DTSTART is '183000', but it must be a day"),
        ("UID:a\nSUMMARY:A\nDTSTART;VALUE=PERIOD:20270312T183000Z/PT1H", "it must be a day or a moment"),
        (f"{SERIES}\nEXDATE:never", "EXDATE is 'never', but it must be a day or a moment"),
        (f"{SERIES}\nEXDATE;VALUE=DATE:20270319", "has the EXDATE 2027-03-19, but it must be"),
        (EVENT.replace("D;TZID=Europe/Riga:20270312T20", "D;VALUE=DATE:20270313\nX:"), "the DTEND 2027"),
        (EVENT.replace("END;TZID=Europe/Riga", "END;TZID=Mars/Olympus"), "is unknown zone (Mars/Olympus)"),
        (f"{EVENT}\nRDATE;TZID=Europe/Riga:20270319T183000", "has RDATE, which is not understood"),
        (f"{SERIES}\nEXRULE:FREQ=DAILY;COUNT=2", "has EXRULE, which is not understood"),
        (f"{SERIES};every other", "it must repeat daily, weekly or monthly"),
        (f"{EVENT}\nDTSTART once more", "has a line that cannot be read"),
        (f"{EVENT}\nGEO:999;999", "has GEO 999.0;999.0, but it must be latitude and longitude"),
        (f"{EVENT}\nGEO:here", "GEO is 'here', but it must be latitude and longitude"),
        (f"{EVENT}\nURL:https://a b\"><script>", "it must be an address that begins with https://"),
        (f"{EVENT}\nURL:https://a.example/{'a' * 5000}", "of at most 500 characters"),
        (f"{EVENT}\nURL:javascript:x", "has the URL 'javascript:x'"),
        (EVENT.replace("=fr", '="<b>"'), "has a SUMMARY with the LANGUAGE '<b>', but it must be one like en"),
        (EVENT.replace("=fr", f"={'x' * 300}"), "it must be one like en or pt-BR"),
        (EVENT.replace("=fr", "=fr,en"), "it must be one like en or pt-BR"),
        (EVENT.replace("UID:park", "UID:park\\n"), "it must be one line of at most 255 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_uid(tmp_path: Path, event: str, told: str) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(tmp_path, event)

    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (CHANGED.replace("ID;", "ID;RANGE=THISANDFUTURE;"), "and what follows (RANGE), but each"),
        (CHANGED.replace("ID;", "ID;RANGE=THISANDFUTURE;") + "\nSTATUS:CANCELLED", "follows (RANGE)"),
        (CHANGED.replace("Budget", "Fête"), "has another SUMMARY on 2027-03-26 18:30:00+02:00"),
        (f"{CHANGED}\nLOCATION:Mairie", "has another LOCATION on"),
        (f"{CHANGED}\nGEO:47.75;7.34", "has another GEO on"),
        (f"{CHANGED}\nURL:https://a.example", "has another URL on"),
        (f"{CHANGED}\nRRULE:FREQ=DAILY;COUNT=2", "to a series, but only the series itself can have RRULE"),
        (f"{CHANGED}\nRDATE:20270327T183000Z", "has RDATE, which is not understood"),
        (f"{CHANGED}\n{THIRD}", "has RECURRENCE-ID 2 times"),
        (CHANGED.replace(THIRD, "RECURRENCE-ID:never"), "RECURRENCE-ID is 'never', but it must be a day or"),
        (CHANGED.replace(THIRD, "RECURRENCE-ID;VALUE=DATE:20270326"), "it must be a day and a time"),
        (CHANGED.replace(":20270326", ":20270325"), "the series has no such date"),
    ],
)  # fmt: skip
def test_a_change_of_one_date_that_is_not_understood_is_refused(
    tmp_path: Path, change: str, told: str
) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(tmp_path, SERIES, change)

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


NAMES = (
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "GEO",
    "URL", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "X-ELSE",
)  # fmt: skip
KINDS = (
    "DATE", "TIME", "PERIOD", "DURATION", "RECUR", "TEXT", "BINARY", "FLOAT", "GEO", "DATE-TIME-LIST",
    "CATEGORIES",
)  # fmt: skip
PARAMETERS = (
    *(f";VALUE={kind}" for kind in KINDS),
    *(f";TZID={zone}" for zone in ("Europe/Riga", "Mars", "/a.example/Europe/Riga", "", "a,b")),
    ";LANGUAGE=fr-FR", ";LANGUAGE=x", ";RANGE=THISANDFUTURE", ";X", ";=",
)  # fmt: skip
VALUES = (
    "20270312T183000", "20270312T203000", "20270319T183000Z", "20270312", "20270319", "20270231", "183000",
    "99991231T235959Z", "00010101T000000", "00010101", "20270312T183000Z/PT1H",
    "20270312T183000,20270319T183000", "PT1H", "-PT1H", "P999999999D", "P1Y", "FREQ=WEEKLY;COUNT=5",
    "FREQ=DAILY;UNTIL=20270401", "FREQ=DAILY;COUNT", "FREQ=DAILY;COUNT=1;X=1", "FREQ=",
    "FREQ=MONTHLY;INTERVAL=99;COUNT=400", "FREQ=WEEKLY;UNTIL=99991231T235959Z", "47.75;7.34", "999;999",
    "1e999;nan", "https://a.example", "https://a b", "CANCELLED", "Park", "a\\nb", "AAAA",
)  # fmt: skip
LINES = st.builds(
    lambda name, parameters, value: f"{name}{''.join(parameters)}:{value}",
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(PARAMETERS), max_size=2),
    st.sampled_from([*VALUES, *ODD]) | st.text(max_size=9),
)
WHOLE = (SERIES, CHANGED, EVENT, f"{EVENT}\nGEO:47.75;7.34\nURL:https://a.example")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=st.lists(st.tuples(st.sampled_from(WHOLE), st.lists(LINES, max_size=4)), min_size=1, max_size=3)
)
def test_whatever_events_say_they_are_read_or_refused(
    tmp_path: Path, events: list[tuple[str, list[str]]]
) -> None:
    text = calendar(*("\n".join([whole, *more]) for whole, more in events))

    content = text.encode("utf-8", "surrogatepass")

    check_reading("meetings.ics", lambda: read(tmp_path, content=content))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=mutated([calendar(SERIES, CHANGED), calendar(*WHOLE[2:])], [*NAMES, *PARAMETERS, *VALUES])
    | st.text(max_size=60),
    kind=st.sampled_from(["panel", "deadline"]),
)
@example("\ud800", "panel")
@example("BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20270312T183000\r\nSUMMARY:Park\r\nEND:VEVENT\r\n", "panel")
@example("BEGIN:VCALENDAR\r\n" * 3000 + "END:VCALENDAR\r\n" * 3000, "panel")
@example(calendar(EVENT) + calendar(EVENT), "panel")
def test_whatever_is_done_to_a_calendar_it_is_read_or_refused(tmp_path: Path, text: str, kind: str) -> None:
    content = text.encode("utf-8", "surrogatepass")

    check_reading("meetings.ics", lambda: read(tmp_path, content=content, kind=kind))
