"""Deep links: what stands after /start, a letter and what it names, such as `t_mulhouse_parents`."""

from hashlib import sha256
from typing import Final

INVITATION: Final = "i"
"""The letter of links whose rest is a secret: `i_<token>`."""


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
