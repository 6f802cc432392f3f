"""The figures of a season, put into a document."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.campaigns.kills.report import versions
from tests.campaigns.season.verdict import Verdict

BEGIN: Final = "<!-- season: make season PUBLISH=docs/reliability.md -->"
END: Final = "<!-- end of season -->"

ROWS: Final = {
    "moments": "moments",
    "SIGTERMs": "SIGTERMs",
    "SIGKILLs": "SIGKILLs",
    "reminders due": "reminders due",
    "… delivered": "… delivered within two minutes, or after an outage while worth saying",
    "… skipped cap": "… held back: enough for the week",
    "… skipped merged": "… held back: another message said it",
    "… skipped quiet": "… held back: after the quiet hours it is too late",
    "… never sure": "… perhaps delivered: the answer was lost twice",
    "… held up": "… held up by an outage until quiet hours",
    "… missed": "… missed: there was no bot until it was too late",
    "notices due": "notices of moves and cancellations due",
    "seats offered": "seats offered to the next in line",
    "notices never sure": "… of both perhaps delivered: the answer was lost twice",
    "pushes heard": "pushes heard",
}


def publish(document: Path, verdicts: Sequence[Verdict]) -> None:
    """Put the figures between their two marks in a document."""
    text = document.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text("\n".join([before + BEGIN, "", *table(verdicts), "", END + after]))


def table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """One column for each run."""
    yield f"{versions()}."
    yield ""
    yield f"| | {' | '.join(verdict.name for verdict in verdicts)} |"
    yield f"|---|{'---:|' * len(verdicts)}"
    rows = [(name, [f"{v.counts[key]:,}" for v in verdicts]) for key, name in ROWS.items()]
    rows.append(("faults of the Bot API", [f"{v.faults.total():,}" for v in verdicts]))
    rows.append(("pushes that came twice", [f"{v.repeated:,}" for v in verdicts]))
    rows.append(("… promised were at most", [f"{v.bound:,}" for v in verdicts]))
    rows.append(("promises broken", [f"{len(v.findings):,}" for v in verdicts]))
    rows.append(("minutes it took", [f"{v.seconds / 60:.0f}" for v in verdicts]))
    for name, figures in rows:
        yield f"| {name} | {' | '.join(figures)} |"
