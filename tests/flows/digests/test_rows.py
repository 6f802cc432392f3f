"""The figures of a digest as rows of a file; digests that were kept before something was counted."""

from dataclasses import replace
from typing import Any, Final

from config.texts import Texts
from flows.codec import decode, encode
from flows.digests.digest import Digest
from flows.digests.rows import in_words, rows
from flows.digests.sheet import Telling, gatherings, meetings
from flows.moves import Key
from flows.occasions.sheet import Tongue
from tests.flows.told import FULL

TELLING: Final = Telling(Tongue("en", (), {}), {"en": "The panel"})


def figures(digest: Digest) -> dict[tuple[Any, Any], tuple[Any, Any]]:
    """Figure and people of each row, by part and code."""
    return {(row[2], row[3]): (row[5], row[6]) for row in rows(digest, TELLING)}


def test_a_file_has_all_answers_to_meetings_what_waits_to_be_sorted_and_who_sits_on_the_panel() -> None:
    found = figures(FULL)

    assert found["statements", "unsorted"] == (7, None)
    assert found["meeting_maybe", "assembly"] == (3, None)
    assert found["meeting_no", "assembly"] == (11, None)
    assert found["meeting_cannot", "assembly"] == (None, None)
    assert found["panel", "all"] == (None, 5)
    assert found["panel_college", "citizens"] == (None, 4)
    assert found["panel_came", "citizens"] == (None, 3)


def test_a_digest_that_was_kept_before_no_was_counted_reads_as_it_did() -> None:
    kept = encode(replace(FULL, more_ideas=0))
    del kept["more_ideas"]
    for meeting in kept["meetings"]:
        del meeting["no"], meeting["cannot"]

    digest = decode(Digest, kept)

    assert [line.key for line in meetings(digest, TELLING)] == ["digest.meeting", "digest.barriers"]
    assert not {"meeting_no", "meeting_cannot"} & {part for part, _ in figures(digest)}


def test_of_a_deadline_only_its_day_is_told() -> None:
    deadline = replace(FULL.coming[0], is_deadline=True)

    lines = gatherings((deadline,), TELLING, "digest.date")

    assert [line.key for line in lines] == ["digest.named", "digest.part_named"]
    found = figures(replace(FULL, coming=(deadline,)))
    assert found["meeting_coming", "assembly"] == (None, None)
    assert ("meeting_coming_maybe", "assembly") not in found


def test_what_a_row_counts_and_what_codes_mean_is_said_in_words() -> None:
    said = [in_words(row, TELLING, {"en": "Riverside"}) for row in rows(FULL, TELLING)]
    english = Texts.load().catalogue("en")
    keys = [cell.key for row in said for cell in row if isinstance(cell, Key)]

    assert {row[0] for row in said} == {"Riverside"}
    assert all(isinstance(row[2], Key) for row in said)
    assert [key for key in keys if english.template(key, None) is None] == []
    assert {"list.part.unsorted", "list.part.statements", "list.part.meeting_no"} <= {*keys}
