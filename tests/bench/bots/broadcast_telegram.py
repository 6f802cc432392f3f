"""A broadcast with python-telegram-bot as it is documented: AIORateLimiter, and a task for each send."""

import asyncio
import os
import signal
from typing import Any

from aiohttp import web
from telegram import Update
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, CommandHandler, ContextTypes

Context = ContextTypes.DEFAULT_TYPE
WORDS = "The river path opens on Sunday at ten. " * 4


async def send(_update: Update, context: Context) -> None:
    """Send it to everybody."""
    first, people = int(os.environ["FIRST"]), int(os.environ["PEOPLE"])

    async def one(chat: int) -> None:
        await context.bot.send_message(chat, WORDS)

    tasks = [asyncio.ensure_future(one(chat)) for chat in range(first, first + people)]
    context.bot_data["tasks"] = tasks


async def help_me(update: Update, _context: Context) -> None:
    """Answer somebody meanwhile."""
    assert update.message is not None
    await update.message.reply_text("This is what I can do.")


async def serve(application: Application[Any, Any, Any, Any, Any, Any]) -> web.AppRunner:
    """Listen for Telegram's calls."""

    async def called(request: web.Request) -> web.Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    app = web.Application()
    app.router.add_post(os.environ["WEBHOOK_PATH"], called)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["WEBHOOK_PORT"])).start()
    return runner


async def main() -> None:
    """Run until SIGTERM."""
    limiter = AIORateLimiter(overall_max_rate=float(os.environ["RATE"]), overall_time_period=1, max_retries=5)
    application = (
        ApplicationBuilder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{os.environ['API_URL']}/bot")
        .updater(None)
        .rate_limiter(limiter)
        .concurrent_updates(True)
        .build()
    )
    application.add_handler(CommandHandler("send", send))
    application.add_handler(CommandHandler("help", help_me))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with application:
        await application.bot.set_webhook(
            os.environ["WEBHOOK_URL"], secret_token=os.environ["WEBHOOK_SECRET"]
        )
        await application.start()
        runner = await serve(application)
        await stop.wait()
        await runner.cleanup()
        await application.stop()


if __name__ == "__main__":
    asyncio.run(main())
