"""A list as a file: whole, safe to open, readable by its owner alone, and never half written."""

import csv
import importlib
import io
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]

from storage import faultpoints
from storage.registry import modules
from storage.sheet import Format, Line, Sheet, write_file, write_text
from storage.words.export import STATEMENTS

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://127.0.0.1","x")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(A1)",
)

HARMLESS = ("1+1=2", "a = b", "mailto:x@y", "e\u0301", "\u202e=1+1", "1e9", "0x10", "https://127.0.0.1/", "")

CHARACTERS = st.characters(exclude_categories=["Cs"])
"""All but halves of characters, which the door does not let in."""


def row(text: str, **changed: Any) -> Line:
    """One line of the list of statements."""
    plain: dict[str, Any] = dict.fromkeys(STATEMENTS.columns)
    plain |= {"id": "7", "territory": "riverside", "language": "en", "version": 1, "text": text}
    return plain | {"language_probability": 0.97, "created_at": "2025-03-10"} | changed


def written(rows: list[Line], form: Format) -> str:
    """The text of a csv or jsonl file."""
    stream = io.StringIO(newline="")
    write_text(rows, stream, form, STATEMENTS)
    return stream.getvalue()


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_cell_of_a_csv_begins_like_a_formula(text: str) -> None:
    cells = list(csv.reader(io.StringIO(written([row(text, group=text)], Format.CSV), newline="")))[1]

    assert cells[STATEMENTS.columns.index("text")] == f"'{text}"
    assert cells[STATEMENTS.columns.index("group")] == f"'{text}"


SHEETS = {
    each.name: each
    for name in modules()
    for each in vars(importlib.import_module(name)).values()
    if isinstance(each, Sheet)
}
"""Every table that can be had as a file, wherever it stands."""


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_no_cell_of_any_table_is_a_formula_whichever_column_it_stands_in(
    sheet: Sheet, tmp_path: Path
) -> None:
    rows = [dict.fromkeys(sheet.columns, text) for text in FORMULAS]
    stream = io.StringIO(newline="")

    write_text(rows, stream, Format.CSV, sheet)
    write_file(rows, tmp_path / "table.xlsx", Format.XLSX, sheet)

    _, *lines = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert [set(line) for line in lines] == [{f"'{text}"} for text in FORMULAS]
    cells = [cell for line in load_workbook(tmp_path / "table.xlsx")[sheet.name].iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_tables_that_can_be_had_are_found() -> None:
    assert {"statements", "audit", "attendance", "said", "actions", "feedback", "findings"} <= set(SHEETS)


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_harmless_words_stay_as_they_are_in_a_csv(text: str) -> None:
    header, cells = csv.reader(io.StringIO(written([row(text)], Format.CSV), newline=""))

    assert tuple(header) == STATEMENTS.columns
    assert cells[STATEMENTS.columns.index("text")] == text
    assert cells[STATEMENTS.columns.index("edited_at")] == ""


@given(st.lists(st.text(CHARACTERS), max_size=5))
def test_any_words_come_back_from_jsonl_exactly(texts: list[str]) -> None:
    lines = written([row(text) for text in texts], Format.JSONL).split("\n")

    assert lines.pop() == ""
    assert [json.loads(line)["text"] for line in lines] == texts


@given(st.text(CHARACTERS))
def test_any_words_come_back_from_csv_but_for_the_mark_before_a_formula(text: str) -> None:
    _, cells = csv.reader(io.StringIO(written([row(text)], Format.CSV), newline=""))
    found = cells[STATEMENTS.columns.index("text")]

    assert found == text or (found == f"'{text}" and not text[0].isalnum())
    assert not found.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))


def test_no_cell_of_a_spreadsheet_is_a_formula_a_link_or_a_number_in_disguise(tmp_path: Path) -> None:
    texts = [text for text in (*FORMULAS, *HARMLESS, "<b>&amp;", "x" * 4096) if text]
    file = tmp_path / "statements.xlsx"

    write_file([row(text, group=text) for text in texts], file, Format.XLSX, STATEMENTS)

    sheet = load_workbook(file)["statements"]
    header, *lines = sheet.iter_rows()
    assert tuple(cell.value for cell in header) == STATEMENTS.columns
    assert len(lines) == len(texts)
    for line, text in zip(lines, texts, strict=True):
        assert [cell.data_type for cell in line if cell.data_type == "f" or cell.hyperlink] == []
        found = line[STATEMENTS.columns.index("text")]
        assert found.data_type == "s"
        if text.isprintable():
            assert found.value == text
    assert lines[0][STATEMENTS.columns.index("version")].value == 1
    assert lines[0][STATEMENTS.columns.index("edited_at")].value is None


def test_an_id_of_63_bits_is_not_rounded_by_a_spreadsheet(tmp_path: Path) -> None:
    file = tmp_path / "statements.xlsx"

    write_file([row("x", id=str(2**63 - 1))], file, Format.XLSX, STATEMENTS)

    assert load_workbook(file)["statements"]["A2"].value == str(2**63 - 1)


@pytest.fixture(params=list(Format))
def form(request: pytest.FixtureRequest) -> Format:
    """Each way of writing."""
    found: Format = request.param
    return found


def test_a_file_can_be_read_by_its_owner_alone(tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"statements.{form}"
    before = os.umask(0)
    try:
        write_file([row("x")], file, form, STATEMENTS)
    finally:
        os.umask(before)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_an_older_file_is_replaced_whole_and_loses_its_open_permissions(tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"statements.{form}"
    file.write_text("old " * 100_000)
    file.chmod(0o666)

    write_file([row("x")], file, form, STATEMENTS)

    assert b"old old" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_is_replaced_and_what_it_leads_to_left_alone(tmp_path: Path, form: Format) -> None:
    elsewhere, file = tmp_path / "elsewhere", tmp_path / f"statements.{form}"
    elsewhere.write_text("precious")
    file.symlink_to(elsewhere)
    file.with_name(f".{file.name}.new").symlink_to(elsewhere)

    write_file([row("x")], file, form, STATEMENTS)

    assert elsewhere.read_text() == "precious"
    assert not file.is_symlink()
    assert b"precious" not in file.read_bytes()


def test_a_file_that_cannot_be_finished_leaves_the_older_one_and_nothing_else(
    tmp_path: Path, form: Format
) -> None:
    file = tmp_path / f"statements.{form}"
    file.write_text("old")

    def rows() -> Any:
        yield row("CANARY")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        write_file(rows(), file, form, STATEMENTS)

    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_the_older_file_stands_until_the_new_one_is_complete(tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"statements.{form}"
    file.write_text("old")
    seen: list[str] = []
    faultpoints.listen(lambda name: seen.append(f"{name}: {file.read_text()}"))
    try:
        write_file([row("x")], file, form, STATEMENTS)
    finally:
        faultpoints.listen(lambda _name: None)

    assert seen == ["export_written: old"]
    assert file.read_bytes() != b"old"
