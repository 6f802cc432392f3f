"""The command `together export`: what was said, what is planned and who comes, as files."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.console import fail, scope, territory_of, with_database
from config.settings import Settings, load_settings
from config.territories import load_territories
from flows.occasions.occasions import Sort
from flows.people.roles import Scope

FORM = Annotated[str | None, typer.Option("--format", help="csv, jsonl or xlsx; else by the file's name.")]
DATED = Annotated[
    str | None, typer.Option("--format", help="csv, jsonl, xlsx or ics; else by the file's name.")
]
TERRITORY = Annotated[str | None, typer.Option(help="Only of this territory.")]
OUTPUT = Annotated[Path | None, typer.Option(help="The file; without it, to the terminal.")]

export = typer.Typer(help="Write what was said, and what is planned, to a file.", no_args_is_help=True)


@export.command("statements")
def export_statements(
    territory: TERRITORY = None,
    form: FORM = None,
    output: OUTPUT = None,
) -> None:
    """Write the statements that remain: without authors, without withdrawn ones."""
    settings = load_settings(telegram=False)
    if territory is not None:
        territory_of(settings, territory)
    from storage.words.export import STATEMENTS, statements

    _export(settings, STATEMENTS, lambda c: statements(c, territory), form, output, territory)


@export.command("meetings")
def export_meetings(territory: TERRITORY = None, form: DATED = None, output: OUTPUT = None) -> None:
    """Write what meetings are planned, and how many people come; as ics, those that were published."""
    _export_occasions(Sort.MEETING, territory, form, output)


@export.command("activities")
def export_activities(territory: TERRITORY = None, form: DATED = None, output: OUTPUT = None) -> None:
    """Write what co-responsibility activities are planned, and how many people come; or as ics."""
    _export_occasions(Sort.ACTIVITY, territory, form, output)


@export.command("attendance")
def export_attendance(territory: TERRITORY = None, form: FORM = None, output: OUTPUT = None) -> None:
    """Write each answer to a meeting or an activity: without names, and without what people wrote."""
    settings = load_settings(telegram=False)
    where, territories = scope(settings, territory, None), load_territories(settings.territories)
    from storage.planning import listed

    _export(
        settings,
        listed.ATTENDANCE,
        lambda c: listed.attendance(c, territories, where),
        form,
        output,
        territory,
    )


@export.command("said")
def export_said(territory: TERRITORY = None, form: FORM = None, output: OUTPUT = None) -> None:
    """Write what people said of meetings they were at: without names, each sentence by itself."""
    settings = load_settings(telegram=False)
    where, territories = scope(settings, territory, None), load_territories(settings.territories)
    from storage.occasions import remarked

    _export(settings, remarked.SAID, lambda c: remarked.said(c, territories, where), form, output, territory)


@export.command("actions")
def export_actions(territory: TERRITORY = None, form: FORM = None, output: OUTPUT = None) -> None:
    """Write the pilot actions that were published, once for each language they are written in."""
    from storage.actions import pilot_lists

    _export_pilots(pilot_lists.ACTIONS, pilot_lists.actions, territory, form, output)


@export.command("feedback")
def export_feedback(territory: TERRITORY = None, form: FORM = None, output: OUTPUT = None) -> None:
    """Write the feedback to pilot actions that remains: without names, a row for each score."""
    from storage.actions import pilot_lists

    _export_pilots(pilot_lists.FEEDBACK, pilot_lists.feedback, territory, form, output)


@export.command("findings")
def export_findings(territory: TERRITORY = None, form: FORM = None, output: OUTPUT = None) -> None:
    """Write what was given back of the feedback to pilot actions: figures about ten people or more."""
    from storage.actions import pilot_lists

    _export_pilots(pilot_lists.FINDINGS, pilot_lists.findings, territory, form, output)


@export.command("audit")
def export_audit(form: FORM = None, output: OUTPUT = None) -> None:
    """Write what was done with roles in the last two years, and what was refused: without names."""
    from storage.people import audit

    _export(load_settings(telegram=False), audit.AUDIT, audit.listed, form, output, None)


def _export_pilots(
    sheet: Any, rows_of: Callable[..., Any], territory: str | None, form: str | None, output: Path | None
) -> None:
    settings = load_settings(telegram=False)
    if territory is not None:
        territory_of(settings, territory)
    _export(settings, sheet, lambda c: rows_of(c, territory), form, output, territory)


def _export(
    settings: Settings,
    sheet: Any,
    rows_of: Callable[[Any], Any],
    form: str | None,
    output: Path | None,
    territory: str | None,
) -> None:
    from storage.sheet import Format, write_file, write_text

    names = [str(one) for one in Format]
    wanted = form or (output.suffix[1:] if output else "csv")
    if wanted not in names:
        fail(f"'{wanted}' is no format; expected {', '.join(names)}")
    if output is None and wanted == Format.XLSX:
        fail("xlsx needs --output FILE")
    rows = _read(settings, rows_of, sheet.name, territory)
    if output is not None:
        try:
            write_file(rows, output, Format(wanted), sheet)
        except OSError as error:
            fail(f"cannot write {output}: {error.strerror}")
        typer.echo(f"{sheet.name}: {len(rows)} rows in {output}", err=True)
    else:
        write_text(rows, sys.stdout, Format(wanted), sheet)


def _read(settings: Settings, rows_of: Callable[[Any], Any], about: str, territory: str | None) -> Any:
    """What is to be written, once it is noted in the audit that it was."""
    from bot.chores.errands import ExportOrder, errands_of, note
    from bot.clock import asked

    now = asyncio.run(asked(settings.clock_url))
    order = ExportOrder(about, Scope(territory), now)

    async def work(database: Any) -> Any:
        rows = await database.read(rows_of)
        await note(database, settings, order, now)
        return rows

    return with_database(settings, work, writes=errands_of(settings) is None)


def _export_occasions(sort: Sort, territory: str | None, form: str | None, output: Path | None) -> None:
    settings = load_settings(telegram=False)
    where, territories = scope(settings, territory, None), load_territories(settings.territories)
    from storage.planning import listed

    if form == "ics" or (form is None and output is not None and output.suffix == ".ics"):
        from config.occasion_kinds import our_occasion_kinds

        languages = territories[territory].languages if territory else ()
        kinds = our_occasion_kinds()
        entries = _read(settings, lambda c: listed.calendar(c, kinds, "", sort, where), "calendar", territory)
        _write_calendar(entries, languages, output)
    else:
        rows_of = partial(listed.occasions, territories=territories, sort=sort, where=where)
        _export(settings, listed.OCCASIONS, rows_of, form, output, territory)


def _write_calendar(entries: Sequence[Any], languages: tuple[str, ...], output: Path | None) -> None:
    from bot.rendering.ics import written
    from storage.files import replacing

    content = written(entries, languages)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        with replacing(output) as new:
            new.write_bytes(content)
    except OSError as error:
        fail(f"cannot write {output}: {error.strerror}")
    typer.echo(f"{len(entries)} dates in {output}", err=True)
