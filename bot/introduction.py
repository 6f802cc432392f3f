"""How the bot introduces itself in Telegram: its commands and descriptions in every language."""

from typing import Final

from bot.logs import log
from bot.refusal import TokenRevoked
from bot.speaker import Introduction, Speaker, Unanswered
from config.languages import LAST
from config.texts import Texts
from flows.conversations import commands

BEFORE: Final = ("start",)
AFTER: Final = ("cancel",)  # both belong to the reception, not to one conversation


async def introduce(speaker: Speaker, texts: Texts) -> None:
    """Introduce the bot in every language; it can work without."""
    try:
        for language in texts.languages:
            if language == LAST:
                await speaker.introduce("", introduction(texts, language))
            elif len(language) == 2:  # Telegram knows no other codes
                await speaker.introduce(language, introduction(texts, language))
        log.info("introduced", languages=len(texts.languages))
    except (Unanswered, TokenRevoked) as error:
        log.warning("could not introduce the bot", error=str(error))


def introduction(texts: Texts, language: str) -> Introduction:
    """The introduction in one language; commands in the order people are shown them."""
    for_all = (command for command, leads_to in commands().items() if leads_to.needs is None)
    names = (*BEFORE, *for_all, *AFTER)
    return Introduction(
        {name: texts.plain(language, f"command.{name}") for name in names},
        texts.plain(language, "bot.description"),
        texts.plain(language, "bot.short_description"),
    )
