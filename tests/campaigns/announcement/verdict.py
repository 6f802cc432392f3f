"""What came of a campaign."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flows.announcements.announcement import Fate
from tests.campaigns.kills.evidence import Finding

SHOWN: Final = 12  # findings that are told at the most


@dataclass(frozen=True, slots=True)
class Share:
    """What has become of it, in the ledger, for people of one sort."""

    who: str
    people: int
    fates: Counter[Fate]

    def __str__(self) -> str:
        became = " + ".join(f"{count:,} {fate}" for fate, count in sorted(self.fates.items()))
        return f"{self.people:,} {self.who} = {became}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts and findings."""

    name: str
    shares: Sequence[Share]
    accepted: int  # messages
    killed_after: Sequence[int]  # messages accepted
    faults: Counter[str]  # of the Bot API that happened
    findings: Sequence[Finding]
    seconds: float

    def __str__(self) -> str:
        broken = Counter(finding.invariant for finding in self.findings)
        killed = ", ".join(f"{messages:,}" for messages in self.killed_after)
        return "\n".join((
            f"{self.name}: {self.seconds:.0f} s",
            *map(str, self.shares),
            f"{self.accepted:,} messages accepted, {len(self.killed_after)} kills, after {killed or 'none'}",
            f"{self.faults.total()} faults of the Bot API: {dict(self.faults)}",
            f"{len(self.findings)} promises broken {dict(broken) or ''}",
            *(f"  {finding.invariant}: {finding.what}" for finding in self.findings[:SHOWN]),
        ))  # fmt: skip
