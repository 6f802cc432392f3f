"""What a digest leaves out is accounted for below it."""

from dataclasses import replace
from datetime import date
from typing import Final

from flows.actions.actions import Progress
from flows.digests.digest import ActionNews, Digest, Impact
from flows.digests.sheet import Telling, sections
from flows.occasions.sheet import Tongue

TELLING: Final = Telling(Tongue("en", (), {}), {"en": "Panel of Riverside"})
DAY: Final = date(2026, 3, 2)
DIGEST: Final = Digest("riverside", "2026-03-02", DAY, DAY, DAY, 10)


def keys_of(mean: float | None) -> list[str]:
    """The parts of a digest about one action, for which people say so much."""
    impact = Impact("F07", people=0 if mean is None else 12, mean=mean)
    news = ActionNews(7, {}, Progress.RUNNING, is_new=False, moved=False, impacts=(impact,))
    return [say.key for say in sections(replace(DIGEST, actions=(news,)), TELLING)]


def test_why_nothing_is_shown_of_what_an_action_did_is_said_below() -> None:
    assert keys_of(None) == ["digest.head", "digest.actions", "digest.note"]


def test_where_all_is_shown_nothing_is_explained() -> None:
    assert keys_of(1.5) == ["digest.head", "digest.actions"]
