"""Questions to Telegram that an operator asks from the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.refusal import Refused
from bot.speaker import Speaker
from config.settings import Settings


@asynccontextmanager
async def _asking(settings: Settings) -> "AsyncIterator[ExtBot[None]]":
    speaker = Speaker(settings.bot_token.get_secret_value(), settings.api_url, most=1)
    try:
        await speaker.open()
        yield speaker.bot
    except TelegramError as error:
        raise Refused(
            f"{settings.api_url} does not accept the bot ({type(error).__name__}); "
            "look at TOGETHER_BOT_TOKEN and TOGETHER_API_URL"
        ) from error
    finally:
        await speaker.close()


async def username(settings: Settings) -> str:
    """The bot's name in links. Raises Refused."""
    async with _asking(settings) as bot:
        return bot.username


async def check_online(settings: Settings) -> list[str]:
    """What Telegram says about the bot, one line each. Raises Refused."""
    async with _asking(settings) as bot:
        hook = await bot.get_webhook_info()
        reads_all = bot.bot.can_read_all_group_messages
        return [
            f"token: accepted, the bot is @{bot.username}",
            f"webhook: {hook.url or 'none, so updates are polled'}",
            f"waiting updates: {hook.pending_update_count}",
            f"last webhook error: {hook.last_error_message}"
            if hook.last_error_message
            else "webhook errors: none",
            "privacy mode: off, the bot reads all that is written in groups; switch it on at @BotFather"
            if reads_all
            else "privacy mode: on, as it should be",
        ]
