"""Pictures that lead a telephone to the bot: on a poster for a meeting or an activity, or at its door."""

from dataclasses import dataclass
from typing import Final

from flows.files import Hand, QrCode
from flows.links import link_to
from flows.moves import Flow, Known, Link, look
from flows.occasions.occasions import Occasion, Sort

LETTERS: Final = {Sort.MEETING: "m", Sort.ACTIVITY: "a"}
"""What the links begin with that lead to an occasion."""


@dataclass(frozen=True, slots=True)
class BotAddress(Known):
    """What links to the bot begin with."""

    address: str


def poster(occasion: Occasion) -> Flow[None]:
    """A picture for a poster that leads to one meeting or activity."""
    yield from hand_link("poster.occasion", link_to(LETTERS[occasion.sort], occasion.id))


def hand_link(key: str, payload: str) -> Flow[None]:
    """A picture of a link to the bot, with the link in a text that has the argument `link`.

    key      of that text
    payload  what the link carries
    """
    bot = yield from look(BotAddress)
    link = f"{bot.address}?start={payload}"
    yield Hand(key, QrCode(link), link=Link(link))
