"""Why the bot cannot run or a command cannot be carried out, in words an operator can act on."""

from typing import Final

CANNOT_USE: Final = "the database in TOGETHER_DATABASE_URL cannot be reached or used"
TOKEN_REVOKED: Final = (
    "Telegram does not accept the token in TOGETHER_BOT_TOKEN: it was revoked or mistyped. "
    "Get the present one from @BotFather; what waits in the outbox is kept and sent then"
)
TOKEN_SHARED: Final = (
    "another program polls Telegram with the same token; stop it, or get a token of its own from @BotFather"
)
WEBHOOK_REFUSED: Final = "Telegram does not take the address in TOGETHER_WEBHOOK_URL"
SHARED: Final = (
    "--role {role} shares the work with other instances: set TOGETHER_DATABASE_URL to a PostgreSQL database "
    "and TOGETHER_WEBHOOK_URL to the address Telegram calls, or run without --role"
)


class Refused(Exception):
    """The text says what is wrong and what to do."""


class Rival(Refused):
    """Another program is at work with the same token."""


class TokenRevoked(Refused):
    """Telegram does not accept the token."""
