"""Consent, one purpose at a time, and withdrawn as easily as it is given (GDPR, article 7)."""

from enum import StrEnum
from typing import Final

from flows.moves import Flow, Names, Say, choose, do, look
from flows.people.person import GiveConsent, Myself, Place, Purpose, RefuseConsent, Unasked

OPTIONAL: Final = (Purpose.REMINDERS, Purpose.QUOTES, Purpose.NEWS)
"""What a person can take part without. To withdraw the first purpose is to have everything erased."""


class YesNo(StrEnum):
    """A plain answer."""

    YES = "yes"
    NO = "no"


def ask_consent(purpose: Purpose, territory: Names) -> Flow[bool]:
    """Ask for one consent and record the answer; returns whether it was given."""
    given = yield from choose(f"consent.{purpose}", YesNo, columns=2, territory=territory)
    if given is YesNo.YES:
        yield from do(GiveConsent(purpose, f"consent.{purpose}"))
    else:
        yield from do(RefuseConsent(purpose))
    return given is YesNo.YES


def ask_what_is_new() -> Flow[None]:
    """Ask once for what there was not when the person came; nothing of it is assumed."""
    unasked = yield from look(Unasked)
    if unasked.purposes:
        me = yield from look(Myself)
        place = yield from look(Place, me.territory or "")
        for purpose in unasked.purposes:
            yield from ask_consent(purpose, place.names)


def reconsider(territory: Names) -> Flow[None]:
    """Ask again for what can be withdrawn by itself."""
    for purpose in OPTIONAL:
        yield from ask_consent(purpose, territory)
    yield Say("consent.noted")
