"""Meetings from a file are all there afterwards or none, each once, and read like any other."""

import pytest
from sqlalchemy.exc import IntegrityError

from flows.files import Entries
from flows.occasions.occasions import Answered, Dates, Sort, Upcoming
from flows.planning.imports import Meeting, Span
from storage.occasions.planned import Occasion, OccasionText, Post
from storage.planning.imports import import_meetings, new_ones
from storage.tables import Audit
from tests.flows.clocks import at, utc
from tests.storage.plans import says
from tests.storage.town import Town

ADA = 4_000_000_001
SERIES = Meeting(
    uid="club",
    kind="assembly",
    dates=tuple(Span(at(f"2025-03-{day} 18:30"), at(f"2025-03-{day} 20:00")) for day in (21, 28)),
    zone="Europe/Riga",
    texts={"en": {"title": "Open club", "place": "Library"}, "fr": {"title": "Club ouvert"}},
    rule="FREQ=WEEKLY;COUNT=2",
    seats=5,
)
ONCE = Meeting(
    uid="park",
    kind="panel",
    dates=(Span(at("2025-04-01 18:00"), at("2025-04-01 19:00")),),
    zone="Europe/Riga",
    texts={"en": {"title": "Park"}},
    group="elders",
    link="https://meet.example",
    pin=(47.75, 7.34),
)


async def test_what_is_imported_is_there_for_people(town: Town) -> None:
    await town.arrives(ADA)

    assert await town.do(import_meetings, "riverside", (SERIES, ONCE), town.now) == 2

    upcoming: Upcoming = await town.look(ADA, Upcoming, Sort.MEETING)
    [listed] = upcoming.occasions  # the other one is for another group
    assert listed.when.starts_at == utc("2025-03-21 16:30")
    assert listed.free == 5
    dates: Dates = await town.look(ADA, Dates, listed.id)
    assert [date.when.starts for date in dates.occasions] == [date.starts for date in SERIES.dates]
    found: Entries = await town.look(ADA, Entries, tuple(date.id for date in dates.occasions))
    assert [entry.sheet.title for entry in found.entries] == 2 * [{"en": "Open club", "fr": "Club ouvert"}]
    assert await says(town, ADA, of=listed.id) is Answered.SEATED


async def test_a_file_imported_again_changes_nothing(town: Town) -> None:
    await town.do(import_meetings, "riverside", (SERIES, ONCE), town.now)
    before = [await town.rows(model) for model in (Occasion, OccasionText, Post, Audit)]
    town.later(hours=1)

    assert await town.do(new_ones, "riverside", (SERIES, ONCE)) == []
    assert await town.do(import_meetings, "riverside", (SERIES, ONCE), town.now) == 0

    assert [await town.rows(model) for model in (Occasion, OccasionText, Post, Audit)] == before


async def test_the_same_name_in_another_territory_is_another_meeting(town: Town) -> None:
    await town.do(import_meetings, "riverside", (SERIES,), town.now)

    assert await town.do(new_ones, "montbell", (SERIES,)) == [SERIES]


async def test_what_goes_wrong_in_the_middle_leaves_nothing(town: Town) -> None:
    broken = Meeting("broken", "panel", ONCE.dates, "Europe/Riga", {"en": {"title": None}}, seats=None)  # type: ignore[dict-item]
    torn = Meeting("torn", None, ONCE.dates, "Europe/Riga", {})  # type: ignore[arg-type]

    with pytest.raises(IntegrityError):
        await town.do(import_meetings, "riverside", (SERIES, broken, torn), town.now)

    assert await town.rows(Occasion) == []


async def test_it_is_recorded_that_the_console_planned_them(town: Town) -> None:
    await town.do(import_meetings, "riverside", (ONCE,), town.now)

    noted = await town.row(Audit)
    planned = (noted.actor, noted.what, noted.about, noted.territory, noted.group_slug)
    assert planned == ("console", "planned", "meeting", "riverside", "elders")
