"""Whether people heard of moves, ends and free seats, and each seat was kept for as long as promised."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.campaigns.kills.evidence import Finding
from tests.campaigns.season import oracle
from tests.campaigns.season.diary import NEVER, Said, begins, text
from tests.campaigns.season.known import AWAKE, EARLY, SOON, Known
from tests.campaigns.season.oracle import HOUR, Wants


@dataclass(frozen=True)
class Changed:
    """The notices of a season."""

    known: Known
    counts: Counter[str]

    def notices(self, citizen: int, about: int) -> Iterator[Finding]:
        """Whoever comes or waits for a seat hears of a move and of the end; who cannot come, of a move."""
        person, sort = self.known.citizen(citizen), self.known.event(about).sort
        wants, is_asked = person.wants, person.consented and person.off != sort
        versions = [*self.known.versions(about)]
        for (before, _), (after, until) in pairwise(versions):
            kind = "cancelled" if after.state == "cancelled" else "moved"
            for said, said_until in self.known.answers(citizen, about):
                asked = is_asked and kind == "moved" and said.says == "cannot"
                if not ((said.is_told or asked) and said.known < after.begun):
                    continue
                limit = begins(before if kind == "cancelled" else after, self.known.zone(about))
                awake = oracle.awake_after(after.known + 5, wants)
                if asked and awake >= limit:
                    continue  # who is asked something is not woken up
                by = self.known.hears_by(awake if awake < limit else after.known, wants)
                if by + SOON >= min(
                    until, said_until, limit, self.known.stopped(citizen), self.known.diary.ended
                ):
                    continue
                if self.known.is_blocked(citizen, after.begun, by + SOON):
                    continue
                self.counts["notices due"] += 1
                heard = "another_time" if asked else kind
                if not self._was_told(citizen, about, heard, after.begun - EARLY, by + SOON):
                    yield Finding("told of changes", f"{heard} {about} to {citizen} at {text(after.known)}")

    def offers(self) -> Iterator[Finding]:
        """Each seat that is kept is told of, for as long as was promised: quiet hours do not count."""
        for citizen, about in self.known.diary.answers:
            wants = self.known.citizen(citizen).wants
            kept = 0.0
            for said, until in self.known.answers(citizen, about):
                if said.until is None or said.until <= kept:  # the same, which a move may have cut short
                    continue
                kept = said.until
                self.counts["seats offered"] += 1
                yield from self._is_fair(citizen, about, said, wants)
                over = self.known.say_by(said.until) + SOON
                if over < min(until, self.known.diary.ended):
                    yield Finding("offered", f"a seat of {about} is kept beyond {text(over)}")
                by = self.known.hears_by(oracle.awake_after(said.known, wants), wants)
                kept_until = min(until, said.until, self._cancelled(about), self.known.diary.ended)
                if kept_until <= by + SOON or oracle.is_quiet(by, wants):
                    continue
                if self.known.is_blocked(citizen, said.begun, by + SOON):
                    continue
                if not self._was_told(citizen, about, "offer", said.begun - EARLY, by + SOON):
                    yield Finding(
                        "offered", f"a seat of {about} to {citizen} at {text(said.known)}: not told"
                    )

    def _was_told(self, citizen: int, about: int, kind: str, since: float, by: float) -> bool:
        """Whether somebody heard of it, or perhaps did: the answer to what was sent was lost twice."""
        if any(
            each.kind == kind and since <= each.at <= by
            for each in self.known.heard_of.get((citizen, about), ())
        ):
            return True
        never_sure = any(since <= when <= by for when in self.known.diary.unsure.get(citizen, ()))
        self.counts["notices never sure"] += never_sure
        return never_sure

    def _cancelled(self, about: int) -> float:
        """When an occasion was taken back: nobody hears of its seats from then on."""
        versions = (version for version, _ in self.known.versions(about))
        return min((one.begun for one in versions if one.state == "cancelled"), default=NEVER)

    def _is_fair(self, citizen: int, about: int, said: Said, wants: Wants) -> Iterator[Finding]:
        assert said.until is not None
        starts = [
            begins(version, self.known.zone(about))
            for version, until in self.known.versions(about)
            if version.begun <= said.known and until >= said.begun
        ]
        if any(abs(said.until - start) < AWAKE for start in starts):
            return  # it begins then
        for start in starts:
            span = (said.begun, said.known)
            wanted = [min(12 * HOUR, max(HOUR / 2, (start - since) / 3)) for since in span]
            kept = [oracle.awake_between(since, said.until, wants) for since in span]
            if min(kept) - AWAKE <= max(wanted) and min(wanted) <= max(kept) + AWAKE:
                break
        else:
            what = f"a seat of {about} for {citizen} from {text(said.known)} until {text(said.until)}"
            yield Finding("offered", f"{what}: {kept[-1]:.0f} s awake instead of {wanted[-1]:.0f}")
        if oracle.is_quiet(said.until, wants):
            yield Finding("offered", f"a seat of {about} for {citizen} lapses in quiet hours")
