"""Dates and times as people type them: what is read, what is told, and nothing is guessed."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.times.local_time import Trouble, WrongTime
from flows.times.typed_time import read_day, read_end, read_time, read_when
from tests.flows.clocks import at

NOW = at("2027-02-01 12:00")
START = at("2027-03-12 18:30")
WHEN = "2027-03-12 18:30"


def trouble(read, *args) -> Trouble:
    with pytest.raises(WrongTime) as caught:
        read(*args)
    return caught.value.trouble


@pytest.mark.parametrize(
    "text",
    [
        "12.3.2027 18:30", "12.03.2027 18.30", "12/3/2027 18h30", "12-3-2027 18:30", "2027-03-12 18:30",
        "2027-03-12T18:30", "2027-03-12T18:30:00", "2027/3/12 18:30", "2027. 3. 12. 18:30",
        "12. 3. 2027 18:30", "12.3.2027, 18:30", "12.3.2027., 18:30", "12/3 18h30", "12.3. 18.30",
        "12.3.27 18:30", "  12.3.2027   18:30 ", "12/3/2027 18 h 30", "12/3/2027 18H30", "18:30 12.3.2027",
        "18h30, 12/3", "١٢/٣/٢٠٢٧ ١٨:٣٠", "١٢\u200f/٣\u200f/٢٠٢٧، ١٨:٣٠", "۱۲/۳/۲۰۲۷ ۱۸:۳۰",
        "１２．３．２０２７　１８：３０", "12.3.2027\u00a018:30", "१२/३/२०२७ १८:३०",
    ],
)  # fmt: skip
def test_a_day_and_a_time_are_read_as_people_write_them(text):
    assert read_when(text, NOW) == START


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("18:30", time(18, 30)),
        ("18.30", time(18, 30)),
        ("18h30", time(18, 30)),
        ("8h", time(8)),
        ("8", time(8)),
        ("08:05", time(8, 5)),
        ("0:00", time(0)),
        ("٢١:٠٠", time(21)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_of_day_is_read(text, hour):
    assert read_time(text) == hour


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12.3.2027", date(2027, 3, 12)),
        ("12/3", date(2027, 3, 12)),
        ("1.2.", date(2027, 2, 1)),
        ("31.1.", date(2028, 1, 31)),
        ("29.2.", date(2028, 2, 29)),
        ("31/12/27", date(2027, 12, 31)),
    ],
)
def test_a_year_that_is_left_out_is_the_next_in_which_the_day_comes(text, day):
    assert read_day(text, NOW.date()) == day


def test_a_29_february_without_a_year_is_that_of_the_next_leap_year():
    assert read_day("29.2.", date(2028, 2, 29)) == date(2028, 2, 29)
    assert read_day("29.2.", date(2028, 3, 1)) == date(2032, 2, 29)


def test_of_two_small_numbers_the_first_is_the_day():
    assert read_day("3/4/2027", NOW.date()) == date(2027, 4, 3)


@pytest.mark.parametrize(
    "text", ["31.2.2027", "31 / 2", "30.2.", "29.2.2027", "12/31/2027", "0.1.2028", "1.0."]
)
def test_a_day_that_no_calendar_has_is_told(text):
    assert trouble(read_day, text, NOW.date()) is Trouble.NO_SUCH_DAY
    assert trouble(read_when, f"{text} 18:30", NOW) is Trouble.NO_SUCH_DAY


@pytest.mark.parametrize("text", ["24:00", "25:00", "12:60", "18.75", "99"])
def test_a_time_that_no_clock_reads_is_told(text):
    assert trouble(read_time, text) is Trouble.NO_SUCH_TIME


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "?", "tomorrow", "12", "12.3.2027", "18:30", "12.3.2027 6:30 pm", "12.3.2027 18:30 or 19:00",
        "12 March 2027 18:30", "12.3.2027 18", "12.3.20270 18:30", "123.3.2027 18:30", "12.3.202 18:30",
        "-12.3.2027 18:30", "12..3.2027 18:30", "2027-03-12 18:30:30", "2027-03-12 18:30Z",
        "2027-03-12 18:30+01:00", "12.3.2027 18:30\n13.3.2027 18:30", "12½.3.2027 18:30", "1" * 4000,
    ],
)  # fmt: skip
def test_what_is_no_day_and_time_is_told(text):
    assert trouble(read_when, text, NOW) is Trouble.UNREADABLE


@pytest.mark.parametrize("text", ["", "18:30", "12", "12.3.2027 18:30", "12.3.2027 12", "a", "2027"])
def test_what_is_no_day_is_told(text):
    assert trouble(read_day, text, NOW.date()) is Trouble.UNREADABLE


@pytest.mark.parametrize("text", ["", "12/3", "noon", "18:30 - 20:00", "1830", "-5", "18:3"])
def test_what_is_no_time_is_told(text):
    assert trouble(read_time, text) is Trouble.UNREADABLE


def test_what_was_typed_is_shown_back_and_never_at_length():
    with pytest.raises(WrongTime) as caught:
        read_day("31.2.2027", NOW.date())
    assert caught.value.details == {"written": "31.2.2027"}

    with pytest.raises(WrongTime) as caught:
        read_when("1" * 4000, NOW)
    assert len(str(caught.value.details["written"])) == 60


def test_what_is_past_or_further_than_people_plan_is_told():
    assert trouble(read_when, "1.2.2027 12:00", NOW) is Trouble.PAST
    assert read_when("1.2.2027 12:01", NOW) == NOW + timedelta(minutes=1)
    assert trouble(read_when, "12.3.2026 18:30", NOW) is Trouble.PAST
    assert trouble(read_when, "12.3.2207 18:30", NOW) is Trouble.TOO_FAR
    assert trouble(read_when, "12.3.2570 18:30", NOW) is Trouble.TOO_FAR
    assert trouble(read_when, "1405/12/21 18:30", NOW) is Trouble.PAST
    assert trouble(read_day, "31.1.2027", NOW.date()) is Trouble.PAST
    assert trouble(read_day, "12.3.2207", NOW.date()) is Trouble.TOO_FAR
    assert trouble(read_day, "31.12.9999", NOW.date()) is Trouble.TOO_FAR


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("20:00", "2027-03-12 20:00"),
        ("20h", "2027-03-12 20:00"),
        ("18.30", "2027-03-12 18:30"),
        ("14.3. 16:00", "2027-03-14 16:00"),
        ("14.3.2027 16:00", "2027-03-14 16:00"),
        ("1.1. 16:00", "2028-01-01 16:00"),
    ],
)
def test_an_end_is_a_time_of_the_same_day_or_a_later_day(text, end):
    assert read_end(text, START) == at(end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:29", Trouble.END_BEFORE_START),
        ("11.3.2027 20:00", Trouble.END_BEFORE_START),
        ("later", Trouble.UNREADABLE),
        ("25:00", Trouble.NO_SUCH_TIME),
        ("31.4. 20:00", Trouble.NO_SUCH_DAY),
    ],
)
def test_an_end_that_cannot_be_is_told(text, expected):
    assert trouble(read_end, text, START) is expected


written = st.sampled_from(
    ["{0:%d.%m.%Y %H:%M}", "{0:%d/%m/%y %Hh%M}", "{0:%Y-%m-%d %H:%M}", "{0.day}.{0.month}. {0:%H.%M}"]
)
scripts = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])


@given(st.integers(1, 364 * 1440), written, scripts)
def test_whatever_is_still_to_come_within_a_year_can_be_typed(minutes, form, digits):
    when = NOW + timedelta(minutes=minutes)
    text = form.format(when).translate(dict(zip(map(ord, "0123456789"), digits, strict=True)))

    assert read_when(text, NOW) == when


@given(st.text(max_size=50) | st.from_regex(r"[0-9٠-٩./:,hT -]{0,30}", fullmatch=True))
def test_whatever_is_typed_is_a_time_to_come_or_told(text):
    for read, now in ((read_when, NOW), (read_end, START), (read_day, NOW.date())):
        try:
            found = read(text, now)
        except WrongTime:
            continue
        assert found >= now
        assert isinstance(found, datetime) == (read is not read_day)
