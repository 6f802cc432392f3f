"""How the bot introduces itself in Telegram: its commands and descriptions in every language."""

import asyncio
from typing import Final

from bot.logs import log
from bot.refusal import TokenRevoked
from bot.speaking.speaker import Introduction, Speaker, Unanswered
from config.languages import LAST
from config.texts import Texts
from flows.conversations import commands

PAUSE: Final = 10.0  # seconds before it goes on where Telegram did not answer
BEFORE: Final = ("start",)
AFTER: Final = ("cancel",)  # both belong to the reception, not to one conversation


async def introduce(speaker: Speaker, texts: Texts) -> None:
    """Introduce the bot in every language, however long that takes: it can work without meanwhile.

    Telegram limits these calls hard. What it does not take is tried again when the others had their turn.
    """
    waiting = [language for language in texts.languages if len(language) == 2]  # Telegram knows no others
    done, told = 0, False
    while waiting:
        language = waiting.pop(0)
        try:
            await speaker.introduce("" if language == LAST else language, introduction(texts, language))
        except TokenRevoked as error:
            log.warning("could not introduce the bot", error=str(error))
            return
        except Unanswered as error:
            if error.refused is not None:
                log.warning("could not introduce the bot", language=language, error=error.refused)
                continue
            if not told:
                log.warning("could not introduce the bot yet", error=str(error))
            waiting, told = [*waiting, language], True
            await asyncio.sleep(max(PAUSE, error.asked.total_seconds()))
        else:
            done += 1
    log.info("introduced", languages=done)


def introduction(texts: Texts, language: str) -> Introduction:
    """The introduction in one language; commands in the order people are shown them."""
    for_all = (command for command, leads_to in commands().items() if leads_to.needs is None)
    names = (*BEFORE, *for_all, *AFTER)
    return Introduction(
        {name: texts.plain(language, f"command.{name}") for name in names},
        texts.plain(language, "bot.description"),
        texts.plain(language, "bot.short_description"),
    )
