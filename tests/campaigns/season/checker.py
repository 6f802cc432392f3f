"""Holds what people heard against what they were to hear. Knows nothing of how the bot keeps its promises.

Its sources are Telegram's ledger, the plan of the season, and what was seen in the database from outside. It
says something only where it is sure: what changes while a moment passes may be told or not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from bot.playground.emulator.ledger import Send
from tests.campaigns.kills.evidence import Finding
from tests.campaigns.season import oracle, town
from tests.campaigns.season.diary import NEVER, Diary, Push, Said, Version, begins, text
from tests.campaigns.season.heard import REMINDERS, Heard, heard
from tests.campaigns.season.oracle import DAY, HOUR, Due, Wants
from tests.campaigns.season.plan import ZONES, Citizen, Occasion, Plan

SOON: Final = 120.0  # seconds in which what is due must be delivered
EARLY: Final = 1.0  # seconds by which clocks may differ
AWAKE: Final = 5.0  # seconds of quiet hours in which something may still be on its way
LOST: Final = ("accept_then_drop", "accept_then_garbage", "half_body")
"""Faults after which a message may come once more."""
IN_FLIGHT: Final = 64
"""Places of the courier: so many messages may come again after each SIGKILL."""
WEEK: Final = 7 * DAY
CAP, UNHEARD, THEN = 7, 5, 2

_SAID: Final = {
    "yes": ("yes",), "maybe": ("maybe",), "no": ("no",), "cannot": ("cannot",), "take": ("yes",),
    "let-go": ("no",), "push-take": ("yes",), "push-let-go": ("no",), "push-yes": ("yes",),
    "push-no": ("no",),
}  # fmt: skip
"""What is kept of what somebody does."""


@dataclass(slots=True)
class Told:
    """What was found."""

    findings: list[Finding]
    counts: Counter[str]
    repeated: int
    bound: int


def check(plan: Plan, diary: Diary, sends: Sequence[Send], faults: Mapping[str, int]) -> Told:
    """Everything found wrong."""
    return _Checker(plan, diary, [*heard(sends)], faults).told()


@dataclass
class _Checker:
    plan: Plan
    diary: Diary
    heard: list[Heard]
    faults: Mapping[str, int]
    counts: Counter[str] = field(default_factory=Counter)
    repeated: int = 0

    def told(self) -> Told:
        bound = sum(self.faults.get(kind, 0) for kind in LOST) + IN_FLIGHT * self.diary.counts["SIGKILLs"]
        findings = [
            *self._kept(),
            *(finding for (citizen, about) in self.diary.answers for finding in self._due(citizen, about)),
            *(
                finding
                for (citizen, about) in self.diary.answers
                for finding in self._notices(citizen, about)
            ),
            *self._offers(),
            *self._unwanted(),
            *self._twice(),
        ]
        if self.repeated > bound:
            findings.append(
                Finding("repeated", f"{self.repeated} pushes came twice, {bound} at the most may")
            )
        return Told(findings, self.counts, self.repeated, bound)

    # ---- what is known

    @cached_property
    def _heard_of(self) -> dict[tuple[int, int], list[Heard]]:
        found = defaultdict(list)
        for each in self.heard:
            found[each.citizen, each.occasion].append(each)
        return found

    @cached_property
    def _heard_by(self) -> dict[int, list[Heard]]:
        found = defaultdict(list)
        for each in self.heard:
            found[each.citizen].append(each)
        return found

    @cached_property
    def _rows(self) -> dict[tuple[int, int], list[Push]]:
        found = defaultdict(list)
        for push in self.diary.pushes.values():
            found[push.citizen, push.about].append(push)
        return found

    def _citizen(self, citizen: int) -> Citizen:
        return self.plan.people[citizen - town.FIRST - 1]

    def _event(self, occasion: int) -> Occasion:
        return self.plan.events[occasion - 1]

    def _zone(self, occasion: int) -> str:
        return ZONES[self._event(occasion).place]

    def _versions(self, occasion: int) -> Iterator[tuple[Version, float]]:
        """When it was to take place, and until when that surely held."""
        known = self.diary.versions[occasion]
        for version, after in zip(known, [*known[1:], None], strict=True):
            yield version, after.begun if after else NEVER

    def _answers(self, citizen: int, occasion: int) -> Iterator[tuple[Said, float]]:
        """What somebody said, and until when that surely held."""
        known = self.diary.answers[citizen, occasion]
        for said, after in zip(known, [*known[1:], None], strict=True):
            yield said, after.begun if after else NEVER

    def _is_blocked(self, citizen: int, since: float, until: float) -> bool:
        return any(begun - 1 <= until and since <= ended for begun, ended in self.diary.blocked[citizen])

    def _stopped(self, citizen: int) -> float:
        return self.diary.stopped.get(citizen, NEVER)

    def _say_by(self, at: float) -> float:
        """Then, or when there is a bot again."""
        for down, up in self.diary.outages:
            if down - 1 <= at <= up:
                at = up
        return at

    def _hears_by(self, at: float, wants: Wants) -> float:
        """When somebody hears what is due then: after an outage once they are awake."""
        by = self._say_by(at)
        while by > at and oracle.is_quiet(by, wants):
            by = self._say_by(oracle.awake_after(by, wants))
        return by

    # ---- what people have said

    def _kept(self) -> Iterator[Finding]:
        """The last that each said is what is kept."""
        last = {(deed.citizen, deed.occasion): deed for deed in self.diary.deeds}
        for (citizen, about), deed in last.items():
            kept = self.diary.answers.get((citizen, about))
            says = kept[-1].says if kept else None
            if says not in _SAID[deed.does]:
                yield Finding("kept", f"{citizen} said {deed.does} to {about} at {text(deed.at)}: {says}")

    # ---- what people are to hear

    def _due(self, citizen: int, about: int) -> Iterator[Finding]:
        """Each reminder of somebody who comes."""
        person, event = self._citizen(citizen), self._event(about)
        if not person.consented or person.off == event.sort:
            return
        for version, version_until in self._versions(about):
            if version.state != "planned":
                continue
            dues = oracle.dues(event.sort, version.starts, version.ends, self._zone(about), person.wants)
            for said, said_until in self._answers(citizen, about):
                if not said.comes:
                    continue
                since = max(version.known, said.known)
                until = min(version_until, said_until, self._stopped(citizen), self.diary.ended)
                for due in dues:
                    yield from self._is_said(citizen, about, due, since, until, person.wants)

    def _is_said(
        self, citizen: int, about: int, due: Due, since: float, until: float, wants: Wants
    ) -> Iterator[Finding]:
        by = self._hears_by(due.at, wants)
        if not since <= due.at - EARLY or by + SOON >= until:
            return
        if self._is_blocked(citizen, due.at, by + SOON) or self._was_said(citizen, about, due):
            return
        self.counts["reminders due"] += 1
        if any(
            each.kind == due.kind and due.at - EARLY <= each.at <= by + SOON
            for each in self._heard_of.get((citizen, about), ())
        ):
            self.counts["… delivered"] += 1
            return
        row = self._row(citizen, about, due, by)
        for why, given_up in (("never sure", self.diary.unsure), ("held up", self.diary.late)):
            if any(due.at - EARLY <= when <= by + SOON for when in given_up.get(citizen, ())) and (
                given_up is self.diary.unsure or self._is_held_up(due, wants)
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
        ups = [up for down, up in self.diary.outages if down - SOON <= due.at <= up]
        return any(oracle.is_quiet(up, wants) or up > due.not_after for up in ups)

    def _was_said(self, citizen: int, about: int, due: Due) -> bool:
        """Whether the same was settled before, not so long ago that it would be said anew."""
        return any(
            row.lead == due.lead and row.kind == due.kind and row.state != "missed"
            and row.settled < due.at - EARLY and due.at - row.at < oracle.length(due.lead)
            for row in self._rows.get((citizen, about), ())
        )  # fmt: skip

    def _row(self, citizen: int, about: int, due: Due, by: float) -> Push | None:
        fitting = (
            row
            for row in self._rows.get((citizen, about), ())
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
                    for each in self._heard_of.get((row.citizen, row.about), ())
                )
            case "missed" | "quiet":
                return by > due.not_after - EARLY
        return False

    def _is_enough(self, citizen: int, at: float) -> bool:
        """Whether somebody has heard so much lately that reminders may stay away."""
        mine = [
            each for each in self._heard_by.get(citizen, ())
            if each.kind in ("reminder", "afterwards") and each.at < at
        ]  # fmt: skip
        recent = len({each.message for each in mine if each.at > at - WEEK})
        sign = max((when for when in self.diary.heard[citizen] if when < at), default=0.0) - HOUR
        unheard = len({each.message for each in mine if each.at > sign})
        return recent >= CAP or (unheard >= UNHEARD and recent >= THEN)

    def _notices(self, citizen: int, about: int) -> Iterator[Finding]:
        """Whoever comes, or waits for a seat, hears of a move and of the end."""
        wants = self._citizen(citizen).wants
        versions = [*self._versions(about)]
        for (before, _), (after, until) in pairwise(versions):
            kind = "cancelled" if after.state == "cancelled" else "moved"
            for said, said_until in self._answers(citizen, about):
                if not (said.is_told and said.known < after.begun):
                    continue
                limit = begins(before if kind == "cancelled" else after, self._zone(about))
                awake = oracle.awake_after(after.known + 5, wants)
                by = self._hears_by(awake if awake < limit else after.known, wants)
                if by + SOON >= min(until, said_until, limit, self._stopped(citizen), self.diary.ended):
                    continue
                if self._is_blocked(citizen, after.begun, by + SOON):
                    continue
                self.counts["notices due"] += 1
                if not any(
                    each.kind == kind and after.begun - EARLY <= each.at <= by + SOON
                    for each in self._heard_of.get((citizen, about), ())
                ):
                    yield Finding("told of changes", f"{kind} {about} to {citizen} at {text(after.known)}")

    # ---- seats

    def _offers(self) -> Iterator[Finding]:
        """Each seat that is kept is told of, for as long as was promised: quiet hours do not count."""
        for citizen, about in self.diary.answers:
            wants = self._citizen(citizen).wants
            kept = 0.0
            for said, until in self._answers(citizen, about):
                if said.until is None or said.until <= kept:  # the same, which a move may have cut short
                    continue
                kept = said.until
                self.counts["seats offered"] += 1
                yield from self._is_fair(citizen, about, said, wants)
                over = self._say_by(said.until) + SOON
                if over < min(until, self.diary.ended):
                    yield Finding("offered", f"a seat of {about} is kept beyond {text(over)}")
                by = self._hears_by(oracle.awake_after(said.known, wants), wants)
                if min(until, said.until, self.diary.ended) <= by + SOON or oracle.is_quiet(by, wants):
                    continue
                if self._is_blocked(citizen, said.begun, by + SOON):
                    continue
                if not any(
                    each.kind == "offer" and said.begun - EARLY <= each.at <= by + SOON
                    for each in self._heard_of.get((citizen, about), ())
                ):
                    yield Finding(
                        "offered", f"a seat of {about} to {citizen} at {text(said.known)}: not told"
                    )

    def _is_fair(self, citizen: int, about: int, said: Said, wants: Wants) -> Iterator[Finding]:
        assert said.until is not None
        starts = [
            begins(version, self._zone(about))
            for version, until in self._versions(about)
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

    # ---- what nobody is to hear

    def _unwanted(self) -> Iterator[Finding]:
        for each in self.heard:
            person = self._citizen(each.citizen) if each.citizen > town.FIRST else None
            if person is None:
                continue
            self.counts["pushes heard"] += 1
            told = f"{each.kind} of {each.occasion} to {each.citizen} at {text(each.at)}"
            if each.at > self._stopped(each.citizen) + AWAKE:
                yield Finding("stopped", told)
            if each.kind in REMINDERS:
                yield from self._reminder(each, person, told)
            elif self._is_needless(each, person.wants):
                yield Finding("quiet", told)

    def _is_needless(self, each: Heard, wants: Wants) -> bool:
        """Whether a notice in quiet hours could have waited; one that an outage held up need not."""
        if any(up - EARLY <= each.at <= up + SOON for _, up in self.diary.outages):
            return False
        if not oracle.is_quiet(each.at, wants) or not oracle.is_quiet(each.at - AWAKE, wants):
            return False
        over = oracle.awake_after(each.at, wants)
        return all(
            begins(version, self._zone(each.occasion)) > over for version, _ in self._versions(each.occasion)
        )

    def _reminder(self, each: Heard, person: Citizen, told: str) -> Iterator[Finding]:
        if oracle.is_quiet(each.at, person.wants) and oracle.is_quiet(each.at - AWAKE, person.wants):
            yield Finding("quiet", told)
        if not person.consented or person.off == self._event(each.occasion).sort:
            yield Finding("unwanted", told)
        held = [
            said
            for said, until in self._answers(each.citizen, each.occasion)
            if said.begun - SOON <= each.at <= until + SOON
        ]
        if not any(said.comes for said in held):
            yield Finding("answered", f"{told}, who does not come")
        if not any(
            version.state == "planned" and self._fits(each, version, person)
            for version, until in self._versions(each.occasion)
            if version.begun - SOON <= each.at <= until + SOON
        ):
            yield Finding("moved", f"{told}, when nothing is due")

    def _fits(self, each: Heard, version: Version, person: Citizen) -> bool:
        event = self._event(each.occasion)
        dues = oracle.dues(event.sort, version.starts, version.ends, self._zone(event.number), person.wants)
        return any(self._matches(each, due, person.wants) for due in dues)

    def _matches(self, each: Heard, due: Due, wants: Wants) -> bool:
        by = self._hears_by(due.at, wants)
        return each.kind == due.kind and due.at - EARLY <= each.at <= min(by, due.not_after) + SOON

    def _twice(self) -> Iterator[Finding]:
        """Each push comes once, but where a response was lost."""
        for (citizen, about), mine in self._heard_of.items():
            for earlier, later in pairwise(mine):
                same = earlier.kind == later.kind and later.at - earlier.at < HOUR / 4
                if same and not self._moved_between(about, earlier.at, later.at):
                    self.repeated += 1
                    if not self.plan.trouble:
                        what = f"{later.kind} of {about} to {citizen} at {text(later.at)}"
                        yield Finding("repeated", f"{what}, and {later.at - earlier.at:.0f} s before")

    def _moved_between(self, about: int, since: float, until: float) -> bool:
        return any(since - SOON <= version.known <= until for version, _ in self._versions(about))
