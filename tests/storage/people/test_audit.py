"""The record of what was done with roles, as a file: it says what was done, and leads to nobody."""

import io
from pathlib import Path

from openpyxl import load_workbook  # type: ignore[import-untyped]

from flows.people.roles import EVERYWHERE, Role, Scope
from storage.people import audit
from storage.sheet import Format, write_file, write_text
from tests.storage.town import Town

ADA = 4_000_000_001


async def test_the_audit_says_what_was_done_and_leads_to_nobody(town: Town) -> None:
    ada = await town.arrives(ADA)
    id = await town.appoints(ADA, Role.FACILITATOR, Scope("riverside", "youth"), name="CANARY")

    rows = await town.database.read(audit.listed)
    stream = io.StringIO(newline="")
    write_text(rows, stream, Format.CSV, audit.AUDIT)

    assert [(row["what"], row["about"], row["territory"], row["group"]) for row in rows] == [
        ("invited", "facilitator", "riverside", "youth"),
        ("taken", "facilitator", "riverside", "youth"),
    ]
    assert [row["grant"] for row in rows] == [str(id)] * 2
    assert rows[0]["actor"] == "console"
    assert stream.getvalue().splitlines()[0] == "at,actor,what,about,territory,group,grant"
    assert not any(str(lead) in stream.getvalue() for lead in ("CANARY", ADA, ada.citizen))


async def test_the_audit_can_be_a_spreadsheet(town: Town, tmp_path: Path) -> None:
    await town.invites("secret", Role.NETWORK, EVERYWHERE)
    file = tmp_path / "audit.xlsx"

    write_file(await town.database.read(audit.listed), file, Format.XLSX, audit.AUDIT)

    sheet = load_workbook(file)["audit"]
    assert [cell.value for cell in sheet[2]][1:4] == ["console", "invited", "network"]
