"""Deliveries laid beside the rows of the outbox that explain them, in one line of one chat."""

from collections.abc import Iterator, Sequence

from bot.playground.emulator.ledger import Send
from tests.campaigns.kills.stored import Row, unix


def as_said(rows: list[Row], sends: list[Send], place: dict[int, int]) -> list[Row]:
    """The rows in order; one that was too late until the clock was turned back is after all it let pass.

    Several of them are in their own order there, so the last is put back first.
    """

    def passes(other: Row, late: Row) -> bool:
        if other["message"] is None or place[other["message"]] > place[late["message"]]:
            return False
        begun = max(unix(other["created_at"]), sends[place[other["message"]]].at)
        return begun >= unix(late["not_after"])

    line = list(rows)
    for row in reversed(rows):
        if row["message"] is not None:
            behind = line[line.index(row) + 1 :]
            passed = [other for other in behind if passes(other, row)]
            if passed:
                line.remove(row)
                line.insert(line.index(passed[-1]) + 1, row)
    return line


def parts(sends: Sequence[Send], rows: Sequence[Row]) -> Iterator[tuple[list[Send], list[Row]]]:
    """Deliveries and rows up to each noted delivery, and to what repeats it; then what is left.

    Repeated after it was noted: its process waited for the database so long that another took the row over.
    """
    noted = {row["message"] for row in rows}
    place = {send.message_id: number for number, send in enumerate(sends)}
    begin, open_rows = 0, []
    for row in rows:
        open_rows.append(row)
        if row["message"] is not None:
            end = place[row["message"]] + 1
            latest = min(end + int(row["unsure"]), len(sends))
            while (
                end < latest
                and sends[end].message_id not in noted
                and fewest(sends[begin : end + 1], open_rows) is not None  # else it is of a message like this
            ):
                end += 1
            yield list(sends[begin:end]), open_rows
            begin, open_rows = end, []
    yield list(sends[begin:]), open_rows


def fewest(sends: Sequence[Send], rows: Sequence[Row]) -> int | None:
    """How many of those deliveries were repetitions, at the least; None: these rows cannot explain them."""
    if not rows:
        return None if sends else 0
    row, *others = rows
    found: list[int] = []
    for count in range(min(_most(row), len(sends)) + 1):
        if row["message"] is not None and count != len(sends):
            continue
        if not _alike(sends[:count]):
            break
        rest = fewest(sends[count:], others)
        if rest is not None:
            found.append(rest + max(0, count - 1))
    return min(found, default=None)


def _most(row: Row) -> int:
    """How often a message may have been delivered: once for each time that was unsure, once as noted."""
    return int(row["unsure"]) + (row["state"] in ("sent", "unsure"))


def _alike(sends: Sequence[Send]) -> bool:
    return all((send.text, send.markup) == (sends[0].text, sends[0].markup) for send in sends)
