"""Why the bot cannot run or a command cannot be carried out, in words an operator can act on."""


class Refused(Exception):
    """The text says what is wrong and what to do."""


class Rival(Refused):
    """Another program is at work with the same token."""


class TokenRevoked(Refused):
    """Telegram does not accept the token."""
