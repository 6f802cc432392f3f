"""How the bot introduces itself in Telegram: its commands and descriptions in every language."""

from collections.abc import Sequence
from typing import Any

from telegram import BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.logs import log
from config.languages import LAST
from config.texts import Texts
from flows.conversations import commands

BEFORE = ("start",)
AFTER = ("cancel",)  # both belong to the reception, not to one conversation


async def introduce(bot: "ExtBot[None]", texts: Texts) -> None:
    """Set commands and descriptions where they differ from what Telegram has.

    Telegram limits these calls hard, so nothing is set that is there already; and a bot can work without.
    """
    try:
        for language in texts.languages:
            code = "" if language == LAST else language
            await _set_commands(bot, texts, language, code)
            await _set_descriptions(bot, texts, language, code)
        log.info("introduced", languages=len(texts.languages))
    except TelegramError as error:
        log.warning("could not introduce the bot", error=type(error).__name__)


def command_names() -> Sequence[str]:
    """Every command, in the order people are shown."""
    return (*BEFORE, *commands(), *AFTER)


async def _set_commands(bot: "ExtBot[None]", texts: Texts, language: str, code: str) -> None:
    wanted = [BotCommand(name, texts.plain(language, f"command.{name}")) for name in command_names()]
    scope: Any = BotCommandScopeAllPrivateChats()
    if list(await bot.get_my_commands(scope=scope, language_code=code)) != wanted:
        await bot.set_my_commands(wanted, scope=scope, language_code=code)


async def _set_descriptions(bot: "ExtBot[None]", texts: Texts, language: str, code: str) -> None:
    description = texts.plain(language, "bot.description")
    if (await bot.get_my_description(language_code=code)).description != description:
        await bot.set_my_description(description, language_code=code)
    short = texts.plain(language, "bot.short_description")
    if (await bot.get_my_short_description(language_code=code)).short_description != short:
        await bot.set_my_short_description(short, language_code=code)
