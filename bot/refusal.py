"""Why the bot cannot run or a command cannot be carried out, in words an operator can act on."""

from typing import Final

CANNOT_USE: Final = "the database in TOGETHER_DATABASE_URL cannot be reached or used"


class Refused(Exception):
    """The text says what is wrong and what to do."""


class Rival(Refused):
    """Another program is at work with the same token."""


class TokenRevoked(Refused):
    """Telegram does not accept the token."""
