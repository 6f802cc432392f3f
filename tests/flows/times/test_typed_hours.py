"""Hours as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.times.typed_hours import MOST, STEP, read_hours


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("2", 120),
        (" 2 h ", 120),
        ("1.5", 90),
        ("1,5", 90),
        ("1,50", 90),
        ("0.25", 15),
        ("1.75h", 105),
        ("1h30", 90),
        ("1 h 30", 90),
        ("1H45", 105),
        ("1:30", 90),
        ("0:15", 15),
        ("24", MOST),
        ("٢", 120),
        ("١٫٥", 90),
        ("१:३०", 90),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, minutes: int) -> None:
    assert read_hours(typed) == minutes


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "0:00",
        "two",
        "a few",
        "-1",
        "1.1",
        "1.333",
        "1:20",
        "1:60",
        "24.25",
        "25",
        "100",
        "1 2",
        "½",
        "1e1",
    ],
)
def test_what_is_no_number_of_quarters_of_an_hour_is_not_read(typed: str) -> None:
    assert read_hours(typed) is None


@given(st.integers(1, MOST // STEP))
def test_every_quarter_of_an_hour_can_be_written_with_a_point_a_comma_or_a_colon(quarters: int) -> None:
    minutes = quarters * STEP
    hours = f"{minutes / 60:.2f}"

    assert read_hours(hours) == read_hours(hours.replace(".", ",")) == minutes
    assert read_hours(f"{minutes // 60}:{minutes % 60:02}") == minutes


@given(st.text(max_size=12))
def test_whatever_is_typed_is_refused_or_a_time_that_somebody_can_have_worked(typed: str) -> None:
    minutes = read_hours(typed)

    assert minutes is None or (0 < minutes <= MOST and minutes % STEP == 0)
