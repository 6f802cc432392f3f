"""Faults put into the bot on purpose, one at a time: the checker must catch each.

A bug is a hook for `Bot`, as in tests/campaigns/kills/bugs.py. Which promise it breaks stands beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tests.campaigns.announcement.verdict import Verdict
from tests.campaigns.season.hurry import hurry

Listener = Callable[[str], None]

CAUGHT_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "claim_not_noted": ("once",),
    "found_again": ("once", "ledger"),
    "unwanted_not_skipped": ("unwanted",),
    "some_left_out": ("sum",),
    "unsure_sent_again": ("once",),
    "endings_not_noted": ("resumed",),
    "told_twice": ("report",),
}
"""The promises that each breaks; the checker must find one of them broken."""


def is_caught(bug: str, verdict: Verdict) -> bool:
    """Whether the checker has found one of them."""
    return bool({finding.invariant for finding in verdict.findings} & {*CAUGHT_AS[bug]})


def claim_not_noted() -> Listener:
    """What is claimed is noted only after the next look: two looks claim the same, and name it anew."""
    from sqlalchemy import update
    from sqlmodel import col

    from storage.announcements import recipients
    from storage.announcements.announced import Recipient
    from storage.tables import table

    claim = recipients.claim
    seen: set[str] = set()

    def forgetful(connection: Any, *arguments: Any, **named: Any) -> Any:
        claimed = claim(connection, *arguments, **named)
        new = [int(one.key.split(":")[1]) for one in claimed.addressed if one.key not in seen][:5]
        seen.update(f"b:{id}:1" for id in new)
        again = update(table(Recipient)).where(col(Recipient.id).in_(new)).values(state="due", edition=1)
        connection.execute(again)
        return claimed

    vars(recipients)["claim"] = forgetful
    return hurry()


def found_again() -> Listener:
    """Each run looks for recipients from the beginning, and nothing keeps somebody from being found twice."""
    from sqlalchemy import update

    from storage.announcements import recipients
    from storage.announcements.announced import Announcement
    from storage.tables import table

    find_page, begun = recipients.find_page, False

    def from_the_beginning(connection: Any, now: Any) -> Any:
        nonlocal begun
        if not begun:
            begun = True
            everything = update(table(Announcement)).where(table(Announcement).c.stage == "sending")
            connection.execute(everything.values(found_until=0))
        return find_page(connection, now)

    vars(recipients)["find_page"] = from_the_beginning
    return hurry()


def unwanted_not_skipped() -> Listener:
    """Nobody is asked whether they want it, neither when it is claimed nor when it leaves."""
    from sqlalchemy import null, true

    from storage.announcements import audience, recipients
    from storage.messages import claiming

    vars(audience)["_REASONS"] = null()
    vars(recipients)["_unwanted"] = lambda *_: None
    vars(claiming)["_wanted"] = true
    return hurry()


def some_left_out() -> Listener:
    """One in fifty is taken for somebody who has switched announcements off."""
    from flows.announcements.announcement import Omission
    from storage.announcements import recipients

    unwanted = recipients._unwanted

    def left_out(wanted: Any, person: Any) -> Any:
        return unwanted(wanted, person) or (Omission.OFF if person.citizen % 50 == 0 else None)

    vars(recipients)["_unwanted"] = left_out
    return hurry()


def unsure_sent_again() -> Listener:
    """What may have been delivered is sent once more, as a reminder is."""
    from storage.messages import outbox

    put = outbox.put

    def must(book: Any, message: Any, **named: Any) -> None:
        put(book, replace(message, must=True), **named)

    vars(outbox)["put"] = must
    return hurry()


def endings_not_noted() -> Listener:
    """What became of messages never reaches the ledger."""
    from storage.announcements import settling

    vars(settling)["settle"] = lambda *_: None
    return hurry()


def told_twice() -> Listener:
    """The author is told twice: once in a while the end is not noted."""
    from datetime import timedelta

    from storage.announcements import rounds

    notify = rounds.notify

    def doubled(
        connection: Any, context: Any, citizens: Any, kind: Any, about: Any, now: Any, **named: Any
    ) -> None:
        for seconds in (0, 1):
            notify(connection, context, citizens, kind, about, now + timedelta(seconds=seconds), **named)

    vars(rounds)["notify"] = doubled
    return hurry()
