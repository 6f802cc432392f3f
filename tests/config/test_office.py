"""The office hours in a territory's file: what it leaves out is as usual, what is wrong is named."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from config.territories import TerritoryError, load_territories
from flows.times.office_hours import OfficeHours

TERRITORY = """\
slug = "testville"
country = "FR"
languages = ["fr"]
zone = "Europe/Paris"
names = { fr = "Testville" }
"""


def loaded(folder: Path, office: str) -> OfficeHours:
    """The office hours of a territory with that table in its file."""
    (folder / "testville.toml").write_text(TERRITORY + office, encoding="utf-8")
    return load_territories(folder)["testville"].office


def test_without_a_table_somebody_is_there_from_monday_to_friday_from_nine_to_five(tmp_path):
    office = loaded(tmp_path, "")

    assert office == OfficeHours(frozenset(range(5)), time(9), time(17), patience=timedelta(hours=4))


def test_a_table_says_days_hours_holidays_and_patience(tmp_path):
    office = loaded(
        tmp_path,
        '[office]\ndays = ["tue", "sat"]\nhours = "10:30-12:00"\n'
        'holidays = ["2026-05-14", "12-25", "02-29"]\npatience = 2\n',
    )

    assert office == OfficeHours(
        days=frozenset({1, 5}),
        opens=time(10, 30),
        closes=time(12),
        holidays=frozenset({date(2026, 5, 14)}),
        yearly=frozenset({(12, 25), (2, 29)}),
        patience=timedelta(hours=2),
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("days = []", "'office.days' is [], but must be a list of days"),
        ('days = ["monday"]', "'office.days' is ['monday']"),
        ('hours = "17:00-09:00"', "'office.hours' is '17:00-09:00', but must be hours of one day"),
        ('hours = "9-17"', "'office.hours' is '9-17'"),
        ("hours = 9", "'office.hours' is 9"),
        ('holidays = ["2026-02-30"]', "'office.holidays[1]' is '2026-02-30', but must be a day"),
        ('holidays = ["13-01"]', "'office.holidays[1]' is '13-01'"),
        ('holidays = "12-25"', "'office.holidays' is '12-25'"),
        ("patience = 0", "'office.patience' is 0, but must be a whole number of hours from 1 to 40"),
        ("hour = 9", "'office.hour' is not a key we know, but 'hours' is"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, line, told):
    with pytest.raises(TerritoryError) as caught:
        loaded(tmp_path, f"[office]\n{line}\n")

    assert "testville.toml:7" in str(caught.value)
    assert told in str(caught.value)


def test_an_office_that_is_no_table_is_refused(tmp_path):
    with pytest.raises(TerritoryError, match="must be written as"):
        loaded(tmp_path, "office = 9\n")
