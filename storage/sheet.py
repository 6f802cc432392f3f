"""A list as a file: csv that no spreadsheet runs, jsonl word for word, xlsx."""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from storage.faultpoints import reached
from storage.files import replacing

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Line = Mapping[str, Any]
"""What one line holds, by column."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds."""

    name: str
    columns: tuple[str, ...]
    heads: tuple[str, ...] = ()  # what stands above them for people; (): their names


class Format(StrEnum):
    """How the file is written."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


def write_file(lines: Iterable[Line], file: Path, form: Format, sheet: Sheet) -> None:
    """Write lines to `file`, readable by its owner alone; an older file is replaced when all is written."""
    with replacing(file) as new:
        if form is Format.XLSX:
            write_xlsx(lines, new, sheet)
        else:
            with new.open("w", encoding="utf-8", newline="") as stream:
                write_text(lines, stream, form, sheet)
        reached("export_written")


def write_text(lines: Iterable[Line], stream: TextIO, form: Format, sheet: Sheet) -> None:
    """Write lines as csv or jsonl."""
    if form is Format.JSONL:
        stream.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        return
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(sheet.heads or sheet.columns)
    writer.writerows([harmless(line[name]) for name in sheet.columns] for line in lines)


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_xlsx(lines: Iterable[Line], file: Path | BinaryIO, sheet: Sheet) -> None:
    """Write lines as a workbook with one page."""
    import xlsxwriter

    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet(sheet.name)
        page.write_row(0, 0, sheet.heads or sheet.columns, book.add_format({"bold": True}))
        for number, line in enumerate(lines, start=1):
            for column, name in enumerate(sheet.columns):
                _write_cell(page, number, column, line[name])
        page.freeze_panes(1, 0)
        if "text" in sheet.columns:
            page.set_column(sheet.columns.index("text"), sheet.columns.index("text"), 80)


def _write_cell(page: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif value is not None:
        page.write_number(row, column, value)
