"""What those who coordinate have as a file in the chat."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, exists, insert, select
from sqlmodel import col

from flows.columns import heads
from flows.files import CalendarFile, File, Form, Table
from flows.occasions.occasions import Sort
from flows.people.roles import Scope
from flows.planning.exporting import Export, Exported, ExportedWords, ExportWords, Shape, Subject
from storage.actions import pilot_lists
from storage.occasions import remarked
from storage.occasions.attended import Remark
from storage.people import audit
from storage.people.audit import CONSOLE, What
from storage.planning import listed
from storage.planning.worded import worded
from storage.registry import applies, loads
from storage.sheet import Line, Sheet
from storage.tables import Audit, Citizen, Statement, table
from storage.unit import Unit
from storage.words.export import QUOTES, quotes

SORTS: Final = {Subject.MEETINGS: Sort.MEETING, Subject.ACTIVITIES: Sort.ACTIVITY}


@applies(Export)
def export(unit: Unit, effect: Export) -> None:
    """Record that it was done; the file is looked at."""
    audit.note(unit, What.EXPORTED, effect.subject, effect.where)


@applies(ExportWords)
def export_words(unit: Unit, effect: ExportWords) -> None:
    """The same."""
    audit.note(unit, What.EXPORTED, Subject.STATEMENTS, effect.where)


def export_from_console(connection: Connection, about: str, where: Scope, at: datetime) -> None:
    """Record that a command wrote a file of something, once for each moment.

    about  the name of the sheet
    """
    done = {"at": at, "actor": CONSOLE, **audit.entry(What.EXPORTED, about, where, None)}
    same = (col(Audit.at) == at, col(Audit.actor) == CONSOLE, col(Audit.about) == about)
    if not connection.execute(select(exists().where(*same))).scalar():
        connection.execute(insert(table(Audit)), done)


@loads(Exported)
def exported(unit: Unit, where: Scope, subject: Subject, shape: Shape) -> Exported:
    """The file, of what takes place in a scope and in those that lie in it."""
    if shape is Shape.ICS:
        return Exported(_calendar(unit, SORTS[subject], where))
    connection, territories = unit.connection, unit.context.territories
    match subject:
        case Subject.ATTENDANCE:
            sheet, rows = listed.ATTENDANCE, listed.attendance(connection, territories, where)
            unit.quote(table(Citizen), listed.answerers(connection, where))
        case Subject.SAID:
            sheet, rows = remarked.SAID, remarked.said(connection, territories, where)
            unit.quote(table(Remark), remarked.remarks(connection, where))
        case Subject.ACTIONS:
            sheet = pilot_lists.ACTIONS
            rows = pilot_lists.actions(connection, where.territory, where.group)
        case Subject.FINDINGS:
            sheet = pilot_lists.FINDINGS
            rows = pilot_lists.findings(connection, where.territory, where.group)
        case _:
            sheet, rows = listed.OCCASIONS, listed.occasions(connection, territories, SORTS[subject], where)
    return Exported(_table(unit, sheet, rows, subject, where, shape))


@loads(ExportedWords)
def exported_words(unit: Unit, where: Scope, shape: Shape) -> ExportedWords:
    """The file, of what was said in a scope and in those that lie in it."""
    rows = quotes(unit.connection, where.territory, where.group)
    unit.quote(table(Statement), (int(row["id"]) for row in rows))
    return ExportedWords(_table(unit, QUOTES, rows, Subject.STATEMENTS, where, shape))


def _table(
    unit: Unit, sheet: Sheet, rows: Sequence[Line], subject: Subject, where: Scope, shape: Shape
) -> Table | None:
    lines = ({name: row[name] for name in sheet.columns} for row in rows)
    cells = tuple(worded(unit.context, unit.person.language, line) for line in lines)
    name = "-".join(filter(None, ("together", subject, where.territory, where.group)))
    return Table(name, Form(shape), sheet.columns, cells, heads(sheet.columns)) if cells else None


def _calendar(unit: Unit, sort: Sort, where: Scope) -> File | None:
    context = unit.context
    entries = listed.calendar(unit.connection, context.occasion_kinds, context.address, sort, where)
    return CalendarFile(entries) if entries else None
