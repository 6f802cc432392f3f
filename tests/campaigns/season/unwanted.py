"""Whether anybody heard what was not for them, at a wrong time, or twice."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.campaigns.kills.evidence import Finding
from tests.campaigns.season import oracle, town
from tests.campaigns.season.diary import Said, Version, begins, text
from tests.campaigns.season.heard import REMINDERS, Heard
from tests.campaigns.season.known import AWAKE, EARLY, SOON, Known
from tests.campaigns.season.oracle import HOUR, Due, Wants
from tests.campaigns.season.plan import Citizen


@dataclass
class Unwanted:
    """All that people heard in a season."""

    known: Known
    counts: Counter[str]
    repeated: int = 0  # pushes that came twice

    def unwanted(self) -> Iterator[Finding]:
        for each in self.known.heard:
            person = self.known.citizen(each.citizen) if each.citizen > town.FIRST else None
            if person is None:
                continue
            self.counts["pushes heard"] += 1
            told = f"{each.kind} of {each.occasion} to {each.citizen} at {text(each.at)}"
            if each.at > self.known.stopped(each.citizen) + AWAKE:
                yield Finding("stopped", told)
            if each.kind in REMINDERS:
                yield from self._reminder(each, person, told)
                continue
            if each.kind == "another_time":
                yield from self._asked_again(each, person, told)
                continue
            if each.kind == "no_seat" and not self._is_in_line(each, person.wants):
                yield Finding("answered", f"{told}, who is not in line, or too early")
            if self._is_needless(each, person.wants):
                yield Finding("quiet", told)

    def _is_needless(self, each: Heard, wants: Wants) -> bool:
        """Whether a notice in quiet hours could have waited."""
        if not oracle.is_quiet(each.at, wants) or not oracle.is_quiet(each.at - AWAKE, wants):
            return False
        over = oracle.awake_after(each.at, wants)
        return all(
            begins(version, self.known.zone(each.occasion)) > over
            for version, _ in self.known.versions(each.occasion)
        )

    def _is_in_line(self, each: Heard, wants: Wants) -> bool:
        """Whether somebody waited for a seat, and it was soon to begin."""
        waits = any(
            said.standing == "waiting" and said.begun - SOON <= each.at <= until + SOON
            for said, until in self.known.answers(each.citizen, each.occasion)
        )
        starts = (
            begins(version, self.known.zone(each.occasion))
            for version, until in self.known.versions(each.occasion)
            if version.state == "planned" and version.begun - SOON <= each.at <= until + SOON
        )
        return waits and any(
            oracle.awake_before(start - 2 * HOUR, wants) - EARLY <= each.at <= start for start in starts
        )

    def _asked_again(self, each: Heard, person: Citizen, told: str) -> Iterator[Finding]:
        """Who could not come may be asked once more, when it is moved; who said no never is."""
        yield from self._welcome(each, person, told)
        if not any(said.says == "cannot" for said in self._held(each)):
            yield Finding("answered", f"{told}, who did not say that they cannot")
        if not any(
            version.state == "planned" and version.begun - SOON <= each.at <= until + SOON
            for version, until in [*self.known.versions(each.occasion)][1:]
        ):
            yield Finding("moved", f"{told}, when nothing is moved")

    def _held(self, each: Heard) -> list[Said]:
        """What the person had said then."""
        return [
            said
            for said, until in self.known.answers(each.citizen, each.occasion)
            if said.begun - SOON <= each.at <= until + SOON
        ]

    def _welcome(self, each: Heard, person: Citizen, told: str) -> Iterator[Finding]:
        """Whether it came in waking hours and to who wants such messages."""
        if oracle.is_quiet(each.at, person.wants) and oracle.is_quiet(each.at - AWAKE, person.wants):
            yield Finding("quiet", told)
        if not person.consented or person.off == self.known.event(each.occasion).sort:
            yield Finding("unwanted", told)

    def _reminder(self, each: Heard, person: Citizen, told: str) -> Iterator[Finding]:
        yield from self._welcome(each, person, told)
        if not any(said.comes for said in self._held(each)):
            yield Finding("answered", f"{told}, who does not come")
        if not any(
            version.state == "planned" and self._fits(each, version, person)
            for version, until in self.known.versions(each.occasion)
            if version.begun - SOON <= each.at <= until + SOON
        ):
            yield Finding("moved", f"{told}, when nothing is due")

    def _fits(self, each: Heard, version: Version, person: Citizen) -> bool:
        event = self.known.event(each.occasion)
        dues = oracle.dues(
            event.sort, version.starts, version.ends, self.known.zone(event.number), person.wants
        )
        return any(self._matches(each, due, person.wants) for due in dues)

    def _matches(self, each: Heard, due: Due, wants: Wants) -> bool:
        by = self.known.hears_by(due.at, wants)
        return each.kind == due.kind and due.at - EARLY <= each.at <= min(by, due.not_after) + SOON

    def twice(self) -> Iterator[Finding]:
        """Each push comes once, but where a response was lost."""
        for (citizen, about), mine in self.known.heard_of.items():
            for earlier, later in pairwise(mine):
                same = earlier.kind == later.kind and later.at - earlier.at < HOUR / 4
                if same and not self._moved_between(about, earlier.at, later.at):
                    self.repeated += 1
                    if not self.known.plan.trouble:
                        what = f"{later.kind} of {about} to {citizen} at {text(later.at)}"
                        yield Finding("repeated", f"{what}, and {later.at - earlier.at:.0f} s before")

    def _moved_between(self, about: int, since: float, until: float) -> bool:
        return any(since - SOON <= version.known <= until for version, _ in self.known.versions(about))
