"""Whether everybody was reminded who was to be, or a row says why not, and rightly."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.campaigns.kills.evidence import Finding
from tests.campaigns.season import oracle
from tests.campaigns.season.diary import Push, text
from tests.campaigns.season.known import EARLY, SOON, Known
from tests.campaigns.season.oracle import DAY, HOUR, Due, Wants

WEEK: Final = 7 * DAY
CAP: Final = 7  # reminders in a week that are enough
UNHEARD, THEN = 5, 2  # and where so many brought no sign of somebody, so many in a week


@dataclass(frozen=True)
class Reminded:
    """The reminders of a season."""

    known: Known
    counts: Counter[str]

    def due(self, citizen: int, about: int) -> Iterator[Finding]:
        """Each reminder of somebody who comes."""
        person, event = self.known.citizen(citizen), self.known.event(about)
        if not person.consented or person.off == event.sort:
            return
        for version, version_until in self.known.versions(about):
            if version.state != "planned":
                continue
            dues = oracle.dues(event.sort, version.starts, version.ends, self.known.zone(about), person.wants)
            for said, said_until in self.known.answers(citizen, about):
                if not said.comes:
                    continue
                since = max(version.known, said.known)
                until = min(version_until, said_until, self.known.stopped(citizen), self.known.diary.ended)
                for due in dues:
                    yield from self._is_said(citizen, about, due, since, until, person.wants)

    def _is_said(
        self, citizen: int, about: int, due: Due, since: float, until: float, wants: Wants
    ) -> Iterator[Finding]:
        by = self.known.hears_by(due.at, wants)
        if not since <= due.at - EARLY or by + SOON >= until:
            return
        if self.known.is_blocked(citizen, due.at, by + SOON) or self._was_said(citizen, about, due):
            return
        self.counts["reminders due"] += 1
        if any(
            each.kind == due.kind and due.at - EARLY <= each.at <= by + SOON
            for each in self.known.heard_of.get((citizen, about), ())
        ):
            self.counts["… delivered"] += 1
            return
        row = self._row(citizen, about, due, by)
        for why, given_up in (("never sure", self.known.diary.unsure), ("held up", self.known.diary.late)):
            if any(due.at - EARLY <= when <= by + SOON for when in given_up.get(citizen, ())) and (
                given_up is self.known.diary.unsure or self._is_held_up(due, wants)
            ):
                self.counts[f"… {why}"] += 1
                return
        reason = "no row" if row is None else f"{row.state} {row.reason or ''}".strip()
        what = f"{due.kind} {due.lead} of {about} to {citizen}, due {text(due.at)}: {reason}"
        if row is not None and self._is_excused(row, due, by):
            self.counts[f"… {reason}"] += 1
        else:
            yield Finding("reminded", what)

    def _is_held_up(self, due: Due, wants: Wants) -> bool:
        """Whether there was no bot from just after it was due until quiet hours, or until it was too late."""
        ups = [up for down, up in self.known.diary.outages if down - SOON <= due.at <= up]
        return any(oracle.is_quiet(up, wants) or up > due.not_after for up in ups)

    def _was_said(self, citizen: int, about: int, due: Due) -> bool:
        """Whether the same was settled before, not so long ago that it would be said anew."""
        return any(
            row.lead == due.lead and row.kind == due.kind and row.state != "missed"
            and row.settled < due.at - EARLY and due.at - row.at < oracle.length(due.lead)
            for row in self.known.rows.get((citizen, about), ())
        )  # fmt: skip

    def _row(self, citizen: int, about: int, due: Due, by: float) -> Push | None:
        fitting = (
            row
            for row in self.known.rows.get((citizen, about), ())
            if (row.kind, row.lead) == (due.kind, due.lead) and due.at - EARLY <= row.settled <= by + SOON
        )
        return next(fitting, None)

    def _is_excused(self, row: Push, due: Due, by: float) -> bool:
        """Whether what became of a push that was not said is right."""
        match row.reason or row.state:
            case "cap":
                return self._is_enough(row.citizen, row.settled)
            case "merged":
                return any(
                    abs(each.at - row.settled) < SOON
                    for each in self.known.heard_of.get((row.citizen, row.about), ())
                )
            case "missed" | "quiet":
                return by > due.not_after - EARLY
        return False

    def _is_enough(self, citizen: int, at: float) -> bool:
        """Whether somebody has heard so much lately that reminders may stay away."""
        mine = [
            each for each in self.known.heard_by.get(citizen, ())
            if each.kind in ("reminder", "afterwards") and each.at < at
        ]  # fmt: skip
        recent = len({each.message for each in mine if each.at > at - WEEK})
        sign = max((when for when in self.known.diary.heard[citizen] if when < at), default=0.0) - HOUR
        unheard = len({each.message for each in mine if each.at > sign})
        return recent >= CAP or (unheard >= UNHEARD and recent >= THEN)
