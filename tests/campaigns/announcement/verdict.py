"""What came of a campaign."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.campaigns.kills.evidence import Finding

SHOWN: Final = 12  # findings that are told at the most


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts and findings."""

    name: str
    counts: Counter[str]
    faults: Counter[str]  # of the Bot API that happened
    findings: Sequence[Finding]
    seconds: float

    def __str__(self) -> str:
        broken = Counter(finding.invariant for finding in self.findings)
        return "\n".join((
            f"{self.name}: {self.seconds:.0f} s",
            ", ".join(f"{count:,} {name}" for name, count in self.counts.items()),
            f"{self.faults.total()} faults of the Bot API: {dict(self.faults)}",
            f"{len(self.findings)} promises broken {dict(broken) or ''}",
            *(f"  {finding.invariant}: {finding.what}" for finding in self.findings[:SHOWN]),
        ))  # fmt: skip
