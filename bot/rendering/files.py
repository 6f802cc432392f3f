"""Files of conversations become bytes that can be sent; tables, which take longest, only when they are."""

import asyncio
import io
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from flows.files import CalendarFile, Cell, DataFile, Form, QrCode, Table
from flows.moves import Arg, Key, Tag
from storage.sheet import Format, Sheet, write_text, write_xlsx
from storage.types import write

MOST_BYTES: Final = 1_000_000
"""Of a file that is handed over in a chat: until it is sent, the database keeps it, a third larger."""

MOST_OF_TABLE: Final = 4_000_000
"""Characters of a table as it is kept until it is sent; as a workbook it has a fifth of it, or less."""

_MIMES: Final = {
    Form.CSV: "text/csv",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TooLarge(Exception):
    """A file is larger than what can be handed over in a chat; the text is its name."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it is sent."""

    name: str
    mime: str
    content: bytes
    is_picture: bool = False

    def payload(self) -> dict[str, Any]:
        """The file as JSON, for the outbox."""
        return {
            "name": self.name,
            "mime": self.mime,
            "content": b64encode(self.content).decode(),
            "is_picture": self.is_picture,
        }


@dataclass(frozen=True, slots=True)
class Known:
    """A file that Telegram has already, by its name for it."""

    file_id: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """A table that becomes a file when it is sent.

    Of thousands of rows that takes a second, for which a turn would keep everybody from writing.
    """

    table: Table

    def payload(self) -> dict[str, Any]:
        """The table as JSON, for the outbox."""
        table = self.table
        kept = {"name": table.name, "form": table.form, "columns": table.columns, "rows": table.rows}
        return {**kept, "heads": table.heads}


async def from_payload(payload: dict[str, Any]) -> Attachment:
    """What `payload` made JSON of, as it is sent."""
    if "rows" in payload:
        return await asyncio.to_thread(_written, Table(**{**payload, "form": Form(payload["form"])}))
    return Attachment(**{**payload, "content": b64decode(payload["content"])})


def kept(table: Table, say: Callable[[Arg], str] = str) -> Rows:
    """A table in the words of whoever gets it, until it is sent. Raises TooLarge.

    say  the words for what a catalogue has words for
    """
    known: dict[str, str] = {}  # of thousands of cells most say the same

    def said(cell: Cell) -> Cell:
        if not isinstance(cell, Key | Tag | tuple):
            return cell
        name = repr(cell)
        if name not in known:
            known[name] = say(cell)
        return known[name]

    rows = tuple(tuple(map(said, row)) for row in table.rows)
    if len(write(rows)) > MOST_OF_TABLE:
        raise TooLarge(table.name)
    return Rows(replace(table, rows=rows, heads=tuple(map(say, table.heads))))


def made(
    file: CalendarFile | QrCode | DataFile, languages: tuple[str, ...], say: Callable[[Arg], str] = str
) -> Attachment:
    """A file, for somebody who reads these languages, the best one first. Raises TooLarge.

    say  the words for what a catalogue has words for
    """
    match file:
        case CalendarFile():
            from bot.rendering.ics import method_of, written

            first = min(entry.when.starts for entry in file.entries)
            content = written(file.entries, languages, method=method_of(file.entries))
            attachment = Attachment(f"together-{first:%Y-%m-%d}.ics", "text/calendar", content)
        case QrCode():
            attachment = Attachment("together-qr.png", "image/png", _qr(file.text), is_picture=True)
        case DataFile():
            written_out = json.dumps(file.content, ensure_ascii=False, indent=1, default=say)
            attachment = Attachment(f"{file.name}.json", "application/json", written_out.encode())
    if len(attachment.content) > MOST_BYTES:
        raise TooLarge(attachment.name)
    return attachment


def _qr(text: str) -> bytes:
    import segno

    stream = io.BytesIO()
    segno.make(text, error="m").save(stream, kind="png", scale=10, border=4)
    return stream.getvalue()


def _written(file: Table) -> Attachment:
    return Attachment(f"{file.name}.{file.form}", _MIMES[file.form], _content(file))


def _content(file: Table) -> bytes:
    sheet = Sheet(file.name[:31], file.columns, tuple(map(str, file.heads)))
    rows = [dict(zip(file.columns, row, strict=True)) for row in file.rows]
    if file.form is Form.XLSX:
        stream = io.BytesIO()
        write_xlsx(rows, stream, sheet)
        return stream.getvalue()
    text = io.StringIO(newline="")
    write_text(rows, text, Format.CSV, sheet)
    return text.getvalue().encode()
