"""Holds what people heard against what they were to hear. Knows nothing of how the bot keeps its promises.

Its sources are Telegram's ledger, the plan of the season, and what was seen in the database from outside. It
says something only where it is sure: what changes while a moment passes may be told or not.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.playground.emulator.ledger import Send
from tests.campaigns.kills.evidence import Finding
from tests.campaigns.season.changed import Changed
from tests.campaigns.season.diary import UNSURE, Deed, Diary, text
from tests.campaigns.season.heard import heard
from tests.campaigns.season.known import Known
from tests.campaigns.season.plan import Plan
from tests.campaigns.season.reminded import Reminded
from tests.campaigns.season.unwanted import Unwanted

LOST: Final = ("accept_then_drop", "accept_then_garbage", "accept_then_oddity", "half_body")
"""Faults after which a message may come once more."""
IN_FLIGHT: Final = 64
"""Places of the courier: so many messages may come again after each SIGKILL."""

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
    known, counts = Known(plan, diary, [*heard(sends)]), Counter[str]()
    reminded, changed, unwanted = Reminded(known, counts), Changed(known, counts), Unwanted(known, counts)
    findings = [
        *_kept(known),
        *(finding for answer in diary.answers for finding in reminded.due(*answer)),
        *(finding for answer in diary.answers for finding in changed.notices(*answer)),
        *changed.offers(),
        *unwanted.unwanted(),
        *unwanted.twice(),
    ]
    bound = sum(faults.get(kind, 0) for kind in LOST) + IN_FLIGHT * diary.counts["SIGKILLs"]
    if unwanted.repeated > bound:
        what = f"{unwanted.repeated} pushes came twice, {bound} at the most may"
        findings.append(Finding("repeated", what))
    return Told(findings, counts, unwanted.repeated, bound)


def _kept(known: Known) -> Iterator[Finding]:
    """The last that each said is what is kept."""
    last: dict[tuple[int, int], Deed] = {}
    for deed in known.diary.deeds:
        key = deed.citizen, deed.occasion
        if deed.does == "push-take" and key in last and _SAID.get(last[key].does) == ("no",):
            deed = replace(deed, does=UNSURE)  # a seat that was given back may have passed on
        last[key] = deed
    for (citizen, about), deed in last.items():
        kept = known.diary.answers.get((citizen, about))
        says = kept[-1].says if kept else None
        if deed.does != UNSURE and says not in _SAID[deed.does]:
            yield Finding("kept", f"{citizen} said {deed.does} to {about} at {text(deed.at)}: {says}")
