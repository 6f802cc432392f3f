"""Statements and the audit as a file: csv that no spreadsheet runs, jsonl word for word, xlsx."""

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from sqlalchemy import Connection, exists, select
from sqlmodel import col

from flows.people.person import Purpose
from storage.faultpoints import reached
from storage.tables import Audit, Consent, Pseudonym, Statement, table

COLUMNS: Final = (
    "id", "territory", "group", "question", "language", "text", "component", "created_at",
    "edited_at", "version", "language_probability", "language_how", "quotable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds."""

    name: str
    columns: tuple[str, ...]


STATEMENTS: Final = Sheet("statements", COLUMNS)
AUDIT: Final = Sheet("audit", ("at", "actor", "what", "about", "territory", "group", "grant"))

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Row = Mapping[str, Any]


class Format(StrEnum):
    """How the file is written."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


def statements(connection: Connection, territory: str | None) -> list[Row]:
    """What remains of what citizens said, day by day: no withdrawn statement, no author, no Telegram id.

    territory  its slug; None: all

    Moments are given to the day, and within a day statements stand in no order: what one person said in one
    sitting cannot be told by its times.
    """
    quotable = exists().where(
        col(Pseudonym.pseudonym) == col(Statement.author),
        col(Consent.citizen_id) == col(Pseudonym.citizen_id),
        col(Consent.purpose) == Purpose.QUOTES,
        col(Consent.withdrawn_at).is_(None),
    )
    query = select(table(Statement), quotable.label("quotable")).where(col(Statement.withdrawn_at).is_(None))
    if territory is not None:
        query = query.where(col(Statement.territory) == territory)
    rows = [_row(found) for found in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: (row["created_at"], row["id"]))


def _row(found: Mapping[Any, Any]) -> Row:
    row = {name: found["group_slug" if name == "group" else name] for name in COLUMNS}
    row["id"] = str(row["id"])  # 63 bits: a spreadsheet would round the number
    for moment in ("created_at", "edited_at"):
        row[moment] = row[moment].date().isoformat() if row[moment] else None
    row["quotable"] = "yes" if row["quotable"] else "no"  # word for word, without a name
    return row


def audit(connection: Connection) -> list[Row]:
    """What was done about roles, oldest first; `grant` names an invitation and the role that came of it."""
    query = select(table(Audit)).order_by(col(Audit.at), col(Audit.id))
    rows = connection.execute(query).mappings()
    return [
        {
            "at": row["at"].isoformat(),
            **{name: row[name] for name in ("actor", "what", "about", "territory")},
            "group": row["group_slug"],
            "grant": str(row["grant_id"]) if row["grant_id"] is not None else None,
        }
        for row in rows
    ]


def write_file(rows: Iterable[Row], file: Path, form: Format, sheet: Sheet = STATEMENTS) -> None:
    """Write rows to `file`, readable by its owner alone; an older file is replaced when all is written."""
    with replacing(file) as new:
        if form is Format.XLSX:
            write_xlsx(rows, new, sheet)
        else:
            with new.open("w", encoding="utf-8", newline="") as stream:
                write_text(rows, stream, form, sheet)


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """An empty file to be written, for its owner alone, which takes the place of `file` if all goes well."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    try:
        yield new
        reached("export_written")
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)  # half a file of what citizens said lies nowhere


def write_text(rows: Iterable[Row], stream: TextIO, form: Format, sheet: Sheet = STATEMENTS) -> None:
    """Write rows as csv or jsonl."""
    if form is Format.JSONL:
        stream.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        return
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([harmless(row[name]) for name in sheet.columns] for row in rows)


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_xlsx(rows: Iterable[Row], file: Path | BinaryIO, sheet: Sheet) -> None:
    """Write rows as a workbook with one page."""
    import xlsxwriter

    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet(sheet.name)
        page.write_row(0, 0, sheet.columns, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            for column, name in enumerate(sheet.columns):
                _write_cell(page, number, column, row[name])
        page.freeze_panes(1, 0)
        if "text" in sheet.columns:
            page.set_column(sheet.columns.index("text"), sheet.columns.index("text"), 80)


def _write_cell(page: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif value is not None:
        page.write_number(row, column, value)
