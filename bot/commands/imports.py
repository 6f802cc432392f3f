"""The command `together import`: meetings from a file of a calendar or of a hand, all of them or none."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.console import fail, territory_of, with_database
from bot.refusal import Refused
from config.occasion_kinds import our_occasion_kinds
from config.planned_meetings import WrongFile, read_meetings
from config.settings import load_settings
from flows.occasions.occasions import Sort
from flows.people.territory import Territory
from flows.planning.imports import MOST_DATES, Meeting

imports = typer.Typer(help="Take in what was planned elsewhere.", no_args_is_help=True)


@imports.callback()
def nothing_yet() -> None:
    """Take in what was planned elsewhere."""


@imports.command("meetings")
def import_meetings(
    file: Annotated[Path, typer.Argument(help="An .ics file, or a .toml file as docs/operators.md shows.")],
    territory: Annotated[str, typer.Option(help="The territory in which they take place.")],
    kind: Annotated[str, typer.Option(help="What the meetings of an .ics file are.")] = "assembly",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
) -> None:
    """Publish the meetings of a file, all or none; those imported before are left as they are."""
    from bot.chores.errands import ImportOrder, carry_out
    from bot.clock import asked
    from storage.planning.imports import new_ones

    settings = load_settings(telegram=False)
    place = territory_of(settings, territory)
    now = asyncio.run(asked(settings.clock_url))
    meetings = _read(file, place, kind, now)
    if (dates := sum(len(meeting.dates) for meeting in meetings)) > MOST_DATES:
        fail(f"{file.name} holds {dates} dates, but at most {MOST_DATES} are imported at a time")
    new: list[Meeting] = with_database(
        settings, lambda database: database.read(lambda c: new_ones(c, territory, meetings))
    )
    typer.echo("\n".join(_told(new, len(meetings) - len(new))))
    if dry_run:
        typer.echo("Nothing was changed: this was a dry run.")
    elif new:
        order = ImportOrder(territory, tuple(new))
        with_database(settings, lambda database: carry_out(database, settings, order, now), writes=True)
        typer.echo("Imported and published.")


def _read(file: Path, place: Territory, kind: str, now: datetime) -> tuple[Meeting, ...]:
    kinds = {code: each for code, each in our_occasion_kinds().items() if each.sort is Sort.MEETING}
    if kind not in kinds:
        fail(f"'{kind}' is no kind of meeting; there are {', '.join(kinds)}")
    try:
        if file.suffix == ".toml":
            return read_meetings(file, place, kinds, now)
        if file.suffix == ".ics":
            from bot.commands.ics_reader import read_calendar

            return read_calendar(file, place, kinds[kind], now)
    except WrongFile as error:
        raise Refused(f"nothing was changed: {error}") from None
    raise Refused(f"{file.name} is neither an .ics nor a .toml file")


def _told(new: Sequence[Meeting], there: int) -> list[str]:
    """What is to come of the file, line by line."""
    lines = []
    for meeting in new:
        (first, *others), title = meeting.dates, next(iter(meeting.texts.values()))["title"]
        series = f", and {len(others)} more until {others[-1].starts:%Y-%m-%d}" if others else ""
        lines.append(f"{first.starts:%Y-%m-%d %H:%M} {meeting.zone}: {title} ({meeting.kind}){series}")
    return [*lines, f"{len(new)} new, {there} imported before."]
