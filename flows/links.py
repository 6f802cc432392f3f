"""Deep links: what stands after /start, a letter and what it names, such as `t_mulhouse_parents`."""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Final

INVITATION: Final = "i"
"""The letter of links whose rest is a secret: `i_<token>`."""

PLACE: Final = "t"
"""The letter of links by which people come to a territory or a group."""


MOST: Final = 2**63
"""No id of a row is as large as that."""

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"

_ROW: Final = re.compile("0|[1-9a-z][0-9a-z]{0,12}")


def letter(payload: str) -> str:
    """What kind of link it is."""
    return payload.partition("_")[0]


def named(payload: str) -> str:
    """What it names."""
    return payload.partition("_")[2]


def seal(payload: str) -> str:
    """The payload as a conversation may keep it: of a token only the hash."""
    if letter(payload) != INVITATION:
        return payload
    return f"{INVITATION}_{token_hash(named(payload))}"


def token_hash(token: str) -> str:
    """What is kept of a token. It has 128 random bits, so there is nothing a salt could add."""
    return sha256(token.encode()).hexdigest()


def link_to(letter: str, id: int) -> str:
    """The payload of a link to a row of ours: `m_3w5e11264sgsf`."""
    return f"{letter}_{base36(id)}"


def link_to_place(territory: str, group: str | None = None) -> str:
    """The payload of a link to a territory, or to one of its groups, by their slugs: `t_mulhouse_parents`."""
    return "_".join(filter(None, (PLACE, territory, group)))


def id_named(payload: str) -> int | None:
    """The id of the row that a link leads to; None where it names none."""
    written = named(payload)
    id = int(written, 36) if _ROW.fullmatch(written) else MOST
    return id if id < MOST else None


@lru_cache(maxsize=1024)  # all buttons of a question name the same conversation and step
def base36(number: int) -> str:
    """A number >= 0 in as few digits and letters as can stand in a link or a button."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
