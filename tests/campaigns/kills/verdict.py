"""What came of a campaign, in words and as JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.faultpoints import POINTS
from tests.campaigns.kills.deliveries import Twice
from tests.campaigns.kills.evidence import Death, Finding, Life
from tests.campaigns.kills.hardships import DATABASE

SHOWN = 20  # findings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one campaign, or of several together."""

    name: str
    kills: Counter[str]  # SIGKILLs by what they hit
    stops: int  # SIGTERMs
    slowest_stop: float  # seconds
    hardships: Counter[str]  # that happened
    faults: Counter[str]  # of the Bot API that happened
    counts: Counter[str]
    twice: Twice
    findings: Sequence[Finding]
    seconds: float

    @property
    def kills_at_points(self) -> Counter[str]:
        """SIGKILLs at the named points, those of commands beside the bot included."""
        at = Counter({point: self.kills[point] for point in POINTS if self.kills[point]})
        at["export_written"] = self.hardships["export"]
        return at

    @property
    def database_faults(self) -> int:
        """Faults of the database that happened."""
        return sum(self.hardships[name] for name in DATABASE)

    def __str__(self) -> str:
        broken = Counter(finding.invariant for finding in self.findings)
        lines = (
            f"{self.name}: {self.seconds:.0f} s, {self.kills.total()} kills: {_listed(self.kills)}",
            f"{self.stops} stops, the slowest took {self.slowest_stop:.1f} s; "
            f"{self.database_faults} faults of the database among {_listed(self.hardships)}",
            f"{self.faults.total()} faults of the Bot API: {_listed(self.faults)}",
            ", ".join(f"{count} {name}" for name, count in self.counts.items()),
            str(self.twice),
            f"{len(self.findings)} promises broken {dict(broken) or ''}",
            *(f"  {finding.invariant}: {finding.what}" for finding in self.findings[:SHOWN]),
        )
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """All of it, for `from_json`."""
        return {
            **{name: getattr(self, name) for name in ("name", "stops", "slowest_stop", "seconds")},
            **{name: dict(getattr(self, name)) for name in ("kills", "hardships", "faults", "counts")},
            "twice": list(self.twice),
            "findings": [list(finding) for finding in self.findings],
        }


def from_json(told: Mapping[str, Any]) -> Verdict:
    """A verdict that was kept."""
    counters = {name: Counter(told[name]) for name in ("kills", "hardships", "faults", "counts")}
    findings = [Finding(*finding) for finding in told["findings"]]
    return Verdict(**{**told, **counters, "twice": Twice(*told["twice"]), "findings": findings})


def failed(name: str, why: str) -> Verdict:
    """Of a campaign that could not be carried out to its end; the next run tries it again."""
    nothing: Counter[str] = Counter()
    findings = [Finding("campaign", why)]
    return Verdict(name, nothing, 0, 0.0, nothing, nothing, nothing, Twice(0, 0, 0, 0, 0), findings, 0.0)


def kills(lives: Iterable[Life]) -> Counter[str]:
    """SIGKILLs by what they hit."""
    return Counter(life.at.partition(":")[0] for life in lives if life.death is Death.KILLED)


def together(name: str, verdicts: Sequence[Verdict]) -> Verdict:
    """Several verdicts as one."""

    def sum_of(counters: Iterable[Counter[str]]) -> Counter[str]:
        total: Counter[str] = Counter()
        for counter in counters:
            total.update(counter)
        return total

    return Verdict(
        name,
        sum_of(verdict.kills for verdict in verdicts),
        sum(verdict.stops for verdict in verdicts),
        max((verdict.slowest_stop for verdict in verdicts), default=0.0),
        sum_of(verdict.hardships for verdict in verdicts),
        sum_of(verdict.faults for verdict in verdicts),
        sum_of(verdict.counts for verdict in verdicts),
        Twice.together(verdict.twice for verdict in verdicts),
        [finding for verdict in verdicts for finding in verdict.findings],
        sum(verdict.seconds for verdict in verdicts),
    )


def confidence(verdicts: Sequence[Verdict]) -> str:
    """What can be said from so many kills without a failure (the rule of three)."""
    count = sum(verdict.kills.total() for verdict in verdicts)
    if not count or any(verdict.findings for verdict in verdicts):
        return "promises were broken"
    return (
        f"zero failures in {count} kills bounds the rate below {3 / count:.3%} a kill, with 95 % confidence"
    )


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if count)
