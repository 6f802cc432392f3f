"""A broadcast with aiogram as many write it: a loop that sends, waits where it is told to, and sleeps."""

import asyncio
import os
from contextlib import suppress

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import Command
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

router = Router()
WORDS = "The river path opens on Sunday at ten. " * 4
running: set["asyncio.Task[None]"] = set()


@router.message(Command("send"))
async def send(_message: Message, bot: Bot) -> None:
    """Send it to everybody."""
    running.add(asyncio.create_task(broadcast(bot)))


async def broadcast(bot: Bot) -> None:
    """One after the other, no faster than allowed."""
    first, people = int(os.environ["FIRST"]), int(os.environ["PEOPLE"])
    for chat in range(first, first + people):
        with suppress(TelegramForbiddenError):
            await send_one(bot, chat)
        await asyncio.sleep(1 / float(os.environ["RATE"]))


async def send_one(bot: Bot, chat: int) -> None:
    """Send it to one, again after a pause."""
    try:
        await bot.send_message(chat, WORDS)
    except TelegramRetryAfter as error:
        await asyncio.sleep(error.retry_after)
        await send_one(bot, chat)


@router.message(Command("help"))
async def help_me(message: Message) -> None:
    """Answer somebody meanwhile."""
    await message.answer("This is what I can do.")


async def on_startup(bot: Bot) -> None:
    """Tell Telegram where to call."""
    await bot.set_webhook(os.environ["WEBHOOK_URL"], secret_token=os.environ["WEBHOOK_SECRET"])


def main() -> None:
    """Run until SIGTERM."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["API_URL"]))
    bot = Bot(os.environ["BOT_TOKEN"], session=session)
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    dispatcher.startup.register(on_startup)
    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, secret_token=os.environ["WEBHOOK_SECRET"])
    handler.register(app, path=os.environ["WEBHOOK_PATH"])
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["WEBHOOK_PORT"]), print=None)


if __name__ == "__main__":
    main()
