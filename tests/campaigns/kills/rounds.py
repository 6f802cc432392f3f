"""The rounds of a whole run: planned from its seed, each carried out in a process of its own."""

import asyncio
import json
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from tests.campaigns.kills import broken_pages as broken
from tests.campaigns.kills.broken_pages import BrokenPages
from tests.campaigns.kills.campaign import Campaign
from tests.campaigns.kills.plan import Plan, hardships, trouble
from tests.campaigns.kills.seeded import SEEDED
from tests.campaigns.kills.verdict import Verdict, failed, from_json
from tests.campaigns.kills.worlds import POLLING_POSTGRES, WEBHOOK_POSTGRES, World

AT_RANDOM: Final = 14  # SIGKILLs in one round
STOPS: Final = 2  # SIGTERMs, that of the last process apart
HARD: Final = 11  # faults of the database
PUSHERS_DIE: Final = 6  # times each, where several share the work
UPDATES: Final = 2200
LAST: Final = {POLLING_POSTGRES: ("unanswered 2",), WEBHOOK_POSTGRES: ("unanswered 2",)}


@dataclass(frozen=True, slots=True)
class Round:
    """One campaign and what it is called."""

    name: str
    plan: Plan


def rounds(seed: int, worlds: Sequence[World], count: int) -> Iterator[Round]:
    """So many rounds of each world, the worlds in turn."""
    for number in range(1, count + 1):
        for world in worlds:
            plan = Plan(
                Random(f"{seed}/{world.name}/{number}").getrandbits(32),
                world,
                at_random=AT_RANDOM,
                stops=STOPS,
                schema=1,
                cold=0 if world.several else 1,
                revoked=0 if world.several else 1,
                pushers=PUSHERS_DIE,
                hardships=hardships(world, HARD),
                last=LAST.get(world, ()),
                updates=UPDATES,
                lively=25,
                trouble=trouble(world),
            )
            yield Round(f"{world.name}-{number}", plan)


def broken_pages(seed: int) -> Round:
    """The one in which the pages of a database break."""
    return Round(broken.NAME, Plan(seed))


def bugs() -> Iterator[Round]:
    """One for each seeded bug."""
    for name, seeded in SEEDED.items():
        yield Round(name, seeded.plan(name))


def carried_out(one: Round, folder: Path) -> Verdict:
    """What comes of a round; if it was carried out in that folder before, what came of it then."""
    kept = folder / one.name / "verdict.json"
    if kept.exists():
        return from_json(json.loads(kept.read_text()))
    try:
        verdict = asyncio.run(_campaign(one, folder / one.name).run())
    except Exception:
        return failed(one.name, traceback.format_exc())
    kept.write_text(json.dumps(verdict.as_json()))
    return verdict


def _campaign(one: Round, folder: Path) -> Campaign | BrokenPages:
    return BrokenPages(one.plan.seed, folder) if one.name == broken.NAME else Campaign(one.plan, folder)
